"""A search finds what the history's page shows: its words are those of the extension."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from addon.history.shown_words import amount_forms, day_forms, mark_forms, severity_forms, state_forms
from extractors.records import ContractState
from rules.lexicon import SEVERITIES
from rules.model import LANGUAGES, Language

LOCALES = Path(__file__).parents[3] / "extension/public/_locales"


def texts_of(language: Language) -> dict[str, str]:
    file = LOCALES / language.replace("-", "_") / "messages.json"
    return {key: entry["message"] for key, entry in json.loads(file.read_text("utf-8")).items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_worded_as_the_extension_does(language: Language) -> None:
    texts = texts_of(language)
    for month, name in enumerate(texts["monthNames"].split(","), 1):
        shown = texts["dayLine"].replace("$1", "2026").replace("$2", name).replace("$3", "9")
        assert shown in set(day_forms(datetime(2026, month, 9, tzinfo=UTC)))


def test_a_day_is_japans() -> None:
    assert "2026-11-28" in set(day_forms(datetime(2026, 11, 27, 15, 0, tzinfo=UTC)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_are_worded_as_the_extension_does(language: Language) -> None:
    texts = texts_of(language)
    for state in get_args(ContractState):
        key = "deal" + "".join(part.capitalize() for part in state.split("-"))
        said = "\n".join(state_forms(state))
        # A search looks for each word by itself; the page leaves some out (depósito en garantía hecho, depósito hecho).
        assert all(word in said for word in texts[key].split())
    for severity in SEVERITIES:
        key = {"clear": "stateClear", "caution": "stateCaution", "danger": "stateDanger"}[SEVERITIES[severity].state]
        assert texts[key] in severity_forms(severity)
    assert state_forms("of-a-newer-koban") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_are_worded_as_the_extension_does(language: Language) -> None:
    texts = texts_of(language)
    assert texts["escrowStop"] in mark_forms("agreed", escrow_seen=False)
    assert texts["dealOwed"] in mark_forms("delivered", escrow_seen=False)
    assert list(mark_forms("agreed", escrow_seen=True)) == list(mark_forms("of-a-newer-koban", escrow_seen=False)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_yen_are_worded_as_the_extension_does(language: Language) -> None:
    number = {"ja": "55,000", "en": "55,000", "es": "55.000", "pt-BR": "55.000", "fr": "55 000"}[language]
    shown = texts_of(language)["yen"].replace("$1", number)
    words = " ".join(amount_forms("55000", "JPY"))
    assert all(word in words for word in shown.split())


def test_other_amounts_have_their_currency_and_up_to_two_decimals() -> None:
    forms = list(amount_forms("1200.50", "USD"))
    assert {"1,200.5 USD", "1.200,5 USD", "1200,5 USD"} <= set(forms)
    assert list(amount_forms(None, "USD")) == list(amount_forms("much", "USD")) == []
