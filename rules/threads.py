"""What several messages of one thread mean together: told in pieces, asked again after a refusal, escrow put off.

Pure: it is given who said what in which order, and what each of the client's messages means by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.records import AuthorRole
from rules import turns
from rules.escrow_talk import escrow_talk, mentions_escrow
from rules.meaning.reader import WARNS, Meaning, Warned, Window

MOST_MESSAGES = 60
"""The newest messages of a thread that are read together."""
TOLD_IN_PIECES = 0.6
"""From which probability on an exchange warns that no message of it warns of by itself; where the language's own
threshold (`WARNS`) is lower, that one. Fewer windows are asked than in a text: those of `exchanges`."""
_WORTH_READING = 0.03
"""Below this probability of both messages that an exchange begins and ends with, it is not read."""
MOST_TOGETHER = 6
"""The messages of both sides that one exchange has at most."""
_LONGEST_EXCHANGE = 800
"""Characters of one exchange: in more, what was told in pieces is lost, and each message says enough by itself."""
_FIRST_ASKED, _AGAIN_ASKED = 0.6, 0.4
"""How likely what was asked first, and what was asked again, is to be a risk. The second may be
lower: it is the same."""
_SURE = 0.95
"""How likely both together are, where one of the two is clear by itself and the other is known from it alone."""
_SAME = 0.2
"""What part of a message's risk the one that was refused must be, so that it is the same one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a thread, from the sentence `start` to before `end` of all that were read together."""

    role: AuthorRole
    body: str
    start: int
    end: int
    meaning: Meaning | None = None
    """What it means by itself; None where it was not read: it is not the client's, or no model could."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A risk that an exchange tells and none of its messages does."""

    warned: Warned
    messages: tuple[int, ...]
    """The client's messages that tell it, by their number in the thread; the last is the one to warn of."""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The same asked before and after a refusal: numbers of the messages."""

    risk: str
    first: int
    refusal: int
    again: int


@dataclass(frozen=True, slots=True)
class EscrowCourse:
    """How escrow was promised and put off, since it was last said to be there."""

    put_off: tuple[tuple[int, str], ...] = ()
    """Messages that put it off, and the sentences: a promise renewed puts it off as well."""
    work_asked: tuple[tuple[int, str], ...] = ()
    """The message that put it off by its own words, and the one that asked for work then."""


def exchanges(thread: Sequence[Turn]) -> list[tuple[int, int]]:
    """The spans of sentences to read together: from each message of the client's to each of the next few."""
    spans = []
    for first, begin in enumerate(thread):
        length = len(begin.body)
        for turn in thread[first + 1 : first + MOST_TOGETHER] if begin.role == "client" else ():
            length += len(turn.body)
            if length > _LONGEST_EXCHANGE:
                break
            if turn.role == "client" and max(_probability(begin), _probability(turn)) >= _WORTH_READING:
                spans.append((begin.start, turn.end))
    return spans


def told_in_pieces(thread: Sequence[Turn], exchange: Meaning) -> Iterator[Pieces]:
    """The risks that only messages together tell, the likeliest first, each once.

    exchange: what the messages mean read together, in their order.
    """
    known = {warned.risk for turn in thread if turn.meaning is not None for warned in turn.meaning.read_as(False)}
    for window in sorted(exchange.windows, key=lambda window: -window.probability):
        if window.probability < min(TOLD_IN_PIECES, WARNS[window.language]):
            continue
        within = [number for number, turn in enumerate(thread) if _overlap(turn, window)]
        spoken = [number for number in within if thread[number].role == "client"]
        if len(spoken) < 2 or within[-1] != spoken[-1]:
            continue
        alone = [meaning.probability for number in spoken if (meaning := thread[number].meaning) is not None]
        if max(alone, default=0.0) >= window.probability:
            continue
        risk = exchange.risk(window)
        if risk not in known:
            known.add(risk)
            yield Pieces(Warned(risk, window), tuple(spoken))


def asked_again(thread: Sequence[Turn], exchange: Meaning) -> AskedAgain | None:
    """The newest request that repeats what was refused; None where there is none."""
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
    """How escrow was promised and put off."""
    if not any(turn.role == "client" and mentions_escrow(turn.body) for turn in thread):
        return EscrowCourse()
    put_off: list[tuple[int, str]] = []
    work_asked: tuple[tuple[int, str], ...] = ()
    excuse: tuple[int, str] | None = None
    promised = False
    for number, turn in enumerate(thread):
        if turn.role != "client":
            if turn.role == "system" and escrow_talk(turn.body).there is not None:
                put_off, work_asked, excuse, promised = [], (), None, False
            continue
        said = escrow_talk(turn.body)
        if said.there is not None:
            put_off, work_asked, excuse, promised = [], (), None, False
            continue
        if said.work_waits:
            continue
        later = said.put_off or (said.promised if promised else None)
        if later is not None:
            put_off.append((number, later))
        if said.put_off is not None:
            excuse = excuse or (number, said.put_off)
        promised = promised or said.promised is not None or said.put_off is not None
        if said.work_asked is not None and excuse is not None and excuse[0] < number:
            work_asked = (excuse, (number, said.work_asked))
    return EscrowCourse(tuple(put_off), work_asked)


def _overlap(turn: Turn, window: Window) -> bool:
    return turn.start < window.end and window.start < turn.end


def _probability(turn: Turn) -> float:
    return turn.meaning.probability if turn.meaning is not None else 0.0


def _shares(turn: Turn) -> Mapping[str, float]:
    """By risk, what part of a message's risk it is; none where it was not read."""
    if turn.meaning is None or turn.meaning.window is None:
        return {}
    return turn.meaning.risks(turn.meaning.window)


def _same_risk(
    first: Turn, again: Turn, before: Mapping[str, float], after: Mapping[str, float], exchange: Meaning
) -> str | None:
    """The risk that both messages of the client's ask for; None where they do not ask for the same, or for none.

    before, after: their shares of the risks.
    """
    asked, repeated = _probability(first), _probability(again)
    if not before or not after or max(asked, repeated) < _FIRST_ASKED:
        return None
    both = (w.probability for w in exchange.windows if _overlap(first, w) and _overlap(again, w))
    sure = max(both, default=0.0) >= _SURE
    if asked >= _FIRST_ASKED:
        risk = max(before, key=lambda name: before[name])
        same = after.get(risk, 0.0) >= _SAME
        if (same and repeated >= _AGAIN_ASKED) or (sure and repeated >= _FIRST_ASKED):
            return risk
        return None
    risk = max(after, key=lambda name: after[name])
    return risk if sure and before.get(risk, 0.0) >= _SAME else None


def known(thread: Sequence[Turn]) -> Mapping[int, Window]:
    """The sentences that were read with their messages, by their number in the exchange, each as it was likeliest."""
    found: dict[int, Window] = {}
    for turn in thread:
        for window in turn.meaning.windows if turn.meaning is not None else ():
            place = turn.start + window.start
            if window.end - window.start == 1 and (place not in found or window.probability > found[place].probability):
                found[place] = window
    return found
