"""Real mitmproxy, real TLS: what reaches the browser is what the marketplace sent, and one element."""

import asyncio
import errno
import gzip
import re
import ssl
import threading
import zlib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import brotli
import httpx
import pytest
import zstandard

from addon.judging.protocol import Visit
from addon.proxy import injection
from addon.proxy.injection import Patience
from addon.state import json_file
from addon.state.options import Resolve
from rules.model import Verdict
from tests.addon.findings import finding
from tests.addon.judges import CLEAR, FixedJudge
from tests.addon.proxy.conftest import HOST, NAVIGATION, PAGE_URL, Bench, Start
from tests.addon.proxy.upstream import Answer, Authority, Request, Upstream

pytestmark = pytest.mark.slow

ELEMENT = re.compile(rb'<koban-verdict data-state="([a-z-]+)" lang="ja">.*</koban-verdict>\Z', re.DOTALL)
HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = "<!DOCTYPE html><html><body><p>これはページです。</p>".encode() + b"<p>x</p>" * 5_000 + b"</body></html>\n"


def parted(body: bytes, case: object = "") -> tuple[bytes, str]:
    """The page as the marketplace sent it, and the state of the one element behind it. case: what is tried."""
    found = ELEMENT.search(body)
    assert found is not None, (case, body[-300:])
    original = body[: found.start()]
    assert b"koban-verdict" not in original
    return original, found[1].decode()


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


async def test_a_page_is_its_own_bytes_and_one_element(bench: Start) -> None:
    faults = []
    async with bench(None, CLEAR) as b:
        for encoding, framing in product(ENCODINGS, ["length", "chunked", "close"]):
            encoded = ENCODINGS[encoding](PAGE)
            chunks = [encoded[i : i + 1_000] for i in range(0, len(encoded), 1_000)]
            headers = [HTML] if encoding == "identity" else [HTML, ("Content-Encoding", encoding)]
            b.answer(Answer(chunks, headers, framing=framing))
            got = await b.page()
            if parted(got.content, (encoding, framing)) != (PAGE, "clear") or "content-encoding" in got.headers:
                faults.append((encoding, framing, got.headers, got.content[-300:]))
    assert faults == []


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("http2", [False, True])
async def test_a_page_into_which_the_extension_puts_the_element_passes_to_the_letter(
    bench: Start, framing: str, *, http2: bool
) -> None:
    async with bench(None, CLEAR) as b:
        for encoding in ENCODINGS:
            await _passes_to_the_letter(b, encoding, framing, http2=http2)


async def _passes_to_the_letter(b: Bench, encoding: str, framing: str, *, http2: bool) -> None:
    encoded = ENCODINGS[encoding](PAGE)
    headers = [HTML, ("ETag", '"1"'), ("Content-Security-Policy", "style-src 'self'")]
    headers += [] if encoding == "identity" else [("Content-Encoding", encoding)]
    chunks = [encoded[i : i + 1_000] for i in range(0, len(encoded), 1_000)]
    b.answer(Answer(chunks, headers, framing=framing))
    url = f"{PAGE_URL}&{encoding}"
    async with b.client(http2=http2) as client:
        with b.koban.audience.following("a key", inserts=True):
            first = await client.get(url, headers=NAVIGATION)
            ticket = re.search(rb'data-ticket="([0-9a-f]{32})"', first.content)
            assert ticket is not None, encoding
            assert b.koban.audience.admit(ticket[1].decode(), "a key"), encoding
            async with client.stream("GET", url, headers=NAVIGATION) as got:
                assert b"".join([part async for part in got.aiter_raw()]) == encoded, encoding
        await b.shown_at(url, lambda verdict: verdict.state == "clear")
        again = await client.get(url, headers=NAVIGATION)
    assert got.headers["cache-control"] == "no-store", encoding
    assert [(name, got.headers[name]) for name, _ in headers] == headers, encoding
    assert got.headers.get("content-length") == (str(len(encoded)) if framing == "length" else None), encoding
    assert parted(again.content, encoding) == (PAGE, "clear"), f"{encoding}, once nobody follows"


async def test_odd_but_legal_compression(bench: Start) -> None:
    odd = {"deflate": raw_deflate(PAGE), "gzip": gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:])}
    async with bench(None, CLEAR) as b:
        for name, encoded in odd.items():
            b.answer(Answer([encoded], [HTML, ("Content-Encoding", name)]))
            assert parted((await b.page()).content, name) == (PAGE, "clear"), name


async def test_http2(bench: Start) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b:
        got = await b.page(http2=True)
    assert got.http_version == "HTTP/2"
    assert parted(got.content) == (PAGE, "clear")


async def test_the_page_streams_before_it_has_ended(bench: Start) -> None:
    first_arrived = asyncio.Event()
    slow = Answer([PAGE[:2_000], PAGE[2_000:]], framing="chunked", go_on=first_arrived)
    async with (
        bench(slow, CLEAR) as b,
        b.client() as client,
        client.stream("GET", PAGE_URL, headers=NAVIGATION) as got,
    ):
        parts = got.aiter_raw()
        first = await anext(parts)
        first_arrived.set()
        rest = b"".join([part async for part in parts])
    assert parted(first + rest) == (PAGE, "clear")


def fails() -> Verdict:
    raise RuntimeError("ここだけの話")


@pytest.mark.parametrize("where", ["judge", "rendering"])
async def test_a_failure_of_ours_leaves_the_page_whole_and_says_so(
    bench: Start, where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if where == "rendering":
        monkeypatch.setattr(injection.Injection, "_rendered", lambda *_: fails())
    async with bench(Answer([PAGE]), FixedJudge(fails) if where == "judge" else CLEAR) as b:
        got = await b.page()
    assert parted(got.content) == (PAGE, "not-checked")
    assert "RuntimeError" in caplog.text
    assert "ここだけの話" not in caplog.text


async def test_a_page_goes_on_where_memory_is_out(bench: Start) -> None:
    def exhausted() -> Verdict:
        raise MemoryError

    async with bench(Answer([PAGE]), FixedJudge(exhausted)) as b:
        assert parted((await b.page()).content) == (PAGE, "not-checked")
        assert parted((await b.page()).content) == (PAGE, "not-checked")


async def test_a_page_goes_on_where_the_disk_is_full(bench: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with bench(Answer([PAGE]), CLEAR) as b:
        monkeypatch.setattr(json_file, "write_atomically", full)
        before = b.koban.settings.current
        with pytest.raises(OSError, match="No space"):
            b.koban.settings.patch({"guard": False})
        assert b.koban.settings.current == before, "what could not be kept does not count"
        assert parted((await b.page()).content) == (PAGE, "clear")
    # Koban has ended, and what it could not write has not kept it from that.


DANGER = Verdict(state="danger", findings=(finding("direct-contract"),), site="crowdworks")
HURRIED = Patience(verdict=0, fit=60)
"""No page waits for its verdict at all, unless it is there already."""


async def test_a_stuck_analysis_lets_the_page_go_on(bench: Start) -> None:
    page_arrived = threading.Event()

    def stuck() -> Verdict:
        page_arrived.wait()
        return DANGER

    async with bench(Answer([PAGE]), FixedJudge(stuck), patience=HURRIED) as b:
        try:
            assert parted((await b.page()).content) == (PAGE, "not-checked")
        finally:
            page_arrived.set()
        # Badge and popup learn of it all the same.
        await b.shown_at(PAGE_URL, lambda verdict: verdict.state == "danger")


async def test_house_01_a_danger_found_late_in_data_is_shown_at_its_page(bench: Start) -> None:
    data_arrived = threading.Event()

    class SlowWithData(FixedJudge):
        def check(self, visit: Visit) -> Verdict:
            if visit.part_of is None:
                return CLEAR.check(visit)
            data_arrived.wait()
            return DANGER

    def respond(asked: Request) -> Answer:
        return Answer([b"{}"], [("Content-Type", "application/json")]) if "json" in asked.target else Answer([PAGE])

    page, data = f"https://{HOST}/proposals/5", f"https://{HOST}/message/threads/99/messages.json"
    async with bench(respond, SlowWithData(DANGER), patience=HURRIED) as b, b.client() as client:
        try:
            await client.get(page, headers=NAVIGATION)
            await b.shown_at(page, lambda verdict: verdict.state == "clear")
            await client.get(data, headers={"Sec-Fetch-Dest": "empty", "Referer": page})
        finally:
            data_arrived.set()
        await b.shown_at(page, lambda verdict: verdict.state == "danger")
        assert b.koban.verdicts.shown(data) is None, "no tab shows that address"


async def test_house_01_data_on_which_the_check_fails_leaves_its_page_unchecked(bench: Start) -> None:
    class FailsWithData(FixedJudge):
        def check(self, visit: Visit) -> Verdict:
            return CLEAR.check(visit) if visit.part_of is None else fails()

    def respond(asked: Request) -> Answer:
        return Answer([b"{}"], [("Content-Type", "application/json")]) if "json" in asked.target else Answer([PAGE])

    page, data = f"https://{HOST}/proposals/5", f"https://{HOST}/message/threads/99/messages.json"
    async with bench(respond, FailsWithData(DANGER)) as b, b.client() as client:
        assert parted((await client.get(page, headers=NAVIGATION)).content) == (PAGE, "clear")
        await client.get(data, headers={"Sec-Fetch-Dest": "empty", "Referer": page})
        verdict = await b.shown_at(page, lambda verdict: verdict.state != "clear")
    assert (verdict.state, verdict.reason) == ("not-checked", "failed")


async def test_pages_do_not_wait_without_end(bench: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []
    pages_arrived = threading.Event()

    def slow() -> Verdict:
        judged.append(1)
        pages_arrived.wait()
        return Verdict(state="clear", checked=("job.title",), site="crowdworks", kind="job")

    monkeypatch.setattr(injection, "MOST_WAITING", 3 * len(PAGE))
    async with bench(Answer([PAGE]), FixedJudge(slow), patience=HURRIED) as b:
        urls = [f"{PAGE_URL}&page={number}" for number in range(8)]
        try:
            got = await asyncio.gather(*(b.page(url) for url in urls))
        finally:
            pages_arrived.set()
        assert {parted(each.content) for each in got} == {(PAGE, "not-checked")}
        async with asyncio.timeout(60), b.koban.verdicts.subscribe() as events:
            while (states := [(await b.shown_at(url)).state for url in urls]).count("clear") < 3:
                await events.get()
        assert sorted(states) == ["clear"] * 3 + ["not-checked"] * 5
        assert len(judged) == 3
        # What has been judged makes room.
        monkeypatch.setattr(injection, "MOST_WAITING", len(PAGE))
        await b.page(f"{PAGE_URL}&page=9")
        await b.shown_at(f"{PAGE_URL}&page=9", lambda verdict: verdict.state == "clear")


async def test_a_real_page_is_really_judged(bench: Start) -> None:
    async with bench(Answer([PAGE])) as b:
        listed = await b.page()
        elsewhere = await b.page(f"https://{HOST}/about")
    assert parted(listed.content) == (PAGE, "not-checked")
    assert "ページの作りが変わったため" in references(listed.content)
    assert "この種類のページは調べていません" in references(elsewhere.content)


def references(body: bytes) -> str:
    return re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), body.decode())


UNTOUCHED = {
    "a frame": ({"Sec-Fetch-Dest": "iframe"}, Answer([PAGE])),
    "a fragment": ({"Sec-Fetch-Dest": "empty"}, Answer([PAGE])),
    "a prefetch": ({"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"}, Answer([PAGE])),
    "not asked for as a page": ({"Accept": "*/*"}, Answer([PAGE])),
    "a download": (NAVIGATION, Answer([PAGE], [("Content-Type", "application/octet-stream")])),
    "a picture": (NAVIGATION, Answer([b"\x89PNG" * 999], [("Content-Type", "image/png")])),
    "an error page": (NAVIGATION, Answer([PAGE], status="404 Not Found")),
    "an unknown encoding": (NAVIGATION, Answer([PAGE], [HTML, ("Content-Encoding", "rot13")])),
    "two encodings": (NAVIGATION, Answer([PAGE], [HTML, ("Content-Encoding", "gzip, br")])),
    "XHTML": (NAVIGATION, Answer([PAGE], [("Content-Type", "application/xhtml+xml")])),
}


async def test_what_is_no_page_passes_to_the_letter(bench: Start) -> None:
    faults = []
    async with bench(None, CLEAR) as b:
        for case, (headers, answer) in UNTOUCHED.items():
            b.answer(answer)
            async with b.client() as client, client.stream("GET", PAGE_URL, headers=headers) as got:
                raw = b"".join([part async for part in got.aiter_raw()])
            if raw != b"".join(answer.chunks) or got.headers.get("content-length") != str(len(raw)):
                faults.append((case, got.headers, raw[-300:]))
    assert faults == []


async def test_answers_without_a_body_stay_without(bench: Start) -> None:
    async with bench(None, CLEAR) as b:
        for method, status in (("HEAD", "200 OK"), ("GET", "304 Not Modified"), ("GET", "204 No Content")):
            b.answer(Answer([], status=status, framing="none"))
            async with b.client() as client:
                got = await client.request(method, PAGE_URL, headers=NAVIGATION)
            assert (got.status_code, got.content) == (int(status[:3]), b""), (method, status)


async def test_data_passes_untouched_and_is_judged_for_its_page(bench: Start) -> None:
    danger = "手数料がもったいないので、次回からは直接契約でお願いできますか。"
    message = '{"id":1,"own_message":false,"senddate":"2026年11月20日 11:22","body":"'
    data = f'{{"messages":[{message}{danger}"}}]}}'.encode()
    url = f"https://{HOST}/message/threads/99/messages.json"
    page = f"https://{HOST}/proposals/5"
    async with bench(
        Answer([gzip.compress(data)], [("Content-Type", "application/json"), ("Content-Encoding", "gzip")])
    ) as b:
        async with b.client() as client:
            got = await client.get(url, headers={"Sec-Fetch-Dest": "empty", "Referer": page})
        assert got.content == data
        assert got.headers["content-encoding"] == "gzip"
        verdict = await b.shown_at(page)
        assert verdict.state == "danger"
        assert danger in {e.quote for f in verdict.findings for e in f.evidence}


async def test_yesterdays_verdict_is_never_shown_again(bench: Start) -> None:
    headers = [
        HTML,
        ("ETag", '"1"'),
        ("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT"),
        ("Cache-Control", "max-age=9999"),
    ]
    async with bench(Answer([PAGE], headers), CLEAR) as b:
        got = await b.page(If_None_Match='"1"', If_Modified_Since="Mon, 23 Nov 2026 00:00:00 GMT", Range="bytes=0-9")
        asked = b.upstream.requests[-1].headers
    assert not {"if-none-match", "if-modified-since", "range"} & asked.keys()
    assert got.headers["cache-control"] == "no-store"
    assert not {"etag", "last-modified", "content-length"} & got.headers.keys()


async def test_headers_that_protect_the_page_stay(bench: Start) -> None:
    kept = {
        "Strict-Transport-Security": "max-age=1",
        "Content-Security-Policy": "default-src 'self' 'unsafe-inline'",
        "Content-Security-Policy-Report-Only": "style-src 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Set-Cookie": "a=b; Secure; HttpOnly",
        "X-Frame-Options": "DENY",
    }
    async with bench(Answer([PAGE], [HTML, *kept.items()]), CLEAR) as b:
        got = await b.page()
    assert {name: got.headers[name] for name in kept} == kept


async def test_a_strict_policy_admits_the_style_and_no_more(bench: Start) -> None:
    policy = "default-src 'self'; style-src 'self'"
    async with bench(Answer([PAGE], [HTML, ("Content-Security-Policy", policy)]), CLEAR) as b:
        got = await b.page()
    assert re.fullmatch(re.escape(policy) + r" 'sha256-[A-Za-z0-9+/]{43}='", got.headers["content-security-policy"])


CHARSETS = {
    "utf-8": b"\xef\xbb\xbf",
    "shift_jis": b"",
    "euc-jp": b"",
    "iso-2022-jp": b"",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
}
"""Encodings of pages, with the mark that one begins with."""


async def test_the_element_reads_right_in_every_encoding(bench: Start) -> None:
    faults = []
    async with bench(None, CLEAR) as b:
        for charset, bom in CHARSETS.items():
            page = bom + "<html><body><p>日本語のページ。</p>".encode(charset)
            if charset == "iso-2022-jp":
                page = page.removesuffix(b"\x1b(B</p>")  # ends in the midst of a word
            name = "utf-16" if charset.startswith("utf-16") else charset
            b.answer(Answer([page], [("Content-Type", f"text/html; charset={name}")]))
            got = (await b.page()).content
            text = got.removeprefix(bom).decode(charset, "replace")
            is_right = text.count('<koban-verdict data-state="clear"') == 1 and text.endswith("</koban-verdict>")
            if not got.startswith(page) or not is_right:
                faults.append((charset, text[-300:]))
    assert faults == []


async def test_an_empty_page_passes(bench: Start) -> None:
    async with bench(Answer([], framing="chunked")) as b:
        assert parted((await b.page()).content) == (b"", "not-checked")


async def test_a_huge_page_passes_untouched_and_is_said_to_be_unread(bench: Start) -> None:
    page = b"<p>" + b"x" * (20 * 1024 * 1024)
    async with bench(Answer([page[i : i + 65_536] for i in range(0, len(page), 65_536)], framing="chunked")) as b:
        got = await b.page()
        shown = b.koban.verdicts.shown(PAGE_URL)
    # Nobody knows how it ends, so nothing is put there.
    assert got.content == page
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.reason) == ("not-checked", "too-large")


async def test_binary_as_html_passes(bench: Start) -> None:
    page = bytes(range(256)) * 500
    async with bench(Answer([page])) as b:
        assert parted((await b.page()).content) == (page, "not-checked")


async def test_an_encoding_that_lies_passes_as_it_came(bench: Start) -> None:
    async with bench(Answer([PAGE], [HTML, ("Content-Encoding", "gzip")]), CLEAR) as b:
        got = await b.page()
        shown = b.koban.verdicts.shown(PAGE_URL)
    assert got.content == PAGE
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.reason) == ("not-checked", "unreadable")


async def test_a_page_cut_short_stays_cut_short(bench: Start) -> None:
    async with bench(Answer([PAGE[:5_000], PAGE[5_000:]], cut_after=1), CLEAR) as b:
        with pytest.raises(httpx.RemoteProtocolError):
            await b.page()


async def test_a_site_switched_off_is_left_alone(bench: Start, tmp_path: Path) -> None:
    async with bench(Answer([PAGE]), CLEAR) as b:
        b.koban.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
        # Nothing of ours is in between: the certificate is the site's own.
        async with b.client(trust=b.upstream_authority.save(tmp_path / "ca.pem")) as client:
            got = await client.get(PAGE_URL, headers=NAVIGATION)
    assert got.content == PAGE
    assert got.headers["content-length"] == str(len(PAGE))


async def test_other_hosts_are_raw_tunnels(bench: Start, tmp_path: Path) -> None:
    bank_authority = Authority.make("the bank's authority")
    trust = bank_authority.save(tmp_path / "bank-ca.pem")
    async with Upstream(bank_authority.issue(tmp_path, "bank.example"), lambda _: Answer([PAGE])) as bank:
        resolve = Resolve("bank.example", 443, "127.0.0.1", bank.port)
        async with bench(another=CLEAR, resolve=(resolve,)) as b, b.client(trust=trust) as client:
            # The handshake succeeds with the bank's own authority alone: nothing of ours is in between.
            got = await client.get("https://bank.example/", headers=NAVIGATION)
    assert got.content == PAGE


async def test_a_marketplaces_name_inside_another_tunnel_is_not_looked_into(bench: Start, tmp_path: Path) -> None:
    front = Authority.make("another")
    folder = tmp_path / "front"
    folder.mkdir()
    async with Upstream(front.issue(folder, HOST), lambda _: Answer([PAGE])) as fronted:
        resolve = Resolve("front.example", 443, "127.0.0.1", fronted.port)
        async with bench(resolve=(resolve,)) as b:
            reader, writer = await asyncio.open_connection("127.0.0.1", b.koban.proxy_port)
            writer.write(b"CONNECT front.example:443 HTTP/1.1\r\nHost: front.example:443\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"200"
            context = ssl.create_default_context(cafile=str(front.save(folder / "ca.pem")))
            await writer.start_tls(context, server_hostname=HOST)
            writer.close()


HERE = ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.0.1", "192.168.1.1", "[::ffff:127.0.0.1]", "169.254.1.1")


async def test_nothing_leads_back_into_this_machine(bench: Start) -> None:
    let_through = []
    async with bench() as b:
        for name, way in product(HERE, ["tunnel", "plain"]):
            target = f"{name}:{b.koban.api_port}"
            reader, writer = await asyncio.open_connection("127.0.0.1", b.koban.proxy_port)
            if way == "tunnel":
                writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            else:
                writer.write(f"GET http://{target}/pair HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            await writer.drain()
            status = await asyncio.wait_for(reader.readline(), 60)
            writer.close()
            if status.split()[1:2] != [b"403"]:
                let_through.append((name, way, status))
    assert let_through == []


async def test_an_upstream_that_nobody_vouches_for_is_not_vouched_for_here(bench: Start, tmp_path: Path) -> None:
    folder = tmp_path / "stranger"
    folder.mkdir()
    async with bench(Answer([PAGE])) as b:
        assert (await b.page()).status_code == 200
        # Good when it was asked a moment ago, and another now: no word under our certificate, and the next connection
        # is the browser's own.
        b.upstream.certificate = Authority.make("stranger").issue(folder, HOST)
        await b.upstream.restart()
        with pytest.raises(httpx.RemoteProtocolError):
            await b.page()
        bypassed = b.koban.bypass.get(HOST)
        assert bypassed is not None
        assert bypassed.reason == "upstream-certificate"
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            await b.page()


async def test_only_loopback_listens(bench: Start) -> None:
    async with bench() as b:
        listeners = await asyncio.to_thread(lambda: Path("/proc/net/tcp").read_text().splitlines()[1:])
        for port in (b.koban.proxy_port, b.koban.api_port):
            listening = [line.split() for line in listeners]
            addresses = {e[1].split(":")[0] for e in listening if e[3] == "0A" and int(e[1].split(":")[1], 16) == port}
            assert addresses == {"0100007F"}


async def test_messages_are_judged_by_the_stage_that_their_page_shows(bench: Start) -> None:
    unpaid = "<p>契約名 入力 クライアントが仮払いを行っています。業務を開始しないでください。</p>"
    page_url = f"https://{HOST}/contracts/5"
    start = "先に作業を始めていただけますか。"
    data = f'{{"messages":[{{"id":1,"own_message":false,"senddate":"2026年11月20日 11:22","body":"{start}"}}]}}'

    def respond(request: Request) -> Answer:
        if request.target.endswith(".json"):
            return Answer([data.encode()], [("Content-Type", "application/json")])
        return Answer([f"<html><body>{unpaid}</body></html>".encode()])

    async with bench(respond) as b, b.client() as client:
        await b.page(page_url)
        before = b.koban.verdicts.shown(page_url)
        await client.get(f"https://{HOST}/message/threads/9/messages.json", headers={"Referer": page_url})
        after = await b.shown_at(page_url, lambda verdict: verdict.state == "danger")
    assert before is not None
    assert before.verdict.stage == "agreed-unfunded"
    assert start in {e.quote for f in after.findings if f.severity == "danger" for e in f.evidence}
