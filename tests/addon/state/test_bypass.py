"""Hosts that are bypassed for a while, and the file by which the doctor knows of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from addon.health_words import BYPASS
from addon.state import json_file
from addon.state.bypass import BYPASS_FILE, LASTS, Bypass, Trouble, troubles_in
from addon.state.paths import write_atomically
from rules.model import LeftAlone

HOST = "crowdworks.jp"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_bypass_ends_by_itself(clock: Clock) -> None:
    bypass = Bypass(clock)
    assert bypass.get(HOST) is None
    bypassed = bypass.add(HOST, "bot-check")
    assert bypass.get(HOST) == bypassed
    assert bypass.get("lancers.jp") is None
    clock.now = bypassed.until - timedelta(seconds=1)
    assert bypass.current() == [bypassed]
    clock.now = bypassed.until
    assert bypass.get(HOST) is None
    assert bypass.current() == []


def test_a_host_that_cannot_be_reached_is_a_trouble_and_not_bypassed(clock: Clock) -> None:
    bypass = Bypass(clock)
    bypass.mark_unreachable(HOST)
    assert bypass.get(HOST) is None
    assert [trouble.reason for trouble in bypass.troubles()] == ["unreachable"]
    bypass.mark_reachable(HOST)
    assert bypass.troubles() == []
    bypass.mark_unreachable(HOST)
    bypass.add(HOST, "refused")
    assert [trouble.reason for trouble in bypass.troubles()] == ["refused"], "it answers, if only to refuse"


def test_the_doctor_reads_what_a_running_koban_wrote(clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "left-alone.json"
    bypass = Bypass(clock, file)
    bypass.add("lancers.jp", "upstream-tls")
    bypass.mark_unreachable(HOST)
    assert troubles_in(file, clock.now) == bypass.troubles()
    assert [t.host for t in troubles_in(file, clock.now + LASTS["upstream-tls"])] == []
    bypass.clear()
    assert troubles_in(file, clock.now) == []


def test_a_file_of_a_session_that_has_ended_counts_for_nothing(clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "left-alone.json"
    Bypass(clock, file).add(HOST, "refused")
    bypass = Bypass(clock, file)
    assert bypass.current() == []
    assert troubles_in(file, clock.now) == []


HALF: list[object] = [1, [{}], [{"host": "a"}], [{"host": "a", "reason": "refused", "until": "2099-01-01T00:00:00"}]]


def test_a_host_that_is_tried_again_and_again_is_written_once_in_a_while(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / BYPASS_FILE
    bypass = Bypass(clock, file)
    writes: list[Path] = []
    write = write_atomically

    def counted(path: Path, data: bytes) -> tuple[int, int] | None:
        writes.append(path)
        return write(path, data)

    monkeypatch.setattr(json_file, "write_atomically", counted)
    for _ in range(3):
        bypass.mark_unreachable("crowdworks.jp")
    assert len(writes) == 1
    clock.now += LASTS["unreachable"]
    bypass.mark_unreachable("crowdworks.jp")
    assert [trouble.host for trouble in troubles_in(file, clock.now)] == ["crowdworks.jp"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"null", *(json.dumps({"troubles": troubles}).encode() for troubles in HALF)]
)
def test_a_damaged_file_is_no_trouble(clock: Clock, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "left-alone.json"
    file.write_bytes(content)
    assert troubles_in(file, clock.now) == []
    assert file.read_bytes() == content, "it belongs to the Koban that runs"
    assert troubles_in(tmp_path / "missing", clock.now) == []


def test_a_folder_that_cannot_be_written_hinders_no_bypass(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    bypass = Bypass(clock, tmp_path / "file/left-alone.json")
    bypass.add(HOST, "refused")
    assert bypass.get(HOST) is not None


def test_issue_19_each_reason_to_leave_a_host_alone_has_its_words_and_its_time() -> None:
    left_alone, unreachable = get_args(Trouble)
    assert left_alone == LeftAlone
    assert BYPASS.keys() == set(get_args(LeftAlone))
    assert LASTS.keys() == {*get_args(LeftAlone), *get_args(unreachable)}
