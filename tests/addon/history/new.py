"""New histories for tests of other things than their migration, which is run once a process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url, text
from sqlalchemy import create_engine as connect

from addon.history.database import open_file, open_url
from addon.history.schema import METADATA

_DATABASE = "migrated"


@cache
def _migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "history.db")
        open_file(path)[0].dispose()
        return path.read_bytes()


def new_history(path: Path) -> Engine:
    """Returns a new history in a file that is not there yet."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_migrated_file())
    return open_file(path)[0]


@cache
def _migrated_database(server: str) -> str:
    engine = connect(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {_DATABASE}"))
    engine.dispose()
    url = make_url(server).set(database=_DATABASE).render_as_string(hide_password=False)
    open_url(url).dispose()
    return url


def new_shared_history(server: str) -> Engine:
    """Returns a history without rows on a PostgreSQL server: always the same database, emptied."""
    engine = open_url(_migrated_database(server))
    tables = ", ".join(table.name for table in METADATA.sorted_tables)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        connection.commit()
    return engine
