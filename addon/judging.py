"""Judging pages in a process of its own, so that none of them holds up the event loop of the proxy.

Python runs one thread of a process at a time: an analysis in a thread beside the loop would take from the loop
what it uses itself, and so would the writing of the history. Here only a pipe is waited for. A page on which the
process ends, or gets stuck, is not checked, and the process is begun anew.
"""

import contextlib
import logging
import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from addon.garbage import put_off
from addon.history.health import Health
from addon.settings import Settings
from addon.shown import not_checked
from extractors import site_for
from extractors.page import Page
from rules.model import Stage, Verdict
from rules.problems import CatalogError

log = logging.getLogger("koban.judging")

LONGEST = 10.0
"""Seconds after which a page counts as stuck."""
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


class JudgingProcess:
    """A `Checker` with its history, in a process of its own.

    settings: those of now, which go with each page.
    """

    def __init__(self, state_dir: Path, history_url: str | None, settings: Callable[[], Settings]) -> None:
        self._of = (state_dir, history_url)
        self._settings = settings
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._begun: Begun | None = None
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
        """Wait until it is ready. Raises CatalogError, or EOFError where it ended before."""
        with self._lock:
            begun = self._ready()
        if begun.problems:
            raise CatalogError(begun.problems)
        return begun

    def check(
        self, page: Page, *, stage: Stage | None = None, keep: bool = True, part_of: str | None = None
    ) -> Verdict:
        """As `Checker.check`; a page of which the process dies is `failed`."""
        site = site_for(page.location.hostname or "")
        try:
            with self._lock:
                self._ready()
                verdict, self._health = self._ask(Asked(page, stage, keep, part_of, self._settings()), LONGEST)
        except (EOFError, OSError) as error:
            log.error("not checked: the judging process ended: %s", type(error).__name__)
            with self._lock, contextlib.suppress(OSError):
                self._lost += self._health.waiting
                self._end()
                if not self._closed:
                    self._begin()
            return not_checked("failed", site=site.id if site is not None else None)
        return verdict

    def settle(self) -> None:
        """Wait until all that was judged is remembered."""
        with self._lock, contextlib.suppress(EOFError, OSError):
            self._ask(Settle(), ENDING)

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

    def _begin(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(theirs, *self._of), name="koban-judging", daemon=True)
        self._process.start()
        theirs.close()
        self._pipe, self._begun = ours, None

    def _ready(self) -> Begun:
        if self._begun is None:
            assert self._pipe is not None
            begun: Begun = self._pipe.recv()
            # A file that was set aside by a process before stays so.
            aside = begun.health.set_aside or self._health.set_aside
            self._begun, self._health = begun, replace(begun.health, set_aside=aside)
        return self._begun

    def _ask(self, asked: Asked | Settle, patience: float) -> tuple[Verdict, Health]:
        assert self._pipe is not None
        self._pipe.send(asked)
        if not self._pipe.poll(patience):
            raise EOFError("stuck")
        answer: tuple[Verdict, Health] = self._pipe.recv()
        return answer

    def _end(self) -> None:
        self._lost += self._health.lost
        self._health = Health(trouble=self._health.trouble, set_aside=self._health.set_aside)
        if self._process is not None:
            self._process.kill()
            self._process.join(1)
        if self._pipe is not None:
            self._pipe.close()


def _work(pipe: Connection, state_dir: Path, history_url: str | None) -> None:
    with put_off():
        # Here alone: the other side would have to wait for all of it, and needs none.
        from addon.judge import work
    work(pipe, state_dir, history_url)
