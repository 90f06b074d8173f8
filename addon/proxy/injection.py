"""Reads a marketplace's pages as they stream by, and appends the verdict to each.

Every byte goes on its way as it comes: decoded where it was compressed (the next hop is this machine),
and otherwise as the marketplace sent it. A copy is kept, up to a bound, and judged beside the event loop
when the page has ended. Whatever fails, the page is whole, and the element says `not-checked`.
Where the browser's own extension shows verdicts as they come, the page's end does not wait for its verdict. Where that
extension puts the element in by itself, the page passes untouched: encoded, with its length and its own headers.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from mitmproxy import connection, http

from addon.decoding import Decoder, decoder_for
from addon.judging.protocol import Judge, Visit
from addon.page_languages import PageLanguages, page_languages
from addon.proxy.copies import BodyCopy
from addon.proxy.csp import with_style
from addon.proxy.documents import (
    HEAD,
    Role,
    asks_for_document,
    content_type_of,
    encoded_for,
    is_html,
    role_of_answer,
)
from addon.proxy.fitting import fits
from addon.proxy.tail import set_tail
from addon.redact import error_location
from addon.state.settings import SettingsStore
from addon.verdicts.audience import Audience
from addon.verdicts.banner import STYLE_HASH, banner
from addon.verdicts.log import PageVerdict, VerdictLog
from addon.verdicts.settle import not_checked
from addon.verdicts.written import WrittenVerdict
from extractors.descriptor import ReportWay
from extractors.encoding import MAX_PAGE_BYTES
from extractors.page import Page, Site
from extractors.page_kinds import PageKind
from rules.model import Reason, Stage, Text

log = logging.getLogger("koban.proxy")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a page's end may wait. verdict: for its verdict. fit: then, for whether an element fits there."""

    verdict: float = 0.3
    fit: float = 0.3


PATIENCE = Patience()
WORKERS = 4
FITTERS = 2
"""Threads beside those of the event loop, which may all be waiting; two, so that one long page holds up no other."""
MOST_WAITING = 64 * 1024 * 1024
"""Bytes of pages that may wait to be judged; what comes on top is not checked. A restored session has less."""

_FETCHING = ("GET", "POST")
"""Methods whose answers hold what a script fetched; GraphQL asks by POST."""
_DOCUMENT = "koban.document"
_COPY = "koban.copy"

CONDITIONAL = frozenset({b"if-none-match", b"if-modified-since", b"if-range", b"range"})
"""With these a marketplace could answer that nothing has changed, and yesterday's verdict would be shown again."""
OF_WORKER = ("service-worker", "service-worker-navigation-preload")
"""Request headers by which browsers fetch a service worker's script, and pages on its behalf (Service Workers, 4.1)."""
DESCRIBES_OLD_BODY = frozenset(
    {
        b"content-length",
        b"content-encoding",
        b"etag",
        b"last-modified",
        b"expires",
        b"accept-ranges",
        b"digest",
        b"content-digest",
        b"repr-digest",
        b"content-md5",
    }
)


class Copy(BodyCopy):
    """The copy of one answer that streams by, of a page of `site`. is_untouched: no element is to follow it. encoding:
    the content encoding that what is taken still has."""

    is_untouched = False
    encoding = ""

    def __init__(
        self, role: Role, site: Site, url: str, content_type: str, decoder: Decoder, started_at: datetime
    ) -> None:
        super().__init__(decoder, MAX_PAGE_BYTES, HEAD)
        self.role = role
        self.site = site
        self.url = url
        self.content_type = content_type
        self.started_at = started_at
        self.head = b""

    def take(self) -> bytes:
        """As `BodyCopy.take`; the first bytes stay."""
        body = super().take()
        self.head = body[:HEAD]
        return body


@dataclass(slots=True)
class Injection:
    """mitmproxy addon.

    judge: called in a worker thread. verdicts: where verdicts go, and what is shown of
    them. clock: now, with its zone. patience: how long a page's end may wait. audience: where it does not, or comes
    without an element. report_way: how to report on a site from a page of a kind.
    """

    sites: Mapping[str, Site]
    judge: Judge
    verdicts: VerdictLog
    settings: SettingsStore
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    patience: Patience = PATIENCE
    report_way: Callable[[Site, PageKind | None], ReportWay | None] = Site.report_way
    audience: Audience = field(default_factory=Audience)
    workers: Executor = field(default_factory=lambda: ThreadPoolExecutor(WORKERS, "koban-check"))
    fitters: Executor = field(default_factory=lambda: ThreadPoolExecutor(FITTERS, "koban-fit"))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _behind: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """By address, the judging of pages whose end did not wait for it."""
    _worker_hosts: set[str] = field(default_factory=set)
    """Hosts with a service worker. Whether it answered a page is known by the element, so that none is untouched."""
    _waiting: int = 0
    """Bytes of pages that are judged, or wait for it."""

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Ask for a page whole, so that its verdict is of today."""
        if self._site(flow) is None:
            return
        if any(name in flow.request.headers for name in OF_WORKER):
            self._worker_hosts.add(flow.request.host.lower())
        if not asks_for_document(flow.request.method, flow.request.headers):
            return
        flow.metadata[_DOCUMENT] = True
        _remove(flow.request.headers, CONDITIONAL)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Let every answer stream; keep a copy of what is to be judged."""
        assert flow.response is not None
        flow.response.stream = True
        try:
            self._copy(flow)
        except Exception as error:
            log.error("not checked: %s", error_location(error))

    def _copy(self, flow: http.HTTPFlow) -> None:
        site, response = self._site(flow), flow.response
        assert response is not None
        if site is None or self._is_off(site):
            return
        headers = response.headers
        role = role_of_answer(response.status_code, headers, document=_DOCUMENT in flow.metadata)
        if role == "other" or (role == "data" and not _may_be_data(flow, site)):
            return
        encoding = headers.get("content-encoding", "")
        decoder = decoder_for(encoding)
        if decoder is None or role == "xhtml" or (role != "data" and flow.request.http_version == "HTTP/1.0"):
            # An unknown encoding, a page that one wrong element makes an error, or a client without chunks: untouched.
            self.verdicts.record(flow.request.url, not_checked("unreadable", site=site.id), "proxy", self.clock())
            return
        content_type = "text/html" if role == "unnamed" else content_type_of(headers.get("content-type", ""))
        copy = Copy(role, site, flow.request.url, content_type, decoder, self.clock())
        flow.metadata[_COPY] = copy
        if role == "data":
            # Whoever judges it decodes it: that would hold up the loop.
            copy.encoding, response.stream = encoding, copy.unread
            return
        # Neither the browser nor a service in between may keep the page, with its verdict or past the next one.
        headers["cache-control"] = "no-store"
        policies = headers.get_all("content-security-policy")
        if role == "document" and self._may_pass_untouched(flow, policies):
            copy.is_untouched = True
            copy.encoding, response.stream = encoding, copy.unread
            self.verdicts.pass_untouched(copy.url, copy.started_at)
            return
        response.stream = copy.passing
        _remove(headers, DESCRIBES_OLD_BODY)
        if response.http_version == "HTTP/1.0":
            # The browser is answered in Koban's own version of HTTP (RFC 9110, 2.5), which has chunks.
            response.http_version = "HTTP/1.1"
        if flow.request.http_version == "HTTP/1.1":
            headers["transfer-encoding"] = "chunked"
        if policies:
            headers.set_all("content-security-policy", with_style(policies, STYLE_HASH))

    def _may_pass_untouched(self, flow: http.HTTPFlow, policies: Sequence[str]) -> bool:
        """Whether the browser's extension is there to show the page's state, and can."""
        # In a page that is a sandbox of its own some browsers run no extension.
        is_open = not any("sandbox" in policy.lower() for policy in policies)
        has_worker = flow.request.host.lower() in self._worker_hosts
        return is_open and not has_worker and self.audience.inserts(flow.client_conn.id)

    async def response(self, flow: http.HTTPFlow) -> None:
        """Judge the copy of a body that has streamed by, and append the verdict."""
        copy = flow.metadata.pop(_COPY, None)
        if not isinstance(copy, Copy):
            return
        body = copy.take()
        if copy.role == "data":
            # Nobody waits for this one: the page that asked for it has it already.
            self._begin(self._judge_data(copy, body, flow.request.headers.get("referer")))
            return
        if copy.is_untouched:
            self._begin_behind(copy, body)
            return
        if copy.role == "unnamed" and not is_html(copy.head):
            return  # a picture, a file
        # Beside the judging, whose threads may all be waiting. A page may be incomplete here: then nothing can be
        # concluded from it.
        loop = asyncio.get_running_loop()
        fitting = loop.run_in_executor(self.fitters, fits, body, copy.content_type) if copy.trouble is None else None
        if self.audience.follows(flow.client_conn.id):
            self._begin_behind(copy, body)
            element = banner(not_checked("pending"), since=copy.started_at, languages=self._languages())
            tail = self._encoded(copy, element)
        else:
            tail = await self._awaited_tail(copy, body, self.audience.ticket(flow.client_conn.id))
        if fitting is not None and await self._fits(fitting) and tail is not None:
            set_tail(flow, tail)

    def error(self, flow: http.HTTPFlow) -> None:
        """The body was cut off; a partial page cannot be judged."""
        copy = flow.metadata.pop(_COPY, None)
        if isinstance(copy, Copy):
            copy.take()
            if copy.is_untouched:
                self.verdicts.give_up(copy.url, copy.started_at)

    def client_disconnected(self, client: connection.Client) -> None:
        """A browser's connection has ended."""
        self.audience.leave(client.id)

    async def _fits(self, fitting: "asyncio.Future[bool]") -> bool:
        """Whether the page's end takes an element; False where that is unknown for too long after the verdict."""
        try:
            return await asyncio.wait_for(fitting, self.patience.fit)
        except Exception as error:
            # Badge and popup still show the verdict.
            log.warning("page left as it is: %s", error_location(error))
            return False

    def done(self) -> None:
        """Koban stops."""
        for executor in (self.workers, self.fitters):
            executor.shutdown(wait=False, cancel_futures=True)

    async def _awaited_tail(self, copy: Copy, body: bytes, ticket: str | None) -> bytes | None:
        """Returns the element with the verdict of a page, once it is there or its time is over."""
        try:
            verdict = await self._judge(copy, body)
            page_verdict = self.verdicts.record(copy.url, verdict, "proxy", copy.started_at)
            element = self._rendered(copy, page_verdict, ticket)
        except Exception as error:
            log.error("not checked: %s", error_location(error))
            element = banner(not_checked("failed"), ticket=ticket, languages=self._languages())
        return self._encoded(copy, element)

    def _rendered(self, copy: Copy, page_verdict: PageVerdict, ticket: str | None) -> bytes:
        way = self.report_way(copy.site, page_verdict.verdict.kind)
        text = Text(ja=way.ja, en=way.en) if way is not None else None
        since = copy.started_at if ticket is not None else None
        return banner(page_verdict.verdict, text, ticket=ticket, since=since, languages=self._languages())

    def _languages(self) -> PageLanguages:
        return page_languages(self.settings.current.language)

    async def _judge_behind(self, copy: Copy, body: bytes) -> None:
        """Judge a page whose end does not wait, however long that takes; the verdict comes to it by the extension."""
        try:
            judging = self._judging(copy, body)
            if await self._is_pending(copy, judging):
                self.verdicts.keep(copy.url, _refused("pending", copy), "proxy", copy.started_at, late=True)
            verdict = await judging
        except Exception as error:
            log.error("not checked: %s", error_location(error))
            verdict = _refused("failed", copy)
        self.verdicts.keep(copy.url, verdict, "proxy", copy.started_at, late=True)

    async def _is_pending(self, copy: Copy, judging: asyncio.Future[WrittenVerdict]) -> bool:
        """Whether a page is to be shown as pending, at once or after some time, until its verdict is there."""
        before = self.verdicts.shown(copy.url)
        if before is not None:
            # Of an earlier visit: its warnings stand until more is known, and that nothing was found does not.
            return before.verdict.state == "clear"
        if copy.is_untouched:
            # Its extension asked, and was told so.
            return False
        return not (await asyncio.wait({judging}, timeout=self.patience.verdict))[0]

    def _encoded(self, copy: Copy, element: bytes) -> bytes | None:
        return None if copy.trouble == "undecodable" else encoded_for(element, copy.head, copy.content_type)

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin what no page waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _begin_behind(self, copy: Copy, body: bytes) -> None:
        """Begin to judge a page whose end does not wait."""
        behind = self._behind[copy.url] = self._begin(self._judge_behind(copy, body))
        behind.add_done_callback(lambda task: self._end_behind(copy.url, task))

    def _end_behind(self, url: str, task: asyncio.Task[None]) -> None:
        # The page may have been loaded again since.
        if self._behind.get(url) is task:
            del self._behind[url]

    async def _judge_data(self, copy: Copy, body: bytes, referer: str | None) -> None:
        """Judge data of a page however long that takes, and file it under the page that fetched it; under its own
        address where that page is not known."""
        page_url = self._page_of_data(copy, referer)
        if page_url is not None and (behind := self._behind.get(page_url)) is not None:
            await asyncio.wait({behind})
        try:
            stage = self.verdicts.stage(page_url) if page_url is not None else None
            verdict = await self._judging(copy, body, stage, page_url)
        except Exception as error:
            log.error("not checked: %s", error_location(error))
            verdict = _refused("failed", copy)
        self.verdicts.keep(copy.url, verdict, "proxy", copy.started_at, page_url=page_url)

    def _page_of_data(self, copy: Copy, referer: str | None) -> str | None:
        """Returns the address of the page that fetched data; None where its referer does not tell."""
        # A page and its data may be of two hosts of one site; a referer of another site is no page of ours.
        if referer is None or self.sites.get(_host(referer)) is not copy.site:
            return None
        # To another host browsers tell the origin alone (Referrer Policy, "strict-origin-when-cross-origin"), which
        # looks like the address of the site's start page.
        is_of_same_host = _host(referer) == _host(copy.url)
        return referer if is_of_same_host or not _is_origin(referer) else None

    async def _judge(self, copy: Copy, body: bytes) -> WrittenVerdict:
        """Returns the verdict of a page whose end waits for it, for a limited time."""
        judging = self._judging(copy, body)
        try:
            return await asyncio.wait_for(asyncio.shield(judging), self.patience.verdict)
        except TimeoutError:
            log.warning("not checked in time: a page of %s", copy.site.id)
            judging.add_done_callback(lambda future: self._record_late(copy, future))
            return _refused("too-slow", copy)

    def _judging(
        self, copy: Copy, body: bytes, stage: Stage | None = None, part_of: str | None = None
    ) -> asyncio.Future[WrittenVerdict]:
        """Returns the verdict to come: at once for a page that cannot be judged, else from a worker."""
        loop = asyncio.get_running_loop()
        site = copy.site.id
        reason: Reason | None = None
        if copy.trouble is not None:
            log.warning("not checked: %s body from %s", copy.trouble, _host(copy.url))
            reason = "too-large" if copy.trouble == "too-large" else "unreadable"
        elif self._waiting and self._waiting + len(body) > MOST_WAITING:
            log.warning("not checked: too many pages wait already: a page of %s", site)
            reason = "too-slow"
        if reason is not None:
            refusal: asyncio.Future[WrittenVerdict] = loop.create_future()
            refusal.set_result(_refused(reason, copy))
            return refusal
        page = Page(copy.url, body, copy.content_type, copy.started_at, feed="proxy")
        judging = loop.run_in_executor(
            self.workers, self.judge.written, Visit(page, stage, part_of, encoding=copy.encoding)
        )
        self._waiting += len(body)
        judging.add_done_callback(lambda _: self._release(len(body)))
        return judging

    def _release(self, size: int) -> None:
        self._waiting -= size

    def _record_late(self, copy: Copy, future: "asyncio.Future[WrittenVerdict]") -> None:
        # The page was shown without it; badge and popup can still show it.
        if not future.cancelled() and future.exception() is None:
            self.verdicts.keep(copy.url, future.result(), "proxy", copy.started_at, late=True)

    def _site(self, flow: http.HTTPFlow) -> Site | None:
        return self.sites.get(flow.request.host.lower()) if flow.request.scheme == "https" else None

    def _is_off(self, site: Site) -> bool:
        settings = self.settings.current
        return settings.is_paused(self.clock()) or not settings.is_on(site.id)


def _may_be_data(flow: http.HTTPFlow, site: Site) -> bool:
    """Whether an answer may hold what a script of a page fetched."""
    return flow.request.method in _FETCHING and site.extractor_for(urlsplit(flow.request.url)) is not None


def _refused(reason: Reason, copy: Copy) -> WrittenVerdict:
    return WrittenVerdict.of(not_checked(reason, site=copy.site.id))


def _remove(headers: http.Headers, names: Collection[bytes]) -> None:
    """Remove the fields of these names, all in one pass."""
    headers.fields = tuple(field for field in headers.fields if field[0].lower() not in names)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_origin(url: str) -> bool:
    """Whether an address has nothing behind its host and port."""
    location = urlsplit(url)
    return location.path in ("", "/") and not location.query
