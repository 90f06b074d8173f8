"""Verdicts, the judging of pages as shown, and events over the API."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest

from addon.api.models import MAX_ADDRESS_CHARACTERS
from addon.api.routers import verdicts as verdicts_module
from addon.judging.second_feed import SecondFeed
from addon.verdicts.settle import not_checked
from rules.model import Verdict
from tests.addon.api.caller import ORIGIN
from tests.addon.api.conftest import PAGE, Api, record
from tests.addon.judges import FixedJudge

pytestmark = pytest.mark.slow


async def test_an_unknown_page_is_404(api: Api) -> None:
    assert (await api.ask("GET", "/v1/verdicts?url=https://crowdworks.jp/never")).status_code == 404


async def test_the_longest_address_may_be_asked_for_and_no_longer_one(api: Api) -> None:
    address = f"{PAGE}?{'/' * MAX_ADDRESS_CHARACTERS}"[:MAX_ADDRESS_CHARACTERS]
    assert (await api.ask("GET", f"/v1/verdicts?{urlencode({'url': address})}")).status_code == 404
    assert (await api.ask("GET", f"/v1/verdicts?{urlencode({'url': address + '/'})}")).status_code == 422


async def test_check_judges_a_page_as_shown(api: Api) -> None:
    body = "<html><body><h1>題</h1></body></html>"
    got = await api.ask("POST", "/v1/check", json={"url": PAGE, "body": body})
    assert got.status_code == 200
    assert got.json()["feed"] == "extension"
    assert got.json()["verdict"]["state"] == "not-checked"


async def test_field_14_the_verdict_of_what_a_page_shows_stands_whatever_passes_at_its_address(api: Api) -> None:
    body = "<html><body><h1>題</h1></body></html>"
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}&view=one")).status_code == 404
    checked = await api.ask("POST", "/v1/check", json={"url": PAGE, "body": body, "view": "one"})
    record(api, "direct-contract")
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}")).json()["verdict"]["state"] == "danger"
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}&view=one")).json() == checked.json()
    assert (await api.ask("POST", "/v1/check", json={"url": PAGE, "body": body, "view": "<b>"})).status_code == 422


async def test_what_a_tab_shows_is_of_its_address_unless_something_else_passed_there(api: Api) -> None:
    record(api, "direct-contract")
    request = {"url": PAGE, "body": "<html><body><h1>題</h1></body></html>"}
    await api.ask("POST", "/v1/check", json=request | {"view": "one", "rewritten": True})
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}")).json()["feed"] == "proxy"
    await api.ask("POST", "/v1/check", json=request | {"view": "two"})
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}")).json()["feed"] == "extension"
    for view in ("one", "two"):
        assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}&view={view}")).status_code == 200


@pytest.mark.parametrize(
    "url", ["https://bank.example/", "file:///etc/passwd", "http://[", "https://crowdworks.jp.evil.example/"]
)
async def test_check_refuses_pages_of_others(api: Api, url: str) -> None:
    got = await api.ask("POST", "/v1/check", json={"url": url, "body": "ここだけの話"})
    assert got.status_code == 422
    assert "ここだけの話" not in got.text


async def test_what_waits_for_the_judge_keeps_no_thread_from_the_event_loop(api: Api) -> None:
    may_end = threading.Event()

    def stuck() -> Verdict:
        may_end.wait(60)
        return not_checked("failed")

    with ThreadPoolExecutor(2) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        api.koban.judge = FixedJudge(stuck)
        api.koban.second_feed = SecondFeed(api.koban.judge)
        requests = [
            ("/v1/check", {"url": PAGE, "body": "<html></html>"}),
            ("/v1/check", {"url": PAGE, "body": "<html></html>", "keep": False}),
            ("/v1/texts", {"text": "x", "kind": "message"}),
        ]
        asking = []
        for path, body in requests:
            asking.append(asyncio.create_task(api.ask("POST", path, json=body)))
            await asyncio.sleep(1)
        try:
            async with asyncio.timeout(20):
                await asyncio.to_thread(lambda: None)
        finally:
            may_end.set()
        assert [(await each).status_code for each in asking] == [200] * 3


async def test_a_missing_field_is_named_and_nothing_repeated(api: Api) -> None:
    got = await api.ask("POST", "/v1/check", json={"body": "ここだけの話", "url": 5})
    assert got.status_code == 422
    assert "url" in got.json()["detail"]
    assert "ここだけの話" not in got.text


async def test_events_come_as_they_happen(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts_module, "PING_SECONDS", 0.2)
    proofs = await api.proofs()
    proven, nonce = proofs.authorization("GET", "/v1/events", b"")
    events: list[tuple[str, str]] = []
    async with (
        httpx.AsyncClient(trust_env=False, timeout=60) as client,
        client.stream("GET", f"{api.base}/v1/events", headers={"Authorization": proven, "Origin": ORIGIN}) as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert proofs.proves(nonce, 200, b"", stream.headers["koban-proof"])
        name = said = ""
        async for line in stream.aiter_lines():
            if line == ": connected":
                record(api, "direct-contract")
            elif line.startswith("proof: "):
                said = line.removeprefix("proof: ")
            elif line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                data = line.removeprefix("data: ")
                assert proofs.proves_event(nonce, len(events), name, data, said)
                events.append((name, data))
                if name == "verdict":
                    api.koban.settings.patch({"rules": {"direct-contract": False}})
            elif line == ": ping" and len(events) == 2:
                break
    assert [name for name, _ in events] == ["verdict", "settings"]
    assert json.loads(events[0][1])["verdict"]["state"] == "danger"
    assert json.loads(events[1][1])["rules"] == {"direct-contract": False}


@pytest.mark.parametrize(("query", "inserts"), [("", False), ("?inserts=true", True)])
async def test_speed_1_a_ticket_shows_whose_browser_a_page_came_to_while_its_stream_is_open(
    api: Api, query: str, *, inserts: bool
) -> None:
    audience = api.koban.audience
    proofs = await api.proofs()
    target = f"/v1/events{query}"
    proven, _ = proofs.authorization("GET", target, b"")
    async with (
        httpx.AsyncClient(trust_env=False, timeout=60) as client,
        client.stream("GET", f"{api.base}{target}", headers={"Authorization": proven, "Origin": ORIGIN}) as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines) == ": connected"
        ticket = audience.ticket("a connection")
        assert ticket is not None
        refused = await api.ask("POST", "/v1/arrivals", json={"ticket": ticket}, headers={"Authorization": ""})
        assert refused.status_code == 401
        assert not audience.follows("a connection")
        assert (await api.ask("POST", "/v1/arrivals", json={"ticket": "0" * 32})).status_code == 404
        assert (await api.ask("POST", "/v1/arrivals", json={"ticket": ticket})).status_code == 204
        assert audience.follows("a connection")
        assert audience.inserts("a connection") is inserts


async def test_speed_1_a_page_that_passes_untouched_is_said_to_be_judged(api: Api) -> None:
    since = datetime(2026, 11, 29, tzinfo=UTC)
    api.koban.verdicts.pass_untouched(PAGE, since)
    got = (await api.ask("GET", f"/v1/verdicts?url={PAGE}")).json()
    assert (got["verdict"]["reason"], got["untouched_since"]) == ("pending", "2026-11-29T00:00:00Z")
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}&view=one")).status_code == 404


async def test_reach_07_a_text_is_judged_with_its_marks_also_in_a_pause_and_nothing_is_kept(api: Api) -> None:
    api.koban.settings.patch({"paused_until": "2100-01-01T00:00:00Z"})
    text = "<b>仮払いの手続きが遅れていますが、先に作業を始めてください。</b>"
    got = await api.ask("POST", "/v1/texts", json={"kind": "message", "text": text})
    assert got.status_code == 200
    finding = next(each for each in got.json()["findings"] if each["rule"] == "work-before-escrow")
    assert any(evidence["quote"] in text for evidence in finding["evidence"])
    assert api.koban.verdicts.newest is None
    api.koban.settings.patch({"rules": {"work-before-escrow": False}})
    got = await api.ask("POST", "/v1/texts", json={"kind": "message", "text": text})
    assert "work-before-escrow" not in {each["rule"] for each in got.json()["findings"]}


@pytest.mark.parametrize(
    "body", [{"kind": "message", "text": ""}, {"kind": "x", "text": "a"}, {"text": "ここだけの話"}]
)
async def test_reach_07_what_is_no_text_is_refused_and_not_repeated(api: Api, body: dict[str, str]) -> None:
    got = await api.ask("POST", "/v1/texts", json=body)
    assert got.status_code == 422
    assert "ここだけの話" not in got.text
