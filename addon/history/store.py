"""What passed, remembered: written once for each page, read as facts for the next one.

Reading a page again changes nothing but when it was last seen. A clock that jumps back makes nothing younger
than it was: `first_seen` only falls, `last_seen` only rises.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import zstandard
from sqlalchemy import Connection, Engine, and_, delete, select, update

from addon.history import forgetting
from addon.history.asking import Asking
from addon.history.batch import Batch
from addon.history.database import begin_anew
from addon.history.recall import past
from addon.history.schema import (
    CLIENT,
    CONTRACT,
    FINDING,
    JOB,
    MESSAGE,
    METADATA,
    PAGE_COPY,
    STEP,
    THREAD,
    VERDICT,
)
from addon.history.tokens import name_tokens
from extractors import Extraction
from extractors.page import Feed
from extractors.records import Client, Contract, Job, Message, Moment, Thread
from rules.model import Verdict
from rules.past import Past
from rules.turns import fingerprint, word_of

OUT_OF_ORDER = timedelta(hours=1)
"""By how much a page may be older than one written before it (two windows, two machines); beyond, a clock jumped."""
MOST_COPIES = 300
"""Copies of pages that are kept, the newest; of at most MOST_COPIED bytes each."""
MOST_COPIED = 2_000_000
EXPORTED = (CLIENT, JOB, CONTRACT, STEP, THREAD, MESSAGE, VERDICT, FINDING, PAGE_COPY)


@dataclass(frozen=True, slots=True)
class Source:
    """A page's bytes, to be kept as evidence."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that was read and judged."""

    extraction: Extraction
    verdict: Verdict
    page: str
    """Its address."""
    at: datetime
    texts: bool
    """Whether the user lets the words of messages be kept."""
    part_of: str | None = None
    """The address of the page whose script fetched it: whose and which deal it is, that page may have told."""
    feed: Feed | None = None
    """How the page came."""
    source: Source | None = None
    """The page itself, where the user lets pages with a warning be kept."""


class History:
    """The history in a database. Safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._use(engine)

    def _use(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        # A file answers at once, whatever is being written to it.
        elsewhere = engine.dialect.name != "sqlite"
        self._asking = Asking(lambda extraction: past(engine, extraction)) if elsewhere else None

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def begin_anew(self) -> Path | None:
        """Set a file aside that turned out to be broken, and go on with a new one; the name that it has now.

        None where it is no file. Raises Unusable, OSError.
        """
        if self._engine.dialect.name != "sqlite" or not self._engine.url.database:
            return None
        path = Path(self._engine.url.database)
        self._engine.dispose()
        engine, aside = begin_anew(path)
        self._use(engine)
        return aside

    def record(self, seen: Seen) -> None:
        """Remember a page, all of it or nothing. Raises SQLAlchemyError."""
        site = seen.extraction.site.id
        with self._writing.begin() as db:
            batch = Batch(db, site, seen.at)
            around = self._around(db, seen)
            shown = {r.id for r in seen.extraction.records if isinstance(r, Contract) and r.id}
            if len(shown) == 1:
                # A conversation on a deal's page is of that deal.
                around = (around[0], next(iter(shown)))
            clients, contracts = set[str](), set[str]()
            for record in seen.extraction.records:
                match record:
                    case Client():
                        client_id = self._client(batch, record)
                    case Job():
                        client_id = self._job(batch, record)
                    case Contract():
                        client_id = self._contract(batch, record, seen)
                        contracts |= {record.id} if record.id else set()
                    case Thread():
                        client_id = self._thread(batch, record, seen, around)
                        contracts |= {record.contract_id} if record.contract_id else set()
                    case Message():
                        client_id = None
                if client_id is not None:
                    clients.add(client_id)
            # What a page with several is about, its findings cannot say.
            client = (
                seen.verdict.client.id if seen.verdict.client else (clients.pop() if len(clients) == 1 else around[0])
            )
            contract = contracts.pop() if len(contracts) == 1 else around[1]
            self._verdict(batch, seen, client, contract)
            batch.write()
            if seen.source is not None:
                self._let_go_of_copies(db)

    def _around(self, db: Connection, seen: Seen) -> tuple[str | None, str | None]:
        """The client and the deal of the page that a part is of, where they are known."""
        if seen.part_of is None:
            return None, None
        query = select(VERDICT.c.client_id, VERDICT.c.contract_id).where(VERDICT.c.page == urldefrag(seen.part_of).url)
        row = db.execute(query).first()
        return (row.client_id, row.contract_id) if row is not None else (None, None)

    # Each of these returns the id of the client that the record is of.

    def _client(self, batch: Batch, client: Client) -> str | None:
        if client.id is None:
            return None
        batch.put(CLIENT, {"site": batch.site, "id": client.id, "name": client.name, "url": client.url})
        if client.name:
            batch.token(client.id, name_tokens(client.name))
        if client.profile:
            batch.sample(client.id, "profile", client.id, client.profile)
        return client.id

    def _job(self, batch: Batch, job: Job) -> str | None:
        client = self._client(batch, job.client) if job.client is not None else None
        if job.id is not None:
            row = {"site": batch.site, "id": job.id, "client_id": client, "title": job.title, "url": job.url}
            batch.put(JOB, row)
            if client is not None and job.body:
                batch.sample(client, "job", job.id, job.body, [link.url for link in job.links or ()])
        return client

    def _contract(self, batch: Batch, contract: Contract, seen: Seen) -> str | None:
        client = self._client(batch, contract.client) if contract.client is not None else None
        if contract.id is None:
            return client
        row = {
            "site": batch.site,
            "id": contract.id,
            "client_id": client,
            "title": contract.title,
            "url": contract.url,
            "due": _text(contract.due),
            "payment_due": _text(contract.payment_due),
            "delivered_at": _text(contract.delivered_at),
            "revisions_agreed": contract.revisions_agreed,
        }
        batch.put_now(CONTRACT, row)
        if contract.state is not None:
            self._step(batch.db, batch.site, contract, seen)
        return client

    def _step(self, db: Connection, site: str, contract: Contract, seen: Seen) -> None:
        """A state is a new step where the one last seen was another, or worth another amount."""
        amount = str(contract.amount.amount) if contract.amount is not None else None
        here = and_(STEP.c.site == site, STEP.c.contract_id == contract.id)
        last = db.execute(select(STEP).where(here).order_by(STEP.c.number.desc()).limit(1)).first()
        if last is not None and last.state == contract.state and amount in (None, last.amount):
            moved: dict[str, Any] = {
                "last_seen": max(last.last_seen, seen.at),
                "first_seen": min(last.first_seen, seen.at),
            }
            if seen.feed == "proxy":
                # The site itself has said it, too.
                moved["feed"] = seen.feed
            db.execute(update(STEP).where(STEP.c.number == last.number).values(moved))
            return
        if last is not None and last.last_seen - OUT_OF_ORDER < seen.at < last.last_seen:
            # An older view of the deal (a page out of another window) is no step back. A clock that jumped further
            # says nothing about which came first: then the order in which they came does.
            return
        currency = contract.amount.currency if contract.amount is not None else None
        row: dict[str, Any] = {"site": site, "contract_id": contract.id, "state": contract.state, "amount": amount}
        row |= {"currency": currency, "page": seen.page, "feed": seen.feed, "first_seen": seen.at, "last_seen": seen.at}
        db.execute(STEP.insert().values(row))

    def _thread(self, batch: Batch, thread: Thread, seen: Seen, around: tuple[str | None, str | None]) -> str | None:
        client = self._client(batch, thread.client) if thread.client is not None else around[0]
        contract = thread.contract_id or around[1]
        if thread.id is None:
            return client
        row: dict[str, Any] = {"site": batch.site, "id": thread.id, "client_id": client, "contract_id": contract}
        batch.put(THREAD, row)
        for place, message in enumerate(thread.messages):
            body = message.body or ""
            word = word_of(message, seen.at)
            row = {
                "site": batch.site,
                "thread_id": thread.id,
                "key": word.key,
                "role": message.author_role,
                "sent_at": _text(message.sent_at),
                "place": place,
                "asks_revision": word.asks_revision,
                "delivers": word.delivers,
                "hands_over": word.hands_over,
                "revisions": word.revisions,
                "fingerprint": fingerprint(message),
                "body": body if seen.texts else None,
                "feed": seen.feed,
            }
            batch.put(MESSAGE, row)
            if client is not None and message.author_role == "client" and body:
                links = [link.url for link in message.links or ()]
                batch.sample(client, "message", f"{thread.id}/{word.key}", body, links)
        return client

    def _verdict(self, batch: Batch, seen: Seen, client: str | None, contract: str | None) -> None:
        verdict = seen.verdict
        of_whom = {"client_id": client, "contract_id": contract}
        row: dict[str, Any] = {
            "page": urldefrag(seen.page).url,
            "site": batch.site,
            "kind": seen.extraction.extractor.kind,
            "state": verdict.state,
            "feed": seen.feed,
        }
        batch.put(VERDICT, row | {"reason": verdict.reason} | of_whom)
        keys: list[str] = []
        for finding in verdict.findings:
            quotes = [evidence.quote for evidence in finding.evidence]
            of_what = [finding.rule, finding.subject, finding.subject_id or finding.anchor, quotes]
            sources = [source.model_dump() for source in finding.sources]
            told: dict[str, Any] = {"title": finding.title.model_dump(), "sources": sources, "report": finding.report}
            if seen.texts:
                told["quotes"] = quotes
            key = hashlib.sha256(json.dumps(of_what).encode()).hexdigest()[:32]
            keys.append(key)
            row = {
                "site": batch.site,
                "key": key,
                "rule": finding.rule,
                "risk": finding.risk,
                "severity": finding.severity,
                "subject": finding.subject,
                "subject_id": finding.subject_id,
                "page": seen.part_of or seen.page,
                "told": json.dumps(told, ensure_ascii=False),
                "feed": seen.feed,
            }
            # Words that were kept with leave are not lost where it is taken back.
            batch.put(FINDING, row | of_whom, keep=() if seen.texts else ("told",))
        if seen.source is not None and len(seen.source.body) <= MOST_COPIED:
            self._copy(batch, seen, seen.source, keys, of_whom)

    def _copy(self, batch: Batch, seen: Seen, source: Source, keys: list[str], of_whom: dict[str, str | None]) -> None:
        """Keep the page itself, once for each set of warnings on it."""
        page = urldefrag(seen.page).url
        row: dict[str, Any] = {
            "site": batch.site,
            "page": page,
            "warned": hashlib.sha256("".join(sorted(keys)).encode()).hexdigest()[:32],
            "address": page,
            "content_type": source.content_type[:200],
            "sha256": hashlib.sha256(source.body).hexdigest(),
            "size": len(source.body),
            "body": zstandard.compress(source.body),
            "feed": seen.feed,
        }
        batch.put(PAGE_COPY, row | of_whom, keep=("address", "content_type", "sha256", "size", "body", "feed"))

    def _let_go_of_copies(self, db: Connection) -> None:
        """Delete the oldest copies of pages where there are too many."""
        same = (PAGE_COPY.c.site, PAGE_COPY.c.page, PAGE_COPY.c.warned)
        beyond = select(*same).order_by(PAGE_COPY.c.last_seen.desc()).offset(MOST_COPIES)
        for old in db.execute(beyond).all():
            one = and_(*(column == value for column, value in zip(same, old, strict=True)))
            db.execute(delete(PAGE_COPY).where(one))

    def past(self, extraction: Extraction) -> Past | None:
        """What is remembered of the one deal and the one client of a page.

        None too for a while after a database elsewhere did not answer: see `silent`. Raises SQLAlchemyError, Silent.
        """
        return past(self._engine, extraction) if self._asking is None else self._asking.past(extraction)

    @property
    def silent(self) -> bool:
        """Whether a database elsewhere is not asked for now, since it did not answer."""
        return self._asking is not None and self._asking.paused

    def forget_client(self, site: str, client: str) -> None:
        """Delete all of a client, the user's note too. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            forgetting.client(db, site, client)
        self._wipe()

    def forget_words(self) -> None:
        """Delete the words of messages and the copies of pages; deals and warnings stay. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            forgetting.words(db)
        self._wipe()

    def forget_all(self) -> None:
        """Delete everything. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            for table in reversed(METADATA.sorted_tables):
                db.execute(delete(table))
        self._wipe()

    def _wipe(self) -> None:
        """Leave nothing of what was deleted in the file's log of changes either."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as db:
                db.connection.commit()
                db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def prune(self, before: datetime) -> int:
        """Delete what was last seen before a moment, but for what the user wrote; returns how many rows.

        Raises SQLAlchemyError.
        """
        with self._writing.begin() as db:
            return forgetting.old(db, before)

    def clock_holds(self, now: datetime) -> bool:
        """Whether a moment may be believed for forgetting by it. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            return forgetting.clock_holds(db, now)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Every row of a table, as an export writes it. Raises SQLAlchemyError, KeyError for no such table."""
        with self._engine.connect() as db:
            for row in db.execute(select({t.name: t for t in EXPORTED}[table])).mappings():
                yield {
                    name: value.isoformat() if isinstance(value, datetime) else value
                    for name, value in row.items()
                    if not isinstance(value, bytes)
                }

    def copies(self, site: str, *, client: str | None = None, deal: str | None = None) -> list["PageCopy"]:
        """The pages that were kept of a deal, or else of a client, the newest first. Raises SQLAlchemyError."""
        of = PAGE_COPY.c.contract_id == deal if deal is not None else PAGE_COPY.c.client_id == client
        query = select(PAGE_COPY).where(and_(PAGE_COPY.c.site == site, of)).order_by(PAGE_COPY.c.last_seen.desc())
        with self._engine.connect() as db:
            rows = db.execute(query).all()
        return [
            PageCopy(
                row.address,
                row.content_type,
                row.sha256,
                row.first_seen,
                zstandard.decompress(row.body, max_output_size=MOST_COPIED),
            )
            for row in rows
        ]

    @property
    def engine(self) -> Engine:
        """For the queries of `reading`."""
        return self._engine

    def set_note(self, site: str, client: str, note: str | None) -> bool:
        """Keep the user's own note on a client; False where the client was never seen. Raises SQLAlchemyError."""
        is_client = and_(CLIENT.c.site == site, CLIENT.c.id == client)
        with self._writing.begin() as db:
            return db.execute(update(CLIENT).where(is_client).values(note=note)).rowcount > 0

    def set_revisions(self, site: str, contract: str, agreed: int | None) -> bool:
        """Keep how many revisions were agreed; False where the deal was never seen. Raises SQLAlchemyError."""
        is_deal = and_(CONTRACT.c.site == site, CONTRACT.c.id == contract)
        with self._writing.begin() as db:
            return db.execute(update(CONTRACT).where(is_deal).values(revisions_set=agreed)).rowcount > 0


@dataclass(frozen=True, slots=True)
class PageCopy:
    """A page as it came, kept because of a warning on it. sha256: of its bytes."""

    address: str
    content_type: str
    sha256: str
    at: datetime
    body: bytes


def _text(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment is not None else None
