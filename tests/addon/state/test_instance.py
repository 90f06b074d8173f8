"""One Koban a state folder, and the second start that asks for its window."""

import asyncio
import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from addon.state import instance
from addon.state.instance import (
    BELL_FILE,
    REQUEST_FILE,
    request_window,
    sole_instance,
    want_window,
    window_request,
)

HOLDER = """
import sys
from pathlib import Path
from addon.state.instance import sole_instance
with sole_instance(Path(sys.argv[1])) as is_sole:
    print(is_sole, flush=True)
    sys.stdin.read()
"""


def test_reach_03_a_second_start_is_not_the_only_one_until_the_first_has_ended(tmp_path: Path) -> None:
    with sole_instance(tmp_path) as first, sole_instance(tmp_path) as second:
        assert (first, second) == (True, False)
    with sole_instance(tmp_path) as next_one:
        assert next_one


def test_reach_03_a_koban_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with sole_instance(tmp_path) as beside:
            assert not beside
        other.kill()
    with sole_instance(tmp_path) as after:
        assert after


def test_reach_03_where_there_are_no_locks_the_ports_decide(tmp_path: Path) -> None:
    with sole_instance(tmp_path / "missing") as is_sole:
        assert is_sole


async def test_reach_03_a_request_is_seen_once(tmp_path: Path) -> None:
    with sole_instance(tmp_path):
        asked = asyncio.create_task(asyncio.to_thread(request_window, tmp_path))
        await window_request(tmp_path, every=0)
        assert await asked == "shown"
    assert not (tmp_path / REQUEST_FILE).exists()


_has_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes in folders")


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@_has_pipes
async def test_reach_03_a_request_is_heard_and_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "SELDOM", 3600.0)
    waiting = asyncio.create_task(window_request(tmp_path, every=3600.0))
    await asyncio.sleep(0)
    for _ in range(3):
        # Whoever rings without a request is let wait.
        with (tmp_path / BELL_FILE).open("wb") as bell:
            bell.write(b"!")
        await asyncio.sleep(0)
    assert not waiting.done()
    want_window(tmp_path)
    await asyncio.wait_for(waiting, 60)
    assert _files(tmp_path) == []


async def test_reach_03_a_request_is_seen_where_there_are_no_named_pipes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("os.mkfifo", raising=False)
    waiting = asyncio.create_task(window_request(tmp_path, every=0))
    await asyncio.sleep(0)
    assert not waiting.done()
    want_window(tmp_path)
    await asyncio.wait_for(waiting, 60)
    assert _files(tmp_path) == []


@_has_pipes
async def test_reach_03_a_request_is_seen_where_the_bell_was_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "SELDOM", 0.0)
    waiting = asyncio.create_task(window_request(tmp_path))
    await asyncio.sleep(0)
    (tmp_path / BELL_FILE).unlink()
    want_window(tmp_path)
    await asyncio.wait_for(waiting, 60)
    assert _files(tmp_path) == []


@_has_pipes
async def test_reach_03_what_lies_where_the_bell_is_to_be_gives_way(tmp_path: Path) -> None:
    (tmp_path / BELL_FILE).write_text("restored")
    waiting = asyncio.create_task(window_request(tmp_path))
    await asyncio.sleep(0)
    assert (tmp_path / BELL_FILE).is_fifo()
    want_window(tmp_path)
    await asyncio.wait_for(waiting, 60)


def test_reach_03_a_request_that_nobody_sees_is_withdrawn(tmp_path: Path) -> None:
    waits: list[float] = []
    with sole_instance(tmp_path):
        assert request_window(tmp_path, patience=1.0, wait=waits.append) == "silent"
    assert waits == [instance.ASKING_EVERY] * 4
    assert not (tmp_path / REQUEST_FILE).exists()


def test_reach_03_where_the_other_ends_before_it_sees_the_request_that_is_known_at_once(tmp_path: Path) -> None:
    """Its user has closed the window and opens it again: nobody is there to ask."""
    with contextlib.ExitStack() as first:
        first.enter_context(sole_instance(tmp_path))
        assert request_window(tmp_path, wait=lambda _: first.close()) == "ended"
    assert not (tmp_path / REQUEST_FILE).exists()


def test_reach_03_a_request_from_before_the_start_is_none(tmp_path: Path) -> None:
    (tmp_path / REQUEST_FILE).touch()
    with sole_instance(tmp_path):
        assert not (tmp_path / REQUEST_FILE).exists()
    with pytest.raises(OSError, match="No such file"):
        request_window(tmp_path / "missing")
