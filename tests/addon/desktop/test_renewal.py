"""The authority's certificate follows the sites that are switched on; whoever trusted the older one is served."""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from addon.desktop import renewal
from addon.desktop.renewal import renew_in_time, renew_with_settings
from addon.desktop.trust import NssStore, Store, holds
from addon.koban import Koban, Renewal
from addon.state.authority import ensure_authority
from addon.state.reach import domains_of, reached_sites
from addon.state.settings import Settings
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR
from tests.addon.stores import FakeStore, read


@pytest.fixture
def koban(tmp_path: Path) -> Koban:
    koban = koban_in(tmp_path, CLEAR)
    koban.authority = ensure_authority(tmp_path / "authority", domains_of(reached_sites(Settings())))
    return koban


def renewing(koban: Koban, stores: Sequence[Store] = ()) -> list[Renewal]:
    """The renewals from now on."""
    renewals: list[Renewal] = []
    renew_with_settings(koban, lambda: stores)
    koban.renewal_listeners.add(renewals.append)
    return renewals


def test_a_site_that_is_switched_on_is_covered_at_once_and_one_that_is_switched_off_no_more(koban: Koban) -> None:
    renewals, key = renewing(koban), koban.authority.spki_hash
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert koban.authority.covers("www.upwork.com")
    assert not koban.authority.covers("www.malt.fr")
    koban.settings.patch({"sites": {"upwork": {"enabled": None}}})
    assert not koban.authority.covers("www.upwork.com")
    assert koban.authority.covers("crowdworks.jp")
    assert koban.authority.spki_hash == key, "a window that trusts the key goes on"
    assert len(renewals) == 2
    assert koban.renewal == renewals[-1]


def test_a_certificate_that_ends_while_a_window_is_open_is_issued_again_over_the_same_key(koban: Koban) -> None:
    renewals: list[Renewal] = []
    older = read(koban.authority.certificate)
    store = FakeStore("trusting", [older])
    renew = renew_with_settings(koban, lambda: [store])
    koban.renewal_listeners.add(renewals.append)
    until, key = koban.authority.until, koban.authority.spki_hash
    renew(until - timedelta(days=31))
    assert renewals == []
    later = until - timedelta(days=29)
    renew(later)
    assert (koban.authority.spki_hash, koban.authority.until > until) == (key, True)
    assert store.certificates == [read(koban.authority.certificate)] != [older]
    renew(later)
    assert [renewal.at for renewal in renewals] == [later]


def test_a_site_that_is_switched_on_in_the_last_month_leaves_the_key(koban: Koban) -> None:
    soon = datetime.now(UTC) - timedelta(days=345)
    shutil.rmtree(koban.authority.folder)
    koban.authority = ensure_authority(koban.authority.folder, domains_of(reached_sites(Settings())), soon)
    key = koban.authority.spki_hash
    renewing(koban)
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert (koban.authority.covers("www.upwork.com"), koban.authority.spki_hash) == (True, key)
    assert not koban.authority.ends_soon(datetime.now(UTC))


async def test_the_look_goes_on_where_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "EVERY", 0.0)
    looks: list[datetime] = []
    second = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look(now: datetime) -> None:
        looks.append(now)
        if len(looks) > 1:
            loop.call_soon_threadsafe(second.set)
        raise OSError

    task = asyncio.create_task(renew_in_time(look))
    await asyncio.wait_for(second.wait(), 5)
    task.cancel()


def test_other_changes_issue_nothing(koban: Koban) -> None:
    renewals, before = renewing(koban), koban.authority.certificate.read_bytes()
    koban.settings.patch({"sites": {"lancers": {"enabled": False}}, "guard": False})
    koban.settings.patch({"sites": {"upwork": {"enabled": False}}})
    assert (renewals, koban.renewal) == ([], None)
    assert koban.authority.certificate.read_bytes() == before


def test_stores_that_trusted_the_older_one_get_the_new_one_and_no_others(koban: Koban, tmp_path: Path) -> None:
    older = read(koban.authority.certificate)
    stranger = read(ensure_authority(tmp_path / "another installation", ["crowdworks.jp"]).certificate)
    trusting, refusing = FakeStore("trusting", [older]), FakeStore("refusing", [older], takes=False)
    empty, foreign = FakeStore("empty"), FakeStore("foreign", [stranger])
    (renewals := renewing(koban, [trusting, refusing, empty, foreign])).clear()
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert trusting.certificates == [read(koban.authority.certificate)]
    assert refusing.certificates == [older], "what it had is not lost"
    assert (empty.certificates, foreign.certificates) == ([], [stranger])
    (renewal,) = renewals
    assert (renewal.stores, renewal.refusing_stores) == (["trusting"], ["refusing"])


class FailingStore(FakeStore):
    """One whose folder cannot be made."""

    def add(self, certificate: Path) -> bool:
        raise PermissionError(13, "Permission denied")


def test_a_store_that_fails_has_refused_and_all_else_hears_of_the_new_one(koban: Koban) -> None:
    older = read(koban.authority.certificate)
    failing, trusting = FailingStore("failing", [older]), FakeStore("trusting", [older])
    renewals = renewing(koban, [failing, trusting])
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert trusting.certificates == [read(koban.authority.certificate)]
    assert [(renewal.stores, renewal.refusing_stores) for renewal in renewals] == [(["trusting"], ["failing"])]


def test_the_new_one_is_told_of_where_the_stores_cannot_be_looked_for(koban: Koban) -> None:
    def unlisted() -> Sequence[Store]:
        raise PermissionError(13, "Permission denied")

    renewals: list[Renewal] = []
    renew_with_settings(koban, unlisted)
    koban.renewal_listeners.add(renewals.append)
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert koban.authority.covers("www.upwork.com")
    assert [(renewal.stores, renewal.refusing_stores) for renewal in renewals] == [([], [])]


def test_a_certificate_that_cannot_be_written_leaves_the_older_one_in_use(
    koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals, before = renewing(koban), koban.authority

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("addon.state.authority.write_atomically", full)
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert (koban.authority, renewals) == (before, [])
    assert not koban.authority.covers("www.upwork.com")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("certutil") is None, reason="libnss3-tools is not installed")
def test_nss_takes_the_new_one_in_the_older_ones_place(koban: Koban, tmp_path: Path) -> None:
    store = NssStore("x", tmp_path / "db")
    assert store.add(koban.authority.certificate)
    renewing(koban, [store])
    koban.settings.patch({"sites": {"upwork": {"enabled": True}}})
    assert len(store.authorities()) == 1
    assert holds(store, koban.authority.certificate)
