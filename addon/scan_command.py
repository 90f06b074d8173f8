"""`koban scan` and `koban extract`: saved pages and texts, judged or read."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from addon.check import Checker
from addon.paths import FilePatternCache
from addon.scan import Scanned, Unusable, files_under, read_page, scan_file, scan_line
from addon.terminal import UNUSABLE, fail, print_verdict
from extractors import UnknownPage, Unreadable, extract
from extractors.page import PageChanged
from rules.engine import Engine
from rules.loader import load_catalog
from rules.problems import CatalogError


def scan_command(
    paths: Sequence[Path], jsonl: str | None, url: str | None, *, as_json: bool, out: Console, err: Console
) -> int:
    """Judge files, and the lines of another; what is unusable is named, and the rest goes on. Returns the exit code.

    Ends with every problem by file and line where the catalog is broken.
    """
    try:
        checker = Checker(Engine.build(load_catalog(), cache=FilePatternCache(), experimental=True))
    except CatalogError as error:
        fail(str(error))
    unusable = 0

    def tell(scanned: Scanned) -> None:
        if as_json:
            sys.stdout.write(_json_line(scanned.as_json()) + "\n")
        else:
            print_verdict(out, str(scanned.name), scanned.verdict)
        if scanned.verdict.reason == "no-address":
            raise Unusable(f"{scanned.name}: address unknown; give it with --url")

    for judge in _inputs(paths, jsonl, url, checker, err):
        try:
            tell(judge())
        except Unusable as error:
            unusable += 1
            err.print(str(error), style="red", markup=False)
    return UNUSABLE if unusable else 0


def extract_command(path: Path, url: str | None) -> None:
    """Write what a page is read into to standard output, as JSON; end where it cannot be read."""
    try:
        page = read_page(path, url)
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


# JSON leaves these as they are, but many readers of lines end a line at them.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def _json_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)


def _inputs(
    paths: Sequence[Path], jsonl: str | None, url: str | None, checker: Checker, err: Console
) -> Iterator[Callable[[], Scanned]]:
    """Every input as a step still to be taken, so that one that fails leaves the others to be done."""
    with _progress(err) as progress:
        task = progress.add_task("", total=None)
        for path in files_under(paths):
            yield partial(scan_file, path, checker, url)
            progress.advance(task)
        if jsonl is not None:
            try:
                for number, line in enumerate(_lines(jsonl), 1):
                    if line.strip():
                        yield partial(scan_line, line, f"{jsonl}:{number}", checker)
                        progress.advance(task)
            except OSError as error:
                yield partial(_unreadable, f"{jsonl}: {error.strerror}")


def _lines(source: str) -> Iterator[bytes]:
    if source == "-":
        yield from sys.stdin.buffer
        return
    with Path(source).open("rb") as file:
        yield from file


def _unreadable(why: str) -> Scanned:
    raise Unusable(why)


def _progress(err: Console) -> Progress:
    # On standard error, and only where somebody watches: the lines on standard output stay clean.
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.completed}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not (sys.stderr.isatty() and not sys.stdout.isatty()),
    )
