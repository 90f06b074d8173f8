"""The rows of one page, written together: a list of fifty jobs is a few statements, not a few hundred."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Compiled, Connection, CursorResult, Dialect, Table, and_, bindparam, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from addon.history.likeness import bands, signature
from addon.history.schema import BAND, SAMPLE, TOKEN
from addon.history.tokens import Token, tokens

_KNOWN = select(SAMPLE.c.client_id, SAMPLE.c.subject, SAMPLE.c.subject_id).where(
    and_(SAMPLE.c.site == bindparam("of_site"), SAMPLE.c.subject_id.in_(bindparam("of_ids", expanding=True)))
)
_SAMPLE_NAMES = ("site", "client_id", "subject", "subject_id", "signature", "first_seen")
_TOKEN_NAMES = ("token", "site", "client_id", "what", "first_seen")


# Compiled once: SQLAlchemy keeps no statement with ON CONFLICT, and takes longer to put one together than SQLite to
# carry it out.


@cache
def _upsert(dialect: Dialect, table: Table, names: tuple[str, ...], keep: tuple[str, ...]) -> Compiled:
    """Write a row, or what is new in it: what a page does not show takes nothing away."""
    written = _insert(dialect, table)
    new, keys = written.excluded, [column.name for column in table.primary_key]
    changed: dict[str, Any] = {
        name: func.coalesce(new[name], table.c[name]) for name in names if name not in (*keys, *keep)
    }
    changed["first_seen"] = case((new.first_seen < table.c.first_seen, new.first_seen), else_=table.c.first_seen)
    changed["last_seen"] = case((new.last_seen > table.c.last_seen, new.last_seen), else_=table.c.last_seen)
    statement = written.on_conflict_do_update(index_elements=keys, set_=changed)
    return statement.compile(dialect=dialect, column_keys=[*names, "first_seen", "last_seen"])


@cache
def _new_token(dialect: Dialect) -> Compiled:
    statement = _insert(dialect, TOKEN).on_conflict_do_nothing()
    return statement.compile(dialect=dialect, column_keys=_TOKEN_NAMES)


@cache
def _new_sample(dialect: Dialect) -> Compiled:
    statement = _insert(dialect, SAMPLE).on_conflict_do_nothing().returning(SAMPLE.c.number)
    return statement.compile(dialect=dialect, column_keys=_SAMPLE_NAMES)


def _insert(dialect: Dialect, table: Table) -> "sqlite.Insert | postgresql.Insert":
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)


class _Sample(NamedTuple):
    """What a text is known again by: of which client, and which text of theirs (`job`, `message`, `profile`)."""

    client: str
    subject: str
    ident: str


@dataclass(slots=True)
class Batch:
    """What one page leaves in the database, within one transaction.

    at: when the page was seen.
    """

    db: Connection
    site: str
    at: datetime
    _rows: dict[tuple[Table, tuple[str, ...], tuple[str, ...]], list[dict[str, Any]]] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _texts: dict[_Sample, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def put(self, table: Table, row: Mapping[str, Any], keep: tuple[str, ...] = ()) -> None:
        """Write a row, or what is new in it. keep: columns that stay as they were first written."""
        self._rows.setdefault((table, tuple(row), keep), []).append(self._dated(row))

    def put_now(self, table: Table, row: Mapping[str, Any]) -> None:
        """The same at once: until the transaction ends, nobody else writes what belongs to that row."""
        self._execute(_upsert(self.db.dialect, table, tuple(row), ()), [self._dated(row)])

    def _dated(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "first_seen": self.at, "last_seen": self.at}

    def token(self, client: str, found: Mapping[str, Token]) -> None:
        """Keep what of a client's words would give them away."""
        self._tokens.update({(hashed, client): token.what for hashed, token in found.items()})

    def sample(self, client: str, subject: str, ident: str, text: str, links: Iterable[str] = ()) -> None:
        """Keep what a text is known again by."""
        self._texts[_Sample(client, subject, ident)] = text, tuple(links)

    def write(self) -> None:
        """Write it all. Raises SQLAlchemyError."""
        self._write_samples()
        if self._tokens:
            rows = [
                {"token": hashed, "site": self.site, "client_id": client, "what": what, "first_seen": self.at}
                for (hashed, client), what in self._tokens.items()
            ]
            self._execute(_new_token(self.db.dialect), rows)
        for (table, names, keep), rows in self._rows.items():
            self._execute(_upsert(self.db.dialect, table, names, keep), rows)

    def _execute(self, compiled: Compiled, rows: list[dict[str, Any]]) -> CursorResult[Any]:
        # Typed for what is still to be compiled only.
        return self.db.execute(compiled, rows if len(rows) > 1 else rows[0])  # type: ignore[call-overload, no-any-return]

    def _write_samples(self) -> None:
        """The contacts of the texts, and signatures of those that were not seen before."""
        if not self._texts:
            return
        here = {"of_site": self.site, "of_ids": list({sample.ident for sample in self._texts})}
        known = {_Sample(*row) for row in self.db.execute(_KNOWN, here)}
        marks: list[dict[str, int]] = []
        for sample, (text, links) in self._texts.items():
            # Also of a text that was seen before: a contact may have been written into it since.
            self.token(sample.client, tokens(text, links))
            signed = signature(text) if sample not in known else None
            if signed is None:
                continue
            row: dict[str, Any] = {
                "site": self.site,
                "client_id": sample.client,
                "subject": sample.subject,
                "subject_id": sample.ident,
            }
            row |= {"signature": signed, "first_seen": self.at}
            number = self._execute(_new_sample(self.db.dialect), [row]).scalar()
            if number is not None:
                marks += [{"band": band, "sample": number} for band in dict.fromkeys(bands(signed))]
        if marks:
            self.db.execute(BAND.insert(), marks)
