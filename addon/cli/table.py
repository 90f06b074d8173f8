"""`koban scan --table IN --out OUT`: its options, its words, and what it prints (docs/bulk.md)."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from addon.cli.scan_rules import or_fail, say_rules, warn_of
from addon.judging.scan import Unusable
from addon.language import language, say, say_text, system_reason
from addon.terminal import UNUSABLE, fail, plain, warn
from rules.facts import TextKind
from rules.lexicon import STATES

if TYPE_CHECKING:
    from addon.bulk.manifest import Choices, Manifest
    from addon.bulk.run import Engine, Watch

EngineName = Literal["local", "daft"]
PAGE = "report.html"
"""The page of a report, beside the tables of its run."""

Tables = Annotated[
    list[str] | None,
    typer.Option(
        "--table",
        metavar="IN",
        help=say(
            "文章の表。 Parquet・JSON Lines・CSV の ファイル・フォルダ・パターン。 --out と使います",
            "Texts as a table: files, folders or patterns of Parquet, JSON Lines, CSV. Goes with --out.",
        ),
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="OUT", help=say("表の書き出し先", "The folder that the tables go to."))
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN,…",
        help=say("この列の値ごとにフォルダーを分ける", "Divide the tables into folders by these columns")
        + ": site, kind, lang, month, state.",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="NAME=COLUMN", help=say("表での列の名前", "A column's name in the table") + ": text=body."
    ),
]
Kind = Annotated[
    str | None,
    typer.Option(
        help=say("文章の種類（列がないとき）", "The kind of texts that name none") + ": job, message, profile."
    ),
]
KeepTexts = Annotated[
    bool,
    typer.Option(
        "--keep-texts",
        help=say("個人情報を置き換えずに文章を残す", "Write all texts as they are, with personal details."),
    ),
]
ResumeRun = Annotated[
    bool, typer.Option("--resume", help=say("止まったところから続ける", "Go on where a run was ended."))
]
EngineOption = Annotated[str, typer.Option("--engine", help=say("動かす方法", "What runs it") + ": local, daft.")]
Processes = Annotated[int | None, typer.Option(min=1, help=say("プロセスの数", "How many processes") + "  [CPU]")]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help=say("daft で使う Ray のアドレス", "With daft: the address of a Ray cluster.")),
]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """The options as they were given."""

    tables: Sequence[str]
    out: Path | None
    by: str | None = None
    columns: Sequence[str] = ()
    kind: str | None = None
    keep_texts: bool = False
    resume: bool = False
    engine: str = "local"
    processes: int | None = None
    cluster: str | None = None


_CANNOT_RESUME = {
    "exists": (
        "空のフォルダーではありません。続きからなら --resume を、新しく始めるなら別のフォルダーを指定してください",
        "not an empty folder: use --resume to go on, or another folder to begin anew",
    ),
    "nothing": ("続けられるものがありません", "nothing here to go on with"),
    "rules": (
        "Kobanか警告ルールが、始めたときと違います。別のフォルダーで始めてください",
        "begun with another Koban or other rules: begin in another folder",
    ),
    "choices": (
        "オプションが始めたときと違います。同じオプションで続けてください",
        "begun with other options: go on with the same ones",
    ),
    "changed": ("始めたときから変わったファイルです", "a file that has changed since then"),
}


def scan_table(options: TableOptions, state_dir: Path | None, out: Console, err: Console) -> int:
    """Judge tables of texts. Returns the exit code; ends the command with the reason where it cannot run.

    state_dir: whose rules are in force; None takes those that ship.
    The code is 0 where every row was judged, else 2; what could not be read is in `errors`.
    """
    if options.out is None:
        fail(say("--table には --out が要ります", "--table needs --out"))
    from addon.bulk.duck import NoDuck, require
    from addon.bulk.local import RunFailed
    from addon.bulk.run import CannotResume, RunRequest, run

    try:
        require()
    except NoDuck:
        fail(_needs("bulk"))
    engine = _engine(options)
    request = RunRequest(
        options.tables,
        options.out,
        _choices(options, shipped=state_dir is None),
        options.processes or _processors(),
        options.engine,
        is_resumed=options.resume,
        state_dir=state_dir,
    )

    def judged() -> "Manifest":
        with _progress(err) as watch:
            return run(request, engine, watch, lambda origin: warn_of(origin, err))

    try:
        manifest = or_fail(judged, options.out)
    except CannotResume as error:
        where = options.out if not error.detail else error.detail
        fail(f"{plain(str(where))}: {say(*_CANNOT_RESUME[error.reason])}")
    except (RunFailed, Unusable) as error:
        fail(plain(str(error)))
    _print(manifest, options.out, out, err)
    return UNUSABLE if manifest.errors or manifest.lost else 0


def write_table_report(folder: Path, state_dir: Path, out: Console) -> None:
    """Write the report of a run beside its tables, and say where; end the command with the reason if that fails.

    state_dir: whose packs have the titles of rules that do not ship.
    """
    from addon.bulk.duck import NoDuck, problems_of_duck, require
    from addon.bulk.report import Language, report_page
    from addon.bulk.summary import summary
    from addon.packs.layers import catalog_in_use
    from addon.state.paths import write_atomically

    languages: dict[str, tuple[Language, ...]] = {"ja": ("ja",), "en": ("en",), "both": ("ja", "en")}
    try:
        require()
        page = report_page(summary(folder), catalog_in_use(state_dir).catalog, languages[language()])
        write_atomically(folder / PAGE, page.encode())
    except NoDuck:
        fail(_needs("bulk"))
    except (ValueError, FileNotFoundError):
        fail(f"{folder}: {say('終わった調べがありません', 'no run here that is complete')}")
    except OSError as error:
        fail(f"{folder}: {say_text(system_reason(error))}")
    except problems_of_duck() as error:
        fail(f"{folder}: {say('表を読めません', 'a table cannot be read')} ({type(error).__name__})")
    out.print(f"{say('書き出しました', 'written')}: {plain(str(folder / PAGE))}", markup=False, soft_wrap=True)


def _needs(extra: str) -> str:
    return say("これには追加の部品が要ります", "this needs an extra") + f': pip install "koban[{extra}]"'


def _choices(options: TableOptions, *, shipped: bool) -> "Choices":
    from addon.bulk.manifest import Choices
    from addon.bulk.rows import COLUMNS
    from addon.bulk.tables import DIVIDERS

    by = tuple(name.strip() for name in options.by.split(",")) if options.by else ()
    if unknown := [name for name in by if name not in DIVIDERS]:
        fail(f"--by: {unknown[0]}: {', '.join(DIVIDERS)}")
    columns = {}
    for pair in options.columns:
        name, separator, column = pair.partition("=")
        if name not in COLUMNS or not separator or not column:
            fail(f"--column: {pair}: NAME=COLUMN; NAME: {', '.join(COLUMNS)}")
        columns[name] = column
    kind: TextKind | None = next((kind for kind in get_args(TextKind) if kind == options.kind), None)
    if options.kind is not None and kind is None:
        fail(f"--kind: {options.kind}: {', '.join(get_args(TextKind))}")
    return Choices(kind=kind, columns=columns, by=by, keep_texts=options.keep_texts, shipped=shipped)


def _engine(options: TableOptions) -> "Engine":
    """Returns the engine that was asked for; ends the command where it is not there."""
    if options.engine not in get_args(EngineName):
        fail(f"--engine: {options.engine}: {', '.join(get_args(EngineName))}")
    if options.engine == "local":
        if options.cluster is not None:
            fail(say("--cluster は --engine daft と使います", "--cluster goes with --engine daft"))
        from addon.bulk.local import run_local

        return run_local
    from addon.bulk.cluster import NoDaft, daft_engine

    try:
        return daft_engine(options.cluster)
    except NoDaft:
        fail(_needs("cluster"))


def _processors() -> int:
    # Those that this process may use, where the system says so.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(err: Console) -> "Iterator[Watch]":
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done_rows, rows: progress.update(task, completed=done_rows, total=rows)


def _print(manifest: "Manifest", folder: Path, out: Console, err: Console) -> None:
    states = manifest.states or {}
    texts = manifest.texts or 0
    summary = say(f"{texts:,}件の文章を調べました", f"{texts:,} texts judged")
    out.print(f"{summary}: {plain(str(folder))}", markup=False, soft_wrap=True)
    for name, state in STATES.items():
        words = say(state.line.ja, state.line.en)
        out.print(f"  {state.mark} {words}: {states.get(name, 0):,}", markup=False, soft_wrap=True)
    say_rules(manifest.judged_by, out)
    if manifest.errors:
        words = say(f"読めなかった行: {manifest.errors:,}", f"rows that could not be read: {manifest.errors:,}")
        warn(err, f"{words} ({plain(str(folder / 'errors'))})")
    for place in manifest.lost:
        warn(err, say(f"{place} から先を調べられませんでした", f"not judged, from here on: {place}"))
