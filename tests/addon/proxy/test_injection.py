"""What happens to an answer of a marketplace: it streams, a copy is kept within bounds, and nothing holds it up."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from addon.proxy import injection
from addon.proxy.decoding import decoder_for
from addon.proxy.injection import Copy, Injection, Patience
from addon.proxy.tail import _TAIL
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog
from extractors import SITES
from rules.model import Verdict
from tests.addon.judges import CLEAR, FixedJudge

HOSTS = {host: site for site in SITES for host in site.hosts}
CROWDWORKS = HOSTS["crowdworks.jp"]
NOW = datetime(2026, 11, 27, tzinfo=UTC)
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
    return b"".join(bytes(stream(part)) for part in (body[:10], body[10:], b""))  # type: ignore[arg-type]


def test_a_copy_beyond_its_bound_is_given_up_and_the_page_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(injection, "MAX_PAGE_BYTES", 100)
    monkeypatch.setattr(injection, "HEAD", 50)
    copy = _copy()
    assert copy.passing(b"x" * 90) + copy.passing(b"y" * 90) == b"x" * 90 + b"y" * 90
    assert copy.trouble == "too-large"
    assert len(copy.take()) == 50, "what its beginning tells is kept"


def test_what_is_not_in_the_encoding_that_it_names_passes_as_it_came() -> None:
    copy = _copy("gzip")
    assert copy.passing(b"no gzip at all") == b"no gzip at all"
    assert copy.passing(b" and more") == b" and more"
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
    def fails() -> Verdict:
        raise RuntimeError("a bug")

    made.judge = FixedJudge(fails)
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
    verdict = await asyncio.wait_for(made._judging(_copy(), HTML), 60)
    assert (verdict.state, verdict.reason) == ("not-checked", "too-slow")
    assert made._waiting == 5
