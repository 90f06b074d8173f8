"""The file of the history, and what can be said of it without SQLAlchemy, which is large and slow to import."""

import sqlite3
from contextlib import closing
from pathlib import Path

HISTORY_FILE = "history.db"
"""In the state folder, where the history is no database elsewhere."""
VERSIONS = ("0001", "0002", "0003", "0004")
"""All migrations, oldest first."""
BUSY_MS = 10_000
"""Milliseconds that one process waits for another's write."""


class Unusable(Exception):
    """The history cannot be used; the text gives the reason, and no content.

    broken_file: the new path of a corrupt file that was moved aside, though none could be begun in its place.
    """

    def __init__(self, reason: str, broken_file: Path | None = None) -> None:
        self.broken_file = broken_file
        super().__init__(reason)


def set_aside_files(path: Path) -> list[Path]:
    """Returns the corrupt files that were renamed, and those with their readable rows, oldest first."""
    return sorted(path.parent.glob(f"{path.stem}.broken-*"))


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
