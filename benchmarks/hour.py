"""The cost of Koban on a user's machine: an hour of ordinary browsing, and the size of what is installed.

An hour is 120 pages of marketplaces, one every 30 seconds. It is not waited for: what is measured is a stretch in
which nothing is asked, with a connection open, and pages one after the other; the hour is put together from the two.
"""

import itertools
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from benchmarks.client import Visitor
from benchmarks.measuring import ROOT, Figure, Goal, Record, rounded, run
from benchmarks.processes import Spent, memory_of, spent_by
from benchmarks.proxies import Proxy, koban, mitmdump
from benchmarks.upstream import Marketplace, marketplace

PAGES = 120
IDLE = 60.0
PAUSE = 0.2
HOUR = 3600
MOST_SECONDS = 1.2
"""Of the processor, in an hour."""
MOST_MEMORY = 180.0
"""Megabytes of all its processes, with the models of what texts mean."""


def browse(proxy: Proxy, market: Marketplace, numbers: "itertools.count[int]", pages: int) -> tuple[Spent, Visitor]:
    """The cost of some pages, read one after the other."""
    visitor = Visitor(proxy.route)
    visitor.fetch(market.address(next(numbers), "gzip"))
    before = spent_by(proxy.process)
    for _ in range(pages):
        visitor.fetch(market.address(next(numbers), "gzip"))
        time.sleep(PAUSE)
    return spent_by(proxy.process) - before, visitor


def files_of(name: str, seen_names: set[str]) -> int:
    """Bytes of an installed distribution and of all that it needs."""
    name = name.lower().replace("_", "-")
    if name in seen_names:
        return 0
    seen_names.add(name)
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return 0  # for other systems
    size = sum(path.stat().st_size for file in package.files or () if (path := Path(str(file.locate()))).is_file())
    for text in package.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            size += files_of(requirement.name, seen_names)
    return size


def wheel_size() -> int:
    """Bytes of Koban's own wheel."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = Path(folder).glob("*.whl")
        return wheel.stat().st_size


def measure(quick: bool) -> Record:
    record = Record("hour")
    pages, idle = (10, 4.0) if quick else (PAGES, IDLE)
    numbers = itertools.count()
    with (
        tempfile.TemporaryDirectory() as name,
        marketplace(Path(name)) as market,
        koban(market, Path(name)) as ours,
        mitmdump(market, Path(name)) as theirs,
    ):
        sides = (ours, theirs)
        browsing = {proxy.name: browse(proxy, market, numbers, pages) for proxy in sides}
        time.sleep(3)
        before = {proxy.name: spent_by(proxy.process) for proxy in sides}
        time.sleep(idle)
        resting = {proxy.name: spent_by(proxy.process) - before[proxy.name] for proxy in sides}
        memory = {proxy.name: [round(memory_of(proxy.process), 1)] for proxy in sides}
    share = HOUR / idle
    seconds, wakeups = dict[str, list[float]](), dict[str, list[float]]()
    for side, (usage, _) in browsing.items():
        # While pages were read there was rest, too, which must not be counted twice.
        alone = usage.seconds - resting[side].seconds * pages * PAUSE / idle
        seconds[side] = rounded([alone * PAGES / pages + resting[side].seconds * share])
        wakeups[side] = rounded([resting[side].wakeups / idle])
    record.note(f"measured: {pages} pages and {idle:.0f} s of rest; the hour ({PAGES} pages) is put together from them")
    record.add(Figure("hour.seconds", "processor time in an hour", "s", seconds))
    record.add(Figure("hour.wakeups", "wake-ups a second at rest", "1/s", wakeups))
    record.add(Figure("hour.memory", "memory after it", "MB", memory))
    (own_seconds,), (own_memory,) = seconds[ours.name], memory[ours.name]
    record.judge(Goal("hour.seconds", "processor time in an hour of browsing", own_seconds, MOST_SECONDS, "s"))
    record.judge(Goal("hour.memory", "memory after an hour of browsing", own_memory, MOST_MEMORY, "MB"))
    sizes = {"wheel": [round(wheel_size() / 1e6, 2)]}
    for package, what in (("koban", "koban, all it needs"), ("mitmproxy", "mitmproxy, all it needs")):
        sizes[what] = [round(files_of(package, set()) / 1e6, 1)]
    record.add(Figure("size", "size of the package", "MB", sizes))
    return record


if __name__ == "__main__":
    raise SystemExit(run("hour", measure))
