"""The cost of reading by meaning: a short text as `koban scan --jsonl` has it, start and memory of a process, size.

Beside the words of the rules alone, in turns. Times are of the processor, which a busy machine changes less than the
clock. The texts are labelled ones, in five languages; a third of them holds a risk. Each is read once, as a scan reads
it, and beside that the same ones again and again: their sentences are known by then, as those of a page read again are.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

from addon.judging.check import Checker
from addon.judging.scan import Scanned, scan_lines
from addon.judging.scan_rules import ScanRules
from addon.state.paths import FilePatternCache
from benchmarks.measuring import ROOT, Figure, Goal, Record, in_turns, quartiles, rounded, run
from rules.engine import Engine
from rules.loader import load_catalog
from rules.meaning.model import FOLDER
from rules.meaning.reader import shipped
from rules.meaning.texts import read_texts
from rules.sites import SHIPPED_TERMS

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


def lines(portions: int) -> list[list[bytes]]:
    """Short texts, the same each time, as lines of JSON, in portions of `TEXTS`."""
    texts = [text.words for own in read_texts().values() for text in own if SHORT[0] <= len(text.words) <= SHORT[1]]
    sample = random.Random(TEXTS).sample(sorted(set(texts)), portions * TEXTS)
    json_lines = [
        json.dumps({"id": number, "kind": "message", "text": text}, ensure_ascii=False).encode()
        for number, text in enumerate(sample)
    ]
    return [json_lines[at : at + TEXTS] for at in range(0, len(json_lines), TEXTS)]


def milliseconds_a_text(checker: Checker, texts: list[bytes]) -> float:
    begin = time.process_time()
    for result in scan_lines([(line, "line") for line in texts], ScanRules(checker)):
        assert isinstance(result, Scanned)
        json.dumps(result.as_json(), ensure_ascii=False)
    return (time.process_time() - begin) / len(texts) * 1000


def _of_next(checker: Checker, portions: Iterable[list[bytes]]) -> Callable[[], float]:
    """A function that judges one portion of texts after the other, and returns what one text takes."""
    remaining = iter(portions)
    return lambda: milliseconds_a_text(checker, next(remaining))


def started(side: str) -> tuple[float, float]:
    """Milliseconds of making the rules ready in a process of its own, its caches warm, and its megabytes after it."""
    command = [sys.executable, "-c", _START, side]
    milliseconds, size = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    return float(milliseconds), int(size) / 1024


def measure(quick: bool) -> Record:
    record = Record("meaning")
    rounds = 2 if quick else ROUNDS
    # One round more does not count.
    portions = [portion[:40] if quick else portion for portion in lines(rounds + 1)]
    sides = {"words alone": None, "with meaning": shipped()}
    checkers = {
        side: Checker(
            Engine.build(load_catalog(), FilePatternCache(), experimental=True, meaning=meaning, marks=False),
            SHIPPED_TERMS,
        )
        for side, meaning in sides.items()
    }
    runs: dict[str, Callable[[], float]] = {side: _of_next(checker, portions) for side, checker in checkers.items()}
    runs["with meaning, read before"] = partial(milliseconds_a_text, checkers["with meaning"], portions[0])
    times = in_turns(runs, rounds)
    size = sum(len(line) for portion in portions for line in portion) // sum(map(len, portions))
    what = f"processor time of a short text, {size} bytes a line"
    record.add(Figure("meaning.text", what, "ms", {side: rounded(own) for side, own in times.items()}))
    low, middle, high = quartiles(times["with meaning"])
    record.judge(
        Goal("meaning.text", "a short text in koban scan --jsonl, read once", middle, LIMIT, "ms", low=low, high=high)
    )
    starts = in_turns({side: partial(started, side) for side in sides}, 1 if quick else STARTS)
    ready = {side: rounded([milliseconds for milliseconds, _ in own]) for side, own in starts.items()}
    memory = {side: rounded([size for _, size in own]) for side, own in starts.items()}
    record.add(Figure("meaning.start", "processor time of making the rules ready, caches warm", "ms", ready))
    record.add(Figure("meaning.memory", "memory of a process that judges, after it", "MB", memory))
    megabytes = sum(path.stat().st_size for path in FOLDER.glob("*.model")) / 1e6
    record.add(Figure("meaning.size", "installed size of the models", "MB", {"with meaning": [round(megabytes, 2)]}))
    return record


if __name__ == "__main__":
    raise SystemExit(run("meaning", measure))
