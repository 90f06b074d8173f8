"""Every example of every shipped rule does as it says, and every rule is written as docs/voice.md asks."""

from dataclasses import replace

import pytest

from extractors import SITES
from rules.engine import Engine
from rules.lexicon import STAGES
from rules.lint import lint
from rules.loader import Catalog
from rules.rule import Rule, conditions_of
from rules.sites import SITE_IDS
from rules.testing import failure, trials
from tests.catalog import shipped_catalog


@pytest.mark.parametrize("rule", shipped_catalog().rules, ids=lambda rule: rule.id)
def test_examples(rule: Rule, catalog: Catalog, engine: Engine) -> None:
    failures = [failure(trial, engine) for trial in trials(replace(catalog, rules=(rule,)))]
    assert failures
    assert [one for one in failures if one is not None] == []


def test_lint(catalog: Catalog) -> None:
    assert lint(catalog) == []


def test_each_rule_needs_its_conditions(catalog: Catalog, engine: Engine) -> None:
    """No rule fires on nothing: a rule that holds for an empty page would be a lie."""
    from rules.derive import derive
    from rules.testing import NOW, site_named

    assert engine.judge(derive([], site=site_named("crowdworks"), now=NOW)).findings == ()


def test_house_05_rules_may_name_every_site_that_is_read() -> None:
    assert {site.id for site in SITES} | {"unknown"} <= SITE_IDS


def test_issue_19_a_rule_that_names_a_stage_names_all_that_are_alike_in_escrow(catalog: Catalog) -> None:
    """A new stage is missing from each rule that counts those before escrow, or those after it, one by one."""
    # Beside the deal itself, which a rule may be of alone: nothing is agreed yet, and nothing is left to do.
    apart = {"applying", "done"}
    alike = [{stage for stage, info in STAGES.items() if info.funded is funded} for funded in (True, False)]
    for rule in catalog.rules:
        for condition, _ in conditions_of(rule):
            if condition.field == "stage" and condition.matcher is not None and len(condition.matcher.is_ or ()) > 1:
                named = set(condition.matcher.is_ or ())
                assert all(named & group in (set(), group, group - apart) for group in alike), (rule.id, named)
                assert named not in alike, f"{rule.id}: `funded` says so"
