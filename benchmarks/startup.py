"""`koban serve` beside mitmdump: from the command to a port that accepts, and to the first page through it; and a first
`koban start`, from the command to the start page in its window.
"""

import itertools
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.client import Visitor
from benchmarks.first_window import first_window
from benchmarks.measuring import ROOT, Figure, Goal, Record, in_turns, quartiles, rounded, run
from benchmarks.proxies import accepts, free_port, koban_command, koban_route, mitmdump_command, mitmdump_route
from benchmarks.upstream import Marketplace, marketplace
from tests.browser.stage import Unavailable

ROUNDS = 9
LIMITS = {"ready": 1.3, "first-page": 1.2}
FIRST_STARTS = 5
FIRST_LIMIT = 5.0
"""Seconds until a first start shows its page."""
GLANCE = 0.002
"""Seconds between two looks at the port."""


def start(market: Marketplace, folder: Path, side: str, number: int) -> tuple[float, float]:
    """Seconds until the port accepts, and until a first page has come."""
    port = free_port()
    if side == "koban":
        command, route = koban_command(market, folder, port), koban_route(folder, port)
    else:
        command, route = mitmdump_command(market, folder, port, streaming=True), mitmdump_route(market, folder, port)
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not accepts(port):
            assert process.poll() is None, f"{side} does not start"
            time.sleep(GLANCE)
        ready = time.perf_counter() - begin
        while not route.trust_file.exists():
            time.sleep(GLANCE)
        Visitor(route).fetch(market.address(number))
        return ready, time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait(60)


def measure(quick: bool) -> Record:
    record = Record("startup")
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as name, marketplace(Path(name)) as market:
        # The first start of all, which makes the authorities, is the warm-up.
        sides = {
            side: lambda side=side: start(market, Path(name), side, next(numbers)) for side in ("koban", "mitmdump")
        }
        starts = in_turns(sides, 2 if quick else ROUNDS)
    for place, (ident, what) in enumerate((("ready", "ready: the port accepts"), ("first-page", "first page"))):
        values = {side: rounded([times[place] for times in pairs]) for side, pairs in starts.items()}
        figure = record.add(Figure(f"startup.{ident}", f"start → {what}", "s", values))
        record.compare(figure, "koban", "mitmdump", LIMITS[ident])
    measure_first_starts(record, 1 if quick else FIRST_STARTS)
    return record


def measure_first_starts(record: Record, rounds: int) -> None:
    """Add what a first `koban start` takes: nothing is stored, no rule is compiled, each time."""
    windows = []
    try:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
                windows.append(first_window(Path(home)))
    except Unavailable as missing:
        record.lacks("Chromium", str(missing))
        return
    for ident, what, values in (
        ("window", "first start → start page shown", [each.shown_after for each in windows]),
        ("window-connected", "first start → start page connected", [each.connected_after for each in windows]),
        ("window-processor", "first start → start page, Koban's own processor time", [each.own for each in windows]),
    ):
        record.add(Figure(f"startup.{ident}", what, "s", {"koban": rounded(values)}))
    low, middle, high = quartiles(rounded([each.shown_after for each in windows]))
    what = "first start → start page shown, in the median"
    record.judge(Goal("startup.window", what, middle, FIRST_LIMIT, "s", low=low, high=high))


if __name__ == "__main__":
    raise SystemExit(run("startup", measure))
