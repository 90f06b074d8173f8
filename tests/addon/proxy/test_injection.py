"""What happens to an answer of a marketplace: it streams, a copy is kept within bounds, and nothing holds it up."""

import asyncio
import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from addon.decoding import decoder_for
from addon.judging.protocol import Visit
from addon.proxy import injection
from addon.proxy.injection import Copy, Injection, Patience
from addon.proxy.tail import _TAIL
from addon.state.settings import SettingsStore
from addon.verdicts.log import PageVerdict, VerdictLog
from extractors import SITES
from rules.model import Verdict
from tests.addon.findings import finding
from tests.addon.judges import CLEAR, FixedJudge

HOSTS = {host: site for site in SITES for host in site.hosts}
CROWDWORKS = HOSTS["crowdworks.jp"]
NOW = datetime(2026, 11, 27, tzinfo=UTC)
DANGER = Verdict(state="danger", site="crowdworks", kind="job", findings=(finding("direct-contract"),))
HTML = "<!doctype html><html><head><title>仕事</title></head><body><p>仕事</p></body></html>".encode()


def _copy(encoding: str = "") -> Copy:
    decoder = decoder_for(encoding)
    assert decoder is not None
    return Copy("document", CROWDWORKS, "https://crowdworks.jp/public/jobs/1", "text/html", decoder, NOW)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Injection]:
    settings = SettingsStore(tmp_path / "settings.json")
    addon = Injection(HOSTS, CLEAR, VerdictLog(settings), settings, patience=Patience(verdict=60, fit=60))
    yield addon
    addon.done()


def _fails() -> Verdict:
    raise RuntimeError("a bug")


def _flow(path: str = "/public/jobs/1", content_type: str = "text/html", **headers: str) -> HTTPFlow:
    flow = tflow.tflow(resp=True)
    flow.request.scheme, flow.request.host, flow.request.path = "https", "crowdworks.jp", path
    flow.request.headers["sec-fetch-dest"] = "document"
    assert flow.response is not None
    flow.response.status_code = 200
    flow.response.headers.clear()
    flow.response.headers["content-type"] = content_type
    for name, value in headers.items():
        flow.response.headers[name.replace("_", "-")] = value
    return flow


def _streamed(addon: Injection, flow: HTTPFlow, body: bytes) -> bytes:
    addon.requestheaders(flow)
    addon.responseheaders(flow)
    assert flow.response is not None
    stream = flow.response.stream
    if not callable(stream):
        return body
    chunks = [stream(part) for part in (body[:10], body[10:], b"")]
    return b"".join(chunk if isinstance(chunk, bytes) else b"".join(chunk) for chunk in chunks)


def test_a_copy_beyond_its_bound_is_given_up_and_the_page_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(injection, "MAX_PAGE_BYTES", 100)
    monkeypatch.setattr(injection, "HEAD", 50)
    copy = _copy()
    assert copy.passing(b"x" * 90) + copy.passing(b"y" * 90) == [b"x" * 90, b"y" * 90]
    assert copy.trouble == "too-large"
    assert len(copy.take()) == 50, "what its beginning tells is kept"


def test_what_is_not_in_the_encoding_that_it_names_passes_as_it_came() -> None:
    copy = _copy("gzip")
    assert copy.passing(b"no gzip at all") == [b"no gzip at all"]
    assert copy.passing(b" and more") == [b" and more"]
    assert copy.trouble == "undecodable"


def test_data_passes_as_it_is_and_its_copy_is_forgotten_once_taken() -> None:
    copy = _copy()
    assert copy.beside(b'{"a": 1}') == b'{"a": 1}'
    copy.beside(b"")
    assert copy.take() == b'{"a": 1}'
    assert copy.take() == b""


async def test_a_page_gets_its_verdict_after_its_last_byte(made: Injection) -> None:
    flow = _flow(etag="x", cache_control="max-age=60", content_length=str(len(HTML)))
    assert _streamed(made, flow, HTML) == HTML
    assert flow.response is not None
    assert "etag" not in flow.response.headers
    assert flow.response.headers["cache-control"] == "no-store"
    await made.response(flow)
    assert b'data-state="clear"' in flow.metadata[_TAIL]


async def test_a_judge_that_fails_leaves_the_page_whole_and_says_so(made: Injection) -> None:
    made.judge = FixedJudge(_fails)
    flow = _flow()
    assert _streamed(made, flow, HTML) == HTML
    await made.response(flow)
    assert b'data-state="not-checked"' in flow.metadata[_TAIL]


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", "text/css"])
async def test_what_is_no_page_is_untouched(made: Injection, content_type: str) -> None:
    flow = _flow(content_type=content_type, etag="x")
    flow.request.headers["sec-fetch-dest"] = "image"
    assert _streamed(made, flow, b"\x89PNG") == b"\x89PNG"
    assert flow.response is not None
    assert flow.response.headers["etag"] == "x"
    await made.response(flow)
    assert _TAIL not in flow.metadata


async def test_a_site_that_is_off_and_any_other_host_are_not_looked_at(made: Injection) -> None:
    made.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
    other = _flow()
    other.request.host = "bank.example"
    for flow in (_flow(), other):
        assert _streamed(made, flow, HTML) == HTML
        await made.response(flow)
        assert _TAIL not in flow.metadata


async def test_beyond_what_may_wait_a_page_is_not_checked_at_once(
    made: Injection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(injection, "MOST_WAITING", 10)
    made._waiting = 5
    verdict = (await asyncio.wait_for(made._judging(_copy(), HTML), 60)).read()
    assert (verdict.state, verdict.reason) == ("not-checked", "too-slow")
    assert made._waiting == 5


TICKET = re.compile(rb'data-ticket="([0-9a-f]{32})"')
KEY = "the name of a key"
URL = "https://crowdworks.jp:22/public/jobs/1"
"""As mitmproxy makes a flow for tests."""


@contextmanager
def _arrived(made: Injection, flow: HTTPFlow) -> Iterator[None]:
    """The extension of a flow's browser follows, and has handed its ticket back."""
    with made.audience.following(KEY):
        ticket = made.audience.ticket(flow.client_conn.id)
        assert ticket is not None
        assert made.audience.admit(ticket, KEY)
        yield


class _Held:
    """A judge whose verdict comes when it is let go."""

    def __init__(self, verdict: Callable[[], Verdict] = lambda: DANGER) -> None:
        self._verdict = verdict
        self._gate = threading.Event()
        self.judge = FixedJudge(self._wait)

    def _wait(self) -> Verdict:
        assert self._gate.wait(60)
        return self._verdict()

    def let_go(self) -> None:
        self._gate.set()


async def _passed(made: Injection, flow: HTTPFlow) -> bytes:
    """What follows a page's last byte."""
    assert _streamed(made, flow, HTML) == HTML
    await asyncio.wait_for(made.response(flow), 60)
    tail: bytes = flow.metadata[_TAIL]
    return tail


def _state(made: Injection) -> tuple[str, str | None] | None:
    shown = made.verdicts.shown(URL)
    return None if shown is None else (shown.verdict.state, shown.verdict.reason)


async def _pending_first(made: Injection, held: _Held) -> None:
    """A page that does not wait for its verdict: it is pending, until the judge is let go and the verdict is there."""
    flow = _flow()
    made.judge = held.judge
    with _arrived(made, flow):
        async with made.verdicts.subscribe() as events:
            await _passed(made, flow)
            await asyncio.wait_for(events.get(), 60)
            assert _state(made) == ("not-checked", "pending")
            held.let_go()
            await asyncio.wait_for(events.get(), 60)


async def test_speed_1_without_an_extension_no_page_carries_a_ticket(made: Injection) -> None:
    assert b"data-ticket" not in await _passed(made, _flow())


async def test_speed_1_a_page_brings_its_ticket_and_the_next_one_does_not_wait(made: Injection) -> None:
    flow, held = _flow(), _Held()
    with made.audience.following(KEY):
        first = await _passed(made, flow)
        assert b'data-state="clear"' in first
        ticket = TICKET.search(first)
        assert ticket is not None
        assert made.audience.admit(ticket[1].decode(), KEY)
        made.judge = held.judge
        made.verdicts = VerdictLog(made.settings)
        again = _flow()
        again.client_conn = flow.client_conn
        async with made.verdicts.subscribe() as events:
            second = await _passed(made, again)
            assert b'data-state="not-checked"' in second
            assert b"data-pending=" in second
            assert b"data-ticket" not in second
            assert _state(made) is None, "the end has gone out, and nothing is known yet"
            held.let_go()
            event = await asyncio.wait_for(events.get(), 60)
        assert isinstance(event, PageVerdict)
        assert (event.url, event.verdict.state) == (URL, "danger")


async def test_speed_1_a_page_by_another_connection_waits(made: Injection) -> None:
    with _arrived(made, _flow()):
        tail = await _passed(made, _flow())
    assert b'data-state="clear"' in tail


@pytest.mark.parametrize("ends", ["the stream", "the connection"])
async def test_speed_1_once_nobody_follows_a_page_waits_again(made: Injection, ends: str) -> None:
    flow = _flow()
    with _arrived(made, flow):
        if ends == "the connection":
            made.client_disconnected(flow.client_conn)
            assert b'data-state="clear"' in await _passed(made, flow)
    if ends == "the stream":
        assert b'data-state="clear"' in await _passed(made, flow)


async def test_speed_1_that_nothing_was_found_at_an_earlier_visit_does_not_stand_for_this_one(made: Injection) -> None:
    made.verdicts.record(URL, Verdict(state="clear", site="crowdworks", kind="job"), "proxy", NOW)
    await _pending_first(made, _Held())
    assert _state(made) == ("danger", None)


async def test_speed_1_a_warning_of_an_earlier_visit_stands_until_more_is_known(made: Injection) -> None:
    flow, held = _flow(), _Held(lambda: Verdict(state="clear", site="crowdworks", kind="job"))
    made.verdicts.record(URL, DANGER, "proxy", NOW)
    made.judge, made.patience = held.judge, Patience(verdict=0, fit=60)
    with _arrived(made, flow):
        async with made.verdicts.subscribe() as events:
            await _passed(made, flow)
            assert _state(made) == ("danger", None)
            held.let_go()
            event = await asyncio.wait_for(events.get(), 60)
    assert isinstance(event, PageVerdict)
    assert event.verdict.state == "clear", "nothing was said in between"


async def test_speed_1_a_verdict_that_takes_long_is_pending_and_one_that_fails_is_said_to(made: Injection) -> None:
    made.patience = Patience(verdict=0, fit=60)
    await _pending_first(made, _Held(_fails))
    assert _state(made) == ("not-checked", "failed")


async def test_speed_1_data_of_a_page_is_judged_after_the_page(made: Injection) -> None:
    flow, held = _flow(), _Held()
    made.judge = held.judge
    with _arrived(made, flow):
        await _passed(made, flow)
        data = made._begin(made._judge_data(_copy(), b"{}", URL))
        # It has begun, and the page is judged first: else the stage of its deal would be unknown to it.
        await asyncio.sleep(0)
        assert made._waiting == len(HTML)
        held.let_go()
        await asyncio.wait_for(data, 60)
    assert made._behind == {}


@contextmanager
def _inserting(made: Injection, flow: HTTPFlow) -> Iterator[None]:
    """The same for an extension that puts the element in by itself."""
    with made.audience.following(KEY, inserts=True):
        ticket = made.audience.ticket(flow.client_conn.id)
        assert ticket is not None
        assert made.audience.admit(ticket, KEY)
        yield


PACKED = gzip.compress(HTML)
HEADERS = {"content-encoding": "gzip", "content-length": str(len(PACKED)), "etag": "x", "digest": "y"}


def _packed_flow(**headers: str) -> HTTPFlow:
    return _flow(**HEADERS, **headers)


async def test_speed_1_where_the_extension_inserts_the_element_a_page_passes_untouched(made: Injection) -> None:
    flow, held = _packed_flow(content_security_policy="style-src 'self'", cache_control="max-age=60"), _Held()
    made.judge, made.patience = held.judge, Patience(verdict=0, fit=0)
    with _inserting(made, flow):
        async with made.verdicts.subscribe() as events:
            assert _streamed(made, flow, PACKED) == PACKED
            pending = made.verdicts.shown_or_pending(URL)
            assert pending is not None
            assert pending.verdict.reason == "pending", "from its first byte on"
            await asyncio.wait_for(made.response(flow), 60)
            held.let_go()
            event = await asyncio.wait_for(events.get(), 60)
    assert _TAIL not in flow.metadata
    assert flow.response is not None
    expected = HEADERS | {"content-type": "text/html", "content-security-policy": "style-src 'self'"}
    assert dict(flow.response.headers) == expected | {"cache-control": "no-store"}, "the next visit is to pass, too"
    assert isinstance(event, PageVerdict)
    assert event.verdict.state == "danger", "that it is pending was told who asked, and is told nobody again"
    assert event.untouched_since == event.judged_at


@pytest.mark.parametrize(
    ("request_headers", "headers"),
    [
        ({"service-worker-navigation-preload": "true"}, {}),
        ({}, {"content_security_policy": "default-src 'self'; Sandbox allow-scripts"}),
        ({}, {"content_type": ""}),
    ],
    ids=["for a service worker", "a sandbox", "of no type"],
)
async def test_speed_1_a_page_that_its_extension_may_not_know_or_enter_ends_with_the_element(
    made: Injection, request_headers: dict[str, str], headers: dict[str, str]
) -> None:
    flow = _flow(**headers)
    flow.request.headers.update(request_headers)
    with _inserting(made, flow):
        assert b"data-pending=" in await _passed(made, flow)


async def test_speed_1_once_its_host_has_a_service_worker_a_page_ends_with_the_element(made: Injection) -> None:
    script = _flow("/service-worker.js", "text/javascript")
    script.request.headers.update({"sec-fetch-dest": "serviceworker", "service-worker": "script"})
    made.requestheaders(script)
    page, elsewhere = _flow(), _flow()
    elsewhere.request.host = "www.lancers.jp"
    with _inserting(made, page):
        assert b"data-pending=" in await _passed(made, page)
    with _inserting(made, elsewhere):
        assert _streamed(made, elsewhere, HTML) == HTML
        await asyncio.wait_for(made.response(elsewhere), 60)
    assert _TAIL not in elsewhere.metadata


async def test_speed_1_who_waits_for_the_verdict_of_a_page_that_was_cut_off_is_told(made: Injection) -> None:
    flow = _packed_flow()
    with _inserting(made, flow):
        async with made.verdicts.subscribe() as events:
            made.requestheaders(flow)
            made.responseheaders(flow)
            made.error(flow)
            event = await asyncio.wait_for(events.get(), 60)
    assert isinstance(event, PageVerdict)
    assert event.verdict.reason == "failed"
    assert made.verdicts.shown_or_pending(URL) is None


class _Handed(FixedJudge):
    """Keeps what it is given to judge."""

    def __init__(self) -> None:
        super().__init__(DANGER)
        self.visits: list[Visit] = []

    def check(self, visit: Visit) -> Verdict:
        self.visits.append(visit)
        return super().check(visit)


@pytest.mark.parametrize("body", [PACKED, HTML], ids=["packed", "of another encoding than it says"])
async def test_speed_1_a_page_that_passes_untouched_is_decoded_by_its_judge(made: Injection, body: bytes) -> None:
    flow, judge = _packed_flow(), _Handed()
    made.judge = judge
    with _inserting(made, flow):
        async with made.verdicts.subscribe() as events:
            assert _streamed(made, flow, body) == body
            await made.response(flow)
            await asyncio.wait_for(events.get(), 60)
    (visit,) = judge.visits
    assert (visit.page.body, visit.encoding) == (body, "gzip")


async def test_data_is_decoded_by_its_judge_and_a_page_with_the_element_before(made: Injection) -> None:
    data = _flow("/message/threads/304340335/messages.json", "application/json", content_encoding="gzip")
    data.request.headers["sec-fetch-dest"] = "empty"
    page, judge = _flow(content_encoding="gzip"), _Handed()
    made.judge = judge
    assert _streamed(made, data, PACKED) == PACKED
    await made.response(data)
    await asyncio.wait(made._tasks)
    assert _streamed(made, page, PACKED) == HTML
    await made.response(page)
    assert [(visit.page.body, visit.encoding) for visit in judge.visits] == [(PACKED, "gzip"), (HTML, "")]


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_what_answers_no_fetch_is_no_data_of_a_page(made: Injection, method: str) -> None:
    data = _flow("/message/threads/304340335/messages.json", "application/json")
    data.request.headers["sec-fetch-dest"] = "empty"
    data.request.method = method
    made.requestheaders(data)
    made.responseheaders(data)
    assert data.response is not None
    assert not callable(data.response.stream)


async def test_a_page_beyond_its_bound_is_not_handed_over(made: Injection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(injection, "MAX_PAGE_BYTES", 10)
    flow, judge = _packed_flow(), _Handed()
    made.judge = judge
    with _inserting(made, flow):
        async with made.verdicts.subscribe() as events:
            assert _streamed(made, flow, PACKED) == PACKED
            await made.response(flow)
            event = await asyncio.wait_for(events.get(), 60)
    assert isinstance(event, PageVerdict)
    assert (event.verdict.state, event.verdict.reason) == ("not-checked", "too-large")
    assert judge.visits == []


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("https://app.shufti.jp/", None),
        ("https://app.shufti.jp", None),
        ("https://app.shufti.jp/jobs/search?page=1", "https://app.shufti.jp/jobs/search?page=1"),
        ("https://internal.shufti.jp/", "https://internal.shufti.jp/"),
        ("https://crowdworks.jp/public/jobs/1", None),
    ],
)
async def test_data_is_filed_under_no_page_where_its_referer_is_an_origin(
    made: Injection, referer: str, page: str | None
) -> None:
    data, start_page = "https://internal.shufti.jp/api/v1/guest/jobs", "https://app.shufti.jp/"
    made.judge = FixedJudge(DANGER)
    made.verdicts.record(start_page, Verdict(state="clear"), "proxy", NOW)
    decoder = decoder_for("")
    assert decoder is not None
    copy = Copy("data", HOSTS["internal.shufti.jp"], data, "application/json", decoder, NOW)
    await made._judge_data(copy, b"{}", referer)
    shown = made.verdicts.shown(page or data)
    assert shown is not None
    assert shown.verdict.state == "danger"
    beside = made.verdicts.shown(start_page)
    assert beside is not None
    assert beside.verdict.state == "clear", "nothing is known of the start page's data"
