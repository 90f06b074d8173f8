"""Contacts and codes in pictures: how many are found, how many harmless ones raise an alarm, what it takes.

The pictures are drawn by benchmarks/drawn_pictures.py, three sets more by benchmarks/unseen_pictures.py,
benchmarks/third_pictures.py and benchmarks/fourth_pictures.py: each in other ways than those before, and new to Koban
when it was first measured. `--set fourth` measures that one alone, and keeps nothing. What was missed, and what raised
an alarm, goes to standard error.
"""

import os
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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

SETS: Mapping[str, tuple[int, int, int]] = {
    "": (420, 135, 424),
    "unseen": (200, 90, 200),
    "third": (420, 180, 432),
    "fourth": (300, 120, 330),
}
"""By name, how many pictures have a contact, a code, and neither."""
QUICK: Mapping[str, tuple[int, int, int]] = {
    "": (20, 9, 16),
    "unseen": (8, 9, 10),
    "third": (10, 10, 16),
    "fourth": (10, 10, 11),
}
ORDINALS: Mapping[str, str] = {
    "": "",
    "unseen": ", second set",
    "third": ", third set",
    "fourth": ", fourth set",
}
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
    from addon.pictures.process import PictureProcess

    record, checker = Record("pictures"), _checker()
    process = PictureProcess(longest=120, beginning=120)
    try:
        for of_set, numbers in (QUICK if quick else SETS).items():
            _measure_set(record, checker, of_set, numbers)
        _costs(record, process, 3 if quick else 20)
    finally:
        process.close()
    return record


def _checker() -> "Checker":
    from addon.judging.check import Checker
    from addon.state.paths import FilePatternCache
    from rules.engine import Engine
    from rules.loader import load_catalog
    from rules.meaning.reader import shipped
    from rules.sites import SHIPPED_TERMS

    return Checker(
        Engine.build(load_catalog(), FilePatternCache(), experimental=False, meaning=shipped()), SHIPPED_TERMS
    )


def _measure_alone(of_set: str) -> int:
    record = Record("pictures")
    _measure_set(record, _checker(), of_set, SETS[of_set])
    print(*record.notes, sep="\n")
    return 0


def _measure_set(record: Record, checker: "Checker", of_set: str, numbers: tuple[int, int, int]) -> None:
    from benchmarks import drawn_pictures, fourth_pictures, third_pictures, unseen_pictures

    drawers = {"": drawn_pictures, "unseen": unseen_pictures, "third": third_pictures, "fourth": fourth_pictures}
    drawer = drawers[of_set]
    of_machine = f"fonts: {', '.join(sorted(drawer.fonts()))}"
    if hasattr(drawer, "photographs"):
        of_machine += f"; photographs: {len(drawer.photographs())}"
    record.note(of_machine if not of_set else f"{ORDINALS[of_set].removeprefix(', ')}: {of_machine}")
    contacts, codes, harmless = numbers
    _recall(record, checker, of_set, "contact", drawer.with_contacts(contacts), 0.95)
    _recall(record, checker, of_set, "code", drawer.with_codes(codes), 0.98)
    _harmless(record, checker, of_set, list(drawer.harmless(harmless)))


def _opened(sample: "Sample") -> "Contents":
    # In this process: what it draws itself is not hostile, and the other one has the lowest priority.
    from addon.pictures.reading import NotLookedAt, read
    from extractors.records import Contents

    try:
        return read(sample.data)
    except NotLookedAt as reason:
        print(f"{sample.name}: not looked at: {reason.trouble}", file=sys.stderr)
        return Contents(kind="?")


def _id(of_set: str, what: str) -> str:
    return ".".join(filter(None, ("pictures", of_set, what)))


def _recall(
    record: Record, checker: "Checker", of_set: str, what: str, samples: "Iterable[Sample]", goal: float
) -> None:
    by_style: Counter[str] = Counter()
    found_counts: Counter[str] = Counter()
    warned_count = 0
    for sample in samples:
        contents = _opened(sample)
        by_style[sample.style] += 1
        found_counts[sample.style] += is_found(sample, contents)
        if not is_found(sample, contents):
            lines = [line.text for line in contents.lines]
            print(f"{sample.name}, {sample.style}: no {sample.contact or sample.code} in {lines}", file=sys.stderr)
        has_warning = any(finding.rule in RULES for finding in judged(checker, contents).findings)
        warned_count += has_warning
        if not has_warning:
            print(f"{sample.name}, {sample.style}: not warned of {sample.contact or sample.code}", file=sys.stderr)
    total = by_style.total()
    for style, number in by_style.items():
        record.note(f"{what}, {style}{ORDINALS[of_set]}: {found_counts[style]} of {number} read exactly")
    name, ordinal = _id(of_set, what), ORDINALS[of_set]
    record.judge(Goal(name, f"{what} recall, exact{ordinal}", found_counts.total() / total, goal, "", True))
    record.judge(Goal(f"{name}.warned", f"{what}s that are warned of{ordinal}", warned_count / total, goal, "", True))


def _harmless(record: Record, checker: "Checker", of_set: str, samples: "Sequence[Sample]") -> None:
    alarms: Counter[str] = Counter()
    for sample in samples:
        verdict = judged(checker, _opened(sample))
        if verdict.warns:
            alarms[sample.style] += 1
            print(
                f"{sample.name}: {[(f.rule, [e.quote for e in f.evidence]) for f in verdict.findings]}", file=sys.stderr
            )
    for style, count in alarms.items():
        record.note(f"harmless, {style}{ORDINALS[of_set]}: {count} alarms")
    share, ordinal = alarms.total() / len(samples), ORDINALS[of_set]
    record.judge(Goal(_id(of_set, "harmless"), f"harmless pictures that raise an alarm{ordinal}", share, 0.01, ""))


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
    raise SystemExit(_measure_alone(sys.argv[2]) if sys.argv[1:2] == ["--set"] else run("pictures", measure))
