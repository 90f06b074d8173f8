"""Judging pages in a process of its own, so that none of them holds up the event loop of the proxy.

Python runs one thread of a process at a time: an analysis in a thread beside the loop would take from the loop
what it uses itself, and so would the writing of the history. Here only a pipe is waited for. A page on which the
process ends, or gets stuck, is not checked, and the process is begun anew. Pages are judged one after the other, so
each has a budget of time, and one that used it up is not asked for again at once: the others go on.
"""

import contextlib
import logging
import math
import multiprocessing
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from addon.garbage import put_off
from addon.history.health import Health
from addon.redact import told
from addon.state.settings import Settings
from addon.verdicts.settle import not_checked
from extractors import site_for
from extractors.page import Page
from rules.model import Stage, Verdict
from rules.problems import CatalogError

log = logging.getLogger("koban.judging")

LONGEST = 2.0
"""Seconds after which a page counts as stuck, whatever its size: one for a database elsewhere (`timed_query`), and
one for the page. A list of 200 KB takes some 30 ms (benchmarks/RESULTS.md, `reading`), a thirtieth of that."""
LONGEST_PER_MB = 0.8
"""Seconds on top for each million bytes. The dearest kind, a list, takes 0.16: a machine five times as slow or as busy
still gets through."""
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
AGAIN = 20.0
"""Seconds that the pages of late may take when they are judged anew."""
ENDING = 30.0
"""Seconds that what waits to be remembered has to be written at the end."""
_SPAWN = multiprocessing.get_context("spawn")


class Judge(Protocol):
    """What says a page's verdict: a `Checker`, or a process that has one. May be called from several threads."""

    def check(
        self, page: Page, *, stage: Stage | None = None, keep: bool = True, part_of: str | None = None
    ) -> Verdict:
        """As `Checker.check`. Raises nothing that is the page's fault."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """How the process began: the problems of the catalog, or how the history is."""

    problems: tuple[str, ...] = ()
    health: Health = field(default_factory=Health)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page to judge, with all that a `Judge` is told, and the settings of now."""

    page: Page
    stage: Stage | None
    keep: bool
    part_of: str | None
    settings: Settings


@dataclass(frozen=True, slots=True)
class Settle:
    """Answer when all that was taken so far is remembered."""


def seconds_for(page: Page) -> float:
    """Returns the seconds after which a page counts as stuck."""
    return LONGEST + LONGEST_PER_MB * len(page.body) / 1e6


class NotReady(Exception):
    """The process does not get ready in time. Its text says so, and is no page's."""


@dataclass(frozen=True, slots=True)
class Again:
    """Judge the pages of late anew: what the user taught has changed."""


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """The new verdict of a page that was judged before. part_of: the address of the page whose script fetched it."""

    url: str
    part_of: str | None
    verdict: Verdict


class Stuck(Exception):
    """The process does not answer in time, or did not a short while ago for the same page. Its text says which."""


class JudgingProcess:
    """A `Checker` with its history, in a process of its own.

    settings: those of now, which go with each page. budget: seconds that a page may take. clock: seconds since any
    fixed moment.
    """

    def __init__(
        self,
        state_dir: Path,
        history_url: str | None,
        settings: Callable[[], Settings],
        *,
        budget: Callable[[Page], float] = seconds_for,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._of = (state_dir, history_url)
        self._settings = settings
        self._budget = budget
        self._clock = clock
        self._stuck: OrderedDict[tuple[str | None, str, str | None], float] = OrderedDict()
        """When pages got stuck: their host and path, and the page whose script fetched them; the latest last."""
        self._in_a_row = 0
        """Pages that got stuck since one was judged."""
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._begun: Begun | None = None
        self._begun_at = 0.0
        self._closed = False
        self._lost = 0
        """By processes that ended before."""
        self._health = Health()

    @property
    def pid(self) -> int | None:
        """The number of the process; None before it was begun."""
        return self._process.pid if self._process is not None else None

    @property
    def health(self) -> Health:
        """How the recording goes, as of the page that was judged last."""
        return replace(self._health, lost=self._lost + self._health.lost)

    def begin(self) -> None:
        """Begin the process; it gets ready by itself. Raises OSError."""
        with self._lock:
            self._begin()

    def ready(self) -> Begun:
        """Wait until it is ready.

        Raises CatalogError, EOFError where it ended before, NotReady after `BEGINNING`.
        """
        with self._lock:
            begun = self._ready()
        if begun.problems:
            raise CatalogError(begun.problems)
        return begun

    def check(
        self, page: Page, *, stage: Stage | None = None, keep: bool = True, part_of: str | None = None
    ) -> Verdict:
        """As `Checker.check`; a page on which the process dies or gets stuck is `failed`. Raises nothing."""
        site = None
        try:
            known = site_for(page.location.hostname or "")
            site = known.id if known is not None else None
            with self._lock:
                return self._judge(Asked(page, stage, keep, part_of, self._settings()))
        except Exception as error:
            log.error("not checked: the judging process: %s", _why(error))
            return not_checked("failed", site=site)

    def again(self) -> Sequence[JudgedAgain]:
        """Judge the pages of late anew. Nothing where that fails: they are as they were until they are loaded again."""
        try:
            with self._lock:
                judged: Sequence[JudgedAgain]
                judged, self._health = self._ask(Again(), AGAIN)
                return judged
        except Exception as error:
            log.error("not judged anew: the judging process: %s", _why(error))
            return ()

    def settle(self) -> None:
        """Wait until all that was judged is remembered."""
        try:
            with self._lock:
                self._ask(Settle(), ENDING)
        except Exception as error:
            log.error("what was judged may not be remembered: the judging process: %s", _why(error))

    def close(self) -> None:
        """Have it write what waits, and end it."""
        self._closed = True
        if self._begun is None and self._process is not None:
            # Nothing was judged yet, so nothing waits to be written; whoever waits for it to begin learns it at once.
            self._process.kill()
        with self._lock:
            if self._pipe is not None:
                with contextlib.suppress(OSError):
                    self._pipe.send(None)
            if self._process is not None:
                self._process.join(ENDING)
            self._end()

    def _judge(self, asked: Asked) -> Verdict:
        what = (asked.page.location.hostname, asked.page.location.path, asked.part_of)
        if self._clock() - self._stuck.get(what, -math.inf) < STUCK_FOR:
            raise Stuck("it got stuck on this page a short while ago")
        try:
            budget = self._budget(asked.page) * 2 ** min(self._in_a_row, PATIENT)
            verdict: Verdict
            verdict, self._health = self._ask(asked, budget)
        except Stuck:
            self._in_a_row += 1
            self._stuck[what] = self._clock()
            self._stuck.move_to_end(what)
            if len(self._stuck) > MOST_STUCK:
                self._stuck.popitem(last=False)
            raise
        self._in_a_row = 0
        return verdict

    def _begin(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._begun_at = self._clock()
        process = _SPAWN.Process(target=_work, args=(theirs, *self._of), name="koban-judging", daemon=True)
        process.start()
        self._process = process
        theirs.close()
        self._pipe, self._begun = ours, None

    def _ready(self) -> Begun:
        if self._begun is None:
            assert self._pipe is not None
            if not self._pipe.poll(max(0.0, self._begun_at + BEGINNING - self._clock())):
                raise NotReady(f"it is not ready after {BEGINNING:.0f} s")
            begun: Begun = self._pipe.recv()
            # A file that was set aside by a process before stays so.
            aside = begun.health.set_aside or self._health.set_aside
            self._begun, self._health = begun, replace(begun.health, set_aside=aside)
        return self._begun

    def _ask(self, asked: Asked | Again | Settle, patience: float) -> tuple[Any, Health]:
        """The process's answer. Where none comes it is begun anew before that is raised, so that no later question
        meets a dead process, or the answer to this one."""
        try:
            self._ready()
            assert self._pipe is not None
            self._pipe.send(asked)
            if not self._pipe.poll(patience):
                raise Stuck(f"it took longer than {patience:.1f} s")
            answer: tuple[Any, Health] = self._pipe.recv()
        except Exception:
            self._lost += self._health.waiting
            self._end()
            if not self._closed:
                # Where that fails, the next question tries again.
                with contextlib.suppress(OSError):
                    self._begin()
            raise
        return answer

    def _end(self) -> None:
        self._lost += self._health.lost
        self._health = Health(trouble=self._health.trouble, set_aside=self._health.set_aside)
        if self._process is not None:
            self._process.kill()
            self._process.join(1)
        if self._pipe is not None:
            self._pipe.close()


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Stuck | NotReady) else told(error)


def _work(pipe: Connection, state_dir: Path, history_url: str | None) -> None:
    with put_off():
        # Here alone: the other side would have to wait for all of it, and needs none.
        from addon.judging.worker import work
    work(pipe, state_dir, history_url)
