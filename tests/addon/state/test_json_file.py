"""Small JSON files: validated when read, whole when written, and none of the user's lost."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel

from addon.state.json_file import JsonFile, OfNewerKoban, SharedJsonFile


class Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = Field(default=2, ge=2, le=2)
    number: int = 0
    words: tuple[str, ...] = ()


def test_house_20_a_missing_file_holds_the_defaults(tmp_path: Path) -> None:
    file = JsonFile(tmp_path / "some.json", Content)
    assert file.read() == Content()
    assert list(tmp_path.iterdir()) == []


def test_house_20_content_is_read_as_written_and_private(tmp_path: Path) -> None:
    file = JsonFile(tmp_path / "folder" / "some.json", Content)
    file.write(Content(number=1, words=("交番",)))
    assert file.read() == Content(number=1, words=("交番",))
    assert "交番" in file.path.read_text(encoding="utf-8")
    if os.name == "posix":
        assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"number": "many"}', b"\xff\xfe", b"[" * 9_999])
def test_house_20_a_broken_file_is_renamed_and_read_as_the_defaults(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(broken)
    file = JsonFile(path, Content, clock=lambda: datetime(2026, 11, 26, tzinfo=UTC))
    assert file.read() == Content()
    assert file.set_aside == tmp_path / "some.broken-20261126T000000000000Z.json"
    file.write(Content(number=1))
    assert file.set_aside.read_bytes() == broken


def test_house_20_a_reader_leaves_a_broken_file_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(b"{")
    file = SharedJsonFile(path, Content, read_only=True)
    assert (file.current, file.set_aside, path.read_bytes()) == (Content(), None, b"{")


NEWER = (
    b'{"schema_version": 3, "number": 5}',
    b'{"number": 5, "other": 1}',
    b'{"schema_version": 3, "number": 5, "other": {"a": [1]}, "another": null}',
)


@pytest.mark.parametrize("newer", NEWER)
def test_house_20_a_file_of_a_newer_koban_is_read_and_left_alone(tmp_path: Path, newer: bytes) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(newer)
    file = SharedJsonFile(path, Content)
    assert (file.current, file.set_aside, file.fault) == (Content(number=5), None, "newer")
    with pytest.raises(OfNewerKoban, match="newer one, or misspelt"):
        file.write(Content(number=6))
    assert (file.current, path.read_bytes()) == (Content(number=5), newer)
    assert list(tmp_path.iterdir()) == [path]
    path.unlink()
    assert (file.current, file.fault) == (Content(), None)
    file.write(Content(number=6))


def test_house_20_a_file_of_a_newer_koban_that_is_not_understood_is_no_default(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    running = SharedJsonFile(path, Content)
    running.write(Content(number=5))
    path.write_bytes(b'{"schema_version": 3, "number": "five"}')
    assert running.current == running.current == Content(number=5), "what was read before"
    for file in (running, SharedJsonFile(path, Content), JsonFile(path, Content, read_only=True)):
        with pytest.raises(OfNewerKoban):
            file.read()
    counts = JsonFile(path, Content)
    assert (counts.read_or_move(), counts.set_aside) == (Content(), None)
    with pytest.raises(OfNewerKoban):
        counts.write(Content())


def test_house_20_an_unknown_key_within_a_list_hides_none_of_its_elements(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(b'[{"number": 1, "other": 2}, {"number": 3}]')
    file = JsonFile(path, RootModel[list[Content]])
    assert (file.read().root, file.fault) == ([Content(number=1), Content(number=3)], "newer")


def test_house_20_a_write_of_another_process_right_after_our_own_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (SharedJsonFile(tmp_path / "some.json", Content) for _ in range(2))
    replace = Path.replace

    def replace_twice(temporary: Path, path: Path) -> None:
        replace(temporary, path)
        monkeypatch.setattr(Path, "replace", replace)
        theirs.write(Content(number=2))

    monkeypatch.setattr(Path, "replace", replace_twice)
    ours.write(Content(number=1))
    assert ours.current == Content(number=2)


def test_house_20_logs_carry_nothing_of_a_broken_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "some.json").write_text('{"number": "the words of a client"}')
    JsonFile(tmp_path / "some.json", Content).read()
    assert "some.json unusable (number: int_parsing)" in caplog.text
    assert "client" not in caplog.text


def test_house_20_a_file_that_cannot_be_read_is_an_error_unless_its_content_comes_again(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.mkdir()
    file = JsonFile(path, RootModel[list[int]])
    with pytest.raises(OSError, match="directory"):
        file.read()
    collected = JsonFile(path, Content)
    assert collected.read_or_move() == Content()
    assert collected.set_aside is not None
    assert collected.set_aside.is_dir()


def test_house_20_a_failed_write_changes_neither_disk_nor_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SharedJsonFile(tmp_path / "some.json", Content)
    file.write(Content(number=1))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("addon.state.json_file.write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        file.write(Content(number=2))
    assert file.current == file.read() == Content(number=1)


def test_house_20_another_process_may_replace_the_file(tmp_path: Path) -> None:
    ours, theirs = (SharedJsonFile(tmp_path / "some.json", Content) for _ in range(2))
    assert ours.current == Content()
    theirs.write(Content(number=1))
    assert ours.current == Content(number=1)
    ours.path.unlink()
    assert theirs.current == Content()


def test_house_20_what_was_read_stays_while_the_file_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = (SharedJsonFile(tmp_path / "some.json", Content) for _ in range(2))
    ours.write(Content(number=1))
    theirs.write(Content(number=2))
    read_bytes = Path.read_bytes

    def in_use(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "The process cannot access the file")

    monkeypatch.setattr(Path, "read_bytes", in_use)
    assert ours.current == ours.current == Content(number=1)
    with pytest.raises(PermissionError):
        ours.write(Content(number=3))
    with pytest.raises(PermissionError):
        SharedJsonFile(tmp_path / "some.json", Content).current  # noqa: B018
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert ours.current == Content(number=2), "read again as soon as it can be"
    ours.write(Content(number=3))
    assert theirs.current == Content(number=3)
