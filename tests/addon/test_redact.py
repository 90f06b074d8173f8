"""Errors in the log: type and place, never the message."""

from addon.redact import error_location

SECRET = "ここだけの話"


def test_the_place_is_named_and_the_message_is_not() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        location = error_location(error)
    assert location.startswith("ValueError at ")
    assert "test_redact.py:" in location
    assert SECRET not in location


def test_the_innermost_place_counts() -> None:
    try:
        int("x" * 3)
        raise AssertionError
    except ValueError as error:
        outer = error_location(error)
    try:
        [].pop()
    except IndexError as error:
        inner = error_location(error)
    assert outer.split(":")[-1] != inner.split(":")[-1]


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert error_location(KeyError(SECRET)) == "KeyError at ?"
