"""The readable rows of a broken file."""

import errno
import json
import sqlite3
from pathlib import Path

import pytest

from addon.history.salvage import salvage


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("CREATE TABLE client (id TEXT, name TEXT, copy BLOB)")
        connection.execute("CREATE TABLE token (token TEXT)")
        connection.executemany(
            "INSERT INTO client VALUES (?, ?, ?)", [(str(n), f"青空{n}" * 10, b"\0") for n in range(200)]
        )
        connection.execute("INSERT INTO token VALUES ('x')")
    connection.close()
    return path


def saved(path: Path, tmp_path: Path) -> list[dict[str, object]]:
    out = tmp_path / "out.jsonl"
    number = salvage(path, out)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert number == len(rows)
    return rows


def test_each_row_is_written_with_its_table_and_without_copies(database: Path, tmp_path: Path) -> None:
    rows = saved(database, tmp_path)
    assert len(rows) == 200
    assert rows[7] == {"table": "client", "id": "7", "name": "青空7" * 10}


def test_of_a_damaged_file_the_rows_on_both_sides_are_saved_once(database: Path, tmp_path: Path) -> None:
    content = bytearray(database.read_bytes())
    middle = len(content) // 2 // 512 * 512
    content[middle : middle + 1024] = b"\xff" * 1024
    database.write_bytes(content)
    before = database.read_bytes()
    idents = [str(row["id"]) for row in saved(database, tmp_path)]
    assert {"0", "199"} <= set(idents)
    assert len(set(idents)) == len(idents) < 200
    assert database.read_bytes() == before, "the file stays as it was found"


@pytest.mark.parametrize("content", [b"", b"no database" * 100])
def test_of_no_database_nothing_is_saved(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(content)
    assert saved(path, tmp_path) == []
    assert saved(tmp_path / "missing.db", tmp_path) == []


def test_of_rows_that_cannot_all_be_written_none_are_left_behind(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_disk(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    before, out = database.read_bytes(), tmp_path / "out.jsonl"
    monkeypatch.setattr("addon.history.salvage.json.dumps", fill_disk)
    with pytest.raises(OSError, match="No space"):
        salvage(database, out)
    assert not out.exists(), "a part would be taken for all"
    assert database.read_bytes() == before
