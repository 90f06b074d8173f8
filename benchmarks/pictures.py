"""Contacts and codes in pictures: how many are found, how many harmless ones raise an alarm, what it takes.

The pictures are drawn by benchmarks/drawn_pictures.py, and a second set, on which nothing was tuned, by
benchmarks/unseen_pictures.py. What was missed, and what raised an alarm, goes to standard
error.
"""

import os
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Figure, Goal, Record, rounded, run

if TYPE_CHECKING:
    from addon.judging.check import Checker
    from addon.pictures.process import PictureProcess
    from benchmarks.drawn_pictures import Sample
    from extractors.records import Contents
    from rules.model import Verdict

# All else is imported where it is used: the process that opens pictures imports this module first, and is measured.

CONTACTS, CODES, HARMLESS = 420, 135, 424
UNSEEN_CONTACTS, UNSEEN_CODES, UNSEEN_HARMLESS = 200, 90, 200
RULES = frozenset({"contact-in-picture", "address-in-picture", "messenger-link", "messenger-invitation"})
"""Rules that warn of a contact."""


def folded(text: str) -> str:
    """A text as it is compared: compatible signs are one, blanks and case count for nothing."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def judged(checker: "Checker", contents: "Contents") -> "Verdict":
    """The verdict on a message with one picture."""
    from extractors.records import Enclosure, Message

    enclosure = Enclosure(url="https://example.com/a.png", contents=contents)
    return checker.check_records([Message(author_role="client", enclosures=(enclosure,))])


def is_found(sample: "Sample", contents: "Contents") -> bool:
    """Whether what is hidden in a picture was read, sign for sign."""
    if sample.code is not None:
        return sample.code in {code.text for code in contents.codes}
    return folded(sample.contact or "") in folded("".join(line.text for line in contents.lines))


def measure(quick: bool) -> Record:
    """Measure."""
    from addon.judging.check import Checker
    from addon.pictures.process import PictureProcess
    from addon.state.paths import FilePatternCache
    from benchmarks import drawn_pictures, unseen_pictures
    from rules.engine import Engine
    from rules.loader import load_catalog
    from rules.meaning.reader import shipped

    record = Record("pictures")
    record.note(f"fonts: {', '.join(sorted(drawn_pictures.fonts()))}")
    unseen = f"fonts: {', '.join(sorted(unseen_pictures.fonts()))}; photographs: {len(unseen_pictures.photographs())}"
    record.note(f"second set: {unseen}")
    checker = Checker(Engine.build(load_catalog(), FilePatternCache(), experimental=False, meaning=shipped()))
    process = PictureProcess(longest=120, beginning=120)
    numbers = (20, 9, 16) if quick else (CONTACTS, CODES, HARMLESS)
    others = (8, 9, 10) if quick else (UNSEEN_CONTACTS, UNSEEN_CODES, UNSEEN_HARMLESS)
    try:
        for drawer, of_set, (contacts, codes, harmless) in (
            (drawn_pictures, "", numbers),
            (unseen_pictures, "unseen.", others),
        ):
            _recall(record, checker, f"{of_set}contact", drawer.with_contacts(contacts), 0.95)
            _recall(record, checker, f"{of_set}code", drawer.with_codes(codes), 0.98)
            _harmless(record, checker, f"{of_set}harmless", list(drawer.harmless(harmless)))
        _costs(record, process, 3 if quick else 20)
    finally:
        process.close()
    return record


def _opened(sample: "Sample") -> "Contents":
    # In this process: what it draws itself is not hostile, and the other one has the lowest priority.
    from addon.pictures.reading import NotLookedAt, read
    from extractors.records import Contents

    try:
        return read(sample.data)
    except NotLookedAt as reason:
        print(f"{sample.name}: not looked at: {reason.trouble}", file=sys.stderr)
        return Contents(kind="?")


def _recall(record: Record, checker: "Checker", name: str, samples: "Iterable[Sample]", goal: float) -> None:
    by_style: Counter[str] = Counter()
    found: Counter[str] = Counter()
    warned = 0
    for sample in samples:
        contents = _opened(sample)
        by_style[sample.style] += 1
        found[sample.style] += is_found(sample, contents)
        if not is_found(sample, contents):
            lines = [line.text for line in contents.lines]
            print(f"{sample.name}, {sample.style}: no {sample.contact or sample.code} in {lines}", file=sys.stderr)
        warns = any(finding.rule in RULES for finding in judged(checker, contents).findings)
        warned += warns
        if not warns:
            print(f"{sample.name}, {sample.style}: not warned of {sample.contact or sample.code}", file=sys.stderr)
    total = by_style.total()
    for style, number in by_style.items():
        record.note(f"{name}, {style}: {found[style]} of {number} read exactly")
    what = name.removeprefix("unseen.")
    of_set = "" if what == name else ", second set"
    record.judge(Goal(f"pictures.{name}", f"{what} recall, exact{of_set}", found.total() / total, goal, "", True))
    record.judge(Goal(f"pictures.{name}.warned", f"{what}s that are warned of{of_set}", warned / total, goal, "", True))


def _harmless(record: Record, checker: "Checker", name: str, samples: "Sequence[Sample]") -> None:
    alarms: Counter[str] = Counter()
    for sample in samples:
        verdict = judged(checker, _opened(sample))
        if verdict.state in ("caution", "danger"):
            alarms[sample.style] += 1
            print(
                f"{sample.name}: {[(f.rule, [e.quote for e in f.evidence]) for f in verdict.findings]}", file=sys.stderr
            )
    for style, count in alarms.items():
        record.note(f"{name}, {style}: {count} alarms")
    of_set = "" if name == "harmless" else ", second set"
    share = alarms.total() / len(samples)
    record.judge(Goal(f"pictures.{name}", f"harmless pictures that raise an alarm{of_set}", share, 0.01, ""))


def _costs(record: Record, process: "PictureProcess", rounds: int) -> None:
    from addon.pictures.reading import read
    from benchmarks.drawn_pictures import megapixel

    pictures = [megapixel(number) for number in range(rounds)]
    for picture in pictures[:2]:
        process.read(picture)
    peak = _megabytes(process.pid, "VmHWM")
    read(pictures[0])
    milliseconds = []
    for picture in pictures:
        # On one thread, the time of the processor is what an idle machine takes; others may be at work beside.
        begin = time.process_time()
        read(picture)
        milliseconds.append((time.process_time() - begin) * 1000)
    record.add(Figure("pictures.ms", "a picture of one megapixel", "ms", {"koban": rounded(milliseconds)}))
    record.judge(Goal("pictures.time", "a picture of one megapixel", sorted(milliseconds)[rounds // 2], 250, "ms"))
    if peak is not None:
        record.judge(Goal("pictures.memory", "memory of the process, at most", peak, 300, "MB"))


def _megabytes(pid: int | None, name: str) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(name)), None)


if __name__ == "__main__":
    os.nice(5)
    raise SystemExit(run("pictures", measure))
