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


def test_house_19_the_oldest_code_makes_room() -> None:
    codes = OneTimeCodes(most=2)
    opened = [codes.open() for _ in range(3)]
    assert codes.texts() == tuple(opened[1:])


def test_house_19_so_many_wrong_ones_close_all_and_a_new_code_has_all_attempts() -> None:
    codes = OneTimeCodes(attempts=2)
    codes.open()
    codes.count_wrong()
    kept = codes.open()
    codes.count_wrong()
    assert kept in codes
    codes.count_wrong()
    assert codes.texts() == ()


def test_house_19_without_a_bound_wrong_ones_close_none() -> None:
    codes = OneTimeCodes(new=lambda: "a code of its own")
    assert codes.open() == "a code of its own"
    for _ in range(100):
        codes.count_wrong()
    assert codes.texts() == ("a code of its own",)
