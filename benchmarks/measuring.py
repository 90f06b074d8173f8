"""The parts that all programs here share: runs in turns, ratios pair by pair, and the record that is kept of them.

A program is a module with `measure(quick) -> Record`; `python -m benchmarks.NAME` runs it, prints its figures and
keeps its record as JSON. With `--quick` it does as little as shows that it works, and keeps its record elsewhere.
"""

import argparse
import gc
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
QUICK_RESULTS = ROOT / ".cache" / "benchmarks-quick"


@dataclass(frozen=True, slots=True)
class Figure:
    """The measurements of each side: `values[side]` in the order of the rounds."""

    id: str
    what: str
    unit: str
    values: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure beside what it has to reach. low, high: the quartiles of what `value` is the median of."""

    id: str
    what: str
    value: float
    limit: float
    unit: str = "×"
    at_least: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def reached(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(slots=True)
class Record:
    """The results of one program. absent: the peers that could not take part, and why."""

    program: str
    figures: list[Figure] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, figure: Figure) -> Figure:
        """Keep a figure and print it."""
        self.figures.append(figure)
        width = max(len(side) for side in figure.values)
        for number, (side, values) in enumerate(figure.values.items()):
            low, middle, high = quartiles(values)
            spread = f"({low:.3f}-{high:.3f}, {len(values)} times)"
            print(f"{figure.what if not number else '':<58} {side:<{width}} {middle:10.3f} {figure.unit} {spread}")
        sys.stdout.flush()
        return figure

    def compare(
        self, figure: Figure, ours: str, theirs: str, limit: float, *, at_least: bool = False, what: str = ""
    ) -> Goal:
        """A goal: the ratio of two sides, pair by pair."""
        pairs = zip(figure.values[ours], figure.values[theirs], strict=True)
        low, middle, high = quartiles([one / other for one, other in pairs])
        name = what or f"{figure.what}, vs {theirs}"
        return self.judge(
            Goal(f"{figure.id}.{ours}-{theirs}".replace(" ", "-"), name, middle, limit, "×", at_least, low, high)
        )

    def judge(self, goal: Goal) -> Goal:
        """Keep a goal and print it."""
        self.goals.append(goal)
        sign = "≥" if goal.at_least else "≤"
        print(
            f"{goal.what:<58} {goal.value:10.3f} {goal.unit} goal {sign} {goal.limit:g}: "
            f"{'reached' if goal.reached else 'NOT REACHED'}"
        )
        sys.stdout.flush()
        return goal

    def note(self, text: str) -> None:
        """Keep what a reader of the figures has to know, and print it."""
        self.notes.append(text)
        print(text, flush=True)

    def lacks(self, peer: str, why: str) -> None:
        """Say that a peer could not take part."""
        self.absent[peer] = why
        print(f"without {peer}: {why}", flush=True)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile; of one value, that value."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def in_turns[T](runs: Mapping[str, Callable[[], T]], rounds: int, warm: int = 1) -> dict[str, list[T]]:
    """Returns the result of each run, A B B A, after `warm` rounds that do not count."""
    results: dict[str, list[T]] = {name: [] for name in runs}
    for number in range(-warm, rounds):
        # Whoever runs second finds what the first has left behind: each goes first as often.
        for name, run in list(runs.items())[:: 1 if number % 2 else -1]:
            result = run()
            if number >= 0:
                results[name].append(result)
    return results


def taken(action: Callable[[], object], times: int = 1) -> float:
    """Milliseconds that an action takes, without the collector; of several times, one by one."""
    gc.collect()
    gc.disable()
    try:
        begin = time.perf_counter()
        for _ in range(times):
            action()
        return (time.perf_counter() - begin) * 1000 / times
    finally:
        gc.enable()


def machine() -> dict[str, str]:
    """The machine that the figures were measured on."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "processor": cpu,
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory) / 1024**2:.0f} GB",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def commit() -> str:
    """The commit that was measured."""
    result = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return result.stdout.strip() or "?"


def keep(record: Record, *, quick: bool, seconds: float) -> Path:
    """Write a record to where the report finds it."""
    folder = QUICK_RESULTS if quick else RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.program}.json"
    about = {"taken_at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(seconds), "quick": quick}
    record.versions.setdefault("mitmproxy", version("mitmproxy"))
    whole = about | {"commit": commit(), "machine": machine()} | asdict(record)
    text = json.dumps(whole, ensure_ascii=False, indent=1, default=str)
    path.write_text(_compact(text) + "\n", encoding="utf-8")
    return path


def _compact(text: str) -> str:
    # A list of numbers on one line: a diff of two runs is then a line a side.
    return re.sub(r"\[\s+([-\d.,\se]+?)\s+\]", lambda match: "[" + re.sub(r"\s+", " ", match[1]) + "]", text)


def rounded(values: Sequence[float]) -> list[float]:
    """To four significant digits: more would be noise."""
    return [float(f"{value:.4g}") for value in values]


def run(program: str, measure: Callable[[bool], Record]) -> int:
    """The `main` of a program. Misses are told and do not fail: what fails is a program that does not work."""
    options = argparse.ArgumentParser(prog=f"python -m benchmarks.{program}")
    options.add_argument("--quick", action="store_true", help="only show that it works")
    quick = options.parse_args().quick
    begin = time.monotonic()
    record = measure(quick)
    path = keep(record, quick=quick, seconds=time.monotonic() - begin)
    print(f"kept in {path.relative_to(ROOT)}")
    return 0
