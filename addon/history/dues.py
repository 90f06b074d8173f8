"""Due dates of deals: delivery, acceptance, payment."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from addon.history.moments import parsed
from extractors.descriptor import Deadline
from extractors.records import ContractState, Demand, Moment
from rules.lexicon import CONTRACT_STATES, DEADLINE_EVENTS, ContractStateInfo, limit_words
from rules.model import Text
from rules.past import day, last_payment_day
from rules.sites import Terms, in_japan

OVERDUE_DAYS = 30
"""Days after which a due date that has passed is no longer shown."""
ANSWER_DAYS = 14
"""Days after delivery on which to ask for an answer. The catalog's `delivered-not-accepted` warns from then on; a test
holds the two together."""

DueKind = Literal["work", "payment", "acceptance", "law", "ask", "answer"]
TEXTS: dict[DueKind, Text] = {
    "work": Text(ja="納品の期限です", en="The work is due"),
    "ask": Text(ja="検収の返事を確かめる日です", en="Ask whether it is accepted"),
    "acceptance": Text(ja="自動で検収になる日です", en="Accepted automatically"),
    "law": Text(
        ja="フリーランス法の支払い期限（納品から原則60日）です",
        en="Payment is due by law (normally 60 days from delivery)",
    ),
    "payment": Text(ja="支払いの予定日です", en="Payment is due"),
    "answer": Text(ja="相手の申請に返答する期限です", en="An answer to the other side is due"),
}
PLANNED_DELIVERY = Text(
    ja="納品予定日です（仮払い前：まだ始めないでください）", en="Planned delivery (escrow not funded: do not start)"
)
"""For `work` before escrow: nobody is urged to deliver work that must not begin yet."""
THEIR_ANSWER = Text(ja="こちらの申請に相手が返答する期限です", en="The other side's answer is due")
"""For `answer` where the demand is the user's own."""


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


def dues_of(contract: Any, state: ContractState | None, since: datetime | None, terms: Terms) -> list[Due]:
    """Returns a deal's due dates, the earliest first.

    contract: a row of the table with `client_name`. since: the time when `state` was first seen. terms: of its site.
    """
    info = CONTRACT_STATES[state] if state is not None else None
    demand = _open_demand(contract, state, since, terms)
    dues = [
        Due(
            site=contract.site,
            deal=contract.id,
            title=contract.title,
            client_name=contract.client_name,
            kind=kind,
            day=due_day,
            what=_what(kind, info, demand),
            url=contract.url,
        )
        for kind, due_day in _days(contract, info, since, terms, demand)
    ]
    return sorted(dues, key=lambda due: due.day)


def undated_answer(contract: Any, state: ContractState | None, since: datetime | None, terms: Terms) -> Text | None:
    """Returns the time that the site's terms set for the answer to a demand whose day no page showed.

    None where that day is known, where nothing is demanded, or where no term sets a time. The arguments are those of
    `dues_of`.
    """
    demand = _open_demand(contract, state, since, terms)
    if demand is None or demand.made_at is not None:
        return None
    return time_to_answer(demand.kind, demand.limit, demand.by)


def time_to_answer(demand: Demand, limit: Deadline, by: str | None) -> Text:
    """Returns the time for the answer to a demand whose day is unknown. by: the side that made it."""
    event, span = DEADLINE_EVENTS[demand], limit_words(limit)
    if by == "freelancer":
        return Text(
            ja=f"こちらが出した{event.ja}に相手が返答する期限は、出した日から{span.ja}です"
            "（その日は画面に表示されていません）",
            en=f"The other side's answer to {event.en} is due {span.en} from the day on which it was made, "
            "which no page shows",
        )
    return Text(
        ja=f"{event.ja}に返答する期限は、受け取った日から{span.ja}です（その日は画面に表示されていません）",
        en=f"The answer to {event.en} is due {span.en} from the day on which it was received, which no page shows",
    )


class _OpenDemand(NamedTuple):
    """A demand that waits for an answer.

    by: the side that made it; None if unknown. limit: the time that the site's terms set for it. made_at: None if
    unknown.
    """

    kind: Demand
    by: str | None
    limit: Deadline
    made_at: Moment | None


def _what(kind: DueKind, info: ContractStateInfo | None, demand: _OpenDemand | None) -> Text:
    if kind == "work" and info is not None and info.waiting:
        return PLANNED_DELIVERY
    if kind == "answer" and demand is not None and demand.by == "freelancer":
        return THEIR_ANSWER
    return TEXTS[kind]


def _days(
    contract: Any, info: ContractStateInfo | None, since: datetime | None, terms: Terms, demand: _OpenDemand | None
) -> Iterator[tuple[DueKind, date]]:
    due, payment_due, delivered_at = (
        parsed(text) for text in (contract.due, contract.payment_due, contract.delivered_at)
    )
    if due is not None and info is not None and (info.in_work or info.waiting):
        yield "work", day(due)
    if demand is not None and demand.made_at is not None:
        yield "answer", demand.limit.ends(day(demand.made_at))
    if info is not None and info.awaits_acceptance and since is not None:
        received_on = day(delivered_at or since)
        ask, automatic = received_on + timedelta(days=ANSWER_DAYS), terms.acceptance(contract.site)
        if automatic is None or ask <= automatic.ends(received_on):
            yield "ask", ask
        if automatic is not None:
            yield "acceptance", automatic.ends(received_on)
        if in_japan(contract.site):
            yield "law", last_payment_day(received_on)
    if payment_due is not None and info is not None and info.owed:
        yield "payment", day(payment_due)


def _open_demand(
    contract: Any, state: ContractState | None, since: datetime | None, terms: Terms
) -> _OpenDemand | None:
    """Returns a deal's open demand; None where the deal is over, nothing is demanded, or no term sets a time.

    The demand that a page named goes before the one that the state tells of, unless no term sets a time for it.
    """
    info = CONTRACT_STATES[state] if state is not None else None
    if info is not None and info.closed:
        return None
    demand = terms.open_demand(contract.site, contract.demand, contract.demand_by, state)
    if demand is None:
        return None
    made_at = parsed(contract.demanded_at) if demand.is_named else since
    return _OpenDemand(demand.kind, demand.by, demand.limit, made_at)


def near(dues: Iterable[Due], today: date, days: int = 7) -> list[Due]:
    """Returns those due within some days from today, or overdue by at most 30, the earliest first."""
    first, last = today - timedelta(days=OVERDUE_DAYS), today + timedelta(days=days)
    return sorted((due for due in dues if first <= due.day <= last), key=lambda due: due.day)
