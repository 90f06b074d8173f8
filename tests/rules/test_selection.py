"""The rules that are asked about a subject: few, and never too few."""

from collections.abc import Collection
from typing import Any

from rules import selection
from rules.compiler import CompiledRule
from rules.facts import Facts
from rules.model import Subject
from rules.page_text import PageText
from rules.rule import Rule
from rules.selection import RuleIndex
from rules.testing import site_named
from rules.views import PageView, SubjectView

NO_TEXT = PageText((), (0,), (), ())


def _rule(
    *subjects: Subject, needs: Collection[frozenset[int]] = (), gate: Any = None, fields: Collection[str] = ()
) -> CompiledRule:
    return CompiledRule(
        rule=Rule.model_construct(subjects=subjects),
        order=0,
        when=lambda _: True,
        cases=(),
        needs=tuple(needs),
        gate=gate,
        fields=frozenset(fields),
        refinements=(),
        beside_words=frozenset(),
        asks=frozenset(),
        rests_on_stage=False,
    )


def _view(subject: Subject, **values: object) -> SubjectView:
    return SubjectView(Facts(subject, site_named("crowdworks"), "browsing", values))


def test_all_needs_have_to_be_met_in_the_same_subject() -> None:
    rule = _rule("message", needs=[frozenset({1, 2}), frozenset({3})])
    index = RuleIndex([rule])
    views = [_view("message"), _view("message"), _view("message")]
    page = PageView(NO_TEXT, [], patterns={0: {2, 3}, 1: {1}, 2: {1, 3}})
    assert index.by_patterns(views, page) == {rule: [0, 2]}


def test_a_rule_is_of_its_subjects_alone() -> None:
    rule = _rule("job", needs=[frozenset({1})])
    page = PageView(NO_TEXT, [], patterns={0: {1}, 1: {1}})
    assert RuleIndex([rule]).by_patterns([_view("message"), _view("job")], page) == {rule: [1]}


def test_without_patterns_a_rule_is_asked_where_its_value_is_there_and_its_fields_are_known() -> None:
    gated = _rule("contract", gate=("state", ("agreed", "paid")), fields=["state"])
    always = _rule("contract", fields=["due"])
    index = RuleIndex([gated, always])
    assert index.by_fields(_view("contract", state="paid")) == [gated]
    assert index.by_fields(_view("contract", state="proposed", due=1)) == [always]
    assert index.by_fields(_view("contract")) == []
    assert index.by_fields(_view("job", state="paid", due=1)) == []


def test_what_is_remembered_of_one_subject_serves_none_that_shows_other_fields() -> None:
    rule = _rule("job", fields={"listed"})
    index = RuleIndex([rule])
    for _ in range(2):
        assert index.by_fields(_view("job", listed=True)) == [rule]
        assert index.by_fields(_view("job", anchor="x")) == []
        assert index.by_fields(_view("client", listed=True)) == []
    index.by_fields(_view("job", listed=True)).clear()
    assert index.by_fields(_view("job", listed=True)) == [rule], "what is returned is the caller's own"


def test_little_is_remembered_of_many_different_subjects() -> None:
    index = RuleIndex([_rule("job")])
    for number in range(selection._MOST_REMEMBERED + 10):
        assert len(index.by_fields(_view("job", **{f"field{number}": 1}))) == 1
    assert len(index._possible) <= selection._MOST_REMEMBERED
