"""The verdicts of this session: by page, as the user's settings let them be shown, and told as they come.

Verdicts are kept as they were judged, with every finding; settings are applied when one is read. So a
rule switched off takes its warning from the open page at once, and switched on again brings it back.
"""

import asyncio
import contextlib
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self
from urllib.parse import urldefrag

from pydantic import BaseModel, ConfigDict

from addon.state.settings import Settings, SettingsStore
from addon.verdicts.settle import settled, state_of
from extractors.page import Feed
from rules.model import GRAVITY, Finding, Stage, Verdict

CAPACITY = 500
"""Pages; a verdict takes a few KB as it is kept, and nobody keeps more pages open."""
MOST_PARTS = 32
"""Of a page that are kept apart, itself among them; a page that polls for hours has thousands."""
MOST_FINDINGS = 200
"""Of all that is no longer kept apart."""
BACKLOG = 100
"""Events that a subscriber may leave unread; then the oldest go, since the newest say what counts."""


class PageVerdict(BaseModel):
    """What Koban says of a page, when it was judged, and which feed brought the page."""

    model_config = ConfigDict(frozen=True)

    url: str
    judged_at: datetime
    feed: Feed
    verdict: Verdict


Event = PageVerdict | Settings


@dataclass(frozen=True, slots=True)
class _Part:
    """What was judged of a page, kept as JSON: one object for Python's collector to look at, and not hundreds."""

    judged_at: datetime
    feed: Feed
    stage: Stage | None
    written: bytes

    @classmethod
    def of(cls, verdict: Verdict, feed: Feed, judged_at: datetime) -> Self:
        return cls(judged_at, feed, verdict.stage, verdict.model_dump_json().encode())

    @property
    def verdict(self) -> Verdict:
        return _read(self.written)


@lru_cache(2 * MOST_PARTS)
def _read(written: bytes) -> Verdict:
    """The parts of a page that is open are asked for again with each that comes."""
    return Verdict.model_validate_json(written)


_Parts = dict[str, _Part]
"""What was judged for one address: the page itself, and answers that its scripts fetched, by their address."""
_OLDER = ""
"""In place of an address: the union of those that came before all others."""


@dataclass(slots=True)
class _Subscriber:
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Event]


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
        self._pages: OrderedDict[str, _Parts] = OrderedDict()
        self._subscribers: list[_Subscriber] = []
        settings.listen(self._settings_changed)

    def record(
        self,
        url: str,
        verdict: Verdict,
        feed: Feed,
        judged_at: datetime,
        page_url: str | None = None,
        *,
        late: bool = False,
    ) -> PageVerdict:
        """Keep a verdict, tell whoever listens, and return what is to be shown of its page now.

        judged_at: when what it is of began to come.
        page_url: the page whose script fetched `url`, where that is not the page itself.
        late: the page has gone on without it, and may have been loaded anew since; then it counts for nothing.
        """
        url = _address(url)
        page_url = url if page_url is None else _address(page_url)
        with self._lock:
            parts = self._pages.setdefault(page_url, {})
            self._pages.move_to_end(page_url)
            own = parts.get(page_url)
            outdated = late and own is not None and own.feed == "proxy" and own.judged_at > judged_at
            if url == page_url and feed == "proxy" and not outdated:
                # The page was loaded anew: what its scripts had fetched before is of yesterday. What they fetched
                # since may have been judged before the page itself.
                for old in [one for one, part in parts.items() if part.judged_at <= judged_at]:
                    del parts[old]
            if not outdated:
                _add(parts, url, _Part.of(verdict, feed, judged_at), page_url)
            while len(self._pages) > self._capacity:
                self._pages.popitem(last=False)
            kept = list(parts.values())
        shown = self._settled(page_url, kept)
        self._tell(shown)
        return shown

    def judged_again(self, url: str, verdict: Verdict, part_of: str | None = None) -> None:
        """Put a new verdict in the place of the one of a page, or of a part of it, that is kept; none where it is not.

        It is of the same moment and feed: the page is what it was, and what is thought of it is not.
        """
        url = _address(url)
        page_url = url if part_of is None else _address(part_of)
        with self._lock:
            parts = self._pages.get(page_url, {})
            part = parts.get(url)
            anew = None if part is None else _Part.of(verdict, part.feed, part.judged_at)
            if anew is None or part is None or anew.written == part.written:
                return
            parts[url] = anew
            kept = list(parts.values())
        self._tell(self._settled(page_url, kept))

    def shown(self, url: str) -> PageVerdict | None:
        """The verdict of a page as it is to be shown now; None for a page that was not judged."""
        url = _address(url)
        with self._lock:
            kept = list(self._pages.get(url, {}).values())
        return self._settled(url, kept) if kept else None

    def _settled(self, url: str, parts: list[_Part]) -> PageVerdict:
        newest = max(parts, key=lambda part: part.judged_at)
        whole = _united([part.verdict for part in parts])
        verdict = settled(whole, self._settings.current, now=self._clock(), page=url)
        return PageVerdict(url=url, judged_at=newest.judged_at, feed=newest.feed, verdict=verdict)

    @property
    def newest(self) -> PageVerdict | None:
        """What was judged last of all, as it was judged; None before the first page."""
        with self._lock:
            kept = [(url, part) for parts in self._pages.values() for url, part in parts.items()]
        if not kept:
            return None
        url, part = max(kept, key=lambda one: one[1].judged_at)
        return PageVerdict(url=url, judged_at=part.judged_at, feed=part.feed, verdict=part.verdict)

    def stage(self, page_url: str) -> Stage | None:
        """The stage of the deal that a page is about, for what its scripts fetch: a message alone does not show it."""
        with self._lock:
            own = self._pages.get(_address(page_url), {}).get(_address(page_url))
        return own.stage if own is not None else None

    def client(self, page_url: str) -> str | None:
        """The id of the client that a page is of by what the proxy saw of it; None where it saw none."""
        with self._lock:
            own = self._pages.get(_address(page_url), {}).get(_address(page_url))
        client = own.verdict.client if own is not None and own.feed == "proxy" else None
        return client.id if client is not None else None

    @contextlib.asynccontextmanager
    async def subscribe(self) -> AsyncIterator[asyncio.Queue[Event]]:
        """A queue of events for as long as the context lasts: each verdict as it is shown, each change of settings."""
        subscriber = _Subscriber(asyncio.get_running_loop(), asyncio.Queue(BACKLOG))
        self._subscribers.append(subscriber)
        try:
            yield subscriber.queue
        finally:
            self._subscribers.remove(subscriber)

    def _settings_changed(self, settings: Settings) -> None:
        # Whoever shows a page asks for its verdict anew on this; nobody else needs to know.
        self._tell(settings)

    def _tell(self, event: Event) -> None:
        for subscriber in tuple(self._subscribers):
            with contextlib.suppress(RuntimeError):  # its loop has ended
                subscriber.loop.call_soon_threadsafe(_offer, subscriber.queue, event)


def _offer(queue: asyncio.Queue[Event], event: Event) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(event)


def _add(parts: _Parts, url: str, part: _Part, page_url: str) -> None:
    """Put a part behind all others, in the place of what it says again, and keep their number within its bound."""
    if url == page_url:
        parts[url] = part
        return
    parts.pop(url, None)
    # Who polls has the same said again and again, under addresses that differ in a number.
    path = _path(url)
    twin = next((one for one, kept in parts.items() if kept.written == part.written and _path(one) == path), None)
    if twin is not None and twin != page_url:
        del parts[twin]
    parts[url] = part
    if len(parts) > MOST_PARTS:
        # What was warned of stays warned of until the page is loaded anew: only the newest answers can be taken back.
        first, second = [one for one in parts if one != page_url][:2]
        rest = {one: kept for one, kept in parts.items() if one not in (first, second)}
        older = _merged(parts[first], parts[second])
        parts.clear()
        if page_url in rest:
            parts[page_url] = rest.pop(page_url)
        parts[_OLDER] = older
        parts.update(rest)


def _merged(one: _Part, other: _Part) -> _Part:
    newest = max(one, other, key=lambda part: part.judged_at)
    verdict = _united([one.verdict, other.verdict])
    verdict = verdict.model_copy(update={"findings": verdict.findings[:MOST_FINDINGS]})
    return _Part.of(verdict, newest.feed, newest.judged_at)


def _path(url: str) -> str:
    return url.partition("?")[0]


def _address(url: str) -> str:
    return urldefrag(url).url


_NOTHING_THERE = frozenset({"unknown-page", "nothing-to-check", "not-a-marketplace"})


def _united(verdicts: list[Verdict]) -> Verdict:
    """One verdict for a page that was judged in parts."""
    if len(verdicts) == 1:
        return verdicts[0]
    # A union may be unread in part and have found something in the others.
    checked = [verdict for verdict in verdicts if verdict.state != "not-checked" or verdict.findings]
    if not checked:
        return verdicts[0]
    # A part that should have been read and was not leaves the page unchecked, unless another part warns.
    unread = next((v.reason for v in verdicts if v.reason is not None and v.reason not in _NOTHING_THERE), None)
    findings = _without_doubles(finding for verdict in checked for finding in verdict.findings)
    fields = list(dict.fromkeys(name for verdict in checked for name in verdict.checked))
    missing = dict.fromkeys(name for verdict in checked for name in verdict.missing)
    client = next((verdict.client for verdict in checked if verdict.client is not None), None)
    return checked[0].model_copy(
        update={
            "state": state_of(findings, unread),
            "client": client,
            # Beside a warning, too: where its rule is switched off, the page is unchecked and not clear.
            "reason": unread,
            "findings": findings,
            "checked": tuple(fields),
            "missing": tuple(name for name in missing if name not in fields),
        }
    )


def _without_doubles(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Gravest first; the same rule on the same words once, though a page and its script both carried them."""
    seen: dict[object, Finding] = {}
    for finding in findings:
        quotes = tuple((evidence.field, evidence.quote) for evidence in finding.evidence)
        seen.setdefault((finding.rule, finding.subject, finding.subject_id if not quotes else None, quotes), finding)
    return tuple(sorted(seen.values(), key=lambda finding: -GRAVITY[finding.severity]))
