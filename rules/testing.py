"""A rule's own examples, run: `koban rules test` and the tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rules.derive import derive
from rules.engine import Engine
from rules.facts import Facts, SiteNames
from rules.loader import Catalog
from rules.market import going_rate
from rules.matching import PatternCache
from rules.meaning.reader import shipped
from rules.model import UNKNOWN
from rules.past import JST
from rules.rule import Example, Rule, conditions_of
from rules.sites import SHIPPED_TERMS, Terms

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=JST)
"""The moment at which examples are judged."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One example of one rule."""

    rule: Rule
    kind: Literal["fires", "silent"]
    index: int
    example: Example

    @property
    def name(self) -> str:
        """`rule:kind:index`."""
        return f"{self.rule.id}:{self.kind}:{self.index}"

    @property
    def place(self) -> str:
        """`file:line` of the example."""
        return self.rule.origin.at("examples", self.kind, self.index)


def site_named(site: str) -> SiteNames:
    """Return names for a site of which only the id is known."""
    known_id = "" if site == UNKNOWN else site
    return SiteNames(id=known_id, ja="このサイト", en="this site", operator_ja="事務局", operator_en="support")


def facts_of(example: Example, terms: Terms = SHIPPED_TERMS) -> tuple[Facts, ...]:
    """Return the facts of an example's records and circumstances, by the terms of sites."""
    return derive(
        example.records,
        site=site_named(example.site),
        terms=terms,
        stage=example.stage,
        market=lambda _trade: going_rate(example.market),
        past=example.past,
        now=NOW,
    )


def trials(catalog: Catalog) -> Iterator[Trial]:
    """Yield every example of every rule."""
    for rule in catalog.rules:
        for index, example in enumerate(rule.examples.fires):
            yield Trial(rule, "fires", index, example)
        for index, example in enumerate(rule.examples.silent):
            yield Trial(rule, "silent", index, example)


def failure(trial: Trial, engine: Engine, terms: Terms = SHIPPED_TERMS) -> str | None:
    """Return what is wrong with an example as `file:line: reason`; None where the rule does as it says.

    engine: one that was built with `experimental=True`. terms: of the sites that examples are set on.
    """
    findings = [f for f in engine.judge(facts_of(trial.example, terms)).findings if f.rule == trial.rule.id]
    if trial.kind == "silent":
        return f"{trial.place}: {trial.rule.id} fires and should be silent" if findings else None
    if not findings:
        return f"{trial.place}: {trial.rule.id} is silent and should fire"
    severity = trial.example.severity
    if severity is not None and severity not in {f.severity for f in findings}:
        return f"{trial.place}: {trial.rule.id} says {findings[0].severity}, not {severity}"
    return None


def failures(catalog: Catalog, cache: PatternCache | None = None) -> list[str]:
    """Return the problems of all examples of a catalog. Raises CatalogError where a pattern cannot be compiled."""
    engine = Engine.build(catalog, cache, experimental=True, meaning=shipped())
    return [problem for trial in trials(catalog) if (problem := failure(trial, engine)) is not None]


def failures_of(rules: Sequence[Rule], catalog: Catalog, cache: PatternCache | None = None) -> list[str]:
    """Return the problems of the examples of some rules alone, which is quick. Raises CatalogError, as `failures`."""
    groups = {c.signs.group for rule in rules for c, _ in conditions_of(rule) if c.signs is not None}
    # Rules judge alike alone and together, but for those that sum up the weak signs of others.
    ids = {rule.id for rule in rules}
    signs = [r for r in catalog.rules if r.sign is not None and r.sign.group in groups and r.id not in ids]
    engine = Engine.build(replace(catalog, rules=(*signs, *rules)), cache, experimental=True, meaning=shipped())
    own = replace(catalog, rules=tuple(rules))
    return [problem for trial in trials(own) if (problem := failure(trial, engine)) is not None]
