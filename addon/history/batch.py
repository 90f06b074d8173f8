"""The rows of one page, written together: a list of fifty jobs takes a few statements instead of hundreds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Compiled, Connection, CursorResult, Dialect, Table, and_, bindparam, case, func, select
from sqlalchemy.dialects import sqlite

from addon.history.likeness import bands, signature
from addon.history.schema import BAND, SAMPLE, TOKEN
from addon.history.tokens import Token, tokens

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# Each column of the index is asked for: with the ids alone, or rows of values, SQLite reads every text of the site.
_KNOWN = select(SAMPLE.c.client_id, SAMPLE.c.subject, SAMPLE.c.subject_id).where(
    and_(
        SAMPLE.c.site == bindparam("of_site"),
        SAMPLE.c.client_id.in_(bindparam("of_clients", expanding=True)),
        SAMPLE.c.subject.in_(bindparam("of_subjects", expanding=True)),
        SAMPLE.c.subject_id.in_(bindparam("of_ids", expanding=True)),
    )
)
_ASKED_AT_ONCE = 25
"""Texts: each client of theirs is looked up with each id."""
_SAMPLE_NAMES = ("site", "client_id", "subject", "subject_id", "signature", "first_seen")
_TOKEN_NAMES = ("token", "site", "client_id", "what", "first_seen")


# Compiled once: SQLAlchemy does not cache statements with ON CONFLICT, and takes longer to compile one than SQLite to
# run it.


@cache
def _upsert(dialect: Dialect, table: Table, names: tuple[str, ...], kept_columns: tuple[str, ...]) -> Compiled:
    """Returns an upsert that keeps the old value of each column for which the new row has none."""
    insert = _insert(dialect, table)
    new, keys = insert.excluded, [column.name for column in table.primary_key]
    updates: dict[str, Any] = {
        name: func.coalesce(new[name], table.c[name]) for name in names if name not in (*keys, *kept_columns)
    }
    updates["first_seen"] = case((new.first_seen < table.c.first_seen, new.first_seen), else_=table.c.first_seen)
    updates["last_seen"] = case((new.last_seen > table.c.last_seen, new.last_seen), else_=table.c.last_seen)
    statement = insert.on_conflict_do_update(index_elements=keys, set_=updates)
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
    if dialect.name == "sqlite":
        return sqlite.insert(table)
    # Late: 3 MB, which a history in a file does without.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


class _Sample(NamedTuple):
    """The identity of a text: its client, its kind (`job`, `message`, `profile`), and the id of that."""

    client: str
    subject: str
    ident: str


@dataclass(slots=True)
class Batch:
    """The rows of one page, written within one transaction.

    at: when the page was seen.
    """

    db: Connection
    site: str
    at: datetime
    _rows: dict[tuple[Table, tuple[str, ...], tuple[str, ...]], list[dict[str, Any]]] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _texts: dict[_Sample, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def put(self, table: Table, row: Mapping[str, Any], keep: tuple[str, ...] = ()) -> None:
        """Queue a row to be inserted or merged into the old one. keep: columns that stay as first written."""
        self._rows.setdefault((table, tuple(row), keep), []).append(self._dated(row))

    def put_now(self, table: Table, row: Mapping[str, Any]) -> None:
        """Write a row at once: its lock is held to the end of the transaction, against writers of dependent rows."""
        self._execute(_upsert(self.db.dialect, table, tuple(row), ()), [self._dated(row)])

    def _dated(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "first_seen": self.at, "last_seen": self.at}

    def token(self, client: str, tokens_: Mapping[str, Token]) -> None:
        """Queue a client's hashed contacts, links and names."""
        self._tokens.update({(hashed, client): token.what for hashed, token in tokens_.items()})

    def sample(self, client: str, subject: str, ident: str, text: str, links: Iterable[str] = ()) -> None:
        """Queue the signature and the tokens of a text."""
        self._texts[_Sample(client, subject, ident)] = text, tuple(links)

    def write(self) -> None:
        """Write all queued rows. Raises SQLAlchemyError."""
        self._write_samples()
        if self._tokens:
            rows = [
                {"token": hashed, "site": self.site, "client_id": client, "what": what, "first_seen": self.at}
                for (hashed, client), what in self._tokens.items()
            ]
            self._execute(_new_token(self.db.dialect), rows)
        for (table, names, kept_columns), rows in self._rows.items():
            self._execute(_upsert(self.db.dialect, table, names, kept_columns), rows)

    def _execute(self, compiled: Compiled, rows: list[dict[str, Any]]) -> CursorResult[Any]:
        # Typed for statements that are not compiled yet only.
        return self.db.execute(compiled, rows if len(rows) > 1 else rows[0])  # type: ignore[call-overload, no-any-return]

    def _known_samples(self) -> Iterator[_Sample]:
        """Yields those of the page's texts that are stored, and perhaps others of their clients."""
        for samples in batched(self._texts, _ASKED_AT_ONCE):
            clients, subjects, idents = (list(set(values)) for values in zip(*samples, strict=True))
            here = {"of_site": self.site, "of_clients": clients, "of_subjects": subjects, "of_ids": idents}
            yield from (_Sample(*row) for row in self.db.execute(_KNOWN, here))

    def _write_samples(self) -> None:
        """Queue the contacts of all texts, and write the signatures of new ones."""
        if not self._texts:
            return
        known_samples = set(self._known_samples())
        marks: list[dict[str, int]] = []
        for sample, (text, links) in self._texts.items():
            # Of a known text too: a contact may have been added to it since.
            self.token(sample.client, tokens(text, links))
            text_signature = signature(text) if sample not in known_samples else None
            if text_signature is None:
                continue
            row: dict[str, Any] = {
                "site": self.site,
                "client_id": sample.client,
                "subject": sample.subject,
                "subject_id": sample.ident,
            }
            row |= {"signature": text_signature, "first_seen": self.at}
            number = self._execute(_new_sample(self.db.dialect), [row]).scalar()
            if number is not None:
                marks += [{"band": band, "sample": number} for band in dict.fromkeys(bands(text_signature))]
        if marks:
            self.db.execute(BAND.insert(), marks)
