"""What is said in two places is said in the same words."""

import json
from pathlib import Path
from typing import Literal

import pytest

from addon.terminal import REASONS
from rules.placeholders import shown
from rules.states import STATES

LOCALES = Path(__file__).parents[2] / "extension/public/_locales"
NAMES = {"escrow-funded": "dealFunded"}


def message(language: str, name: str) -> str:
    said: str = json.loads((LOCALES / language / "messages.json").read_text("utf-8"))[name]["message"]
    return said


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_house_06_a_contract_s_state_has_one_word(state: str, language: Literal["ja", "en"]) -> None:
    name = NAMES.get(state) or "deal" + "".join(part.capitalize() for part in state.split("-"))
    word = getattr(STATES[state], language)  # type: ignore[index]
    assert message(language, name) == word
    assert word in shown(state, "word").split(" / ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("reasonTooSlow", "too-slow"),
        ("reasonTooLarge", "too-large"),
        ("reasonUpstreamCertificate", "upstream-certificate"),
        ("reasonUpstreamTls", "upstream-tls"),
    ],
)
def test_house_06_a_page_that_was_not_checked_has_one_reason_in_both_places(name: str, reason: str) -> None:
    assert (message("ja", name), message("en", name)) == REASONS[reason]
