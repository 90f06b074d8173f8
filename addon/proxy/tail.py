"""Sends a few bytes of our own after a streamed body, once they are ready, without holding up anything before.

mitmproxy's stream callable must answer at once, so what it appends would have to be computed in the event
loop, and a slow analysis would hold up every other connection. mitmproxy waits for the `response` hook,
though, before it ends a streamed body: the hook may take its time, and the tail goes out after it.
"""

from typing import Any

import h11
from h11 import _readers as h11_readers
from mitmproxy import http
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http._events import ResponseData

_TAIL = "koban.tail"


def set_tail(flow: http.HTTPFlow, tail: bytes) -> None:
    """Bytes to send after the streamed body of a flow; to be set in the `response` hook at the latest."""
    flow.metadata[_TAIL] = tail


class TailedHttpStream(http_layers.HttpStream):
    """mitmproxy's HTTP stream, with a tail."""

    def flow_done(self) -> layer.CommandGenerator[None]:
        tail = self.flow.metadata.pop(_TAIL, b"")
        # Nothing may follow trailers.
        if tail and self.flow.response is not None and not self.flow.response.trailers:
            yield http_layers.SendHttp(ResponseData(self.stream_id, tail), self.context.client)
        yield from super().flow_done()


class UntrailedReader(h11_readers.ChunkedReader):
    """Reads a chunked body and drops its trailers, which a recipient may (RFC 9112, 7.1.2).

    mitmproxy gives up the connection at the first one, in the middle of a page.
    """

    def __call__(self, buf: Any) -> Any:
        event = super().__call__(buf)
        return h11.EndOfMessage() if isinstance(event, h11.EndOfMessage) else event
