"""The history over the API."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from extractors.records import Client, Contract
from rules.sites import DESCRIPTORS, Terms
from tests.addon.api.conftest import Api
from tests.addon.history.conftest import foreign, seen

pytestmark = pytest.mark.slow


async def test_the_history_is_read_noted_reported_and_forgotten(api: Api) -> None:
    history = api.koban.history.current()
    assert history is not None
    who = Client(id="52", name="青空企画")
    deal = Contract(id="7", state="delivered", client=who, title="記事", delivered_at=datetime.now(UTC).date())
    history.record(seen(deal, at=datetime.now(UTC)))
    view = (await api.ask("GET", "/v1/history")).json()
    assert [(each["id"], each["owed"], each["state"]) for each in view["deals"]] == [("7", True, "delivered")]
    assert [due["kind"] for due in view["deals"][0]["dues"]] == ["ask", "law"]
    assert view["today"] == []
    calendar = (await api.ask("GET", "/v1/history/calendar")).json()["text"]
    assert calendar.count("BEGIN:VEVENT") == 2
    note = {"site": "crowdworks", "client": "52", "note": "返事が早い"}
    assert (await api.ask("PATCH", "/v1/history/client", json=note)).status_code == 204
    known = (await api.ask("GET", "/v1/history/client?site=crowdworks&client=52")).json()
    assert (known["note"], known["deals"], known["owed"]) == ("返事が早い", 1, 1)
    agreed = {"site": "crowdworks", "deal": "7", "revisions": 2}
    assert (await api.ask("PATCH", "/v1/history/deal", json=agreed)).status_code == 204
    about = {"site": "crowdworks", "deal": "7"}
    files = {file["name"]: file["text"] for file in (await api.ask("POST", "/v1/history/report", json=about)).json()}
    assert "青空企画（ID 52）" in files["report-ja.txt"]
    assert "返事が早い" not in "".join(files.values()), "the user's own note is nobody else's"
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["files"]:
        assert hashlib.sha256(files[entry["name"]].encode()).hexdigest() == entry["sha256"]
    of = {"site": "crowdworks", "client": "52"}
    assert (await api.ask("DELETE", "/v1/history/client", json=of)).status_code == 204
    assert (await api.ask("GET", "/v1/history/client?site=crowdworks&client=52")).status_code == 404
    assert (await api.ask("POST", "/v1/history/report", json=about)).status_code == 404
    assert (await api.ask("DELETE", "/v1/history", json={})).status_code == 204


async def test_due_dates_are_by_the_terms_of_the_packs_in_use(api: Api) -> None:
    history, today = api.koban.history.current(), datetime.now(UTC).date()
    assert history is not None
    asked = Contract(id="7", state="escrow-funded", demand="refund", demand_by="client", demanded_at=today)
    history.record(foreign("upwork", asked))
    assert [due["kind"] for due in (await api.ask("GET", "/v1/history/today")).json()] == ["answer"]
    none = Terms({"upwork": DESCRIPTORS["upwork"].model_copy(update={"deadlines": ()})})
    api.koban.terms = lambda: none
    view = (await api.ask("GET", "/v1/history")).json()
    assert (view["today"], [deal["dues"] for deal in view["deals"]]) == ([], [[]])
    assert (await api.ask("GET", "/v1/history/today")).json() == []
    assert "BEGIN:VEVENT" not in (await api.ask("GET", "/v1/history/calendar")).json()["text"]
    about = {"site": "upwork", "deal": "7"}
    files = (await api.ask("POST", "/v1/history/report", json=about)).json()
    assert "answer" not in next(file["text"] for file in files if file["name"] == "report-en.txt").lower()
