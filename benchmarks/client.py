"""The browser's part, by libcurl: pages asked for through a proxy over connections that stay open.

libcurl does TLS, HTTP/1.1 and HTTP/2 in C and takes the times itself; per page Python only sees a few chunks.
`benchmarks.throughput` also asks the marketplace without any proxy, which shows what this client can do.
"""

import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pycurl

STATE = re.compile(rb'<koban-verdict[^>]{0,200} data-state="([a-z-]{1,20})"')
HEADERS = [
    "Accept: text/html,application/xhtml+xml",
    "Accept-Encoding: gzip",
    "Accept-Language: ja",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Site: none",
]


@dataclass(frozen=True, slots=True)
class Route:
    """The way by which a client reaches the marketplace.

    proxy_port: None for no proxy. trust_file: PEM of who signs what the client is shown. connect_to: as curl's, for
    those that look a name up where the marketplace is not. origin: what stands for `https://` and the host instead,
    for those that take no such detour, or by `http:` for those that cannot look into TLS.
    """

    proxy_port: int | None
    trust_file: Path
    connect_to: str | None = None
    origin: str | None = None
    http2: bool = False

    def to(self, url: str) -> str:
        """A page's address as it is asked for."""
        return url if self.origin is None else f"{self.origin}/{url.split('/', 3)[3]}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as it arrived. first_byte, whole: milliseconds from the moment that the request was sent."""

    first_byte: float
    whole: float
    size: int
    state: str | None


@dataclass
class _Asking:
    handle: pycurl.Curl
    chunks: list[bytes] = field(default_factory=list)


class Failed(Exception):
    """A page did not arrive."""


def _handle(route: Route) -> _Asking:
    handle = pycurl.Curl()
    asking = _Asking(handle)
    handle.setopt(pycurl.NOSIGNAL, 1)
    handle.setopt(pycurl.TIMEOUT, 60)
    handle.setopt(pycurl.BUFFERSIZE, 256 * 1024)
    handle.setopt(pycurl.HTTPHEADER, HEADERS)
    handle.setopt(pycurl.CAINFO, str(route.trust_file))
    handle.setopt(pycurl.WRITEFUNCTION, asking.chunks.append)
    # The content is not decoded: that would be the browser's own work.
    handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS if route.http2 else pycurl.CURL_HTTP_VERSION_1_1)
    if route.proxy_port is not None:
        handle.setopt(pycurl.PROXY, f"http://127.0.0.1:{route.proxy_port}")
    if route.connect_to is not None:
        handle.setopt(pycurl.CONNECT_TO, [route.connect_to])
    return asking


def _fetched(asking: _Asking, url: str) -> Fetched:
    handle = asking.handle
    status = handle.getinfo(pycurl.RESPONSE_CODE)
    if status != 200:
        raise Failed(f"{url}: status {status}")
    sent_after = handle.getinfo(pycurl.PRETRANSFER_TIME)
    size = sum(map(len, asking.chunks))
    state_match = STATE.search(b"".join(asking.chunks[-8:]))
    state = state_match[1].decode() if state_match else None
    first, whole = handle.getinfo(pycurl.STARTTRANSFER_TIME), handle.getinfo(pycurl.TOTAL_TIME)
    asking.chunks.clear()
    return Fetched((first - sent_after) * 1000, (whole - sent_after) * 1000, size, state)


class Visitor:
    """One connection, page after page."""

    def __init__(self, route: Route) -> None:
        self._asking = _handle(route)
        self._route = route

    def fetch(self, url: str) -> Fetched:
        """Ask for a page. Raises Failed."""
        url = self._route.to(url)
        self._asking.handle.setopt(pycurl.URL, url)
        try:
            self._asking.handle.perform()
        except pycurl.error as error:
            raise Failed(f"{url}: {error.args[1]}") from None
        return _fetched(self._asking, url)

    def http_version(self) -> str:
        """The version that the last page came by."""
        version = self._asking.handle.getinfo(pycurl.INFO_HTTP_VERSION)
        return "2" if version == pycurl.CURL_HTTP_VERSION_2_0 else "1.1"


@dataclass(frozen=True, slots=True)
class Opened:
    """When the first byte of a page came over a new connection, in milliseconds: since the connection was begun, the
    pause not counted, and since the request was sent."""

    from_connect: float
    once_connected: float
    state: str | None


class Newcomer:
    """A new connection for each page. pause: seconds from a connection to its request, as between hovering and a click.

    The times are taken here: curl's own do not tell the pause from the rest.
    """

    def __init__(self, route: Route, pause: float = 0.0) -> None:
        self._asking = _handle(route)
        self._route = route
        self._pause = pause
        self._asked_at = self._first = 0.0
        handle = self._asking.handle
        handle.setopt(pycurl.FRESH_CONNECT, 1)
        handle.setopt(pycurl.FORBID_REUSE, 1)
        handle.setopt(pycurl.PREREQFUNCTION, self._connected)
        handle.setopt(pycurl.HEADERFUNCTION, self._heard)

    def _connected(self, *_: object) -> int:
        if self._pause:
            time.sleep(self._pause)
        self._asked_at = time.perf_counter()
        ok: int = pycurl.PREREQFUNC_OK
        return ok

    def _heard(self, _: bytes) -> None:
        # The proxy's answer to CONNECT comes here as well, before the request is sent.
        if self._asked_at and not self._first:
            self._first = time.perf_counter()

    def fetch(self, url: str) -> Opened:
        """Ask for a page. Raises Failed."""
        url = self._route.to(url)
        self._asking.handle.setopt(pycurl.URL, url)
        self._asked_at = self._first = 0.0
        begin = time.perf_counter()
        try:
            self._asking.handle.perform()
        except pycurl.error as error:
            raise Failed(f"{url}: {error.args[1]}") from None
        from_connect = (self._first - begin - self._pause) * 1000
        return Opened(from_connect, (self._first - self._asked_at) * 1000, _fetched(self._asking, url).state)


@dataclass(frozen=True, slots=True)
class Crowded:
    """Pages that were asked for side by side."""

    seconds: float
    pages: list[Fetched]

    @property
    def rate(self) -> float:
        """Pages a second."""
        return len(self.pages) / self.seconds

    @property
    def states(self) -> Counter[str | None]:
        return Counter(page.state for page in self.pages)


class Crowd:
    """Several connections, each asking for the next page as soon as it has one. see: takes the end of each page."""

    def __init__(self, route: Route, connections: int, see: Callable[[bytes], None] | None = None) -> None:
        self._see = see
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._multi.setopt(pycurl.M_PIPELINING, 0)
        self._route = route
        self._all = [_handle(route) for _ in range(connections)]

    def fetch(self, urls: Iterator[str], count: int) -> Crowded:
        """Ask for `count` pages. Raises Failed where one does not arrive."""
        free, busy = deque(self._all), dict[pycurl.Curl, tuple[_Asking, str]]()
        pages: list[Fetched] = []
        request_count = 0
        begin = time.perf_counter()
        while len(pages) < count:
            while free and request_count < count:
                asking, url = free.popleft(), self._route.to(next(urls))
                asking.handle.setopt(pycurl.URL, url)
                self._multi.add_handle(asking.handle)
                busy[asking.handle] = (asking, url)
                request_count += 1
            self._multi.perform()
            for handle, error in self._ended():
                asking, url = busy.pop(handle)
                self._multi.remove_handle(handle)
                if error is not None:
                    raise Failed(f"{url}: {error}")
                if self._see is not None:
                    self._see(b"".join(asking.chunks[-8:]))
                pages.append(_fetched(asking, url))
                free.append(asking)
            if free and request_count < count:
                continue
            self._multi.select(0.2)
        return Crowded(time.perf_counter() - begin, pages)

    def _ended(self) -> Iterator[tuple[pycurl.Curl, str | None]]:
        while True:
            remaining, good, bad = self._multi.info_read()
            yield from ((handle, None) for handle in good)
            yield from ((handle, message) for handle, _, message in bad)
            if not remaining:
                return
