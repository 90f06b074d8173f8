"""Export of the whole history, one file a table."""

import csv
import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Table, select

from addon.history.schema import CLIENT, CONTRACT, FINDING, JOB, MESSAGE, PAGE_COPY, STEP, THREAD, VERDICT
from addon.history.store import History
from extractors.parsing import one_line

ExportFormat = Literal["jsonl", "csv"]
EXPORTED_TABLES = (CLIENT, JOB, CONTRACT, STEP, THREAD, MESSAGE, VERDICT, FINDING, PAGE_COPY)
_FORMULA_SIGNS = frozenset("=+-@")


def export(history: History, folder: Path, form: ExportFormat) -> None:
    """Write each table as a file of its own into a new folder. Raises OSError, SQLAlchemyError."""
    folder.mkdir(parents=True, mode=0o700)
    for table in EXPORTED_TABLES:
        with (folder / f"{table.name}.{form}").open("w", encoding="utf-8", newline="") as file:
            if form == "csv":
                writer = csv.DictWriter(file, [column.name for column in table.columns])
                writer.writeheader()
                writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows(history, table))
            else:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(history, table))


def rows(history: History, table: Table) -> Iterator[dict[str, Any]]:
    """Yields every row of a table, with times in ISO 8601 and without binary columns. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        for row in db.execute(select(table)).mappings():
            yield {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in row.items()
                if not isinstance(value, bytes)
            }


def _cell(value: object) -> object:
    # A spreadsheet runs a cell that begins like a formula, some also where its sign is a full-width one
    # (https://owasp.org/www-community/attacks/CSV_Injection).
    if not isinstance(value, str):
        return value
    sign = unicodedata.normalize("NFKC", one_line(value)[:1])[:1]
    return f"'{value}" if sign in _FORMULA_SIGNS or value[:1] in ("\t", "\r", "\n") else value
