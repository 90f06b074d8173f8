"""From a page to its verdict, beside reading the page with what one would pick instead; how that grows; its memory.

All sides read the same bytes in the same process, in turns. `--memory KIND` measures in a process of its own.
"""

import math
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import parsel
from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser

from addon.history.database import open_file
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.judging.check import Checker
from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.state.catalog import local_catalog, user_rules_dir
from addon.state.market_log import MarketLog
from addon.state.paths import MARKET_FILE, READERS_FILE, FilePatternCache
from addon.state.reader_log import ReaderLog
from addon.state.settings import SettingsStore
from benchmarks.measuring import ROOT, Figure, Goal, Record, in_turns, quartiles, rounded, run, taken
from benchmarks.pages import JOB_URL, LIST_URL, TRAP, job_page, list_page
from extractors import extract
from extractors.page import Page
from rules.engine import Engine
from rules.meaning.reader import shipped
from rules.sites import SHIPPED_TERMS

ROUNDS = 15
HTML = "text/html; charset=utf-8"
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
LXML = "BeautifulSoup lxml"
LIMITS = {"job": 0.10, "job-list": 0.20}
HISTORY = 1.2
"""Times those that it may take with the history."""
EXTRACTING = {"job": 0.08, "job-list": 0.12}
MEMORY = 6.0
SIZES = (50_000, 200_000, 800_000, 2_000_000, 5_000_000)
EXPONENT = 1.05
PEERS = {
    LXML: lambda body: BeautifulSoup(body, "lxml"),
    "BeautifulSoup html.parser": lambda body: BeautifulSoup(body, "html.parser"),
    # They build their tree first and look into it later: what finds the heading has built it.
    "selectolax": lambda body: LexborHTMLParser(body).css_first("h1"),
    "parsel": lambda body: parsel.Selector(body=body, type="html", encoding="utf-8").css("h1").get(),
}
SLOW = frozenset({LXML, "BeautifulSoup html.parser"})


def checkers(state: Path) -> tuple[Checker, LocalJudge]:
    """The pure one, and the one that `koban serve` has: it remembers offers, deals and texts."""
    catalog = local_catalog(user_rules_dir(state))
    engine = Engine.build(catalog, cache=FilePatternCache(), experimental=True, meaning=shipped())
    readers, market = ReaderLog(state / READERS_FILE), MarketLog(state / MARKET_FILE)
    history = History(open_file(state / "history.db")[0])
    settings = SettingsStore(state / "settings.json")
    recorder = Recorder(history, lambda: settings.current)
    remembering = LocalJudge(
        engine,
        notes=(readers.note, market.note),
        market=market.rate,
        past=history.past,
        remember=recorder.take,
        terms=SHIPPED_TERMS,
    )
    return Checker(engine, SHIPPED_TERMS), remembering


def compare(
    record: Record, pure: Checker, remembering: LocalJudge, kind: str, url: str, body: bytes, rounds: int
) -> None:
    """One kind of page, all sides in turns."""
    page = Page(url, body, HTML, NOW)
    assert pure.check(page).kind == kind
    sides: dict[str, Callable[[], object]] = {
        "koban": lambda: pure.check(page),
        "koban with history": lambda: remembering.check(Visit(page)),
        "koban extract": lambda: extract(page),
        **{name: partial(reader, body) for name, reader in PEERS.items()},
    }

    def timed(name: str) -> float:
        return taken(sides[name], 1 if name in SLOW else 3)

    times = in_turns({name: partial(timed, name) for name in sides}, rounds)
    what = f"{kind}, {len(body) // 1000} KB"
    figure = record.add(
        Figure(f"reading.{kind}", f"page → verdict, {what}", "ms", {name: rounded(one) for name, one in times.items()})
    )
    record.compare(figure, "koban", LXML, LIMITS[kind], what=f"page → verdict, {what}, vs {LXML}")
    with_history = f"page → verdict with the history, {what}, vs {LXML}"
    record.compare(figure, "koban with history", LXML, round(LIMITS[kind] * HISTORY, 2), what=with_history)
    record.compare(figure, "koban extract", LXML, EXTRACTING[kind], what=f"page → records, {what}, vs {LXML}")


def grow(record: Record, checker: Checker, rounds: int) -> None:
    """Returns the growth of the time of a page with its size: the slope of a line through the logarithms of both."""
    makers: tuple[tuple[str, str, Callable[[int], bytes]], ...] = (
        ("job", JOB_URL, job_page),
        # A job card for each 1,600 bytes, as a list of 50 has it.
        ("job-list", LIST_URL, lambda size: list_page(size // 1_600, size)),
    )
    for kind, url, make in makers:
        pages = {f"{size // 1000} KB": Page(url, make(size), HTML, NOW) for size in SIZES}
        # Small pages are read so often that each turn takes about as long.
        times = {name: max(1, round(1_000_000 / len(page.body))) for name, page in pages.items()}

        def timed(name: str, pages: dict[str, Page] = pages, times: dict[str, int] = times) -> float:
            return taken(lambda: checker.check(pages[name]), times[name])

        turns = in_turns({name: partial(timed, name) for name in pages}, rounds)
        figure = Figure(
            f"growth.{kind}",
            f"page → verdict by size, {kind}",
            "ms",
            {name: rounded(one) for name, one in turns.items()},
        )
        record.add(figure)
        sizes = [len(page.body) for page in pages.values()]
        slopes = [slope(sizes, list(row)) for row in zip(*turns.values(), strict=True)]
        low, middle, high = quartiles(slopes)
        label = f"growth of page → verdict, {kind}, {SIZES[0] // 1000} KB to {SIZES[-1] // 1_000_000} MB"
        record.judge(Goal(f"{figure.id}.exponent", label, middle, EXPONENT, "exponent", low=low, high=high))


def slope(sizes: list[int], times: list[float]) -> float:
    """The exponent of `time = c · size^exponent`, by least squares on the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(time) for time in times]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    over = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return over / sum((a - mean_x) ** 2 for a in x)


def peak_of(kind: str) -> int:
    """Bytes by which the peak of a fresh process grows while it extracts one 5 MB page."""
    command = [sys.executable, "-m", "benchmarks.reading", "--memory", kind]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(result.stdout)


def large(kind: str) -> tuple[str, bytes]:
    return (JOB_URL, job_page(5_000_000)) if kind == "job" else (LIST_URL, list_page(3_100))


def print_peak(kind: str) -> None:
    """The other side of `peak_of`."""
    url, body = large(kind)
    small = job_page() if kind == "job" else list_page()
    extract(Page(url, small, HTML, NOW))
    # The page was made in this process: its own peak is forgotten first (Linux).
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    extract(Page(url, body, HTML, NOW))
    print((_status("VmHWM") - before) * 1024)


def _status(name: str) -> int:
    return int(next(line for line in Path("/proc/self/status").read_text().splitlines() if name in line).split()[1])


def measure(quick: bool) -> Record:
    record = Record("reading")
    record.versions |= {name: version(name) for name in ("beautifulsoup4", "lxml", "selectolax", "parsel")}
    rounds = 2 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        pure, remembering = checkers(Path(folder))
        assert TRAP in job_page(number=3).decode()
        compare(record, pure, remembering, "job", JOB_URL, job_page(number=3), rounds)
        compare(record, pure, remembering, "job-list", LIST_URL, list_page(), rounds)
        grow(record, pure, 1 if quick else 5)
    for kind in ("job", "job-list"):
        size = len(large(kind)[1])
        peak = peak_of(kind)
        record.add(
            Figure(f"peak.{kind}", f"peak of extracting {size / 1e6:.1f} MB, {kind}", "MB", {"koban": [peak / 1e6]})
        )
        label = f"peak beside the page's size, {size / 1e6:.1f} MB {kind}"
        record.judge(Goal(f"peak.{kind}", label, round(peak / size, 3), MEMORY))
    return record


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        print_peak(sys.argv[2])
    else:
        raise SystemExit(run("reading", measure))
