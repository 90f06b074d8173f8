"""The cost of a running program: it and the processes that it began, as Linux counts them in /proc."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Since a program began. wakeups: how often one of its threads waited for something and was woken."""

    seconds: float
    wakeups: int

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(self.seconds - earlier.seconds, self.wakeups - earlier.wakeups)


def family(process: int) -> Iterator[int]:
    """A process, its children, and theirs."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def memory_of(process: int) -> float:
    """Megabytes that a program holds: what its processes share is counted once (PSS)."""
    return sum(_number(Path(f"/proc/{one}/smaps_rollup"), "Pss") for one in family(process)) / 1000


def spent_by(process: int) -> Spent:
    """Processor time and wake-ups of a program so far."""
    ticks, wakeups = 0, 0
    for one in family(process):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        tasks = Path(f"/proc/{one}/task").iterdir()
        wakeups += sum(_number(task / "status", "voluntary_ctxt_switches") for task in tasks)
    return Spent(ticks / TICKS, wakeups)


def _number(path: Path, name: str) -> int:
    number_match = re.search(rf"^{name}:\s+(\d+)", path.read_text(), re.MULTILINE)
    assert number_match is not None
    return int(number_match[1])
