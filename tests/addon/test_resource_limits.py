"""Limits that the system holds a process to: which are set, and by which value."""

import sys
from pathlib import Path

import pytest

from addon.resource_limits import forbid_writing, limit_address_space, limit_processor_time, raise_file_limit


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_attack_18_the_soft_limit_of_files_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    now = [256, 4_096]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(now))
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: now.__setitem__(slice(None), both))
    assert raise_file_limit() == 4_096
    assert now == [4_096, 4_096]
    assert raise_file_limit() == 4_096


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_attack_18_a_system_that_refuses_a_limit_is_asked_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    now = [256, resource.RLIM_INFINITY]

    def setrlimit(_: int, both: tuple[int, int]) -> None:
        if both[0] > 10_240:
            raise ValueError
        now[:] = both

    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(now))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    assert raise_file_limit() == 10_240


def test_a_system_without_such_limits_has_no_number_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert raise_file_limit() is None


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """The limits that are set, where soft ones are eighty and hard ones a hundred; the process has one page by now."""
    import resource

    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(Path, "read_text", lambda _: "1 1 1")
    monkeypatch.setattr(resource, "getpagesize", lambda: 10)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (80, 100))
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    return limits


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
@pytest.mark.parametrize(("further", "limit"), [(20, 30), (1_000, 80)])
def test_address_space_is_limited_on_top_of_what_there_is_and_never_above_what_it_was(
    limits: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch, further: int, limit: int
) -> None:
    import resource

    monkeypatch.setattr("sys.platform", "linux")
    assert limit_address_space(further)
    assert limits == {resource.RLIMIT_AS: (limit, limit)}


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_where_a_limit_of_address_space_is_not_held_to_none_is_set(
    limits: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert not limit_address_space(20)
    assert limits == {}


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_time_and_files_are_limited_by_what_was_asked_for(limits: dict[int, tuple[int, int]]) -> None:
    import resource

    limit_processor_time(7)
    forbid_writing()
    assert limits == {resource.RLIMIT_CPU: (7, 7), resource.RLIMIT_FSIZE: (0, 0), resource.RLIMIT_CORE: (0, 0)}


def test_a_system_without_limits_is_asked_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    limit_processor_time(7)
    forbid_writing()
    assert not limit_address_space(20)
