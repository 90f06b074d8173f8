"""mitmproxy's HTTP layers where a browser alone would do better; what they do not say here stays mitmproxy's.

A browser takes it that connections end. A server that retires one says so (GOAWAY: RFC 9113, 6.8), and lets what is
under way finish; one that has been idle ends without a word, and the request that met its end is sent again on another
(RFC 9110, 9.2.2; RFC 9112, 9.3.1). mitmproxy cuts everything in the first case and answers 502 in the second, with
words of its own that nobody at a marketplace would understand. Each class below takes the place of the one it
derives from, by `install`; mitmproxy is pinned for these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary, WeakSet

import h2.errors
import h2.events
from hyperframe.frame import Frame, GoAwayFrame
from mitmproxy import http
from mitmproxy.connection import Address, Connection, Server
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import _http1 as http1_layers
from mitmproxy.proxy.layers.http import _http2 as http2_layers
from mitmproxy.proxy.layers.http._base import HttpEvent, ReceiveHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    RequestTrailers,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
    ResponseTrailers,
)
from mitmproxy.proxy.layers.http._http_h2 import BufferedH2Connection

from addon.proxy.chunks import AnswerChunks
from addon.proxy.heads import read_head
from addon.proxy.tail import TailedHttpStream, UntrailedReader

MOST_TRIES = 3
"""Times that one request is sent, as Chromium has it."""
MOST_KEPT = 256 * 1024
"""Bytes of a request's body that are kept to be sent again; with more of it there is no second try."""
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that may be carried out twice (RFC 9110, 9.2.2)."""
_ALL_STREAMS = 2**31 - 1

_FAILURE = "koban.failure"
_ANSWER = "koban.answer"
_LAST = "koban.last"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request came to no answer, or to half of one. side: who ended it; the network counts as the site."""

    side: Literal["browser", "site"]
    code: ErrorCode


def failure_of(flow: http.HTTPFlow) -> Failure | None:
    """Returns the failure of a flow, for the `error` hook; None where mitmproxy did not name it."""
    failure = flow.metadata.get(_FAILURE)
    return failure if isinstance(failure, Failure) else None


def set_answer(flow: http.HTTPFlow, answer: http.Response | None) -> None:
    """Set the browser's answer in place of one that did not come; for the `error` hook.

    None: its connection is closed without a word, as the site's would be. Has no effect where an answer has begun.
    """
    flow.metadata[_ANSWER] = answer


def let_connection_end(flow: http.HTTPFlow) -> None:
    """Let the browser's connection carry this answer, and what it has begun, and nothing new.

    For the `response` hook at the latest. The browser then opens another connection, and the gate decides again whether
    it is decrypted.
    """
    flow.metadata[_LAST] = True


class NeverProcessed(ResponseProtocolError):
    """The server says that it has not looked at this request, so that it may be sent again whatever it asks for."""


class ConnectionLost(ResponseProtocolError):
    """A connection that had carried answers ended before any byte of this one."""


_retired: "WeakSet[Connection]" = WeakSet()
"""Connections that carry what they have begun, and nothing new."""
_unproven: "WeakSet[Connection]" = WeakSet()
"""Connections that were open before their first request, and have carried no answer yet."""
_names: "WeakKeyDictionary[Connection, Address]" = WeakKeyDictionary()
"""By connection: its host and port, while the connection is made to one of their addresses."""


def retire(connection: Connection) -> None:
    """Let a connection carry what it has begun, and nothing new."""
    _retired.add(connection)


def set_unproven(connection: Connection) -> None:
    """Take a connection for one that may have ended unseen before its first request, as a kept one may between two."""
    _unproven.add(connection)


def connect_to(connection: Server, address: Address) -> None:
    """Have a connection made to an address of its host's; for the `server_connect` hook."""
    assert connection.address is not None
    _names[connection] = connection.address
    connection.address = address


def restore_name(connection: Server) -> None:
    """Give a connection the name of its host again, so that the next request finds it.

    mitmproxy looks for an open connection by its address, and opens at most five to one address: pages of one browser
    connection would otherwise each open one more, and then wait for ever.
    """
    name = _names.pop(connection, None)
    if name is not None:
        # Its own setter refuses, since for an ordinary connection this would be a lie.
        object.__setattr__(connection, "address", name)


class UsableHttpConnection(http_layers.GetHttpConnection):
    """The wish for a connection that can carry one more request: none that is retired, none that did not come about.

    mitmproxy gives the error of the first failure to every later request of the same browser connection, and does not
    see that a connection which is being made to an address is one to the host.
    """

    def connection_spec_matches(self, connection: Connection) -> bool:
        if connection in _retired or connection.error:
            return False
        if isinstance(connection, Server) and _names.get(connection) == self.address:
            return (self.tls, self.via, self.transport_protocol) == (
                connection.tls,
                connection.via,
                connection.transport_protocol,
            )
        return super().connection_spec_matches(connection)


# --- towards the site ---


class KeptHttp1Client(http1_layers.Http1Client):
    """HTTP/1 towards a site: reads heads as browsers do, and passes on those that come before the answer's own."""

    _has_answered = False
    _is_last = False

    def read_headers(self, event: events.ConnectionEvent) -> layer.CommandGenerator[None]:
        if isinstance(event, events.DataReceived) and self.request is not None:
            yield from self._read_heads(event)
        elif isinstance(event, events.ConnectionClosed) and self._was_open() and not self.buf:
            yield from _as_lost(super().read_headers(event))
        else:
            yield from super().read_headers(event)

    def _was_open(self) -> bool:
        """Whether the connection was there before this request, and may have ended by then."""
        return self._has_answered or self.conn in _unproven

    def _read_heads(self, event: events.DataReceived) -> layer.CommandGenerator[None]:
        assert self.stream_id is not None
        assert self.request is not None
        while (lines := self.buf.maybe_extract_lines()) is not None:
            if not lines:
                continue  # blank lines before a head
            try:
                head = read_head([bytes(line) for line in lines], self.request)
            except ValueError:
                yield from self._refuse("the answer's head cannot be read")
                return
            if head.is_informational:
                yield ReceiveHttp(ResponseHeaders(self.stream_id, head.response))
                continue
            self.response = head.response
            self._has_answered, self._is_last = True, head.last
            yield ReceiveHttp(ResponseHeaders(self.stream_id, head.response, head.body_size == 0))
            chunked = head.body_size is None
            self.body_reader = AnswerChunks() if chunked else http1_layers.make_body_reader(head.body_size)
            self.state = self.read_body
            yield from self.state(event)
            return

    def _refuse(self, message: str) -> layer.CommandGenerator[None]:
        assert self.stream_id is not None
        yield commands.CloseConnection(self.conn)
        yield ReceiveHttp(ResponseProtocolError(self.stream_id, message, ErrorCode.RESPONSE_VALIDATION_FAILED))

    def mark_done(self, *, request: bool = False, response: bool = False) -> layer.CommandGenerator[None]:
        yield from super().mark_done(request=request, response=response)
        # Both are done, and mitmproxy would use it again.
        if self.request is None and self._is_last and self.conn.connected:
            yield commands.CloseConnection(self.conn)
            self.state = self.done


@dataclass(kw_only=True)
class GoingAway(h2.events.Event):
    """The peer takes no stream above one any more. h2's own event for this ends the connection."""

    last_stream_id: int


class GracefulH2Connection(BufferedH2Connection):
    """An HTTP/2 connection that a GOAWAY does not end: the streams up to the one that it names go on."""

    def _receive_goaway_frame(self, frame: GoAwayFrame) -> tuple[list[Frame], list[h2.events.Event]]:
        return [], [GoingAway(last_stream_id=frame.last_stream_id)]


class KeptHttp2Client(http2_layers.Http2Client):
    """HTTP/2 towards a site: retires with grace, and says of each stream that ends whether it may be tried again."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.h2_conn = GracefulH2Connection(self.h2_conf)
        # As the one that it replaces: no push, and not to be acknowledged first.
        self.h2_conn.local_settings.enable_push = 0
        self.h2_conn.local_settings.acknowledge()
        self._has_answered = False
        self._unsent_streams: list[int] = []
        """Streams that waited for a free place and will not get one, by the browser's ids."""

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from super()._handle_event(event)
        while self._unsent_streams:
            yield ReceiveHttp(_never_processed(self._unsent_streams.pop(0)))
        if self.conn in _retired and not self.streams and self.conn.connected:
            yield commands.CloseConnection(self.conn)
            self._handle_event = self.done  # type: ignore[method-assign]

    def _handle_event2(self, event: events.Event) -> layer.CommandGenerator[None]:
        was_open = self._has_answered or self.conn in _unproven
        has_ended = isinstance(event, events.ConnectionClosed) and was_open
        yield from _as_lost(super()._handle_event2(event)) if has_ended else super()._handle_event2(event)

    def handle_h2_event(self, event: h2.events.Event) -> layer.CommandGenerator[bool]:
        if isinstance(event, GoingAway):
            yield from self._retire(event.last_stream_id)
            return False
        if isinstance(event, h2.events.StreamReset) and event.error_code == h2.errors.ErrorCodes.REFUSED_STREAM:
            if event.stream_id in self.streams:
                yield from self._give_back(event.stream_id)
            return False
        if isinstance(event, h2.events.InformationalResponseReceived):
            if event.stream_id in self.streams:
                status, headers = http2_layers.parse_h2_response_headers(event.headers)
                response = http.Response(b"HTTP/2.0", status, b"", headers, None, None, 0.0, None)
                yield ReceiveHttp(ResponseHeaders(event.stream_id, response))
            return False
        if isinstance(event, h2.events.ResponseReceived):
            if event.stream_id not in self.streams:
                return False  # it was given back, and is asked for elsewhere
            self._has_answered = True
        return (yield from super().handle_h2_event(event))

    def close_connection(self, msg: str) -> layer.CommandGenerator[None]:
        # mitmproxy would let those wait for ever.
        self._give_back_unsent()
        yield from super().close_connection(msg)

    def _retire(self, last_stream_id: int) -> layer.CommandGenerator[None]:
        _retired.add(self.conn)
        self._give_back_unsent()
        for stream_id in [stream_id for stream_id in self.streams if stream_id > last_stream_id]:
            yield from self._give_back(stream_id)

    def _give_back(self, stream_id: int) -> layer.CommandGenerator[None]:
        del self.streams[stream_id]
        # It may come again on this very connection, and is then another stream of it.
        self.our_stream_id.pop(self.their_stream_id[stream_id], None)
        yield ReceiveHttp(_never_processed(stream_id))

    def _give_back_unsent(self) -> None:
        self._unsent_streams += self.stream_queue
        self.stream_queue.clear()


def _never_processed(stream_id: int) -> NeverProcessed:
    return NeverProcessed(stream_id, "the server has not processed it", ErrorCode.GENERIC_SERVER_ERROR)


def _as_lost(inner_commands: layer.CommandGenerator[None]) -> Iterator[commands.Command]:
    """The same commands, in which errors of streams say that their connection was lost."""
    for command in inner_commands:
        if isinstance(command, ReceiveHttp) and isinstance(command.event, ResponseProtocolError):
            error = command.event
            command.event = ConnectionLost(error.stream_id, error.message, error.code)
        yield command


# --- between the two ---


class RetryingHttpStream(TailedHttpStream):
    """One request and its answer: sent again where a browser would, and answered in Koban's words where none comes."""

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._tries = 1
        self._has_begun = False
        """Whether the browser has the head of an answer."""
        self._kept_body: bytearray | None = bytearray()
        """The request's body as far as it was sent; None where it was too much, or the answer has begun."""

    def state_stream_request_body(
        self, event: RequestData | RequestTrailers | RequestEndOfMessage
    ) -> layer.CommandGenerator[None]:
        if isinstance(event, RequestData) and self._kept_body is not None:
            if len(self._kept_body) + len(event.data) > MOST_KEPT:
                self._kept_body = None
            else:
                self._kept_body += event.data
        yield from super().state_stream_request_body(event)

    def state_wait_for_response_headers(self, event: ResponseHeaders) -> layer.CommandGenerator[None]:
        status = event.response.status_code
        if 100 <= status < 200 and status != 101:
            # Nobody waits for a 100: mitmproxy has answered who asked for one. HTTP/1.0 knows none at all.
            if status != 100 and self.flow.request.http_version != "HTTP/1.0":
                yield http_layers.SendHttp(event, self.context.client)
            return
        self._kept_body = None
        yield from super().state_wait_for_response_headers(event)

    def start_response_stream(self) -> layer.CommandGenerator[None]:
        self._has_begun = True
        yield from super().start_response_stream()

    def state_stream_response_body(
        self, event: ResponseData | ResponseTrailers | ResponseEndOfMessage
    ) -> layer.CommandGenerator[None]:
        # A frame of no bytes may come anywhere (RFC 9113, 6.1); to a stream callable b"" is the end.
        if not isinstance(event, ResponseData) or event.data:
            yield from super().state_stream_response_body(event)

    def flow_done(self) -> layer.CommandGenerator[None]:
        yield from super().flow_done()
        if self.flow.metadata.pop(_LAST, False) and self.child_layer is None:
            yield from self._end_connection()

    def _end_connection(self) -> layer.CommandGenerator[None]:
        if self.context.client.alpn == b"h2":
            yield http_layers.SendHttp(Goodbye(self.stream_id), self.context.client)
        else:
            yield commands.CloseConnection(self.context.client)

    def handle_protocol_error(
        self, event: RequestProtocolError | ResponseProtocolError
    ) -> layer.CommandGenerator[None]:
        if self._may_try_again(event):
            self._tries += 1
            yield from self._try_again()
            return
        side: Literal["browser", "site"] = "browser" if isinstance(event, RequestProtocolError) else "site"
        self.flow.metadata.setdefault(_FAILURE, Failure(side, event.code))
        yield from self._answered(super().handle_protocol_error(event))

    def check_invalid(self, request: bool) -> layer.CommandGenerator[bool]:
        code = ErrorCode.REQUEST_VALIDATION_FAILED if request else ErrorCode.RESPONSE_VALIDATION_FAILED
        self.flow.metadata[_FAILURE] = Failure("browser" if request else "site", code)
        is_invalid: bool = yield from self._answered(super().check_invalid(request))
        if not is_invalid:
            del self.flow.metadata[_FAILURE]
        return is_invalid

    def _may_try_again(self, event: HttpEvent) -> bool:
        return (
            isinstance(event, NeverProcessed | ConnectionLost)
            and self.server_state == self.state_wait_for_response_headers
            and self.client_state in (self.state_done, self.state_stream_request_body)
            and self._kept_body is not None
            and self._tries < MOST_TRIES
            and (isinstance(event, NeverProcessed) or self.flow.request.method.upper() in IDEMPOTENT)
        )

    def _try_again(self) -> layer.CommandGenerator[None]:
        """Send all that was sent, on another connection."""
        sent_body = bytes(self._kept_body or b"") if self.flow.request.stream else self.flow.request.raw_content or b""
        if not (yield from self.make_server_connection()):
            return
        request, is_whole = self.flow.request, self.client_state == self.state_done
        trailers = request.trailers if is_whole else None
        is_head_alone = is_whole and not sent_body and not trailers
        again: list[HttpEvent] = [RequestHeaders(self.stream_id, request, is_head_alone)]
        if sent_body:
            again.append(RequestData(self.stream_id, sent_body))
        if trailers:
            again.append(RequestTrailers(self.stream_id, trailers))
        if is_whole:
            again.append(RequestEndOfMessage(self.stream_id))
        for event in again:
            yield http_layers.SendHttp(event, self.context.server)

    def _answered[T](self, inner_commands: layer.CommandGenerator[T]) -> layer.CommandGenerator[T]:
        """The same commands, in which an error for the browser is what was set to be its answer."""
        reply: Any = None
        while True:
            try:
                command = inner_commands.send(reply)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(command, http_layers.SendHttp) and isinstance(command.event, ResponseProtocolError):
                yield from self._answer(command)
                reply = None
            else:
                reply = yield command

    def _answer(self, command: http_layers.SendHttp) -> layer.CommandGenerator[None]:
        assert isinstance(command.event, ResponseProtocolError)
        status = command.event.code.http_status_code()
        if self._has_begun or status is None:
            yield command
            return
        answer: http.Response | None = self.flow.metadata.pop(_ANSWER, _bare_answer(status))
        if answer is None:
            yield commands.CloseConnection(self.context.client)
            return
        self._has_begun = True
        for event in (
            ResponseHeaders(self.stream_id, answer),
            ResponseData(self.stream_id, answer.raw_content or b""),
            ResponseEndOfMessage(self.stream_id),
        ):
            yield http_layers.SendHttp(event, self.context.client)
        if self.flow.metadata.pop(_LAST, False) and self.context.client.alpn == b"h2":
            # Over HTTP/1 its `Connection: close` has said so.
            yield from self._end_connection()


# --- towards the browser ---


@dataclass
class Goodbye(HttpEvent):
    """The browser is to open another connection for what it asks for next."""


class RetiringHttp2Server(http2_layers.Http2Server):
    """HTTP/2 towards a browser, which is told by a GOAWAY when a connection has had its time."""

    _has_said_goodbye = False

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if not isinstance(event, Goodbye):
            yield from super()._handle_event(event)
        elif not self._has_said_goodbye:
            self._has_said_goodbye = True
            # Made by hand: h2 would count the connection as closed, and all that is under way is to go on.
            frame = GoAwayFrame(0, last_stream_id=_ALL_STREAMS)
            yield commands.SendData(self.conn, frame.serialize())


def bare_error(status_code: int, message: str = "") -> bytes:  # noqa: ARG001 - the name that is asked for
    """An answer to what is no request: its status alone, and none of mitmproxy's words or names."""
    response_bytes: bytes = http1.assemble_response(_bare_answer(status_code))
    return response_bytes


def _bare_answer(status: int) -> http.Response:
    return http.Response.make(status, b"", {"Connection": "close", "Content-Type": "text/plain"})


def install() -> None:
    """Let mitmproxy use these layers. They act alike on the tunnels of all hosts that are looked into."""
    http1_layers.ChunkedReader = UntrailedReader  # type: ignore[attr-defined]
    http1_layers.make_error_response = bare_error
    http_layers.HttpStream = RetryingHttpStream  # type: ignore[misc]
    http_layers.GetHttpConnection = UsableHttpConnection  # type: ignore[misc]
    http_layers.Http1Client = KeptHttp1Client  # type: ignore[attr-defined]
    http_layers.Http2Client = KeptHttp2Client  # type: ignore[attr-defined]
    http_layers.Http2Server = RetiringHttp2Server  # type: ignore[attr-defined]
