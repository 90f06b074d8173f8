"""Where Koban connects: to the address that was looked at, on odd but honest networks too, and never back inside."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from mitmproxy import connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from addon.app import running
from addon.proxy import gate as gates
from addon.proxy.addresses import ANYWHERE, BEYOND_THIS_MACHINE, ELSEWHERE, GOOD_FOR, Addresses, LeadsInside, place_of
from addon.proxy.gate import Gate
from addon.proxy.upstream import UpstreamCheck
from addon.state.bypass import Bypass
from addon.state.options import ServeOptions
from tests.addon.judges import CLEAR
from tests.addon.proxy.conftest import HOST, NAVIGATION, Start
from tests.addon.proxy.upstream import Answer, Authority, Upstream

pytestmark = pytest.mark.slow

PUBLIC = "1.1.1.1"


class Names:
    """A resolver that answers each time what comes next, and says the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return list(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


async def nobody_answers(address: str, port: int) -> None:
    raise ConnectionRefusedError


def gate(names: Names, clock: Callable[[], float] = lambda: 0.0) -> Gate:
    addresses = Addresses(names, nobody_answers, clock)
    trusted = Path(ssl.get_default_verify_paths().cafile or "")
    upstream = UpstreamCheck(trusted, {}, addresses)
    return Gate({HOST}, (), Bypass(), upstream, lambda _: False, addresses)


def connecting(host: str, port: int, *, within_tls: bool = False) -> ServerConnectionHookData:
    client = connection.Client(peername=("127.0.0.1", 5), sockname=("127.0.0.1", 6), timestamp_start=0.0)
    if within_tls:
        client.timestamp_tls_setup = 1.0
    return ServerConnectionHookData(connection.Server(address=(host, port)), client)


@pytest.fixture
def led_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The marketplace's name leads to this machine, as a client of a VPN may have it; which names were looked up."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1" if host == HOST else host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return looked_up


async def test_field_04_a_good_certificate_is_proof_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, led_here: list[str]
) -> None:
    authority = Authority.make()
    page = b"<!doctype html><title>t</title><p>page"
    async with Upstream(authority.issue(tmp_path, HOST), lambda _: Answer([page])) as upstream:
        monkeypatch.setattr(gates, "HTTPS", upstream.port)
        options = ServeOptions(0, 0, tmp_path / "state", authority.save(tmp_path / "ca.pem"))
        async with running(options, CLEAR) as koban:
            context = ssl.create_default_context(cafile=str(koban.authority.certificate))
            proxy = f"http://127.0.0.1:{koban.proxy_port}"
            async with httpx.AsyncClient(proxy=proxy, verify=context, trust_env=False, timeout=60) as client:
                got = await client.get(f"https://{HOST}:{upstream.port}/", headers=NAVIGATION)
        assert got.content.startswith(page)
        assert b"<koban-verdict" in got.content
        assert upstream.connections == 2, "the look, and the page"
        assert led_here.count(HOST) == 1, "what was looked at is what is connected to"


async def test_field_04_a_bad_certificate_on_this_machine_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, led_here: list[str]
) -> None:
    stranger = Authority.make("stranger")
    async with Upstream(stranger.issue(tmp_path, HOST)) as upstream:
        monkeypatch.setattr(gates, "HTTPS", upstream.port)
        options = ServeOptions(0, 0, tmp_path / "state", Authority.make().save(tmp_path / "ca.pem"))
        async with running(options, CLEAR) as koban:
            context = ssl.create_default_context(cafile=str(stranger.save(tmp_path / "stranger.pem")))
            proxy = f"http://127.0.0.1:{koban.proxy_port}"
            async with httpx.AsyncClient(proxy=proxy, verify=context, trust_env=False, timeout=60) as client:
                with pytest.raises(httpx.TransportError):
                    await client.get(f"https://{HOST}:{upstream.port}/", headers=NAVIGATION)
            bypassed = koban.bypass.get(HOST)
        assert not upstream.requests
    assert bypassed is not None
    assert bypassed.reason == "upstream-certificate"


ODD_BUT_HONEST = ["198.18.0.7", "100.64.0.7", "64:ff9b:1::7", "64:ff9b::101:101", "fd00::7", "fc00::7", "192.168.3.4"]


@pytest.mark.parametrize("address", ODD_BUT_HONEST)
@pytest.mark.parametrize("within_tls", [True, False], ids=["looked into", "left alone"])
async def test_field_04_a_marketplace_is_reached_wherever_its_name_leads(address: str, within_tls: bool) -> None:
    data = connecting(HOST, 443, within_tls=within_tls)
    await gate(Names([address])).server_connect(data)
    assert data.server.error is None
    assert data.server.address == (address, 443)


async def test_field_04_a_site_on_this_machine_must_prove_itself() -> None:
    proven, raw = connecting(HOST, 443, within_tls=True), connecting(HOST, 443)
    await gate(Names(["127.0.0.1"])).server_connect(proven)
    await gate(Names(["127.0.0.1"])).server_connect(raw)
    assert proven.server.error is None, "its certificate is asked for before anything is sent"
    assert raw.server.error is not None


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        (PUBLIC, True),
        ("198.18.0.7", True),
        ("fc00::7", True),
        ("64:ff9b:1::101:101", True),
        ("64:ff9b:1::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("100.64.0.7", False),
        ("fd00::7", False),
        ("192.168.3.4", False),
        ("127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
    ],
)
@pytest.mark.parametrize(("host", "port"), [("other.example", 443), (HOST, 80)])
async def test_field_04_other_names_lead_to_the_internet_alone(
    address: str, reached: bool, host: str, port: int
) -> None:
    data = connecting(host, port)
    await gate(Names([address])).server_connect(data)
    assert (data.server.error is None) is reached
    assert (data.server.address == (address, port)) is reached


async def test_field_04_an_address_that_resolvers_make_up_is_nobodys_to_write() -> None:
    data = connecting("198.18.0.7", 443)
    await gate(Names(["198.18.0.7"])).server_connect(data)
    assert data.server.error is not None


@pytest.mark.parametrize("way", ["tunnel", "plain"])
async def test_field_04_a_refusal_is_said_in_the_users_words(bench: Start, way: str) -> None:
    async with bench() as b:
        line = b"CONNECT 10.0.0.1:443" if way == "tunnel" else b"GET http://10.0.0.1/"
        answer = await _asked(b.koban.proxy_port, line + b" HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 403 " in head
    assert b"charset=utf-8" in head
    assert "中継しません" in body.decode()
    assert "does not connect back" in body.decode()


async def test_attack_16_what_was_looked_at_is_what_is_connected_to() -> None:
    names = Names([PUBLIC], ["127.0.0.1"])
    now = 0.0
    door = gate(names, lambda: now)
    data = connecting("rebound.example", 8789)
    await door.server_connect(data)
    assert data.server.address == (PUBLIC, 8789), "and not a name that is resolved once more"
    again = connecting("rebound.example", 8789)
    await door.server_connect(again)
    assert (again.server.address, names.asked) == ((PUBLIC, 8789), 1)
    now = GOOD_FOR
    later = connecting("rebound.example", 8789)
    await door.server_connect(later)
    assert later.server.error is not None
    assert names.asked == 2


async def test_attack_16_a_name_without_an_answer_is_not_left_to_a_second_look() -> None:
    data = connecting("rebound.example", 8789)
    await gate(Names([], ["127.0.0.1"])).server_connect(data)
    assert data.server.error is not None


async def test_attack_16_a_connection_is_known_by_the_name_that_was_asked_for() -> None:
    door = gate(Names([PUBLIC]))
    data = connecting("other.example", 443)
    await door.server_connect(data)
    door.server_connected(data)
    assert data.server.address == ("other.example", 443)


async def test_attack_16_an_address_that_does_not_answer_is_looked_up_anew() -> None:
    names = Names([PUBLIC], ["1.0.0.1"])
    door = gate(names)
    data = connecting("other.example", 443)
    await door.server_connect(data)
    door.server_connect_error(data)
    assert data.server.address == ("other.example", 443)
    await door.server_connect(data)
    assert data.server.address == ("1.0.0.1", 443)


async def test_of_several_addresses_one_that_answers_is_taken_and_none_from_inside() -> None:
    tried: list[str] = []

    async def knock(address: str, port: int) -> None:
        tried.append(address)
        if address != "1.0.0.1":
            raise OSError

    addresses = Addresses(Names(["2606:4700::1111", "127.0.0.1", "1.1.1.1", "1.0.0.1"]), knock)
    assert await addresses.of("other.example", 443, ELSEWHERE) == "1.0.0.1"
    assert "127.0.0.1" not in tried


async def test_an_address_that_never_answers_holds_nobody_up() -> None:
    async def knock(address: str, port: int) -> None:
        if address == "2606:4700::1111":
            await asyncio.Event().wait()

    addresses = Addresses(Names(["2606:4700::1111", "1.1.1.1"]), knock)
    assert await addresses.of("other.example", 443, ELSEWHERE) == "1.1.1.1"


async def test_what_may_be_reached_is_kept_apart_for_each_who_asks() -> None:
    addresses = Addresses(Names(["127.0.0.1"]))
    assert await addresses.of(HOST, 443, ANYWHERE) == "127.0.0.1"
    with pytest.raises(LeadsInside):
        await addresses.of(HOST, 443, BEYOND_THIS_MACHINE)


def test_what_is_no_address_has_no_place() -> None:
    assert place_of("crowdworks.jp") is None


async def test_what_fails_before_a_site_is_vouched_for_is_not_decrypted_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing:
        async def trouble(self, host: str, port: int) -> None:
            raise RuntimeError

    def is_off(_: str) -> bool:
        raise RuntimeError

    addresses = Addresses(Names([PUBLIC]), nobody_answers)
    for upstream, off in ((Failing(), lambda _: False), (None, is_off)):
        tested = Gate({HOST}, (), Bypass(), upstream, off, addresses)  # type: ignore[arg-type]
        context = SimpleNamespace(server=connection.Server(address=(HOST, 443)), client=None)
        hello = SimpleNamespace(context=context, client_hello=SimpleNamespace(sni=HOST), ignore_connection=False)
        with pytest.raises(RuntimeError):
            await tested.tls_clienthello(hello)  # type: ignore[arg-type]
        assert hello.ignore_connection is True
        assert f"{HOST}: not looked into: RuntimeError at " in caplog.text
        caplog.clear()


async def test_attack_26_https_without_a_tunnel_is_refused(bench: Start) -> None:
    async with bench() as b:
        target = f"https://{HOST}/".encode()
        answer = await _asked(
            b.koban.proxy_port, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        assert b" 400 " in answer.splitlines()[0]
        assert "トンネル" in answer.decode()
        assert not b.upstream.requests
        assert b.upstream.connections == 0


async def test_attack_27_a_dot_at_the_end_is_the_same_host(bench: Start, tmp_path: Path) -> None:
    page = b"<!doctype html><title>t</title><p>page"
    async with bench(Answer([page])) as b:
        reader, writer = await asyncio.open_connection("127.0.0.1", b.koban.proxy_port)
        writer.write(f"CONNECT {HOST}.:443 HTTP/1.1\r\nHost: {HOST}.:443\r\n\r\n".encode())
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        context = ssl.create_default_context(cafile=str(b.koban.authority.certificate))
        await writer.start_tls(context, server_hostname=HOST)
        lines = [f"GET / HTTP/1.1\r\nHost: {HOST}.", *(f"{name}: {value}" for name, value in NAVIGATION.items())]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        answer = await reader.read()
        writer.close()
        assert b"<koban-verdict" in answer
        assert b.koban.verdicts.shown(f"https://{HOST}/") is not None


async def _asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer
