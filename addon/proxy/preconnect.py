"""Opens the connection to a site as soon as the browser's is open, before its first request.

Browsers connect before the click, so that the request that follows needs no more than one round trip. mitmproxy
connects to the site either before it answers the browser's greeting, for which that has to wait, or with the first
request, which then waits for two or three round trips. Here both sides are made at the same time: what the browser
sends before that waits, and if it goes, so does the other side. Only where the gate has found the site in order; by
its hooks, as for each connection: the address that was looked at, and the site's certificate.
"""

from time import monotonic
from weakref import WeakSet

from mitmproxy.connection import Client, Server
from mitmproxy.proxy import commands, events, layer, tunnel
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import tls as tls_layers

from addon.proxy import mitm
from addon.proxy.http_layers import retire, set_unproven

USABLE_FOR = 10.0
"""Seconds that a connection may wait for its first request: servers end one that stays silent, and a request that
meets the end is not always one that may be sent twice."""
_PROTOCOLS = (b"h2", b"http/1.1")

_wanted: "WeakSet[Client]" = WeakSet()


def preconnect(client: Client) -> None:
    """Connect to the site as soon as TLS with the browser is established. For the `tls_clienthello` hook."""
    _wanted.add(client)


class PreconnectingTlsLayer(tls_layers.ClientTLSLayer):
    """TLS towards the browser, within which HTTP begins at once where it was agreed upon, not with the first bytes."""

    def _handshake_finished(self, err: str | None) -> layer.CommandGenerator[None]:
        client = self.context.client
        if not err and self.conn is client and client in _wanted and client.alpn in _PROTOCOLS:
            self.child_layer = PreconnectingHttpLayer(self.context, http_layers.HTTPMode.transparent)
        yield from super()._handshake_finished(err)


class PreconnectingHttpLayer(http_layers.HttpLayer):
    """HTTP of one browser connection, with a first connection to the site that no request has asked for."""

    def __init__(self, context: Context, mode: http_layers.HTTPMode) -> None:
        super().__init__(context, mode)
        self._early: Server | None = None
        """The connection that was opened early, until its first request."""
        self._early_since = 0.0

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from super()._handle_event(event)
        if isinstance(event, events.Start):
            yield from self._preconnect()

    def _preconnect(self) -> layer.CommandGenerator[None]:
        address = self.context.server.address
        assert address is not None
        context = self.context.fork()
        context.server = self._early = Server(address=address)
        context.server.sni = address[0]
        stack = tunnel.LayerStack() / tls_layers.ServerTLSLayer(context) / http_layers.HttpClient(context)
        self.connections[context.server] = stack[0]
        # Nobody waits yet; requests that come before it is there will.
        self.waiting_for_establishment[context.server] = []
        yield from self.event_to_child(stack[0], events.Start())

    def register_connection(self, command: http_layers.RegisterHttpConnection) -> layer.CommandGenerator[None]:
        if command.connection is self._early and not command.err:
            self._early_since = monotonic()
            set_unproven(command.connection)
        yield from super().register_connection(command)

    def get_connection(
        self, event: http_layers.GetHttpConnection, *, reuse: bool = True
    ) -> layer.CommandGenerator[None]:
        early = self._early
        if early is None or not event.connection_spec_matches(early):
            yield from super().get_connection(event, reuse=reuse)
            return
        self._early = None
        if early not in self.waiting_for_establishment:
            if early.connected and monotonic() - self._early_since < USABLE_FOR:
                stream = self.command_sources.pop(event)
                reply = (early, None)
                yield from self.event_to_child(stream, http_layers.GetHttpConnectionCompleted(event, reply))
                return
            retire(early)
            if early.connected:
                yield commands.CloseConnection(early)
        yield from super().get_connection(event, reuse=reuse)


def install() -> None:
    """Let mitmproxy use these layers."""
    mitm.next_layer.ClientTLSLayer = PreconnectingTlsLayer  # type: ignore[attr-defined]
