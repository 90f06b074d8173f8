"""Every example of every shipped rule does as it says, and every rule is written as docs/voice.md asks."""

from dataclasses import replace

import pytest

from extractors import SITES
from rules.engine import Engine
from rules.lint import lint
from rules.loader import Catalog
from rules.rule import Rule
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
