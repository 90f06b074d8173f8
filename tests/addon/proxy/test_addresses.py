"""Where names lead: nothing inside is connected to, and one address is used that was looked at."""

import asyncio

import pytest

from addon.proxy.addresses import BEYOND_THIS_MACHINE, ELSEWHERE, GOOD_FOR, Addresses, LeadsInside, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("93.184.216.34", "public"),
        ("2606:4700::1", "public"),
        ("198.18.3.4", "stand-in"),
        ("fc00:0::1", "stand-in"),
        ("10.0.0.1", "network"),
        ("192.168.1.1", "network"),
        ("100.64.0.1", "network"),
        ("127.0.0.1", "machine"),
        ("0.0.0.1", "machine"),
        ("169.254.169.254", "machine"),
        ("::1", "machine"),
        ("fe80::1%eth0", "machine"),
        ("::ffff:127.0.0.1", "machine"),
        ("::ffff:10.0.0.1", "network"),
        ("2002:7f00:1::", "machine"),
        ("64:ff9b::7f00:1", "machine"),
        ("64:ff9b:1::a00:1", "network"),
        ("crowdworks.jp", None),
        ("", None),
    ],
)
def test_the_place_of_an_address(address: str, place: str | None) -> None:
    assert place_of(address) == place


class Names:
    """Names with their addresses, some of which answer."""

    def __init__(self, *addresses: str, answering: str | None = None) -> None:
        self.addresses = list(addresses)
        self.answering = answering
        self.resolved = 0
        self.now = 0.0
        self.of = Addresses(self.resolve, self.knock, lambda: self.now).of

    async def resolve(self, _host: str, _port: int) -> list[str]:
        self.resolved += 1
        return self.addresses

    async def knock(self, address: str, _port: int) -> None:
        if address != self.answering:
            raise OSError


async def test_a_name_is_resolved_once_and_again_after_a_while() -> None:
    names = Names("93.184.216.34")
    for _ in range(3):
        assert await names.of("crowdworks.jp", 443, ELSEWHERE) == "93.184.216.34"
    assert names.resolved == 1
    names.addresses = ["127.0.0.1"]
    assert await names.of("crowdworks.jp", 443, ELSEWHERE) == "93.184.216.34", "rebound within the time"
    names.now += GOOD_FOR
    with pytest.raises(LeadsInside):
        await names.of("crowdworks.jp", 443, ELSEWHERE)


async def test_only_allowed_addresses_are_used_and_the_one_that_answers() -> None:
    names = Names("10.0.0.1", "93.184.216.34", "93.184.216.35", answering="93.184.216.35")
    assert await names.of("crowdworks.jp", 443, ELSEWHERE) == "93.184.216.35"


async def test_a_name_without_an_address_and_one_that_leads_inside() -> None:
    with pytest.raises(OSError, match="no address"):
        await Names().of("crowdworks.jp", 443, ELSEWHERE)
    with pytest.raises(LeadsInside):
        await Names("192.168.0.1", "127.0.0.1").of("crowdworks.jp", 443, ELSEWHERE)
    assert await Names("192.168.0.1").of("crowdworks.jp", 443, BEYOND_THIS_MACHINE) == "192.168.0.1"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "198.18.0.1"])
async def test_an_address_written_by_hand_leads_inside(host: str) -> None:
    with pytest.raises(LeadsInside):
        await Names().of(host, 443, ELSEWHERE)


async def test_a_forgotten_name_is_resolved_again() -> None:
    names = Names("93.184.216.34")
    addresses = Addresses(names.resolve, names.knock, lambda: 0.0)
    await addresses.of("a", 443, ELSEWHERE)
    await addresses.of("a", 80, ELSEWHERE)
    addresses.forget("a", 443)
    await asyncio.gather(addresses.of("a", 443, ELSEWHERE), addresses.of("a", 80, ELSEWHERE))
    assert names.resolved == 3
