"""What can still be read of a broken history file, row by row."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

LEFT_OUT = frozenset({"band", "sample", "token", "clock", "alembic_version"})
"""Tables that are made anew from pages, and say nothing to a reader."""


def salvage(path: Path, out: Path) -> int:
    """Write every row that can be read as a line of JSON with its table, and return how many. Raises OSError."""
    saved = 0
    with (
        out.open("w", encoding="utf-8") as lines,
        suppress(sqlite3.DatabaseError),
        # Never written to: the file stays as it was found.
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        out.chmod(0o600)
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table in LEFT_OUT:
                continue
            for row in _rows(connection, table):
                told = {name: value for name, value in row.items() if not isinstance(value, bytes)}
                lines.write(json.dumps({"table": table, **told}, ensure_ascii=False) + "\n")
                saved += 1
    return saved


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, object]]:
    """The rows before the first page that cannot be read, and those after the last."""
    read = set[int]()
    for order in ("", " DESC"):
        with suppress(sqlite3.DatabaseError):
            # The name is one that SQLite gave.
            for row in connection.execute(f'SELECT rowid AS "_rowid", * FROM "{table}" ORDER BY rowid{order}'):  # noqa: S608
                told = dict(row)
                number = told.pop("_rowid")
                if number in read:
                    return
                read.add(number)
                yield told
