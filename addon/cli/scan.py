"""`koban scan` and `koban extract`: the verdict on saved pages and texts, and the records read from them."""

import codecs
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from io import BufferedIOBase
from itertools import chain
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir
from addon.cli.scan_rules import Shipped, ShippedMarkup, or_fail, say_rules, warn_of, warn_of_packs
from addon.cli.table import (
    By,
    Cluster,
    Columns,
    EngineOption,
    KeepTexts,
    Kind,
    Out,
    Processes,
    ResumeRun,
    TableOptions,
    Tables,
    scan_table,
)
from addon.judging.scan import InputFiles, Scanned, Unusable, files_under, read_page, scan_file, scan_lines
from addon.judging.scan_rules import MarkupInForce, ScanRules, markup_in_force, rules_in_force, shipped_rules
from addon.language import say, say_text, system_reason
from addon.pictures.process import PictureProcess
from addon.terminal import UNUSABLE, console, fail, plain, print_verdict, warn, write_json
from extractors import UnknownPage, Unreadable
from extractors import extract as extract_page
from extractors.page import MarkupChanges, PageChanged
from rules.model import Text

app = typer.Typer(add_completion=False)
out = console()
err = console(stderr=True)

_NO_ADDRESS = say("アドレスがわかりません。--url で指定してください", "address unknown; give it with --url")
_CHUNK = 65_536
"""Bytes of lines that are read, and judged, at a time."""
Address = Annotated[str | None, typer.Option(help=say("ページの元のアドレス", "The address the page came from."))]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help=say(
            "保存したページ・文章・画像・資料・フォルダ",
            "Saved pages (.html, .json), texts (.txt), pictures, PDF, Office files, archives, folders.",
        )
    ),
]
JsonLines = Annotated[
    str | None,
    typer.Option(metavar="FILE|-", help=say("1行1件のJSON", "One text a line") + ": {id, kind, text, site?, stage?}."),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("1件1行のJSONで出力", "One JSON line per input."))]


@app.command(
    help=help_of(
        "scan",
        Text(
            ja="すべて読めたときの終了コードは、警告があっても 0、使えないものがあったときは 2 です。",
            en="Exit code 0 when all was read, whatever was found; 2 when some input was unusable.",
        ),
    )
)
def scan(
    paths: Paths = None,
    jsonl: JsonLines = None,
    url: Address = None,
    as_json: AsJson = False,
    table: Tables = None,
    to: Out = None,
    by: By = None,
    column: Columns = None,
    kind: Kind = None,
    keep_texts: KeepTexts = False,
    resume: ResumeRun = False,
    engine: EngineOption = "local",
    processes: Processes = None,
    cluster: Cluster = None,
    use_shipped: Shipped = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    options = TableOptions(table or (), to, by, column or (), kind, keep_texts, resume, engine, processes, cluster)
    if options.tables:
        if paths or jsonl is not None:
            fail(say("--table は単独で使います", "--table goes with no other input"))
        raise typer.Exit(scan_table(options, None if use_shipped else state_dir, out, err))
    if options != TableOptions((), None):
        fail(say("--out などは --table と使います", "--out and the like go with --table"))
    if not paths and jsonl is None:
        fail(
            say(
                "調べるものがありません。ファイルか --jsonl を指定してください。",
                "Nothing to scan: name files, or --jsonl.",
            )
        )
    as_json = as_json or jsonl is not None
    rules = or_fail(
        lambda: shipped_rules(marks=not as_json) if use_shipped else rules_in_force(state_dir, marks=not as_json),
        state_dir,
    )
    raise typer.Exit(scan_command(paths or [], jsonl, url, rules, as_json=as_json, out=out, err=err))


@app.command(help=help_of("extract"))
def extract(
    path: Annotated[Path, typer.Argument(help=say("保存したページ", "A saved page (.html, .json)."))],
    url: Address = None,
    use_shipped: ShippedMarkup = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    in_force = MarkupInForce() if use_shipped else or_fail(lambda: markup_in_force(state_dir), state_dir)
    warn_of_packs(in_force.troubles, err)
    extract_command(path, url, in_force.markup)


def scan_command(
    paths: Sequence[Path],
    jsonl: str | None,
    url: str | None,
    rules: ScanRules,
    *,
    as_json: bool,
    out: Console,
    err: Console,
) -> int:
    """Judge files, and the lines of another; unusable ones are named, and the others still judged.

    Returns the exit code.
    """
    warn_of(rules.origin, err)
    unusable = 0

    def print_result(result: Scanned) -> None:
        if as_json:
            write_json(result.as_json())
        else:
            print_verdict(out, str(result.name), result.verdict)
        if result.verdict.reason == "no-address":
            raise Unusable(f"{result.name}: {_NO_ADDRESS}")

    inputs = files_under(paths)
    with closing(PictureProcess()) as pictures:
        for judge in _inputs(inputs.files, jsonl, url, rules, pictures, err):
            try:
                print_result(judge())
            except Unusable as error:
                unusable += 1
                err.print(plain(str(error)), style="red", markup=False, soft_wrap=True)
    if not as_json:
        say_rules(rules.origin.names, out)
    _say_unread(inputs, err)
    return UNUSABLE if unusable or inputs.empty else 0


def _say_unread(inputs: InputFiles, err: Console) -> None:
    for folder in inputs.empty:
        words = say("読めるファイルがありません", "no file here that Koban reads")
        err.print(plain(f"{folder}: {words}"), style="red", markup=False, soft_wrap=True)
    if inputs.others:
        kinds = ", ".join(f"{end or '-'} ({count})" for end, count in sorted(inputs.others.items()))
        warn(err, plain(f"{say('読まなかった種類のファイル', 'files of kinds that are not read')}: {kinds}"))


def extract_command(path: Path, url: str | None, markup: Mapping[str, MarkupChanges]) -> None:
    """Write the records of a page to standard output, as JSON; end the command if it cannot be read.

    markup: by site, what packs say of its markup.
    """
    try:
        page = read_page(path, url)
    except Unusable as error:
        fail(str(error))
    if page is None:
        fail(f"{path}: {_NO_ADDRESS}")
    try:
        extraction = extract_page(page, markup)
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
    files: Sequence[Path], jsonl: str | None, url: str | None, rules: ScanRules, pictures: PictureProcess, err: Console
) -> Iterator[Callable[[], Scanned]]:
    """Yields a function for each input, so that one that fails leaves the others to be judged."""
    with _progress(err) as progress:
        task = progress.add_task("", total=None)
        for path in files:
            yield partial(scan_file, path, rules, url, open_file=pictures.read)
            progress.advance(task)
        if jsonl is not None:
            number = 0
            try:
                for lines in _lines(jsonl):
                    named_lines = [(line, f"{jsonl}:{at}") for at, line in enumerate(lines, number + 1) if line.strip()]
                    number += len(lines)
                    for result in scan_lines(named_lines, rules):
                        yield partial(_scanned, result)
                        progress.advance(task)
            except (OSError, UnicodeError) as error:
                yield partial(_scanned, Unusable(f"{jsonl}: {_problem(error)}"))


def _problem(error: OSError | UnicodeError) -> str:
    return say_text(system_reason(error)) if isinstance(error, OSError) else say("文字として読めません", "not text")


def _lines(source: str) -> Iterator[list[bytes]]:
    """Yields the lines of a file or of standard input, as many at a time as are there; those of UTF-16 in UTF-8
    without its mark.

    Raises OSError, and UnicodeError if a file that begins as UTF-16 goes on as something else.
    """
    if source == "-":
        yield from _lines_of(cast(BufferedIOBase, sys.stdin.buffer))
        return
    with Path(source).open("rb") as file:
        yield from _lines_of(file)


def _lines_of(file: BufferedIOBase) -> Iterator[list[bytes]]:
    first = file.readline()
    chunks = chain([first], iter(partial(file.read1, _CHUNK), b""))
    # Of other encodings, each line is decoded where it is read: an UTF-8 mark is part of the first.
    is_utf_16 = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    rest: list[bytes] = []
    for chunk in _in_utf_8(chunks) if is_utf_16 else chunks:
        begin, *lines = chunk.split(b"\n")
        rest.append(begin)
        if lines:
            yield [b"".join(rest), *lines[:-1]]
            rest = lines[-1:]
    yield [b"".join(rest)]


def _in_utf_8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Raises UnicodeError. chunks: of UTF-16 with its mark; a letter may be in two of them."""
    decoder = codecs.getincrementaldecoder("utf-16")()
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _scanned(result: Scanned | Unusable) -> Scanned:
    if isinstance(result, Unusable):
        raise result
    return result


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
