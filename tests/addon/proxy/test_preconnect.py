"""The site's side of a connection is opened with the browser's, by the same checks, and goes with it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from addon.proxy import preconnect
from addon.proxy.gate import Gate
from addon.proxy.preconnect import USABLE_FOR
from tests.addon.judges import CLEAR
from tests.addon.proxy.conftest import HOST, NAVIGATION, AnyBench, Http2Start, Start
from tests.addon.proxy.http2_browser import Http2Browser
from tests.addon.proxy.http2_upstream import Http2Line
from tests.addon.proxy.test_through_the_proxy import parted
from tests.addon.proxy.upstream import Answer, Request

pytestmark = pytest.mark.slow

PAGE = b"<!doctype html><title>t</title><p>page</p>"
THE_LOOK = 1
"""Koban's own connection, which looks at the site's certificate beforehand."""


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - the server under test has no events
            await asyncio.sleep(0.01)


class Line:
    """A browser's connection over HTTP/1.1."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, method: str = "GET") -> tuple[int, bytes]:
        head = [f"{method} /public/jobs HTTP/1.1", f"Host: {HOST}", "Connection: close", "Content-Length: 0"]
        head += [f"{name}: {value}" for name, value in NAVIGATION.items()]
        self._writer.write("\r\n".join([*head, "", ""]).encode())
        answer = await self._reader.read()
        return int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2]

    def close(self) -> None:
        self._writer.close()


@contextlib.asynccontextmanager
async def connected(b: AnyBench, trust: Path | None = None) -> AsyncIterator[Line]:
    """A browser's connection to the marketplace, as it is when no request has come yet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", b.koban.proxy_port)
    writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    context = ssl.create_default_context(cafile=str(trust or b.koban.authority.certificate))
    context.set_alpn_protocols(["http/1.1"])
    await writer.start_tls(context, server_hostname=HOST)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


async def test_the_first_request_finds_the_site_s_side_open(bench: Start) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b, connected(b) as line:
        await until(lambda: b.upstream.connections == THE_LOOK + 1)
        assert not b.upstream.requests
        status, body = await line.ask()
        assert (status, b"<koban-verdict" in body) == (200, True)
        assert b.upstream.connections == THE_LOOK + 1


async def test_it_ends_when_the_browser_s_does(bench: Start) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b, connected(b) as line:
        await until(lambda: b.upstream.connections == THE_LOOK + 1)
        line.close()
        await until(lambda: b.upstream.ended == THE_LOOK + 1)
        assert b.koban.bypass.current() == []


async def test_streams_of_one_browser_share_it(http2_bench: Http2Start) -> None:
    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            await line.answer(asked, PAGE)

    async with http2_bench(serve) as b:
        browser = await Http2Browser.open(b)
        # At once, while it is being made.
        pages = await browser.ask(*(f"/{number}" for number in range(8)))
        for page in pages:
            assert parted((await browser.answer(page)).body) == (PAGE, "clear")
        assert b.upstream.connections == 1


async def test_over_http_2_it_serves_a_site_that_knows_only_http_1(bench: Start) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b:
        browser = await Http2Browser.open(b)
        await until(lambda: b.upstream.connections == THE_LOOK + 1)
        [page] = await browser.ask("/first")
        assert parted((await browser.answer(page)).body) == (PAGE, "clear")
        assert b.upstream.connections == THE_LOOK + 1


async def test_a_site_that_is_switched_off_is_reached_by_the_tunnel_alone(bench: Start, tmp_path: Path) -> None:
    async with bench(Answer([PAGE], framing="close"), CLEAR) as b:
        b.koban.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
        trust = b.upstream_authority.save(tmp_path / "site.pem")
        async with connected(b, trust) as line:
            assert (await line.ask())[1] == PAGE
        assert b.upstream.connections == 1


async def test_a_site_that_is_stepped_aside_for_is_reached_by_the_tunnel_alone(bench: Start, tmp_path: Path) -> None:
    async with bench(Answer([PAGE], framing="close"), CLEAR) as b:
        b.koban.bypass.add(HOST, "refused")
        async with connected(b, b.upstream_authority.save(tmp_path / "site.pem")) as line:
            assert (await line.ask())[1] == PAGE
        assert b.upstream.connections == 1


async def test_a_site_that_is_not_reached_is_not_tried_before_it_is_asked_for(
    bench: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[ServerConnectionHookData] = []
    real = Gate.server_connect

    async def server_connect(self: Gate, data: ServerConnectionHookData) -> None:
        tried.append(data)
        await real(self, data)

    monkeypatch.setattr(Gate, "server_connect", server_connect)
    async with bench(Answer([PAGE]), CLEAR) as b:
        b.upstream.stop()
        async with connected(b) as line:
            assert (await line.ask())[0] == 502
    assert len(tried) == 1


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 502)])
async def test_a_request_that_meets_its_end_is_sent_again_where_that_is_safe(
    bench: Start, method: str, status: int
) -> None:
    ended: list[Request] = []

    def respond(asked: Request) -> Answer:
        if not ended:
            ended.append(asked)
            return Answer(framing="hang-up")
        return Answer([PAGE])

    async with bench(respond, CLEAR) as b, connected(b) as line:
        await until(lambda: b.upstream.connections == THE_LOOK + 1)
        assert (await line.ask(method))[0] == status


async def test_one_that_waited_too_long_is_not_used(bench: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    assert USABLE_FOR > 0
    monkeypatch.setattr(preconnect, "USABLE_FOR", 0)
    async with bench(Answer([PAGE]), CLEAR) as b, connected(b) as line:
        await until(lambda: b.upstream.connections == THE_LOOK + 1)
        assert (await line.ask("POST"))[0] == 200
        assert b.upstream.connections == THE_LOOK + 2
        await until(lambda: b.upstream.ended == THE_LOOK + 2)


@contextlib.asynccontextmanager
async def silent_site() -> AsyncIterator[tuple[int, "asyncio.Queue[asyncio.StreamReader]"]]:
    """A server that greets nobody: its port, and who has connected."""
    came = asyncio.Queue[asyncio.StreamReader]()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await came.put(reader)
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


@dataclass
class Redirected:
    """Connections to the site are made to a silent server instead, once they may."""

    port: int
    connecting: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: asyncio.Event = field(default_factory=asyncio.Event)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = Gate.server_connect

        async def server_connect(gate: Gate, data: ServerConnectionHookData) -> None:
            self.connecting.set()
            try:
                await self.may_go_on.wait()
            except asyncio.CancelledError:
                self.given_up.set()
                raise
            await real(gate, data)
            data.server.address = ("127.0.0.1", self.port)

        monkeypatch.setattr(Gate, "server_connect", server_connect)


async def test_a_browser_that_goes_before_it_is_connected_leaves_nothing(
    bench: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b, silent_site() as (port, came):
        redirected = Redirected(port)
        redirected.install(monkeypatch)
        async with connected(b):
            await redirected.connecting.wait()
        await redirected.given_up.wait()
        assert came.empty()
        assert b.koban.bypass.current() == []


async def test_a_browser_that_goes_before_its_tls_is_made_leaves_nothing(
    bench: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b, silent_site() as (port, came):
        redirected = Redirected(port)
        redirected.install(monkeypatch)
        redirected.may_go_on.set()
        async with connected(b):
            line = await came.get()
        await until(line.at_eof)
        assert b.koban.bypass.current() == [], "that is no fault of the site"
