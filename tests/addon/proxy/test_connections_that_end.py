"""Connections end, and what a browser alone would not lose by that is not lost with Koban between."""

import asyncio
import contextlib
from typing import Any

import httpx
import pytest
from mitmproxy.connection import Server

from addon.proxy import http_layers
from tests.addon.judges import CLEAR
from tests.addon.proxy.conftest import HOST, NAVIGATION, PAGE_URL, Http2Start, Start
from tests.addon.proxy.http2_browser import Http2Browser
from tests.addon.proxy.http2_upstream import Asked, Http2Line
from tests.addon.proxy.test_through_the_proxy import parted
from tests.addon.proxy.upstream import Answer, Request

pytestmark = pytest.mark.slow

PAGE = b"<!doctype html><title>t</title><p>page</p>"
FETCH = {"Sec-Fetch-Dest": "empty"}
REFUSED_STREAM, CANCEL = 7, 8


async def fetch(client: httpx.AsyncClient, path: str, method: str = "GET", **options: Any) -> bytes:
    got = await client.request(method, f"https://{HOST}{path}", headers=FETCH, **options)
    assert got.status_code == 200, got.content
    return got.content


async def test_field_06_what_is_under_way_when_a_server_retires_comes_whole(http2_bench: Http2Start) -> None:
    async def serve(line: Http2Line) -> None:
        under_way: list[Asked] = []
        while (asked := await line.asked()) is not None:
            if asked.path == "/first" or line.number > 1:
                await line.answer(asked, b"connection %d" % line.number)
                continue
            await line.head(asked)
            await line.body(asked, b"half ", end=False)
            under_way.append(asked)
            if len(under_way) == 12:
                await line.go_away(asked.stream)
                for each in under_way:
                    await line.body(each, b"whole")

    async with http2_bench(serve) as b, b.client(http2=True) as client:
        assert await fetch(client, "/first") == b"connection 1"
        got = await asyncio.gather(*(fetch(client, f"/{number}") for number in range(12)))
        assert got == [b"half whole"] * 12
        assert await fetch(client, "/next") == b"connection 2", "nothing new goes to the one that is retired"


async def test_field_06_a_page_under_way_has_its_element(http2_bench: Http2Start) -> None:
    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            await line.head(asked)
            await line.body(asked, PAGE[:20], end=False)
            await line.go_away(asked.stream)
            await line.body(asked, PAGE[20:])

    async with http2_bench(serve) as b:
        assert parted((await b.page(http2=True)).content) == (PAGE, "clear")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_field_06_what_a_retiring_server_has_not_looked_at_is_sent_again(
    http2_bench: Http2Start, method: str
) -> None:
    bodies: list[bytes] = []

    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            if line.number == 1 and asked.path != "/first":
                await line.go_away(asked.stream - 2)
                return
            bodies.append(asked.body)
            await line.answer(asked, b"connection %d" % line.number)

    async with http2_bench(serve) as b, b.client(http2=True) as client:
        await fetch(client, "/first")
        content = b"x" * 100_000 if method == "POST" else None
        assert await fetch(client, "/second", method, content=content) == b"connection 2"
        assert bodies == [b"", content or b""], "whole, and once"


async def test_field_06_a_refused_stream_is_asked_again_on_the_same_connection(http2_bench: Http2Start) -> None:
    refused: list[Asked] = []

    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            if not refused:
                refused.append(asked)
                await line.refuse(asked, REFUSED_STREAM)
            else:
                await line.answer(asked, b"connection %d" % line.number)

    async with http2_bench(serve) as b, b.client(http2=True) as client:
        assert await fetch(client, "/", "POST", content=b"once") == b"connection 1"


async def test_field_06_a_server_that_never_takes_it_is_asked_three_times(http2_bench: Http2Start) -> None:
    times: list[Asked] = []

    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            times.append(asked)
            await line.refuse(asked, REFUSED_STREAM)

    async with http2_bench(serve) as b:
        assert (await b.page(http2=True)).status_code == 502
    assert len(times) == http_layers.MOST_TRIES


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("PUT", 200), ("POST", 502)])
async def test_field_06_a_request_that_meets_the_end_of_a_kept_connection(
    http2_bench: Http2Start, method: str, status: int
) -> None:
    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            if line.number == 1 and asked.path != "/first":
                return
            await line.answer(asked, b"connection %d" % line.number)

    async with http2_bench(serve) as b, b.client(http2=True) as client:
        await fetch(client, "/first")
        got = await client.request(method, f"https://{HOST}/second", headers=NAVIGATION, content=b"x" * 9)
    assert got.status_code == status
    if method == "POST":
        # It may have been carried out: the user is told so, and nothing is sent twice.
        assert "送った内容が届いたかどうかは、わかりません" in got.text


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 502)])
async def test_field_06_the_same_over_http_1(bench: Start, method: str, status: int) -> None:
    ended: list[Request] = []

    def respond(asked: Request) -> Answer:
        if asked.target == "/second" and not ended:
            ended.append(asked)
            return Answer(framing="hang-up")
        return Answer([b"answer"])

    async with bench(respond) as b, b.client() as client:
        await fetch(client, "/first")
        got = await client.request(method, f"https://{HOST}/second", headers=NAVIGATION | FETCH)
    assert got.status_code == status


async def test_field_06_half_an_answer_is_not_asked_for_again(bench: Start) -> None:
    targets: list[str] = []

    def respond(asked: Request) -> Answer:
        targets.append(asked.target)
        return Answer([b"first", b"second"], cut_after=1) if asked.target == "/second" else Answer([b"answer"])

    async with bench(respond) as b, b.client() as client:
        await fetch(client, "/first")
        with pytest.raises(httpx.RemoteProtocolError):
            await fetch(client, "/second")
    assert targets == ["/first", "/second"]


async def test_a_site_that_was_away_is_asked_again_by_the_same_browser_connection(bench: Start) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b, b.client(http2=True) as client:
        assert (await client.get(PAGE_URL, headers=NAVIGATION)).status_code == 200
        b.upstream.stop()
        assert (await client.get(PAGE_URL, headers=NAVIGATION)).status_code == 502
        await b.upstream.restart()
        assert parted((await client.get(PAGE_URL, headers=NAVIGATION)).content) == (PAGE, "clear")


def test_a_connection_that_failed_is_no_answer_to_later_requests() -> None:
    wish = http_layers.UsableHttpConnection((HOST, 443), True, None)
    failed = Server(address=(HOST, 443), tls=True)
    assert wish.connection_spec_matches(failed)
    failed.error = "Connection refused"
    assert not wish.connection_spec_matches(failed)


async def test_field_03_a_browser_that_cancels_is_no_refusal(http2_bench: Http2Start) -> None:
    came = asyncio.Queue[Asked]()

    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            if asked.path == "/slow":
                await came.put(asked)
            else:
                await line.answer(asked, PAGE)

    async with http2_bench(serve) as b:
        browser = await Http2Browser.open(b)
        for _ in range(3):
            [page] = await browser.ask("/slow")
            await came.get()
            await browser.cancel(page)
        # Answered on the same connection, so that the cancels have been seen before.
        [page] = await browser.ask("/quick")
        assert parted((await browser.answer(page)).body) == (PAGE, "clear")
        assert b.koban.bypass.current() == []
        browser.close()


@pytest.mark.parametrize("end", ["retires", "is closed"])
async def test_field_06_what_waits_for_a_free_place_when_a_connection_ends(http2_bench: Http2Start, end: str) -> None:
    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            if line.number == 1 and asked.path == "/1":
                # The other waits within Koban: one at a time is what this server takes.
                if end == "is closed":
                    return
                await line.go_away(asked.stream)
            await line.answer(asked, b"connection %d" % line.number)

    async with http2_bench(serve, most_streams=1) as b:
        browser = await Http2Browser.open(b)
        fetch = {"sec-fetch-dest": "empty"}
        [first] = await browser.ask("/0", headers=fetch)
        assert (await browser.answer(first)).body == b"connection 1"
        pair = await browser.ask("/1", "/2", headers=fetch)
        bodies = [(await browser.answer(stream)).body for stream in pair]
        browser.close()
    # Where redirected (`--resolve`), what is asked for while a connection opens gets one of its own.
    if end == "retires":
        assert bodies == [b"connection 1", b"connection 2"]
    else:
        assert all(body.startswith(b"connection ") and body != b"connection 1" for body in bodies)


async def test_field_03_a_site_that_cancels_again_and_again_is_one_and_the_log_says_so(
    http2_bench: Http2Start, caplog: pytest.LogCaptureFixture
) -> None:
    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            await line.refuse(asked, CANCEL)

    async with http2_bench(serve) as b:
        for _ in range(2):
            with contextlib.suppress(httpx.HTTPError):
                await b.page(http2=True)
        assert [bypassed.reason for bypassed in b.koban.bypass.current()] == ["refused"]
    assert f"{HOST}: left to the browser" in caplog.text
