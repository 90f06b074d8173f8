"""The marketplace behind all proxies: pages made beforehand, over TLS and over plain HTTP, in a process of its own.

A page's address says how it is sent: `/public/jobs/13500001` at once, `?slow` in chunks with pauses, `?gzip`
compressed, `?gzip&slow` both; `?large` is a page of 5 MB. Nothing is computed while it is asked, so that it is not
what is measured.
"""

import asyncio
import json
import os
import ssl
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events

from benchmarks.measuring import ROOT
from benchmarks.pages import HOST, job_page, list_page

PAGES = 16
CHUNKS = 8
PAUSE = 0.05
"""Seconds between the chunks of a slow page."""
LARGE = 5_000_000


@dataclass(frozen=True, slots=True)
class Marketplace:
    """The running upstream. authority: PEM of who signed its certificate."""

    host: str
    tls_port: int
    http_port: int
    authority: Path
    process: int

    def address(self, number: int, way: str = "") -> str:
        """The address of a job's page. way: `slow`, `gzip`, `gzip&slow`, nothing, or `large` for a page of 5 MB."""
        return f"https://{self.host}/public/jobs/{13_500_000 + number}" + (f"?{way}" if way else "")


class _Page:
    """A page in all ways of being sent: its parts, and the same framed for HTTP/1.1 with its head."""

    def __init__(self, body: bytes) -> None:
        self.ways: dict[str, list[bytes]] = {}
        self.framed_ways: dict[str, tuple[bytes, list[bytes]]] = {}
        step = -(-len(body) // CHUNKS)
        slowly = [body[start : start + step] for start in range(0, len(body), step)]
        for way, parts in {"": [body], "slow": slowly}.items():
            self.ways[way] = parts
            self.ways[f"gzip&{way}".rstrip("&")] = _compressed(parts)
        for way, parts in self.ways.items():
            head = "".join(f"{name}: {value}\r\n" for name, value in self.headers(way))
            chunks = parts
            if "slow" in way:
                head += "transfer-encoding: chunked\r\n"
                chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
                chunks[-1] += b"0\r\n\r\n"
            self.framed_ways[way] = (f"HTTP/1.1 200 OK\r\n{head}\r\n".encode(), chunks)

    def headers(self, way: str) -> list[tuple[str, str]]:
        headers = [("content-type", "text/html; charset=utf-8")]
        if "gzip" in way:
            headers.append(("content-encoding", "gzip"))
        if "slow" not in way:
            headers.append(("content-length", str(len(self.ways[way][0]))))
        return headers


def _compressed(parts: list[bytes]) -> list[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    chunks = [packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH) for part in parts]
    chunks[-1] += packer.flush()
    return chunks


class _Shelf:
    """All pages, by their addresses."""

    def __init__(self) -> None:
        self._pages = [_Page(job_page(number=number)) for number in range(PAGES)]
        self._listing = _Page(list_page())
        self._large = _Page(job_page(LARGE))

    def find(self, target: str) -> tuple[_Page, str]:
        """The page of a request's target, and the way in which it is to be sent."""
        path, _, way = target.partition("?")
        if way == "large":
            return self._large, ""
        number = path.rpartition("/")[2]
        # Addresses count from 13,500,000, a multiple of PAGES.
        page = self._pages[int(number) % PAGES] if number.isdecimal() else self._listing
        return page, way if way in page.ways else ""


class _Http1(asyncio.Protocol):
    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf
        self._request = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=1 << 22)

    def data_received(self, data: bytes) -> None:
        self._request += data
        while b"\r\n\r\n" in self._request:
            head, _, self._request = self._request.partition(b"\r\n\r\n")
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        page, way = self._shelf.find(head.split(b" ", 2)[1].decode())
        framing, parts = page.framed_ways[way]
        self._transport.write(framing + parts[0])
        _in_time(self._transport.write, parts[1:])


class _Http2(asyncio.Protocol):
    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf
        self._connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._waiting: dict[int, bytearray] = {}
        self._ended_streams: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connection.initiate_connection()
        self._flush()

    def data_received(self, data: bytes) -> None:
        for event in self._connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                self._answer(event)
            elif isinstance(event, h2.events.WindowUpdated):
                for stream in list(self._waiting):
                    self._send(stream)
        self._flush()

    def _answer(self, request: h2.events.RequestReceived) -> None:
        assert request.headers is not None
        assert request.stream_id is not None
        target = dict(request.headers)[b":path"]
        page, way = self._shelf.find(target.decode())
        headers, parts, stream = page.headers(way), page.ways[way], request.stream_id
        self._connection.send_headers(stream, [(":status", "200"), *headers])
        remaining = len(parts)

        def send(part: bytes) -> None:
            nonlocal remaining
            remaining -= 1
            self._waiting.setdefault(stream, bytearray()).extend(part)
            if not remaining:
                self._ended_streams.add(stream)
            self._send(stream)
            self._flush()

        send(parts[0])
        _in_time(send, parts[1:])

    def _send(self, stream: int) -> None:
        waiting = self._waiting[stream]
        while waiting:
            room = self._connection.local_flow_control_window(stream)
            room = min(room, self._connection.max_outbound_frame_size, len(waiting))
            if room <= 0:
                return
            self._connection.send_data(stream, bytes(waiting[:room]))
            del waiting[:room]
        if stream in self._ended_streams:
            self._ended_streams.discard(stream)
            del self._waiting[stream]
            self._connection.end_stream(stream)

    def _flush(self) -> None:
        self._transport.write(self._connection.data_to_send())


class _Either(asyncio.Protocol):
    """HTTP/2 where that was agreed upon, else HTTP/1.1."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        tls_object = transport.get_extra_info("ssl_object")
        protocol_name = tls_object.selected_alpn_protocol() if tls_object is not None else None
        protocol = _Http2(self._shelf) if protocol_name == "h2" else _Http1(self._shelf)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)


def _in_time(send: Callable[[bytes], object], parts: Sequence[bytes]) -> None:
    """Send parts one by one, with pauses before each."""
    if not parts:
        return

    def next_part() -> None:
        send(parts[0])
        _in_time(send, parts[1:])

    asyncio.get_running_loop().call_later(PAUSE, next_part)


async def _serve(folder: Path) -> None:
    from tests.addon.proxy.upstream import Authority

    authority = Authority.make("benchmark authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue(folder, HOST, "localhost"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    shelf = _Shelf()
    loop = asyncio.get_running_loop()
    secure = await loop.create_server(lambda: _Either(shelf), "127.0.0.1", 0, ssl=context, backlog=512)
    plain = await loop.create_server(lambda: _Either(shelf), "127.0.0.1", 0, backlog=512)
    ports = [server.sockets[0].getsockname()[1] for server in (secure, plain)]
    print(json.dumps({"ports": ports, "authority": str(authority.save(folder / "upstream-ca.pem"))}), flush=True)
    # Whoever started it ends it by closing its input.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


@contextmanager
def marketplace(folder: Path) -> Iterator[Marketplace]:
    """The marketplace, running in a process of its own for as long as the context lasts."""
    command = [sys.executable, "-m", "benchmarks.upstream", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        announcement: dict[str, Any] = json.loads(process.stdout.readline())
        secure, plain = announcement["ports"]
        yield Marketplace(HOST, secure, plain, Path(announcement["authority"]), process.pid)
    finally:
        process.stdin.close()
        process.wait(10)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
