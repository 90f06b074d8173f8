"""`koban sites`: which pages are read, how surely, and the first draft of another."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from addon.cli.site_draft import unfinished, write_draft
from addon.terminal import fail, write_json
from extractors import SITES
from extractors.descriptor import Certainty
from extractors.page import PageExtractor, Site
from rules.lexicon import CERTAINTIES

sites_app = typer.Typer(no_args_is_help=True, help="読み取るサイトとページ / The sites and pages that are read.")

out = Console(highlight=False)

_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")


BY_ADDRESS = "アドレスから / by the page's address"


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
    """How sure a kind of page is: as the surest field that is read in the page itself."""
    return next(grade for grade, fields in graded(page).items() if fields or grade == "assumed")


@sites_app.command(name="list")
def list_sites(
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / As JSON.")] = False,
) -> None:
    """サイト、ページの種類、読む項目とその確かさ / Sites, kinds of page, fields, and how sure each is."""
    if as_json:
        write_json([_as_json(site) for site in SITES], indent=2)
        return
    for site in SITES:
        out.print(_table(site))
        out.print()


def _as_json(site: Site) -> dict[str, object]:
    return {
        "id": site.id,
        "name": {"ja": site.name.ja, "en": site.name.en},
        "hosts": list(site.hosts),
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


def _table(site: Site) -> Table:
    table = Table(title=f"{site.name.ja} / {site.name.en}  {', '.join(site.hosts)}", title_justify="left", box=None)
    table.add_column("ページ / page", no_wrap=True)
    table.add_column("確かさ / how sure", no_wrap=True)
    table.add_column("項目 / fields", overflow="fold")
    for page in site.pages:
        rows = [(f"{CERTAINTIES[c].ja} / {CERTAINTIES[c].en}", fields) for c, fields in graded(page).items()]
        rows.append((BY_ADDRESS, sorted(by_address(page))))
        kind: str = page.kind
        for words, fields in rows:
            if fields:
                table.add_row(kind, words, " ".join(fields))
                kind = ""
    return table


@sites_app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="サイトの短い名前 / A short name, in small letters.")],
    host: Annotated[str, typer.Option(help="ホスト名 / Its host name.")] = "www.example.com",
    root: Annotated[Path, typer.Option(help="ソースの場所 / The source tree.")] = Path(),
) -> None:
    """新しいサイトの下書きを作る / Draft a new site: descriptor, package, pages. `koban sites check` names the rest."""
    if not _NAME.fullmatch(name):
        fail(f"{name}: small letters and digits, beginning with a letter")
    _require_tree(root)
    try:
        for path in write_draft(root, name, host):
            out.print(str(path), markup=False)
    except FileExistsError as error:
        fail(f"{error}: exists already")
    out.print(f"koban sites check {name}")
    out.print("make generate")


@sites_app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="サイト / Sites; all if none.")] = None,
    root: Annotated[Path, typer.Option(help="ソースの場所 / The source tree.")] = Path(),
) -> None:
    """まだ書かれていないところを挙げる / Name everything of a site that is still to be filled in."""
    _require_tree(root)
    kinds = {site.id: [page.kind for page in site.pages] for site in SITES}
    unknown = sorted(set(names or ()) - kinds.keys())
    if unknown:
        fail(f"{', '.join(unknown)}: no such site; there are: {', '.join(kinds)}")
    lines = [line for name in names or kinds for line in unfinished(root, name, kinds[name])]
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
    if lines:
        raise typer.Exit(1)


def _require_tree(root: Path) -> None:
    if not (root / "extractors" / "page.py").is_file():
        fail(f"{root}: not Koban's source tree; name it with --root")
