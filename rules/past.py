"""Earlier observations of the deal and the client that a page is about, and facts that follow from them.

Pure: nothing here reads a store or a clock. A step or a word that was never seen is unknown; a deal that was not seen
funded is known to be unfunded only where it was seen in another state since.
"""

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from pydantic import Field

from extractors.records import Amount, AuthorRole, Contract, ContractState, Moment, Part, Share, speaks_for_client
from rules.lexicon import CONTRACT_STATES

JST = timezone(timedelta(hours=9))
"""The zone of all days: that of the marketplaces, wherever their page is read."""

PAYMENT_DAYS = 60
"""Days from receipt within which a client with staff must pay: フリーランス・事業者間取引適正化等法 第4条第1項
(https://laws.e-gov.go.jp/law/505AC0000000025). It binds 特定業務委託事業者, who have employees or
several officers; work that they pass on may be paid within 30 days of their own pay (第3項). Hence 原則 in texts.
"""


def last_payment_day(received_on: date) -> date:
    """Return the last day on which pay is in time by that law.

    The day of receipt is the first of the sixty (受領した日から起算して).
    """
    return received_on + timedelta(days=PAYMENT_DAYS - 1)


class Step(Part):
    """A state of a deal as the site showed it, with the amount then, and when it was first and last seen."""

    state: ContractState
    at: datetime
    until: datetime | None = None
    amount: Amount | None = None
    currency: str | None = None
    page: str | None = Field(default=None, description="address of the page that showed it first")


class Word(Part):
    """The acts of a message, without its words."""

    role: AuthorRole | None = None
    at: Moment
    asks_revision: bool = False
    delivers: bool = Field(default=False, description="may hand something over: what is asked for next is a new round")
    hands_over: bool = Field(default=False, description="says that the work was handed over")
    revisions: int | None = Field(default=None, ge=0, description="how many revisions it says there are")
    key: str | None = Field(default=None, description="key under which it is recognised")


class Alike(Part):
    """Another client whose text, contact or link is that of this page."""

    what: Literal["text", "contact", "link", "name"]
    client: str
    name: str | None = None
    likeness: Share
    seen: date
    mine: str | None = Field(default=None, description="what it is on this page: a contact, a link, a sentence, a name")
    theirs: str | None = Field(default=None, description="where it was on theirs: a job's title, or their name")


class Past(Part):
    """The observations of the one deal and the one client of a page."""

    steps: tuple[Step, ...] = Field(default=(), description="oldest first")
    words: tuple[Word, ...] = Field(default=(), description="oldest first")
    revisions_agreed: int | None = Field(default=None, ge=0, description="as the user has set it, or a page showed it")
    alike: tuple[Alike, ...] = Field(default=(), description="the likest first")
    words_before: int = Field(default=0, ge=0, description="how many of the words stand before those of the page")


def with_page(past: Past | None, contract: Contract | None, words: Sequence[Word], now: datetime) -> Past:
    """Return the past with the page's own observations: its state, and its messages in their place in time.

    A remembered message that the page shows again counts once. A message without a time has that of its first
    observation.
    """
    past = past or Past()
    steps = past.steps
    if contract is not None and contract.state is not None:
        worth = contract.amount
        amount, currency = (worth.amount, worth.currency) if worth is not None else (None, None)
        last = steps[-1] if steps else None
        if last is None or last.state != contract.state or amount not in (None, last.amount):
            steps = (*steps, Step(state=contract.state, at=now, amount=amount, currency=currency))
    before, here, after = _merged(past.words, words)
    update = {"steps": steps, "words": (*before, *here, *after), "words_before": len(before)}
    return past.model_copy(update=update)


def _merged(
    earlier_words: Sequence[Word], page_words: Sequence[Word]
) -> tuple[tuple[Word, ...], tuple[Word, ...], tuple[Word, ...]]:
    """The words before those of the page, those of the page, and the words after them."""
    words_by_key = {word.key: word for word in earlier_words if word.key is not None}
    here = tuple(
        word.model_copy(update={"at": min(word.at, words_by_key[word.key].at, key=moment_of)})
        if word.key in words_by_key
        else word
        for word in page_words
    )
    if not here:
        return tuple(earlier_words), (), ()
    keys = {word.key for word in here}
    others = [word for word in earlier_words if word.key is None or word.key not in keys]
    begin = min(moment_of(word.at) for word in here)
    before = tuple(word for word in others if moment_of(word.at) <= begin)
    return before, here, tuple(word for word in others if moment_of(word.at) > begin)


def revision_rounds(words: Sequence[Word]) -> list[int | None]:
    """Return for each message the revision round that the client requests in it (1-based), None where it requests none.

    Several requests after one delivery are one round; the next round begins after the freelancer (or the
    site, on their behalf) delivered again.
    """
    rounds: list[int | None] = []
    count = 0
    fresh = True
    for word in words:
        round_number = None
        if speaks_for_client(word.role):
            if word.asks_revision:
                count += fresh
                fresh = False
                round_number = count
        elif word.delivers:
            fresh = True
        rounds.append(round_number)
    return rounds


def revision_requests(steps: Sequence[Step], words: Sequence[Word]) -> int:
    """Return the revision rounds requested so far: by messages or by the deal's states, whichever shows more.

    Several requests after one delivery are one round.
    """
    rounds = max((round_ for round_ in revision_rounds(words) if round_ is not None), default=0)
    states = [step.state for step in steps]
    back = sum(state == "in-revision" != before for before, state in itertools.pairwise([None, *states]))
    return max(rounds, back)


def revisions_stated(words: Sequence[Word]) -> int | None:
    """Return the number of revisions that the newest message to state one states; None where none does."""
    return next((word.revisions for word in reversed(words) if word.revisions is not None), None)


def delivered_on(steps: Sequence[Step]) -> date | None:
    """Return the day on which the newest delivery was first seen, while it is neither accepted nor sent back."""
    first_seen = None
    for step in reversed(steps):
        if not CONTRACT_STATES[step.state].awaits_acceptance:
            break
        first_seen = day(step.at)
    return first_seen


def was_funded(steps: Sequence[Step]) -> bool:
    """Whether a deal was ever seen in a state that it reaches only once escrow was funded."""
    return any(CONTRACT_STATES[step.state].funded for step in steps)


def delivered_unfunded(steps: Sequence[Step], words: Sequence[Word]) -> bool | None:
    """Whether the freelancer stated a delivery after the deal was seen unfunded, and it never was seen funded.

    Returns None where no state was seen, or another than these. A delivery before the deal was first seen may have been
    for an earlier one in the same conversation.
    """
    if not steps:
        return None
    if was_funded(steps):
        return False
    if CONTRACT_STATES[steps[-1].state].funded is None:
        return None
    since = day(steps[0].at)
    return any(word.role == "freelancer" and word.hands_over and day(word.at) >= since for word in words)


def silent_days(steps: Sequence[Step], words: Sequence[Word], now: datetime) -> int | None:
    """Return the days that the client has owed an answer; None where they owe none, or the deal is over."""
    spoken_words = [word for word in words if word.role != "system"]
    if not spoken_words or spoken_words[-1].role != "freelancer" or (steps and CONTRACT_STATES[steps[-1].state].closed):
        return None
    # Since when the client owes an answer: the freelancer's first word after the client's last.
    first_unanswered = spoken_words[-1]
    for word in reversed(spoken_words):
        if speaks_for_client(word.role):
            break
        first_unanswered = word
    return days_between(first_unanswered.at, now)


def amount_before(steps: Sequence[Step]) -> Amount | None:
    """Return the highest amount of the deal since it was agreed; None where the present one is not lower.

    Amounts in another currency, or in one that is not known, are not compared.
    """
    agreed_steps = [step for step in steps if CONTRACT_STATES[step.state].agreed and step.amount is not None]
    if not agreed_steps or agreed_steps[-1].currency is None:
        return None
    currency = agreed_steps[-1].currency
    amounts = [step.amount for step in agreed_steps if step.currency == currency and step.amount is not None]
    most = max(amounts)
    return most if most > amounts[-1] else None


def day(moment: Moment) -> date:
    """Return the day of a moment, in Japan."""
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(JST) if moment.tzinfo is not None else moment).date()


def moment_of(moment: Moment) -> datetime:
    """Return a moment, or the beginning of a day, so that moments compare. Without a zone it is Japan's."""
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=JST)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=JST)


def days_between(earlier: Moment, now: datetime) -> int:
    """Return the days from one to the other; 0 where the earlier one lies in the future."""
    return max(0, (day(now) - day(earlier)).days)
