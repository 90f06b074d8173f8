"""Koban's own state and health over the API."""

from datetime import UTC, datetime

import pytest

from addon.health import HealthLink
from addon.koban import Renewal
from addon.version import version
from rules.model import Text
from rules.translations import Translations
from tests.addon.api.conftest import Api

pytestmark = pytest.mark.slow


async def test_status(api: Api) -> None:
    status = (await api.ask("GET", "/v1/status")).json()
    assert status["version"] == version()
    assert status["proxy"] == {"port": 8788, "listening": True, "aside": []}
    site = next(site for site in status["sites"] if site["id"] == "crowdworks")
    assert site["name"]["ja"] == "クラウドワークス"
    assert site["enabled"]


async def test_ux_disk_what_is_in_the_way_of_storing_is_said(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await api.ask("GET", "/v1/status")).json()["storage"] is None
    monkeypatch.setattr("addon.api.routers.status.storage_trouble", lambda _: "full")
    assert (await api.ask("GET", "/v1/status")).json()["storage"] == "full"


async def test_the_chains_health_is_said_with_repairs(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = HealthLink(holds=True, what=Text(ja="動いています", en="running"), repair=None)
    broken = HealthLink(holds=False, what=Text(ja="ない", en="missing"), repair=Text(ja="直す", en="mend"))
    asked: list[Translations | None] = []

    def examined(_: object, texts: Translations | None) -> list[HealthLink]:
        asked.append(texts)
        return [whole, broken]

    monkeypatch.setattr("addon.api.routers.status.examine", examined)
    said = (await api.ask("GET", "/v1/health")).json()
    assert [link["holds"] for link in said] == [True, False]
    assert said[1]["repair"] == {"ja": "直す", "en": "mend"}
    await api.ask("PATCH", "/v1/settings", json={"language": "fr"})
    await api.ask("GET", "/v1/health")
    assert [texts and texts.language for texts in asked] == [None, "fr"]


async def test_each_site_says_whether_it_is_optional_and_on(api: Api) -> None:
    async def sites() -> dict[str, tuple[bool, bool]]:
        listed = (await api.ask("GET", "/v1/status")).json()["sites"]
        assert [site["optional"] for site in listed] == sorted(site["optional"] for site in listed)
        return {site["id"]: (site["optional"], site["enabled"]) for site in listed}

    before = await sites()
    assert (before["crowdworks"], before["upwork"]) == ((False, True), (True, False))
    await api.ask("PATCH", "/v1/settings", json={"sites": {"upwork": {"enabled": True}}})
    assert (await sites())["upwork"] == (True, True)
    await api.ask("PATCH", "/v1/settings", json={"sites": {"upwork": {"enabled": None}}})
    assert await sites() == before


async def test_a_certificate_that_was_issued_again_is_said(api: Api) -> None:
    assert (await api.ask("GET", "/v1/status")).json()["certificate"] is None
    api.koban.renewal = Renewal(datetime(2026, 11, 27, tzinfo=UTC), stores=["Chromium"], refusing_stores=["Firefox"])
    assert (await api.ask("GET", "/v1/status")).json()["certificate"] == {
        "renewed": "2026-11-27T00:00:00Z",
        "stores": ["Chromium"],
        "refused": ["Firefox"],
    }


async def test_reach_02_a_newer_koban_is_said_where_a_pack_names_one(api: Api) -> None:
    assert (await api.ask("GET", "/v1/status")).json()["newest"] is None
    api.koban.newest = "0.2.0"
    assert (await api.ask("GET", "/v1/status")).json()["newest"] == "0.2.0"
