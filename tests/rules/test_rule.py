"""The rule language's shapes: what is refused, and where each condition and pattern stands."""

import pytest
from pydantic import ValidationError

from rules.rule import Condition, Example, Matcher, Origin, conditions_of, patterns_of, walk
from tests.catalog import shipped_catalog


@pytest.mark.parametrize(
    "matcher",
    [
        {},
        {"is": 5, "above": 3},
        {"above": 3, "unless": ["x"]},
        {"says": ["x"], "at_least": 2},
        {"says": ["x"], "sayz": ["y"]},
        {"means": ["no-such-risk"]},
        {"within": [1]},
    ],
)
def test_a_matcher_asks_one_question_and_refines_words_alone(matcher: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Matcher.model_validate(matcher)


def test_one_value_is_a_list_of_one_and_one_list_a_list_of_lists() -> None:
    assert Matcher.model_validate({"is": 5}).is_ == (5,)
    matcher = Matcher.model_validate({"says": "a", "with": ["b", "c"], "near": "d"})
    assert (matcher.says, matcher.with_, matcher.near) == (("a",), (("b", "c"),), ("d",))


def test_each_pattern_has_its_place() -> None:
    matcher = Matcher.model_validate({"says": ["a", "b"], "unless": "c", "with": [["d"], ["e", "f"]]})
    assert list(patterns_of(matcher)) == [
        (("says", 0), "a"),
        (("says", 1), "b"),
        (("unless", 0), "c"),
        (("with", 0, 0), "d"),
        (("with", 1, 0), "e"),
        (("with", 1, 1), "f"),
    ]


def test_conditions_are_walked_with_those_within_them() -> None:
    inner = {"client.rating": {"below": 3}}
    condition = Condition.model_validate({"any": [inner, {"not": [inner]}]})
    places = [place for _, place in walk([condition], ("when",))]
    assert places == [
        ("when", 0),
        ("when", 0, "any", 0),
        ("when", 0, "any", 1),
        ("when", 0, "any", 1, "not", 0),
    ]


def test_conditions_of_cases_are_conditions_of_their_rule() -> None:
    rule = next(rule for rule in shipped_catalog().rules if rule.cases)
    places = {place[0] for _, place in conditions_of(rule)}
    assert places == {"when", "cases"}


def test_an_example_shows_something() -> None:
    with pytest.raises(ValidationError, match="at least one record"):
        Example.model_validate({"site": "crowdworks"})
    example = Example.model_validate({"client": {"id": "1"}, "message": {"body": "x"}})
    assert [type(record).__name__ for record in example.records] == ["Client", "Message"]


def test_a_place_without_a_line_is_that_of_what_encloses_it() -> None:
    origin = Origin(file="a.yaml", lines={"when": 3, "when.0": 4})
    assert origin.at("when", 0) == "a.yaml:4"
    assert origin.at("when", 0, "words", "says", 1) == "a.yaml:4"
    assert origin.at("when", 7) == "a.yaml:3"
    assert origin.at("title", "ja") == "a.yaml:1"
