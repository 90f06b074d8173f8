"""Comparisons of all texts of a run with one another, each written as a table: texts that are alike under several
accounts, contacts and links that several accounts give, and offers over time.

Rows are compared by DuckDB within a bound of memory, the rest in files. Only one number a text is held in memory, for
the groups of texts that are alike.
"""

import shutil
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from addon.bulk.duck import COMPARING_MEMORY, Database, connected, quoted
from addon.bulk.tables import COLUMNS, Table
from addon.history.likeness import ALIKE, BANDS, PERMUTATIONS
from rules.model import WARNING_LEVELS

ACROSS = "across"
"""The folder of these tables in that of a run."""
MOST_DIFFERENT = int(PERMUTATIONS * (1 - ALIKE) * 3 / 4)
"""Numbers of two sketches that may differ: of two bits, a quarter is the same by chance."""
_CHUNK = 100_000

_OVER_TIME = """SELECT month, site, kind, lang, category, state, count(*) AS texts,
    count(DISTINCT client) AS clients, count(pay) AS paid_texts, median(pay) AS median_pay, currency
    FROM texts GROUP BY ALL ORDER BY ALL"""
_RULES = """SELECT month, site, kind, lang, rule, risk, severity, confidence,
    count(DISTINCT row) AS texts, count(DISTINCT client) AS clients
    FROM findings GROUP BY ALL ORDER BY ALL"""
_CONTACTS = """SELECT contact, any_value(what) AS what, count(DISTINCT client) AS accounts,
    count(DISTINCT row) AS texts, list_sort(list(DISTINCT site)) AS sites, min(day) AS first, max(day) AS last
    FROM contacts WHERE client IS NOT NULL GROUP BY contact HAVING count(DISTINCT client) > 1
    ORDER BY accounts DESC, texts DESC, contact"""
_ALIKE_TEXTS = """SELECT members.alike, texts.row, texts.id, texts.site, texts.client, texts.day, texts.state
    FROM members JOIN texts ON members.row = texts.row ORDER BY members.alike, texts.row"""
_WARNING_STATES = ", ".join(f"'{level}'" for level in WARNING_LEVELS)
_ALIKE = f"""SELECT members.alike, count(*) AS texts, count(DISTINCT client) AS accounts,
    list_sort(list(DISTINCT site)) AS sites, min(day) AS first, max(day) AS last,
    count(*) FILTER (state IN ({_WARNING_STATES})) AS warned
    FROM members JOIN texts ON members.row = texts.row GROUP BY members.alike
    ORDER BY accounts DESC, texts DESC, members.alike"""  # noqa: S608 (of this module's own)
_TABLES: Mapping[str, str] = {
    "over_time": _OVER_TIME,
    "rules_over_time": _RULES,
    "contacts": _CONTACTS,
    "alike_texts": _ALIKE_TEXTS,
    "alike": _ALIKE,
}


def compare(out: Path, rows: int, work: Path, memory: str = COMPARING_MEMORY) -> dict[str, int]:
    """Write the tables of comparisons of a run. Returns the rows of each, by name.

    rows: of the whole run. work: a folder for what does not fit into memory. Raises OSError, duckdb.Error.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (out / ACROSS).mkdir(exist_ok=True)
    row_counts: dict[str, int] = {}
    with tables_of(out, memory, work) as db:
        _find_alike(db, rows, work)
        for name, query in _TABLES.items():
            temporary_file = work / f"{name}.parquet"
            result = db.execute(f"COPY ({query}) TO '{quoted(temporary_file)}' (FORMAT parquet, COMPRESSION zstd)")
            row = result.fetchone()
            row_counts[name] = int(row[0]) if row is not None else 0
            temporary_file.replace(out / ACROSS / f"{name}.parquet")
    return row_counts


@contextmanager
def tables_of(out: Path, memory: str = COMPARING_MEMORY, spill: Path | None = None) -> Iterator[Database]:
    """A database with a view of each table of a run by its name. Raises duckdb.Error where one cannot be read."""
    with connected(memory, spill=spill) as db:
        db.execute("SET preserve_insertion_order = false")
        for table in COLUMNS:
            db.execute(f'CREATE VIEW "{table}" AS {_rows_of(out, table)}')
        yield db


def _rows_of(out: Path, table: Table) -> str:
    columns = COLUMNS[table]
    file = next((out / table).rglob("*.parquet"), None)
    if file is None:
        # Divided into folders by values of rows, of which there are none.
        return f"SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in columns.items())} WHERE false"
    dividers = [part.partition("=")[0] for part in file.relative_to(out / table).parts[:-1]]
    options = "union_by_name = true"
    if dividers:
        types = ", ".join(f"'{name}': VARCHAR" for name in dividers)
        options += f", hive_partitioning = true, hive_types = {{{types}}}"
    pattern = quoted(out / table / "**" / "*.parquet")
    return f"SELECT {', '.join(columns)} FROM read_parquet('{pattern}', {options})"  # noqa: S608


def _find_alike(db: Database, rows: int, work: Path) -> None:
    """Make the table `members`: each text that is like others, and the first text of its group.

    Texts that share a band of their signatures with the first that has it are compared with that one, by their
    sketches: work grows with the number of texts, however many have the same words.
    """
    groups = Groups(rows)
    for band in range(1, BANDS + 1):
        db.execute(
            """CREATE OR REPLACE TEMP TABLE firsts AS SELECT bands[?] AS band, min(row) AS first
            FROM likeness GROUP BY ALL HAVING count(*) > 1""",
            [band],
        )
        pairs = db.execute(
            """SELECT one.row, other.row FROM likeness AS one
            JOIN firsts ON one.bands[?] = firsts.band AND one.row <> firsts.first
            JOIN likeness AS other ON other.row = firsts.first
            WHERE bit_count((xor(one.low, other.low) | (xor(one.low, other.low) >> 1)) & 384307168202282325)
                + bit_count((xor(one.high, other.high) | (xor(one.high, other.high) >> 1)) & 384307168202282325)
                <= ?""",
            [band, MOST_DIFFERENT],
        )
        while chunk := pairs.fetchmany(_CHUNK):
            for row, first in chunk:
                groups.join(row, first)
    file = work / "members.csv"
    with file.open("w", encoding="ascii") as stream:
        stream.write("row,alike\n")
        stream.writelines(f"{row},{first}\n" for row, first in groups.members())
    db.execute(
        f"""CREATE TEMP TABLE members AS SELECT * FROM
        read_csv('{quoted(file)}', header = true, columns = {{'row': 'UBIGINT', 'alike': 'UBIGINT'}})"""  # noqa: S608
    )


class Groups:
    """Sets of rows that belong together (union-find); the lowest row of each is its name."""

    def __init__(self, rows: int) -> None:
        self._above = array("Q", range(rows))

    def join(self, one: int, other: int) -> None:
        """Put the groups of two rows together."""
        low, high = sorted((self._name(one), self._name(other)))
        self._above[high] = low

    def members(self) -> Iterator[tuple[int, int]]:
        """Yields the rows of groups of at least two, each with the name of its group; by group's first appearance."""
        seen_names: set[int] = set()
        for row, above in enumerate(self._above):
            if above != row:
                name = self._name(row)
                if name not in seen_names:
                    seen_names.add(name)
                    yield name, name
                yield row, name

    def _name(self, row: int) -> int:
        above = self._above
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row
