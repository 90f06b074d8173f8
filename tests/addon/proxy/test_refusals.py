"""A site that asks for a robot check, or refuses the proxy, is left alone for a while, of itself and visibly."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from addon.proxy.challenges import is_challenge
from addon.state.bypass import LASTS, Bypass
from tests.addon.proxy.conftest import HOST, PAGE_URL, Start
from tests.addon.proxy.test_http_as_it_is import head_of, request, tunnel
from tests.addon.proxy.upstream import Answer, Request

pytestmark = pytest.mark.slow

PATH_URL = f"https://{HOST}/public/jobs"
HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = b"<!doctype html><title>p</title><p>page"
CLOUDFLARE = Answer([b"<title>Just a moment...</title>"], (HTML, ("cf-mitigated", "challenge")), "403 Forbidden")
SCRIPTED = Answer([b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script>'], (HTML,), "503 Busy")
REFUSED = Answer([b"<h1>403</h1>"], (HTML,), "403 Forbidden")


@pytest.mark.parametrize(
    ("status", "headers", "body", "challenge"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", True),
        (202, {"x-amzn-waf-action": "challenge"}, b"", True),
        (405, {"x-amzn-waf-action": "captcha"}, b"", True),
        (403, {"x-datadome": "protected"}, b"", True),
        (403, {}, b"<script src=https://geo.captcha-delivery.com/c.js>", True),
        (429, {}, b"<div id=px-captcha>", True),
        (403, {}, b"<iframe src=/_Incapsula_Resource?x=1>", True),
        (403, {}, b"<h1>Forbidden</h1>", False),
        (404, {"cf-mitigated": "challenge"}, b"", False),
        (200, {}, b"<script src=https://www.google.com/recaptcha/api.js>", False),
        (401, {}, b"<script src=https://www.google.com/recaptcha/api.js>", False),
    ],
)
def test_marks_of_a_robot_check(status: int, headers: dict[str, str], body: bytes, challenge: bool) -> None:
    assert is_challenge(status, httpx.Headers(headers), body) is challenge


@pytest.mark.parametrize("answer", [CLOUDFLARE, SCRIPTED], ids=["by its header", "by its script"])
async def test_a_robot_check_is_left_to_the_browser(bench: Start, answer: Answer, tmp_path: Path) -> None:
    async with bench(answer) as b:
        reader, writer = await tunnel(b)
        writer.write(request(Sec_Fetch_Dest="document"))
        assert (await head_of(reader))[""].endswith(answer.status)
        # The connection ends after it by itself, so that the next one can be the browser's own.
        assert await reader.read() == b"".join(answer.chunks), "the challenge itself passes as it came"
        writer.close()
        assert b.koban.bypass.get(HOST) is not None
        verdict = await b.shown_at(PATH_URL)
        assert (verdict.state, verdict.reason) == ("not-checked", "bot-check")
        b.answer(Answer([PAGE]))
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            await b.page()
        async with b.client(trust=b.upstream_authority.save(tmp_path / "ca.pem")) as direct:
            assert (await direct.get(PAGE_URL, headers={"Sec-Fetch-Dest": "document"})).content == PAGE


async def test_connections_that_do_not_end_by_themselves_are_closed(bench: Start) -> None:
    async with bench(CLOUDFLARE) as b:
        reader, writer = await tunnel(b)
        await b.page()
        assert await reader.read() == b""
        writer.close()


async def test_the_tunnel_that_the_browser_opened_by_itself_stays(bench: Start, tmp_path: Path) -> None:
    async with bench(CLOUDFLARE) as b:
        reader, writer = await tunnel(b)
        await b.page()
        own_reader, own_writer = await tunnel(b, trust=b.upstream_authority.save(tmp_path / "ca.pem"))
        b.answer(Answer([PAGE]))
        assert await reader.read() == b"", "the other is closed by now"
        own_writer.write(request(Sec_Fetch_Dest="document"))
        assert (await head_of(own_reader))[""].endswith("200 OK")
        writer.close()
        own_writer.close()


async def test_attack_28_a_refusal_that_repeats_its_address_is_none(bench: Start) -> None:
    def respond(asked: Request) -> Answer:
        return Answer([f"<h1>403</h1>{unquote(asked.target)} is forbidden".encode()], (HTML,), "403 Forbidden")

    async with bench(respond) as b:
        for said in ("/cdn-cgi/challenge-platform/", "%2Fcdn-cgi%2fchallenge-platform%2F", "CF-chl-", "%63f-chl-"):
            assert (await b.page(f"https://{HOST}/public/jobs/1?{said}")).status_code == 403
        assert b.koban.bypass.current() == []
        # What stands beside the address counts as before.
        b.answer(SCRIPTED)
        await b.page(f"https://{HOST}/public/jobs/1?cf-chl-")
        await b.shown_at(f"https://{HOST}/public/jobs/1?cf-chl-", lambda verdict: verdict.reason == "bot-check")
        assert b.koban.bypass.get(HOST) is not None


async def test_an_ordinary_refusal_is_none(bench: Start) -> None:
    async with bench(REFUSED) as b:
        for _ in range(3):
            assert (await b.page()).content == b"<h1>403</h1>"
        assert b.koban.bypass.current() == []


async def test_pages_cut_off_again_and_again_are_a_refusal(bench: Start) -> None:
    async with bench(Answer(framing="hang-up")) as b:
        assert (await b.page()).status_code == 502
        assert b.koban.bypass.current() == [], "once is a mishap"
        assert (await b.page()).status_code == 502
        bypassed = b.koban.bypass.get(HOST)
        assert bypassed is not None
        assert bypassed.reason == "refused"


async def test_an_answer_between_two_mishaps_clears_the_first(bench: Start) -> None:
    async with bench(Answer(framing="hang-up")) as b:
        await b.page()
        b.answer(Answer([PAGE]))
        await b.page()
        b.answer(Answer(framing="hang-up"))
        await b.page()
        assert b.koban.bypass.current() == []


def test_it_comes_back_by_itself() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    bypass = Bypass(lambda: now)
    bypass.add(HOST, "bot-check")
    assert [one.host for one in bypass.current()] == [HOST]
    now += LASTS["bot-check"]
    assert bypass.get(HOST) is None
    assert bypass.current() == []
    now -= timedelta(seconds=1)
    assert bypass.get(HOST) is not None
