"""Writes a page that was read and judged: its records, its verdict, its warnings.

Reading a page again changes only `last_seen`. A clock that jumps back makes no row younger than it was: `first_seen`
only falls, `last_seen` only rises.
"""

import json
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from addon.history.batch import Batch
from addon.history.copies import MOST_COPIED, PageSource, copy_row, delete_excess, rename_copy
from addon.history.finding_keys import FindingKeys, finding_keys, rename_findings
from addon.history.moments import stored
from addon.history.schema import CLIENT, CONTRACT, FINDING, JOB, MESSAGE, PAGE_COPY, STEP, THREAD, VERDICT
from addon.history.tokens import name_tokens
from extractors import Extraction
from extractors.page import Feed
from extractors.records import AnyRecord, Client, Contract, Job, Message, Thread
from rules.lexicon import CONTRACT_STATES
from rules.model import Finding, Verdict
from rules.turns import fingerprint, word_of

OUT_OF_ORDER = timedelta(hours=1)
"""By how much a page may be older than one written before it (two windows, two machines); beyond, a clock jumped."""


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A page that was read and judged.

    page: its address. texts: the user lets the words of messages be stored. part_of: the address of the page whose
    script fetched this one, which may name the client and the deal. source: the page's bytes, where the user lets
    pages with a warning be stored. again: it is one of before, judged again: where nothing of it is stored, the user
    has had it forgotten, or did not let it be remembered.
    """

    extraction: Extraction
    verdict: Verdict
    page: str
    at: datetime
    texts: bool
    part_of: str | None = None
    feed: Feed | None = None
    source: PageSource | None = None
    again: bool = False


class _Context(NamedTuple):
    """The client and the deal that a page is about, as far as they are known."""

    client: str | None
    contract: str | None


class Writer:
    """Writes one page within one transaction. Each method raises SQLAlchemyError."""

    def __init__(self, db: Connection, page: JudgedPage) -> None:
        self._db = db
        self._page = page
        self._batch = Batch(db, page.extraction.site.id, page.at)
        self._around = self._surrounding_page()
        self._of_record: dict[tuple[str, str], _Context] = {}

    def write(self) -> None:
        """Write the page's records, verdict and warnings."""
        if self._page.again and not self._is_known():
            return
        records = self._page.extraction.records
        contract_ids = {record.id for record in records if isinstance(record, Contract) and record.id}
        if len(contract_ids) == 1:
            # A conversation on a deal's page belongs to that deal.
            self._around = self._around._replace(contract=next(iter(contract_ids)))
        clients, contracts = set[str](), set[str]()
        for record in records:
            client = self._record(record)
            self._note_context(record, client)
            clients |= {client} if client is not None else set()
            match record:
                case Contract(id=str(contract)) | Thread(contract_id=str(contract)) if contract:
                    contracts.add(contract)
        # On a page with several, what is about none of its records is about nobody who is known.
        of_verdict = self._page.verdict.client
        client = of_verdict.id if of_verdict else clients.pop() if len(clients) == 1 else self._around.client
        self._verdict(_Context(client, contracts.pop() if len(contracts) == 1 else self._around.contract))
        self._batch.write()
        if self._page.source is not None:
            delete_excess(self._db)

    def _is_known(self) -> bool:
        own = VERDICT.c.page == urldefrag(self._page.page).url
        return self._db.execute(select(VERDICT.c.page).where(own)).first() is not None

    def _note_context(self, record: AnyRecord, client: str | None) -> None:
        """Note whom and what a record is about, for its warnings on a page with several. client: of the record."""
        match record:
            case Job(id=str(ident)):
                self._of_record["job", ident] = _Context(client, None)
            case Contract(id=str(ident)):
                self._of_record["contract", ident] = _Context(client, ident)
            case Thread():
                context = _Context(client, record.contract_id)
                threads = {("thread", record.id), *(("message", message.id) for message in record.messages)}
                self._of_record |= {(subject, ident): context for subject, ident in threads if ident}
        of_client = record if isinstance(record, Client) else getattr(record, "client", None)
        if of_client is not None and of_client.id:
            self._of_record["client", of_client.id] = _Context(of_client.id, None)

    def _context(self, finding: Finding, of_page: _Context) -> _Context:
        """Returns what a warning is about: its own record, else the page."""
        own = self._of_record.get((finding.subject, finding.subject_id or ""))
        if own is None:
            return of_page
        return _Context(own.client or of_page.client, own.contract or of_page.contract)

    def _surrounding_page(self) -> _Context:
        if self._page.part_of is None:
            return _Context(None, None)
        page = urldefrag(self._page.part_of).url
        row = self._db.execute(select(VERDICT.c.client_id, VERDICT.c.contract_id).where(VERDICT.c.page == page)).first()
        return _Context(row.client_id, row.contract_id) if row is not None else _Context(None, None)

    # Each of these returns the id of the record's client.

    def _record(self, record: AnyRecord) -> str | None:
        match record:
            case Client():
                return self._client(record)
            case Job():
                return self._job(record)
            case Contract():
                return self._contract(record)
            case Thread():
                return self._thread(record)
            case Message():
                return None

    def _client(self, client: Client | None) -> str | None:
        if client is None or client.id is None:
            return None
        batch = self._batch
        batch.put(CLIENT, {"site": batch.site, "id": client.id, "name": client.name, "url": client.url})
        if client.name:
            batch.token(client.id, name_tokens(client.name))
        if client.profile:
            batch.sample(client.id, "profile", client.id, client.profile)
        return client.id

    def _job(self, job: Job) -> str | None:
        client = self._client(job.client)
        if job.id is not None:
            batch = self._batch
            row = {"site": batch.site, "id": job.id, "client_id": client, "title": job.title, "url": job.url}
            batch.put(JOB, row)
            if client is not None and job.body:
                batch.sample(client, "job", job.id, job.body, [link.url for link in job.links or ()])
        return client

    def _contract(self, contract: Contract) -> str | None:
        client = self._client(contract.client)
        if contract.id is None:
            return client
        row = {
            "site": self._batch.site,
            "id": contract.id,
            "client_id": client,
            "title": contract.title,
            "url": contract.url,
            "due": stored(contract.due),
            "payment_due": stored(contract.payment_due),
            "delivered_at": stored(contract.delivered_at),
            "demand": contract.demand,
            "demand_by": contract.demand_by,
            "demanded_at": stored(contract.demanded_at),
            "revisions_agreed": contract.revisions_agreed,
        }
        self._replace_other_demand(contract)
        self._batch.put_now(CONTRACT, row)
        if contract.state is not None:
            self._step(contract)
        return client

    def _replace_other_demand(self, contract: Contract) -> None:
        """Replace the deal's demand where the page names another: the old one's side and day are not the new one's."""
        if contract.demand is None:
            return
        is_other = CONTRACT.c.demand != contract.demand
        if contract.demand_by is not None:
            is_other = or_(is_other, CONTRACT.c.demand_by != contract.demand_by)
        self._replace_demand(contract, is_other)

    def _replace_demand(self, contract: Contract, *where: ColumnElement[bool]) -> None:
        """Replace all that is stored of the deal's demand by what the page shows."""
        is_deal = and_(CONTRACT.c.site == self._batch.site, CONTRACT.c.id == contract.id, *where)
        made_at = stored(contract.demanded_at)
        new = update(CONTRACT).values(demand=contract.demand, demand_by=contract.demand_by, demanded_at=made_at)
        self._db.execute(new.where(is_deal))

    def _thread(self, thread: Thread) -> str | None:
        client = self._client(thread.client) if thread.client is not None else self._around.client
        if thread.id is None:
            return client
        batch = self._batch
        row: dict[str, Any] = {"site": batch.site, "id": thread.id, "client_id": client}
        batch.put(THREAD, row | {"contract_id": thread.contract_id or self._around.contract})
        for place, message in enumerate(thread.messages):
            key = self._message(thread.id, place, message)
            if client is not None and message.author_role == "client" and message.body:
                links = [link.url for link in message.links or ()]
                batch.sample(client, "message", f"{thread.id}/{key}", message.body, links)
        return client

    def _message(self, thread: str, place: int, message: Message) -> str | None:
        """Write a message. Returns its key."""
        word = word_of(message, self._page.at)
        row = {
            "site": self._batch.site,
            "thread_id": thread,
            "key": word.key,
            "role": message.author_role,
            "sent_at": stored(message.sent_at),
            "place": place,
            "asks_revision": word.asks_revision,
            "delivers": word.delivers,
            "hands_over": word.hands_over,
            "revisions": word.revisions,
            "fingerprint": fingerprint(message),
            "body": (message.body or "") if self._page.texts else None,
            "feed": self._page.feed,
        }
        self._batch.put(MESSAGE, row)
        return word.key

    def _step(self, contract: Contract) -> None:
        """Write a new step if the state or the amount differs from the last step's; else only its times."""
        page, site = self._page, self._batch.site
        amount = str(contract.amount.amount) if contract.amount is not None else None
        of_contract = and_(STEP.c.site == site, STEP.c.contract_id == contract.id)
        last = self._db.execute(select(STEP).where(of_contract).order_by(STEP.c.number.desc()).limit(1)).first()
        if last is not None and last.state == contract.state and amount in (None, last.amount):
            updates: dict[str, Any] = {
                "last_seen": max(last.last_seen, page.at),
                "first_seen": min(last.first_seen, page.at),
            }
            if page.feed == "proxy":
                # The site itself has sent it, too.
                updates["feed"] = page.feed
            self._db.execute(update(STEP).where(STEP.c.number == last.number).values(updates))
            return
        if last is not None and last.last_seen - OUT_OF_ORDER < page.at < last.last_seen:
            # An older view of the deal (a page out of another window) is no step back. A clock that jumped further
            # does not tell which came first: then the order of arrival does.
            return
        currency = contract.amount.currency if contract.amount is not None else None
        row: dict[str, Any] = {"site": site, "contract_id": contract.id, "state": contract.state, "amount": amount}
        row |= {"currency": currency, "page": page.page, "feed": page.feed, "first_seen": page.at, "last_seen": page.at}
        self._db.execute(STEP.insert().values(row))
        is_demand = CONTRACT_STATES[row["state"]].demand is not None
        if is_demand and contract.demand is None and last is not None and last.state != contract.state:
            # A demand that was withdrawn is not named any more, as on a page that shows less. The new one counts.
            self._replace_demand(contract)

    def _verdict(self, context: _Context) -> None:
        page, verdict = self._page, self._page.verdict
        columns = {"client_id": context.client, "contract_id": context.contract}
        row: dict[str, Any] = {
            "page": urldefrag(page.page).url,
            "site": self._batch.site,
            "kind": page.extraction.extractor.kind,
            "state": verdict.state,
            "feed": page.feed,
            "reason": verdict.reason,
        }
        self._batch.put(VERDICT, row | columns)
        findings = self._findings(context)
        keys = [each.current for each in findings]
        if page.again:
            self._delete_withdrawn(keys)
        if page.source is not None and len(page.source.body) <= MOST_COPIED:
            rename_copy(self._db, self._batch.site, page.page, list(zip(*findings, strict=True)))
            row = copy_row(page.source, page.page, keys) | {"site": self._batch.site, "feed": page.feed} | columns
            self._batch.put(PAGE_COPY, row, keep=("address", "content_type", "sha256", "size", "body", "feed"))

    def _findings(self, of_page: _Context) -> list[FindingKeys]:
        """Write the page's warnings. Returns their keys."""
        page = urldefrag(self._page.part_of or self._page.page).url
        findings = [(finding, self._context(finding, of_page)) for finding in self._page.verdict.findings]
        keys = [finding_keys(finding, context.contract, page) for finding, context in findings]
        contracts = {each: context.contract for each, (_, context) in zip(keys, findings, strict=True)}
        rename_findings(self._db, self._batch.site, page, contracts)
        for each, (finding, context) in zip(keys, findings, strict=True):
            self._finding(finding, each.current, context)
        return keys

    def _delete_withdrawn(self, keys: Container[str]) -> None:
        """Delete the page's warnings of a file that its user chose by mistake. keys: of the warnings that it still has.

        A warning that a page had and has no more stays else: what a client wrote and took away was there.
        """
        page = self._page
        own = and_(FINDING.c.site == self._batch.site, FINDING.c.page == (page.part_of or page.page))
        rows = self._db.execute(select(FINDING.c.key, FINDING.c.told).where(own)).all()
        gone_keys = [row.key for row in rows if row.key not in keys and json.loads(row.told).get("chosen")]
        if gone_keys:
            self._db.execute(delete(FINDING).where(and_(own, FINDING.c.key.in_(gone_keys))))

    def _finding(self, finding: Finding, key: str, context: _Context) -> None:
        """Write a warning."""
        page = self._page
        words: dict[str, Any] = {
            "title": finding.title.model_dump(),
            "sources": [source.model_dump() for source in finding.sources],
            "report": finding.report,
        }
        if page.texts:
            words["quotes"] = [evidence.quote for evidence in finding.evidence]
        if any(evidence.chosen for evidence in finding.evidence):
            words["chosen"] = True
        row = {
            "site": self._batch.site,
            "key": key,
            "rule": finding.rule,
            "risk": finding.risk,
            "severity": finding.severity,
            "subject": finding.subject,
            "subject_id": finding.subject_id,
            "client_id": context.client,
            "contract_id": context.contract,
            "page": page.part_of or page.page,
            "told": json.dumps(words, ensure_ascii=False),
            "feed": page.feed,
        }
        # Words stored with permission are not lost when it is withdrawn.
        self._batch.put(FINDING, row, keep=() if page.texts else ("told",))
