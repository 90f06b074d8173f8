"""Asking a database elsewhere for facts: one that does not answer in time holds up no verdict."""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from extractors import Extraction
from rules.past import Past

log = logging.getLogger("koban.history")

PATIENCE = 1.0
"""Seconds that a verdict waits for what is remembered. In one's own network an answer takes milliseconds."""
PAUSE = 60.0
"""Seconds for which a database is not asked that failed, or did not answer."""


type _Answers = SimpleQueue[Past | Exception | None]


class Silent(Exception):
    """The database was asked, and gave no answer in time."""


class Asking:
    """Asks in a thread beside, one question at a time, and not at all for a while after one that failed.

    ask: what asks the database; may raise anything, and may never return.
    """

    def __init__(self, ask: Callable[[Extraction], Past | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._until: float | None = None
        self._late: _Answers | None = None
        """Where the answer to a question will come that was not waited for any longer."""

    @property
    def paused(self) -> bool:
        """Whether pages are judged without what is remembered for now."""
        return self._until is not None and self._clock() < self._until

    def past(self, extraction: Extraction) -> Past | None:
        """What is remembered; None while it is not asked. Raises Silent, and what `ask` raises."""
        if self.paused:
            return None
        if self._late is not None and self._late.empty():
            # Another question would only hang beside it.
            self._until = self._clock() + PAUSE
            return None
        answers: _Answers = SimpleQueue()
        threading.Thread(target=self._answer, args=(extraction, answers), daemon=True).start()
        self._late = None
        try:
            answer = answers.get(timeout=PATIENCE)
        except Empty:
            self._late, answer = answers, Silent()
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
