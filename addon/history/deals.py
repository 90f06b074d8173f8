"""Deals as they were seen over time, with their course and due dates. Nothing here writes."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Column, ColumnElement, Connection, and_, or_, select

from addon.history.course import (
    CoursePoint,
    DealStep,
    DealWord,
    course_of,
    deal_words,
    unseen_states,
)
from addon.history.dues import OVERDUE_DAYS, Due, dues_of, near, undated_answer
from addon.history.recall import in_order
from addon.history.schema import CLIENT, CONTRACT, MESSAGE, STEP, THREAD
from addon.history.search import Newest, newest
from addon.history.shown_words import amount_forms, mark_forms, state_forms
from addon.history.store import History
from extractors.records import Amount, ContractState
from rules.lexicon import CONTRACT_STATES
from rules.model import Text
from rules.past import PAYMENT_DAYS, Step, Word, revision_requests, revisions_stated
from rules.sites import Terms

MOST_DEALS = 300
"""Shown of a long history; a search reaches the rest."""
MOST_DUE = 1_000
"""Deals that due dates are looked for in, the ones seen last."""
_BEGIN = tuple(state for state, info in CONTRACT_STATES.items() if info.awaits_acceptance or info.demand is not None)
"""States from which a site's time runs."""
AT_ONCE = 500
"""Deals in one query: databases limit the number of parameters."""


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
    waits_for_escrow: bool = Field(
        default_factory=bool, description="agreed, and escrow was never seen: work must not begin yet"
    )
    owed: bool = Field(description="delivered or accepted, and not seen paid")
    revisions_agreed: int | None
    dues: list[Due]
    undated: Text | None = Field(
        default=None, description="the time for an answer to a demand whose day no page showed"
    )
    unseen: list[ContractState] = Field(
        default_factory=list,
        description="steps before the last one seen that were never seen themselves: they may have happened",
    )
    words: list[DealWord] = Field(default_factory=list, description="what messages say of its course, the oldest first")
    course: list[CoursePoint] = Field(
        default_factory=list, description="steps seen, missed and ahead, and the messages, in the order to draw"
    )
    revision_requests: int | None = Field(default=None, description="rounds of revision asked for so far")
    first_seen: datetime
    last_seen: datetime


DEALS = (
    select(CONTRACT, CLIENT.c.name.label("client_name"))
    .join(CLIENT, and_(CLIENT.c.site == CONTRACT.c.site, CLIENT.c.id == CONTRACT.c.client_id), isouter=True)
    .order_by(CONTRACT.c.last_seen.desc())
)
"""The rows that `read_deals` takes, the newest first."""


def deals(
    history: History,
    client: tuple[str, str] | None = None,
    deal: tuple[str, str] | None = None,
    *,
    terms: Terms,
) -> list[Deal]:
    """Returns all deals, or those with one client or one alone (site, id), the newest first.

    terms: of sites, from which due dates follow. Raises SQLAlchemyError.
    """
    query = DEALS
    if client is not None:
        query = query.where(and_(CONTRACT.c.site == client[0], CONTRACT.c.client_id == client[1]))
    if deal is not None:
        query = query.where(and_(CONTRACT.c.site == deal[0], CONTRACT.c.id == deal[1]))
    with history.engine.connect() as db:
        return read_deals(db, db.execute(query).all(), terms)


def newest_deals(history: History, search: str | None = None, limit: int = MOST_DEALS, *, terms: Terms) -> Newest[Deal]:
    """Returns the most recently seen deals matching every search word.

    terms: as for `deals`. Raises SQLAlchemyError.
    """
    with history.engine.connect() as db:
        texts = (CONTRACT.c.title, CLIENT.c.name, CONTRACT.c.client_id, CONTRACT.c.id)
        key, facts = (CONTRACT.c.site, CONTRACT.c.id), (_last(STEP.c.state), _LAST_FUNDED, *_PRICE)
        rows = newest(db, DEALS, search, limit, key=key, texts=texts, facts=facts, words_of=_said)
        return Newest(read_deals(db, rows.rows, terms), rows.more)


def _last(column: Column[Any], *where: ColumnElement[bool]) -> ColumnElement[Any]:
    """A column of the last step of a deal, or of the last of which something holds."""
    of_deal = and_(STEP.c.site == CONTRACT.c.site, STEP.c.contract_id == CONTRACT.c.id, *where)
    query = select(column).where(of_deal).order_by(STEP.c.number.desc()).limit(1)
    return query.correlate(CONTRACT).scalar_subquery()


_PRICE = tuple(_last(column, STEP.c.amount.is_not(None)) for column in (STEP.c.amount, STEP.c.currency))
_LAST_FUNDED = _last(STEP.c.state, STEP.c.state.in_([state for state, info in CONTRACT_STATES.items() if info.funded]))
"""The last step that tells that a deal's escrow is funded, or NULL."""


def _said(state: str | None, funding: str | None, amount: str | None, currency: str | None) -> Iterator[str]:
    """Yields the words that a deal's row shows beside its names."""
    yield from amount_forms(amount, currency)
    if state is not None:
        yield from state_forms(state)
        yield from mark_forms(state, escrow_seen=funding is not None)


def due_soon(history: History, today: date, days: int = 7, *, terms: Terms) -> list[Due]:
    """Returns what is due within some days from today, or overdue by at most 30, the earliest first.

    Only deals that may have such a day are read: those with one on their page, and those that were delivered, disputed
    or under a demand not too long ago. terms: as for `deals`. Raises SQLAlchemyError.
    """
    since = today - timedelta(days=OVERDUE_DAYS + 1)
    last_delivery = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=PAYMENT_DAYS)
    has_begun = and_(
        CONTRACT.c.last_seen >= last_delivery,
        select(STEP.c.number)
        .where(and_(STEP.c.site == CONTRACT.c.site, STEP.c.contract_id == CONTRACT.c.id, STEP.c.state.in_(_BEGIN)))
        .exists(),
    )
    has_demand = and_(CONTRACT.c.last_seen >= last_delivery, CONTRACT.c.demand.is_not(None))
    may_be_due = or_(CONTRACT.c.due >= str(since), CONTRACT.c.payment_due >= str(since), has_begun, has_demand)
    with history.engine.connect() as db:
        due_deals = read_deals(db, db.execute(DEALS.where(may_be_due).limit(MOST_DUE)).all(), terms, words=False)
    return near((due for deal in due_deals for due in deal.dues), today, days)


def read_deals(db: Connection, contracts: Sequence[Any], terms: Terms, *, words: bool = True) -> list[Deal]:
    """Returns the deals of rows of `DEALS`. terms: as for `deals`. words: read the messages of their courses too.

    Raises SQLAlchemyError.
    """
    result: list[Deal] = []
    for rows in itertools.batched(contracts, AT_ONCE):
        sites, idents = {row.site for row in rows}, [row.id for row in rows]
        steps = _steps(db, sites, idents)
        messages = _messages(db, sites, idents) if words else {}
        for row in rows:
            deal = row.site, row.id
            result.append(_deal(row, steps.get(deal, []), messages.get(deal, []), terms))
    return result


def _steps(db: Connection, sites: Iterable[str], idents: Iterable[str]) -> dict[tuple[str, str], list[DealStep]]:
    steps: dict[tuple[str, str], list[DealStep]] = {}
    these = and_(STEP.c.site.in_(sites), STEP.c.contract_id.in_(idents))
    for row in db.execute(select(STEP).where(these).order_by(STEP.c.number)):
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
    return steps


def _messages(db: Connection, sites: Iterable[str], idents: Iterable[str]) -> dict[tuple[str, str], list[Word]]:
    """Returns the messages that say something of a deal's course, the oldest first, by deal."""
    these = and_(THREAD.c.site.in_(sites), THREAD.c.contract_id.in_(idents))
    threads = {(row.site, row.id): row.contract_id for row in db.execute(select(THREAD).where(these))}
    telling = or_(MESSAGE.c.hands_over, MESSAGE.c.asks_revision, MESSAGE.c.delivers, MESSAGE.c.revisions.is_not(None))
    rows: dict[tuple[str, str], list[Any]] = {}
    # A second query: with both in one, every message in the database would be scanned.
    for batch in itertools.batched(threads, AT_ONCE):
        of_threads = and_(MESSAGE.c.site.in_(sites), MESSAGE.c.thread_id.in_([ident for _, ident in batch]))
        for row in db.execute(select(MESSAGE).where(and_(of_threads, telling))):
            contract = threads.get((row.site, row.thread_id))
            if contract is not None:
                rows.setdefault((row.site, contract), []).append(row)
    return {deal: list(in_order(messages)) for deal, messages in rows.items()}


def _deal(row: Any, steps: list[DealStep], messages: Sequence[Word], terms: Terms) -> Deal:
    priced_step = next((step for step in reversed(steps) if step.amount is not None), None)
    state = steps[-1].state if steps else None
    info = CONTRACT_STATES[state] if state is not None else None
    escrow_seen = any(CONTRACT_STATES[step.state].funded for step in steps)
    # Another amount in the same state is a step too.
    of_state = list(itertools.takewhile(lambda step: step.state == state, reversed(steps)))
    since = of_state[-1].first_seen if of_state else None
    words = list(deal_words(messages))
    # As set by the user, else as shown by a page, else as stated in a message.
    revision_numbers = (row.revisions_set, row.revisions_agreed, revisions_stated(messages))
    return Deal(
        site=row.site,
        id=row.id,
        title=row.title,
        url=row.url,
        client=row.client_id,
        client_name=row.client_name,
        state=state,
        steps=steps,
        amount=priced_step.amount if priced_step else None,
        currency=priced_step.currency if priced_step else None,
        escrow_seen=escrow_seen,
        waits_for_escrow=info is not None and info.waits_for_escrow(escrow_seen=escrow_seen),
        owed=info is not None and info.owed,
        revisions_agreed=next((number for number in revision_numbers if number is not None), None),
        dues=dues_of(row, state, since, terms),
        undated=undated_answer(row, state, since, terms),
        unseen=unseen_states(steps),
        words=words,
        course=course_of(steps, words),
        revision_requests=revision_requests([Step(state=step.state, at=step.first_seen) for step in steps], messages),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )
