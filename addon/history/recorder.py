"""Writes the history in a thread of its own, in order, from a bounded queue: no verdict waits for the database."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag

from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from addon.history.copies import MOST_COPIED, PageSource
from addon.history.database import has_no_tables, is_broken
from addon.history.file import Unusable
from addon.history.health import Health
from addon.history.store import History
from addon.history.writer import JudgedPage
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
"""Bytes of page copies that may wait; beyond, a page is recorded without its copy."""
PRUNE_EVERY = timedelta(days=1)
AGAIN = (0.2, 1.0, 4.0)
"""Seconds after which a failed write is tried again, if the reason may pass: another's lock, a full disk."""
LAST_WAIT = 30
"""Seconds for which the program's end waits for the remaining pages to be written."""


def is_wanted(settings: Settings, extraction: Extraction, page: Page) -> bool:
    """Returns whether the user wants a page remembered: the history is on, the site too, and nothing is paused."""
    return settings.history.enabled and not settings.is_paused(page.received_at) and settings.is_on(extraction.site.id)


class Recorder:
    """The queue of judged pages and the thread that writes them. `take` neither waits for the database nor raises.

    set_aside: the new name of a corrupt file that this history replaces.
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
        self._queue: queue.Queue[JudgedPage | None] = queue.Queue(most_waiting)
        self._sources = 0
        self._pruned_at: datetime | None = None
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._health = Health(remembers=True, set_aside=set_aside)
        self._thread = threading.Thread(target=self._run, name="koban-history", daemon=True)
        self._thread.start()

    def take(
        self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None = None, again: bool = False
    ) -> None:
        """Queue a page to be recorded, unless the user has paused recording. Raises nothing.

        part_of: the address of the page whose script fetched this one. again: as for JudgedPage.
        """
        try:
            self._queue_page(extraction, verdict, page, part_of, again)
        except Exception as error:
            self._count_lost(1, type(error).__name__)
            log.error("a page is not remembered: %s", error_location(error))

    def _queue_page(
        self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None, again: bool
    ) -> None:
        settings, at = self._settings(), page.received_at
        if not is_wanted(settings, extraction, page):
            return
        if self._ending.is_set() or not self._thread.is_alive():
            self._count_lost(1, "the recording has ended")
            return
        shown_verdict = apply_switches(verdict, settings, page=urldefrag(part_of or page.url).url)
        source = self._source(page) if settings.history.pages and shown_verdict.warns else None
        try:
            texts = settings.history.texts is True
            self._queue.put_nowait(
                JudgedPage(
                    extraction,
                    shown_verdict,
                    page.url,
                    at,
                    texts,
                    part_of=part_of,
                    feed=page.feed,
                    source=source,
                    again=again,
                )
            )
        except queue.Full:
            self._release(source)
            self._count_lost(1, "too many pages at once")
            log.warning("a page is not remembered: %d wait already", self._queue.maxsize)

    @property
    def health(self) -> Health:
        """The current health of the recording."""
        return replace(self._health, waiting=self._queue.unfinished_tasks, silent=self._history.silent)

    def settle(self) -> None:
        """Wait until every queued page is written."""
        self._queue.join()

    def close(self) -> None:
        """Write the queued pages and end. Pages that cannot be written within half a minute are counted as lost."""
        self._ending.set()
        if self._thread.is_alive():
            try:
                self._queue.put(None, timeout=LAST_WAIT)
                self._thread.join(LAST_WAIT)
            except queue.Full:
                log.error("the history does not end")
        remaining = sum(judged_page is not None for judged_page in self._queue.queue)
        if remaining:
            self._count_lost(remaining, "the program ended")
            log.error("%d pages are not remembered: the program ended", remaining)
        self._history.close()

    def _run(self) -> None:
        self._prune()
        while True:
            try:
                judged_page = self._queue.get(timeout=PRUNE_EVERY.total_seconds() / 24)
            except queue.Empty:
                self._prune()
                continue
            try:
                if judged_page is None:
                    return
                self._write(judged_page)
            finally:
                if judged_page is not None:
                    self._release(judged_page.source)
                self._queue.task_done()
            self._prune()

    def _write(self, judged_page: JudgedPage) -> None:
        """Write a page; try again if the reason may pass, and in a new file if the old one turns out to be corrupt."""
        pauses, is_replaced = iter(self._again), False
        while True:
            try:
                self._history.record(judged_page)
                return
            except DatabaseError as error:
                # A new file that could not be made ready is made ready once it can be.
                if not is_replaced and (is_broken(error) or has_no_tables(error)) and self._replaced():
                    is_replaced = True
                    continue
                pause = next(pauses, None) if isinstance(error, OperationalError) else None
                if pause is not None:
                    # At the program's end there is no time to wait.
                    self._ending.wait(pause)
                    continue
                why = type(error.orig or error).__name__
                self._count_lost(1, why)
                log.error("a page is not remembered: %s", why)
                return
            except Exception as error:
                self._count_lost(1, type(error).__name__)
                log.error("a page is not remembered: %s", error_location(error))
                return

    def _replaced(self) -> bool:
        try:
            broken_file, is_begun = self._history.replace_corrupt(), True
        except (Unusable, OSError, SQLAlchemyError) as error:
            log.error("the history is broken, and no new one can be begun: %s", type(error).__name__)
            broken_file, is_begun = error.broken_file if isinstance(error, Unusable) else None, False
        if broken_file is not None:
            self._health.set_aside = broken_file.name
        return is_begun

    def _source(self, page: Page) -> PageSource | None:
        size = len(page.body)
        with self._lock:
            if not size or size > MOST_COPIED or self._sources + size > MOST_SOURCES:
                return None
            self._sources += size
        return PageSource(page.body, page.content_type)

    def _release(self, source: PageSource | None) -> None:
        if source is not None:
            with self._lock:
                self._sources -= len(source.body)

    def _count_lost(self, pages: int, why: str) -> None:
        with self._lock:
            self._health.lost_pages += pages
            self._health.trouble = why

    def _prune(self) -> None:
        """Delete rows that are too old, once a day, whether or not anything is written."""
        now = self._clock()
        if self._pruned_at is not None and timedelta(0) <= now - self._pruned_at < PRUNE_EVERY:
            return
        self._pruned_at = now
        try:
            if self._history.clock_holds(now):
                self._history.prune(now - timedelta(days=self._settings().history.days))
        except Exception as error:
            log.error("nothing is forgotten: %s", error_location(error))
