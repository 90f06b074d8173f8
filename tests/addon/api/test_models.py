"""The forms of requests and answers: slips are errors, and what is left out is not what is set to nothing."""

from typing import Any

import pytest
from pydantic import ValidationError

from addon.api.models import (
    MAX_PAGE_CHARACTERS,
    CheckRequest,
    GreetingRequest,
    HistoryChange,
    LessonRequest,
    PairRequest,
    Recording,
    SettingsPatch,
)
from addon.history.health import Health

NONCE = "0123456789abcdef0123456789abcdef"
PROOF = "0" * 64


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        (SettingsPatch, {"pauseduntil": None}),
        (SettingsPatch, {"sites": {"crowdworks": {"enable": False}}}),
        (SettingsPatch, {"paused_until": "2026-11-27T10:00:00"}),
        (HistoryChange, {"days": 0}),
        (HistoryChange, {"days": 36_501}),
        (CheckRequest, {"url": "https://crowdworks.jp/", "body": "x" * (MAX_PAGE_CHARACTERS + 1)}),
        (LessonRequest, {"warns": True, "texts": []}),
        (LessonRequest, {"warns": True, "texts": ["x" * 6_001]}),
        (GreetingRequest, {"key": "0" * 31, "nonce": NONCE}),
        (PairRequest, {"by": "link", "nonce": NONCE, "proof": PROOF.upper().replace("0", "G")}),
    ],
)
def test_what_is_not_of_the_form_is_refused(form: Any, sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        form.model_validate(sent)


def test_a_change_knows_what_was_left_out_from_what_is_taken_back() -> None:
    change = SettingsPatch.model_validate({"paused_until": None, "rules": {"direct-contract": None}})
    assert change.model_dump(exclude_unset=True) == {"paused_until": None, "rules": {"direct-contract": None}}


def test_the_state_of_the_recording_is_the_recorders_own() -> None:
    shown = Recording.of(
        Health(remembers=True, lost_pages=2, trouble="full", set_aside="history.broken-1.db", silent=True)
    )
    assert shown.model_dump() == {
        "usable": True,
        "lost": 2,
        "trouble": "full",
        "set_aside": "history.broken-1.db",
        "silent": True,
    }
