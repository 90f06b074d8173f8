"""What a browser shows without Koban it shows with it; and where there is nothing to show, Koban says so itself."""

import asyncio
import contextlib
import errno
import re
from pathlib import Path

import httpx
import pytest
from mitmproxy.proxy.layers.http._events import ErrorCode

from addon.proxy import failure_page
from addon.proxy.http_layers import Failure
from tests.addon.judges import CLEAR
from tests.addon.proxy.conftest import HOST, NAVIGATION, PAGE_URL, Bench, Http2Start, Start
from tests.addon.proxy.http2_browser import Http2Browser
from tests.addon.proxy.http2_upstream import Http2Line
from tests.addon.proxy.test_http_as_it_is import head_of, request, tunnel
from tests.addon.proxy.test_through_the_proxy import parted
from tests.addon.proxy.upstream import Answer, Authority, Request

pytestmark = pytest.mark.slow

PAGE = b"<!doctype html><title>t</title><p>page</p>"
HTML = "Content-Type: text/html\r\n"
LENGTH = f"Content-Length: {len(PAGE)}\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
OK = "HTTP/1.1 200 OK\r\n" + HTML


async def answering(b: Bench, raw: bytes) -> None:
    """Let the marketplace answer each request with these bytes, and then end the connection."""

    async def take(_: Request, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    b.upstream.take = take


PAGES = {
    "103": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + (OK + LENGTH + "\r\n").encode() + PAGE,
    "two 103": b"HTTP/1.1 103 X\r\n\r\n" * 2 + (OK + LENGTH + "\r\n").encode() + PAGE,
    "100": b"HTTP/1.1 100 Continue\r\n\r\n" + (OK + LENGTH + "\r\n").encode() + PAGE,
    "two codings": (OK + "Transfer-Encoding: chunked\r\n" * 2 + "\r\n").encode() + CHUNKS,
    "coding and length": (OK + LENGTH + "Transfer-Encoding: chunked\r\n\r\n").encode() + CHUNKS,
    "two equal lengths": (OK + LENGTH * 2 + "\r\n").encode() + PAGE,
    "a name with a blank": (OK + "X Own: 1\r\n" + LENGTH + "\r\n").encode() + PAGE,
    "a line without colon": (OK + "nonsense\r\n" + LENGTH + "\r\n").encode() + PAGE,
    "HTTP/1.0 to its end": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "HTTP/1.0 with a length": ("HTTP/1.0 200 OK\r\n" + HTML + LENGTH + "\r\n").encode() + PAGE,
}


@pytest.mark.parametrize("http2", [False, True], ids=["to HTTP/1.1", "to HTTP/2"])
async def test_field_08_and_field_15_pages_that_browsers_take(bench: Start, http2: bool) -> None:
    async with bench(another=CLEAR) as b:
        for kind, answer in PAGES.items():
            await answering(b, answer)
            got = await b.page(http2=http2)
            assert parted(got.content, kind) == (PAGE, "clear"), kind
            assert b.koban.bypass.current() == [], kind


async def test_field_08_early_hints_reach_the_browser_early(bench: Start) -> None:
    hinted = asyncio.Event()

    async def take(_: Request, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
        await hinted.wait()
        writer.write((OK + LENGTH + "\r\n").encode() + PAGE)
        await writer.drain()

    async with bench(another=CLEAR) as b:
        b.upstream.take = take
        reader, writer = await tunnel(b)
        writer.write(request(**{k.replace("-", "_"): v for k, v in NAVIGATION.items()}))
        early = await head_of(reader)
        assert (early[""], early["link"]) == ("HTTP/1.1 103 Early Hints", "</a.css>; rel=preload")
        hinted.set()
        assert (await head_of(reader))[""] == "HTTP/1.1 200 OK"
        writer.close()


async def test_field_08_early_hints_over_http_2(http2_bench: Http2Start) -> None:
    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            await line.head(asked, 103, (("link", "</a.css>; rel=preload"),))
            await line.answer(asked, PAGE)

    async with http2_bench(serve) as b:
        browser = await Http2Browser.open(b)
        [page] = await browser.ask("/")
        got = await browser.answer(page)
        assert (got.early, got.status) == ([103], 200)
        assert parted(got.body) == (PAGE, "clear")
        browser.close()


async def test_field_08_no_content_with_a_coding(bench: Start) -> None:
    async with bench() as b:
        await answering(b, b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        got = await b.page()
    assert (got.status_code, got.content) == (204, b"")


REFUSED = {
    "two lengths": (OK + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n").encode() + PAGE,
    "an unknown coding": (OK + "Transfer-Encoding: own\r\n\r\n").encode() + PAGE,
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "a head without end": OK.encode() + b"X: " + b"x" * 300_000,
}


@pytest.mark.parametrize("http2", [False, True], ids=["to HTTP/1.1", "to HTTP/2"])
@pytest.mark.parametrize("kind", REFUSED)
async def test_field_08_an_answer_that_is_refused_is_left_to_the_browser_at_once(
    bench: Start, kind: str, http2: bool, tmp_path: Path
) -> None:
    async with bench() as b:
        await answering(b, REFUSED[kind])
        got = await b.page(http2=http2)
        assert got.status_code == 502
        assert b.koban.bypass.get(HOST) is not None
        # The page loads itself again, and comes from the site itself then.
        assert got.headers["refresh"] == "1"
        assert "まもなくブラウザが直接開き直します" in got.text
        async with b.client(trust=b.upstream_authority.save(tmp_path / "ca.pem")) as direct:
            with contextlib.suppress(httpx.RemoteProtocolError):  # the library's own opinion of such an answer
                await direct.get(PAGE_URL, headers=NAVIGATION)


async def test_field_08_data_that_is_refused_is_left_to_the_browser_too(bench: Start) -> None:
    async with bench() as b, b.client() as client:
        await answering(b, REFUSED["two lengths"])
        got = await client.get(PAGE_URL, headers={"Sec-Fetch-Dest": "empty"})
        assert (got.status_code, got.content) == (502, b"")
        assert b.koban.bypass.get(HOST) is not None
        assert b.koban.verdicts.shown(PAGE_URL) is None


@pytest.mark.parametrize(
    "change",
    [{"sites": {"crowdworks": {"enabled": False}}}, {"paused_until": "2999-01-01T00:00:00Z"}],
    ids=["off", "paused"],
)
async def test_field_08_switched_off_a_browser_comes_past_koban_and_switched_on_by_it(
    bench: Start, change: dict[str, object], tmp_path: Path
) -> None:
    navigation = request(**{k.replace("-", "_"): v for k, v in NAVIGATION.items()})
    async with bench(Answer([PAGE]), CLEAR) as b:
        reader, writer = await tunnel(b)
        b.koban.settings.patch(change)
        writer.write(navigation)
        head = await head_of(reader)
        # A connection from before is used once more, and then ends.
        assert head["content-length"] == str(len(PAGE))
        assert await reader.read() == PAGE
        writer.close()
        reader, writer = await tunnel(b, trust=b.upstream_authority.save(tmp_path / "ca.pem"))
        writer.write(navigation)
        await head_of(reader)
        assert await reader.readexactly(len(PAGE)) == PAGE
        b.koban.settings.patch({"sites": None, "paused_until": None})
        assert await reader.read() == b""
        writer.close()
        assert parted((await b.page()).content) == (PAGE, "clear")


async def test_field_08_a_browsers_http_2_connection_ends_with_grace_where_it_is_switched_off(
    http2_bench: Http2Start,
) -> None:
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def serve(line: Http2Line) -> None:
        while (asked := await line.asked()) is not None:
            await line.head(asked)
            if asked.path == "/long":
                under_way.set()
                await go_on.wait()
            await line.body(asked, PAGE)

    async with http2_bench(serve) as b:
        browser = await Http2Browser.open(b)
        [long] = await browser.ask("/long")
        await under_way.wait()
        b.koban.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
        [quick] = await browser.ask("/quick")
        go_on.set()
        assert (await browser.answer(quick)).body == PAGE
        # What was begun before is judged, and whole; nothing new is to be asked for here.
        assert (await browser.answer(long)).body.startswith(PAGE)
        while browser.goodbye is None:
            await browser._receive()
        assert browser.goodbye >= quick
        browser.close()


async def test_the_offline_marketplace_opens_also_where_it_is_switched_off(bench: Start) -> None:
    async with bench(Answer([PAGE]), CLEAR, is_demo=True) as b:
        b.koban.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
        assert (await b.page()).content == PAGE, "under Koban's certificate, and untouched"


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
async def test_field_08_a_site_that_cannot_be_reached(bench: Start, http2: bool) -> None:
    async with bench() as b:
        b.upstream.stop()
        got = await b.page(http2=http2)
        assert got.status_code == 502
        assert "server" not in got.headers
        assert "mitmproxy" not in got.text
        assert "refresh" not in got.headers
        assert got.headers["cache-control"] == "no-store"
        ja, en = got.text.split('<section lang="en">')
        assert "これはサイトのページではなく、Koban（交番）のお知らせです。" in ja
        assert f"{HOST} に接続できませんでした。" in ja
        assert f"{HOST} could not be reached." in en
        async with b.client(http2=http2) as client:
            picture = await client.get(PAGE_URL, headers={"Sec-Fetch-Dest": "image"})
        assert (picture.status_code, picture.content) == (502, b"")
        assert "server" not in picture.headers


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        (ErrorCode.CONNECT_FAILED, f"[Errno {errno.ETIMEDOUT}] Connect call failed ('192.0.2.1', 443)", 504),
        (ErrorCode.CONNECT_FAILED, f"[Errno {errno.ECONNREFUSED}] Connect call failed ('192.0.2.1', 443)", 502),
        (ErrorCode.GENERIC_SERVER_ERROR, "server closed connection", 502),
        (ErrorCode.RESPONSE_VALIDATION_FAILED, "", 502),
    ],
)
def test_field_08_which_status(code: ErrorCode, message: str, status: int) -> None:
    assert failure_page.STATUS[failure_page._trouble(Failure("site", code), message)] == status


def page_of(host: str = HOST, *, is_left: bool = False, reopens: bool = False, may_have_arrived: bool = False) -> str:
    return failure_page.failure_page(
        host, "unanswered", is_left=is_left, reopens=reopens, may_have_arrived=may_have_arrived
    ).decode()


def test_a_host_is_escaped_in_the_page() -> None:
    assert "<script" not in page_of("<script>x</script>")


def test_the_style_is_admitted_by_the_pages_own_policy() -> None:
    style = re.search("<style>(.*)</style>", page_of())
    assert style is not None
    assert style[1] == failure_page.STYLE


def test_the_page_says_what_to_do_and_never_to_send_anything_twice() -> None:
    assert "読み込み直してください" in page_of()
    for is_left in (False, True):
        page = page_of(is_left=is_left, may_have_arrived=True)
        assert "もう一度送る前に、サイトで確かめてください" in page
        assert "読み込み直" not in page
    assert "サイトを開き直すと、ブラウザが直接つなぎます" in page_of(is_left=True)


async def test_attack_32_a_certificate_that_turned_bad_gets_no_word_of_ours(bench: Start, tmp_path: Path) -> None:
    (tmp_path / "stranger").mkdir()
    async with bench(Answer([PAGE])) as b:
        assert (await b.page()).status_code == 200
        b.upstream.certificate = Authority.make("stranger").issue(tmp_path / "stranger", HOST)
        await b.upstream.restart()
        reader, writer = await tunnel(b)
        writer.write(request(**{k.replace("-", "_"): v for k, v in NAVIGATION.items()}))
        assert await reader.read() == b""
        writer.close()
