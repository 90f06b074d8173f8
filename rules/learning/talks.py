"""Talks: a client asks for what must not be, the freelancer declines or goes along, the client gives in or presses on.

What an answer does is told by the answer: whether a client gives up what they asked for, and whether a freelancer
declines it, are questions of their own, learnt from answers alone. As texts these talks are not learnt from: that a
client gave in afterwards makes the asking no more honest.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import Field

from rules.meaning.labels import DECLINES, GIVES_IN, Answer, Risk
from rules.meaning.texts import LabelledText, Line

_Texts = tuple[Annotated[str, Field(min_length=1)], ...]
_DECLINING = frozenset({"refuses", "right-order"})
"""Acts of threads in which the freelancer's message before the last word declines what was asked."""


class Talk(Line):
    """One request, and answers that each of both sides may give."""

    risk: Risk
    ask: Annotated[str, Field(min_length=1)]
    declines: _Texts
    """The freelancer's answers that decline."""
    gives_in: _Texts
    """The client's to those, that give it up."""
    presses: _Texts
    """The client's to those, that press on."""
    goes_along: _Texts
    """The freelancer's answers that do as they were asked."""
    content: _Texts
    """The client's to those."""


class LabelledAnswer(NamedTuple):
    """One answer, and whether it does what is asked of it."""

    question: Answer
    words: str
    holds: bool


def answers_of_talk(talk: Talk) -> Iterator[LabelledAnswer]:
    """Yield the answers of a talk. Who is content was not refused, so that they do not give in."""
    yield from (LabelledAnswer(GIVES_IN, words, True) for words in talk.gives_in)
    yield from (LabelledAnswer(GIVES_IN, words, False) for words in (*talk.presses, talk.ask))
    yield from (LabelledAnswer(DECLINES, words, True) for words in talk.declines)
    yield from (LabelledAnswer(DECLINES, words, False) for words in talk.goes_along)


def answers_of_thread(thread: LabelledText) -> Iterator[LabelledAnswer]:
    """Yield the last word of a thread's client, and the freelancer's that surely decline or surely do not.

    Of an honest thread the last word gives in, of a risky one it presses on.
    """
    messages = thread.messages
    last = next((n for n in reversed(range(len(messages))) if messages[n].by == "client"), 0)
    reply = next((n for n in reversed(range(last)) if messages[n].by == "freelancer"), None)
    if reply is None:
        return
    words = "\n".join(message.text for message in messages[reply + 1 : last + 1])
    yield LabelledAnswer(GIVES_IN, words, not thread.labels)
    if thread.act in _DECLINING:
        yield LabelledAnswer(DECLINES, messages[reply].text, True)
    elif thread.act == "neutral" and not thread.labels:
        yield from (LabelledAnswer(DECLINES, each.text, False) for each in messages if each.by == "freelancer")
