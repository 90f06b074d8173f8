"""Koban's own state and health over the API."""

import pytest

from addon.health import HealthLink
from addon.version import version
from rules.model import Text
from tests.addon.api.conftest import Api

pytestmark = pytest.mark.slow


async def test_status(api: Api) -> None:
    status = (await api.ask("GET", "/v1/status")).json()
    assert status["version"] == version()
    assert status["proxy"] == {"port": 8788, "listening": True, "aside": []}
    site = next(site for site in status["sites"] if site["id"] == "crowdworks")
    assert site["name"]["ja"] == "クラウドワークス"
    assert site["enabled"]


async def test_the_chains_health_is_said_with_repairs(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = HealthLink(holds=True, what=Text(ja="動いています", en="running"), repair=None)
    broken = HealthLink(holds=False, what=Text(ja="ない", en="missing"), repair=Text(ja="直す", en="mend"))
    monkeypatch.setattr("addon.api.routers.status.examine", lambda _: [whole, broken])
    said = (await api.ask("GET", "/v1/health")).json()
    assert [link["holds"] for link in said] == [True, False]
    assert said[1]["repair"] == {"ja": "直す", "en": "mend"}
