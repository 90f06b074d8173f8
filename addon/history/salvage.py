"""What can still be read of a broken history file, row by row."""

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path


def salvage(path: Path, out: Path) -> int:
    """Write every row that can be read as a line of JSON with its table, and return how many. Raises OSError."""
    saved = 0
    with (
        out.open("w", encoding="utf-8") as lines,
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
    ):
        connection.row_factory = sqlite3.Row
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table in ("band", "sample", "alembic_version"):
                continue
            with suppress(sqlite3.DatabaseError):
                for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # a name that SQLite gave
                    lines.write(json.dumps({"table": table, **dict(row)}, ensure_ascii=False, default=str) + "\n")
                    saved += 1
    return saved
