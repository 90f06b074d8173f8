"""Bounds that mitmproxy leaves open: on heads, on connections that say nothing, and on what it writes beside."""

from collections.abc import Callable, Mapping
from typing import Any

import h11
from h11._receivebuffer import ReceiveBuffer
from mitmproxy import connection, http, tls
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy import layer, layers
from mitmproxy.proxy.layers.http import _http1 as http1_layers
from mitmproxy.proxy.server import ConnectionHandler

from addon.connections import Connections

MOST_HEAD = 64 * 1024
"""Bytes of a request's or an answer's head, and of the line before a chunk; as the API has it, and h2 for HTTP/2."""
MOST_CONNECTIONS = 1_000


class BoundedBuffer(ReceiveBuffer):
    """The input of an HTTP/1 connection, which is closed where a head does not end within its bound."""

    def maybe_extract_lines(self) -> list[bytearray] | None:
        """The lines up to the first blank one. A head that is too large becomes one that no parser takes."""
        before = len(self)
        lines = super().maybe_extract_lines()
        if (before if lines is None else before - len(self)) <= MOST_HEAD:
            return lines
        self._extract(len(self))
        return [bytearray(b"too large")]

    def maybe_extract_next_line(self) -> bytearray | None:
        """The first line. Raises RemoteProtocolError where it is too long."""
        line = super().maybe_extract_next_line()
        if (len(self) if line is None else len(line)) > MOST_HEAD:
            raise h11.RemoteProtocolError("the line before a chunk is too long")
        return line

    def maybe_extract_any_line(self) -> bytes | None:
        """The first line without its end, which may be a bare LF. Raises RemoteProtocolError where it is too long."""
        end = self._data.find(b"\n", self._next_line_search)
        if (len(self) if end < 0 else end) > MOST_HEAD:
            raise h11.RemoteProtocolError("a line of a chunked body is too long")
        if end < 0:
            self._next_line_search = len(self)
            return None
        return bytes(self._extract(end + 1)).removesuffix(b"\n").removesuffix(b"\r")


class Doorkeeping:
    """mitmproxy addon, behind NextLayer: who connects must say what they want, and say it soon.

    handlers: those of open connections, by the client's id.
    """

    def __init__(self, connections: Connections, handlers: Callable[[], Mapping[Any, ConnectionHandler]]) -> None:
        self._connections = connections
        self._handlers = handlers

    def client_connected(self, client: connection.Client) -> None:
        """A head is awaited."""
        handler = self._handlers().get(client.id)
        if handler is not None:
            watchdog = handler.timeout_watchdog
            self._connections.opened(client.id, lambda: _close(handler), lambda: watchdog.last_activity)

    def client_disconnected(self, client: connection.Client) -> None:
        """It has ended."""
        self._connections.closed(client.id)

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """A tunnel is granted, and what goes through it must begin."""
        self._connections.heard(flow.client_conn.id)
        self._connections.awaited(flow.client_conn.id)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """A request has come, and may take its time from here on."""
        self._connections.heard(flow.client_conn.id)

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """The tunnel carries TLS."""
        self._connections.heard(data.context.client.id)

    def next_layer(self, data: layer.NextLayer) -> None:
        """The tunnel carries something else, or TLS that is not looked into."""
        if isinstance(data.layer, layers.TCPLayer):
            self._connections.heard(data.context.client.id)


def _close(handler: ConnectionHandler) -> None:
    transport = handler.transports.get(handler.client)
    if transport is None:
        return
    if transport.handler is not None:
        transport.handler.cancel("said nothing")
    elif transport.writer is not None:
        transport.writer.close()  # nothing has been read of it yet


def install() -> None:
    """Have mitmproxy bound its heads, and write the secrets of no connection anywhere.

    It follows `SSLKEYLOGFILE` as browsers do; theirs is the user's to set, Koban's connections are promised to leave
    nothing on disk.
    """
    http1_layers.ReceiveBuffer = BoundedBuffer  # type: ignore[attr-defined]
    net_tls.log_master_secret = None
