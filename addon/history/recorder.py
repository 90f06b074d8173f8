"""Writes the history beside the verdicts' path: in order, in a thread of its own, from a queue that is bounded."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from addon.check import told
from addon.history.store import History, Seen
from addon.settings import Settings
from extractors import Extraction
from extractors.page import Page
from rules.model import Verdict

log = logging.getLogger("koban.history")

MOST_WAITING = 1_000
"""Pages: minutes of fast browsing, some 50 MB at the most."""
PRUNE_EVERY = timedelta(days=1)


@dataclass(slots=True)
class Health:
    """How the recording goes: pages that could not be remembered, the last reason, and pages that still wait."""

    lost: int = 0
    trouble: str | None = None
    waiting: int = 0


class Recorder:
    """Takes pages as they are judged. Nothing here waits for the database, nor fails on it."""

    def __init__(
        self,
        history: History,
        settings: Callable[[], Settings],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._history = history
        self._settings = settings
        self._clock = clock
        self._waiting: queue.Queue[Seen | None] = queue.Queue(most_waiting)
        self._pruned: datetime | None = None
        self._health = Health()
        self._thread = threading.Thread(target=self._run, name="koban-history", daemon=True)
        self._thread.start()

    def take(self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None = None) -> None:
        """Have a page remembered, unless the user paused that. Raises nothing.

        part_of: the address of the page whose script fetched this one.
        """
        settings, at = self._settings(), page.received_at
        if not settings.history.enabled or settings.is_paused(at) or not settings.is_on(extraction.site.id):
            return
        try:
            self._waiting.put_nowait(Seen(extraction, verdict, page.url, at, settings.history.texts is True, part_of))
        except queue.Full:
            self._health.lost += 1
            self._health.trouble = "too many pages at once"
            log.warning("a page is not remembered: %d wait already", self._waiting.maxsize)

    @property
    def health(self) -> Health:
        """How the recording goes now."""
        return replace(self._health, waiting=self._waiting.unfinished_tasks)

    def settle(self) -> None:
        """Wait until all that was taken is written."""
        self._waiting.join()

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join(30)
        self._history.close()

    def _run(self) -> None:
        while True:
            seen = self._waiting.get()
            try:
                if seen is None:
                    return
                self._history.record(seen)
                self._prune()
            except SQLAlchemyError as error:
                self._failed(type(getattr(error, "orig", None) or error).__name__)
                log.error("a page is not remembered: %s", type(error).__name__)
            except Exception as error:
                self._failed(type(error).__name__)
                log.error("a page is not remembered: %s", told(error))
            finally:
                self._waiting.task_done()

    def _failed(self, why: str) -> None:
        self._health.lost += 1
        self._health.trouble = why

    def _prune(self) -> None:
        now = self._clock()
        if self._pruned is not None and timedelta(0) <= now - self._pruned < PRUNE_EVERY:
            return
        self._pruned = now
        self._history.prune(now - timedelta(days=self._settings().history.days))
