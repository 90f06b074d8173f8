"""The meaning of several messages of a thread together: risks in pieces, repeated requests, escrow put off.

Pure: it is given the messages in order, and the meaning of each of the client's messages by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.records import AuthorRole
from rules import turns
from rules.escrow_talk import escrow_talk, mentions_escrow
from rules.meaning.meaning import Meaning, RiskWarning
from rules.meaning.passage import Window
from rules.reading import Reading

MOST_MESSAGES = 60
"""The newest messages of a thread that are read together."""
IN_PIECES = 0.7
"""Probability from which an exchange warns of a risk that none of its messages warns of by itself. It has fewer windows
than a text: those of `exchanges`."""
_WORTH_READING = 0.03
"""An exchange is read only if its first or its last message has this probability."""
MOST_TOGETHER = 6
"""Messages of both sides in one exchange, at most."""
_LONGEST_EXCHANGE = 800
"""Characters of one exchange: in a longer one the pieces are lost, and each message says enough by itself."""
_FIRST_ASKED, _AGAIN_ASKED = 0.6, 0.4
"""Probability that the first and the repeated request need. The second may be lower: it is the same request."""
_SURE = 0.95
"""Probability that both together need where only one of the two is clear by itself."""
_SAME = 0.2
"""Share of a message's risk that the refused risk must have, to count as the same one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a thread, from the sentence `start` to before `end` of the thread."""

    role: AuthorRole
    body: Reading
    start: int
    end: int
    meaning: Meaning | None = None
    """Its meaning by itself; None where it was not read: it is not the client's, or meanings are not read."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A risk that an exchange shows and none of its messages does."""

    warning: RiskWarning
    messages: tuple[int, ...]
    """Numbers of the client's messages that show it; the last is the one to warn of."""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A request repeated after a refusal: numbers of the messages."""

    risk: str
    first: int
    refusal: int
    again: int


@dataclass(frozen=True, slots=True)
class EscrowCourse:
    """Promises and postponements of escrow, since it was last stated to be paid in."""

    put_off: tuple[tuple[int, str], ...] = ()
    """Number and sentence of each message that puts it off: a promise renewed puts it off as well."""
    work_asked: tuple[tuple[int, str], ...] = ()
    """Number and sentence of the message that puts it off in so many words, and of the one that then asks for work."""


def exchanges(thread: Sequence[Turn]) -> list[tuple[int, int]]:
    """Return the spans of sentences to read together: from each message of the client's to each of the next few."""
    spans = []
    for first, begin in enumerate(thread):
        length = len(begin.body.text)
        for turn in thread[first + 1 : first + MOST_TOGETHER] if begin.role == "client" else ():
            length += len(turn.body.text)
            if length > _LONGEST_EXCHANGE:
                break
            if turn.role == "client" and max(_probability(begin), _probability(turn)) >= _WORTH_READING:
                spans.append((begin.start, turn.end))
    return spans


def risks_in_pieces(thread: Sequence[Turn], exchange: Meaning) -> Iterator[Pieces]:
    """Yield the risks that only messages together show, the likeliest first, each once.

    exchange: the meaning of the messages read together, in their order.
    """
    own = [turn.meaning for turn in thread if turn.meaning is not None]
    known_risks = {warning.risk for meaning in own for warning in meaning.warnings()}
    for window in sorted(exchange.windows, key=lambda window: -window.probability):
        if window.probability < IN_PIECES:
            continue
        within = [number for number, turn in enumerate(thread) if _overlap(turn, window)]
        client_numbers = [number for number in within if thread[number].role == "client"]
        if len(client_numbers) < 2 or within[-1] != client_numbers[-1]:
            continue
        alone = [meaning.probability for number in client_numbers if (meaning := thread[number].meaning) is not None]
        if max(alone, default=0.0) >= window.probability:
            continue
        risk = exchange.risk(window)
        if risk not in known_risks:
            known_risks.add(risk)
            yield Pieces(RiskWarning(risk, window), tuple(client_numbers))


def asked_again(thread: Sequence[Turn], exchange: Meaning) -> AskedAgain | None:
    """Return the newest request that repeats a refused one; None where there is none."""
    asking = {n: turn for n, turn in enumerate(thread) if turn.role == "client" and _probability(turn) >= _AGAIN_ASKED}
    if max(map(_probability, asking.values()), default=0.0) < _FIRST_ASKED:
        return None
    refusals = [n for n, turn in enumerate(thread) if turn.role == "freelancer" and turns.refuses(turn.body)]
    shares: dict[int, Mapping[str, float]] = {}
    for again in reversed(asking):
        for first in reversed(range(again)):
            between = [number for number in refusals if first < number < again]
            if not between or thread[first].role != "client" or thread[first].meaning is None:
                continue
            for number in (first, again):
                if number not in shares:
                    shares[number] = _shares(thread[number])
            risk = _same_risk(thread[first], thread[again], shares[first], shares[again], exchange)
            if risk is not None:
                return AskedAgain(risk, first, between[-1], again)
    return None


def escrow_course(thread: Sequence[Turn]) -> EscrowCourse:
    """Return the promises and postponements of escrow in a thread."""
    if not any(turn.role == "client" and mentions_escrow(turn.body) for turn in thread):
        return EscrowCourse()
    put_off: list[tuple[int, str]] = []
    work_asked: tuple[tuple[int, str], ...] = ()
    excuse: tuple[int, str] | None = None
    was_promised = False
    for number, turn in enumerate(thread):
        if turn.role not in ("client", "system"):
            continue
        talk = escrow_talk(turn.body)
        if talk.paid_in is not None:
            put_off, work_asked, excuse, was_promised = [], (), None, False
            continue
        if turn.role == "system" or (talk.work_waits and talk.work_asked is None):
            continue
        later = talk.postponement or (talk.promise if was_promised else None)
        if later is not None:
            put_off.append((number, later))
        if talk.postponement is not None:
            excuse = excuse or (number, talk.postponement)
        was_promised = was_promised or talk.promise is not None or talk.postponement is not None
        if talk.work_asked is not None and excuse is not None and excuse[0] < number:
            work_asked = (excuse, (number, talk.work_asked))
    return EscrowCourse(tuple(put_off), work_asked)


def _overlap(turn: Turn, window: Window) -> bool:
    return turn.start < window.end and window.start < turn.end


def _probability(turn: Turn) -> float:
    return turn.meaning.probability if turn.meaning is not None else 0.0


def _shares(turn: Turn) -> Mapping[str, float]:
    """By risk, its share of a message's risk; empty where the message was not read."""
    if turn.meaning is None or turn.meaning.window is None:
        return {}
    return turn.meaning.risks(turn.meaning.window)


def _same_risk(
    first: Turn, again: Turn, before: Mapping[str, float], after: Mapping[str, float], exchange: Meaning
) -> str | None:
    """Return the risk that both messages of the client's show; None where they show none, or not the same.

    before, after: their shares of the risks.
    """
    first_probability, second_probability = _probability(first), _probability(again)
    if not before or not after or max(first_probability, second_probability) < _FIRST_ASKED:
        return None
    both = (w.probability for w in exchange.windows if _overlap(first, w) and _overlap(again, w))
    sure = max(both, default=0.0) >= _SURE
    if first_probability >= _FIRST_ASKED:
        risk = max(before, key=lambda name: before[name])
        same = after.get(risk, 0.0) >= _SAME
        if (same and second_probability >= _AGAIN_ASKED) or (sure and second_probability >= _FIRST_ASKED):
            return risk
        return None
    risk = max(after, key=lambda name: after[name])
    return risk if sure and before.get(risk, 0.0) >= _SAME else None


def sentence_windows(thread: Sequence[Turn]) -> Mapping[int, Window]:
    """Return the windows of single sentences, by the sentence's number in the thread, each the likeliest one."""
    likeliest: dict[int, Window] = {}
    for turn in thread:
        for window in turn.meaning.windows if turn.meaning is not None else ():
            place = turn.start + window.start
            best = likeliest.get(place)
            if window.end - window.start == 1 and (best is None or window.probability > best.probability):
                likeliest[place] = window
    return likeliest
