"""Connections that say nothing: closed in time, and the one that has waited longest first."""

from collections.abc import Callable

import pytest

from addon.connections import HEAD_SECONDS, Connections, most_connections


class Time:
    """A clock that is set by hand, and what is to be done when it comes to a time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.planned: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self.planned.append((self.now + seconds, do))

    def goes_to(self, now: float) -> None:
        while due := sorted((each for each in self.planned if each[0] <= now), key=lambda each: each[0]):
            self.planned.remove(due[0])
            self.now = due[0][0]
            due[0][1]()
        self.now = now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ended() -> list[str]:
    return []


@pytest.fixture
def connections(time: Time, ended: list[str]) -> Connections:
    return Connections(3, clock=lambda: time.now, later=time.later)


def test_attack_18_who_says_nothing_is_closed_in_time(connections: Connections, time: Time, ended: list[str]) -> None:
    connections.opened("silent", lambda: ended.append("silent"))
    time.goes_to(1.0)
    connections.opened("speaks", lambda: ended.append("speaks"))
    time.goes_to(HEAD_SECONDS - 1)
    connections.heard("speaks")
    assert ended == []
    time.goes_to(HEAD_SECONDS)
    assert ended == ["silent"]
    time.goes_to(10 * HEAD_SECONDS)
    assert ended == ["silent"]
    assert len(connections) == 1
    assert time.planned == [], "nothing wakes an idle machine"


def test_attack_18_drops_of_a_head_gain_no_time(connections: Connections, time: Time, ended: list[str]) -> None:
    connections.opened("slow", lambda: ended.append("slow"))
    for second in range(int(HEAD_SECONDS)):
        time.goes_to(float(second))
        connections.awaited("slow")
    time.goes_to(HEAD_SECONDS)
    assert ended == ["slow"]


def test_attack_18_a_second_head_has_its_own_time(connections: Connections, time: Time, ended: list[str]) -> None:
    connections.opened("one", lambda: ended.append("one"))
    time.goes_to(50.0)
    connections.heard("one")
    time.goes_to(500.0)
    connections.awaited("one")
    time.goes_to(500.0 + HEAD_SECONDS - 1)
    assert ended == []
    time.goes_to(500.0 + HEAD_SECONDS)
    assert ended == ["one"]


def test_attack_18_of_too_many_the_one_that_waited_longest_goes(
    connections: Connections, time: Time, ended: list[str]
) -> None:
    for name in ("a", "b", "c", "d", "e"):
        time.goes_to(time.now + 1)
        connections.opened(name, lambda name=name: ended.append(name))  # type: ignore[misc]
        if name == "b":
            connections.heard("b")
    assert ended == ["a", "c"], "and not the one that is served"


def test_attack_18_of_too_many_that_are_served_the_least_used_goes(connections: Connections, ended: list[str]) -> None:
    for name, used in (("a", 5.0), ("b", 1.0), ("c", 3.0)):
        connections.opened(name, lambda name=name: ended.append(name), lambda used=used: used)  # type: ignore[misc]
        connections.heard(name)
    connections.opened("new", lambda: ended.append("new"))
    assert ended == ["b"]


def test_what_has_ended_is_forgotten(connections: Connections, time: Time, ended: list[str]) -> None:
    connections.opened("a", lambda: ended.append("a"))
    connections.closed("a")
    connections.closed("a")
    connections.heard("a")
    connections.awaited("a")
    time.goes_to(10 * HEAD_SECONDS)
    assert ended == []
    assert len(connections) == 0


@pytest.mark.parametrize(("files", "most"), [(None, 1_000), (20_000, 1_000), (1_024, 192), (256, 32), (10, 32)])
def test_attack_18_connections_leave_files_for_all_else(files: int | None, most: int) -> None:
    assert most_connections(files, 1_000) == most
