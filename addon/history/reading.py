"""What the user reads of their history: deals with their due dates, clients, warnings. Nothing here writes."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from icalendar import Calendar, Event
from pydantic import BaseModel, Field
from sqlalchemy import Connection, and_, func, or_, select

from addon.history.recall import in_order
from addon.history.schema import CLIENT, CONTRACT, FINDING, JOB, MESSAGE, STEP, THREAD
from addon.history.store import History
from extractors.records import Amount, ContractState
from rules.model import Severity, Text
from rules.past import (
    AUTOMATIC_ACCEPTANCE_DAYS,
    FUNDED,
    PAYMENT_DAYS,
    Step,
    Word,
    revision_requests,
    revision_rounds,
    revisions_stated,
)
from rules.past import day as day_of

OPEN = frozenset({"proposed", "agreed", "escrow-requested", "escrow-funded", "delivered", "in-revision", "disputed"})
_ENDED_OTHERWISE = frozenset({"cancelled", "disputed"})
IN_ORDER: tuple[ContractState, ...] = tuple(state for state in get_args(ContractState) if state not in _ENDED_OTHERWISE)
"""The steps that a deal takes."""
_NOT_EVERY: frozenset[ContractState] = frozenset({"in-revision"})
OWED = frozenset({"delivered", "accepted"})
"""Work was handed over, and payment was not seen."""
ANSWER_DAYS = 14
"""Days after delivery on which to ask, as the catalog's `delivered-not-accepted` has it."""

DueKind = Literal["work", "payment", "acceptance", "law", "ask"]


class Due(BaseModel):
    """A day by which something is to happen with a deal."""

    site: str
    deal: str
    title: str | None
    client_name: str | None
    kind: DueKind
    day: date
    what: Text
    url: str | None


class DealStep(BaseModel):
    state: ContractState
    first_seen: datetime
    last_seen: datetime
    amount: Amount | None
    currency: str | None
    page: str = Field(description="address of the page that showed it first")


class DealWord(BaseModel):
    """A message that says something of a deal's course, without its words."""

    what: Literal["handed-over", "asks-revision"]
    at: datetime | date
    round: int | None = Field(default=None, description="of revision")


class Deal(BaseModel):
    """A deal as it was seen over time."""

    site: str
    id: str
    title: str | None
    url: str | None
    client: str | None
    client_name: str | None
    state: ContractState | None
    steps: list[DealStep]
    amount: Amount | None
    currency: str | None
    escrow_seen: bool
    owed: bool = Field(description="delivered or accepted, and not seen paid")
    revisions_agreed: int | None
    dues: list[Due]
    unseen: list[ContractState] = Field(
        default_factory=list,
        description="steps before the last one seen that were never seen themselves: they may have happened",
    )
    words: list[DealWord] = Field(default_factory=list, description="what messages say of its course, the oldest first")
    revision_requests: int | None = Field(default=None, description="rounds of revision asked for so far")
    first_seen: datetime
    last_seen: datetime


class Warned(BaseModel):
    """A warning that was given."""

    key: str | None = Field(default=None, description="what it is named by, for a report")
    site: str
    rule: str
    risk: str
    severity: Severity
    title: Text
    quotes: list[str] = Field(description="empty where the words of messages are not kept")
    client: str | None
    client_name: str | None
    deal: str | None
    page: str
    first_seen: datetime
    last_seen: datetime


class Known(BaseModel):
    """A client and the user: what was between them so far."""

    site: str
    id: str
    name: str | None
    first_seen: datetime
    last_seen: datetime
    jobs: int
    deals: int
    paid: int
    owed: int
    warnings: int
    note: str | None


def deals(history: History, client: tuple[str, str] | None = None, deal: tuple[str, str] | None = None) -> list[Deal]:
    """All deals, or those with one client or one alone (site, id), the newest first. Raises SQLAlchemyError."""
    named = and_(CLIENT.c.site == CONTRACT.c.site, CLIENT.c.id == CONTRACT.c.client_id)
    query = select(CONTRACT, CLIENT.c.name.label("client_name")).join(CLIENT, named, isouter=True)
    if client is not None:
        query = query.where(and_(CONTRACT.c.site == client[0], CONTRACT.c.client_id == client[1]))
    if deal is not None:
        query = query.where(and_(CONTRACT.c.site == deal[0], CONTRACT.c.id == deal[1]))
    with history.engine.connect() as db:
        rows = db.execute(query.order_by(CONTRACT.c.last_seen.desc())).all()
        words = _words(db, [row.id for row in rows] if client or deal else None)
        steps: dict[tuple[str, str], list[DealStep]] = {}
        wanted = select(STEP).order_by(STEP.c.number)
        if client or deal:
            wanted = wanted.where(STEP.c.contract_id.in_([row.id for row in rows]))
        for row in db.execute(wanted):
            step = DealStep(
                state=row.state,
                first_seen=row.first_seen,
                last_seen=row.last_seen,
                amount=Decimal(row.amount) if row.amount is not None else None,
                currency=row.currency,
                page=row.page,
            )
            steps.setdefault((row.site, row.contract_id), []).append(step)
    return [_deal(row, steps.get((row.site, row.id), []), words.get((row.site, row.id), [])) for row in rows]


def _words(db: Connection, contracts: list[str] | None) -> dict[tuple[str, str], list[Word]]:
    """What messages of each deal did, in order; of all deals where none are named."""
    said = or_(MESSAGE.c.hands_over, MESSAGE.c.asks_revision, MESSAGE.c.delivers, MESSAGE.c.revisions.is_not(None))
    of = and_(THREAD.c.site == MESSAGE.c.site, THREAD.c.id == MESSAGE.c.thread_id, THREAD.c.contract_id.is_not(None))
    query = select(MESSAGE, THREAD.c.contract_id).join(THREAD, of).where(said)
    if contracts is not None:
        query = query.where(THREAD.c.contract_id.in_(contracts))
    rows: dict[tuple[str, str], list[Any]] = {}
    for row in db.execute(query):
        rows.setdefault((row.site, row.contract_id), []).append(row)
    return {deal: list(in_order(theirs)) for deal, theirs in rows.items()}


def _told(words: Sequence[Word]) -> Iterable[DealWord]:
    for word, round_ in zip(words, revision_rounds(words), strict=True):
        if word.hands_over:
            yield DealWord(what="handed-over", at=word.at)
        if round_ is not None:
            yield DealWord(what="asks-revision", at=word.at, round=round_)


def _unseen(steps: Sequence[DealStep]) -> list[ContractState]:
    """Steps that come before the furthest one seen, and were not seen."""
    seen = {step.state for step in steps}
    furthest = max((IN_ORDER.index(state) for state in seen if state in IN_ORDER), default=-1)
    return [state for state in IN_ORDER[: furthest + 1] if state not in seen | _NOT_EVERY]


def _deal(row: Any, steps: list[DealStep], words: Sequence[Word]) -> Deal:
    worth = next((step for step in reversed(steps) if step.amount is not None), None)
    state = steps[-1].state if steps else None
    # As the user has set it, else as a page showed it, else as a message says.
    agreed = (row.revisions_set, row.revisions_agreed, revisions_stated(words))
    deal = Deal(
        site=row.site,
        id=row.id,
        title=row.title,
        url=row.url,
        client=row.client_id,
        client_name=row.client_name,
        state=state,
        steps=steps,
        amount=worth.amount if worth else None,
        currency=worth.currency if worth else None,
        escrow_seen=any(step.state in FUNDED for step in steps),
        owed=state in OWED,
        revisions_agreed=next((number for number in agreed if number is not None), None),
        dues=[],
        unseen=_unseen(steps),
        words=list(_told(words)),
        revision_requests=revision_requests([Step(state=step.state, at=step.first_seen) for step in steps], words),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )
    deal.dues = sorted(_dues(deal, row), key=lambda due: due.day)
    return deal


def _dues(deal: Deal, row: Any) -> Iterable[Due]:
    def due(kind: DueKind, day: date, ja: str, en: str) -> Due:
        return Due(
            site=deal.site,
            deal=deal.id,
            title=deal.title,
            client_name=deal.client_name,
            kind=kind,
            day=day,
            what=Text(ja=ja, en=en),
            url=deal.url,
        )

    if deal.state in ("agreed", "escrow-requested", "escrow-funded", "in-revision") and row.due:
        yield due("work", _day(row.due), "納品の期限です", "The work is due")
    if deal.state == "delivered":
        delivered = _day(row.delivered_at) if row.delivered_at else day_of(deal.steps[-1].first_seen)
        yield due(
            "ask", delivered + timedelta(days=ANSWER_DAYS), "検収の返事を確かめる日です", "Ask whether it is accepted"
        )
        automatic = AUTOMATIC_ACCEPTANCE_DAYS.get(deal.site)
        if automatic is not None:
            yield due(
                "acceptance", delivered + timedelta(days=automatic), "自動で検収になる日です", "Accepted by itself"
            )
        last = delivered + timedelta(days=PAYMENT_DAYS)
        yield due("law", last, "法律（受領から60日）の支払い期限です", "The 60 days of the law for payment end")
    if deal.state in OWED and row.payment_due:
        yield due("payment", _day(row.payment_due), "支払いの予定日です", "Payment is due")


def dues(found: Sequence[Deal], today: date, days: int = 7) -> list[Due]:
    """What of the deals is due within some days from today, or overdue by less than 30, the first first."""
    span = (today - timedelta(days=30), today + timedelta(days=days))
    near = [due for deal in found for due in deal.dues if span[0] <= due.day <= span[1]]
    return sorted(near, key=lambda due: due.day)


def known(history: History, site: str, client: str) -> Known | None:
    """What was between the user and a client; None for one that was never seen. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        row = db.execute(select(CLIENT).where(and_(CLIENT.c.site == site, CLIENT.c.id == client))).first()
        if row is None:
            return None
        of = {table: and_(table.c.site == site, table.c.client_id == client) for table in (JOB, FINDING)}
        jobs = db.execute(select(func.count()).select_from(JOB).where(of[JOB])).scalar_one()
        warned = and_(of[FINDING], FINDING.c.severity != "notice")
        warnings = db.execute(select(func.count()).select_from(FINDING).where(warned)).scalar_one()
    theirs = deals(history, (site, client))
    return Known(
        site=site,
        id=client,
        name=row.name,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        jobs=jobs,
        deals=len(theirs),
        paid=sum(deal.state == "paid" for deal in theirs),
        owed=sum(deal.owed for deal in theirs),
        warnings=warnings,
        note=row.note,
    )


def clients(history: History, limit: int = 500) -> list[Known]:
    """The clients seen last. Raises SQLAlchemyError."""
    theirs: dict[tuple[str, str | None], list[Deal]] = {}
    for deal in deals(history):
        theirs.setdefault((deal.site, deal.client), []).append(deal)
    with history.engine.connect() as db:
        rows = db.execute(select(CLIENT).order_by(CLIENT.c.last_seen.desc()).limit(limit)).all()
        counts: dict[Any, Counter[tuple[str, str]]] = {}
        for table, query in (
            (JOB, select(JOB.c.site, JOB.c.client_id, func.count())),
            (FINDING, select(FINDING.c.site, FINDING.c.client_id, func.count()).where(FINDING.c.severity != "notice")),
        ):
            grouped = query.group_by(table.c.site, table.c.client_id)
            counts[table.name] = Counter({(site, client): number for site, client, number in db.execute(grouped)})
    return [
        Known(
            site=row.site,
            id=row.id,
            name=row.name,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            jobs=counts["job"][row.site, row.id],
            deals=len(theirs.get((row.site, row.id), [])),
            paid=sum(deal.state == "paid" for deal in theirs.get((row.site, row.id), [])),
            owed=sum(deal.owed for deal in theirs.get((row.site, row.id), [])),
            warnings=counts["finding"][row.site, row.id],
            note=row.note,
        )
        for row in rows
    ]


def warnings(
    history: History,
    *,
    client: tuple[str, str] | None = None,
    deal: tuple[str, str] | None = None,
    finding: tuple[str, str] | None = None,
    limit: int = 500,
) -> list[Warned]:
    """Warnings given, the newest first; of one client, deal or warning alone (site, id). Raises SQLAlchemyError."""
    named = and_(CLIENT.c.site == FINDING.c.site, CLIENT.c.id == FINDING.c.client_id)
    query = select(FINDING, CLIENT.c.name.label("client_name")).join(CLIENT, named, isouter=True)
    query = query.where(FINDING.c.severity != "notice")
    if client is not None:
        query = query.where(and_(FINDING.c.site == client[0], FINDING.c.client_id == client[1]))
    if deal is not None:
        query = query.where(and_(FINDING.c.site == deal[0], FINDING.c.contract_id == deal[1]))
    if finding is not None:
        query = query.where(and_(FINDING.c.site == finding[0], FINDING.c.key == finding[1]))
    with history.engine.connect() as db:
        rows = db.execute(query.order_by(FINDING.c.last_seen.desc()).limit(limit)).all()
    return [_warned(row) for row in rows]


def _warned(row: Any) -> Warned:
    told: Mapping[str, Any] = json.loads(row.told)
    return Warned(
        key=row.key,
        site=row.site,
        rule=row.rule,
        risk=row.risk,
        severity=row.severity,
        title=Text(**told["title"]),
        quotes=told.get("quotes", []),
        client=row.client_id,
        client_name=row.client_name,
        deal=row.contract_id,
        page=row.page,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )


def calendar(found: Sequence[Due], now: datetime) -> str:
    """Due dates as a calendar to import (RFC 5545), Japanese first."""
    whole = Calendar()
    whole.add("prodid", "-//Koban//Koban//JA")
    whole.add("version", "2.0")
    for due in found:
        event = Event()
        event.add("uid", f"{due.site}-{due.deal}-{due.kind}@koban.invalid")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", due.day)
        event.add("dtend", due.day + timedelta(days=1))
        event.add("summary", f"{due.what.ja}：{due.title or due.deal} / {due.what.en}")
        event.add("transp", "TRANSPARENT")
        if due.url:
            event.add("url", due.url)
        whole.add_component(event)
    return str(whole.to_ical(), "utf-8")


def _day(text: str) -> date:
    return day_of(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))
