"""A rule against what it refers to: fields, predicates, vocabularies, groups, sites."""

import pytest

from rules.model import Text
from rules.rule import Condition
from rules.validation import problems_of
from tests.catalog import shipped_catalog

CATALOG = shipped_catalog()
(RULE,) = (rule for rule in CATALOG.rules if rule.id == "direct-contract")


def problems(*conditions: dict[str, object], **changes: object) -> list[str]:
    when = tuple(map(Condition.model_validate, conditions)) or RULE.when
    rule = RULE.model_copy(update={"when": when, "cases": (), **changes})
    return [problem.partition(": ")[2] for problem in problems_of(rule, CATALOG.terms, CATALOG.groups)]


def test_every_rule_of_the_catalog_refers_to_what_is_there() -> None:
    assert [p for rule in CATALOG.rules for p in problems_of(rule, CATALOG.terms, CATALOG.groups)] == []


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ({"job.colour": {"is": "red"}}, "no record has the field job.colour"),
        ({"client.rating": {"says": "x"}}, "client.rating is not a text"),
        ({"client.name": {"above": 5}}, "client.name is not a number"),
        ({"client.rating": {"is": "five"}}, "client.rating is a number, and 'five' is none"),
        ({"client.identity_verified": {"is": 1}}, "client.identity_verified is a flag, and 1 is none"),
        ({"site": {"is": "no-such-site"}}, "no site no-such-site"),
        ({"job.body": {"says": "x"}}, "job.body is not a text of a message"),
        ({"words": {"says": "x", "check": "no-such"}}, "no sentence check no-such"),
        ({"predicate": "no-such"}, "no predicate no-such"),
        ({"signs": {"group": "no-such", "at_least": 2}}, "no group no-such"),
    ],
)
def test_what_is_not_there_is_named(condition: dict[str, object], problem: str) -> None:
    assert problem in problems(condition, subjects=("message",))


def test_a_pattern_that_cannot_be_used_is_named_with_its_reason() -> None:
    assert problems({"words": {"says": "{no_such_term}"}})
    assert problems({"words": {"says": "plain"}}) == []


def test_a_placeholder_that_nothing_fills_is_named() -> None:
    title = Text(ja="{marketplace} の題", en="x {value}")
    assert problems(title=title) == ["unknown placeholder {marketplace}"]


def test_a_vocabulary_of_ones_own_must_not_have_the_name_of_a_shared_one() -> None:
    shared = next(iter(CATALOG.terms))
    assert problems(terms={shared: ("x",)}) == [f"{{{shared}}} is a shared vocabulary already"]
