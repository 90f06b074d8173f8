"""The judging process from within: a `Checker`, and the logs and the history that it reads and writes."""

import logging
import signal
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from addon.garbage import put_off
from addon.history.database import Unusable, open_history
from addon.history.health import Health
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.judging.check import Checker
from addon.judging.process import Again, Asked, Begun, JudgedAgain, Settle
from addon.redact import told
from addon.state.catalog import usable_catalog, user_rules_dir
from addon.state.lessons import FILE, LessonStore
from addon.state.market_log import MarketLog
from addon.state.paths import FilePatternCache
from addon.state.reader_log import ReaderLog
from addon.state.settings import Settings
from extractors import Extraction
from extractors.document import warm
from extractors.page import Page
from rules.engine import Engine
from rules.meaning.lesson import Lesson
from rules.meaning.reader import shipped
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.model import Stage, Verdict
from rules.past import Past
from rules.predicates import phone_number
from rules.problems import CatalogError

log = logging.getLogger("koban.judging")

AGAIN = 60.0
"""Seconds until a database elsewhere is tried again that could not be used at the start."""


MOST_AGAIN = 32
"""Pages and parts of pages, the latest, that are judged anew where the user teaches something."""


class Taught:
    """What the user has taught, ready to ask, as it is on disk now."""

    def __init__(self, state_dir: Path) -> None:
        self._store = LessonStore(state_dir / FILE, read_only=True)
        self._of: tuple[Lesson, ...] = ()
        self._ready = NO_LESSONS

    def lessons(self) -> Lessons:
        """Returns them, made ready where they have changed."""
        current = self._store.current
        if current is not self._of:
            self._of, self._ready = current, Lessons(current) if current else NO_LESSONS
        return self._ready


@dataclass(frozen=True, slots=True)
class _Judged:
    """A page of late, as it was read."""

    extraction: Extraction
    stage: Stage | None
    received_at: datetime


class Memory:
    """The history and who writes it; where it cannot be used there is neither, which is said and stops nothing else.

    A database elsewhere that could not be used at the start is tried again beside the judging.
    """

    def __init__(self, state_dir: Path, url: str | None, settings: Callable[[], Settings]) -> None:
        self._of = (state_dir, url)
        self._settings = settings
        self._used: tuple[History, Recorder] | None = None
        self._unusable = Health()
        self._ending = threading.Event()
        self._open()
        if url is not None and not self.health.remembers:
            threading.Thread(target=self._open_later, name="koban-history-again", daemon=True).start()

    def past(self, extraction: Extraction) -> Past | None:
        """As `History.past`; nothing where there is none."""
        return self._used[0].past(extraction) if self._used is not None else None

    def take(self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None = None) -> None:
        """As `Recorder.take`; where there is none, nothing is remembered."""
        if self._used is not None:
            self._used[1].take(extraction, verdict, page, part_of)

    @property
    def health(self) -> Health:
        """How the remembering goes; where there is no history, why."""
        return self._used[1].health if self._used is not None else self._unusable

    def settle(self) -> None:
        """Wait until all that was taken is written."""
        if self._used is not None:
            self._used[1].settle()

    def close(self) -> None:
        """Write what waits, and end."""
        self._ending.set()
        if self._used is not None:
            self._used[1].close()

    def _open(self) -> None:
        try:
            engine, aside = open_history(*self._of)
        except (Unusable, OSError) as error:
            if self._unusable.trouble != str(error):
                log.warning("nothing is remembered: %s", error)
            self._unusable = Health(trouble=str(error))
            return
        history = History(engine)
        self._used = history, Recorder(history, self._settings, set_aside=aside.name if aside is not None else None)

    def _open_later(self) -> None:
        while self._used is None and not self._ending.wait(AGAIN):
            self._open()


class Worker:
    """What the process holds."""

    def __init__(self, state_dir: Path, history_url: str | None) -> None:
        catalog, problems = usable_catalog(user_rules_dir(state_dir))
        for problem in problems:
            log.warning("own rules passed over: %s", problem)
        engine = Engine.build(catalog, cache=FilePatternCache(), experimental=True, meaning=shipped())
        self.settings = Settings()
        self._readers = ReaderLog(state_dir / "readers.json")
        self._market = MarketLog(state_dir / "market.json")
        self.memory = Memory(state_dir, history_url, lambda: self.settings)
        self.checker = Checker(
            engine,
            (self._readers.note, self._market.note, self._note),
            self._market.rate,
            past=self.memory.past,
            recorded=self.memory.take,
            lessons=Taught(state_dir).lessons,
        )
        self._noted: list[Extraction] = []
        """What was read of the page that is being judged; nothing where it is not to be remembered."""
        self._late: OrderedDict[tuple[str, str | None], _Judged] = OrderedDict()
        """Pages of late by address and the page that they are a part of, the latest last."""

    def serve(self, pipe: Connection) -> None:
        """Judge what is asked for until the other side has enough, or is gone.

        A failure of the history is logged and ends nothing: the page is answered for all the same.
        """
        while True:
            try:
                asked = pipe.recv()
            except (EOFError, OSError):
                return
            if asked is None:
                return
            verdict = self._answer(asked)
            try:
                pipe.send((verdict, self._health()))
            except OSError:
                return

    def _answer(self, asked: Asked | Again | Settle) -> Verdict | Sequence[JudgedAgain] | None:
        if isinstance(asked, Asked):
            self.settings = asked.settings
            self._noted.clear()
            verdict = self.checker.check(asked.page, stage=asked.stage, keep=asked.keep, part_of=asked.part_of)
            for extraction in self._noted:
                self._keep_late(asked, extraction)
            return verdict
        if isinstance(asked, Again):
            return [
                JudgedAgain(url, part_of, self.checker.judge(one.extraction, stage=one.stage, now=one.received_at))
                for (url, part_of), one in self._late.items()
            ]
        try:
            self.memory.settle()
        except Exception as error:
            log.error("what waits to be remembered may be lost: %s", told(error))
        return None

    def _note(self, extraction: Extraction) -> None:
        self._noted.append(extraction)

    def _keep_late(self, asked: Asked, extraction: Extraction) -> None:
        key = (asked.page.url, asked.part_of)
        self._late[key] = _Judged(extraction, asked.stage, asked.page.received_at)
        self._late.move_to_end(key)
        if len(self._late) > MOST_AGAIN:
            self._late.popitem(last=False)

    def _health(self) -> Health:
        try:
            return self.memory.health
        except Exception as error:
            log.error("how the recording goes is not known: %s", told(error))
            return Health(trouble=type(error).__name__)

    def close(self) -> None:
        """Write what is kept. Raises nothing: what one of them cannot write keeps no other from it."""
        for keep in (self._readers.keep, self._market.keep, self.memory.close):
            try:
                keep()
            except Exception as error:
                log.error("not all was written at the end: %s", told(error))


def work(pipe: Connection, state_dir: Path, history_url: str | None) -> None:
    """Judge what comes through a pipe until the other side has enough, or is gone."""
    # Ctrl-C is for the whole program, which ends this process when it is done itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        with put_off():
            worker = Worker(state_dir, history_url)
    except CatalogError as error:
        pipe.send(Begun(problems=tuple(error.problems)))
        return
    try:
        # Before a page is asked for, whose budget of time it would take from.
        warm()
        phone_number("03-0000-0000")
        pipe.send(Begun(health=worker.memory.health))
        # Ready before that: a fifth of a second that the first page seldom comes in.
        shipped().load()
        worker.serve(pipe)
    finally:
        worker.close()
