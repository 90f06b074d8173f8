"""Opens the history: SQLite by default, PostgreSQL by URL; migrates it, and replaces a corrupt file."""

import logging
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from addon.history.salvage import salvage
from addon.state.paths import set_aside

log = logging.getLogger("koban.history")

HISTORY_FILE = "history.db"
"""In the state folder, where the history is no database elsewhere."""
VERSIONS = ("0001", "0002", "0003", "0004")
"""All migrations, oldest first. Alembic, slow to import, is loaded only for a database of an older version."""
HEAD = VERSIONS[-1]
CHECKED_WHOLE = 64_000_000
"""Bytes up to which a file is checked whole at the start; a larger one would keep the user waiting, and its damage is
detected when it is read."""
BUSY_MS = 10_000
"""Milliseconds that one process waits for another's write."""
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


class Unusable(Exception):
    """The history cannot be used; the text gives the reason, and no content."""


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
    Raises Unusable, OSError.
    """
    broken_file = None
    with _locked(path.with_name(f"{path.name}.lock")):
        try:
            return _opened(path, up_to=None), None
        except DatabaseError as error:
            if not is_broken(error):
                raise Unusable(str(error.orig)) from None
        broken_file = set_aside(path, datetime.now(UTC))
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():
            # The latest commits may be in it only.
            wal.rename(broken_file.with_name(f"{broken_file.name}-wal"))
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        engine = _opened(path)
    saved_rows = salvage(broken_file, broken_file.with_suffix(".jsonl"))
    log.warning("history unusable: kept as %s, %d rows of it written beside", broken_file.name, saved_rows)
    return engine, broken_file


def set_aside_files(path: Path) -> list[Path]:
    """Returns the corrupt files that were renamed, and those with their readable rows, oldest first."""
    return sorted(path.parent.glob(f"{path.stem}.broken-*"))


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


def newer_version(path: Path) -> str | None:
    """Returns the version of a file that only a newer Koban can use, else None. The file is not changed.

    It is opened read-only: closing it otherwise would write its log into it.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_MS / 1000)) as file:
            at = file.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        return None  # New, corrupt or locked: opening it will show.
    return str(at[0]) if at is not None and at[0] not in VERSIONS else None


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
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        # Deleted rows are overwritten in the file.
        "secure_delete=ON",
        f"journal_size_limit={LONGEST_LOG}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that becomes a writer cannot wait for another's write.
    kind = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _wait_for_writers(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        is_known = inspect(connection).has_table("alembic_version")
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if is_known else None
    if at == HEAD:
        return
    if at is not None and at not in VERSIONS:
        raise Unusable(f"its schema {at!r} is of a newer Koban")
    # Late: see VERSIONS.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "addon.history:migrations")
    config.set_main_option("path_separator", "os")
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_broken(error: DatabaseError) -> bool:
    """Returns whether an error means that the file itself is damaged."""
    message = str(error.orig)
    return any(words in message for words in ("malformed", "not a database", "disk image"))
