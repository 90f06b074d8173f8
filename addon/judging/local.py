"""The judge of this process: reads, recalls, judges and remembers a page, and judges recent ones again."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from addon.decoding import DecodingFailed, TooLarge, decoded
from addon.history.copies import MOST_COPIED
from addon.history.health import Health
from addon.judging.check import NOTHING_CHANGED, Checker, TextByItself, client_of, read
from addon.judging.engines import PackEngine
from addon.judging.protocol import Judge, Visit
from addon.judging.sides import Sides
from addon.redact import error_location
from addon.verdicts.parts import Rejudged
from addon.verdicts.settle import not_checked
from extractors import Extraction, site_at
from extractors.encoding import MAX_PAGE_BYTES
from extractors.page import Feed, MarkupChanges, Page
from extractors.records import Contents, enclosures_in, unread_in, with_contents
from rules.engine import Engine
from rules.facts import TextKind
from rules.market import GoingRate, Market, Trade
from rules.meaning.taught import NO_LESSONS, Lessons
from rules.model import Reason, Stage, Verdict
from rules.past import Past
from rules.sites import Terms
from rules.translations import Translations

log = logging.getLogger("koban.judging")

MOST_RECENT = 32
"""Pages and parts of pages, the latest, that are judged again when the user teaches something."""
MOST_CHANGED = 4
"""Pages whose site has changed, the latest, that are read again where a pack is taken: unread, or not wholly."""
LARGEST_CHANGED = 2_000_000
"""Bytes of such a page."""
MOST_OPENED = 200
"""Pictures and files, the latest, of which is remembered what they hold."""


class _Place(NamedTuple):
    """Where a page was met: its address, the page that it is a part of, and who brought it.

    What passes at an address and what a page shows there may be two things (a service worker's cache).
    """

    url: str
    part_of: str | None
    feed: Feed | None

    @classmethod
    def of(cls, visit: Visit) -> Self:
        return cls(visit.page.url, visit.part_of, visit.page.feed)

    def judged_again(self, verdict: Verdict, page: Page) -> Rejudged:
        return Rejudged(self.url, self.part_of, verdict, page.received_at)


@dataclass(frozen=True, slots=True)
class _RecentPage:
    """A page as it was read.

    page: as it came, where a picture may change its verdict later; else, and of a long page, without its body.
    """

    extraction: Extraction
    stage: Stage | None
    page: Page


class _ChangedPage(NamedTuple):
    """A page of a site that has changed. was_read: in part, then or before, so that it was counted and remembered."""

    visit: Visit
    was_read: bool


class LocalJudge(Judge):
    """Judges in this process: read, recall, judge, remember; each step that has an effect is guarded by itself.

    terms: of all sites. notes: each is called with every page that was read, to count which readers answered or what
    offers pay. market: the going rate of a trade, where it is known. past: what was seen earlier of a page's subject.
    remember: stores a page with its verdict; last it is told whether that is one of before, judged again. lessons:
    those of the user. texts: those of the further language that the user asked for. health: the state of the
    recording. markup: as for `read`.

    Each callable may raise. A page is then judged without its answer, or not remembered; its verdict is the same as
    without that callable.
    """

    def __init__(
        self,
        engine: Engine,
        terms: Terms,
        *,
        notes: Sequence[Callable[[Extraction], None]] = (),
        market: Market = lambda _: None,
        past: Callable[[Extraction], Past | None] = lambda _: None,
        remember: Callable[[Extraction, Verdict, Page, str | None, bool], None] = lambda *_: None,
        lessons: Callable[[], Lessons] = lambda: NO_LESSONS,
        texts: Callable[[], Translations | None] = lambda: None,
        health: Callable[[], Health] = Health,
        markup: Mapping[str, MarkupChanges] = NOTHING_CHANGED,
    ) -> None:
        self._checker = Checker(engine, terms)
        self._markup = markup
        self._notes = notes
        self._market = market
        self._past = past
        self._remember = remember
        self._lessons = lessons
        self._texts = texts
        self._health = health
        self._sides = Sides()
        self._recent: OrderedDict[_Place, _RecentPage] = OrderedDict()
        """Recent pages, the latest last."""
        self._contents: OrderedDict[str, Contents] = OrderedDict()
        """What pictures and files hold, by their address, the latest last."""
        self._changed_pages: OrderedDict[_Place, _ChangedPage] = OrderedDict()
        """Pages that could not be read, or not wholly, since their site has changed, the latest last: a pack may mend
        that."""

    def check(self, visit: Visit) -> Verdict:
        """As `Judge.check`."""
        if visit.bare is not None:
            return self._check_bare(visit.bare, visit.page)
        if visit.encoding:
            plain = _decoded(visit)
            return plain if isinstance(plain, Verdict) else self._check(plain)
        return self._check(visit)

    def _check(self, visit: Visit, *, again: bool = False) -> Verdict:
        """again: whether it was read before, so that it was counted, and the user may have had it forgotten."""
        page = visit.page
        extraction = read(page, self._markup)
        visit = _remembered(visit, extraction)
        guarded("a changed page was not kept, to be read again", self._keep_changed, visit, extraction)
        if isinstance(extraction, Verdict):
            return extraction
        if visit.keep and not again:
            # Before the judging, since the first list that is seen of a trade already tells its going rate.
            for note in (*self._notes, self._sides.note):
                guarded("a page was not noted", note, extraction)
        extraction = guarded("judged without the sides of its authors", self._sides.applied, extraction) or extraction
        recent = _RecentPage(extraction, visit.stage, page)
        verdict = self._judge(recent)
        if visit.keep:
            self._record(recent, verdict, visit.part_of, again=again)
            if not verdict.enclosures or len(page.body) > MOST_COPIED:
                recent = replace(recent, page=replace(page, body=b""))
            self._keep_recent(_Place.of(visit), recent)
        return verdict

    def rejudge(self) -> Sequence[Rejudged]:
        """As `Judge.rejudge`."""
        return [again for _, again in self._judged_again()]

    def opened(self, contents: Mapping[str, Contents | None]) -> Sequence[Rejudged]:
        """As `Judge.opened`. What files hold is remembered for pages that show them later."""
        for url, file_contents in contents.items():
            self._contents.pop(url, None)
            if file_contents is not None:
                self._contents[url] = file_contents
        while len(self._contents) > MOST_OPENED:
            self._contents.popitem(last=False)
        shows_one = [
            place
            for place, page in self._recent.items()
            if guarded("a page was not judged again with its files", _shows_any, page.extraction, contents)
        ]
        pages = self._judged_again(shows_one)
        for place, again in pages:
            # Under the moment of its first judging, so that it takes the place of what was written then.
            self._record(self._recent[place], again.verdict, again.part_of, again=True)
        return [again for _, again in pages]

    def renew(self) -> Sequence[Rejudged] | None:
        """As `Judge.renew`: its engine is as it was given."""
        return ()

    def use(self, packs: PackEngine) -> Sequence[Rejudged]:
        """Judge by another engine from now on, and recent pages again, also those that could not be read before."""
        self._checker, self._markup = Checker(packs.engine, packs.terms), packs.markup
        changed_pages = dict(self._changed_pages)
        as_read = self._judged_again([place for place in self._recent if place not in changed_pages])
        read_again = [
            place.judged_again(self._check(visit, again=was_read), visit.page)
            for place, (visit, was_read) in changed_pages.items()
        ]
        return [*(again for _, again in as_read), *read_again]

    @property
    def health(self) -> Health:
        """As `Judge.health`."""
        try:
            return self._health()
        except Exception as error:
            log.error("the state of the recording is unknown: %s", error_location(error))
            return Health(trouble=type(error).__name__)

    def _judged_again(self, places: Iterable[_Place] | None = None) -> list[tuple[_Place, Rejudged]]:
        """Judge recent pages again; those of these places, else all."""
        return [
            (place, place.judged_again(self._judge(self._recent[place]), self._recent[place].page))
            for place in (self._recent if places is None else places)
        ]

    def _record(self, page: _RecentPage, verdict: Verdict, part_of: str | None, *, again: bool) -> None:
        guarded("a verdict was not recorded", self._remember, page.extraction, verdict, page.page, part_of, again)

    def _check_bare(self, kind: TextKind, page: Page) -> Verdict:
        lessons = guarded("judged without what was taught", self._lessons) or NO_LESSONS
        texts = guarded("judged without the further language", self._texts)
        text = TextByItself(kind, page.body.decode("utf-8", "replace"))
        return self._checker.check_text(text, lessons=lessons, texts=texts, now=page.received_at)

    def _judge(self, page: _RecentPage) -> Verdict:
        past = guarded("judged without what was seen before", self._past, page.extraction)
        lessons = guarded("judged without what was taught", self._lessons) or NO_LESSONS
        records = guarded("judged without its pictures", with_contents, page.extraction.records, self._contents)
        extraction = page.extraction if records is None else replace(page.extraction, records=records)
        return self._checker.judge(
            extraction,
            past=past,
            market=self._rate,
            lessons=lessons,
            texts=guarded("said in Japanese and English alone", self._texts),
            stage=page.stage,
            now=page.page.received_at,
        )

    def _rate(self, trade: Trade) -> GoingRate | None:
        return guarded("judged without a going rate", self._market, trade)

    def _keep_changed(self, visit: Visit, extraction: Extraction | Verdict) -> None:
        key = _Place.of(visit)
        before = self._changed_pages.pop(key, None)
        is_read = not isinstance(extraction, Verdict)
        if isinstance(extraction, Verdict):
            is_changed = extraction.reason == "page-changed"
        else:
            is_changed = next(unread_in(extraction.records), None) is not None
        if is_changed and visit.keep:
            if len(visit.page.body) <= LARGEST_CHANGED:
                # Recent pages are fewer than those that were read: what was forgotten since would come back.
                was_read = is_read or key in self._recent or (before is not None and before.was_read)
                self._changed_pages[key] = _ChangedPage(visit, was_read)
            if len(self._changed_pages) > MOST_CHANGED:
                self._changed_pages.popitem(last=False)

    def _keep_recent(self, place: _Place, page: _RecentPage) -> None:
        self._recent[place] = page
        self._recent.move_to_end(place)
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)


def _remembered(visit: Visit, extraction: Extraction | Verdict) -> Visit:
    """Returns a visit, of which nothing is to be remembered where its page is another client's than it is to be."""
    if visit.client is None or isinstance(extraction, Verdict):
        return visit
    client = guarded("a page counts as its client's", client_of, extraction.records)
    return visit if client is None or client.id == visit.client else replace(visit, keep=False)


def _decoded(visit: Visit) -> Visit | Verdict:
    """Returns a visit with the body decoded, or the verdict that says why it cannot be. Raises nothing."""
    try:
        body = decoded(visit.page.body, visit.encoding, MAX_PAGE_BYTES)
    except (DecodingFailed, TooLarge) as error:
        site = site_at(visit.page.url)
        log.warning("not checked: %s of a body from %s", type(error).__name__, site.id if site is not None else None)
        reason: Reason = "too-large" if isinstance(error, TooLarge) else "unreadable"
        return not_checked(reason, site=site.id if site is not None else None)
    except Exception as error:
        log.error("not checked: %s", error_location(error))
        return not_checked("failed")
    return replace(visit, page=replace(visit.page, body=body), encoding="")


def _shows_any(extraction: Extraction, urls: Container[str]) -> bool:
    return any(enclosure.url in urls for enclosure in enclosures_in(extraction.records))


def guarded[**Given, Answer](
    consequence: str, call: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
) -> Answer | None:
    """Returns the answer of `call`; None where it raises, which is logged with its consequence."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        log.error("%s: %s", consequence, error_location(error))
        return None
