"""A rule's own examples: what is wrong with one is said with its place."""

from dataclasses import replace

import pytest

from rules.engine import Engine
from rules.loader import Catalog
from rules.meaning.reader import shipped
from rules.model import Severity
from rules.rule import Example
from rules.testing import Trial, facts_of, failure, failures_of, site_named, trials
from tests.catalog import PATTERNS, shipped_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    whole = shipped_catalog()
    return replace(whole, rules=tuple(rule for rule in whole.rules if rule.id == "direct-contract"))


@pytest.fixture(scope="module")
def own_engine(catalog: Catalog) -> Engine:
    return Engine.build(catalog, PATTERNS, experimental=True, meaning=shipped())


def trial(catalog: Catalog, kind: str, severity: Severity | None = None) -> Trial:
    first = next(trial for trial in trials(catalog) if trial.kind == "fires")
    example = first.example.model_copy(update={"severity": severity})
    return replace(first, kind=kind, example=example)  # type: ignore[arg-type]


def test_each_example_is_tried_and_named(catalog: Catalog) -> None:
    (rule,) = catalog.rules
    named = [trial.name for trial in trials(catalog)]
    assert len(named) == len(rule.examples.fires) + len(rule.examples.silent)
    assert named[0] == "direct-contract:fires:0"
    assert next(trials(catalog)).place.startswith("rules/catalog/contract/direct-contract.yaml:")


def test_an_example_that_does_as_it_says_is_no_problem(catalog: Catalog, own_engine: Engine) -> None:
    assert failure(trial(catalog, "fires"), own_engine) is None


def test_one_that_does_not_is_a_problem_with_its_place(catalog: Catalog, own_engine: Engine) -> None:
    (rule,) = catalog.rules
    fires = trial(catalog, "silent")
    assert failure(fires, own_engine) == f"{fires.place}: direct-contract fires and should be silent"
    silent = replace(fires, kind="fires", example=rule.examples.silent[0])
    assert "is silent and should fire" in (failure(silent, own_engine) or "")
    assert "not notice" in (failure(trial(catalog, "fires", "notice"), own_engine) or "")


@pytest.mark.slow
def test_rules_are_tested_alone_as_together(catalog: Catalog) -> None:
    assert failures_of(catalog.rules, shipped_catalog()) == []


def test_a_site_of_which_only_the_id_is_known() -> None:
    assert site_named("crowdworks").id == "crowdworks"
    assert site_named("unknown").id == ""


def test_circumstances_reach_the_facts() -> None:
    example = Example.model_validate({"message": {"author_role": "client", "body": "x"}, "stage": "funded"})
    (facts,) = facts_of(example)
    assert (facts.stage, facts.subject) == ("funded", "message")
