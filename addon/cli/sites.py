"""`koban sites`: which pages are read, how surely, and the first draft of another."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from addon.cli.options import DEFAULT_STATE_DIR, StateDir, stored_settings
from addon.cli.site_draft import unfinished, unsaid, write_draft
from addon.language import say, say_text
from addon.state.settings import Settings
from addon.terminal import console, fail, write_json
from extractors import SITES
from extractors.descriptor import Certainty
from extractors.page import PageExtractor, Site
from rules.lexicon import CERTAINTIES
from rules.model import Text

sites_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help=say("読み取るサイトとページ", "The sites and pages that are read.")
)

out = console()

_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")


BY_ADDRESS = Text(ja="アドレスから", en="by the page's address")


def by_address(page: PageExtractor) -> frozenset[str]:
    """The fields that the address tells, which says nothing of how the page looks."""
    return getattr(page.fields, "by_address", frozenset())


def graded(page: PageExtractor) -> dict[Certainty, list[str]]:
    """Returns the fields that are read in the page itself, by how sure their place is, the surest first."""
    from_address = by_address(page)
    return {
        grade: [name for name, certainty in page.fields.items() if certainty == grade and name not in from_address]
        for grade in CERTAINTIES
    }


def surest(page: PageExtractor) -> Certainty:
    """Returns the certainty of a kind of page: that of the surest field read in the page itself."""
    return next(grade for grade, fields in graded(page).items() if fields or grade == "assumed")


@sites_app.command(
    name="list",
    help=say("サイト、ページの種類、読む項目とその確かさ", "Sites, kinds of page, fields, and how sure each is."),
)
def list_sites(
    as_json: Annotated[bool, typer.Option("--json", help=say("JSONで出力", "As JSON."))] = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    settings = stored_settings(state_dir)
    if as_json:
        write_json([_as_json(site, settings) for site in SITES], indent=2)
        return
    # The sites of every installation first, as everywhere.
    for site in sorted(SITES, key=lambda site: site.optional):
        out.print(_table(site, settings))
        out.print()


def _as_json(site: Site, settings: Settings) -> dict[str, object]:
    return {
        "id": site.id,
        "name": {"ja": site.name.ja, "en": site.name.en},
        "hosts": list(site.hosts),
        "optional": site.optional,
        "enabled": settings.is_on(site.id),
        "pages": [
            {
                "kind": page.kind,
                "certainty": surest(page),
                "examples": list(page.examples),
                "fields": dict(page.fields),
            }
            for page in site.pages
        ],
    }


def _table(site: Site, settings: Settings) -> Table:
    name = say(site.name.ja, site.name.en)
    switch = say("オン", "on") if settings.is_on(site.id) else say("オフ", "off")
    table = Table(title=f"{name} ({switch})  {', '.join(site.hosts)}", title_justify="left", box=None)
    table.add_column(say("ページ", "page"), no_wrap=True)
    table.add_column(say("確かさ", "how sure"), no_wrap=True)
    table.add_column(say("項目", "fields"), overflow="fold")
    for page in site.pages:
        rows = [(CERTAINTIES[grade], fields) for grade, fields in graded(page).items()]
        rows.append((BY_ADDRESS, sorted(by_address(page))))
        kind: str = page.kind
        for words, fields in rows:
            if fields:
                table.add_row(kind, say_text(words), " ".join(fields))
                kind = ""
    return table


@sites_app.command(
    help=say(
        "新しいサイトの下書きを作る。残りは koban sites check が挙げます",
        "Draft a new site: descriptor, package, pages. `koban sites check` names the rest.",
    )
)
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=say("サイトの短い名前", "A short name, in small letters."))
    ],
    host: Annotated[str, typer.Option(help=say("ホスト名", "Its host name."))] = "www.example.com",
    root: Annotated[Path, typer.Option(help=say("ソースの場所", "The source tree."))] = Path(),
) -> None:
    if not _NAME.fullmatch(name):
        fail(
            f"{name}: "
            + say("小文字と数字で、小文字から始めてください", "small letters and digits, beginning with a letter")
        )
    _require_tree(root)
    try:
        for path in write_draft(root, name, host):
            out.print(str(path), markup=False)
    except FileExistsError as error:
        fail(f"{error}: {say('すでにあります', 'exists already')}")
    out.print(f"koban sites check {name}")
    out.print("make generate")


@sites_app.command(
    help=say("まだ書かれていないところを挙げる", "Name everything of a site that is still to be filled in.")
)
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]…", help=say("サイト。なければすべて", "Sites; all if none."))
    ] = None,
    root: Annotated[Path, typer.Option(help=say("ソースの場所", "The source tree."))] = Path(),
) -> None:
    _require_tree(root)
    sites = {site.id: site for site in SITES}
    unknown = sorted(set(names or ()) - sites.keys())
    if unknown:
        fail(
            f"{', '.join(unknown)}: "
            + say(f"ありません。あるのは: {', '.join(sites)}", f"no such site; there are: {', '.join(sites)}")
        )
    lines = [line for name in names or sites for line in _open_places(root, sites[name])]
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
    if lines:
        raise typer.Exit(1)


def _open_places(root: Path, site: Site) -> Iterator[str]:
    yield from unfinished(root, site.id, [page.kind for page in site.pages])
    yield from unsaid(site)


def _require_tree(root: Path) -> None:
    if not (root / "extractors" / "page.py").is_file():
        fail(
            f"{root}: "
            + say(
                "Kobanのソースではありません。--root で指定してください",
                "not Koban's source tree; name it with --root",
            )
        )
