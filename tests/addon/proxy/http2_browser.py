"""A browser's HTTP/2 for tests, frame by frame: what client libraries do not do, a browser does."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
from hyperframe.frame import Frame, GoAwayFrame

from tests.addon.proxy.conftest import HOST, NAVIGATION, AnyBench


@dataclass
class Got:
    """What has come of one answer. early: statuses of heads before its own."""

    status: int = 0
    body: bytes = b""
    early: list[int] = field(default_factory=list)
    whole: bool = False
    reset: bool = False


class _Line(h2.connection.H2Connection):
    """h2 ends a connection at a GOAWAY; a browser lets it finish."""

    last_stream: int | None = None

    def _receive_goaway_frame(self, frame: GoAwayFrame) -> tuple[list[Frame], list[h2.events.Event]]:
        self.last_stream = frame.last_stream_id
        return [], []


class Http2Browser:
    """One connection to the marketplace through Koban."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._h2 = _Line(h2.config.H2Configuration(client_side=True))
        self._h2.initiate_connection()
        self._got: dict[int, Got] = {}

    @classmethod
    async def open(cls, b: AnyBench) -> "Http2Browser":
        reader, writer = await asyncio.open_connection("127.0.0.1", b.koban.proxy_port)
        writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
        while (await reader.readline()).strip():
            pass
        context = ssl.create_default_context(cafile=str(b.koban.authority.certificate))
        context.set_alpn_protocols(["h2"])
        await writer.start_tls(context, server_hostname=HOST)
        return cls(reader, writer)

    @property
    def goodbye(self) -> int | None:
        """The last stream that will be answered, once a GOAWAY has said so."""
        return self._h2.last_stream

    async def ask(self, *paths: str, headers: dict[str, str] = NAVIGATION) -> Sequence[int]:
        """Ask for all of these at once; the streams of each."""
        streams = []
        for path in paths:
            stream = self._h2.get_next_available_stream_id()
            own = [(":method", "GET"), (":scheme", "https"), (":authority", HOST), (":path", path)]
            own += [(name.lower(), value) for name, value in headers.items()]
            self._h2.send_headers(stream, own, end_stream=True)
            self._got[stream] = Got()
            streams.append(stream)
        await self._flush()
        return streams

    async def cancel(self, stream: int) -> None:
        self._h2.reset_stream(stream, 8)
        await self._flush()

    async def answer(self, stream: int) -> Got:
        """What comes of a stream, when it has come whole or been cut."""
        got = self._got[stream]
        while not got.whole and not got.reset and await self._receive():
            pass
        return got

    async def ended(self) -> None:
        """Wait until the other side ends the connection."""
        while await self._receive():
            pass

    def close(self) -> None:
        self._writer.close()

    async def _receive(self) -> bool:
        data = await asyncio.wait_for(self._reader.read(65_536), 60)
        for event in self._h2.receive_data(data) if data else ():
            got = self._got.get(getattr(event, "stream_id", None) or 0, Got())
            if isinstance(event, h2.events.ResponseReceived):
                got.status = int(dict(event.headers)[b":status"])
            elif isinstance(event, h2.events.InformationalResponseReceived):
                got.early.append(int(dict(event.headers)[b":status"]))
            elif isinstance(event, h2.events.DataReceived):
                got.body += event.data
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                got.whole = True
            elif isinstance(event, h2.events.StreamReset):
                got.reset = True
        await self._flush()
        return bool(data)

    async def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())
        await self._writer.drain()
