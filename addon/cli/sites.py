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
from extractors.page import PageExtractor
from rules.lexicon import CERTAINTIES

sites_app = typer.Typer(no_args_is_help=True, help="読み取るサイトとページ / The sites and pages that are read.")

out = Console(highlight=False)

_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")


BY_ADDRESS = "アドレスから / by the page's address"


def by_address(page: PageExtractor) -> frozenset[str]:
    """The fields that the address tells, which says nothing of how the page looks."""
    return getattr(page.fields, "by_address", frozenset())


def surest(page: PageExtractor) -> Certainty:
    """How sure a kind of page is: as the surest field that is read in the page itself."""
    sure = {certainty for name, certainty in page.fields.items() if name not in by_address(page)}
    return next(certainty for certainty in CERTAINTIES if certainty in sure or certainty == "assumed")


@sites_app.command(name="list")
def list_sites(
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / As JSON.")] = False,
) -> None:
    """サイト、ページの種類、読む項目とその確かさ / Sites, kinds of page, fields, and how sure each is."""
    if as_json:
        sites = [
            {
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
            for site in SITES
        ]
        write_json(sites, indent=2)
        return
    for site in SITES:
        table = Table(title=f"{site.name.ja} / {site.name.en}  {', '.join(site.hosts)}", title_justify="left", box=None)
        table.add_column("ページ / page", no_wrap=True)
        table.add_column("確かさ / how sure", no_wrap=True)
        table.add_column("項目 / fields", overflow="fold")
        for page in site.pages:
            from_address = by_address(page)
            certainties = {certainty: f"{words.ja} / {words.en}" for certainty, words in CERTAINTIES.items()}
            graded = [
                (words, [name for name, sure in page.fields.items() if sure == certainty and name not in from_address])
                for certainty, words in certainties.items()
            ]
            kind: str = page.kind
            for words, fields in [*graded, (BY_ADDRESS, sorted(from_address))]:
                if fields:
                    table.add_row(kind, words, " ".join(fields))
                    kind = ""
        out.print(table)
        out.print()


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
