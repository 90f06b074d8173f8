"""Milestones and requests for them, as the API is assumed to answer them.

No answer has been seen. The keys are those of the test data of the site's own library (2019), and of programs that ask
for milestones; of the states only `cleared` stands in that data. The others are the words that such programs look for
(`frozen`), and those of the site's help for what its pages show, taken to be the API's too
(https://www.freelancer.in/support/payments/milestone-payment-status). A state that is none of these is not understood.

A request is what somebody asks for, never money. A milestone is money where its state says that it is held *and* an
amount stands there.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult

from extractors.freelancer.addresses import result_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, Row, amount, certainties, ident, members, money, placed, read_fields, rows, text
from extractors.records import Contract, ContractState, Demand, Money

STATES: Mapping[str, ContractState] = {
    "requested": "escrow-requested",
    "in progress": "escrow-funded",
    "frozen": "escrow-funded",
    "pending": "escrow-funded",
    "release requested": "delivered",
    "requested release": "delivered",
    "disputed": "disputed",
    "released": "paid",
    "cleared": "paid",
    "cancelled": "cancelled",
    "canceled": "cancelled",
}
HOLDING_STATES = frozenset({"escrow-funded", "delivered", "disputed"})
"""States in which the site holds the money."""


def _money(row: Row) -> Money | None:
    return money(row.get("amount"), members(row, "currency").get("code"))


def _word(status: object) -> str:
    return " ".join((text(status) or "").lower().replace("_", " ").split())


def _state(row: Row) -> ContractState | None:
    state = STATES.get(_word(row.get("status")))
    if state == "escrow-funded" and not amount(row.get("amount")):
        # No state alone proves money.
        return None
    return state


def _unread(row: Row, state: object) -> tuple[str, ...] | None:
    """The state, where there is a word for it that is not known."""
    status = row.get("status")
    return ("state",) if state is None and status is not None and _word(status) not in STATES else None


def _held(row: Row) -> Money | None:
    return _money(row) if _state(row) in HOLDING_STATES else None


def _field(path: str, read: Any) -> tuple[Reader[Row], ...]:
    return (Reader(path, read, "assumed"),)


def _demand(row: Row) -> Demand | None:
    """A wish to have the money back. The freelancer alone can give it back, so it is the client's."""
    return "cancellation" if row.get("cancellation_requested") is True and _state(row) in HOLDING_STATES else None


MILESTONE_FIELDS = {
    "title": _field("other_reason", lambda row: text(row.get("other_reason"))),
    "state": _field("status", _state),
    "amount": _field("amount", _money),
    "funded_amount": _field("amount", _held),
    "demand": _field("cancellation_requested", _demand),
    "demand_by": _field("cancellation_requested", lambda row: None if _demand(row) is None else "client"),
}
_ASKED = frozenset({"requested", "pending"})
_ANSWERED = frozenset({"created", "rejected", "deleted"})
"""Of requests: what became money stands among the milestones."""


def _request_state(row: Row) -> ContractState | None:
    """A request as long as nobody has answered it. Whether there is always a state has not been seen."""
    return "escrow-requested" if row.get("status") is None or _word(row.get("status")) in _ASKED else None


REQUEST_FIELDS = {
    "title": _field("description", lambda row: text(row.get("description"))),
    "state": _field("status", _request_state),
    "amount": _field("amount", _money),
}


def _entries(page: Page, name: str, kind: PageKind) -> dict[str, Row]:
    """The rows of an answer by their number: under it, or in a list as `transaction_id` or `id`.

    Raises PageChanged where it holds none by that name.
    """
    entries = result_of(page, name)
    if isinstance(entries, list):
        rows_by_number = {ident(row.get("transaction_id")) or ident(row.get("id")) or "": row for row in rows(entries)}
    elif isinstance(entries, dict):
        rows_by_number = {number: row for number, row in entries.items() if isinstance(row, dict)}
    else:
        raise PageChanged(kind, [f"result.{name}"])
    rows_by_number = {number: row for number, row in rows_by_number.items() if number.isascii() and number.isdecimal()}
    if entries and not rows_by_number:
        raise PageChanged(kind, [f"result.{name}"])
    return rows_by_number


class Milestones:
    kind: PageKind = "contract-list"
    examples: Sequence[str] = ("https://www.freelancer.com/api/projects/0.1/milestones/?projects[]=4000001",)
    fields = certainties(contract=MILESTONE_FIELDS)

    _path = re.compile(r"/api/projects/0\.1/milestones/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract a milestone. Raises PageChanged where there are none by their name and number."""
        place = "result.milestones[]"
        fields = placed(MILESTONE_FIELDS, f"{place}.")
        contracts = []
        for number, row in _entries(page, "milestones", self.kind).items():
            values = read_fields(row, fields)
            values["sources"]["id"] = place
            contracts.append(Contract(id=number, unread=_unread(row, values.get("state")), **values))
        return tuple(contracts)


class MilestoneRequests:
    kind: PageKind = "contract-list"
    examples: Sequence[str] = ("https://www.freelancer.com/api/projects/0.1/milestone_requests/?projects[]=4000001",)
    fields = certainties(contract=REQUEST_FIELDS)

    _path = re.compile(r"/api/projects/0\.1/milestone_requests/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract a request that nobody has answered: never funded, and without an id, which is no deal's.

        Raises PageChanged where there are none by their name and number.
        """
        fields = placed(REQUEST_FIELDS, "result.milestone_requests[].")
        contracts = []
        for row in _entries(page, "milestone_requests", self.kind).values():
            if _word(row.get("status")) in _ANSWERED:
                continue
            values = read_fields(row, fields)
            contracts.append(Contract(**values, unread=_unread(row, values.get("state"))))
        return tuple(contracts)
