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
def test_house_01_a_contract_s_state_has_one_word(state: str, language: Literal["ja", "en"]) -> None:
    name = NAMES.get(state) or "deal" + "".join(part.capitalize() for part in state.split("-"))
    word = getattr(STATES[state], language)  # type: ignore[index]
    assert message(language, name) == word
    assert word in shown(state, "word").split(" / ")


def test_house_01_a_check_that_is_late_is_not_blamed_on_the_page() -> None:
    assert (message("ja", "reasonTooSlow"), message("en", "reasonTooSlow")) == REASONS["too-slow"]
