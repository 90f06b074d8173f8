"""Recovery of the readable rows of a corrupt history file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

LEFT_OUT = frozenset({"band", "sample", "token", "clock", "alembic_version"})
"""Tables that are rebuilt from pages, and mean nothing to a reader."""


def salvage(path: Path, out: Path) -> int:
    """Write every readable row as a line of JSON with its table. Returns the number of rows.

    Raises OSError; `out` is then gone, since a part of the rows would be taken for all.
    """
    try:
        return _write_rows(path, out)
    except OSError:
        with suppress(OSError):
            out.unlink(missing_ok=True)
        raise


def _write_rows(path: Path, out: Path) -> int:
    row_count = 0
    with (
        out.open("w", encoding="utf-8") as lines,
        suppress(sqlite3.DatabaseError),
        # Read only: the file stays as it was found.
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
                columns = {name: value for name, value in row.items() if not isinstance(value, bytes)}
                lines.write(json.dumps({"table": table, **columns}, ensure_ascii=False) + "\n")
                row_count += 1
    return row_count


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, object]]:
    """Yields the rows before the first unreadable page of the file, and those after the last one."""
    numbers = set[int]()
    for order in ("", " DESC"):
        with suppress(sqlite3.DatabaseError):
            # The name is one that SQLite gave.
            for row in connection.execute(f'SELECT rowid AS "_rowid", * FROM "{table}" ORDER BY rowid{order}'):  # noqa: S608
                columns = dict(row)
                number = columns.pop("_rowid")
                if number in numbers:
                    return
                numbers.add(number)
                yield columns
