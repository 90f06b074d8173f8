"""Facts of threads that follow from their messages together, and risks that messages show only together.

Derived while a page is judged rather than in `rules.derive`, since the meanings of the messages are read there.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from rules import threads
from rules.conditions import MOST_EVIDENCE
from rules.meaning.meaning import Meaning
from rules.meaning.reader import MeaningReader
from rules.model import Evidence
from rules.page_text import PageText
from rules.views import PageView, SubjectView
from rules.withdrawal import withdrawn

_BODY = "message.body"


def add_thread_facts(views: Sequence[SubjectView], page: PageView, reader: MeaningReader | None) -> None:
    """Add to the views of threads the facts that follow from their messages, and to messages their exchanges."""
    messages: dict[int, list[SubjectView]] = defaultdict(list)
    for view in views:
        if view.facts.subject == "message" and view.facts.thread is not None and view.texts:
            messages[view.facts.thread].append(view)
    for thread in views:
        if thread.facts.subject == "thread" and thread.facts.thread in messages:
            _ThreadReader(thread, messages[thread.facts.thread][-threads.MOST_MESSAGES :], page).read(reader)


class _ThreadReader:
    """Reads the messages of one thread together."""

    def __init__(self, thread: SubjectView, messages: Sequence[SubjectView], page: PageView) -> None:
        self._thread = thread
        self._messages = messages
        self._page = page
        self._places: list[int] = []
        """Sentences of the page, in the order of the thread."""
        self._turns: list[threads.Turn] = []
        for view in messages:
            text = view.texts[_BODY]
            begin = len(self._places)
            self._places += range(text.start, text.end)
            body, role = view.facts.texts[_BODY], view.facts.values["message.author_role"]
            self._turns.append(threads.Turn(role, body, begin, len(self._places), text.meaning))

    def read(self, reader: MeaningReader | None) -> None:
        """Derive the facts, with their evidence. reader: None where meanings are not read."""
        for number in withdrawn(self._turns, partial(self._read_message, reader)):
            self._messages[number].is_withdrawn = True
        course = threads.escrow_course(self._turns)
        derived_values: dict[str, Any] = {
            "thread.escrow_put_off": len(course.put_off),
            "thread.work_asked_while_put_off": bool(course.work_asked),
        }
        evidence = self._thread.derived_from
        evidence["thread.escrow_put_off"] = self._quotes(*reversed(course.put_off))
        evidence["thread.work_asked_while_put_off"] = self._quotes(*course.work_asked)
        spans = threads.exchanges(self._turns)
        if reader is not None and spans:
            derived_values |= self._read_exchanges(reader, spans)
        facts = self._thread.facts
        self._thread.facts = replace(facts, values={**facts.values, **derived_values})

    def _read_message(self, reader: MeaningReader | None, turn: threads.Turn) -> Meaning | None:
        """The meaning of a message that is not the client's."""
        if reader is None:
            return None
        return reader.read(_undisguised(self._page.text, self._places[turn.start : turn.end]), self._page.budget)

    def _read_exchanges(self, reader: MeaningReader, spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
        """Record the risks of exchanges. Returns what else follows from them."""
        plain_forms = _undisguised(self._page.text, self._places)
        exchange = reader.read_together(plain_forms, spans, threads.sentence_windows(self._turns))

        def clearest(number: int) -> tuple[int, str]:
            place = self._places[exchange.clearest(self._turns[number])]
            return number, self._page.text.written_sentences[place].strip()

        for pieces in threads.risks_in_pieces(self._turns, exchange):
            last = self._messages[pieces.messages[-1]].texts[_BODY]
            evidence = self._quotes(*(clearest(number) for number in pieces.messages[-MOST_EVIDENCE:]))
            last.exchanges = (*last.exchanges, (pieces.warning, evidence))
        again = threads.asked_again(self._turns, exchange)
        if again is None or self._messages[again.again].is_withdrawn:
            return {}
        quotes = self._quotes(*(clearest(number) for number in (again.again, again.first, again.refusal)))
        self._thread.derived_from["thread.asked_again"] = quotes
        return {"thread.asked_again": again.risk}

    def _quotes(self, *quotes: tuple[int, str]) -> tuple[Evidence, ...]:
        """Evidence of sentences, each with the number of its message."""
        return tuple(
            Evidence(field=_BODY, quote=quote, selector=self._messages[number].facts.sources.get(_BODY))
            for number, quote in quotes
        )


def _undisguised(page: PageText, sentences: Sequence[int]) -> list[str]:
    """The plain form of sentences: undisguised where disguised, else without reassurances."""
    return [page.undisguised.get(s) or page.bare(s) for s in sentences]
