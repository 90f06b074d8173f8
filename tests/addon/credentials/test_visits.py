"""Sessions of the history page: one for a code, and none for a code that came twice."""

from datetime import UTC, datetime, timedelta

from addon.credentials.visits import MAX_SESSIONS, Visits


def test_a_code_opens_one_session() -> None:
    visits = Visits()
    token = visits.enter(visits.open_code())
    assert token is not None
    assert visits.admits(token)
    assert not visits.admits(token + "x")
    assert not visits.admits("")


def test_a_code_that_comes_again_ends_the_session_that_it_opened() -> None:
    visits = Visits()
    code, other = visits.open_code(), visits.open_code()
    token, kept = visits.enter(code), visits.enter(other)
    assert token is not None
    assert kept is not None
    assert visits.enter(code) is None
    assert not visits.admits(token)
    assert visits.admits(kept), "another's session stays"


def test_a_wrong_code_opens_and_ends_nothing() -> None:
    visits = Visits()
    token = visits.enter(visits.open_code())
    assert visits.enter("wrong") is None
    assert visits.admits(token or "")


def test_a_code_ends() -> None:
    now = [datetime(2026, 11, 26, tzinfo=UTC)]
    visits = Visits(lambda: now[0])
    code = visits.open_code()
    now[0] += timedelta(minutes=11)
    assert visits.enter(code) is None


def test_of_too_many_sessions_the_oldest_ends() -> None:
    visits = Visits()
    tokens = [visits.enter(visits.open_code()) or "" for _ in range(MAX_SESSIONS + 1)]
    assert not visits.admits(tokens[0])
    assert all(visits.admits(token) for token in tokens[1:])
