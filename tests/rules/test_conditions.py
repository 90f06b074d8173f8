"""Truth in three values: what is unknown is neither true nor false."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules.conditions import all_of, any_of, none_of, value_check
from rules.facts import Facts
from rules.model import Evidence
from rules.rule import Matcher
from rules.testing import site_named
from rules.views import Check, SubjectView, Truth

FACTS = Facts("client", site_named("crowdworks"), "browsing", {})


def view(**values: object) -> SubjectView:
    named = {name.replace("__", "."): value for name, value in values.items()}
    return SubjectView(replace(FACTS, values=named, sources={"client.rating": "#rating"}))


def fixed(truth: Truth) -> Check:
    return lambda _: truth


@pytest.mark.parametrize(
    ("truths", "all_", "any_"),
    [
        ((True, True), True, True),
        ((True, None), None, True),
        ((False, None), False, None),
        ((None, None), None, None),
        ((False, False), False, False),
        ((False, True), False, True),
        ((), True, False),
    ],
)
def test_three_values(truths: tuple[Truth, ...], all_: Truth, any_: Truth) -> None:
    checks = [fixed(truth) for truth in truths]
    assert all_of(checks)(view()) is all_
    assert any_of(checks)(view()) is any_
    assert none_of(checks)(view()) is (None if all_ is None else not all_)


@pytest.mark.parametrize(
    ("matcher", "value", "truth"),
    [
        ({"above": 4}, 4.5, True),
        ({"above": 4}, 4, False),
        ({"below": Decimal("0.5")}, 0.4, True),
        ({"within": (1, 3)}, 3, True),
        ({"within": (1, 3)}, 3.5, False),
        ({"is": 5}, 5, True),
        ({"is": [4, 5]}, 3, False),
        ({"above": 4}, None, None),
    ],
)
def test_a_value_is_compared_and_an_unknown_one_is_unknown(
    matcher: dict[str, object], value: object, truth: Truth
) -> None:
    check = value_check("client.rating", Matcher.model_validate(matcher))
    assert check(view(client__rating=value)) is truth


def test_a_value_that_holds_is_evidence_at_its_place_and_one_that_does_not_is_none() -> None:
    check = value_check("client.rating", Matcher(below=Decimal(3)))
    low = view(client__rating=2.5)
    assert check(low) is True
    assert low.evidence == [Evidence(field="client.rating", quote="2.5", selector="#rating")]
    high = view(client__rating=4)
    assert check(high) is False
    assert high.evidence == []
    assert none_of([check])(low) is False
    assert len(low.evidence) == 1, "the opposite of a condition gives no evidence"


def test_absence_is_never_unknown() -> None:
    absent = value_check("client.rating", Matcher(absent=True))
    assert absent(view()) is True
    assert absent(view(client__rating=0)) is False
    there = value_check("client.rating", Matcher(absent=False))
    shown = view(client__rating=4)
    assert there(shown) is True
    assert [evidence.quote for evidence in shown.evidence] == ["4"]
    assert there(view()) is False
