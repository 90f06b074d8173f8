"""The `koban` command line."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from addon import scan as scanning
from addon.check import Checker
from addon.paths import FilePatternCache
from addon.rules_command import rules_app
from addon.scan import Scanned, Unusable
from addon.terminal import print_verdict
from extractors import UnknownPage, Unreadable, extract
from extractors.page import PageChanged
from rules.engine import Engine
from rules.loader import Catalog, CatalogError, load_catalog

app = typer.Typer(
    name="koban",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="交番: クラウドソーシングの落とし穴を、あなたのパソコンの中だけで知らせます。\n\n"
    "Koban warns freelancers about traps on crowdsourcing marketplaces, on their own machine.",
)
app.add_typer(rules_app, name="rules")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

UNUSABLE = 2
"""Exit code where some input, file or option could not be used."""


def fail(message: str) -> NoReturn:
    """Say what is wrong and stop."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(UNUSABLE)


def shipped_catalog() -> Catalog:
    """The catalog, or an end with every problem by file and line."""
    try:
        return load_catalog()
    except CatalogError as error:
        fail(str(error))


def make_checker() -> Checker:
    return Checker(Engine.build(shipped_catalog(), cache=FilePatternCache(), experimental=True))


@app.command()
def scan(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="保存したページ・文章・フォルダ / Saved pages (.html, .json), texts (.txt), folders."
        ),
    ] = None,
    jsonl: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-", help="1行1件のJSON / One text a line: {id, kind, text, site?, stage?}."
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="ページの元のアドレス / The address the page came from.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="1件1行のJSONで出力 / One JSON line per input.")
    ] = False,
) -> None:
    """保存したページや文章を調べます / Check saved pages and texts.

    Exit code 0 when all was read, whatever was found; 2 when some input was unusable.
    """
    if not paths and jsonl is None:
        fail(
            "調べるものがありません。ファイルか --jsonl を指定してください。/ Nothing to scan: name files, or --jsonl."
        )
    checker = make_checker()
    as_json = as_json or jsonl is not None
    unusable = 0

    def tell(scanned: Scanned) -> None:
        if as_json:
            sys.stdout.write(json.dumps(scanned.as_json(), ensure_ascii=False) + "\n")
        else:
            print_verdict(out, str(scanned.name), scanned.verdict)
        if scanned.verdict.reason == "no-address":
            raise Unusable(f"{scanned.name}: address unknown; give it with --url")

    for judge in _inputs(paths or [], jsonl, url, checker):
        try:
            tell(judge())
        except Unusable as error:
            unusable += 1
            err.print(str(error), style="red", markup=False)
    if unusable:
        raise typer.Exit(UNUSABLE)


def _inputs(
    paths: list[Path], jsonl: str | None, url: str | None, checker: Checker
) -> Iterator[Callable[[], Scanned]]:
    """Every input as a step still to be taken, so that one that fails leaves the others to be done."""
    with _progress() as progress:
        task = progress.add_task("", total=None)
        for path in scanning.files_under(paths):
            yield partial(scanning.scan_file, path, checker, url)
            progress.advance(task)
        if jsonl is not None:
            for number, line in enumerate(_lines(jsonl), 1):
                if line.strip():
                    yield partial(scanning.scan_line, line, f"{jsonl}:{number}", checker)
                    progress.advance(task)


def _lines(source: str) -> Iterator[bytes]:
    if source == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(source).open("rb") as file:
            yield from file
    except OSError as error:
        fail(f"{source}: {error.strerror}")


def _progress() -> Progress:
    # On standard error, and only where somebody watches: the lines on standard output stay clean.
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.completed}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not (sys.stderr.isatty() and not sys.stdout.isatty()),
    )


@app.command(name="extract")
def extract_command(
    path: Annotated[Path, typer.Argument(help="保存したページ / A saved page (.html, .json).")],
    url: Annotated[
        str | None, typer.Option(help="ページの元のアドレス / The address the page came from.")
    ] = None,
) -> None:
    """ページから読み取った項目をJSONで示します / Show what a page is read into, as JSON."""
    try:
        page = scanning.read_page(path, url)
    except Unusable as error:
        fail(str(error))
    if page is None:
        fail(f"{path}: address unknown; give it with --url")
    try:
        extraction = extract(page)
    except (UnknownPage, PageChanged, Unreadable) as error:
        fail(f"{path}: {error}")
    records = [
        {"type": type(record).__name__.lower(), **record.model_dump(mode="json", exclude_none=True)}
        for record in extraction.records
    ]
    line = {
        "url": page.url,
        "site": extraction.site.id,
        "kind": extraction.extractor.kind,
        "records": records,
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False, indent=2) + "\n")
