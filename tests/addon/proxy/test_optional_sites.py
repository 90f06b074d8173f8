"""A running proxy looks into an optional site from the moment its user switches it on, and no longer than that."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from addon.koban import Koban
from addon.state.options import Resolve, ServeOptions
from tests.addon.judges import CLEAR
from tests.addon.proxy.conftest import HOST, NAVIGATION, AnyBench
from tests.addon.proxy.upstream import Answer, Authority, Upstream
from tests.unhurried import running_unhurried

pytestmark = pytest.mark.slow

OPTIONAL = "www.upwork.com"
PAGE = b"<!doctype html><title>t</title><p>page"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tester's own trust stores are left alone."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@asynccontextmanager
async def two_sites(tmp_path: Path, settings: Mapping[str, object] | None = None) -> AsyncIterator[tuple[Koban, Path]]:
    """A Koban in front of a site of every installation and of an optional one; and their own authority."""
    authority = Authority.make()
    trust = authority.save(tmp_path / "upstream-ca.pem")
    async with (
        Upstream(authority.issue(tmp_path, HOST), lambda _: Answer([PAGE])) as one,
        Upstream(authority.issue(tmp_path, OPTIONAL), lambda _: Answer([PAGE])) as other,
    ):
        options = ServeOptions(
            listen_port=0,
            api_port=0,
            state_dir=tmp_path / "state",
            upstream_ca=trust,
            resolve=(Resolve(HOST, 443, "127.0.0.1", one.port), Resolve(OPTIONAL, 443, "127.0.0.1", other.port)),
        )
        async with running_unhurried(options, CLEAR) as koban:
            yield koban, trust


async def seen(koban: Koban, host: str, trust: Path | None = None) -> bool:
    """Whether a page came through Koban's own certificate; through the site's where `trust` is its authority."""
    async with AnyBench(koban).client(trust=trust) as client:
        got = await client.get(f"https://{host}/", headers=NAVIGATION)
    assert got.content.startswith(PAGE)
    return b"<koban-verdict" in got.content


async def switch(koban: Koban, on: bool | None) -> None:
    # As the API does it: beside the event loop.
    await asyncio.to_thread(koban.settings.patch, {"sites": {"upwork": {"enabled": on}}})


async def test_an_optional_site_is_a_raw_tunnel_until_it_is_switched_on(tmp_path: Path) -> None:
    async with two_sites(tmp_path) as (koban, site_authority):
        older = tmp_path / "older.pem"
        older.write_bytes(koban.authority.certificate.read_bytes())
        assert not await seen(koban, OPTIONAL, site_authority)
        assert await seen(koban, HOST)
        await switch(koban, True)
        assert await seen(koban, OPTIONAL)
        assert await seen(koban, HOST)
        assert await seen(koban, HOST, older), "who trusts the older certificate alone is still served"
        with pytest.raises(httpx.ConnectError, match="permitted subtree"):
            await seen(koban, OPTIONAL, older)
        newer = tmp_path / "newer.pem"
        newer.write_bytes(koban.authority.certificate.read_bytes())
        await switch(koban, None)
        assert not await seen(koban, OPTIONAL, site_authority)
        assert await seen(koban, HOST, newer)


async def test_a_site_that_was_on_is_looked_into_after_the_next_start(tmp_path: Path) -> None:
    async with two_sites(tmp_path) as (koban, _):
        await switch(koban, True)
        key = koban.authority.spki_hash
    async with two_sites(tmp_path) as (koban, _):
        assert (koban.authority.reason_made, koban.authority.spki_hash) == (None, key)
        assert await seen(koban, OPTIONAL)


async def test_a_site_that_the_certificate_does_not_cover_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_sites(tmp_path) as (koban, site_authority):

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("addon.state.authority.write_atomically", full)
        await switch(koban, True)
        assert not await seen(koban, OPTIONAL, site_authority)
        assert await seen(koban, HOST)


async def test_what_another_hand_writes_into_the_settings_widens_nothing_before_the_next_start(tmp_path: Path) -> None:
    async with two_sites(tmp_path) as (koban, site_authority):
        (tmp_path / "state" / "settings.json").write_text(
            '{"schema_version": 2, "sites": {"upwork": {"enabled": true}}}', "utf-8"
        )
        assert koban.settings.current.is_on("upwork")
        assert not await seen(koban, OPTIONAL, site_authority)
