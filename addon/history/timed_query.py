"""Queries to a remote database with a time limit: one that does not answer holds up no verdict."""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from extractors import Extraction
from rules.past import Past

log = logging.getLogger("koban.history")

PATIENCE = 1.0
"""Seconds that a verdict waits for the history. Within a local network an answer takes milliseconds."""
PAUSE = 60.0
"""Seconds for which a database that failed or did not answer is not queried."""

type _Answers = SimpleQueue[Past | Exception | None]


class NoAnswer(Exception):
    """The database did not answer in time."""


class TimedQuery:
    """Runs a query in a thread, one at a time, and none for a while after one that failed.

    ask: the query; may raise anything, and may never return.
    """

    def __init__(self, ask: Callable[[Extraction], Past | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._until: float | None = None
        self._late: _Answers | None = None
        """The queue of a query that was given up, which its answer may still reach."""

    @property
    def paused(self) -> bool:
        """Whether pages are judged without the history for now."""
        return self._until is not None and self._clock() < self._until

    def past(self, extraction: Extraction) -> Past | None:
        """Returns the answer of `ask`, or None during a pause. Raises NoAnswer, and any error of `ask`."""
        if self.paused:
            return None
        if self._late is not None and self._late.empty():
            # A second query would only hang beside it.
            self._until = self._clock() + PAUSE
            return None
        answers: _Answers = SimpleQueue()
        threading.Thread(target=self._answer, args=(extraction, answers), daemon=True).start()
        self._late = None
        try:
            answer = answers.get(timeout=PATIENCE)
        except Empty:
            self._late, answer = answers, NoAnswer()
        if isinstance(answer, Exception):
            self._until = self._clock() + PAUSE
            log.warning("the history is not asked for %d seconds", PAUSE)
            raise answer
        self._until = None
        return answer

    def _answer(self, extraction: Extraction, answers: _Answers) -> None:
        try:
            answers.put(self._ask(extraction))
        except Exception as error:
            answers.put(error)
