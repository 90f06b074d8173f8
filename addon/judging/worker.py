"""The judging process from within. Of the way from page to verdict, this alone has effects."""

import logging
import signal
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from addon.garbage import put_off
from addon.history.copies import MOST_COPIED
from addon.history.database import Unusable, open_history
from addon.history.health import Health
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.judging.check import NOTHING_MOVED, Checker, read
from addon.judging.engines import Engines, PackEngine
from addon.judging.protocol import (
    Flush,
    Message,
    Opened,
    Rejudge,
    Rejudged,
    Renew,
    Submission,
    Visit,
    WorkerReady,
)
from addon.judging.sides import Sides
from addon.redact import error_location
from addon.state.lessons import FILE, LessonStore
from addon.state.market_log import MarketLog
from addon.state.reader_log import ReaderLog
from addon.state.settings import Settings
from extractors import Extraction, site_for
from extractors.document import warm
from extractors.page import Page
from extractors.records import Contents, enclosures_in, with_contents
from rules.engine import Engine
from rules.market import GoingRate, Market, Trade
from rules.meaning.lesson import Lesson
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.model import Stage, Verdict
from rules.past import Past
from rules.predicates import phone_number
from rules.problems import CatalogError
from rules.translations import Translations, translations

log = logging.getLogger("koban.judging")

AGAIN = 60.0
"""Seconds until a database elsewhere is tried again that could not be used at the start."""


MOST_RECENT = 32
"""Pages and parts of pages, the latest, that are judged again when the user teaches something."""


MOST_CHANGED = 4
"""Pages whose site has changed, the latest, that are read again where a pack is taken."""
LARGEST_CHANGED = 2_000_000
"""Bytes of such a page."""


MOST_OPENED = 200
"""Pictures and files, the latest, of which is remembered what they hold."""


class Taught:
    """The user's lessons as they are on disk now, ready for the engine."""

    def __init__(self, state_dir: Path) -> None:
        self._store = LessonStore(state_dir / FILE, read_only=True)
        self._source: tuple[Lesson, ...] = ()
        self._ready = NO_LESSONS

    def lessons(self) -> Lessons:
        """Returns the lessons; prepares them again where they have changed."""
        current = self._store.current
        if current is not self._source:
            self._source, self._ready = current, Lessons(current) if current else NO_LESSONS
        return self._ready


@dataclass(frozen=True, slots=True)
class _RecentPage:
    """A page as it was read.

    page: as it came, where a picture may change its verdict later; else, and of a long page, without its body.
    """

    extraction: Extraction
    stage: Stage | None
    page: Page


class Memory:
    """The history and its recorder; where the history cannot be used there is neither, and `health` has the reason.

    A database elsewhere that could not be used at the start is tried again in a thread of its own.
    """

    def __init__(self, state_dir: Path, url: str | None, settings: Callable[[], Settings]) -> None:
        self._arguments = (state_dir, url)
        self._settings = settings
        self._used: tuple[History, Recorder] | None = None
        self._unusable = Health()
        self._ending = threading.Event()
        self._open()
        if url is not None and not self.health.remembers:
            threading.Thread(target=self._open_later, name="koban-history-again", daemon=True).start()

    def past(self, extraction: Extraction) -> Past | None:
        """As `History.past`; None without a history."""
        return self._used[0].past(extraction) if self._used is not None else None

    def take(self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None = None) -> None:
        """As `Recorder.take`; does nothing without a history."""
        if self._used is not None:
            self._used[1].take(extraction, verdict, page, part_of)

    @property
    def health(self) -> Health:
        """The state of the recording; without a history, the reason for that."""
        return self._used[1].health if self._used is not None else self._unusable

    def settle(self) -> None:
        """Wait until all queued pages are stored."""
        if self._used is not None:
            self._used[1].settle()

    def close(self) -> None:
        """Store the queued pages, and end."""
        self._ending.set()
        if self._used is not None:
            self._used[1].close()

    def _open(self) -> None:
        try:
            engine, broken_file = open_history(*self._arguments)
        except (Unusable, OSError) as error:
            if self._unusable.trouble != str(error):
                log.warning("nothing is remembered: %s", error)
            self._unusable = Health(trouble=str(error))
            return
        history = History(engine)
        self._used = (
            history,
            Recorder(history, self._settings, set_aside=broken_file.name if broken_file is not None else None),
        )

    def _open_later(self) -> None:
        while self._used is None and not self._ending.wait(AGAIN):
            self._open()


class LocalJudge:
    """Judges in this process: read, recall, judge, remember; each step that has an effect is guarded by itself.

    notes: each is called with every page that was read, to count which readers answered or what offers pay. market: the
    going rate of a trade, where it is known. past: what was seen earlier of a page's subject. remember: stores a page
    with its verdict. lessons: those of the user. texts: those of the further language that the user asked for. health:
    the state of the recording.

    Any of them may raise. A page is then judged without its answer, or not remembered; its verdict is the same as
    without that callable.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        notes: Sequence[Callable[[Extraction], None]] = (),
        market: Market = lambda _: None,
        past: Callable[[Extraction], Past | None] = lambda _: None,
        remember: Callable[[Extraction, Verdict, Page, str | None], None] = lambda *_: None,
        lessons: Callable[[], Lessons] = lambda: NO_LESSONS,
        texts: Callable[[], Translations | None] = lambda: None,
        health: Callable[[], Health] = Health,
        moved: Mapping[str, Mapping[str, str]] = NOTHING_MOVED,
    ) -> None:
        self._checker = Checker(engine)
        self._moved = moved
        self._notes = notes
        self._market = market
        self._past = past
        self._remember = remember
        self._lessons = lessons
        self._texts = texts
        self._health = health
        self._sides = Sides()
        self._recent: OrderedDict[tuple[str, str | None], _RecentPage] = OrderedDict()
        """Recent pages by address and the page that they are a part of, the latest last."""
        self._contents: OrderedDict[str, Contents] = OrderedDict()
        """What pictures and files hold, by their address, the latest last."""
        self._changed: OrderedDict[tuple[str, str | None], Visit] = OrderedDict()
        """Pages that could not be read since their site has changed, the latest last: a pack may mend that."""

    def check(self, visit: Visit) -> Verdict:
        """As `Judge.check`."""
        page = visit.page
        extraction = read(page, self._moved)
        self._keep_changed(visit, extraction)
        if isinstance(extraction, Verdict):
            return extraction
        if visit.keep:
            # Before the judging, since the first list that is seen of a trade already tells its going rate.
            for note in (*self._notes, self._sides.note):
                _guarded("a page was not noted", note, extraction)
        extraction = _guarded("judged without the sides of its authors", self._sides.applied, extraction) or extraction
        recent = _RecentPage(extraction, visit.stage, page)
        verdict = self._judge(recent)
        if visit.keep:
            self._record(recent, verdict, visit.part_of)
            if not verdict.enclosures or len(page.body) > MOST_COPIED:
                recent = replace(recent, page=replace(page, body=b""))
            self._keep_recent((page.url, visit.part_of), recent)
        return verdict

    def rejudge(self) -> Sequence[Rejudged]:
        """As `Judge.rejudge`."""
        return [Rejudged(url, part_of, self._judge(page)) for (url, part_of), page in self._recent.items()]

    def opened(self, contents: Mapping[str, Contents]) -> Sequence[Rejudged]:
        """As `Judge.opened`. What files hold is remembered for pages that show them later."""
        self._contents.update(contents)
        while len(self._contents) > MOST_OPENED:
            self._contents.popitem(last=False)
        pages = [
            Rejudged(url, part_of, self._judge(page))
            for (url, part_of), page in self._recent.items()
            if any(enclosure.url in contents for enclosure in enclosures_in(page.extraction.records))
        ]
        for again in pages:
            # Under the moment of its first judging, so that it takes the place of what was written then.
            self._record(self._recent[again.url, again.part_of], again.verdict, again.part_of)
        return pages

    def renew(self) -> Sequence[Rejudged] | None:
        """As `Judge.renew`: its engine is as it was given."""
        return ()

    def use(self, packs: PackEngine) -> Sequence[Rejudged]:
        """Judge by another engine from now on, and recent pages again, also those that could not be read before."""
        self._checker, self._moved = Checker(packs.engine), packs.moved
        changed = list(self._changed.values())
        return [*self.rejudge(), *(Rejudged(each.page.url, each.part_of, self.check(each)) for each in changed)]

    @property
    def health(self) -> Health:
        """As `Judge.health`."""
        try:
            return self._health()
        except Exception as error:
            log.error("the state of the recording is unknown: %s", error_location(error))
            return Health(trouble=type(error).__name__)

    def _record(self, page: _RecentPage, verdict: Verdict, part_of: str | None) -> None:
        _guarded("a verdict was not recorded", self._remember, page.extraction, verdict, page.page, part_of)

    def _judge(self, page: _RecentPage) -> Verdict:
        past = _guarded("judged without what was seen before", self._past, page.extraction)
        lessons = _guarded("judged without what was taught", self._lessons) or NO_LESSONS
        records = _guarded("judged without its pictures", with_contents, page.extraction.records, self._contents)
        extraction = page.extraction if records is None else replace(page.extraction, records=records)
        return self._checker.judge(
            extraction,
            past=past,
            market=self._rate,
            lessons=lessons,
            texts=_guarded("said in Japanese and English alone", self._texts),
            stage=page.stage,
            now=page.page.received_at,
        )

    def _rate(self, trade: Trade) -> GoingRate | None:
        return _guarded("judged without a going rate", self._market, trade)

    def _keep_changed(self, visit: Visit, extraction: Extraction | Verdict) -> None:
        key = (visit.page.url, visit.part_of)
        self._changed.pop(key, None)
        if isinstance(extraction, Verdict) and extraction.reason == "page-changed" and visit.keep:
            if len(visit.page.body) <= LARGEST_CHANGED:
                self._changed[key] = visit
            if len(self._changed) > MOST_CHANGED:
                self._changed.popitem(last=False)

    def _keep_recent(self, key: tuple[str, str | None], page: _RecentPage) -> None:
        self._recent[key] = page
        self._recent.move_to_end(key)
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)


def _guarded[**Given, Answer](
    consequence: str, call: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
) -> Answer | None:
    """Returns the answer of `call`; None where it raises, which is logged with its consequence."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        log.error("%s: %s", consequence, error_location(error))
        return None


class Worker:
    """The judging process: a judge, with the logs and the history that it reads and writes."""

    def __init__(self, state_dir: Path, history_url: str | None) -> None:
        self._engines = Engines(state_dir)
        self.settings = Settings()
        self._readers = ReaderLog(state_dir / "readers.json")
        self._market = MarketLog(state_dir / "market.json")
        self._memory = Memory(state_dir, history_url, lambda: self.settings)
        self.judge = LocalJudge(
            self._engines.current.engine,
            moved=self._engines.current.moved,
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
            try:
                pipe.send((reply, self.judge.health))
            except OSError:
                return

    def _reply(self, message: Message) -> Verdict | Sequence[Rejudged] | None:
        match message:
            case Submission():
                self.settings = message.settings
                return self.judge.check(message.visit)
            case Rejudge():
                self.settings = message.settings
                return self.judge.rejudge()
            case Opened():
                return self.judge.opened(message.contents)
            case Renew():
                return self.judge.use(self._engines.current) if self._engines.renew() else None
            case Flush():
                _guarded("queued pages may be lost", self._memory.settle)
                return None

    def close(self) -> None:
        """Write what is kept. Raises nothing: what one of them cannot write keeps no other from it."""
        for keep in (self._readers.keep, self._market.keep, self._memory.close):
            _guarded("not all was written at the end", keep)


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
        worker.serve(pipe)
    finally:
        worker.close()
