"""Quality of the rules with their reader of meaning on a blind set: `python -m rules.learning.measure FILE…` prints it.

A blind set is a file of labelled texts (`rules.meaning.texts`) of a hand that saw neither rules nor texts. Its families
begin with the wording of a trap or the kind of an honest text: plain, casual, indirect, long; lookalike, ordinary. For
developers.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.records import AnyRecord, Message, Thread
from rules.derive import derive
from rules.engine import Engine
from rules.facts import record_of
from rules.loader import load_catalog
from rules.meaning.reader import shipped
from rules.meaning.texts import LabelledText, read_file
from rules.model import Finding
from rules.page_text import PageReader
from rules.reading import Reading
from rules.scoring import is_right
from rules.testing import NOW, site_named

_LENGTHS = ((0, 60), (60, 200), (200, 100_000))
"""Characters of short, middling and long texts."""
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """A text and its findings of caution or more."""

    text: LabelledText
    findings: Sequence[Finding]

    @property
    def wording(self) -> str:
        return self.text.family.partition("-")[0]

    @property
    def right(self) -> bool:
        """Whether a finding names one of the risks of the label."""
        return is_right(self.findings, self.text.labels)


def measure(texts: Iterable[LabelledText], engine: Engine) -> Sequence[Measured]:
    """Judge texts of which neither site nor stage is known."""
    return [Measured(text, judged(labelled_record(text), engine)) for text in texts]


def judged(record: AnyRecord, engine: Engine) -> Sequence[Finding]:
    """Returns the findings of caution or more of a record of which neither site nor stage is known."""
    findings = engine.judge(derive([record], site=site_named("unknown"), now=NOW)).findings
    return [finding for finding in findings if finding.warns]


def labelled_record(text: LabelledText) -> AnyRecord:
    """Returns the record that a labelled text is read as."""
    if text.kind != "thread":
        return record_of(text.kind, text.words)
    return Thread(messages=tuple(Message(author_role=message.by, body=message.text) for message in text.messages))


def by_language(measurements: Sequence[Measured]) -> str:
    """A table in Markdown: recall, precision, look-alikes, dangers and the right risk."""
    rows = ["| | texts | unsafe | recall | precision | look-alikes flagged | danger on benign | right risk |"]
    rows.append("|---|--:|--:|--:|--:|--:|--:|--:|")
    for language, own in _grouped(measurements, lambda m: m.text.lang).items():
        unsafe = [m for m in own if m.text.labels]
        honest = [m for m in own if not m.text.labels]
        caught_texts = [m for m in unsafe if m.findings]
        wrongly = [m for m in honest if m.findings]
        alike = [m for m in honest if m.wording == "lookalike"]
        danger = [m for m in honest if any(finding.severity == "danger" for finding in m.findings)]
        flagged_alike = _share(sum(bool(m.findings) for m in alike), len(alike))
        rows.append(
            f"| {language} | {len(own)} | {len(unsafe)} | {_share(len(caught_texts), len(unsafe))} "
            f"| {_share(len(caught_texts), len(caught_texts) + len(wrongly))} | {flagged_alike} "
            f"| {_share(len(danger), len(honest))} | {_share(sum(m.right for m in caught_texts), len(caught_texts))} |"
        )
    return "\n".join(rows)


def flagged(measurements: Sequence[Measured], key: Callable[[Measured], Iterable[str]], name: str) -> str:
    """A table in Markdown: how many of each group carry a caution or more, by language."""
    languages = list(_grouped(measurements, lambda m: m.text.lang))
    groups: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for text in measurements:
        for group in key(text):
            groups[group][text.text.lang].append(bool(text.findings))
    counts = {
        group: {language: (sum(flags[language]), len(flags[language])) for language in languages}
        for group, flags in sorted(groups.items())
    }
    return count_table(name, counts)


def count_table(name: str, counts: Mapping[str, Mapping[str, tuple[int, int]]]) -> str:
    """A table in Markdown: by group and language, how many of how many; nothing where there are none."""
    languages = list(next(iter(counts.values()), {}))
    rows = [f"| {name} | " + " | ".join(languages) + " |", "|---|" + "--:|" * len(languages)]
    for group, of_languages in counts.items():
        cells = [f"{part}/{whole}" if whole else "–" for part, whole in of_languages.values()]
        rows.append(f"| {group} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def probabilities(texts: Iterable[LabelledText]) -> Sequence[float]:
    """Returns by text the probability of a risk by its meaning alone."""
    reader = PageReader()
    pages = (reader.read([Reading(text.words)]) for text in texts)
    lines = ([page.plain(sentence) for sentence in range(len(page.written_sentences))] for page in pages)
    return [shipped().read(own).probability for own in lines]


def reliability(texts: Sequence[LabelledText], probabilities: Sequence[float]) -> str:
    """A table in Markdown: of texts of each tenth of probability, how many hold a risk."""
    tenths: dict[int, list[LabelledText]] = defaultdict(list)
    for text, probability in zip(texts, probabilities, strict=True):
        tenths[min(int(probability * _TENTHS), _TENTHS - 1)].append(text)
    rows = ["| probability | texts | of them unsafe |", "|---|--:|--:|"]
    for tenth, own in sorted(tenths.items()):
        unsafe = sum(bool(text.labels) for text in own)
        rows.append(f"| {tenth / _TENTHS:.1f}–{(tenth + 1) / _TENTHS:.1f} | {len(own)} | {_share(unsafe, len(own))} |")
    return "\n".join(rows)


def _grouped(measurements: Iterable[Measured], key: Callable[[Measured], str]) -> Mapping[str, Sequence[Measured]]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for text in measurements:
        groups[key(text)].append(text)
    return groups


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _length(text: Measured) -> list[str]:
    size = len(text.text.words)
    side = "unsafe" if text.text.labels else "honest"
    return [f"{side}, {low}–{high} characters" for low, high in _LENGTHS if low <= size < high]


def main(paths: Sequence[Path]) -> None:
    engine = Engine.build(load_catalog(), meaning=shipped(), marks=False)
    texts = [text for path in paths for text in read_file(path)]
    measurements = measure(texts, engine)
    side = {True: "unsafe", False: "honest"}
    print(by_language(measurements), end="\n\n")
    print(flagged(measurements, lambda m: [f"{m.wording}, {side[bool(m.text.labels)]}"], "wording"), end="\n\n")
    print(flagged(measurements, lambda m: [f"{m.text.kind}, {side[bool(m.text.labels)]}"], "kind"), end="\n\n")
    print(flagged(measurements, _length, "length"), end="\n\n")
    print(flagged(measurements, lambda m: m.text.labels, "risk"), end="\n\n")
    print(flagged(measurements, lambda m: [f"{m.text.act}, {side[bool(m.text.labels)]}"], "act"), end="\n\n")
    print(reliability(texts, probabilities(texts)))


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
