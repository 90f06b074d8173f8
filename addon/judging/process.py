"""Judging pages in a process of its own, so that none of them holds up the event loop of the proxy.

Python runs one thread of a process at a time: an analysis in a thread beside the loop would take from the loop
what it uses itself, and so would the writing of the history. Here only a pipe is waited for. A page on which the
process ends, or gets stuck, is not checked, and the process is restarted. Pages are judged one after the other, so
each has a budget of time, and one that used it up is not asked for again at once: the others go on.
"""

import contextlib
import logging
import math
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addon.garbage import put_off
from addon.history.health import Health
from addon.judging.protocol import (
    Flush,
    Message,
    Opened,
    Rejudge,
    Renew,
    Submission,
    Visit,
    WorkerReady,
    WorkerReply,
)
from addon.redact import error_location
from addon.state.settings import Settings
from addon.verdicts.parts import Rejudged
from addon.verdicts.settle import not_checked
from addon.verdicts.written import WrittenVerdict
from addon.worker_process import WorkerProcess
from extractors import site_at
from extractors.encoding import MAX_PAGE_BYTES
from extractors.records import Contents
from rules.model import Verdict
from rules.problems import CatalogError

if TYPE_CHECKING:
    from rules.meaning.model import ModelProblem

log = logging.getLogger("koban.judging")

LONGEST = 2.0
"""Seconds after which a page counts as stuck, whatever its size: one for a database elsewhere (`timed_query`), and
one for the page. A list of 200 KB takes some 70 ms (benchmarks/RESULTS.md, `reading`), a fourteenth of that."""
LONGEST_PER_MB = 4.5
"""Seconds on top for each million bytes. The dearest kind, a list whose texts were never read for their meaning before,
takes 0.93: a machine five times as slow or as busy still gets through."""
UNPACKED = 20
"""Bytes that each byte of a page stands for which is not decoded yet: twice what text packs to where it packs well."""
STUCK_FOR = 60.0
"""Seconds in which a page that got stuck is not judged again: its script may ask for the same every few seconds."""
PATIENT = 2
"""How often a page's time is doubled where one page after the other takes longer than its own: then the machine is
slow, and ending the process each time would make it slower."""
MOST_STUCK = 100
"""Pages that are remembered as stuck, the latest."""
BEGINNING = 120.0
"""Seconds that the process has to get ready. It takes two, and some more where patterns are compiled for the first time
on a slow machine."""
REJUDGING = 20.0
"""Seconds that recent pages may take when they are judged again."""
ENDING = 30.0
"""Seconds that what waits to be remembered has to be written at the end."""
LAST_PAGE = 10.0 if sys.platform == "win32" else 2.0
"""Seconds that a page may still take at the end; the budget of one that is stuck is many times that, and nobody reads
its verdict any more. What waits then has as long again to be written; on Windows it is lost, so there more pages get
through."""


def seconds_for(visit: Visit) -> float:
    """Returns the seconds after which a page counts as stuck."""
    size = len(visit.page.body)
    if visit.encoding:
        size = min(size * UNPACKED, MAX_PAGE_BYTES)
    return LONGEST + LONGEST_PER_MB * size / 1e6


class NotReady(Exception):
    """The process does not get ready in time. Its text says so, and is no page's."""


class Stuck(Exception):
    """The process does not answer in time, or did not a short while ago for the same page. Its text says which."""


class JudgingProcess:
    """The judge of a running Koban: `addon.judging.worker` in a process of its own.

    settings: returns those of this moment, which go with each page. budget: seconds that a page may take. clock:
    seconds since any fixed moment.
    """

    def __init__(
        self,
        state_dir: Path,
        history_url: str | None,
        settings: Callable[[], Settings],
        *,
        budget: Callable[[Visit], float] = seconds_for,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worker = WorkerProcess("koban-judging", _work, state_dir, history_url)
        self._settings = settings
        self._budget = budget
        self._clock = clock
        self._stuck_pages: OrderedDict[tuple[str | None, str, str | None], float] = OrderedDict()
        """When pages got stuck: their host and path, and the page whose script fetched them; the latest last."""
        self._stuck_in_a_row = 0
        """Pages that got stuck since one was judged."""
        self._first_message: WorkerReady | None = None
        self._told_settings: Settings | None = None
        """Those that the process has."""
        self._started_at = 0.0
        self._lost_pages = 0
        """By processes that ended before."""
        self._health = Health()
        self._meaning_problems: Sequence[ModelProblem] = ()

    @property
    def pid(self) -> int | None:
        """The number of the process; None before it was begun."""
        return self._worker.pid

    @property
    def health(self) -> Health:
        """The state of the recording, as of the page that was judged last."""
        return replace(self._health, lost_pages=self._lost_pages + self._health.lost_pages)

    @property
    def meaning_problems(self) -> "Sequence[ModelProblem]":
        """As `Judge.meaning_problems`."""
        return self._meaning_problems

    def begin(self) -> None:
        """Start the process; it gets ready by itself. Raises OSError."""
        with self._worker.lock:
            self._begin()

    def ready(self) -> WorkerReady:
        """Wait until it is ready. Returns its first message.

        Raises CatalogError, EOFError where it ended before, NotReady after `BEGINNING`.
        """
        with self._worker.lock:
            message = self._ready()
        if message.problems:
            raise CatalogError(message.problems)
        return message

    def check(self, visit: Visit) -> Verdict:
        """As `Judge.check`; a page on which the process dies or gets stuck is `failed`."""
        return self.written(visit).read()

    def written(self, visit: Visit) -> WrittenVerdict:
        """The same as JSON, and with it how the settings of this moment have it shown."""
        try:
            with self._worker.lock:
                return self._judge(visit, self._settings())
        except Exception as error:
            log.error("not checked: the judging process: %s", _reason(error))
            site = site_at(visit.page.url)
            return WrittenVerdict.of(not_checked("failed", site=site.id if site is not None else None))

    def rejudge(self) -> Sequence[Rejudged]:
        """As `Judge.rejudge`; nothing where that fails: pages keep their verdicts until they are loaded again."""
        return self._rejudged(Rejudge(self._settings())) or ()

    def opened(self, contents: Mapping[str, Contents | None]) -> Sequence[Rejudged]:
        """As `Judge.opened`; nothing where that fails: pages keep their verdicts."""
        return self._rejudged(Opened(contents)) or ()

    def renew(self) -> Sequence[Rejudged] | None:
        """As `Judge.renew`; nothing where that fails: the process that is then started has the packs from the start."""
        return self._rejudged(Renew())

    def flush(self) -> None:
        """Wait until all that was judged is stored."""
        try:
            with self._worker.lock:
                self._ask(Flush(), ENDING)
        except Exception as error:
            log.error("what was judged may not be remembered: the judging process: %s", _reason(error))

    def close(self) -> None:
        """Have it write what waits, and end it."""
        if self._first_message is None:
            # Nothing was judged yet, so nothing waits to be written; a thread that waits for it goes on at once.
            self._worker.close()
        else:
            self._worker.close(LAST_PAGE, ENDING)

    def _judge(self, visit: Visit, settings: Settings) -> WrittenVerdict:
        location = visit.page.location
        key = (location.hostname, location.path, visit.part_of)
        if self._clock() - self._stuck_pages.get(key, -math.inf) < STUCK_FOR:
            raise Stuck("it got stuck on this page a short while ago")
        try:
            budget = self._budget(visit) * 2 ** min(self._stuck_in_a_row, PATIENT)
            news = None if settings is self._told_settings else settings
            verdict: WrittenVerdict = self._ask(Submission(visit, news), budget)
            self._told_settings = settings
        except Stuck:
            self._stuck_in_a_row += 1
            self._stuck_pages[key] = self._clock()
            self._stuck_pages.move_to_end(key)
            if len(self._stuck_pages) > MOST_STUCK:
                self._stuck_pages.popitem(last=False)
            raise
        self._stuck_in_a_row = 0
        return verdict._replace(settings=settings)

    def _rejudged(self, message: Rejudge | Opened | Renew) -> Sequence[Rejudged] | None:
        try:
            with self._worker.lock:
                rejudged_pages: Sequence[Rejudged] | None = self._ask(message, REJUDGING)
                if isinstance(message, Rejudge):
                    self._told_settings = message.settings
                return rejudged_pages
        except Exception as error:
            log.error("not judged again: the judging process: %s", _reason(error))
            return ()

    def _begin(self) -> None:
        self._started_at = self._clock()
        self._first_message = self._told_settings = None
        self._worker.begin()

    def _ready(self) -> WorkerReady:
        if self._first_message is None:
            try:
                message: WorkerReady = self._worker.received(max(0.0, self._started_at + BEGINNING - self._clock()))
            except TimeoutError:
                raise NotReady(f"it is not ready after {BEGINNING:.0f} s") from None
            # A broken file that an earlier process moved aside is still to be named.
            broken_file = message.health.set_aside or self._health.set_aside
            self._first_message, self._health = message, replace(message.health, set_aside=broken_file)
        return self._first_message

    def _ask(self, message: Message, patience: float) -> Any:
        """Returns the process's reply. Where none comes the process is restarted before that is raised, so that no
        later message meets a dead process, or the reply to this one."""
        if self._worker.is_closed:
            # Its end has what was judged written: no page that waits for its turn takes from the time for that.
            raise EOFError
        try:
            self._ready()
            reply = self._answer(message, patience)
        except Exception:
            self._lost_pages += self._health.waiting + self._health.lost_pages
            self._health = Health(trouble=self._health.trouble, set_aside=self._health.set_aside)
            # Where that fails, the next message tries again.
            with contextlib.suppress(OSError):
                self._begin()
            raise
        self._health, self._meaning_problems = reply.health or self._health, reply.meaning_problems
        return reply.content

    def _answer(self, message: Message, patience: float) -> WorkerReply:
        try:
            reply: WorkerReply = self._worker.ask(message, patience)
        except TimeoutError:
            raise Stuck(f"it took longer than {patience:.1f} s") from None
        return reply


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Stuck | NotReady) else error_location(error)


def _work(pipe: Connection, state_dir: Path, history_url: str | None) -> None:
    with put_off():
        # For the start-up time of this side, which would have to wait for all of it and needs none.
        from addon.judging.worker import work
    work(pipe, state_dir, history_url)
