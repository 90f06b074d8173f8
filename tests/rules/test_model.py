"""Values of findings and verdicts."""

import pytest
from pydantic import ValidationError

from rules.model import GRAVITY, Evidence, Text, Verdict, distinct


def test_the_lightest_severity_weighs_least() -> None:
    assert sorted(GRAVITY, key=GRAVITY.__getitem__) == ["notice", "caution", "danger"]


def test_each_quote_counts_once_and_the_marked_one_stays() -> None:
    plain, marked = Evidence(field="f", quote="q"), Evidence(field="f", quote="q", marked=((0, 1),))
    other_field, other_place = Evidence(field="g", quote="q"), Evidence(field="f", quote="q", selector="#a")
    assert distinct([plain, marked]) == (marked,)
    assert distinct([marked, plain]) == (marked,)
    assert distinct([plain, other_field, plain, other_place]) == (plain, other_field, other_place)
    assert distinct([]) == ()


def test_a_verdict_comes_back_from_json_and_knows_no_further_field() -> None:
    verdict = Verdict(state="not-checked", reason="too-slow", site="crowdworks", kind="job", stage="browsing")
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict
    with pytest.raises(ValidationError):
        Verdict.model_validate({"state": "clear", "score": 5})
    with pytest.raises(ValidationError):
        Verdict.model_validate({"state": "safe"})


def test_a_text_is_in_both_languages() -> None:
    with pytest.raises(ValidationError):
        Text.model_validate({"ja": "はい"})
