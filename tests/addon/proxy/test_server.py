"""The proxy as it is set up: which hosts it decrypts, what it promises sites, and what it follows."""

import asyncio
from pathlib import Path

import pytest

from addon.koban import Koban
from addon.loopback import CannotStart
from addon.proxy import server
from addon.state.reach import hosts_of, reached_sites
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR


@pytest.fixture
def koban(tmp_path: Path) -> Koban:
    return koban_in(tmp_path, CLEAR)


def test_only_what_the_certificate_covers_is_decrypted(koban: Koban) -> None:
    """The authority of this Koban is for CrowdWorks alone, whatever else is switched on."""
    hosts = server._decrypted_hosts(koban)
    assert "crowdworks.jp" in hosts
    assert all(host == "crowdworks.jp" or host.endswith(".crowdworks.jp") for host in hosts)
    assert hosts < set(hosts_of(reached_sites(koban.settings.current)))


def test_it_is_for_this_machine_and_no_weaker_towards_sites_than_a_browser(koban: Koban, tmp_path: Path) -> None:
    options = server._mitmproxy_options(koban, tmp_path / "roots.pem")
    assert options["listen_host"] == "127.0.0.1"
    assert options["ssl_verify_upstream_trusted_ca"] == str(tmp_path / "roots.pem")
    assert (options["tls_version_server_min"], options["tls_version_client_min"]) == ("TLS1_2", "TLS1_2")
    assert options.get("ssl_insecure", False) is False
    assert options["store_streamed_bodies"] is False


async def test_a_site_that_the_user_switches_off_is_off_from_then_on(koban: Koban) -> None:
    is_off = server._is_off(koban)
    assert not is_off("crowdworks.jp")
    koban.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
    assert is_off("crowdworks.jp")
    koban.settings.patch({"sites": None, "paused_until": "2999-01-01T00:00:00+00:00"})
    assert is_off("crowdworks.jp")


async def test_a_proxy_that_does_not_listen_is_said_so() -> None:
    class Deaf:
        def listen_addrs(self) -> list[object]:
            return []

    async def ended() -> None: ...

    task = asyncio.create_task(ended())
    await task
    with pytest.raises(CannotStart):
        await server._listening(Deaf(), task)  # type: ignore[arg-type]
