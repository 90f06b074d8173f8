"""What mitmproxy leaves open is bounded: heads, connections that say nothing, and secrets written beside."""

import asyncio
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import hpack
import pytest
from hyperframe.frame import ContinuationFrame, HeadersFrame
from mitmproxy.net import tls as net_tls

from addon.api import serving
from addon.connections import HEAD_SECONDS, Connections
from addon.proxy import bounds, server
from addon.proxy.bounds import MOST_HEAD, BoundedBuffer
from addon.proxy.http_layers import GracefulH2Connection
from tests.addon.proxy.conftest import HOST, PAGE_URL, Start
from tests.addon.proxy.upstream import Answer, Request

pytestmark = pytest.mark.slow

NAVIGATION_HEAD = ((":method", "GET"), (":scheme", "https"), (":authority", HOST), (":path", "/"))
LINE = b"X-Filler: " + b"x" * 1_000 + b"\r\n"


async def sent(port: int, start: bytes, endless: bytes, most: int) -> tuple[int, bytes]:
    """Send without end; returns how much was taken before the connection was closed, and what was answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken, answer = len(start), b""
    writer.write(start)
    try:
        while taken < most:
            writer.write(endless)
            await writer.drain()
            taken += len(endless)
            if reader.at_eof():
                break
        answer = await reader.read()
    except ConnectionError:
        pass
    writer.close()
    return taken, answer


async def ended(reader: asyncio.StreamReader) -> bool:
    """Wait until a connection is closed; returns whether nothing was said on it before."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    ("start", "endless"),
    [
        (b"GET http://example.com/", b"x" * 4_096),
        (b"GET http://example.com/ HTTP/1.1\r\n", LINE * 4),
        (b"CONNECT example.com:443 HTTP/1.1\r\n", LINE * 4),
    ],
    ids=["line", "headers", "tunnel"],
)
async def test_attack_17_a_head_without_end_is_refused_by_the_proxy(bench: Start, start: bytes, endless: bytes) -> None:
    async with bench() as b:
        taken, answer = await sent(b.koban.proxy_port, start, endless, 64 * 1024 * 1024)
    assert taken < 64 * 1024 * 1024
    assert not answer or b" 400 " in answer.splitlines()[0]


@pytest.mark.parametrize("kind", ["line", "headers", "chunk line", "trailers"])
async def test_attack_17_an_answers_head_without_end_is_given_up(bench: Start, kind: str) -> None:
    start, endless = {
        "line": (b"HTTP/1.1 200 ", b"x" * 1_000),
        "headers": (b"HTTP/1.1 200 OK\r\n", LINE),
        "chunk line": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"x" * 1_000),
        "trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", LINE),
    }[kind]
    taken = 0
    given_up = asyncio.Event()

    async def take(_: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        try:
            writer.write(start)
            while taken < 64 * 1024 * 1024:
                writer.write(endless * 16)
                await writer.drain()
                taken += len(endless) * 16
        finally:
            given_up.set()

    async with bench() as b:
        b.upstream.take = take
        async with b.client() as client:
            try:
                got = await client.get(PAGE_URL)
                assert got.status_code in (200, 502)
            except Exception:
                assert kind in ("chunk line", "trailers"), "a body cut short"
        await asyncio.wait_for(given_up.wait(), 60)
    assert taken < 64 * 1024 * 1024


async def test_attack_17_a_large_head_that_ends_passes(bench: Start) -> None:
    headers = [("Content-Type", "text/html"), *(("X-Filler", "x" * 1_000) for _ in range(58))]
    async with bench(Answer([b"<p>"], headers)) as b:
        assert (await b.page()).headers.get_list("x-filler") == ["x" * 1_000] * 58


@pytest.mark.parametrize("size", [1, 100, 65_535, 1 << 20])
def test_attack_17_heads_are_bounded_however_they_come(size: int) -> None:
    for total, taken in ((MOST_HEAD - 10, True), (MOST_HEAD + 10, False)):
        head = b"GET / HTTP/1.1\r\nX: " + b"x" * (total - 23) + b"\r\n\r\n"
        buffer = BoundedBuffer()
        lines = None
        for start in range(0, len(head), size):
            buffer.__iadd__(head[start : start + size])  # h11 types `+=` as its own class
            if lines is None:
                lines = buffer.maybe_extract_lines()
        assert lines is not None
        assert (lines[0] == b"GET / HTTP/1.1") is taken


def _connected() -> tuple[h2.connection.H2Connection, GracefulH2Connection]:
    """A browser's side, and Koban's as it meets it."""
    browser = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    browser.initiate_connection()
    koban = GracefulH2Connection(h2.config.H2Configuration(client_side=False))
    koban.initiate_connection()  # type: ignore[no-untyped-call]  # of mitmproxy
    koban.receive_data(browser.data_to_send())
    browser.receive_data(koban.data_to_send())
    koban.receive_data(browser.data_to_send())
    return browser, koban


def test_attack_17_a_head_over_http2_that_unpacks_to_too_much_ends_the_connection() -> None:
    """HPACK names what came before by its number: a few bytes on the line are 4,000 each."""
    _, koban = _connected()
    head = [*NAVIGATION_HEAD, *[("x-filler", "x" * 4_000)] * 1_000]
    block = hpack.Encoder().encode(head)
    assert len(block) < MOST_HEAD
    with pytest.raises(h2.exceptions.DenialOfServiceError):
        koban.receive_data(HeadersFrame(1, block, flags=["END_HEADERS"]).serialize())


def test_attack_17_a_head_over_http2_without_end_ends_the_connection() -> None:
    _, koban = _connected()
    koban.receive_data(HeadersFrame(1, hpack.Encoder().encode(NAVIGATION_HEAD)).serialize())
    pieces = ContinuationFrame(1, b"\x00\x01x\x01x").serialize() * 100
    with pytest.raises(h2.exceptions.ProtocolError):
        koban.receive_data(pieces)


def test_attack_17_a_head_over_http2_within_the_bound_passes() -> None:
    _, koban = _connected()
    head = [*NAVIGATION_HEAD, *[("x-filler", "x" * 1_000)] * 58]
    events = koban.receive_data(HeadersFrame(1, hpack.Encoder().encode(head), flags=["END_HEADERS"]).serialize())
    assert [type(event) for event in events] == [h2.events.RequestReceived]


@pytest.mark.parametrize("port", ["proxy", "api"])
async def test_attack_18_silent_connections_do_not_keep_others_out(
    bench: Start, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    for module in (bounds, serving):
        monkeypatch.setattr(module, "MOST_CONNECTIONS", 20)
    async with bench(Answer([b"<p>"])) as b:
        number = b.koban.proxy_port if port == "proxy" else b.koban.api_port
        silent = [await asyncio.open_connection("127.0.0.1", number) for _ in range(40)]
        # The oldest were closed for the newest.
        for reader, _ in silent[:20]:
            assert await ended(reader)
        if port == "proxy":
            assert (await b.page()).status_code == 200
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", number)
            writer.write(f"GET /pair HTTP/1.1\r\nHost: 127.0.0.1:{number}\r\n\r\n".encode())
            assert b" 200 " in await reader.readline()
            writer.close()
        for _, writer in silent:
            writer.close()


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("proxy", b""),
        ("proxy", b"GET http://exam"),
        ("proxy", b"tunnel"),
        ("proxy", b"half a hello"),
        ("api", b""),
        ("api", b"GET /pai"),
    ],
)
async def test_attack_18_who_does_not_come_to_the_point_is_closed(
    bench: Start, monkeypatch: pytest.MonkeyPatch, port: str, said: bytes
) -> None:
    opened: asyncio.Queue[Connections] = asyncio.Queue()

    class Swept(Connections):
        def __init__(self, most: int) -> None:
            super().__init__(most, clock=lambda: now, later=lambda *_: None)

        def opened(self, *given: Any) -> None:
            super().opened(*given)
            opened.put_nowait(self)

    now = 0.0
    for module in (server, serving):
        monkeypatch.setattr(module, "Connections", Swept)
    async with bench() as b:
        number = b.koban.proxy_port if port == "proxy" else b.koban.api_port
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        if said in (b"tunnel", b"half a hello"):
            writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"\x16\x03\x01\x02\x00\x01" if said == b"half a hello" else b"")
        else:
            writer.write(said)
        await writer.drain()
        connections = await opened.get()
        now = 10 * HEAD_SECONDS
        connections.sweep()
        assert await ended(reader)
        writer.close()


async def test_field_18_no_secret_of_a_connection_is_written(
    bench: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As mitmproxy sets it up where the variable was there at the start.
    log = tmp_path / "secrets.log"
    monkeypatch.setattr(net_tls, "log_master_secret", net_tls.make_master_secret_logger(str(log)))
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    async with bench(Answer([b"<p>"])) as b:
        assert (await b.page()).status_code == 200
    assert not log.exists()
