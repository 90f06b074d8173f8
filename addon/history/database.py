"""Opening the history: SQLite by default, PostgreSQL by URL, brought to the newest schema, set aside where broken."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from addon.history.salvage import salvage
from addon.paths import set_aside

log = logging.getLogger("koban.history")

HEAD = "0001"
"""The newest migration. Alembic, slow to import, is asked only where the database is at another."""
CHECKED_WHOLE = 64_000_000
"""Bytes up to which a file is looked through at the start; a larger one would keep its user waiting."""
BUSY_MS = 10_000
"""How long one process waits for another's write."""


class Unusable(Exception):
    """The history cannot be used; the text says why, without what it holds."""


def open_file(path: Path) -> tuple[Engine, Path | None]:
    """The history in a file, made where there is none.

    A file that is broken is set aside under a new name, what can be read of it is written beside that as JSON
    Lines, and a new one is begun; the name is the second value. Raises Unusable where the file is of a newer
    Koban's (it is left as it is), or cannot be written.
    """
    try:
        return _opened(path), None
    except DatabaseError as error:
        if not _is_broken(error):
            raise Unusable(str(error.orig)) from None
    aside = set_aside(path, datetime.now(UTC))
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists():
        # What was committed last may stand in it alone.
        wal.rename(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    saved = salvage(aside, aside.with_suffix(".jsonl"))
    log.warning("history unusable: kept as %s, %d rows of it written beside", aside.name, saved)
    return _opened(path), aside


def open_url(url: str) -> Engine:
    """The history at a database URL (`postgresql+psycopg://…`), shared by a household. Raises Unusable."""
    try:
        engine = create_engine(url, pool_pre_ping=True)
        _migrate(engine)
    except (SQLAlchemyError, ImportError) as error:
        raise Unusable(type(error).__name__) from None
    return engine


def _opened(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    try:
        _migrate(engine)
        if path.stat().st_size < CHECKED_WHOLE:
            with engine.connect() as connection:
                if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
                    raise DatabaseError("quick_check", None, Exception("malformed"))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _set_up(connection: "object", _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions of its own, and leave a migration outside of them.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # Readers never wait for the writer, and what was committed outlives a crash of the program (not of the power).
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: one that had read before could not wait for another's write.
    kind = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    if at == HEAD:
        return
    # Here alone: see HEAD.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", "addon.history:migrations")
    config.set_main_option("path_separator", "os")
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise Unusable(f"its schema {at!r} is of a newer Koban") from None


def _is_broken(error: DatabaseError) -> bool:
    told = str(error.orig)
    return "malformed" in told or "not a database" in told or "disk image" in told
