"""The ladder of a rule's status: one step at a time, down at once, and no danger while a rule is on trial."""

from typing import get_args

import pytest

from rules.model import Severity, Status
from rules.status import LADDER, STATUSES, Record, is_on_from_start, next_status, shown_severity


@pytest.mark.parametrize(
    ("status", "record", "earned"),
    [
        ("experimental", Record(), "experimental"),
        ("experimental", Record(pages=9), "experimental"),
        ("experimental", Record(pages=10, wrong=1), "test"),
        ("experimental", Record(pages=5_000), "test"),
        ("test", Record(pages=49), "test"),
        ("test", Record(pages=50, wrong=1), "stable"),
        ("test", Record(pages=5_000, wrong=2), "experimental"),
        ("stable", Record(), "stable"),
        ("stable", Record(pages=5_000, wrong=2), "experimental"),
    ],
)
def test_a_rule_goes_up_by_a_step_and_down_to_the_ground(status: Status, record: Record, earned: Status) -> None:
    assert next_status(status, record) == earned


def test_every_status_has_its_step_and_its_word() -> None:
    assert set(LADDER) == set(STATUSES) == set(get_args(Status))
    assert [is_on_from_start(status) for status in LADDER] == [False, True, True]


@pytest.mark.parametrize("severity", get_args(Severity))
def test_a_rule_on_trial_raises_no_danger(severity: Severity) -> None:
    assert shown_severity("test", severity) == {"danger": "caution"}.get(severity, severity)
    assert shown_severity("stable", severity) == shown_severity("experimental", severity) == severity
