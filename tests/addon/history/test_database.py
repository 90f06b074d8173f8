"""Opening the history: a new file, a damaged one, and an address that is none."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError

from addon.history import database
from addon.history.database import HEAD, is_broken, open_file, open_history, open_url
from addon.history.file import Unusable, set_aside_files


def test_a_new_history_is_of_this_version_and_the_users_alone(tmp_path: Path) -> None:
    engine, aside = open_history(tmp_path / "new", None)
    with engine.connect() as db:
        assert db.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert db.execute(text("PRAGMA secure_delete")).scalar() == 1, "what is forgotten is overwritten"
    engine.dispose()
    assert aside is None
    assert (tmp_path / "new" / "history.db").stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_kept_under_another_name_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(b"no database at all " * 100)
    engine, aside = open_file(path)
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM finding")).scalar() == 0
    engine.dispose()
    assert aside is not None
    assert aside.read_bytes().startswith(b"no database")
    assert aside in set_aside_files(path)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read-only")])
def test_a_new_history_is_begun_though_the_rows_of_the_old_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(*_: object) -> int:
        raise error

    path, broken = tmp_path / "history.db", b"no database at all " * 100
    path.write_bytes(broken)
    monkeypatch.setattr("addon.history.database.salvage", fail)
    engine, aside = open_file(path)
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM finding")).scalar() == 0
    engine.dispose()
    assert aside is not None, "the user is told of it"
    assert aside.read_bytes() == broken


def test_where_no_new_history_can_be_begun_the_old_one_is_kept_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OperationalError("CREATE", None, sqlite3.OperationalError("database or disk is full"))

    path, broken = tmp_path / "history.db", b"no database at all " * 100
    path.write_bytes(broken)
    monkeypatch.setattr("addon.history.database.create", fail)
    with pytest.raises(Unusable, match="disk is full"):
        open_file(path)
    assert broken in [file.read_bytes() for file in set_aside_files(path)]
    monkeypatch.undo()
    engine, _ = open_file(path)
    engine.dispose()


def test_a_log_that_cannot_be_moved_keeps_the_file_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, wal = tmp_path / "history.db", tmp_path / "history.db-wal"
    open_file(path)[0].dispose()
    real = Path.rename

    def rename(file: Path, target: Path) -> Path:
        if file == wal:
            raise PermissionError(errno.EACCES, "in use")
        return real(file, target)

    monkeypatch.setattr(Path, "rename", rename)
    # As long as somebody reads the file, closing it does not empty its log.
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("INSERT INTO clock VALUES ('latest', '2026')")
        reader.commit()
        path.write_bytes(b"no database at all " * 1_000)
        with pytest.raises(PermissionError):
            open_file(path)
        assert path.read_bytes() == b"no database at all " * 1_000
        assert wal.stat().st_size > 0
        assert set_aside_files(path) == []


@pytest.mark.parametrize(
    ("url", "reason"), [("mysql://user:secret@host/koban", "not postgresql"), ("no address", "ArgumentError")]
)
def test_an_address_of_no_postgresql_is_refused_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason) as refused:
        open_url(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("message", "broken"),
    [("database disk image is malformed", True), ("file is not a database", True), ("database is locked", False)],
)
def test_damage_is_told_from_what_passes(message: str, broken: bool) -> None:
    assert is_broken(DatabaseError("select", None, sqlite3.DatabaseError(message))) is broken


class LockedCursor:
    """A cursor that finds its file locked some times, or in another trouble."""

    def __init__(self, times: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self.times = times
        self.code = code

    def execute(self, _: str) -> None:
        if self.times:
            self.times -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.code
            raise error


def test_a_file_that_another_process_is_just_making_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LOOKS_AGAIN", 0)
    cursor = LockedCursor(3)
    database._log_ahead(cursor)  # type: ignore[arg-type]
    assert cursor.times == 0


def test_a_file_that_stays_locked_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_MS", -1)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        database._log_ahead(LockedCursor(3))  # type: ignore[arg-type]


def test_no_other_trouble_is_waited_for() -> None:
    cursor = LockedCursor(3, sqlite3.SQLITE_READONLY)
    with pytest.raises(sqlite3.OperationalError):
        database._log_ahead(cursor)  # type: ignore[arg-type]
    assert cursor.times == 2, "tried once"
