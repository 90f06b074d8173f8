"""A PostgreSQL server of the tests' own, and its databases.

It is on a socket in a folder of its own. Root cannot run one: another user does.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text

from addon.history.database import open_url
from addon.history.schema import METADATA

UNPRIVILEGED = ("postgres", "nobody")
_DATABASE = "migrated"


class Unavailable(Exception):
    """There is no PostgreSQL server here; the text says what is missing."""


def programs() -> Path:
    """The folder of `initdb` and `postgres`; Debian keeps them off the path. Raises Unavailable."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if os.name != "posix" or not folders or not (folders[-1] / "postgres").exists():
        raise Unavailable("PostgreSQL's server is not installed (Debian: postgresql)")
    return folders[-1]


@contextmanager
def server() -> Iterator[str]:
    """A new server; its value is the URL of its first database. Raises Unavailable."""
    where = programs()
    # Short, since a socket's address may have 107 bytes, and open to the other user.
    folder = Path(tempfile.mkdtemp(prefix="koban-pg-"))
    user = None
    if os.geteuid() == 0:
        user = next(name for name in UNPRIVILEGED if _is_user(name))
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    try:
        data = folder / "data"
        init: list[str | Path] = [where / "initdb", "-D", data, "-A", "trust", "-U", "koban"]
        init += ["-E", "UTF8", "--no-sync", "--no-locale"]
        subprocess.run(init, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        control: list[str | Path] = [where / "pg_ctl", "-D", data, "-w", "-s", "-t", "120"]
        begin = [*control, "-o", options, "-l", folder / "log", "start"]
        subprocess.run(begin, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
        try:
            yield f"postgresql://koban@/postgres?host={folder}"
        finally:
            # At once: a terminated one would wait for who is still connected.
            subprocess.run([*control, "-m", "fast", "stop"], check=True, user=user, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(url: str) -> Iterator[Connection]:
    """A connection to a database that nobody else is connected to any more, each statement of which is final.

    Whoever a test left connected would keep its tables.
    """
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        yield connection
    engine.dispose()


@cache
def _migrated_database(server: str) -> str:
    with alone(server) as connection:
        connection.execute(text(f"CREATE DATABASE {_DATABASE}"))
    url = make_url(server).set(database=_DATABASE).render_as_string(hide_password=False)
    open_url(url).dispose()
    return url


def new_shared_history(server: str) -> Engine:
    """Returns a history without rows on a PostgreSQL server: always the same database, emptied."""
    url = _migrated_database(server)
    tables = ", ".join(table.name for table in METADATA.sorted_tables)
    with alone(url) as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    return open_url(url)


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
