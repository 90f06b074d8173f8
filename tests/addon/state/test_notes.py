"""Notes are written once enough of them have come, and a disk that is full is not tried with each page."""

from pathlib import Path

import pytest
from pydantic import RootModel

from addon.state.json_file import JsonFile
from addon.state.notes import KEEP_EVERY, Notes


class Words(RootModel[list[str]]):
    """The content of a file."""

    root: list[str] = []


class WordNotes(Notes[Words]):
    """Words, noted one by one."""

    def __init__(self, path: Path) -> None:
        super().__init__(JsonFile(path, Words), "words")
        self._words: list[str] = []

    def note(self, word: str) -> None:
        with self._lock:
            self._words.append(word)
            self._unwritten_count += 1

    def _content(self) -> Words:
        return Words(list(self._words))


def content_of(path: Path) -> list[str]:
    return JsonFile(path, Words).read_or_move().root


def test_notes_are_written_once_enough_have_come(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    notes = WordNotes(path)
    for number in range(KEEP_EVERY - 1):
        notes.note(str(number))
        notes.keep_if_due()
    assert not path.exists()
    notes.note("last")
    notes.keep_if_due()
    assert content_of(path)[-1] == "last"


def test_all_notes_are_written_at_the_end(tmp_path: Path) -> None:
    notes = WordNotes(tmp_path / "words.json")
    notes.note("only")
    notes.keep()
    assert content_of(tmp_path / "words.json") == ["only"]


def test_a_disk_that_is_full_is_tried_again_when_as_many_more_have_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    notes = WordNotes(tmp_path / "words.json")
    attempts: list[Words] = []

    def refuse(_file: object, content: Words) -> None:
        attempts.append(content)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(JsonFile, "write", refuse)
    for number in range(2 * KEEP_EVERY - 1):
        notes.note(str(number))
        notes.keep_if_due()
    assert len(attempts) == 1
    assert caplog.messages == ["words not written: No space left on device"]
