"""What passed, remembered: written once for each page, read as facts for the next one.

Reading a page again changes nothing but when it was last seen. A clock that jumps back makes nothing younger
than it was: `first_seen` only falls, `last_seen` only rises.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urldefrag

from sqlalchemy import Connection, Engine, Table, and_, case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from addon.history.likeness import ALIKE, bands, likeness, signature
from addon.history.schema import (
    BAND,
    CLIENT,
    CONTRACT,
    FINDING,
    JOB,
    MESSAGE,
    METADATA,
    SAMPLE,
    STEP,
    THREAD,
    TOKEN,
    VERDICT,
)
from addon.history.tokens import name_token, tokens
from extractors import Extraction
from extractors.records import AnyRecord, Client, Contract, Job, Message, Moment, Thread
from rules.facts import asks_revision, delivers
from rules.model import Verdict
from rules.past import Alike, Past, Step, Word

TEMPLATE_CLIENTS = 3
"""Other clients from which a text, link or name counts as everybody's, and says nothing of anyone."""
MOST_WORDS = 500
"""Messages of a deal that facts are drawn from, the newest."""
MOST_CANDIDATES = 200
EXPORTED = (CLIENT, JOB, CONTRACT, STEP, THREAD, MESSAGE, VERDICT, FINDING)


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


class History:
    """The history in a database. Safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def record(self, seen: Seen) -> None:
        """Remember a page, all of it or nothing. Raises SQLAlchemyError."""
        site, at = seen.extraction.site.id, seen.at
        with self._writing.begin() as db:
            around = self._around(db, seen)
            clients, contracts = set[str](), set[str]()
            for record in seen.extraction.records:
                match record:
                    case Client():
                        client_id = self._client(db, site, record, at)
                    case Job():
                        client_id = self._job(db, site, record, at)
                    case Contract():
                        client_id = self._contract(db, site, record, seen)
                        contracts |= {record.id} if record.id else set()
                    case Thread():
                        client_id = self._thread(db, site, record, seen, around)
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
            self._verdict(db, site, seen, client, contract)

    def _around(self, db: Connection, seen: Seen) -> tuple[str | None, str | None]:
        """The client and the deal of the page that a part is of, where they are known."""
        if seen.part_of is None:
            return None, None
        query = select(VERDICT.c.client_id, VERDICT.c.contract_id).where(VERDICT.c.page == urldefrag(seen.part_of).url)
        row = db.execute(query).first()
        return (row.client_id, row.contract_id) if row is not None else (None, None)

    # Each of these returns the id of the client that the record is of.

    def _client(self, db: Connection, site: str, client: Client, at: datetime) -> str | None:
        if client.id is None:
            return None
        self._put(db, CLIENT, {"site": site, "id": client.id, "name": client.name, "url": client.url}, at)
        named = name_token(client.name) if client.name else None
        if named is not None:
            self._token(db, site, client.id, {named: "name"}, at)
        if client.profile:
            self._sample(db, (site, client.id), ("profile", client.id), client.profile, (), at)
        return client.id

    def _job(self, db: Connection, site: str, job: Job, at: datetime) -> str | None:
        client = self._client(db, site, job.client, at) if job.client is not None else None
        if job.id is not None:
            row = {"site": site, "id": job.id, "client_id": client, "title": job.title, "url": job.url}
            self._put(db, JOB, row, at)
            if client is not None and job.body:
                links = [link.url for link in job.links or ()]
                self._sample(db, (site, client), ("job", job.id), job.body, links, at)
        return client

    def _contract(self, db: Connection, site: str, contract: Contract, seen: Seen) -> str | None:
        client = self._client(db, site, contract.client, seen.at) if contract.client is not None else None
        if contract.id is None:
            return client
        row = {
            "site": site,
            "id": contract.id,
            "client_id": client,
            "title": contract.title,
            "url": contract.url,
            "due": _text(contract.due),
            "payment_due": _text(contract.payment_due),
            "delivered_at": _text(contract.delivered_at),
            "revisions_agreed": contract.revisions_agreed,
        }
        self._put(db, CONTRACT, row, seen.at)
        if contract.state is not None:
            self._step(db, site, contract, seen)
        return client

    def _step(self, db: Connection, site: str, contract: Contract, seen: Seen) -> None:
        """A state is a new step where the one last seen was another, or worth another amount."""
        amount = str(contract.amount.amount) if contract.amount is not None else None
        here = and_(STEP.c.site == site, STEP.c.contract_id == contract.id)
        last = db.execute(select(STEP).where(here).order_by(STEP.c.number.desc()).limit(1)).first()
        if last is not None and last.state == contract.state and amount in (None, last.amount):
            moved = {"last_seen": max(last.last_seen, seen.at), "first_seen": min(last.first_seen, seen.at)}
            db.execute(update(STEP).where(STEP.c.number == last.number).values(moved))
            return
        if last is not None and seen.at < last.last_seen:
            # An older view of the deal (a page out of another window) is no step back.
            return
        currency = contract.amount.currency if contract.amount is not None else None
        row: dict[str, Any] = {"site": site, "contract_id": contract.id, "state": contract.state, "amount": amount}
        row |= {"currency": currency, "page": seen.page, "first_seen": seen.at, "last_seen": seen.at}
        db.execute(STEP.insert().values(row))

    def _thread(
        self, db: Connection, site: str, thread: Thread, seen: Seen, around: tuple[str | None, str | None]
    ) -> str | None:
        client = self._client(db, site, thread.client, seen.at) if thread.client is not None else around[0]
        contract = thread.contract_id or around[1]
        if thread.id is None:
            return client
        row: dict[str, Any] = {"site": site, "id": thread.id, "client_id": client, "contract_id": contract}
        self._put(db, THREAD, row, seen.at)
        for place, message in enumerate(thread.messages):
            body = message.body or ""
            print_ = hashlib.sha256(f"{message.author_role}\0{_text(message.sent_at)}\0{body}".encode()).hexdigest()
            key = message.id or print_[:32]
            row = {
                "site": site,
                "thread_id": thread.id,
                "key": key,
                "role": message.author_role,
                "sent_at": _text(message.sent_at),
                "place": place,
                "asks_revision": message.author_role == "client" and asks_revision(body),
                "delivers": message.author_role != "client" and delivers(message),
                "fingerprint": print_,
                "body": body if seen.texts else None,
            }
            self._put(db, MESSAGE, row, seen.at)
            if client is not None and message.author_role == "client" and body:
                links = [link.url for link in message.links or ()]
                self._sample(db, (site, client), ("message", f"{thread.id}/{key}"), body, links, seen.at)
        return client

    def _verdict(self, db: Connection, site: str, seen: Seen, client: str | None, contract: str | None) -> None:
        verdict = seen.verdict
        of_whom = {"client_id": client, "contract_id": contract}
        row: dict[str, Any] = {
            "page": urldefrag(seen.page).url,
            "site": site,
            "kind": seen.extraction.extractor.kind,
            "state": verdict.state,
        }
        self._put(db, VERDICT, row | {"reason": verdict.reason} | of_whom, seen.at)
        for finding in verdict.findings:
            quotes = [evidence.quote for evidence in finding.evidence]
            of_what = [finding.rule, finding.subject, finding.subject_id or finding.anchor, quotes]
            told: dict[str, Any] = {"title": finding.title.model_dump()}
            if seen.texts:
                told["quotes"] = quotes
            row = {
                "site": site,
                "key": hashlib.sha256(json.dumps(of_what).encode()).hexdigest()[:32],
                "rule": finding.rule,
                "risk": finding.risk,
                "severity": finding.severity,
                "subject": finding.subject,
                "subject_id": finding.subject_id,
                "page": seen.part_of or seen.page,
                "told": json.dumps(told, ensure_ascii=False),
            }
            self._put(db, FINDING, row | of_whom, seen.at)

    def _sample(
        self,
        db: Connection,
        whose: tuple[str, str],
        what: tuple[str, str],
        text: str,
        links: Iterable[str],
        at: datetime,
    ) -> None:
        """Keep what a text (`job`, `message` or `profile`, and its id) is known again by."""
        (site, client), (subject, ident) = whose, what
        self._token(db, site, client, tokens(text, links), at)
        signed = signature(text)
        if signed is None:
            return
        row: dict[str, Any] = {"site": site, "client_id": client, "subject": subject, "subject_id": ident}
        row |= {"signature": signed, "first_seen": at}
        added = db.execute(
            self._insert(SAMPLE).values(row).on_conflict_do_nothing().returning(SAMPLE.c.number)
        ).scalar()
        if added is not None:
            marks = [{"band": band, "sample": added} for band in dict.fromkeys(bands(signed))]
            db.execute(BAND.insert(), marks)

    def _token(self, db: Connection, site: str, client: str, found: Mapping[str, str], at: datetime) -> None:
        for token, what in found.items():
            row = {"token": token, "site": site, "client_id": client, "what": what, "first_seen": at}
            db.execute(self._insert(TOKEN).values(row).on_conflict_do_nothing())

    def _put(self, db: Connection, table: Table, row: Mapping[str, Any], at: datetime) -> None:
        """Write a row, or what is new in it: what a page does not show takes nothing away."""
        written = self._insert(table).values(**row, first_seen=at, last_seen=at)
        keys = [column.name for column in table.primary_key]
        new = written.excluded
        changed: dict[str, Any] = {name: func.coalesce(new[name], table.c[name]) for name in row if name not in keys}
        changed["first_seen"] = case((new.first_seen < table.c.first_seen, new.first_seen), else_=table.c.first_seen)
        changed["last_seen"] = case((new.last_seen > table.c.last_seen, new.last_seen), else_=table.c.last_seen)
        db.execute(written.on_conflict_do_update(index_elements=keys, set_=changed))

    def past(self, extraction: Extraction) -> Past | None:
        """What is remembered of the one deal and the one client of a page. Raises SQLAlchemyError."""
        site = extraction.site.id
        contracts = [r for r in extraction.records if isinstance(r, Contract) and r.id]
        threads = [r for r in extraction.records if isinstance(r, Thread) and r.id]
        with self._engine.connect() as db:
            steps: tuple[Step, ...] = ()
            words: tuple[Word, ...] = ()
            agreed = None
            if len(contracts) == 1:
                ident = contracts[0].id
                steps = tuple(_step_of(row) for row in self._steps(db, site, str(ident)))
                words = self._words(db, site, str(ident), [str(t.id) for t in threads])
                mine = and_(CONTRACT.c.site == site, CONTRACT.c.id == ident)
                agreed = db.execute(select(CONTRACT.c.revisions_set).where(mine)).scalar()
            alike = tuple(self._alike(db, site, extraction.records))
        if not (steps or words or alike) and agreed is None:
            return None
        return Past(steps=steps, words=words, revisions_agreed=agreed, alike=alike)

    def _steps(self, db: Connection, site: str, contract: str) -> Sequence[Any]:
        here = and_(STEP.c.site == site, STEP.c.contract_id == contract)
        return db.execute(select(STEP).where(here).order_by(STEP.c.number)).all()

    def _words(self, db: Connection, site: str, contract: str, threads: Sequence[str]) -> tuple[Word, ...]:
        known = select(THREAD.c.id).where(and_(THREAD.c.site == site, THREAD.c.contract_id == contract))
        # Two queries: one with both in a condition would look at every message there is.
        of_deal = {*threads, *db.execute(known).scalars()}
        found = (
            select(MESSAGE)
            .where(and_(MESSAGE.c.site == site, MESSAGE.c.thread_id.in_(sorted(of_deal))))
            .order_by(MESSAGE.c.first_seen.desc(), MESSAGE.c.place.desc())
            .limit(MOST_WORDS)
        )
        words = [
            Word(
                role=row.role,
                at=_moment(row.sent_at) or row.first_seen,
                asks_revision=row.asks_revision,
                delivers=row.delivers,
            )
            for row in reversed(db.execute(found).all())
        ]
        return tuple(words)

    def _alike(self, db: Connection, site: str, records: Sequence[AnyRecord]) -> Iterator[Alike]:
        """Other clients with the text, contact, link or name of this page's one client, the likest first."""
        client, texts, marks = _of_one_client(records)
        if client is None:
            return
        found: list[tuple[str, str, str, float, datetime]] = []
        if marks:
            same = and_(TOKEN.c.token.in_(list(marks)), ~and_(TOKEN.c.site == site, TOKEN.c.client_id == client))
            by_token: dict[str, list[Any]] = {}
            for row in db.execute(select(TOKEN).where(same).limit(MOST_CANDIDATES)):
                by_token.setdefault(row.token, []).append(row)
            for rows in by_token.values():
                if len(rows) <= TEMPLATE_CLIENTS:
                    found += [(row.what, row.site, row.client_id, 1.0, row.first_seen) for row in rows]
        for text in texts:
            found += self._texts_alike(db, site, client, text)
        order = {"contact": 0, "link": 1, "text": 2, "name": 3}
        found.sort(key=lambda one: (order[one[0]], -one[3]))
        told: set[tuple[str, str]] = set()
        for what, where, other, share, at in found:
            if (where, other) not in told:
                told.add((where, other))
                is_other = and_(CLIENT.c.site == where, CLIENT.c.id == other)
                name = db.execute(select(CLIENT.c.name).where(is_other)).scalar()
                yield Alike(what=what, client=other, name=name, likeness=share, seen=at.date())  # type: ignore[arg-type]

    def _texts_alike(
        self, db: Connection, site: str, client: str, text: str
    ) -> list[tuple[str, str, str, float, datetime]]:
        signed = signature(text)
        if signed is None:
            return []
        near = select(BAND.c.sample).where(BAND.c.band.in_(bands(signed))).distinct().limit(MOST_CANDIDATES)
        others = ~and_(SAMPLE.c.site == site, SAMPLE.c.client_id == client)
        rows = db.execute(select(SAMPLE).where(and_(SAMPLE.c.number.in_(near), others))).all()
        best: dict[tuple[str, str], tuple[float, datetime]] = {}
        for row in rows:
            share = likeness(signed, row.signature)
            if share >= ALIKE:
                known = best.get((row.site, row.client_id))
                if known is None or share > known[0]:
                    best[row.site, row.client_id] = (share, row.first_seen)
        if len(best) > TEMPLATE_CLIENTS:
            return []
        return [("text", where, other, share, at) for (where, other), (share, at) in best.items()]

    def forget_client(self, site: str, client: str) -> None:
        """Delete all of a client: deals, threads, findings, samples and the user's note. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            deals = select(CONTRACT.c.id).where(and_(CONTRACT.c.site == site, CONTRACT.c.client_id == client))
            talks = select(THREAD.c.id).where(and_(THREAD.c.site == site, THREAD.c.client_id == client))
            db.execute(delete(STEP).where(and_(STEP.c.site == site, STEP.c.contract_id.in_(deals))))
            db.execute(delete(MESSAGE).where(and_(MESSAGE.c.site == site, MESSAGE.c.thread_id.in_(talks))))
            db.execute(delete(CLIENT).where(and_(CLIENT.c.site == site, CLIENT.c.id == client)))
            for table in (CONTRACT, THREAD, JOB, VERDICT, FINDING, SAMPLE, TOKEN):
                db.execute(delete(table).where(and_(table.c.site == site, table.c.client_id == client)))

    def forget_all(self) -> None:
        """Delete everything. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            for table in reversed(METADATA.sorted_tables):
                db.execute(delete(table))

    def prune(self, before: datetime) -> int:
        """Delete what was last seen before a moment, and return how many rows. Notes of the user's stay.

        Raises SQLAlchemyError.
        """
        gone = 0
        with self._writing.begin() as db:
            for table in (JOB, CONTRACT, STEP, THREAD, MESSAGE, VERDICT, FINDING):
                gone += db.execute(delete(table).where(table.c.last_seen < before)).rowcount
            for table in (SAMPLE, TOKEN):
                gone += db.execute(delete(table).where(table.c.first_seen < before)).rowcount
            gone += db.execute(
                delete(CLIENT).where(and_(CLIENT.c.last_seen < before, CLIENT.c.note.is_(None)))
            ).rowcount
        return gone

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Every row of a table, as an export writes it. Raises SQLAlchemyError, KeyError for no such table."""
        with self._engine.connect() as db:
            for row in db.execute(select({t.name: t for t in EXPORTED}[table])).mappings():
                yield {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}

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


def _of_one_client(records: Sequence[AnyRecord]) -> tuple[str | None, list[str], dict[str, str]]:
    """The one client of a page with their texts and tokens; None where it is about several, or none that is known."""
    clients: dict[str, Client] = {}
    texts: list[str] = []
    marks: dict[str, str] = {}
    for record in records:
        client = record if isinstance(record, Client) else getattr(record, "client", None)
        if client is not None and client.id:
            clients[client.id] = client
        bodies: list[tuple[str, Iterable[str]]] = []
        match record:
            case Job(body=body) if body:
                bodies = [(body, [link.url for link in record.links or ()])]
            case Thread():
                bodies = [
                    (m.body, [link.url for link in m.links or ()])
                    for m in record.messages
                    if m.body and m.author_role == "client"
                ]
        for body, links in bodies:
            texts.append(body)
            marks |= tokens(body, links)
    if len(clients) != 1 or sum(isinstance(r, Job) for r in records) > 1:
        return None, [], {}
    ((ident, client),) = clients.items()
    named = name_token(client.name) if client.name else None
    if named is not None:
        marks[named] = "name"
    if client.profile:
        texts.append(client.profile)
    return ident, texts[-20:], marks


def _step_of(row: Any) -> Step:
    amount = Decimal(row.amount) if row.amount is not None else None
    return Step(state=row.state, at=row.first_seen, until=row.last_seen, amount=amount, page=row.page)


def _text(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> Moment | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text) if "T" in text else datetime.fromisoformat(text).date()
    except ValueError:
        return None
