"""The tables of the history. docs/history.md describes them; a change here is a migration there."""

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
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO 8601 text that sorts by time, in SQLite and PostgreSQL alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


METADATA = MetaData()

# SQLite alone makes a plain INTEGER count by itself.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _seen() -> tuple[Column[datetime], Column[datetime]]:
    return Column("first_seen", Instant, nullable=False), Column("last_seen", Instant, nullable=False)


CLIENT = Table(
    "client",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text),
    Column("url", Text),
    Column("note", Text),
    *_seen(),
)
JOB = Table(
    "job",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("client_id", Text),
    Column("title", Text),
    Column("url", Text),
    *_seen(),
    Index("job_client", "site", "client_id"),
)
CONTRACT = Table(
    "contract",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("client_id", Text),
    Column("title", Text),
    Column("url", Text),
    Column("due", Text),
    Column("payment_due", Text),
    Column("delivered_at", Text),
    Column("revisions_agreed", Integer),
    Column("revisions_set", Integer),
    *_seen(),
    Index("contract_client", "site", "client_id"),
)
STEP = Table(
    "step",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False),
    Column("contract_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("amount", Text),
    Column("currency", Text),
    Column("page", Text, nullable=False),
    *_seen(),
    Index("step_contract", "site", "contract_id"),
)
THREAD = Table(
    "thread",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("client_id", Text),
    Column("contract_id", Text),
    *_seen(),
    Index("thread_contract", "site", "contract_id"),
)
MESSAGE = Table(
    "message",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("thread_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("role", Text),
    Column("sent_at", Text),
    Column("place", Integer, nullable=False),
    Column("asks_revision", Boolean, nullable=False),
    Column("delivers", Boolean, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("body", Text),
    *_seen(),
)
VERDICT = Table(
    "verdict",
    METADATA,
    Column("page", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("kind", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("client_id", Text),
    Column("contract_id", Text),
    *_seen(),
)
FINDING = Table(
    "finding",
    METADATA,
    Column("site", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Text),
    Column("client_id", Text),
    Column("contract_id", Text),
    Column("page", Text, nullable=False),
    Column("told", Text, nullable=False),
    *_seen(),
    Index("finding_client", "site", "client_id"),
    Index("finding_contract", "site", "contract_id"),
    Index("finding_time", "last_seen"),
)
SAMPLE = Table(
    "sample",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
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
    Column("token", Text, primary_key=True),
    Column("site", Text, primary_key=True),
    Column("client_id", Text, primary_key=True),
    Column("what", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Index("token_client", "site", "client_id"),
    sqlite_with_rowid=False,
)
