"""Bytes that follow a streamed body: after all of it, and never after trailers."""

from collections.abc import Iterator
from typing import Any

import h11
import pytest
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.http import Headers
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http._events import ResponseData
from mitmproxy.test import tflow

from addon.proxy.tail import TailedHttpStream, UntrailedReader, set_tail


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> TailedHttpStream:
    def flow_done(_: object) -> Iterator[Any]:
        yield "the end"

    # By the class itself: where a proxy has run, mitmproxy's name for it is another's.
    (base,) = TailedHttpStream.__bases__
    monkeypatch.setattr(base, "flow_done", flow_done)
    stream = TailedHttpStream.__new__(TailedHttpStream)
    stream.flow = tflow.tflow(resp=True)
    stream.stream_id = 3
    stream.context = tflow.tclient_conn()  # type: ignore[assignment]
    monkeypatch.setattr(stream.context, "client", "the browser", raising=False)
    return stream


def _sent(stream: TailedHttpStream) -> list[Any]:
    return list(stream.flow_done())


def test_a_tail_goes_out_once_before_the_end(stream: TailedHttpStream) -> None:
    set_tail(stream.flow, b"<koban-verdict>")
    first, last = _sent(stream)
    assert isinstance(first, http_layers.SendHttp)
    assert isinstance(first.event, ResponseData)
    assert (first.event.stream_id, first.event.data) == (3, b"<koban-verdict>")
    assert last == "the end"
    assert _sent(stream) == ["the end"]


def test_nothing_follows_trailers(stream: TailedHttpStream) -> None:
    set_tail(stream.flow, b"<koban-verdict>")
    assert stream.flow.response is not None
    stream.flow.response.trailers = Headers(digest="x")
    assert _sent(stream) == ["the end"]


def test_trailers_of_a_chunked_body_are_dropped_and_the_body_is_whole() -> None:
    buffer = ReceiveBuffer()
    buffer += b"3\r\nabc\r\n0\r\nDigest: x\r\n\r\n"
    reader = UntrailedReader()
    read = [reader(buffer), reader(buffer)]
    assert bytes(read[0].data) == b"abc"
    assert read[1] == h11.EndOfMessage()
    assert not read[1].headers
