"""Settings and rules over the API."""

import sys
from pathlib import Path
from typing import Any

import pytest

from addon.api.models import ClientPatch, HistoryChange, SettingsPatch, SitePatch, TextPatch
from addon.api.routers.settings import LONGEST_EXAMPLE, example_of
from addon.desktop.autostart import AutostartFile, OwnAutostart
from addon.state.settings import ClientSettings, HistorySettings, Settings, SiteSettings
from rules.model import Text
from tests.addon.api.conftest import PAGE, Api, record
from tests.catalog import shipped_catalog

pytestmark = pytest.mark.slow


def test_house_f15_a_patch_may_change_each_setting_but_those_of_the_start() -> None:
    of_start = {"serve"}
    for patch, whole in (
        (SettingsPatch, Settings),
        (SitePatch, SiteSettings),
        (ClientPatch, ClientSettings),
        (HistoryChange, HistorySettings),
        (TextPatch, Text),
    ):
        assert set(patch.model_fields) == set(whole.model_fields) - of_start


async def test_house_f15_a_patch_is_merged_as_rfc_7396_has_it(api: Api) -> None:
    async def patched(**change: object) -> dict[str, Any]:
        answer = await api.ask("PATCH", "/v1/settings", json=change)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    await patched(sites={"crowdworks": {"rules": {"a": True, "b": False}}}, wrong={"a@b@c": "2026-11-26"})
    after = await patched(sites={"crowdworks": {"enabled": False, "rules": {"a": None}}}, history={"days": 30})
    assert after["sites"] == {"crowdworks": {"enabled": False, "rules": {"b": False}}}
    assert (after["wrong"], after["history"]["days"]) == ({"a@b@c": "2026-11-26"}, 30)
    after = await patched(sites=None, history={"days": None}, paused_until="2100-01-01T00:00:00Z")
    assert (after["sites"], after["history"]["days"]) == ({}, HistorySettings().days)
    assert after["paused_until"] == "2100-01-01T00:00:00Z"
    assert (await api.ask("PATCH", "/v1/settings", json={"sites": {"x": {"bogus": 1}}})).status_code == 422


async def test_house_f15_a_moment_without_its_zone_is_refused(api: Api) -> None:
    pause = {"paused_until": "2100-01-01T00:00:00"}
    assert (await api.ask("PATCH", "/v1/settings", json=pause)).status_code == 422
    assert (await api.ask("GET", "/v1/status")).status_code == 200


async def test_rules_and_switches(api: Api) -> None:
    rules = (await api.ask("GET", "/v1/rules")).json()
    rule = next(rule for rule in rules if rule["id"] == "direct-contract")
    assert rule["enabled"]
    assert rule["title"]["ja"]
    change = {"rules": {"direct-contract": False}, "sites": {"crowdworks": {"rules": {"direct-contract": True}}}}
    assert (await api.ask("PATCH", "/v1/settings", json=change)).status_code == 200
    rules = (await api.ask("GET", "/v1/rules")).json()
    rule = next(rule for rule in rules if rule["id"] == "direct-contract")
    assert (rule["enabled"], rule["sites"]) == (False, {"crowdworks": True})


async def test_a_switch_acts_on_a_page_that_was_judged_before(api: Api) -> None:
    record(api, "direct-contract", "outside-contact")
    ask = "/v1/verdicts?url=" + PAGE + "%23fragment"
    assert len((await api.ask("GET", ask)).json()["verdict"]["findings"]) == 2
    await api.ask("PATCH", "/v1/settings", json={"rules": {"direct-contract": False}})
    assert [f["rule"] for f in (await api.ask("GET", ask)).json()["verdict"]["findings"]] == ["outside-contact"]
    await api.ask("PATCH", "/v1/settings", json={"rules": {"direct-contract": None}})
    assert len((await api.ask("GET", ask)).json()["verdict"]["findings"]) == 2


@pytest.mark.parametrize(
    "change", [{"rules": {"x": "perhaps"}}, {"bogus": 1}, {"serve": {"upstream_ca": "/x"}}, {"schema_version": 9}]
)
async def test_settings_that_are_none_are_refused_by_field(api: Api, change: dict[str, object]) -> None:
    got = await api.ask("PATCH", "/v1/settings", json=change)
    assert got.status_code == 422
    assert next(iter(change)) in got.json()["detail"]
    assert api.koban.settings.current.rules == {}


def test_ux_options_each_rule_that_reads_words_has_some_of_its_own_as_an_example() -> None:
    rules = {rule.id: example_of(rule) for rule in shipped_catalog().rules}
    assert "直接" in str(rules["direct-contract"])
    assert all(example is None or 0 < len(example) <= LONGEST_EXAMPLE for example in rules.values())
    for numbers in ("few-earlier-offers", "little-known-client", "below-minimum-wage"):
        assert rules[numbers] is None, "the title of a job is no example of them"
    assert rules["says-account-is-new"] is not None
    assert rules["look-alike-site"] is not None


async def test_issue_21_what_is_said_is_said_in_the_language_that_is_asked_for_too(api: Api) -> None:
    before = (await api.ask("GET", "/v1/rules")).json()
    patched = await api.ask("PATCH", "/v1/settings", json={"language": "pt-BR"})
    assert patched.json()["language"] == "pt-BR"
    rules = (await api.ask("GET", "/v1/rules")).json()
    for rule in (rule for rule in rules if rule["status"] != "experimental"):
        assert all(rule[name]["pt-BR"] for name in ("title", "reason", "advice")), rule["id"]
        assert not any("{" in rule[name]["pt-BR"] for name in ("title", "reason", "advice")), rule["id"]
    sites = (await api.ask("GET", "/v1/status")).json()["sites"]
    assert {site["id"]: site["operator"].get("pt-BR") for site in sites}["upwork"] == "suporte da Upwork"
    assert (await api.ask("PATCH", "/v1/settings", json={"language": None})).json()["language"] is None
    assert (await api.ask("GET", "/v1/rules")).json() == before
    assert (await api.ask("PATCH", "/v1/settings", json={"language": "jp"})).status_code == 422


async def test_issue_21_a_reply_may_be_worded_in_any_language_of_koban(api: Api) -> None:
    reply = {"ja": "先に", "en": "First", "es": "Primero"}
    patched = await api.ask("PATCH", "/v1/settings", json={"templates": {"mine": reply}})
    assert patched.json()["templates"] == {"mine": reply}
    assert (await api.ask("PATCH", "/v1/settings", json={"templates": {"mine": {"jp": "x"}}})).status_code == 422


async def test_reach_03_the_system_starts_koban_as_the_user_has_it(api: Api, tmp_path: Path) -> None:
    async def shown() -> object:
        return (await api.ask("GET", "/v1/status")).json()["autostart"]

    assert await shown() is None
    assert (await api.ask("PUT", "/v1/autostart", json={"on": True})).status_code == 404
    entry = AutostartFile(tmp_path / "autostart/koban.desktop")
    api.koban.autostart = OwnAutostart(entry, [sys.executable, "start"])
    assert await shown() == "off"
    assert (await api.ask("PUT", "/v1/autostart", json={"on": True})).json() == {"state": "on"}
    assert entry.program() == sys.executable
    assert await shown() == "on"
    # As another program changes it, or takes the one away that is named.
    entry.set(["/nowhere/koban", "start"])
    assert await shown() == "gone"
    assert (await api.ask("PUT", "/v1/autostart", json={"on": False})).json() == {"state": "off"}
    assert not entry.path.exists()
    assert (await api.ask("PUT", "/v1/autostart", json={"on": "perhaps"})).status_code == 422


async def test_reach_03_an_entry_that_cannot_be_written_is_said_so(api: Api, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    api.koban.autostart = OwnAutostart(AutostartFile(tmp_path / "file/koban.desktop"), ["koban"])
    assert (await api.ask("PUT", "/v1/autostart", json={"on": True})).status_code == 507
