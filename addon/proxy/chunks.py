"""Reads the chunks of an answer as Chromium does (net/http/http_chunked_decoder.cc): a line may end in a bare LF."""

import re
from typing import Any

import h11
from h11._readers import ChunkedReader

from addon.proxy.bounds import MOST_HEAD

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?", re.DOTALL)


class AnswerChunks(ChunkedReader):
    """A body reader in place of h11's, for answers alone: what a browser sends has one reading or is refused.

    Extensions and trailers are dropped, which a recipient may (RFC 9112, 7.1.1 and 7.1.2).
    """

    def __init__(self) -> None:
        super().__init__()
        self._remaining_bytes = 0
        """Bytes of the chunk that are to come."""
        self._has_ended = False
        """Whether the line after a chunk's data is what comes next."""
        self._trailers: int | None = None
        """Bytes of trailers so far; None before the last chunk."""

    def __call__(self, buf: Any) -> h11.Data | h11.EndOfMessage | None:
        """The next part of the body; None where more must come first. buf: a BoundedBuffer.

        Raises RemoteProtocolError.
        """
        if self._remaining_bytes:
            return self._data(buf)
        while (line := buf.maybe_extract_any_line()) is not None:
            if self._trailers is not None:
                if not line:
                    return h11.EndOfMessage()
                self._trailers += len(line)
                if self._trailers > MOST_HEAD:
                    raise h11.RemoteProtocolError("the trailers have no end")
            elif self._has_ended:
                if line:
                    raise h11.RemoteProtocolError("a chunk is longer than it says")
                self._has_ended = False
            else:
                size = _SIZE.fullmatch(line)
                if size is None:
                    raise h11.RemoteProtocolError("the size of a chunk cannot be read")
                self._remaining_bytes = int(size[1], 16)
                if self._remaining_bytes:
                    return self._data(buf)
                self._trailers = 0
        return None

    def _data(self, buf: Any) -> h11.Data | None:
        data = buf.maybe_extract_at_most(self._remaining_bytes)
        if data is None:
            return None
        self._remaining_bytes -= len(data)
        self._has_ended = not self._remaining_bytes
        return h11.Data(data=bytes(data))
