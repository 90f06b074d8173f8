"""The tables of a measurement: shares of what was caught and of what was flagged in vain, nothing where none is."""

from collections.abc import Sequence

import pytest

from rules.learning.measure import Measured, by_language, flagged, reliability
from rules.meaning.texts import LabelledText
from rules.model import Finding
from tests.addon.findings import finding

CAUGHT = finding("direct-contract").model_copy(update={"risk": "direct-contract"})
CAUTION = finding("vague-scope", "caution")


def _measured(lang: str, labels: Sequence[str], *findings: Finding, family: str = "plain-a") -> Measured:
    fields = {"family": family, "lang": lang, "kind": "message", "labels": labels, "text": "x"}
    act = "asks" if labels else "neutral"
    return Measured(LabelledText.model_validate(fields | {"act": act}), findings)


@pytest.fixture
def measured() -> list[Measured]:
    return [
        _measured("ja", ["direct-contract"], CAUGHT),
        _measured("ja", ["direct-contract"], CAUTION),
        _measured("ja", ["direct-contract"]),
        _measured("ja", [], CAUGHT, family="lookalike-a"),
        _measured("ja", [], family="lookalike-b"),
        _measured("ja", [], family="ordinary-a"),
        _measured("en", []),
    ]


def test_each_share_is_of_its_own_whole(measured: list[Measured]) -> None:
    _, _, japanese, english = by_language(measured).splitlines()
    cells = [cell.strip() for cell in japanese.strip("|").split("|")]
    assert cells == ["ja", "6", "3", "0.667", "0.667", "0.500", "0.333", "0.500"]
    assert english.count("–") == 4, "of nothing there is no share"


def test_a_group_is_counted_by_language(measured: list[Measured]) -> None:
    head, _, *rows = flagged(measured, lambda one: [one.wording], "wording").splitlines()
    assert head == "| wording | ja | en |"
    assert rows == ["| lookalike | 1/2 | – |", "| ordinary | 0/1 | – |", "| plain | 2/3 | 0/1 |"]


def test_a_probability_of_one_is_of_the_last_tenth(measured: list[Measured]) -> None:
    texts = [one.text for one in measured]
    rows = reliability(texts, [0.95, 1.0, 0.31, 0.35, 0.0, 0.0, 0.0]).splitlines()[2:]
    assert "| 0.3–0.4 | 2 | 0.500 |" in rows
    assert "| 0.9–1.0 | 2 | 1.000 |" in rows
