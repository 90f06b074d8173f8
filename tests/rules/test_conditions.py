"""Truth in three values: what is unknown is neither true nor false."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.conditions import MeaningCondition, all_of, any_of, none_of, value_check
from rules.facts import Facts
from rules.meaning.meaning import Meaning
from rules.model import Evidence, Text
from rules.page_text import PageReader
from rules.rule import Matcher
from rules.testing import site_named
from rules.views import Check, PageView, SubjectView, TextView, Truth
from tests.catalog import PATTERNS

FACTS = Facts("client", site_named("crowdworks"), "browsing", {})
READ, UNREAD = Meaning(()), Meaning((), unread_sentences=frozenset({0}))


def view(**values: object) -> SubjectView:
    named = {name.replace("__", "."): value for name, value in values.items()}
    return SubjectView(replace(FACTS, values=named, sources={"client.rating": "#rating"}))


@pytest.mark.parametrize(
    ("meanings", "truth"),
    [
        ({"job.title": READ, "job.body": READ}, False),
        ({"job.body": READ}, False),
        ({"job.title": UNREAD, "job.body": READ}, None),
        ({"job.title": READ, "job.body": None}, None),
        ({}, None),
    ],
)
def test_texts_of_which_one_was_not_read_mean_nothing_known(meanings: dict[str, Meaning | None], truth: Truth) -> None:
    job = SubjectView(replace(FACTS, subject="job"), page=PageView(PageReader(PATTERNS).read([]), []))
    job.texts = {name: TextView(0, 0, 1, meaning=meaning) for name, meaning in meanings.items()}
    check = MeaningCondition("words", frozenset({"fee-upfront"}), None)
    assert check(job) is truth
    assert none_of([check])(job) is (None if truth is None else not truth)


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


Tree = tuple[str, Any]
"""A condition: its kind, and the conditions below it, or of a single one its number and truth."""
LEAVES = st.tuples(st.just("leaf"), st.tuples(st.integers(0, 9), st.sampled_from([True, False, None])))
TREES: st.SearchStrategy[Tree] = st.recursive(
    LEAVES, lambda below: st.tuples(st.sampled_from(["all", "any", "not"]), st.lists(below, max_size=4)), max_leaves=12
)
COMBINE = {"all": all_of, "any": any_of, "not": none_of}


def compiled(tree: Tree) -> Check:
    kind, below = tree
    if kind != "leaf":
        return COMBINE[kind]([compiled(each) for each in below])
    number: int = below[0]
    truth: Truth = below[1]

    def holds(view: SubjectView) -> Truth:
        if truth:
            view.evidence.append(Evidence(field="client.rating", quote=str(number)))
            view.unquoted_sentences.append((str(number), [number]))
            view.backings.append(number % 2 == 0)
            if number % 3 == 0:
                view.seen_text = view.reading = Text(ja=str(number), en=str(number))
        return truth

    return holds


def left_by(tree: Tree) -> tuple[Truth, list[int]]:
    """The truth of a condition, and the numbers of those whose holding makes it so."""
    kind, below = tree
    if kind == "leaf":
        number, truth = below
        return truth, [number] if truth else []
    results = [left_by(each) for each in below]
    truths = [truth for truth, _ in results]
    if kind == "any":
        held = next((numbers for truth, numbers in results if truth), [])
        return (True if True in truths else None if None in truths else False), held
    every = False if False in truths else None if None in truths else True
    if kind == "not":
        return (None if every is None else not every), []
    return every, [number for _, numbers in results for number in numbers] if every else []


@given(TREES)
def test_evidence_is_of_conditions_that_held_and_of_no_other(tree: Tree) -> None:
    judged = view()
    truth, numbers = left_by(tree)
    assert compiled(tree)(judged) is truth
    assert [evidence.quote for evidence in judged.evidence] == [str(number) for number in numbers]
    assert judged.unquoted_sentences == [(str(number), [number]) for number in numbers]
    assert judged.backings == [number % 2 == 0 for number in numbers]
    read = next((str(number) for number in reversed(numbers) if number % 3 == 0), None)
    assert judged.seen_text == judged.reading == (None if read is None else Text(ja=read, en=read))


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
