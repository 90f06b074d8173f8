"""The verdicts of this session: by page, as the user's settings let them be shown, and sent out as they come.

Verdicts are kept as they were judged, with every finding; settings are applied when one is read. So a
rule switched off takes its warning from the open page at once, and switched on again brings it back.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urldefrag

from pydantic import BaseModel, ConfigDict

from addon.state.listeners import Listeners
from addon.state.settings import Settings, SettingsStore
from addon.verdicts.broadcast import Broadcast
from addon.verdicts.parts import (
    PagePart,
    PageParts,
    PageViews,
    Rejudged,
    add_part,
    drop_older_parts,
    path_of,
    united,
)
from addon.verdicts.settle import apply_settings, not_checked
from addon.verdicts.written import WrittenVerdict
from extractors.page import Feed
from rules.model import Stage, Verdict

CAPACITY = 500
"""Pages; a verdict takes a few KB as it is kept, and nobody keeps more pages open."""
MOST_REJUDGED = 64
"""Verdicts of pages that were judged again, the latest: more than are judged again at once."""


class PageVerdict(BaseModel):
    """The verdict of a page, the time of judging, and the feed that brought the page.

    feed: of the page itself, whatever brought what its scripts fetched since.
    awaits: the page was loaded again, and its scripts have not yet fetched again what was warned of before.
    untouched_since: when the page last began to pass as the marketplace sent it: an extension that began to load it
    before inserts the element that says its state. None where none did.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    judged_at: datetime
    feed: Feed
    verdict: Verdict
    awaits: bool = False
    untouched_since: datetime | None = None


Event = PageVerdict | Settings


class WrittenEvent(NamedTuple):
    """An event as the API sends it. name: `verdict` or `settings`. data: the JSON of a PageVerdict, or of Settings."""

    name: str
    data: str


class _Address(BaseModel):
    """The fields of a PageVerdict before its verdict, in their order."""

    model_config = ConfigDict(frozen=True)

    url: str
    judged_at: datetime
    feed: Feed


class _Visit(BaseModel):
    """The fields of a PageVerdict behind its verdict, in their order."""

    model_config = ConfigDict(frozen=True)

    awaits: bool
    untouched_since: datetime | None


class VerdictLog:
    """Remembers the verdicts of the newest pages, in memory only. Safe to use from several threads."""

    def __init__(
        self,
        settings: SettingsStore,
        capacity: int = CAPACITY,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._capacity = capacity
        self._clock = clock
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        """Held from when a page's parts are copied until they are sent: what is sent last is what is known last. Who
        asks for a verdict does not wait for it: sending reads verdicts, and settings that are being written."""
        self._judging_again = threading.Lock()
        self._rejudged_verdicts: OrderedDict[tuple[str, str, datetime], WrittenVerdict] = OrderedDict()
        """By address, that of its page and the moment: what was judged again may overtake what was judged before."""
        self._pages: OrderedDict[str, PageParts] = OrderedDict()
        self._views: dict[str, PageViews] = {}
        """By address of a page."""
        self._awaited_paths: dict[str, set[str]] = {}
        """By address of a page, the paths of what its scripts fetched before it was loaded again, with warnings."""
        self._untouched_since: OrderedDict[str, datetime] = OrderedDict()
        """By address of a page."""
        self._events = Broadcast[Event]()
        self._written_events = Broadcast[WrittenEvent]()
        self._followers = Listeners[WrittenVerdict]()
        # A subscriber that shows a page asks for its verdict again on this; no other has to know.
        settings.listen(self._send)

    def record(
        self,
        url: str,
        verdict: Verdict | WrittenVerdict,
        feed: Feed,
        judged_at: datetime,
        page_url: str | None = None,
        *,
        late: bool = False,
        view: str | None = None,
        is_rewritten: bool = False,
    ) -> PageVerdict:
        """Keep a verdict and send it to all subscribers. Returns what is to be shown of its page now.

        judged_at: when the page or part of it began to arrive.
        page_url: the page whose script fetched `url`, where that is not the page itself.
        late: the page was shown without it, and may have been loaded again since; then it is dropped.
        view: the open page that shows this; what is returned is of it. Other tabs of its address may show something
        else.
        is_rewritten: what the view shows is not what passes at its address, and says nothing of that.
        """
        page_url = _address(url if page_url is None else page_url)
        part = PagePart.of(verdict, feed, judged_at)
        parts, of_view = self._keep(_address(url), part, page_url, late, view, is_rewritten)
        return self._page_verdict(page_url, of_view) if of_view else self._of_address(page_url, parts)

    def keep(
        self,
        url: str,
        verdict: Verdict | WrittenVerdict,
        feed: Feed,
        judged_at: datetime,
        page_url: str | None = None,
        *,
        late: bool = False,
    ) -> None:
        """As `record`, where nobody asks what is to be shown: a verdict that was written is not read for it."""
        page_url = _address(url if page_url is None else page_url)
        self._keep(_address(url), PagePart.of(verdict, feed, judged_at), page_url, late)

    def _keep(
        self,
        url: str,
        part: PagePart,
        page_url: str,
        late: bool,
        view: str | None = None,
        is_rewritten: bool = False,
    ) -> tuple[PageParts, PageParts]:
        """Returns the parts of the page, and those of the view."""
        with self._lock:
            newer_verdict = self._rejudged_verdicts.get((url, page_url, part.judged_at))
            if newer_verdict is not None:
                part = PagePart.of(newer_verdict, part.feed, part.judged_at)
            parts = self._pages.setdefault(page_url, {})
            self._pages.move_to_end(page_url)
            views = self._views.setdefault(page_url, PageViews())
            if view is not None:
                views.add_view(view, part, page_url, parts)
            elif url != page_url:
                views.add_part(url, part, page_url)
            own = parts.get(page_url)
            if not is_rewritten or own is None or own.feed != "proxy":
                self._add(parts, url, part, page_url, late=late)
            self._forget_oldest()
            current, of_view = parts.copy(), views.parts_of(view)
        self._send_page(page_url)
        self._followers.tell(part.written_verdict)
        return current, of_view

    def pass_untouched(self, url: str, since: datetime) -> None:
        """Keep that a page passes as the marketplace sent it; its verdict is still to come."""
        with self._lock:
            self._untouched_since[_address(url)] = since
            self._untouched_since.move_to_end(_address(url))
            if len(self._untouched_since) > self._capacity:
                self._untouched_since.popitem(last=False)

    def give_up(self, url: str, since: datetime) -> None:
        """A page that passed untouched was cut off, and no verdict will come: tell who was told that one would."""
        cut_page = self._pending(_address(url))
        if cut_page is not None and cut_page.judged_at == since:
            with self._lock:
                self._untouched_since.pop(cut_page.url, None)
            self._send(cut_page.model_copy(update={"verdict": not_checked("failed")}))

    def _forget_oldest(self) -> None:
        while len(self._pages) > self._capacity:
            oldest, _ = self._pages.popitem(last=False)
            del self._views[oldest]
            self._awaited_paths.pop(oldest, None)

    def _add(self, parts: PageParts, url: str, part: PagePart, page_url: str, *, late: bool) -> None:
        """Add a part to those of its page; what is late may be of a visit before, and then is dropped."""
        own = parts.get(page_url)
        if late and own is not None and own.feed == "proxy" and own.judged_at > part.judged_at:
            return
        if url != page_url:
            self._awaited_paths.get(page_url, set()).discard(path_of(url))
        elif part.feed == "proxy":
            is_same_visit = own is not None and own.judged_at == part.judged_at
            awaited_paths = self._awaited_paths.get(page_url, set()) if is_same_visit else set()
            self._awaited_paths[page_url] = awaited_paths | drop_older_parts(parts, part.judged_at, page_url)
        add_part(parts, url, part, page_url)

    def follow(self, follower: Callable[[WrittenVerdict], None]) -> None:
        """Call `follower` with each verdict that is kept, once it is, in the thread that brought it."""
        self._followers.add(follower)

    def judge_again(self, judge: Callable[[], Sequence[Rejudged] | None]) -> Sequence[Rejudged] | None:
        """Do as `judged_again` with what `judge` returns. Returns that.

        Others who judge again wait until then, so that no verdict comes after one that was judged later.
        """
        with self._judging_again:
            pages = judge()
            self.judged_again(pages or ())
        return pages

    def judged_again(self, pages: Iterable[Rejudged]) -> None:
        """Replace the verdicts of pages and parts of them, where they are kept, and send what is to be shown now.

        Moment and feed stay: a page is what it was, and only the judgement is another.
        """
        for page in pages:
            self._replace(page)

    def _replace(self, page: Rejudged) -> None:
        url = _address(page.url)
        page_url = url if page.part_of is None else _address(page.part_of)
        written_verdict = WrittenVerdict.of(page.verdict)
        with self._lock:
            if page.judged_at is not None:
                self._rejudged_verdicts[url, page_url, page.judged_at] = written_verdict
                self._rejudged_verdicts.move_to_end((url, page_url, page.judged_at))
                if len(self._rejudged_verdicts) > MOST_REJUDGED:
                    self._rejudged_verdicts.popitem(last=False)
            parts = self._pages.get(page_url)
            if parts is None:
                return
            # Each of them is replaced, so no `any` that would end at the first.
            changes = [
                _replaced(each, url, written_verdict, page.judged_at) for each in (parts, *self._views[page_url])
            ]
        if any(changes):
            self._send_page(page_url)

    def shown(self, url: str, view: str | None = None) -> PageVerdict | None:
        """Returns the verdict of a page as it is to be shown now; None for a page that was not judged.

        view: as it was recorded for this view, whatever passed or was shown elsewhere at its address since.
        """
        url = _address(url)
        if view is not None:
            with self._lock:
                parts = self._views.get(url, PageViews()).parts_of(view)
            return self._page_verdict(url, parts) if parts else None
        with self._lock:
            parts = self._pages.get(url, {}).copy()
        return self._of_address(url, parts) if parts else None

    def shown_or_pending(self, url: str) -> PageVerdict | None:
        """Returns the same, or that a page's first verdict is to come where it passes untouched now."""
        return self.shown(url) or self._pending(_address(url))

    def _pending(self, page_url: str) -> PageVerdict | None:
        with self._lock:
            since = self._untouched_since.get(page_url) if page_url not in self._pages else None
        if since is None:
            return None
        verdict = apply_settings(not_checked("pending"), self._settings.current, now=self._clock(), page=page_url)
        return PageVerdict(url=page_url, judged_at=since, feed="proxy", verdict=verdict, untouched_since=since)

    @property
    def newest(self) -> PageVerdict | None:
        """The verdict that was judged last, as it was judged; None before the first page."""
        with self._lock:
            judged_parts = [(url, part) for parts in self._pages.values() for url, part in parts.items()]
        if not judged_parts:
            return None
        url, part = max(judged_parts, key=lambda item: item[1].judged_at)
        return PageVerdict(url=url, judged_at=part.judged_at, feed=part.feed, verdict=part.verdict)

    def stage(self, page_url: str) -> Stage | None:
        """Returns the stage of a page's deal, for the answers that its scripts fetch: a message alone lacks it."""
        own = self._own_part(page_url)
        return own.stage if own is not None else None

    def client(self, page_url: str) -> str | None:
        """Returns the id of the client of a page, by what the proxy saw of it; None where it saw none."""
        own = self._own_part(page_url)
        client = own.verdict.client if own is not None and own.feed == "proxy" else None
        return client.id if client is not None else None

    def subscribe(self) -> AbstractAsyncContextManager[asyncio.Queue[Event]]:
        """A queue of events for as long as the context lasts: each verdict as it is shown, each change of settings."""
        return self._events.subscribe()

    def subscribe_written(self) -> AbstractAsyncContextManager[asyncio.Queue[WrittenEvent]]:
        """The same, of the same events as the API sends them."""
        return self._written_events.subscribe()

    def send_settings(self) -> None:
        """Send the settings as they are: who shows a page asks again for all that Koban says of itself."""
        self._send(self._settings.current)

    def _send(self, event: Event) -> None:
        self._events.send(event)
        if self._written_events.is_heard:
            name = "settings" if isinstance(event, Settings) else "verdict"
            self._written_events.send(WrittenEvent(name, event.model_dump_json()))

    def _send_page(self, url: str) -> None:
        """Send what is to be shown of a page now. Nobody reads a verdict for it who hands it on as it was written."""
        with self._sending:
            with self._lock:
                parts = self._pages.get(url, {}).copy()
            if not parts:
                # Forgotten by now.
                return
            page_verdict = None
            if self._events.is_heard:
                page_verdict = self._of_address(url, parts)
                self._events.send(page_verdict)
            if self._written_events.is_heard:
                data = self._written(url, parts) or (page_verdict or self._of_address(url, parts)).model_dump_json()
                self._written_events.send(WrittenEvent("verdict", data))

    def _written(self, url: str, parts: PageParts) -> str | None:
        """Returns the JSON of what is to be shown of a page; None where verdicts have to be read for it."""
        if len(parts) > 1:
            return None
        (part,) = parts.values()
        shown_text = part.written_verdict.shown_under(self._settings.current)
        if shown_text is None:
            return None
        address = _Address(url=url, judged_at=part.judged_at, feed=part.feed)
        visit = _Visit(awaits=self._awaits(url), untouched_since=self._untouched_since.get(url))
        before, behind = address.model_dump_json(), visit.model_dump_json()
        return f'{before[:-1]},"verdict":{shown_text.decode()},{behind[1:]}'

    def _own_part(self, page_url: str) -> PagePart | None:
        """Returns the part of a page that is the page itself."""
        address = _address(page_url)
        with self._lock:
            return self._pages.get(address, {}).get(address)

    def _page_verdict(self, url: str, parts: PageParts) -> PageVerdict:
        newest = max(parts.values(), key=lambda part: part.judged_at)
        whole = united([part.verdict for part in parts.values()])
        verdict = apply_settings(whole, self._settings.current, now=self._clock(), page=url)
        feed = parts.get(url, newest).feed
        return PageVerdict(url=url, judged_at=newest.judged_at, feed=feed, verdict=verdict)

    def _of_address(self, url: str, parts: PageParts) -> PageVerdict:
        update = {"awaits": self._awaits(url), "untouched_since": self._untouched_since.get(url)}
        return self._page_verdict(url, parts).model_copy(update=update)

    def _awaits(self, url: str) -> bool:
        return bool(self._awaited_paths.get(url))


def _replaced(parts: PageParts, url: str, verdict: WrittenVerdict, judged_at: datetime | None) -> bool:
    """Replace the verdict of a part that was judged again, of that moment or of any. Returns whether it is another."""
    part = parts.get(url)
    if part is None or judged_at not in (None, part.judged_at):
        return False
    replacement = PagePart.of(verdict, part.feed, part.judged_at)
    if replacement.verdict_json == part.verdict_json:
        return False
    parts[url] = replacement
    return True


def _address(url: str) -> str:
    return urldefrag(url).url
