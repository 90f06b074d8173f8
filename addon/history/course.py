"""The course of a deal: its steps in order, those seen and those that were passed unseen or lie ahead."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from extractors.page import Feed
from extractors.records import Amount, ContractState
from rules.lexicon import CONTRACT_STATES, COURSE
from rules.past import Word, moment_of, revision_rounds

_LAST_BEFORE_AGREEMENT = sum(not CONTRACT_STATES[state].agreed for state in COURSE) - 1
"""A place in `COURSE`. What is before an agreement may be missing: the freelancer may have been invited."""


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


class SeenPoint(BaseModel):
    """A step that a page showed."""

    kind: Literal["seen"] = "seen"
    step: DealStep


class UnseenPoint(BaseModel):
    """A step that no page showed."""

    kind: Literal["missed", "ahead"] = Field(
        description="missed: a later step was seen, so it may have happened; ahead: no later step was seen"
    )
    state: ContractState


class MessagePoint(BaseModel):
    """A message between the steps."""

    kind: Literal["message"] = "message"
    word: DealWord


CoursePoint = SeenPoint | UnseenPoint | MessagePoint


def course_of(steps: Sequence[DealStep], words: Iterable[DealWord]) -> list[CoursePoint]:
    """Returns a deal's course in the order to draw it.

    A missed step stands before the next one that was seen, a message before the first step seen after it was sent.
    Nothing lies ahead of a deal that was cancelled.
    """
    messages = sorted(words, key=lambda word: moment_of(word.at))
    seen_states = {step.state for step in steps}
    points: list[CoursePoint] = []
    last_place = _LAST_BEFORE_AGREEMENT
    for step in steps:
        place = COURSE.index(step.state) if step.state in COURSE else last_place
        points += [UnseenPoint(kind="missed", state=state) for state in _required(last_place + 1, place, seen_states)]
        while messages and moment_of(messages[0].at) < step.first_seen:
            points.append(MessagePoint(word=messages.pop(0)))
        points.append(SeenPoint(step=step))
        last_place = max(last_place, place)
    points += [MessagePoint(word=word) for word in messages]
    if steps and CONTRACT_STATES[steps[-1].state].ended_early:
        return points
    ahead = _required(last_place + 1, len(COURSE), seen_states)
    return [*points, *(UnseenPoint(kind="ahead", state=state) for state in ahead)]


def unseen_states(steps: Sequence[DealStep]) -> list[ContractState]:
    """Returns the states up to the furthest one seen that were not seen themselves; they may have happened."""
    seen_states = {step.state for step in steps}
    furthest = max((COURSE.index(state) for state in seen_states if state in COURSE), default=-1)
    return _required(0, furthest + 1, seen_states)


def _required(start: int, end: int, seen_states: Collection[str]) -> list[ContractState]:
    """Returns the states of a part of the order that every deal goes through and that were not seen."""
    return [state for state in COURSE[start:end] if not CONTRACT_STATES[state].skippable and state not in seen_states]


def deal_words(words: Sequence[Word]) -> Iterator[DealWord]:
    """Yields the messages that hand work over or begin a new round of revision. words: the oldest first."""
    last_round = 0
    for word, round_ in zip(words, revision_rounds(words), strict=True):
        if word.hands_over:
            yield DealWord(what="handed-over", at=word.at)
        # Further requests within a round belong to that round.
        if round_ is not None and round_ > last_round:
            last_round = round_
            yield DealWord(what="asks-revision", at=word.at, round=round_)
