"""Codes that are good once, and for a while."""

from datetime import UTC, datetime, timedelta

from addon.credentials.one_time_codes import OneTimeCodes


def test_house_19_a_code_is_good_once() -> None:
    codes = OneTimeCodes()
    code = codes.open()
    assert code in codes
    assert codes.texts() == (code,)
    assert codes.use(code)
    assert code not in codes
    assert not codes.use(code)
    assert not codes.use("guess")


def test_house_19_a_code_ends_by_its_time() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    codes = OneTimeCodes(timedelta(minutes=10), clock=lambda: now)
    early = codes.open()
    now += timedelta(minutes=5)
    late = codes.open()
    now += timedelta(minutes=5)
    assert early not in codes
    assert not codes.use(early)
    assert codes.texts() == (late,)
    assert codes.use(late)


def test_house_19_the_oldest_code_makes_room_and_all_can_be_closed() -> None:
    codes = OneTimeCodes(most=2)
    opened = [codes.open() for _ in range(3)]
    assert codes.texts() == tuple(opened[1:])
    codes.close_all()
    assert codes.texts() == ()
