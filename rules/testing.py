"""A rule's own examples, run: what `koban rules test` and the tests do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from rules.engine import Engine
from rules.facts import Facts, SiteNames, derive
from rules.loader import Catalog
from rules.market import going_rate
from rules.meaning.reader import shipped
from rules.model import Finding
from rules.rule import UNKNOWN, Example, Rule

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))
"""The day that examples are judged on."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One example of one rule."""

    rule: Rule
    kind: Literal["fires", "silent"]
    index: int
    example: Example

    @property
    def name(self) -> str:
        return f"{self.rule.id}:{self.kind}:{self.index}"

    @property
    def place(self) -> str:
        """`file:line` of the example."""
        return self.rule.origin.at("examples", self.kind, self.index)


def site_named(site: str) -> SiteNames:
    """Names for a site that is known by its id alone."""
    known = "" if site == UNKNOWN else site
    return SiteNames(id=known, ja="このサイト", en="this site", operator_ja="事務局", operator_en="support")


def facts_of(example: Example) -> tuple[Facts, ...]:
    """The facts of an example's records, with what it says beside them."""
    return derive(
        example.records,
        site=site_named(example.site),
        stage=example.stage,
        market=lambda _trade: going_rate(example.market),
        past=example.past,
        now=NOW,
    )


def trials(catalog: Catalog) -> Iterator[Trial]:
    """Every example of every rule."""
    for rule in catalog.rules:
        for index, example in enumerate(rule.examples.fires):
            yield Trial(rule, "fires", index, example)
        for index, example in enumerate(rule.examples.silent):
            yield Trial(rule, "silent", index, example)


def failure(trial: Trial, engine: Engine) -> str | None:
    """What is wrong with an example as `file:line: reason`, or None where the rule does as it says.

    The engine must have been built with `experimental=True`.
    """
    found = _findings(trial.example, engine, trial.rule.id)
    if trial.kind == "silent":
        return f"{trial.place}: {trial.rule.id} fires and should be silent" if found else None
    if not found:
        return f"{trial.place}: {trial.rule.id} is silent and should fire"
    wanted = trial.example.severity
    if wanted is not None and wanted not in {f.severity for f in found}:
        return f"{trial.place}: {trial.rule.id} says {found[0].severity}, not {wanted}"
    return None


def failures(catalog: Catalog) -> list[str]:
    """All examples that do not do as they say."""
    engine = Engine.build(catalog, experimental=True, meaning=shipped())
    return [problem for trial in trials(catalog) if (problem := failure(trial, engine)) is not None]


def _findings(example: Example, engine: Engine, rule_id: str) -> Sequence[Finding]:
    return [f for f in engine.judge(facts_of(example)).findings if f.rule == rule_id]
