"""The tables of the history. docs/history.md describes them; a change here is a migration there."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO 8601 text that sorts by time, in SQLite and PostgreSQL alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


class Words(TypeDecorator[str]):
    """Text as a page gave it, without what a database refuses: NUL (PostgreSQL) and halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else _storable(value)


class Name(TypeDecorator[str]):
    """An id or an address that rows are found by: one too long for an index is kept as its beginning and a hash."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        clean = _storable(value)
        if len(clean) <= LONGEST_NAME:
            return clean
        return f"{clean[: LONGEST_NAME - 65]}~{hashlib.sha256(clean.encode()).hexdigest()}"


LONGEST_NAME = 300
"""Characters: two such, of four bytes each, fit into an entry of an index (PostgreSQL: 2,704 bytes)."""


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


METADATA = MetaData()
# `feed`: how the page came that a row is of, `proxy` or `extension`; null for rows from before it was noted.

# SQLite alone makes a plain INTEGER count by itself.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _seen() -> tuple[Column[datetime], Column[datetime]]:
    return Column("first_seen", Instant, nullable=False), Column("last_seen", Instant, nullable=False)


CLIENT = Table(
    "client",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("name", Words),
    Column("url", Words),
    Column("note", Words),
    *_seen(),
)
JOB = Table(
    "job",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("client_id", Name),
    Column("title", Words),
    Column("url", Words),
    *_seen(),
    Index("job_client", "site", "client_id"),
)
CONTRACT = Table(
    "contract",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("client_id", Name),
    Column("title", Words),
    Column("url", Words),
    Column("due", Words),
    Column("payment_due", Words),
    Column("delivered_at", Words),
    Column("demand", Words),
    Column("demand_by", Words),
    Column("demanded_at", Words),
    Column("revisions_agreed", Integer),
    Column("revisions_set", Integer),
    *_seen(),
    Index("contract_client", "site", "client_id"),
)
STEP = Table(
    "step",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("site", Name, nullable=False),
    Column("contract_id", Name, nullable=False),
    Column("state", Words, nullable=False),
    Column("amount", Words),
    Column("currency", Words),
    Column("page", Words, nullable=False),
    Column("feed", Words),
    *_seen(),
    Index("step_contract", "site", "contract_id"),
)
THREAD = Table(
    "thread",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("client_id", Name),
    Column("contract_id", Name),
    *_seen(),
    Index("thread_contract", "site", "contract_id"),
)
MESSAGE = Table(
    "message",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("thread_id", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("role", Words),
    Column("sent_at", Words),
    Column("place", Integer, nullable=False),
    Column("asks_revision", Boolean, nullable=False),
    Column("delivers", Boolean, nullable=False),
    Column("hands_over", Boolean, nullable=False, server_default=false()),
    Column("revisions", Integer),
    Column("fingerprint", Words, nullable=False),
    Column("body", Words),
    Column("feed", Words),
    *_seen(),
)
VERDICT = Table(
    "verdict",
    METADATA,
    Column("page", Name, primary_key=True),
    Column("site", Name, nullable=False),
    Column("kind", Words),
    Column("state", Words, nullable=False),
    Column("reason", Words),
    Column("client_id", Name),
    Column("contract_id", Name),
    Column("feed", Words),
    *_seen(),
)
FINDING = Table(
    "finding",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("rule", Words, nullable=False),
    Column("risk", Words, nullable=False),
    Column("severity", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("subject_id", Name),
    Column("client_id", Name),
    Column("contract_id", Name),
    Column("page", Words, nullable=False),
    Column("told", Words, nullable=False),
    Column("feed", Words),
    *_seen(),
    Index("finding_client", "site", "client_id"),
    Index("finding_contract", "site", "contract_id"),
    Index("finding_time", "last_seen"),
)
SAMPLE = Table(
    "sample",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("site", Name, nullable=False),
    Column("client_id", Name, nullable=False),
    Column("subject", Words, nullable=False),
    Column("subject_id", Name, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("first_seen", Instant, nullable=False),
    UniqueConstraint("site", "client_id", "subject", "subject_id"),
)
BAND = Table(
    "band",
    METADATA,
    Column("band", BigInteger, primary_key=True),
    Column("sample", _NUMBER, ForeignKey("sample.number", ondelete="CASCADE"), primary_key=True),
    Index("band_sample", "sample"),
    sqlite_with_rowid=False,
)
TOKEN = Table(
    "token",
    METADATA,
    Column("token", Name, primary_key=True),
    Column("site", Name, primary_key=True),
    Column("client_id", Name, primary_key=True),
    Column("what", Words, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Index("token_client", "site", "client_id"),
    sqlite_with_rowid=False,
)
PAGE_COPY = Table(
    "page_copy",
    METADATA,
    Column("site", Name, primary_key=True),
    Column("page", Name, primary_key=True),
    Column("warned", Name, primary_key=True),
    Column("client_id", Name),
    Column("contract_id", Name),
    Column("address", Words, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("feed", Words),
    *_seen(),
    Index("page_copy_client", "site", "client_id"),
    Index("page_copy_contract", "site", "contract_id"),
    Index("page_copy_time", "last_seen"),
)
CLOCK = Table(
    "clock",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("at", Instant, nullable=False),
)

VERSION = Table(
    "alembic_version",
    MetaData(),  # of its own: Alembic compares what METADATA has, without its own table
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Which migration a database is at, as Alembic keeps it."""
