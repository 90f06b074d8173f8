"""Writes the history beside the verdicts' path: in order, in a thread of its own, from a queue that is bounded."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag

from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from addon.history.database import Unusable, is_broken
from addon.history.health import Health
from addon.history.store import MOST_COPIED, History, Seen, Source
from addon.redact import error_location
from addon.state.settings import Settings
from addon.verdicts.settle import apply_switches
from extractors import Extraction
from extractors.page import Page
from rules.model import Verdict

log = logging.getLogger("koban.history")

MOST_WAITING = 1_000
"""Pages: minutes of fast browsing, some 50 MB at the most."""
MOST_SOURCES = 64_000_000
"""Bytes of pages to be kept as evidence that may wait; beyond, a page is remembered without them."""
PRUNE_EVERY = timedelta(days=1)
AGAIN = (0.2, 1.0, 4.0)
"""Seconds after which a write is tried again that failed for a reason which may pass: another's lock, a full disk."""
LAST_WAIT = 30
"""Seconds that the end of the program waits for what is still to be written."""


class Recorder:
    """Takes pages as they are judged. Nothing here waits for the database, nor fails on it.

    set_aside: the name of a broken file in whose place the history was begun.
    """

    def __init__(
        self,
        history: History,
        settings: Callable[[], Settings],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most_waiting: int = MOST_WAITING,
        again: Sequence[float] = AGAIN,
        set_aside: str | None = None,
    ) -> None:
        self._history = history
        self._settings = settings
        self._clock = clock
        self._again = again
        self._waiting: queue.Queue[Seen | None] = queue.Queue(most_waiting)
        self._sources = 0
        self._pruned: datetime | None = None
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._health = Health(remembers=True, set_aside=set_aside)
        self._thread = threading.Thread(target=self._run, name="koban-history", daemon=True)
        self._thread.start()

    def take(self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None = None) -> None:
        """Have a page remembered, unless the user paused that. Raises nothing.

        part_of: the address of the page whose script fetched this one.
        """
        settings, at = self._settings(), page.received_at
        if not settings.history.enabled or settings.is_paused(at) or not settings.is_on(extraction.site.id):
            return
        if self._ending.is_set() or not self._thread.is_alive():
            self._lost(1, "the recording has ended")
            return
        shown = apply_switches(verdict, settings, page=urldefrag(part_of or page.url).url)
        source = self._source(page) if settings.history.pages and shown.state in ("danger", "caution") else None
        try:
            seen = Seen(extraction, shown, page.url, at, settings.history.texts is True, part_of, page.feed, source)
            self._waiting.put_nowait(seen)
        except queue.Full:
            self._let_go(source)
            self._lost(1, "too many pages at once")
            log.warning("a page is not remembered: %d wait already", self._waiting.maxsize)

    @property
    def health(self) -> Health:
        """How the recording goes now."""
        return replace(self._health, waiting=self._waiting.unfinished_tasks, silent=self._history.silent)

    def settle(self) -> None:
        """Wait until all that was taken is written."""
        self._waiting.join()

    def close(self) -> None:
        """Write what waits, and end. What cannot be written within half a minute is counted as lost."""
        self._ending.set()
        if self._thread.is_alive():
            try:
                self._waiting.put(None, timeout=LAST_WAIT)
                self._thread.join(LAST_WAIT)
            except queue.Full:
                log.error("the history does not end")
        left = sum(seen is not None for seen in self._waiting.queue)
        if left:
            self._lost(left, "the program ended")
            log.error("%d pages are not remembered: the program ended", left)
        self._history.close()

    def _run(self) -> None:
        self._forget()
        while True:
            try:
                seen = self._waiting.get(timeout=PRUNE_EVERY.total_seconds() / 24)
            except queue.Empty:
                self._forget()
                continue
            try:
                if seen is None:
                    return
                self._write(seen)
            finally:
                if seen is not None:
                    self._let_go(seen.source)
                self._waiting.task_done()
            self._forget()

    def _write(self, seen: Seen) -> None:
        """Write a page: again where the reason may pass, into a new file where the old one turns out to be broken."""
        for pause in (*self._again, None):
            try:
                self._history.record(seen)
                return
            except DatabaseError as error:
                why = type(error.orig or error).__name__
                if is_broken(error) and self._begun_anew():
                    continue
                if pause is not None and isinstance(error, OperationalError):
                    # At the program's end there is no time to wait.
                    self._ending.wait(pause)
                    continue
                self._lost(1, why)
                log.error("a page is not remembered: %s", why)
                return
            except Exception as error:
                self._lost(1, type(error).__name__)
                log.error("a page is not remembered: %s", error_location(error))
                return

    def _begun_anew(self) -> bool:
        try:
            aside = self._history.begin_anew()
        except (Unusable, OSError, SQLAlchemyError) as error:
            log.error("the history is broken, and no new one can be begun: %s", type(error).__name__)
            return False
        if aside is not None:
            self._health.set_aside = aside.name
        return True

    def _source(self, page: Page) -> Source | None:
        size = len(page.body)
        with self._lock:
            if size > MOST_COPIED or self._sources + size > MOST_SOURCES:
                return None
            self._sources += size
        return Source(page.body, page.content_type)

    def _let_go(self, source: Source | None) -> None:
        if source is not None:
            with self._lock:
                self._sources -= len(source.body)

    def _lost(self, pages: int, why: str) -> None:
        with self._lock:
            self._health.lost += pages
            self._health.trouble = why

    def _forget(self) -> None:
        """Delete what is too old, once a day, whether or not anything is written."""
        now = self._clock()
        if self._pruned is not None and timedelta(0) <= now - self._pruned < PRUNE_EVERY:
            return
        self._pruned = now
        try:
            if self._history.clock_holds(now):
                self._history.prune(now - timedelta(days=self._settings().history.days))
        except Exception as error:
            log.error("nothing is forgotten: %s", error_location(error))
