"""A report's files, and the manifest that tells whether they are as they were written."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.history.report.bundle import MANIFEST, File, add, manifest, verify, write

NOW = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
FILES = (File(name="report-ja.txt", text="事務局 御中\n"), File(name="timeline.csv", text="日,状態\n"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "new" / "report"
    write((*FILES, manifest({file.name: file.text.encode() for file in FILES}, NOW)), folder)
    return folder


def test_a_bundle_is_as_it_was_written_in_a_private_folder(folder: Path) -> None:
    assert verify(folder) == []
    assert folder.stat().st_mode & 0o077 == 0
    made = json.loads((folder / MANIFEST).read_text("utf-8"))
    assert made["made"] == "2026-11-27T10:30:00+09:00", "in Japanese time, as the report's own"
    assert {entry["name"]: entry["sha256"] for entry in made["files"]} == {file.name: file.sha256 for file in FILES}


def test_changed_missing_and_added_files_are_named(folder: Path) -> None:
    (folder / "report-ja.txt").write_text("事務局 御中。\n", "utf-8")
    (folder / "timeline.csv").unlink()
    (folder / "more.txt").touch()
    assert verify(folder) == ["more.txt", "report-ja.txt", "timeline.csv"]


def test_a_file_that_is_added_rightly_is_part_of_it(folder: Path) -> None:
    (folder / "report.pdf").write_bytes(b"%PDF")
    assert verify(folder) == ["report.pdf"]
    add(folder, "report.pdf", NOW)
    assert verify(folder) == []


def test_nothing_is_written_over(folder: Path) -> None:
    with pytest.raises(FileExistsError):
        write(FILES, folder)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [("", "Expecting value"), ("{}", "files"), ('{"files": [{}]}', "name"), ('{"files": 1}', "int")],
)
def test_a_manifest_that_cannot_be_read_is_said_so(folder: Path, broken: str, reason: str) -> None:
    (folder / MANIFEST).write_text(broken)
    with pytest.raises(ValueError, match=reason):
        verify(folder)
