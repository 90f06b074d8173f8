"""The stored history as several commands use it: opened, or the command ends with the reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from addon.cli.options import stored_settings
from addon.history.database import Unanswered, open_history
from addon.history.file import Unusable
from addon.history.store import History
from addon.language import say
from addon.terminal import UNUSABLE, console, fail, warn

err = console(stderr=True)


@contextmanager
def opened(state_dir: Path) -> Iterator[History]:
    """Open the history of a state directory; end the command with the reason if it cannot be used."""
    url = stored_settings(state_dir).serve.history_url
    try:
        engine, broken_file = open_history(state_dir, url)
    except (Unusable, OSError) as error:
        fail(f"{say('記録を開けません', 'the history cannot be opened')}: {error}")
    if broken_file is not None:
        words = say("記録が壊れていたため、別名で残しました", "the history was broken and is kept as")
        warn(err, f"{words} {broken_file}")
    history = History(engine)
    try:
        yield history
    except Unanswered as error:
        # Its message may quote the query.
        words = f"{say('記録を読み書きできません', 'the history fails')}: {type(error).__name__}"
        err.print(f"{words} (koban doctor)", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(UNUSABLE) from None
    finally:
        history.close()


def split_ident(about: str) -> tuple[str, str]:
    """Returns the site and the site's id of `SITE:ID`; ends the command if it is none."""
    site, colon, ident = about.partition(":")
    if not colon:
        form = say(
            "「サイト:番号」の形で指定してください（例 crowdworks:123）", "write SITE:ID, such as crowdworks:123"
        )
        fail(f"{about}: {form}")
    return site, ident
