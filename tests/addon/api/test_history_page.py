"""The page of the history that Koban itself serves: for who has its link, and for nobody else."""

import io
import json
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from addon.api.history_page import read_bundle
from addon.credentials.visits import MAX_SESSIONS, Visits
from addon.desktop.window import built_extension
from addon.history.deals import MOST_DEALS
from addon.koban import HISTORY_PATH
from extractors.records import Client, Contract
from tests.addon.api.conftest import ORIGIN, Api
from tests.addon.findings import finding
from tests.addon.history.conftest import seen

pytestmark = pytest.mark.slow

HISTORY = "/v1/history"
ROUTES = [
    ("GET", "/v1/status"),
    ("GET", "/v1/rules"),
    ("GET", "/v1/settings"),
    ("GET", "/v1/verdicts?url=x"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/events"),
    ("PATCH", "/v1/settings"),
    ("POST", "/v1/check"),
    ("DELETE", "/v1/pairing"),
    ("GET", "/v1/history-of-others"),
]


class Visitor:
    """What the page does, from the origin that it stands at."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.origin = f"http://127.0.0.1:{api.port}"
        self.token: str | None = None

    async def enter(self, code: str, origin: str | None = "own") -> httpx.Response:
        headers = {"Origin": self.origin if origin == "own" else origin, "Authorization": None}
        got = await self.api.ask("POST", f"{HISTORY}/session", json={"code": code}, headers=headers)
        if got.status_code == 200:
            self.token = got.json()["token"]
        return got

    async def ask(self, method: str, path: str, **over: str | None) -> httpx.Response:
        own = {"Authorization": f"Bearer {self.token}", "Origin": None if method == "GET" else self.origin}
        body: dict[str, Any] = {} if method == "GET" else {"json": {}}
        return await self.api.ask(method, path, headers=own | over, **body)


@pytest.fixture
async def visitor(api: Api) -> Visitor:
    visitor = Visitor(api)
    assert (await visitor.enter(api.koban.visits.open_code())).status_code == 200
    return visitor


async def test_a_link_opens_the_history_and_nothing_else(visitor: Visitor) -> None:
    assert (await visitor.ask("GET", HISTORY)).status_code == 200
    assert (await visitor.ask("PATCH", f"{HISTORY}/settings")).status_code == 200
    for method, path in ROUTES:
        assert (await visitor.ask(method, path)).status_code in (401, 403), path
        assert (await visitor.ask(method, path, Origin=ORIGIN)).status_code in (401, 403), path


async def test_a_link_is_good_once_and_its_second_use_ends_the_session(visitor: Visitor) -> None:
    code = visitor.api.koban.visits.open_code()
    assert (await visitor.enter(code)).status_code == 200
    assert (await visitor.ask("GET", HISTORY)).status_code == 200
    again = await visitor.enter(code)
    assert (again.status_code, again.json()["error"]) == (403, "forbidden")
    assert (await visitor.ask("GET", HISTORY)).status_code == 401, "one of the two was not meant to have it"


@pytest.mark.parametrize("token", [None, "wrong", "x" * 43])
async def test_without_its_token_nothing_is_read(visitor: Visitor, token: str | None) -> None:
    visitor.token = token
    for method, path in [("GET", HISTORY), ("DELETE", HISTORY), ("POST", f"{HISTORY}/report")]:
        assert (await visitor.ask(method, path)).status_code == 401
        assert (await visitor.ask(method, path, Origin=None)).status_code in (401, 403)


@pytest.mark.parametrize(
    "origin",
    ["https://crowdworks.jp", "http://127.0.0.1", "http://127.0.0.1:1", "http://localhost:{port}", "null", ORIGIN],
)
async def test_another_origin_is_refused_even_with_its_token(visitor: Visitor, origin: str) -> None:
    origin = origin.format(port=visitor.api.port)
    for method, path in [("GET", HISTORY), ("DELETE", HISTORY), ("PATCH", f"{HISTORY}/settings")]:
        got = await visitor.ask(method, path, Origin=origin)
        assert got.status_code in (401, 403)
        assert got.headers.get("access-control-allow-origin") in (None, ORIGIN)
    code = visitor.api.koban.visits.open_code()
    assert (await visitor.enter(code, origin)).status_code in (401, 403)
    assert (await visitor.enter(code, None)).status_code in (401, 403)
    assert (await visitor.enter(code)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_a_request_that_the_browser_says_is_anothers_is_refused(visitor: Visitor, site: str) -> None:
    assert (await visitor.ask("GET", HISTORY, **{"Sec-Fetch-Site": site})).status_code == 401
    assert (await visitor.ask("GET", HISTORY, **{"Sec-Fetch-Site": "same-origin"})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example:{port}", "127.0.0.1.nip.io:{port}", "0.0.0.0:{port}", "127.0.0.1"])
async def test_a_rebound_name_gets_neither_page_nor_history(visitor: Visitor, host: str) -> None:
    host = host.format(port=visitor.api.port)
    for path in (HISTORY_PATH, HISTORY):
        assert (await visitor.ask("GET", path, Host=host)).status_code == 403
        assert (await visitor.ask("GET", path, Host=host, Origin=f"http://{host}")).status_code == 403


async def test_no_preflight_gives_leave(visitor: Visitor) -> None:
    for origin in (visitor.origin, "https://crowdworks.jp"):
        got = await visitor.ask("OPTIONS", HISTORY, Origin=origin, **{"Access-Control-Request-Method": "DELETE"})
        assert got.status_code == 403
        assert not [name for name in got.headers if name.startswith("access-control")]


async def test_the_page_is_neither_framed_nor_kept_and_runs_its_own_scripts_alone(api: Api) -> None:
    got = await api.ask("GET", HISTORY_PATH, headers={"Authorization": None, "Origin": None})
    assert got.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
    assert (got.headers["referrer-policy"], got.headers["cache-control"]) == ("no-referrer", "no-store")
    assert got.headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in got.headers
    framed = await api.ask("GET", HISTORY_PATH, headers={"Authorization": None, "Origin": "https://crowdworks.jp"})
    assert framed.status_code == 403


async def test_where_the_extension_is_not_built_the_page_says_so(api: Api) -> None:
    got = await api.ask("GET", HISTORY_PATH, headers={"Authorization": None, "Origin": None})
    assert got.status_code == 503
    assert "npm run build" in got.text


def test_a_code_ends_after_ten_minutes_and_sessions_are_few() -> None:
    now = datetime.now(UTC)
    visits = Visits(clock=lambda: now)
    code = visits.open_code()
    now += timedelta(minutes=10)
    assert visits.enter(code) is None
    tokens = [visits.enter(visits.open_code()) or "" for _ in range(MAX_SESSIONS + 1)]
    assert [visits.admits(token) for token in (tokens[0], tokens[1], tokens[-1])] == [False, True, True]
    assert not Visits().admits(tokens[-1]), "another process knows nothing of them"


def test_the_bundle_is_the_page_and_what_it_loads_and_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "chunks").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "deals.html").write_text('<script src="/chunks/a.js"></script><link href="/assets/a.css">')
    (tmp_path / "chunks" / "a.js").write_text('import{x}from"./b.js";')
    assert read_bundle(tmp_path) is None, "a part is missing"
    (tmp_path / "chunks" / "b.js").write_text('import"./a.js"')
    (tmp_path / "assets" / "a.css").write_text("")
    bundle = read_bundle(tmp_path)
    assert bundle is not None
    assert set(bundle.files) == {HISTORY_PATH, "/chunks/a.js", "/chunks/b.js", "/assets/a.css"}
    assert read_bundle(None) is None


async def remember(api: Api) -> None:
    who = Client(id="52", name="青空企画")
    deal = Contract(id="7", state="delivered", client=who, title="記事", delivered_at=datetime.now(UTC).date())
    history = api.koban.history.current()
    assert history is not None
    history.record(seen(deal, at=datetime.now(UTC)))


async def test_a_report_has_its_place_its_words_and_what_to_do_next(api: Api) -> None:
    await remember(api)
    about = {"site": "crowdworks", "deal": "7"}
    sheet = (await api.ask("POST", f"{HISTORY}/report/sheet", json=about)).json()
    assert "「この仕事を通報する」" in sheet["place"]["path"]["ja"]
    assert sheet["place"]["verified"]
    assert "青空企画（ID 52）" in sheet["text"]["ja"]
    assert sheet["text"]["en"].startswith("To ")
    assert len(sheet["next"]) >= 3
    assert "188" in [each["reach"] for each in sheet["help"]]
    unknown = (await api.ask("POST", f"{HISTORY}/report/sheet", json={"site": "crowdworks", "client": "9"})).json()
    assert (unknown["text"], unknown["files"]) == (None, [])
    assert unknown["place"] == sheet["place"]
    assert sheet["place"]["by"]["ja"]
    assert all(each["verified"] and each["by"]["en"] and each["url"] for each in sheet["help"])
    by_page = {"site": "crowdworks", "page": "https://crowdworks.jp/contracts/1"}
    assert (await api.ask("POST", f"{HISTORY}/report/sheet", json=by_page)).json()["text"] == sheet["text"]
    for wrong in ({"site": "crowdworks"}, about | {"rule": "x"}, about | {"page": "https://crowdworks.jp/"}):
        assert (await api.ask("POST", f"{HISTORY}/report/sheet", json=wrong)).status_code == 422
    nowhere = await api.ask("POST", f"{HISTORY}/report/sheet", json={"site": "elsewhere", "client": "9"})
    assert nowhere.status_code == 404


async def test_a_report_on_one_warning_has_its_words(api: Api) -> None:
    history = api.koban.history.current()
    assert history is not None
    history.record(seen(Client(id="52", name="青空企画"), findings=(finding("direct-contract"),), texts=True))
    (warned,) = (await api.ask("GET", HISTORY)).json()["warnings"]
    about = {"site": "crowdworks", "finding": warned["key"]}
    sheet = (await api.ask("POST", f"{HISTORY}/report/sheet", json=about)).json()
    assert "青空企画（ID 52）" in sheet["text"]["ja"]
    assert (await api.ask("POST", f"{HISTORY}/report/bundle", json=about)).status_code == 200


async def test_the_evidence_comes_as_one_file_with_its_manifest(api: Api) -> None:
    await remember(api)
    got = await api.ask("POST", f"{HISTORY}/report/bundle", json={"site": "crowdworks", "deal": "7"})
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as bundle:
        assert bundle.testzip() is None
        named = {file["name"] for file in json.loads(bundle.read("manifest.json"))["files"]}
        assert named | {"manifest.json"} == set(bundle.namelist())
    assert (await api.ask("POST", f"{HISTORY}/report/bundle", json={"site": "x", "deal": "7"})).status_code == 404


async def test_of_a_long_history_the_newest_come_and_a_search_reaches_the_rest(api: Api) -> None:
    history = api.koban.history.current()
    assert history is not None
    history.record(seen(Contract(id="old", state="agreed", title="むかしの仕事"), at=datetime(2026, 1, 1, tzinfo=UTC)))
    newer = [Contract(id=str(number), state="agreed", title="記事") for number in range(MOST_DEALS + 4)]
    history.record(seen(*newer, at=datetime.now(UTC), page="https://crowdworks.jp/contracts"))
    view = (await api.ask("GET", HISTORY)).json()
    assert (len(view["deals"]), view["more"]) == (MOST_DEALS, {"deals": 5, "clients": 0, "warnings": 0})
    found = (await api.ask("GET", f"{HISTORY}?search=むかし")).json()
    assert ([deal["id"] for deal in found["deals"]], found["more"]["deals"]) == (["old"], 0)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_all_of_it_is_exported_as_one_file(api: Api, form: str) -> None:
    await remember(api)
    got = await api.ask("GET", f"{HISTORY}/export?form={form}")
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        assert "青空企画" in archive.read(f"client.{form}").decode()
        assert {"contract", "step", "finding"} <= {name.split(".")[0] for name in archive.namelist()}


async def test_what_is_kept_is_changed_and_nothing_else_is(api: Api) -> None:
    path = f"{HISTORY}/settings"
    assert (await api.ask("GET", path)).json() == {"enabled": True, "texts": None, "pages": None, "days": 548}
    changed = await api.ask("PATCH", path, json={"enabled": False, "days": 30})
    assert changed.json() == {"enabled": False, "texts": None, "pages": None, "days": 30}
    assert api.koban.settings.current.history.days == 30
    refused: tuple[dict[str, object], ...] = ({"days": 0}, {"guard": False}, {"rules": {}})
    for wrong in refused:
        assert (await api.ask("PATCH", path, json=wrong)).status_code == 422
    assert api.koban.settings.current.guard


def serves_its_page_until_it_is_ended(command: list[str], env: dict[str, str], cwd: Path) -> None:
    """Run `koban history --web`, open its link as a browser does, and end it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"BROWSER": "true"} | env, cwd=cwd) as served:
        try:
            assert served.stdout is not None
            link = next(word for word in served.stdout.readline().split() if word.startswith("http://127.0.0.1:"))
            base, _, code = link.partition(f"{HISTORY_PATH}#")
            with httpx.Client(base_url=base, trust_env=False, timeout=60) as client:
                page = client.get(HISTORY_PATH)
                assert page.status_code == 200
                assert "script-src 'self'" in page.headers["content-security-policy"]
                token = client.post(f"{HISTORY}/session", json={"code": code}, headers={"Origin": base}).json()["token"]
                view = client.get(HISTORY, headers={"Authorization": f"Bearer {token}"})
                assert view.json()["deals"] == []
                assert client.get("/v1/status", headers={"Authorization": f"Bearer {token}"}).status_code == 401
            served.send_signal(signal.SIGINT)
            assert served.wait(60) == 0
        finally:
            served.kill()


@pytest.mark.skipif(built_extension(None) is None, reason="the extension is not built")
def test_the_command_serves_the_page_beside_any_koban_until_it_is_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "koban", "history", "--web", "--state-dir", str(tmp_path)]
    serves_its_page_until_it_is_ended(command, {}, Path.cwd())
