"""What passes where: marketplaces are read, all else is a raw tunnel, and nothing reaches back into this machine."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Iterable, Sequence

from mitmproxy import http, tls
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from addon.options import Resolve
from addon.proxy.aside import Aside
from addon.proxy.upstream import UpstreamCheck
from extractors.page import Site

HTTPS = 443


def decrypted_hosts(sites: Iterable[Site]) -> frozenset[str]:
    """The hosts whose pages are read."""
    return frozenset(host.lower() for site in sites for host in site.hosts)


def allow_patterns(hosts: Collection[str]) -> list[str]:
    """mitmproxy's `allow_hosts`: of these hosts' TLS port the traffic is looked at, of no other."""
    return [rf"^{re.escape(host)}:{HTTPS}$" for host in sorted(hosts)]


def is_inside(address: str) -> bool:
    """Whether an IP address is this machine, its network, or otherwise nowhere on the public Internet."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return not parsed.is_global or parsed.is_multicast


def redirections(resolve: Iterable[Resolve]) -> dict[tuple[str, int], tuple[str, int]]:
    """`--resolve` as a mapping: where a host and port are to be found instead."""
    return {(entry.host, entry.port): (entry.address, entry.address_port) for entry in resolve}


class Gate:
    """mitmproxy addon: decides before any byte of a page has passed.

    aside: the hosts that are left alone for now. upstream: asked about a site before Koban vouches for it.
    is_off: whether the user has switched a host's site off, or everything.
    """

    def __init__(
        self,
        hosts: Collection[str],
        resolve: Sequence[Resolve],
        aside: Aside,
        upstream: UpstreamCheck,
        is_off: Callable[[str], bool],
    ) -> None:
        self._hosts = frozenset(hosts)
        self._resolve = redirections(resolve)
        self._aside = aside
        self._upstream = upstream
        self._is_off = is_off

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """Refuse a tunnel back into this machine."""
        self._refuse_inside(flow)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Refuse a plain request back into this machine; let everything else stream."""
        if not self._refuse_inside(flow):
            flow.request.stream = True

    async def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Look inside only where tunnel and name are one marketplace that is on, and its own TLS is as it should be."""
        address = data.context.server.address
        sni = (data.client_hello.sni or "").lower()
        tunnelled_to = address[0].lower() if address else ""
        if address is None or sni not in self._hosts or sni != tunnelled_to or self._is_off(sni):
            data.ignore_connection = True
            return
        if self._aside.of(sni) is None:
            trouble = await self._upstream.trouble(sni, address[1])
            if trouble is None:
                return
            self._aside.step(sni, trouble)
        data.ignore_connection = True

    async def server_connect(self, data: ServerConnectionHookData) -> None:
        """Send resolved hosts where they were resolved to, and stop at names that lead back inside."""
        if data.server.address is None:
            return
        host, port = data.server.address[0].lower(), data.server.address[1]
        if (host, port) in self._resolve:
            if data.server.sni is None:
                # The name that is verified stays the marketplace's.
                data.server.sni = host
            data.server.address = self._resolve[host, port]
        elif await self._leads_inside(host, port):
            data.server.error = "Koban does not connect back into this machine or its network."

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """Let a redirected connection be known by the host it stands for, so that the next request finds it again.

        mitmproxy looks for an open connection by its address, and opens at most five to one address: pages
        of one browser connection would otherwise each open one more, and then wait for ever.
        """
        found = data.server.address
        asked = next(
            (asked for asked, at in self._resolve.items() if at == found and asked[0] == data.server.sni), None
        )
        if asked is not None:
            # Its own setter refuses, since for an ordinary connection this would be a lie.
            object.__setattr__(data.server, "address", asked)

    def _refuse_inside(self, flow: http.HTTPFlow) -> bool:
        host, port = flow.request.host.lower().rstrip("."), flow.request.port
        named_inside = host == "localhost" or host.endswith(".localhost") or is_inside(host.strip("[]"))
        if (host, port) in self._resolve or not named_inside:
            return False
        flow.response = http.Response.make(
            403, b"Koban does not connect back into this machine or its network.\n", {"Content-Type": "text/plain"}
        )
        return True

    async def _leads_inside(self, host: str, port: int) -> bool:
        if is_inside(host):
            return True
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return False  # the connection will fail by itself, and say why
        return any(is_inside(str(entry[4][0])) for entry in found)
