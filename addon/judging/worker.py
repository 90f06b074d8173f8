"""The judging process from within. Of the way from page to verdict, this alone has effects."""

import logging
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urldefrag

from addon.garbage import give_back, put_off
from addon.history.health import Health
from addon.history.memory import Memory
from addon.judging.engines import Engines
from addon.judging.local import LocalJudge, guarded
from addon.judging.protocol import (
    Flush,
    Message,
    Opened,
    Rejudge,
    Renew,
    Submission,
    WorkerReady,
    WorkerReply,
)
from addon.state.lessons import LESSONS_FILE, LessonStore
from addon.state.market_log import MarketLog
from addon.state.paths import MARKET_FILE, READERS_FILE
from addon.state.reader_log import ReaderLog
from addon.state.settings import Settings
from addon.verdicts.parts import Rejudged
from addon.verdicts.written import WrittenVerdict
from extractors import site_for
from extractors.document import warm
from rules.meaning.lesson import Lesson
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.predicates import phone_number
from rules.problems import CatalogError
from rules.translations import translations


class Taught:
    """The user's lessons as they are on disk now, ready for the engine."""

    def __init__(self, state_dir: Path) -> None:
        self._store = LessonStore(state_dir / LESSONS_FILE, read_only=True)
        self._source: tuple[Lesson, ...] = ()
        self._ready = NO_LESSONS

    def lessons(self) -> Lessons:
        """Returns the lessons; prepares them again where they have changed."""
        current = self._store.current
        if current is not self._source:
            self._source, self._ready = current, Lessons(current) if current else NO_LESSONS
        return self._ready


class Worker:
    """The judging process: a judge, with the logs and the history that it reads and writes."""

    def __init__(self, state_dir: Path, history_url: str | None) -> None:
        self._engines = Engines(state_dir)
        self.settings = Settings()
        self._told_health: Health | None = None
        self._readers = ReaderLog(state_dir / READERS_FILE)
        self._market = MarketLog(state_dir / MARKET_FILE)
        self._memory = Memory(state_dir, history_url, lambda: self.settings)
        self.judge = LocalJudge(
            self._engines.current.engine,
            self._engines.current.terms,
            markup=self._engines.current.markup,
            notes=(self._readers.note, self._market.note),
            market=self._market.rate,
            past=self._memory.past,
            remember=self._memory.take,
            lessons=Taught(state_dir).lessons,
            texts=lambda: translations(self.settings.language),
            health=lambda: self._memory.health,
        )

    def load_models(self) -> None:
        """Load the models of what texts mean that are in use. Raises nothing."""
        self._engines.current.meaning.load()

    def serve(self, pipe: Connection) -> None:
        """Reply to messages until the other side sends None, or is gone.

        A failure of the history is logged and ends nothing: the page gets its verdict all the same.
        """
        while True:
            try:
                message: Message | None = pipe.recv()
            except (EOFError, OSError):
                return
            if message is None:
                return
            reply = self._reply(message)
            health = self.judge.health
            try:
                news = None if health == self._told_health else health
                pipe.send(WorkerReply(reply, news, tuple(self._engines.current.meaning.problems)))
            except OSError:
                return
            self._told_health = health
            # The page need not wait for a disk.
            for save in (self._readers.keep_if_due, self._market.keep_if_due):
                guarded("what was noted is not written yet", save)

    def _reply(self, message: Message) -> WrittenVerdict | Sequence[Rejudged] | None:
        match message:
            case Submission():
                return self._judged(message)
            case Rejudge():
                self.settings = message.settings
                return self.judge.rejudge()
            case Opened():
                return self.judge.opened(message.contents)
            case Renew():
                return self.judge.use(self._engines.current) if self._engines.renew() else None
            case Flush():
                guarded("queued pages may be lost", self._memory.settle)
                return None

    def _judged(self, submission: Submission) -> WrittenVerdict:
        if submission.settings is not None:
            self.settings = submission.settings
        visit = submission.visit
        page = visit.page
        verdict = self.judge.check(visit)
        address = urldefrag(visit.part_of or page.url).url
        written_verdict = guarded(
            "a verdict is read to be shown",
            lambda: WrittenVerdict.under(verdict, self.settings, now=page.received_at, page=address),
        )
        # Whoever asked has the settings.
        return (written_verdict or WrittenVerdict.of(verdict))._replace(settings=None)

    def close(self) -> None:
        """Write what is kept. Raises nothing: what one of them cannot write keeps no other from it."""
        for save in (self._readers.keep, self._market.keep, self._memory.close):
            guarded("not all was written at the end", save)


def work(pipe: Connection, state_dir: Path, history_url: str | None) -> None:
    """Run a worker until the other side sends None, or is gone: the entry point of the judging process."""
    # Ctrl-C is for the whole program, which ends this process when it is done itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        with put_off():
            worker = Worker(state_dir, history_url)
    except CatalogError as error:
        pipe.send(WorkerReady(problems=tuple(error.problems)))
        return
    try:
        # Before a page is asked for, whose budget of time it would take from.
        site_for("")
        warm()
        phone_number("03-0000-0000")
        pipe.send(WorkerReady(health=worker.judge.health))
        # Ready before that: a fifth of a second that the first page seldom comes in.
        worker.load_models()
        # Files were read to make what is kept from them.
        give_back()
        worker.serve(pipe)
    finally:
        worker.close()
