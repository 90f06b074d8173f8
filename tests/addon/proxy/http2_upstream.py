"""A marketplace's server over HTTP/2 for tests, which says and does of itself what a test tells it to."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import h2.config
import h2.connection
import h2.events
import h2.settings
from hyperframe.frame import GoAwayFrame

HTML = (("content-type", "text/html; charset=utf-8"),)


@dataclass
class Asked:
    """A request that has come in whole."""

    stream: int
    method: str
    path: str
    body: bytes


class Http2Line:
    """One connection of a browser, or of Koban, with the server."""

    def __init__(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number = number
        """Which of the server's connections this is, from 1."""
        self._reader, self._writer = reader, writer
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._coming: dict[int, Asked] = {}
        self._whole: list[Asked] = []

    async def begin(self, most_streams: int | None) -> None:
        self._h2.initiate_connection()
        if most_streams is not None:
            self._h2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: most_streams})
        await self._flush()

    async def asked(self) -> Asked | None:
        """The next request; None where the other side has ended the connection."""
        while not self._whole:
            data = await self._reader.read(65_536)
            if not data:
                return None
            for event in self._h2.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = {name: value.decode() for name, value in event.headers}
                    self._coming[event.stream_id] = Asked(event.stream_id, headers[b":method"], headers[b":path"], b"")
                elif isinstance(event, h2.events.DataReceived):
                    self._coming[event.stream_id].body += event.data
                    self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    self._whole.append(self._coming.pop(event.stream_id))
            await self._flush()
        return self._whole.pop(0)

    async def head(self, asked: Asked, status: int = 200, headers: Sequence[tuple[str, str]] = HTML) -> None:
        self._h2.send_headers(asked.stream, [(":status", str(status)), *headers])
        await self._flush()

    async def body(self, asked: Asked, body: bytes, *, end: bool = True) -> None:
        self._h2.send_data(asked.stream, body, end_stream=end)
        await self._flush()

    async def answer(self, asked: Asked, body: bytes) -> None:
        await self.head(asked)
        await self.body(asked, body)

    async def refuse(self, asked: Asked, code: int) -> None:
        self._h2.reset_stream(asked.stream, code)
        await self._flush()

    async def go_away(self, last_stream: int) -> None:
        """Retire with grace: streams up to this one will be answered. (h2's own way would end all.)"""
        self._writer.write(GoAwayFrame(0, last_stream_id=last_stream).serialize())
        await self._writer.drain()

    def close(self) -> None:
        self._writer.close()

    async def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())
        await self._writer.drain()


@dataclass
class Http2Upstream:
    """Serves each connection by `serve`, which may end when it likes: the connection is closed then."""

    certificate: Path
    serve: Callable[[Http2Line], Awaitable[None]]
    most_streams: int | None = None
    port: int = 0
    connections: int = 0
    failed: list[BaseException] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        context.set_alpn_protocols(["h2"])
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        assert not self.failed, self.failed

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        if chosen != "h2":
            # Koban's look beforehand.
            writer.close()
            return
        self.connections += 1
        line = Http2Line(self.connections, reader, writer)
        try:
            await line.begin(self.most_streams)
            await self.serve(line)
        except (ConnectionError, ssl.SSLError):
            pass
        except Exception as error:
            self.failed.append(error)
        finally:
            writer.close()
