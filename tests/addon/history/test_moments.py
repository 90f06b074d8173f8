"""Moments as the database stores them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from addon.history.moments import parsed, stored
from extractors.records import Moment

JST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    "moment",
    [date(2026, 11, 3), datetime(2026, 11, 3, 0, 0, tzinfo=JST), datetime(2026, 11, 3, 12, 30, 1, 5, tzinfo=UTC), None],
)
def test_a_stored_moment_comes_back_as_exactly_as_it_was_shown(moment: Moment | None) -> None:
    assert parsed(stored(moment)) == moment
    assert type(parsed(stored(moment))) is type(moment)


def test_a_day_is_stored_without_a_time() -> None:
    assert stored(date(2026, 1, 2)) == "2026-01-02"
    assert stored(datetime(2026, 1, 2, 3, 4, tzinfo=JST)) == "2026-01-02T03:04:00+09:00"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-01-02T25:00:00", "11月3日"])
def test_a_damaged_column_is_no_moment(text: str) -> None:
    assert parsed(text) is None
