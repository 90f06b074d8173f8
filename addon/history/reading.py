"""What the user reads of their history: deals with their due dates, clients, warnings. Nothing here writes."""

import itertools
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from urllib.parse import urldefrag

from pydantic import BaseModel, Field
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    TypeDecorator,
    and_,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy import Text as SqlText

from addon.history.recall import in_order
from addon.history.schema import CLIENT, CONTRACT, FINDING, JOB, MESSAGE, STEP, THREAD, VERDICT
from addon.history.store import History
from extractors.page import Feed
from extractors.records import Amount, ContractState, Moment
from rules.lexicon import CONTRACT_STATES, COURSE
from rules.model import Severity, Source, Text
from rules.past import (
    PAYMENT_DAYS,
    Step,
    Word,
    revision_requests,
    revision_rounds,
    revisions_stated,
)
from rules.past import day as day_of
from rules.sites import acceptance_days
from rules.text import plain

MOST_DEALS = 300
MOST_CLIENTS = 300
MOST_WARNINGS = 500
"""What is shown of a long history, the newest; a search reaches the rest."""
MOST_DUE = 1_000
"""Deals that are looked at for a due date, the ones seen last."""
OVERDUE_DAYS = 30
AT_ONCE = 500
"""Deals in one query: a database takes only so many parameters."""
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
    feed: Feed | None = Field(default=None, description="how that page came; null where that was not noted")


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
    sources: list[Source] = Field(default_factory=list, description="terms and laws that it rests on")
    report: bool = Field(default=True, description="worth a report; true for what was kept before that was remembered")
    subject_id: str | None = Field(default=None, description="the site's own id of the message that it is of")
    client: str | None
    client_name: str | None
    deal: str | None
    page: str
    feed: Feed | None = Field(default=None, description="how that page came; null where that was not noted")
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


class _Told(TypeDecorator[str]):
    """What a user reads of a warning: its title, and the words that it quotes."""

    impl = SqlText
    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        told = json.loads(value)
        return "\n".join((*told["title"].values(), *told.get("quotes", ())))


class Listed[T](NamedTuple):
    """The newest of something, and how many more there are."""

    rows: list[T]
    more: int


_DEALS = (
    select(CONTRACT, CLIENT.c.name.label("client_name"))
    .join(CLIENT, and_(CLIENT.c.site == CONTRACT.c.site, CLIENT.c.id == CONTRACT.c.client_id), isouter=True)
    .order_by(CONTRACT.c.last_seen.desc())
)
_CLIENTS = select(CLIENT).order_by(CLIENT.c.last_seen.desc())
_WARNINGS = (
    select(FINDING, CLIENT.c.name.label("client_name"))
    .join(CLIENT, and_(CLIENT.c.site == FINDING.c.site, CLIENT.c.id == FINDING.c.client_id), isouter=True)
    .where(FINDING.c.severity != "notice")
    .order_by(FINDING.c.last_seen.desc())
)


def deals(history: History, client: tuple[str, str] | None = None, deal: tuple[str, str] | None = None) -> list[Deal]:
    """All deals, or those with one client or one alone (site, id), the newest first. Raises SQLAlchemyError."""
    query = _DEALS
    if client is not None:
        query = query.where(and_(CONTRACT.c.site == client[0], CONTRACT.c.client_id == client[1]))
    if deal is not None:
        query = query.where(and_(CONTRACT.c.site == deal[0], CONTRACT.c.id == deal[1]))
    with history.engine.connect() as db:
        return _whole(db, db.execute(query).all())


def newest_deals(history: History, search: str | None = None, limit: int = MOST_DEALS) -> Listed[Deal]:
    """The deals seen last, of those in which all words of a search stand. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        texts = (CONTRACT.c.title, CLIENT.c.name, CONTRACT.c.client_id, CONTRACT.c.id)
        found = _newest(db, _DEALS, search, limit, key=(CONTRACT.c.site, CONTRACT.c.id), texts=texts)
        return Listed(_whole(db, found.rows), found.more)


def due_soon(history: History, today: date, days: int = 7) -> list[Due]:
    """What is due within some days from today, or overdue by less than 30, the first first. Raises SQLAlchemyError.

    Only deals are looked at that may have such a day: those with one on their page, or seen not too long ago.
    """
    since = today - timedelta(days=OVERDUE_DAYS + 1)
    seen = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=PAYMENT_DAYS)
    delivered = and_(
        CONTRACT.c.last_seen >= seen,
        select(STEP.c.number)
        .where(and_(STEP.c.site == CONTRACT.c.site, STEP.c.contract_id == CONTRACT.c.id, STEP.c.state == "delivered"))
        .exists(),
    )
    may_be = or_(CONTRACT.c.due >= str(since), CONTRACT.c.payment_due >= str(since), delivered)
    with history.engine.connect() as db:
        found = _whole(db, db.execute(_DEALS.where(may_be).limit(MOST_DUE)).all(), words=False)
    return dues(found, today, days)


def has(search: str | None, *texts: str | None) -> bool:
    """Whether all words of a search stand in some texts, however they are written (ＡＢＣ, abc)."""
    words = _folded(search or "").split()
    if not words:
        return True
    whole = "\n".join(_folded(text) for text in texts if text)
    return all(word in whole for word in words)


def _folded(text: str) -> str:
    return plain(text).casefold()


def _newest(
    db: Connection,
    query: Select[Any],
    search: str | None,
    limit: int,
    *,
    key: Sequence[Column[Any]],
    texts: Sequence[ColumnElement[Any]],
) -> Listed[Any]:
    """The newest rows of a query, of those in whose texts a search stands. key: the columns that name a row."""
    if not search:
        rows = list(db.execute(query.limit(limit)))
        more = 0
        if len(rows) == limit:
            more = (
                db.execute(
                    query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
                ).scalar_one()
                - limit
            )
        return Listed(rows, more)
    # No database folds what is written in other widths: all are looked at here, and what is found is read whole then.
    looked = query.with_only_columns(*key, *texts, maintain_column_froms=True)
    found: list[tuple[Any, ...]] = []
    number = 0
    for row in db.execution_options(yield_per=1_000).execute(looked):
        if has(search, *row[len(key) :]):
            number += 1
            if len(found) < limit:
                found.append(tuple(row[: len(key)]))
    rows = list(db.execute(query.where(tuple_(*key).in_(found)))) if found else []
    return Listed(rows, number - len(found))


def _whole(db: Connection, rows: Sequence[Any], *, words: bool = True) -> list[Deal]:
    """Contracts with their steps and, where asked for, what messages say of them."""
    found: list[Deal] = []
    for some in itertools.batched(rows, AT_ONCE):
        sites, idents = {row.site for row in some}, [row.id for row in some]
        steps: dict[tuple[str, str], list[DealStep]] = {}
        here = and_(STEP.c.site.in_(sites), STEP.c.contract_id.in_(idents))
        for row in db.execute(select(STEP).where(here).order_by(STEP.c.number)):
            step = DealStep(
                state=row.state,
                first_seen=row.first_seen,
                last_seen=row.last_seen,
                amount=Decimal(row.amount) if row.amount is not None else None,
                currency=row.currency,
                page=row.page,
                feed=row.feed,
            )
            steps.setdefault((row.site, row.contract_id), []).append(step)
        said = _words(db, sites, idents) if words else {}
        found += [_deal(row, steps.get((row.site, row.id), []), said.get((row.site, row.id), [])) for row in some]
    return found


def _words(db: Connection, sites: Iterable[str], contracts: Iterable[str]) -> dict[tuple[str, str], list[Word]]:
    """What messages of deals did, in order."""
    here = and_(THREAD.c.site.in_(sites), THREAD.c.contract_id.in_(contracts))
    threads = {(row.site, row.id): row.contract_id for row in db.execute(select(THREAD).where(here))}
    said = or_(MESSAGE.c.hands_over, MESSAGE.c.asks_revision, MESSAGE.c.delivers, MESSAGE.c.revisions.is_not(None))
    rows: dict[tuple[str, str], list[Any]] = {}
    # A second query: with both in one, every message there is would be looked at.
    for some in itertools.batched(threads, AT_ONCE):
        theirs = and_(MESSAGE.c.site.in_(sites), MESSAGE.c.thread_id.in_([ident for _, ident in some]))
        for row in db.execute(select(MESSAGE).where(and_(theirs, said))):
            contract = threads.get((row.site, row.thread_id))
            if contract is not None:
                rows.setdefault((row.site, contract), []).append(row)
    return {deal: list(in_order(theirs)) for deal, theirs in rows.items()}


def _told(words: Sequence[Word]) -> Iterable[DealWord]:
    told = 0
    for word, round_ in zip(words, revision_rounds(words), strict=True):
        if word.hands_over:
            yield DealWord(what="handed-over", at=word.at)
        # What is asked for besides in a round is of that round.
        if round_ is not None and round_ > told:
            told = round_
            yield DealWord(what="asks-revision", at=word.at, round=round_)


def _unseen(steps: Sequence[DealStep]) -> list[ContractState]:
    """Steps that come before the furthest one seen, and were not seen."""
    seen = {step.state for step in steps}
    furthest = max((COURSE.index(state) for state in seen if state in COURSE), default=-1)
    return [state for state in COURSE[: furthest + 1] if state not in seen and not CONTRACT_STATES[state].skippable]


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
        escrow_seen=any(CONTRACT_STATES[step.state].funded for step in steps),
        owed=state is not None and CONTRACT_STATES[state].owed,
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

    if deal.state in ("escrow-funded", "in-revision") and row.due:
        yield due("work", _day(row.due), "納品の期限です", "The work is due")
    if deal.state is not None and CONTRACT_STATES[deal.state].waiting and row.due:
        # Nobody is urged to deliver what may not be begun yet.
        ja, en = (
            "納品予定日です（仮払い前：まだ始めないでください）",
            "Planned delivery (escrow not funded: do not begin)",
        )
        yield due("work", _day(row.due), ja, en)
    if deal.state == "delivered":
        delivered = _day(row.delivered_at) if row.delivered_at else day_of(deal.steps[-1].first_seen)
        yield due(
            "ask", delivered + timedelta(days=ANSWER_DAYS), "検収の返事を確かめる日です", "Ask whether it is accepted"
        )
        days = acceptance_days(deal.site)
        if days is not None:
            yield due("acceptance", delivered + timedelta(days=days), "自動で検収になる日です", "Accepted by itself")
        last = delivered + timedelta(days=PAYMENT_DAYS)
        yield due("law", last, "法律（受領から60日）の支払い期限です", "The 60 days of the law for payment end")
    if deal.owed and row.payment_due:
        yield due("payment", _day(row.payment_due), "支払いの予定日です", "Payment is due")


def dues(found: Sequence[Deal], today: date, days: int = 7) -> list[Due]:
    """What of the deals is due within some days from today, or overdue by less than 30, the first first."""
    span = (today - timedelta(days=OVERDUE_DAYS), today + timedelta(days=days))
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
    return _known(row, deals(history, (site, client)), jobs, warnings)


def newest_clients(history: History, search: str | None = None, limit: int = MOST_CLIENTS) -> Listed[Known]:
    """The clients seen last, of those in which all words of a search stand. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        texts = (CLIENT.c.name, CLIENT.c.id, CLIENT.c.note)
        found = _newest(db, _CLIENTS, search, limit, key=(CLIENT.c.site, CLIENT.c.id), texts=texts)
        sites, idents = {row.site for row in found.rows}, [row.id for row in found.rows]
        theirs: dict[tuple[str, str | None], list[Deal]] = {}
        of_them = and_(CONTRACT.c.site.in_(sites), CONTRACT.c.client_id.in_(idents))
        for deal in _whole(db, db.execute(_DEALS.where(of_them)).all(), words=False):
            theirs.setdefault((deal.site, deal.client), []).append(deal)
        counts: dict[str, Counter[tuple[str, str]]] = {}
        for table in (JOB, FINDING):
            here = and_(table.c.site.in_(sites), table.c.client_id.in_(idents))
            if table is FINDING:
                here = and_(here, FINDING.c.severity != "notice")
            grouped = select(table.c.site, table.c.client_id, func.count()).where(here)
            rows = db.execute(grouped.group_by(table.c.site, table.c.client_id))
            counts[table.name] = Counter({(site, client): number for site, client, number in rows})
    known = [
        _known(
            row,
            theirs.get((row.site, row.id), []),
            counts["job"][row.site, row.id],
            counts["finding"][row.site, row.id],
        )
        for row in found.rows
    ]
    return Listed(known, found.more)


def newest_warnings(history: History, search: str | None = None, limit: int = MOST_WARNINGS) -> Listed[Warned]:
    """The warnings given last, of those in which all words of a search stand. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        texts = (type_coerce(FINDING.c.told, _Told), CLIENT.c.name, FINDING.c.page)
        found = _newest(db, _WARNINGS, search, limit, key=(FINDING.c.site, FINDING.c.key), texts=texts)
    return Listed([_warned(row) for row in found.rows], found.more)


def _known(row: Any, theirs: Sequence[Deal], jobs: int, warned: int) -> Known:
    return Known(
        site=row.site,
        id=row.id,
        name=row.name,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        jobs=jobs,
        deals=len(theirs),
        paid=sum(deal.state == "paid" for deal in theirs),
        owed=sum(deal.owed for deal in theirs),
        warnings=warned,
        note=row.note,
    )


def warnings(
    history: History,
    *,
    client: tuple[str, str] | None = None,
    deal: tuple[str, str] | None = None,
    finding: tuple[str, str] | None = None,
    limit: int = MOST_WARNINGS,
) -> list[Warned]:
    """Warnings given, the newest first; of one client, deal or warning alone (site, id). Raises SQLAlchemyError."""
    query = _WARNINGS
    if client is not None:
        query = query.where(and_(FINDING.c.site == client[0], FINDING.c.client_id == client[1]))
    if deal is not None:
        query = query.where(and_(FINDING.c.site == deal[0], FINDING.c.contract_id == deal[1]))
    if finding is not None:
        query = query.where(and_(FINDING.c.site == finding[0], FINDING.c.key == finding[1]))
    with history.engine.connect() as db:
        rows = db.execute(query.limit(limit)).all()
    return [_warned(row) for row in rows]


def shown_on(history: History, site: str, page: str, rule: str | None = None) -> tuple[str | None, str | None]:
    """The key of the newest warning of a rule on a page, and the id of the one deal that the page is of.

    None where nothing is remembered. Raises SQLAlchemyError.
    """
    bare = urldefrag(page).url
    on_page = or_(FINDING.c.page == bare, FINDING.c.page.startswith(f"{bare}#", autoescape=True))
    query = select(FINDING.c.key).where(and_(FINDING.c.site == site, FINDING.c.rule == rule, on_page))
    of_page = and_(VERDICT.c.page == bare, VERDICT.c.site == site)
    with history.engine.connect() as db:
        key = db.execute(query.order_by(FINDING.c.last_seen.desc()).limit(1)).scalar() if rule is not None else None
        return key, db.execute(select(VERDICT.c.contract_id).where(of_page)).scalar()


def sent_at(history: History, site: str, messages: Collection[str]) -> dict[str, Moment]:
    """When messages were sent, by the site's ids of them; those of which no page said it are left out.

    Raises SQLAlchemyError.
    """
    query = select(MESSAGE.c.key, MESSAGE.c.sent_at).where(
        and_(MESSAGE.c.site == site, MESSAGE.c.key.in_(messages), MESSAGE.c.sent_at.is_not(None))
    )
    with history.engine.connect() as db:
        return {row.key: _moment(row.sent_at) for row in db.execute(query)}


def _moment(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


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
        sources=[Source(**each) for each in told.get("sources", [])],
        report=told.get("report", True),
        subject_id=row.subject_id if row.subject == "message" else None,
        client=row.client_id,
        client_name=row.client_name,
        deal=row.contract_id,
        page=row.page,
        feed=row.feed,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )


def calendar(found: Sequence[Due], now: datetime) -> str:
    """Due dates as a calendar to import (RFC 5545), Japanese first."""
    # Here alone: it takes long to import, and a calendar is asked for now and then.
    from icalendar import Calendar, Event

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
