"""Files are copied as they pass, and the page hears of them later."""

import gzip
from collections.abc import Callable

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from addon.pictures.bounds import BOUNDS
from addon.pictures.process import PictureProcess
from addon.pictures.reading import read
from addon.proxy.files import Files
from extractors import SITES
from rules.model import Verdict
from tests.addon.pictures.drawn import code, picture, written
from tests.addon.proxy.conftest import HOST, Bench, Start
from tests.addon.proxy.upstream import Answer, Request

URL = f"https://{HOST}/attachments/7"
BYTES = picture("LINE ID: abc_123")
THREAD = """<!DOCTYPE html><html><body>
<div id="pack-message-thread"><div class="_messageItem_q"><div class="_messageBody_q">
<a class="_senderName_q" href="/public/employers/701">見本</a><time datetime="2026年11月20日 10:05"></time>
<p>よろしくお願いします</p><a href="/attachments/7">資料</a></div></div></div></body></html>""".encode()

Pass = Callable[..., dict[str, bytes]]


@pytest.fixture
def passing() -> Pass:
    """Has an answer pass; returns the files that were handed on, by address."""
    files_passed: dict[str, bytes] = {}
    files = Files({host: site for site in SITES for host in site.hosts}, files_passed.__setitem__, lambda _: True)

    def answer(
        url: str = URL, *, status: int = 200, method: str = "GET", chunks: tuple[bytes, ...] = (BYTES,), **headers: str
    ) -> dict[str, bytes]:
        flow = tflow.tflow(resp=True)
        flow.request = http.Request.make(method, url)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        flow.response = http.Response.make(status, b"", {"content-type": "image/png"} | named)
        if "content-length" not in named:
            del flow.response.headers["content-length"]
        flow.response.stream = True
        files.responseheaders(flow)
        if callable(flow.response.stream):
            assert tuple(flow.response.stream(chunk) for chunk in (*chunks, b"")) == (*chunks, b""), "as it came"
        files.response(flow)
        return files_passed

    return answer


def test_a_picture_is_handed_on_whole(passing: Pass) -> None:
    assert passing(chunks=(BYTES[:100], BYTES[100:])) == {URL: BYTES}


def test_a_compressed_one_is_handed_on_as_it_is_meant(passing: Pass) -> None:
    assert passing(chunks=(gzip.compress(BYTES),), content_encoding="gzip") == {URL: BYTES}


def test_a_redirection_keeps_the_address_that_the_page_names(passing: Pass) -> None:
    assert not passing(status=302, location="/storage/a.png?signed")
    assert passing(f"https://{HOST}/storage/a.png?signed") == {URL: BYTES}


@pytest.mark.parametrize(
    "answer",
    [
        {"url": "https://example.com/a.png"},
        {"url": f"http://{HOST}/a.png"},
        {"status": 404},
        {"status": 206},
        {"method": "POST"},
        {"content_type": "text/html"},
        {"content_type": "video/mp4"},
        {"content_length": "43"},
        {"content_length": str(BOUNDS.file + 1)},
        {"chunks": (b"\0" * (BOUNDS.file + 1),)},
        {"chunks": (b"no gzip",), "content_encoding": "gzip"},
    ],
    ids=str,
)
def test_what_is_not_handed_on(passing: Pass, answer: dict[str, object]) -> None:
    assert not passing(**answer)


@pytest.mark.slow
async def test_a_code_in_a_clients_picture_becomes_a_warning_of_its_page(
    bench: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process for it has the lowest priority, and a busy machine lets it wait; test_process.py tries it.
    monkeypatch.setattr(PictureProcess, "read", lambda _, data: read(data))

    def respond(request: Request) -> Answer:
        if request.target.startswith("/attachments/"):
            return Answer([written(code("https://lin.ee/mihon"))], [("Content-Type", "image/png")])
        own = THREAD.replace(b"/attachments/7", f"/attachments/{request.target.rpartition('/')[2]}".encode())
        return Answer([own], [("Content-Type", "text/html; charset=utf-8")])

    # What is learnt of a file is remembered where its pages are judged: in a process as a user has it.
    async with bench(respond, another=None) as b:
        b.koban.settings.patch({"pictures": True})
        await _picture_and_page_pass(b, 7, picture_first=False)
        await _picture_and_page_pass(b, 8, picture_first=True)


async def _picture_and_page_pass(b: Bench, number: int, *, picture_first: bool) -> None:
    """Has a thread and its picture, both of a number, pass; the page is warned of."""
    url, thread_url = f"https://{HOST}/attachments/{number}", f"https://{HOST}/message/threads/{number}"

    def is_warned_of(verdict: Verdict) -> bool:
        return any(finding.rule == "contact-in-picture" for finding in verdict.findings)

    async with b.client() as client:
        if picture_first:
            await client.get(url)
        page = await b.page(thread_url)
        assert b'data-state="clear"' in page.content, f"the page did not wait: {picture_first=}"
        if not picture_first:
            assert (await b.shown_at(thread_url)).enclosures == (url,)
            await client.get(url)
    verdict = await b.shown_at(thread_url, is_warned_of)
    again = await b.page(thread_url)
    assert (verdict.state, verdict.enclosures) == ("danger", ()), f"{picture_first=}"
    files = {evidence.file for finding in verdict.findings for evidence in finding.evidence}
    assert files == {url}, f"{picture_first=}"
    assert b'data-state="danger"' in again.content, f"loaded again, it is known at once: {picture_first=}"
