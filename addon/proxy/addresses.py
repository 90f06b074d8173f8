"""Where names lead: looked at before anything connects there, and connected to as they were looked at.

A name may be answered differently a moment later (DNS rebinding), so whoever looks at an address and then lets
another resolve the name again has looked at nothing. Honest networks answer oddly too: clients of VPNs and
proxies give each name an address of their own making, carriers share addresses, IPv6-only networks translate.
"""

import asyncio
import ipaddress
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Literal

Place = Literal["public", "stand-in", "network", "machine"]
"""public: the Internet. stand-in: made up by a resolver of this machine or network for a host elsewhere. network:
what is only reached from here. machine: this machine itself, its link, or no single machine at all."""

ANYWHERE: frozenset[Place] = frozenset({"public", "stand-in", "network", "machine"})
BEYOND_THIS_MACHINE = ANYWHERE - {"machine"}
ELSEWHERE: frozenset[Place] = frozenset({"public", "stand-in"})

GOOD_FOR = 30.0
"""Seconds that an address is used without looking again."""
MOST_NAMES = 1_000
NEXT_AFTER = 0.25
"""Seconds until the next address of a name is tried beside the ones before (RFC 8305, 8)."""
PATIENCE = 5.0
"""Seconds for the last one to answer."""

_STAND_IN_V4 = ipaddress.IPv4Network("198.18.0.0/15")
"""For benchmarks (RFC 2544), so nobody lives there: Clash, Surge, sing-box and their like hand it out."""
_STAND_IN_V6 = ipaddress.IPv6Network("fc00::/18")
"""The same of sing-box for IPv6, in the half of RFC 4193 that nobody may assign."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
"""RFC 6052 and RFC 8215: an IPv4 address in the last 32 bits."""
_THIS_HOST = ipaddress.IPv4Network("0.0.0.0/8")

Resolver = Callable[[str, int], Awaitable[list[str]]]
Knock = Callable[[str, int], Awaitable[None]]


class LeadsInside(Exception):
    """A name or address leads to where it must not."""


def place_of(address: str) -> Place | None:
    """Where an IP address is; None for what is none. A zone behind it is passed over."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv4Address):
        return _place_of_v4(parsed)
    for ipv4_address in (parsed.ipv4_mapped, parsed.sixtofour):
        if ipv4_address is not None:
            return _place_of_v4(ipv4_address)
    if parsed in _NAT64:
        return _place_of_v4(_last_32_bits(parsed))
    if parsed in _LOCAL_NAT64:
        return "stand-in" if _place_of_v4(_last_32_bits(parsed)) == "public" else "network"
    if parsed in _STAND_IN_V6:
        return "stand-in"
    return _general_place_of(parsed)


def _place_of_v4(address: ipaddress.IPv4Address) -> Place:
    if address in _STAND_IN_V4:
        return "stand-in"
    return "machine" if address in _THIS_HOST else _general_place_of(address)


def _general_place_of(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Place:
    if address.is_loopback or address.is_unspecified or address.is_link_local or address.is_multicast:
        return "machine"
    if address.is_reserved:
        return "machine"
    return "public" if address.is_global else "network"


def _last_32_bits(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


async def resolve(host: str, port: int) -> list[str]:
    """Returns a name's addresses as this machine knows them, in the order to try them. Raises OSError."""
    try:
        entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError("no name of a host") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


async def knock(address: str, port: int) -> None:
    """Connect and hang up. Raises OSError."""
    _, writer = await asyncio.open_connection(address, port)
    writer.close()


class Addresses:
    """Keeps one address for each name, for a limited time.

    resolve, knock, clock: how names are resolved, addresses tried and seconds counted.
    """

    def __init__(
        self, resolve: Resolver = resolve, knock: Knock = knock, clock: Callable[[], float] = monotonic
    ) -> None:
        self._resolve = resolve
        self._knock = knock
        self._clock = clock
        self._known_addresses: dict[tuple[str, int, frozenset[Place]], tuple[float, str]] = {}

    async def of(self, host: str, port: int, allowed_places: frozenset[Place]) -> str:
        """Returns the address to connect to for a host: an allowed one, and of several the first that answers.

        Raises LeadsInside where there is no such address, OSError where there is none at all.
        """
        literal = place_of(host.strip("[]"))
        if literal is not None:
            # An address that a resolver made up is never written by hand.
            if literal not in allowed_places or (literal == "stand-in" and "network" not in allowed_places):
                raise LeadsInside
            return host.strip("[]")
        key = (host, port, allowed_places)
        until, address = self._known_addresses.get(key, (0.0, ""))
        if self._clock() < until:
            return address
        addresses = await self._resolve(host, port)
        if not addresses:
            raise OSError("the name has no address")
        usable = [candidate for candidate in addresses if place_of(candidate) in allowed_places]
        if not usable:
            raise LeadsInside
        address = usable[0] if len(usable) == 1 else await self._first_to_answer(usable, port)
        if len(self._known_addresses) >= MOST_NAMES:
            self._known_addresses.clear()
        self._known_addresses[key] = (self._clock() + GOOD_FOR, address)
        return address

    def forget(self, host: str, port: int) -> None:
        """Forget an address that did not answer, so that the name is resolved again."""
        for key in [key for key in self._known_addresses if key[:2] == (host, port)]:
            del self._known_addresses[key]

    async def _first_to_answer(self, addresses: list[str], port: int) -> str:
        """Returns the address that answers first (RFC 8305), so that a broken IPv6 network delays no connection."""
        pending = deque(addresses)
        trying: dict[asyncio.Task[None], str] = {}
        try:
            while pending or trying:
                if pending:
                    address = pending.popleft()
                    trying[asyncio.ensure_future(self._knock(address, port))] = address
                patience = NEXT_AFTER if pending else PATIENCE
                done_tasks, _ = await asyncio.wait(trying, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for task in done_tasks:
                    address = trying.pop(task)
                    if not task.cancelled() and task.exception() is None:
                        return address
                if not done_tasks and not pending:
                    break
        finally:
            for task in trying:
                task.cancel()
        return addresses[0]
