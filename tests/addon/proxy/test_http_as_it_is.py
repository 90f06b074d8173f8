"""What else goes over HTTP than pages: it passes as it is, as soon as it is there."""

import asyncio
import gzip
import hashlib
import resource
import ssl
from pathlib import Path

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, TextMessage
from wsproto.events import Request as Upgrade

from tests.addon.proxy.conftest import HOST, NAVIGATION, PAGE_URL, Bench, Http2Start, Start
from tests.addon.proxy.http2_upstream import HTML as HTTP2_HTML
from tests.addon.proxy.http2_upstream import Http2Line
from tests.addon.proxy.upstream import Answer, Request

pytestmark = pytest.mark.slow

HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = b"<!doctype html><title>t</title><p>page</p>"


async def tunnel(b: Bench, trust: Path | None = None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A TLS connection to the marketplace through Koban, for bytes of one's own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", b.koban.proxy_port)
    writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
    while (await reader.readline()).strip():
        pass
    context = ssl.create_default_context(cafile=str(trust or b.koban.authority.certificate))
    await writer.start_tls(context, server_hostname=HOST)
    return reader, writer


def request(path: str = "/public/jobs", method: str = "GET", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def head_of(reader: asyncio.StreamReader) -> dict[str, str]:
    """The status line under "", and the headers by their names in lower case."""
    found = {"": (await reader.readline()).decode().strip()}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        found[name.lower()] = value.strip()
    return found


async def test_a_websocket_speaks_both_ways(bench: Start) -> None:
    async def echo(asked: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = WSConnection(ConnectionType.SERVER)
        raw = f"GET / HTTP/1.1\r\n{''.join(f'{k}: {v}\r\n' for k, v in asked.headers.items())}\r\n"
        line.receive_data(raw.encode())
        next(line.events())
        writer.write(line.send(AcceptConnection()))
        for _n in range(2):
            while not (events := [e for e in line.events() if isinstance(e, TextMessage | BytesMessage)]):
                line.receive_data(await reader.read(65_536))
            for event in events:
                # A new one each: what has come may be a piece, and its flags would say so.
                match event:
                    case TextMessage():
                        writer.write(line.send(TextMessage(data=event.data)))
                    case BytesMessage():
                        writer.write(line.send(BytesMessage(data=event.data)))
            await writer.drain()

    async with bench() as b:
        b.upstream.take = echo
        reader, writer = await tunnel(b)
        line = WSConnection(ConnectionType.CLIENT)
        writer.write(line.send(Upgrade(host=HOST, target="/socket")))
        said: list[object] = []
        for data in ("こんにちは", b"\x00\xff" * 1_000):
            while not any(isinstance(e, AcceptConnection) for e in said):
                line.receive_data(await asyncio.wait_for(reader.read(65_536), 60))
                said += list(line.events())
            writer.write(line.send(TextMessage(data=data) if isinstance(data, str) else BytesMessage(data=data)))
            got: list[object] = []
            while not got:
                line.receive_data(await asyncio.wait_for(reader.read(65_536), 60))
                got = [e.data for e in line.events() if isinstance(e, TextMessage | BytesMessage)]
            assert got == [data]
        writer.close()


async def test_events_arrive_as_they_happen(bench: Start) -> None:
    first_arrived = asyncio.Event()
    headers = [("Content-Type", "text/event-stream")]
    stream = Answer([b"data: 1\n\n", b"data: 2\n\n"], headers, framing="chunked", go_on=first_arrived)
    async with bench(stream) as b, b.client() as client, client.stream("GET", PAGE_URL) as got:
        parts = got.aiter_raw()
        assert await anext(parts) == b"data: 1\n\n", "though the second is not even made"
        first_arrived.set()
        assert b"".join([part async for part in parts]) == b"data: 2\n\n"


async def test_a_part_of_a_file_stays_that_part(bench: Start) -> None:
    part = Answer([b"5678"], [("Content-Type", "text/html"), ("Content-Range", "bytes 5-8/20")], "206 Partial Content")
    async with bench(part) as b:
        got = await b.page(Range="bytes=5-8")
    assert (got.status_code, got.content, got.headers["content-range"]) == (206, b"5678", "bytes 5-8/20")


async def test_a_page_with_trailers_passes_without_them(bench: Start) -> None:
    async def trailing(_: Request, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        writer.write(head.encode() + b"%x\r\n%s\r\n0\r\nX-Sum: 7\r\n\r\n" % (len(PAGE), PAGE))
        await writer.drain()

    async with bench() as b:
        b.upstream.take = trailing
        got = await b.page()
    assert got.content.startswith(PAGE + b"<koban-verdict ")
    assert "x-sum" not in got.headers


async def test_a_hundred_megabytes_pass_and_are_not_kept(bench: Start) -> None:
    chunk = bytes(range(256)) * 256
    file = Answer([chunk] * 1_600, [("Content-Type", "application/zip")])
    async with bench(file) as b, b.client() as client, client.stream("GET", PAGE_URL) as got:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found, size = hashlib.sha256(), 0
        async for part in got.aiter_raw():
            found.update(part)
            size += len(part)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert size == 1_600 * 65_536
    assert found.digest() == hashlib.sha256(chunk * 1_600).digest()
    assert grown < 60_000, "kilobytes"


async def test_an_upload_arrives_whole(bench: Start) -> None:
    sent = bytes(range(256)) * 40_000
    got: list[bytes] = []

    async def store(asked: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert asked.method == "POST"
        if "content-length" in asked.headers:
            got.append(await reader.readexactly(int(asked.headers["content-length"])))
        else:
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readexactly(2)
            got.append(body)
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async with bench() as b, b.client() as client:
        b.upstream.take = store
        answer = await client.post(PAGE_URL, content=sent)
    assert answer.status_code == 201
    assert got == [sent]


async def test_one_connection_carries_page_after_page(bench: Start) -> None:
    async with bench(Answer([PAGE])) as b, b.client() as client:
        for _ in range(12):
            got = await client.get(PAGE_URL, headers=NAVIGATION)
            assert got.content.startswith(PAGE)
        # One for the question beforehand, one for all pages.
        assert b.upstream.connections == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Dest": "iframe", "Accept": "text/html"},
        {"Sec-Fetch-Dest": "empty", "Accept": "text/html"},
        {"X-Requested-With": "XMLHttpRequest", "Accept": "text/html"},
        {"Sec-Fetch-Dest": "serviceworker", "Accept": "*/*"},
        NAVIGATION | {"Sec-Purpose": "prefetch"},
        NAVIGATION | {"Sec-Purpose": "prefetch;prerender"},
        NAVIGATION | {"Purpose": "prefetch"},
    ],
    ids=["a frame", "a fetch", "a fragment", "a service worker", "a prefetch", "a prerender", "an older prefetch"],
)
async def test_what_no_tab_shows_is_left_alone(bench: Start, headers: dict[str, str]) -> None:
    async with bench(Answer([PAGE])) as b, b.client() as client:
        got = await client.get(PAGE_URL, headers=headers)
    assert got.content == PAGE
    assert got.headers["content-length"] == str(len(PAGE))


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
async def test_a_redirection_passes(bench: Start, status: str) -> None:
    answer = Answer([PAGE], [HTML, ("Location", "/login")], status)
    async with bench(answer) as b:
        got = await b.page()
    assert (got.status_code, got.headers["location"], got.content) == (int(status[:3]), "/login", PAGE)


async def test_packed_bytes_that_say_nothing_yet_do_not_end_a_page(bench: Start) -> None:
    packed = gzip.compress(PAGE)
    # The head of gzip's file, of which nothing comes out; a chunk of nothing would be the body's end.
    begun = asyncio.Event()
    answer = Answer([packed[:10], packed[10:]], [HTML, ("Content-Encoding", "gzip")], go_on=begun)
    async with bench(answer) as b, b.client() as client, client.stream("GET", PAGE_URL, headers=NAVIGATION) as got:
        begun.set()
        assert (await got.aread()).startswith(PAGE)


@pytest.mark.parametrize("cut", [0, 15])
async def test_an_empty_frame_does_not_end_a_page(http2_bench: Http2Start, cut: int) -> None:
    packed = gzip.compress(PAGE)

    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            await line.head(asked, headers=[*HTTP2_HTML, ("content-encoding", "gzip")])
            await line.body(asked, packed[:cut], end=False)
            await line.body(asked, b"", end=False)
            await line.body(asked, packed[cut:])

    async with http2_bench(serve) as b:
        got = await b.page(http2=True)
    assert got.content.startswith(PAGE)


async def test_an_unknown_encoding_passes_as_it_came(bench: Start) -> None:
    async with bench(Answer([b"\x01\x02packed"], [HTML, ("Content-Encoding", "x-own")])) as b:
        got = await b.page()
        shown = b.koban.verdicts.shown(PAGE_URL)
    assert got.content == b"\x01\x02packed"
    assert got.headers["content-encoding"] == "x-own"
    assert shown is not None
    assert shown.verdict.reason == "unreadable"


async def test_field_08_a_page_without_a_type_gets_its_element(bench: Start) -> None:
    async with bench(Answer([PAGE], headers=[])) as b:
        got = await b.page()
    assert got.content.startswith(PAGE + b"<koban-verdict ")
    assert "content-type" not in got.headers


async def test_field_08_what_is_no_page_and_has_no_type_gets_none(bench: Start) -> None:
    async with bench(Answer([b"\x89PNG\r\n\x1a\n"], headers=[])) as b:
        got = await b.page()
        assert b.koban.verdicts.shown(PAGE_URL) is None
    assert got.content == b"\x89PNG\r\n\x1a\n"


async def test_field_08_xhtml_passes_as_it_came_and_is_said_to_be_not_checked(bench: Start) -> None:
    body = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>x</p></body></html>'
    async with bench(Answer([body], [("Content-Type", "application/xhtml+xml")])) as b:
        got = await b.page()
        shown = b.koban.verdicts.shown(PAGE_URL)
    assert (got.content, got.headers["content-length"]) == (body, str(len(body)))
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.reason) == ("not-checked", "unreadable")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\n%s\n0\n\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %x bytes\r\n\r\n%s",
        b"http/1.1 200 OK\nContent-Type: text/html\nX-Size: %x\n\n%s",
    ],
    ids=["chunks that end in LF", "a length that is none", "a version in lower case"],
)
async def test_field_08_answers_that_browsers_take(bench: Start, answer: bytes) -> None:
    async def take(_: Request, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer % (len(PAGE), PAGE))
        await writer.drain()

    async with bench() as b:
        b.upstream.take = take
        got = await b.page()
    assert got.content.startswith(PAGE + b"<koban-verdict ")


async def test_a_browser_that_leaves_early_breaks_nothing(bench: Start) -> None:
    left = asyncio.Event()

    def respond(asked: Request) -> Answer:
        return Answer([PAGE, PAGE], framing="chunked", go_on=left if asked.target == "/left" else None)

    async with bench(respond) as b:
        reader, writer = await tunnel(b)
        writer.write(request("/left", Sec_Fetch_Dest="document", Accept="text/html"))
        await head_of(reader)
        writer.close()
        await writer.wait_closed()
        left.set()
        assert (await b.page()).status_code == 200


@pytest.mark.parametrize(
    "smuggled",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 3\r\nContent-Length: 4\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"X: a\r\n folded\r\nContent-Length : 3\r\n",
    ],
    ids=["two ways to end", "two lengths", "two codings", "a space before the colon"],
)
async def test_a_request_that_ends_in_two_ways_is_refused(bench: Start, smuggled: bytes) -> None:
    async with bench() as b:
        reader, writer = await tunnel(b)
        writer.write(b"POST / HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\n" + smuggled + b"\r\n0\r\n\r\n")
        got = await asyncio.wait_for(reader.read(65_536), 60)
        writer.close()
        assert b.upstream.requests == []
    assert got == b"" or got.startswith(b"HTTP/1.1 400")
