"""The time for which Koban's event loop is held up with 32 connections of judged pages, beside mitmdump with streaming.

While it is, no other connection moves. Both run with the same probe (`benchmarks.probed`) under the same load.
"""

import itertools
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.client import Crowd
from benchmarks.measuring import Figure, Goal, Record, in_turns, quartiles, rounded, run
from benchmarks.proxies import STREAMING, Proxy, koban, mitmdump
from benchmarks.upstream import Marketplace, marketplace

CONNECTIONS = 32
SECONDS = 3.0
ROUNDS = 3
LIMIT = 5.0
SHARES = {"50 %": 0.5, "99 %": 0.99, "99.9 %": 0.999, "most": 1.0}
KINDS = {
    "own": "one callback, time of the loop's own thread",
    "clock": "one callback, by the clock",
    "late": "a timer is late by",
}
LOADS = {"": "32 connections", ".large": "32 connections, one page in 32 of 5 MB"}


class Watched:
    """A proxy with the probe in it."""

    def __init__(
        self, proxy: Proxy, out: Path, market: Marketplace, numbers: "itertools.count[int]", *, large: bool
    ) -> None:
        self._proxy = proxy
        self._out = out
        self._crowd = Crowd(proxy.route, CONNECTIONS)
        self._urls = (
            market.address(number, "large" if large and number % CONNECTIONS == 0 else "gzip") for number in numbers
        )
        self._pages = CONNECTIONS * 4
        # Connections are opened, and certificates made, before anything is noted.
        self._crowd.fetch(self._urls, CONNECTIONS * 4)

    def turn(self) -> dict[str, Any]:
        """The notes of the probe while pages were fetched."""
        os.kill(self._proxy.process, signal.SIGUSR1)
        begin, pages = time.monotonic(), 0
        while time.monotonic() - begin < SECONDS:
            pages += len(self._crowd.fetch(self._urls, self._pages).pages)
        self._out.unlink(missing_ok=True)
        os.kill(self._proxy.process, signal.SIGUSR2)
        while not self._out.exists():
            time.sleep(0.01)
        probe_notes: dict[str, Any] = json.loads(self._out.read_text())
        return probe_notes | {"pages": pages}


def share(values: list[float], part: float) -> float:
    """The value that a part of all values does not exceed."""
    sorted_values = sorted(values)
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * part))]


def note(record: Record, load: str, conditions: str, turns_by_side: dict[str, list[dict[str, Any]]]) -> None:
    """The figures of one load."""
    for kind, what in KINDS.items():
        for part, size in SHARES.items():
            values = {
                side: rounded([share(turn[kind], size) for turn in turns]) for side, turns in turns_by_side.items()
            }
            record.add(Figure(f"loop{load}.{kind}.{part}", f"{what}, {part} of all, {conditions}", "ms", values))
    for side, turns in turns_by_side.items():
        blocks: dict[str, int] = {}
        for turn in turns:
            for callback, times in turn["blocks"].items():
                blocks[callback] = blocks.get(callback, 0) + times
        pages = sum(turn["pages"] for turn in turns)
        calls = sum(len(turn["own"]) for turn in turns)
        record.note(f"{side}, {conditions}: {pages} pages, {calls} callbacks, over 5 ms of its own: {blocks or 'none'}")
    for kind, size, part in (("own", 1.0, "longest of all"), ("clock", 0.999, "99.9 % of all")):
        each = [share(turn[kind], size) for turn in turns_by_side["koban"]]
        low, middle, high = quartiles(each)
        what = f"{KINDS[kind]}, {part}, {conditions}"
        record.judge(Goal(f"loop{load}.{kind}", what, round(middle, 2), LIMIT, "ms", low=low, high=high))


def measure(quick: bool) -> Record:
    record = Record("loop_lag")
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as name, marketplace(Path(name)) as market:
        folder = Path(name)
        outs = {side: folder / f"{side.replace(' ', '-')}.json" for side in ("koban", STREAMING)}
        probes = {side: [sys.executable, "-m", "benchmarks.probed", str(out)] for side, out in outs.items()}
        with (
            koban(market, folder, probes["koban"]) as ours,
            mitmdump(market, folder, wrapper=probes[STREAMING]) as theirs,
        ):
            for load, label in LOADS.items():
                watches = {
                    proxy.name: Watched(proxy, outs[proxy.name], market, numbers, large=load != "")
                    for proxy in (ours, theirs)
                }
                turns = {side: one.turn for side, one in watches.items()}
                note(record, load, label, in_turns(turns, 1 if quick else ROUNDS, warm=0))
    return record


if __name__ == "__main__":
    raise SystemExit(run("loop_lag", measure))
