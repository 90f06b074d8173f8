"""Routes connections: marketplaces are read, all else is a raw tunnel, and nothing reaches back into this machine."""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Sequence

from mitmproxy import http, tls
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from addon.proxy.addresses import ANYWHERE, BEYOND_THIS_MACHINE, ELSEWHERE, Addresses, LeadsInside, Place
from addon.proxy.http_layers import connect_to, restore_name
from addon.proxy.preconnect import preconnect
from addon.proxy.upstream import UpstreamCheck
from addon.redact import error_location
from addon.state.bypass import Bypass
from addon.state.options import Resolve

log = logging.getLogger("koban.proxy")

HTTPS = 443

_INSIDE = (
    "交番（Koban）は、このパソコンや内部ネットワークへの接続を中継しません。"
    "必要な場合は、この宛先をブラウザのプロキシの対象から外してください。\n"
    "Koban does not connect back into this machine or its network. "
    "If you need to reach it, exclude this address from your browser's proxy settings.\n"
)
_NO_TUNNEL = (
    "交番（Koban）は、トンネルを使わない https の要求を中継しません。\n"
    "Koban does not pass on https requests without a tunnel.\n"
)


def allow_patterns(hosts: Collection[str]) -> list[str]:
    """mitmproxy's `allow_hosts`: of these hosts' TLS port the traffic is looked at, of no other."""
    # A dot at the end names the same host.
    return [rf"^{re.escape(host)}\.?:{HTTPS}$" for host in sorted(hosts)]


def redirections(resolve: Iterable[Resolve]) -> dict[tuple[str, int], tuple[str, int]]:
    """Returns `--resolve` as a mapping from host and port to the address and port in their place."""
    return {(entry.host, entry.port): (entry.address, entry.address_port) for entry in resolve}


class Gate:
    """mitmproxy addon: decides before any byte of a page has passed.

    bypass: the hosts that are left alone for now. upstream: asked about a site before Koban vouches for it.
    is_off: whether the user has switched a host's site off, or everything. addresses: where names lead.
    """

    def __init__(
        self,
        hosts: Collection[str],
        resolve: Sequence[Resolve],
        bypass: Bypass,
        upstream: UpstreamCheck,
        is_off: Callable[[str], bool],
        addresses: Addresses,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._resolve = redirections(resolve)
        self._bypass = bypass
        self._upstream = upstream
        self._is_off = is_off
        self._addresses = addresses

    def read(self, hosts: Collection[str]) -> None:
        """From now on decrypt these hosts and no others; a connection that is open goes on."""
        self._hosts = frozenset(hosts)

    async def http_connect(self, flow: http.HTTPFlow) -> None:
        """Refuse a tunnel back into this machine."""
        await self._refuse_inside(flow)

    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Refuse a plain request back into this machine, and one for TLS without a tunnel; let all else stream."""
        if flow.request.scheme == "https" and not flow.client_conn.tls_established:
            # No browser does this; another program could have Koban speak TLS to any host and port for it.
            flow.response = _refusal(400, _NO_TUNNEL)
        elif not await self._refuse_inside(flow):
            flow.request.stream = True

    async def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Decrypt only where tunnel and name are one marketplace that is on, and its own TLS is in order."""
        # Until all is known: mitmproxy goes on where this raises, and would decrypt what nobody has vouched for.
        data.ignore_connection = True
        address = data.context.server.address
        sni = (data.client_hello.sni or "").lower()
        tunnelled_to = _host(address[0]) if address else ""
        if address is None or sni not in self._hosts or sni != tunnelled_to:
            return
        try:
            if not self._is_off(sni) and self._bypass.get(sni) is None:
                await self._look_into(data, sni, address[1])
        except Exception as error:
            # mitmproxy's own words for it are silenced.
            log.error("%s: not looked into: %s", sni, error_location(error))
            raise

    async def _look_into(self, data: tls.ClientHelloData, host: str, port: int) -> None:
        """Decrypt a marketplace whose own TLS is in order, or that cannot be reached; leave any other alone."""
        trouble = await self._upstream.trouble(host, port)
        if trouble is None:
            self._bypass.mark_reachable(host)
        elif trouble == "unreachable":
            self._bypass.mark_unreachable(host)
        else:
            self._bypass.add(host, trouble)
            return
        # From here on all go by the one name, whichever way it was written.
        data.context.server.address = (host, port)
        if trouble is None:
            preconnect(data.context.client)
        data.ignore_connection = False

    async def server_connect(self, data: ServerConnectionHookData) -> None:
        """Connect to the address that was checked, and stop where a name leads back inside."""
        if data.server.address is None:
            return
        host, port = _host(data.server.address[0]), data.server.address[1]
        if (host, port) in self._resolve:
            target = self._resolve[host, port]
        else:
            # Within TLS of ours a site proves itself by its certificate before anything is sent to it.
            is_proven = self._is_read(host, port) and data.client.tls_established
            try:
                allowed_places = ANYWHERE if is_proven else self._allowed(host, port)
                target = (await self._addresses.of(host, port, allowed_places), port)
            except LeadsInside:
                data.server.error = _INSIDE
                return
            except OSError as error:
                # Not left to a second lookup, which could have another result.
                data.server.error = f"{host}: {error.strerror or error}"
                return
        connect_to(data.server, target)

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """Call the connection by its host again."""
        restore_name(data.server)

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """The address does not answer: the name may have another by now."""
        restore_name(data.server)
        if data.server.address is not None:
            self._addresses.forget(_host(data.server.address[0]), data.server.address[1])

    async def _refuse_inside(self, flow: http.HTTPFlow) -> bool:
        """Refuse a connection back into this machine, with a text for the user. Returns whether it was refused."""
        host, port = _host(flow.request.host), flow.request.port
        if (host, port) in self._resolve:
            return False
        inside = host == "localhost" or host.endswith(".localhost")
        # A marketplace is asked for its certificate first, which says more than its address.
        if not inside and not self._is_read(host, port):
            try:
                await self._addresses.of(host, port, ELSEWHERE)
            except LeadsInside:
                inside = True
            except OSError:
                return False  # the connection will fail by itself, and say why
        if inside:
            flow.response = _refusal(403, _INSIDE)
        return inside

    def _is_read(self, host: str, port: int) -> bool:
        return host in self._hosts and port == HTTPS

    def _allowed(self, host: str, port: int) -> frozenset[Place]:
        """Returns where a host may lead: a marketplace anywhere but to this machine, since the browser verifies it."""
        return BEYOND_THIS_MACHINE if self._is_read(host, port) else ELSEWHERE


def _host(name: str) -> str:
    """Returns a host as the catalog writes it: in lower case, without a dot at the end."""
    return name.lower().removesuffix(".")


def _refusal(status: int, text: str) -> http.Response:
    return http.Response.make(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
