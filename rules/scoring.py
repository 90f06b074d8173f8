"""Precision and recall of the rules on labelled texts, and the rate of warnings on ordinary offers.

Counting follows the corpus's own scorer: a hit is a finding at caution or danger; texts that are
labelled only `dataset-fraud` (ordinary job advertisements of a data set on fraud) are left out, and
`weak` ones, whose label is a guess, are counted apart.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from extractors.records import Job
from rules.derive import derive
from rules.engine import Engine
from rules.facts import Facts, TextKind, record_of
from rules.model import Finding
from rules.testing import NOW, site_named

ALIKE: Mapping[str, str] = {"escrow-excuse": "work-before-escrow", "delivered-unpaid": "payment-delay"}
"""Risks that count as one when asking whether the right one was named."""
LEFT_OUT = "dataset-fraud"


class UnusableCorpus(Exception):
    """Raised where a corpus cannot be read; the text names file, line and reason."""


class Labelled(BaseModel):
    """One text with the risks that a reader labelled it with; none means benign."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    lang: Literal["ja", "en"]
    kind: TextKind
    text: str
    labels: tuple[str, ...]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled text and the findings in it."""

    text: Labelled
    findings: tuple[Finding, ...]

    @property
    def hit(self) -> bool:
        return any(f.warns for f in self.findings)

    @property
    def danger(self) -> bool:
        return any(f.severity == "danger" for f in self.findings)

    @property
    def right(self) -> bool:
        """Whether a finding names one of the risks of the label."""
        return is_right(self.findings, self.text.labels)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one group of texts."""

    unsafe: int = 0
    hits: int = 0
    right: int = 0
    benign: int = 0
    wrongly: int = 0
    wrongly_danger: int = 0

    @property
    def recall(self) -> float:
        return self.hits / self.unsafe if self.unsafe else 1.0

    @property
    def precision(self) -> float:
        flagged_count = self.hits + self.wrongly
        return self.hits / flagged_count if flagged_count else 1.0

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0

    @property
    def right_risk(self) -> float:
        return self.right / self.hits if self.hits else 1.0


@dataclass(frozen=True, slots=True)
class RiskTally:
    """Counts of one risk: texts labelled with it, and findings that name it, whatever else they name."""

    positives: int
    predictions: int
    true_positives: int

    @property
    def recall(self) -> float:
        return self.true_positives / self.positives if self.positives else 1.0

    @property
    def precision(self) -> float:
        return self.true_positives / self.predictions if self.predictions else 1.0

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of all texts, and the texts that were judged wrongly."""

    by_language: Mapping[str, Tally]
    by_risk: Mapping[tuple[str, str], RiskTally]
    """By (risk, language)."""
    weak: Tally
    misses: Sequence[Judged] = field(repr=False)
    """Unsafe texts without a warning."""
    wrongly: Sequence[Judged] = field(repr=False)
    """Benign texts with a warning."""
    wrong_risks: Sequence[Judged] = field(repr=False)
    """Texts caught under another risk than the label's."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Counts of ordinary offers that carry a warning."""

    jobs: int
    caution_or_more: int
    danger: int
    of_clients: int
    """Those of `caution_or_more` that are warned of for what the client alone shows, such as no earlier offers."""


def read_corpus(path: Path) -> Iterator[Labelled]:
    """Yield the labelled texts of a file of JSON Lines. Raises UnusableCorpus."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableCorpus(f"{path}: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry: Any = json.loads(line)
            yield Labelled.model_validate(entry)
        except ValueError as error:
            raise UnusableCorpus(f"{path}:{number}: {str(error).splitlines()[0]}") from None


def is_right(findings: Iterable[Finding], labels: Iterable[str]) -> bool:
    """Whether a finding names one of the risks of a label."""
    risks = {ALIKE.get(finding.risk, finding.risk) for finding in findings}
    return not risks.isdisjoint(ALIKE.get(label, label) for label in labels)


def judge(text: Labelled, engine: Engine) -> Judged:
    """Judge one text, of which neither site nor stage is known."""
    facts = derive([record_of(text.kind, text.text)], site=site_named("unknown"), now=NOW)
    return Judged(text, engine.judge(facts).findings)


def score(texts: Iterable[Labelled], engine: Engine) -> Quality:
    """Judge all texts and count."""
    judgements = [judge(text, engine) for text in texts if text.labels != (LEFT_OUT,)]
    counted_judgements = [j for j in judgements if not j.text.weak]
    languages = sorted({j.text.lang for j in counted_judgements}, reverse=True)
    return Quality(
        by_language={
            language: _tally([j for j in counted_judgements if j.text.lang == language]) for language in languages
        },
        by_risk=_by_risk(counted_judgements),
        weak=_tally([j for j in judgements if j.text.weak]),
        misses=[j for j in counted_judgements if j.text.labels and not j.hit],
        wrongly=[j for j in counted_judgements if not j.text.labels and j.hit],
        wrong_risks=[j for j in counted_judgements if j.text.labels and j.hit and not j.right],
    )


def alarm(offers: Iterable[Sequence[Facts]], engine: Engine) -> Alarm:
    """Count the offers that carry a warning. offers: the facts of each offer and its client."""
    jobs = caution = danger = of_clients = 0
    for facts in offers:
        warnings = [f for f in engine.judge(facts).findings if f.warns]
        jobs += 1
        danger += any(f.severity == "danger" for f in warnings)
        caution += bool(warnings)
        of_clients += bool(warnings) and all(f.subject == "client" for f in warnings)
    return Alarm(jobs, caution, danger, of_clients)


def offers_on_site(jobs: Iterable[Job], site: str, now: datetime) -> Iterator[Sequence[Facts]]:
    """Yield the facts of each offer of a site, for `alarm`."""
    for job in jobs:
        yield derive([job], site=site_named(site), now=now)


def _tally(judgements: Sequence[Judged]) -> Tally:
    unsafe = [j for j in judgements if j.text.labels]
    benign = [j for j in judgements if not j.text.labels]
    hits = [j for j in unsafe if j.hit]
    return Tally(
        unsafe=len(unsafe),
        hits=len(hits),
        right=sum(j.right for j in hits),
        benign=len(benign),
        wrongly=sum(j.hit for j in benign),
        wrongly_danger=sum(j.danger for j in benign),
    )


def _by_risk(judgements: Sequence[Judged]) -> dict[tuple[str, str], RiskTally]:
    label_counts: dict[tuple[str, str], int] = defaultdict(int)
    named_counts: dict[tuple[str, str], int] = defaultdict(int)
    rightly: dict[tuple[str, str], int] = defaultdict(int)
    for j in judgements:
        language = j.text.lang
        labels = {label for label in j.text.labels if label != LEFT_OUT}
        named_risks = {f.risk for f in j.findings if f.warns}
        for risk in labels:
            label_counts[risk, language] += 1
        for risk in named_risks:
            named_counts[risk, language] += 1
            rightly[risk, language] += risk in labels
    keys = sorted({*label_counts, *named_counts})
    return {key: RiskTally(label_counts[key], named_counts[key], rightly[key]) for key in keys}
