"""What was seen earlier of the deal and the client that a page is about, and what follows from it.

All of it is given: nothing here reads a store or a clock. A step or a word that was never seen is unknown;
that a deal was not seen funded says something only where it was seen in another state meanwhile.
"""

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from extractors.records import Amount, AuthorRole, ContractState, Moment, Part, Share

AUTOMATIC_ACCEPTANCE_DAYS = {"shufti": 14}
"""Days from delivery after which a site accepts by itself, where that is known."""
PAYMENT_DAYS = 60
"""Days from receipt within which the client must pay: フリーランス・事業者間取引適正化等法 第4条第1項
(https://laws.e-gov.go.jp/law/505AC0000000025)."""

FUNDED = frozenset({"escrow-funded", "delivered", "in-revision", "accepted", "paid", "disputed"})
"""States that a deal reaches only once it was funded."""
_UNFUNDED = frozenset({"proposed", "agreed", "escrow-requested"})
_CLOSED = frozenset({"accepted", "paid", "cancelled"})


class Step(Part):
    """A state of a deal as the site showed it, with the amount then, and when it was first and last seen."""

    state: ContractState
    at: datetime
    until: datetime | None = None
    amount: Amount | None = None
    page: str | None = Field(default=None, description="address of the page that showed it first")


class Word(Part):
    """What a message did, without what it said."""

    role: AuthorRole | None = None
    at: Moment
    asks_revision: bool = False
    delivers: bool = False


class Alike(Part):
    """Another client whose text, contact or link is that of this page."""

    what: Literal["text", "contact", "link", "name"]
    client: str
    name: str | None = None
    likeness: Share
    seen: date


class Past(Part):
    """What is remembered of the one deal and the one client of a page."""

    steps: tuple[Step, ...] = Field(default=(), description="oldest first")
    words: tuple[Word, ...] = Field(default=(), description="oldest first")
    revisions_agreed: int | None = Field(default=None, ge=0, description="as the user has set it")
    alike: tuple[Alike, ...] = Field(default=(), description="the likest first")


def revision_requests(steps: Sequence[Step], words: Sequence[Word]) -> int:
    """Rounds of revision asked for so far: by the client's messages, or by the deal's going back, whichever shows more.

    Several requests after one delivery are one round.
    """
    rounds, fresh = 0, True
    for word in words:
        if word.role == "client" and word.asks_revision:
            rounds += fresh
            fresh = False
        elif word.role != "client" and word.delivers:
            fresh = True
    back = sum(
        before.state == "delivered" and after.state == "in-revision" for before, after in itertools.pairwise(steps)
    )
    return max(rounds, back)


def delivered_on(steps: Sequence[Step]) -> date | None:
    """The day on which the newest delivery was first seen, while it is neither accepted nor sent back."""
    if not steps or steps[-1].state != "delivered":
        return None
    return day(steps[-1].at)


def delivered_unfunded(steps: Sequence[Step], words: Sequence[Word]) -> bool | None:
    """Whether the freelancer said that they deliver while the deal was seen unfunded, and it never was seen funded.

    None where no state was seen at all.
    """
    if not steps:
        return None
    if any(step.state in FUNDED for step in steps):
        return False
    if steps[-1].state not in _UNFUNDED:
        return None
    return any(word.role == "freelancer" and word.delivers for word in words)


def silent_days(steps: Sequence[Step], words: Sequence[Word], now: datetime) -> int | None:
    """Days since the client's last message, where the freelancer wrote after it and the deal is open; else None."""
    spoken = [word for word in words if word.role in ("client", "freelancer")]
    if not spoken or spoken[-1].role != "freelancer" or (steps and steps[-1].state in _CLOSED):
        return None
    # Since when the client owes an answer: the freelancer's first word after the client's last.
    unanswered = spoken[-1]
    for word in reversed(spoken):
        if word.role == "client":
            break
        unanswered = word
    return max(0, (now.date() - day(unanswered.at)).days)


def amount_before(steps: Sequence[Step]) -> Amount | None:
    """What the deal was worth when it was agreed, where it is worth less now; else None."""
    agreed = [step.amount for step in steps if step.state != "proposed" and step.amount is not None]
    return agreed[0] if agreed and agreed[0] > agreed[-1] else None


def day(moment: Moment) -> date:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment
