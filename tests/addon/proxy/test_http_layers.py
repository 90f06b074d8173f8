"""What is remembered of a failure, and when a request may be sent again."""

from typing import Any, cast

import pytest
from h2.config import H2Configuration
from hyperframe.frame import GoAwayFrame
from mitmproxy.http import Response
from mitmproxy.net.http.status_codes import BAD_GATEWAY
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode, RequestData, ResponseProtocolError
from mitmproxy.test import tflow

from addon.proxy import http_layers
from addon.proxy.http_layers import (
    MOST_KEPT,
    ConnectionLost,
    Failure,
    GoingAway,
    GracefulH2Connection,
    RetryingHttpStream,
    _as_lost,
    failure_of,
    let_connection_end,
    set_answer,
)
from addon.proxy.tail import TailedHttpStream


def test_a_failure_is_known_by_its_name_alone() -> None:
    flow = tflow.tflow(err=True)
    assert failure_of(flow) is None
    flow.metadata[http_layers._FAILURE] = Failure("site", ErrorCode.CONNECT_FAILED)
    assert failure_of(flow) == Failure("site", ErrorCode.CONNECT_FAILED)
    flow.metadata[http_layers._FAILURE] = "something else"
    assert failure_of(flow) is None


def test_an_answer_of_none_is_not_the_same_as_no_answer() -> None:
    flow = tflow.tflow()
    assert http_layers._ANSWER not in flow.metadata
    set_answer(flow, None)
    assert flow.metadata[http_layers._ANSWER] is None
    answer = Response.make(BAD_GATEWAY)
    set_answer(flow, answer)
    let_connection_end(flow)
    assert (flow.metadata[http_layers._ANSWER], flow.metadata[http_layers._LAST]) == (answer, True)


def test_errors_of_streams_say_that_their_connection_was_lost_and_nothing_else_does() -> None:
    other = commands.Log("x")
    wrapped = iter([ReceiveHttp(ResponseProtocolError(5, "peer closed", ErrorCode.GENERIC_SERVER_ERROR)), other])
    lost, same = list(_as_lost(cast(Any, wrapped)))
    assert isinstance(lost, ReceiveHttp)
    assert isinstance(lost.event, ConnectionLost)
    assert (lost.event.stream_id, lost.event.message) == (5, "peer closed")
    assert same is other


def test_a_server_that_goes_away_ends_nothing_by_itself() -> None:
    connection = GracefulH2Connection(H2Configuration())
    frames, events = connection._receive_goaway_frame(GoAwayFrame(0, last_stream_id=7))
    assert (frames, events) == ([], [GoingAway(last_stream_id=7)])


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> RetryingHttpStream:
    monkeypatch.setattr(TailedHttpStream, "state_stream_request_body", lambda *_: iter(()), raising=False)
    stream = RetryingHttpStream.__new__(RetryingHttpStream)
    stream._kept_body = bytearray()
    return stream


def test_a_body_is_kept_to_be_sent_again_up_to_a_bound(stream: RetryingHttpStream) -> None:
    kept: list[bytes | None] = []
    for part in (b"abc", b"x" * MOST_KEPT, b"x"):
        list(stream.state_stream_request_body(RequestData(1, part)))
        kept.append(bytes(stream._kept_body) if stream._kept_body is not None else None)
    assert kept == [b"abc", None, None], "with more of it there is no second try"
