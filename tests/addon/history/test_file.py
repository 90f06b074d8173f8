"""What can be said of the history's file before it is opened: its version, and those that were set aside."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from addon.history.database import open_file
from addon.history.file import Unusable, newer_version, set_aside_files


def test_a_newer_kobans_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_file(path)[0].dispose()
    assert newer_version(path) is None
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    assert newer_version(path) == "9999"
    with pytest.raises(Unusable, match="newer Koban"):
        open_file(path)
    assert path.read_bytes() == before
    assert set_aside_files(path) == []


def test_a_file_that_is_no_database_is_of_no_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    assert newer_version(path) is None, "there is none yet"
    path.write_bytes(b"no database at all " * 100)
    assert newer_version(path) is None
