"""Contracts and their milestones, by the names of Upwork's published GraphQL schema.

Assumed: no page and no answer of a contract has been seen, and the values of its `state` are written down nowhere.
So money alone tells what is funded: an amount of this very milestone above zero. Zero is not funded; a missing amount
is unknown. One milestone is funded at a time, so each is a deal of its own here: work on another is not covered.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, Row, certainties, ident, members, moment, placed, read_fields, rows, text
from extractors.records import Contract, ContractState, Money
from extractors.upwork.addresses import alias_of
from extractors.upwork.amounts import dollars
from extractors.upwork.offers import answer_data

ALIAS = "vendorContracts"


def _money(milestone: Row, key: str) -> Money | None:
    amount = members(milestone, key)
    return dollars(amount.get("rawValue"), amount.get("currency"))


def _funded(milestone: Row) -> Money | None:
    """The amount that is held for a milestone now; None where that is not known."""
    escrow, funded_amount = _money(milestone, "currentEscrowAmount"), _money(milestone, "fundedAmount")
    if escrow is not None and (escrow.amount > 0 or funded_amount is None):
        # Nothing held, and not known whether there was: it may have been paid out.
        return escrow if escrow.amount > 0 or _amount(milestone, "paid") == 0 else None
    if funded_amount is None or funded_amount.amount == 0:
        return funded_amount
    # What was funded may have been paid out or returned since.
    return funded_amount if escrow is None and not _is_paid(milestone) else None


def _is_paid(milestone: Row) -> bool:
    """Whether all that was to be paid, as far as that is known, has been."""
    paid_amount = _amount(milestone, "paid")
    due = [value for key in ("fundedAmount", "depositAmount") if (value := _amount(milestone, key))]
    return paid_amount is not None and bool(due) and paid_amount >= due[0]


def _amount(milestone: Row, key: str) -> Decimal | None:
    money = _money(milestone, key)
    return None if money is None else money.amount


def _state(milestone: Row) -> ContractState | None:
    """The state as far as amounts prove it."""
    funded_amount = _funded(milestone)
    if funded_amount is not None and funded_amount.amount > 0:
        return "escrow-funded"
    if _is_paid(milestone):
        return "paid"
    return None if funded_amount is None else "agreed"


def _field(path: str, read: Callable[[Row], object]) -> Reader[Row]:
    return Reader(path, read, "assumed")


FIELDS = {
    "id": (_field("id", lambda row: ident(row.get("id"))),),
    "title": (_field("description", lambda row: text(row.get("description"))),),
    "state": (_field("fundedAmount", _state),),
    "amount": (_field("depositAmount", lambda row: _money(row, "depositAmount")),),
    "funded_amount": (_field("fundedAmount", _funded),),
    "due": (_field("dueDateTime", lambda row: moment(row.get("dueDateTime"))),),
}


class Contracts:
    kind: PageKind = "contract-list"
    examples: Sequence[str] = ("https://www.upwork.com/api/graphql/v1?alias=vendorContracts",)
    fields = certainties(contract=FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return alias_of(location) == ALIAS

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """One contract a milestone. Raises PageChanged where there is no list, or contracts and no milestone.

        By the hour there are no milestones; how such a contract is written is not known.
        """
        answer = answer_data(json_of(page))
        if answer is None:
            return ()
        if not isinstance(answer.get(ALIAS), list):
            raise PageChanged(self.kind, [f"data.{ALIAS}"])
        contracts = rows(answer[ALIAS])
        milestones = tuple(milestone for contract in contracts for milestone in _milestones(contract))
        if contracts and not milestones:
            raise PageChanged(self.kind, ["milestones[].id"])
        return milestones


def _milestones(contract: Row) -> Iterator[Contract]:
    fields = placed(FIELDS, f"data.{ALIAS}[].terms.fixedPriceTerms[].milestones[].")
    for terms in rows(members(contract, "terms").get("fixedPriceTerms")):
        for milestone in rows(terms.get("milestones")):
            values = read_fields(milestone, fields)
            if "id" not in values:
                continue
            if not {"currentEscrowAmount", "fundedAmount"} & milestone.keys():
                # Not an amount that is kept back, but an answer that says nothing of money at all.
                values["unread"] = ("funded_amount",)
            yield Contract(**values)
