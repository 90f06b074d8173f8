"""Opens the history: SQLite by default, PostgreSQL by URL; migrates it, and replaces a corrupt file."""

import logging
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from addon.history.file import BUSY_MS, HISTORY_FILE, VERSIONS, Unusable, newer_version
from addon.history.salvage import salvage
from addon.history.schema import METADATA, VERSION
from addon.state.paths import set_aside

log = logging.getLogger("koban.history")

HEAD = VERSIONS[-1]
CHECKED_WHOLE = 64_000_000
"""Bytes up to which a file is checked whole at the start; a larger one would keep the user waiting, and its damage is
detected when it is read."""
_LOOKS_AGAIN = 0.01
"""Seconds after which a file that was locked is tried again."""
LONGEST_LOG = 16_000_000
"""Bytes to which the write-ahead log is truncated after a checkpoint."""
REMOTE_LIMITS: Mapping[str, int] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
"""Parameters of libpq by which an unreachable database is detected within seconds; the system's own limits are many
minutes."""
_WRITING = 4_702_611
"""The advisory lock that admits one writer of a PostgreSQL database at a time, as SQLite does: two pages that show the
same people in a different order would otherwise deadlock, and one of them be lost."""


Unanswered = SQLAlchemyError
"""Raised by every history operation when the database fails; re-exported so callers need not import SQLAlchemy."""


def open_history(state_dir: Path, url: str | None, *, checked: bool = False) -> tuple[Engine, Path | None]:
    """Returns the history at a database URL, or without one that of a state directory, as `open_file` does.

    checked: another process has just checked the file. Raises Unusable, OSError.
    """
    if url is not None:
        return open_url(url), None
    return open_file(state_dir / HISTORY_FILE, checked=checked)


def open_file(path: Path, *, checked: bool = False) -> tuple[Engine, Path | None]:
    """Returns the history in a file, created if missing, and the new path of a corrupt file that it replaces.

    A corrupt file is renamed, and its readable rows are written next to it as JSON Lines. Raises Unusable if the file
    is a newer Koban's (it then stays as it is) or cannot be written.
    """
    try:
        return _opened(path, up_to=0 if checked else CHECKED_WHOLE), None
    except DatabaseError as error:
        if not is_broken(error):
            raise Unusable(str(error.orig)) from None
    engine, broken_file = replace_corrupt(path)
    return engine, broken_file


def replace_corrupt(path: Path) -> tuple[Engine, Path | None]:
    """Rename a corrupt file, write its readable rows next to it, and start a new one.

    Returns the new history and the old file's new path, or None for that if another process has replaced it already.
    Raises Unusable, OSError; where no new one can be started, the old file has its new name all the same, which
    Unusable tells.
    """
    broken_file = None
    try:
        with _locked(path.with_name(f"{path.name}.lock")):
            try:
                return _opened(path, up_to=None), None
            except DatabaseError as error:
                if not is_broken(error):
                    raise Unusable(str(error.orig)) from None
            broken_file = _moved_aside(path)
            path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
            try:
                return _opened(path), broken_file
            except (DatabaseError, OSError) as error:
                raise Unusable(str(getattr(error, "orig", error)), broken_file) from None
    finally:
        if broken_file is not None:
            _write_readable_rows(broken_file)


def _moved_aside(path: Path) -> Path:
    """Rename a corrupt file together with its log, or neither. Returns the file's new path. Raises OSError."""
    broken_file = set_aside(path, datetime.now(UTC))
    wal = path.with_name(f"{path.name}-wal")
    try:
        if wal.exists():
            # The latest commits may be in it only, and SQLite deletes the log that it finds beside a new file.
            wal.rename(broken_file.with_name(f"{broken_file.name}-wal"))
    except OSError:
        broken_file.rename(path)
        raise
    return broken_file


def _write_readable_rows(broken_file: Path) -> None:
    """Write a corrupt file's readable rows beside it; where that fails, the file has them still."""
    try:
        row_count = salvage(broken_file, broken_file.with_suffix(".jsonl"))
    except OSError as error:
        why = type(error).__name__
        log.error("history unusable: kept as %s; its rows could not be written beside: %s", broken_file.name, why)
    else:
        log.warning("history unusable: kept as %s, %d rows of it written beside", broken_file.name, row_count)


def open_url(url: str) -> Engine:
    """Returns the history at a database URL (`postgresql://…`), shared by a household. Raises Unusable."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername != "postgresql+psycopg":
            raise Unusable(f"{parsed.drivername}: not postgresql")
        engine = create_engine(parsed, pool_pre_ping=True, connect_args=dict(REMOTE_LIMITS))
        event.listen(engine, "begin", _wait_for_writers)
        _migrate(engine)
    except ImportError:
        raise Unusable("psycopg is not installed: pip install 'koban[postgres]'") from None
    except SQLAlchemyError as error:
        # Its text may contain the password.
        raise Unusable(type(getattr(error, "orig", None) or error).__name__) from None
    return engine


def _opened(path: Path, *, up_to: int | None = CHECKED_WHOLE) -> Engine:
    """up_to: bytes up to which the file is checked whole; None for any size."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    newer = newer_version(path)
    if newer is not None:
        raise Unusable(f"its schema {newer!r} is of a newer Koban")
    if not path.exists():
        path.touch(mode=0o600)
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    try:
        _migrate(engine)
        if up_to is None or path.stat().st_size < up_to:
            with engine.connect() as connection:
                if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
                    raise DatabaseError("quick_check", None, Exception("malformed"))
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    """Run the block in one process at a time. Raises OSError."""
    with lock.open("a") as file:
        _lock(file)
        yield


if sys.platform != "win32":
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
else:
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)


def _set_up(connection: "object", _: ConnectionPoolEntry) -> None:
    # The driver would start transactions of its own, with a migration outside them.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # Readers never wait for the writer, and commits survive a crash of the program (not a power cut).
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _log_ahead(cursor)
    for pragma in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        # Deleted rows are overwritten in the file.
        "secure_delete=ON",
        f"journal_size_limit={LONGEST_LOG}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _log_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch a file to a write-ahead log, in which it then stays. Raises sqlite3.Error, after a while if it is locked.

    Where two do so at once, SQLite tells one of them that it is locked, whatever time it was told to wait
    (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
    """
    last = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # An extended code has what it belongs to in its last byte. A disk that is full does not mend by waiting.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(_LOOKS_AGAIN)
        else:
            return


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that becomes a writer cannot wait for another's write.
    kind = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _wait_for_writers(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        at = _version(connection)
    if at == HEAD:
        return
    if at is not None and at not in VERSIONS:
        raise Unusable(f"its schema {at!r} is of a newer Koban")
    with engine.execution_options(writes=True).begin() as connection:
        # Again: another process may have been there first.
        if _version(connection) is None:
            create(connection)
        else:
            upgrade(connection)


def _version(connection: Connection) -> str | None:
    """Returns the migration that a database is at; None for an empty one."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.execute(select(VERSION.c.version_num)).scalar()


def create(connection: Connection) -> None:
    """Make the tables in an empty database. Raises SQLAlchemyError, also where there is one of them."""
    METADATA.create_all(connection, checkfirst=False)
    VERSION.create(connection, checkfirst=True)
    connection.execute(VERSION.insert().values(version_num=HEAD))


def upgrade(connection: Connection) -> None:
    """Bring the tables of an older version up. Raises SQLAlchemyError."""
    # Late: 10 MB, for the first start of a new version alone.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "addon.history:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def has_no_tables(error: DatabaseError) -> bool:
    """Returns whether an error means that the file is empty: begun in place of a corrupt one, on a disk then full."""
    return "no such table" in str(error.orig)


def is_broken(error: DatabaseError) -> bool:
    """Returns whether an error means that the file itself is damaged."""
    message = str(error.orig)
    return any(words in message for words in ("malformed", "not a database", "disk image"))
