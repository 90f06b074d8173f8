"""Parts: the rows that one slice makes in each table, as Parquet files that are there whole or not at all."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from addon.bulk.duck import Database, connected, quoted
from addon.bulk.tables import COLUMNS, PARTITIONED_TABLES, PartRows, Table

MOST_WAITING = 5_000
"""Texts whose rows wait in memory; then they go to a file."""
_LONGEST_OBJECT = 32 * 1024 * 1024
"""Bytes of one row as JSON: a text of `LONGEST_LINE` bytes, escaped."""


class PartWriter:
    """Writes the parts of one slice.

    out: the run's folder. folder: this slice's own for what is unfinished, made here and removed by `close`. by: the
    columns whose values divide `PARTITIONED_TABLES` into folders. tables: those that are written.
    """

    def __init__(
        self, out: Path, folder: Path, number: int, by: Sequence[str] = (), tables: Sequence[Table] = tuple(COLUMNS)
    ) -> None:
        self._tables = tables
        self._out = out
        self._folder = folder
        self._name = f"part-{number:06}"
        self._by = tuple(by)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def add(self, rows: PartRows) -> None:
        """Write rows to where they wait. Raises OSError."""
        for table in self._tables:
            with self._waiting(table).open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.rows[table])

    def finish(self) -> None:
        """Write the parts and put them into their tables, in place of any that were there. Raises OSError.

        Each file appears whole; that all of them are there is for the caller to remember.
        """
        with connected() as db:
            files = [(table, file) for table in self._tables for file in self._written(table, db)]
        for table, file in files:
            place = self._out / table / file.relative_to(self._folder / table)
            place.parent.mkdir(parents=True, exist_ok=True)
            _store(file)
            file.replace(place)

    def close(self) -> None:
        """Remove what is unfinished."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _written(self, table: Table, db: Database) -> list[Path]:
        by = self._by if table in PARTITIONED_TABLES else ()
        folder = self._folder / table
        folder.mkdir()
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS[table].items())
        waiting = self._waiting(table)
        waiting.touch()
        rows = f"""SELECT * FROM read_json('{quoted(waiting)}', format = 'newline_delimited',
            columns = {{{columns}}}, maximum_object_size = {_LONGEST_OBJECT})"""  # noqa: S608
        target = folder if by else folder / f"{self._name}.parquet"
        options = "FORMAT parquet, COMPRESSION zstd"
        if by:
            options += f", PARTITION_BY ({', '.join(by)}), FILENAME_PATTERN '{self._name}-{{i}}'"
        # Names, types and paths of Koban's own: parameters are not taken here.
        db.execute(f"COPY ({rows}) TO '{quoted(target)}' ({options})")
        return sorted(file for file in folder.rglob("*.parquet"))

    def _waiting(self, table: Table) -> Path:
        return self._folder / f"{table}.jsonl"


def _store(file: Path) -> None:
    """Have the system store a file before its name says that it is whole. Raises OSError."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
