"""`koban scan` and `koban extract`: saved pages and texts, judged or read."""

import codecs
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from addon.judging.check import Checker
from addon.judging.scan import Scanned, Unusable, files_under, read_page, scan_file, scan_line
from addon.language import say
from addon.state.paths import FilePatternCache
from addon.terminal import UNUSABLE, fail, plain, print_verdict, warn, write_json
from extractors import UnknownPage, Unreadable, extract
from extractors.page import PageChanged
from rules.engine import Engine
from rules.loader import load_catalog
from rules.meaning.reader import shipped
from rules.problems import CatalogError


def scan_command(
    paths: Sequence[Path], jsonl: str | None, url: str | None, *, as_json: bool, out: Console, err: Console
) -> int:
    """Judge files, and the lines of another; what is unusable is named, and the rest goes on. Returns the exit code.

    Ends with every problem by file and line where the catalog is broken.
    """
    try:
        engine = Engine.build(load_catalog(), cache=FilePatternCache(), experimental=True, meaning=shipped())
    except CatalogError as error:
        fail(str(error))
    checker = Checker(engine)
    unusable = 0

    def tell(scanned: Scanned) -> None:
        if as_json:
            write_json(scanned.as_json())
        else:
            print_verdict(out, str(scanned.name), scanned.verdict)
        if scanned.verdict.reason == "no-address":
            raise Unusable(f"{scanned.name}: address unknown; give it with --url")

    found = files_under(paths)
    for judge in _inputs(found.files, jsonl, url, checker, err):
        try:
            tell(judge())
        except Unusable as error:
            unusable += 1
            err.print(plain(str(error)), style="red", markup=False, soft_wrap=True)
    for folder in found.empty:
        unusable += 1
        words = say("読めるファイルがありません", "no file here that Koban reads")
        err.print(plain(f"{folder}: {words}"), style="red", markup=False, soft_wrap=True)
    if found.others:
        kinds = ", ".join(f"{end or '-'} ({count})" for end, count in sorted(found.others.items()))
        warn(err, plain(f"{say('読まなかった種類のファイル', 'files of kinds that are not read')}: {kinds}"))
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
    write_json(line, indent=2)


def _inputs(
    files: Sequence[Path], jsonl: str | None, url: str | None, checker: Checker, err: Console
) -> Iterator[Callable[[], Scanned]]:
    """Every input as a step still to be taken, so that one that fails leaves the others to be done."""
    with _progress(err) as progress:
        task = progress.add_task("", total=None)
        for path in files:
            yield partial(scan_file, path, checker, url)
            progress.advance(task)
        if jsonl is not None:
            try:
                for number, line in enumerate(_lines(jsonl), 1):
                    if line.strip():
                        yield partial(scan_line, line, f"{jsonl}:{number}", checker)
                        progress.advance(task)
            except (OSError, UnicodeError) as error:
                yield partial(_unreadable, f"{jsonl}: {getattr(error, 'strerror', None) or 'not text'}")


def _lines(source: str) -> Iterator[bytes]:
    """The lines of a file or of standard input, without a byte order mark, and in UTF-8 where it is in UTF-16.

    Raises OSError, and UnicodeError where what begins as UTF-16 goes on as something else.
    """
    if source == "-":
        yield from _lines_of(sys.stdin.buffer)
        return
    with Path(source).open("rb") as file:
        yield from _lines_of(file)


def _lines_of(file: BinaryIO) -> Iterator[bytes]:
    first = file.readline()
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Each line is decoded where it is read: an UTF-8 mark is part of the first.
        yield first
        yield from file
        return
    # A line's end is two bytes there, of which readline saw one.
    decoder = codecs.getincrementaldecoder("utf-16")()
    rest = ""
    for chunk in chain([first], iter(partial(file.read, 65_536), b"")):
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from (line.encode() for line in lines)
    yield (rest + decoder.decode(b"", final=True)).encode()


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
