"""Which rules and packs files are read and judged by, chosen and said."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from addon.judging.scan_rules import RulesOrigin, words_of_rules
from addon.language import say, say_text, system_reason
from addon.packs.layers import PackTrouble
from addon.packs.troubles import words_of
from addon.terminal import fail, plain, warn
from rules.problems import CatalogError

ShippedMarkup = Annotated[
    bool,
    typer.Option(
        "--shipped",
        help=say("パックを使わず、Kobanに付いてくる読み方だけで読む", "Read without packs, as Koban ships."),
    ),
]
Shipped = Annotated[
    bool,
    typer.Option(
        "--shipped",
        help=say(
            "パック・自分のルール・オンオフを使わず、Kobanに付いてくるルールだけで調べる",
            "Judge by the rules that ship, without packs, rules of your own and switches.",
        ),
    ),
]


def or_fail[Result](make: Callable[[], Result], folder: Path) -> Result:
    """Returns a result; ends the command where rules are broken, with every problem by file and line, or a file fails.

    folder: named where the system does not say which file it was.
    """
    try:
        return make()
    except CatalogError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{plain(str(error.filename or folder))}: {say_text(system_reason(error))}")


def warn_of(origin: RulesOrigin, err: Console) -> None:
    """Say which packs others take the place of, and which rules of the user are passed over."""
    for problem in origin.own_problems:
        warn(err, plain(f"{say('使っていません', 'not in use')}: {problem}"))
    warn_of_packs(origin.troubles, err)


def warn_of_packs(troubles: Sequence[PackTrouble], err: Console) -> None:
    """Say which packs others take the place of."""
    for trouble in troubles:
        warn(err, plain(say_text(words_of(trouble)[0])))


def say_rules(names: Sequence[str], out: Console) -> None:
    """Print which rules judged. names: as `RulesOrigin.names`."""
    words = say("使ったルール", "Rules used")
    out.print(f"{words}: {plain(say_text(words_of_rules(names)))}", markup=False, soft_wrap=True)
