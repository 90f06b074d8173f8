"""Due dates of deals: delivery, acceptance, payment."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel

from addon.history.moments import parsed
from extractors.records import ContractState
from rules.lexicon import CONTRACT_STATES
from rules.model import Text
from rules.past import PAYMENT_DAYS, day
from rules.sites import acceptance_days

OVERDUE_DAYS = 30
"""Days after which a due date that has passed is no longer shown."""
ANSWER_DAYS = 14
"""Days after delivery on which to ask for an answer. The catalog's `delivered-not-accepted` warns from then on; a test
holds the two together."""

DueKind = Literal["work", "payment", "acceptance", "law", "ask"]
_TEXTS: dict[DueKind, Text] = {
    "work": Text(ja="納品の期限です", en="The work is due"),
    "ask": Text(ja="検収の返事を確かめる日です", en="Ask whether it is accepted"),
    "acceptance": Text(ja="自動で検収になる日です", en="Accepted automatically"),
    "law": Text(
        ja="法律の支払い期限（納品物の受け取りから60日）です",
        en="Payment is due by law (60 days from receipt)",
    ),
    "payment": Text(ja="支払いの予定日です", en="Payment is due"),
}
_PLANNED = Text(
    ja="納品予定日です（仮払い前：まだ始めないでください）", en="Planned delivery (escrow not funded: do not start)"
)
"""For `work` before escrow: nobody is urged to deliver work that must not begin yet."""


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


def dues_of(contract: Any, state: ContractState | None, since: datetime | None) -> list[Due]:
    """Returns a deal's due dates, the earliest first.

    contract: a row of the table with `client_name`. since: the time when `state` was first seen.
    """
    info = CONTRACT_STATES[state] if state is not None else None
    dues = [
        Due(
            site=contract.site,
            deal=contract.id,
            title=contract.title,
            client_name=contract.client_name,
            kind=kind,
            day=due_day,
            what=_PLANNED if kind == "work" and info is not None and info.waiting else _TEXTS[kind],
            url=contract.url,
        )
        for kind, due_day in _days(contract, state, since)
    ]
    return sorted(dues, key=lambda due: due.day)


def _days(contract: Any, state: ContractState | None, since: datetime | None) -> Iterator[tuple[DueKind, date]]:
    due, paid, delivered = (parsed(text) for text in (contract.due, contract.payment_due, contract.delivered_at))
    info = CONTRACT_STATES[state] if state is not None else None
    if due is not None and info is not None and (state in ("escrow-funded", "in-revision") or info.waiting):
        yield "work", day(due)
    if state == "delivered" and since is not None:
        received = day(delivered or since)
        yield "ask", received + timedelta(days=ANSWER_DAYS)
        automatic = acceptance_days(contract.site)
        if automatic is not None:
            yield "acceptance", received + timedelta(days=automatic)
        yield "law", received + timedelta(days=PAYMENT_DAYS)
    if paid is not None and info is not None and info.owed:
        yield "payment", day(paid)


def near(dues: Iterable[Due], today: date, days: int = 7) -> list[Due]:
    """Returns those due within some days from today, or overdue by at most 30, the earliest first."""
    first, last = today - timedelta(days=OVERDUE_DAYS), today + timedelta(days=days)
    return sorted((due for due in dues if first <= due.day <= last), key=lambda due: due.day)
