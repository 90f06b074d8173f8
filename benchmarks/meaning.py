"""What reading by meaning costs: a short text as `koban scan --jsonl` has it, start and memory of a process, size.

Beside the words of the rules alone, in turns. Times are of the processor, which a busy machine changes less than the
clock. The texts are labelled ones, in five languages; a third of them holds a risk.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from addon.judging.check import Checker
from addon.judging.scan import scan_line
from addon.judging.scan_rules import ScanRules
from addon.state.paths import FilePatternCache
from benchmarks.measuring import ROOT, Figure, Goal, Record, in_turns, quartiles, rounded, run
from rules.engine import Engine
from rules.loader import load_catalog
from rules.meaning.model import FOLDER
from rules.meaning.reader import shipped
from rules.meaning.texts import read_texts

ROUNDS, STARTS, TEXTS = 9, 5, 400
SHORT = (60, 240)
"""Characters of a short text."""
LIMIT = 0.3
_START = """
import sys, time
from addon.judging.scan_rules import FilePatternCache, load_catalog, shipped
from rules.engine import Engine
meaning = shipped() if sys.argv[1] == "with meaning" else None
begin = time.process_time()
Engine.build(load_catalog(), cache=FilePatternCache(), experimental=True, meaning=meaning)
if meaning is not None:
    meaning.load()
took = time.process_time() - begin
print(took * 1000, next(line for line in open("/proc/self/status") if "VmRSS" in line).split()[1])
"""


def lines() -> list[bytes]:
    """Short texts, the same each time, as lines of JSON."""
    texts = [text.words for own in read_texts().values() for text in own if SHORT[0] <= len(text.words) <= SHORT[1]]
    chosen = random.Random(TEXTS).sample(sorted(texts), TEXTS)
    return [
        json.dumps({"id": number, "kind": "message", "text": text}, ensure_ascii=False).encode()
        for number, text in enumerate(chosen)
    ]


def milliseconds_a_text(checker: Checker, texts: list[bytes]) -> float:
    begin = time.process_time()
    for line in texts:
        json.dumps(scan_line(line, "line", ScanRules(checker)).as_json(), ensure_ascii=False)
    return (time.process_time() - begin) / len(texts) * 1000


def started(side: str) -> tuple[float, float]:
    """Milliseconds of making the rules ready in a process of its own, its caches warm, and its megabytes after it."""
    command = [sys.executable, "-c", _START, side]
    took, size = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    return float(took), int(size) / 1024


def measure(quick: bool) -> Record:
    record = Record("meaning")
    rounds, texts = (2, lines()[:40]) if quick else (ROUNDS, lines())
    sides = {"words alone": None, "with meaning": shipped()}
    checkers = {
        side: Checker(Engine.build(load_catalog(), FilePatternCache(), experimental=True, meaning=meaning, marks=False))
        for side, meaning in sides.items()
    }
    asked: dict[str, Callable[[], float]] = {
        side: partial(milliseconds_a_text, checker, texts) for side, checker in checkers.items()
    }
    times = in_turns(asked, rounds)
    what = f"processor time of a short text, {sum(map(len, texts)) // len(texts)} bytes a line"
    record.add(Figure("meaning.text", what, "ms", {side: rounded(own) for side, own in times.items()}))
    low, middle, high = quartiles(times["with meaning"])
    record.judge(Goal("meaning.text", "a short text in koban scan --jsonl", middle, LIMIT, "ms", low=low, high=high))
    starts = in_turns({side: partial(started, side) for side in sides}, 1 if quick else STARTS)
    ready = {side: rounded([took for took, _ in own]) for side, own in starts.items()}
    memory = {side: rounded([size for _, size in own]) for side, own in starts.items()}
    record.add(Figure("meaning.start", "processor time of making the rules ready, caches warm", "ms", ready))
    record.add(Figure("meaning.memory", "memory of a process that judges, after it", "MB", memory))
    size = sum(path.stat().st_size for path in FOLDER.glob("*.model")) / 1e6
    record.add(Figure("meaning.size", "installed size of the models", "MB", {"with meaning": [round(size, 2)]}))
    return record


if __name__ == "__main__":
    raise SystemExit(run("meaning", measure))
