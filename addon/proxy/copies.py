"""The copy of a body that streams by, up to a bound. The body goes on its way, whatever becomes of the copy."""

from io import BytesIO
from typing import Literal

from addon.decoding import Decoder, DecodingFailed

Trouble = Literal["undecodable", "too-large"]

MOST_UNDECODED = 64 * 1024
"""Bytes that are held of a body of which nothing was decoded yet; a header takes some ten."""


class BodyCopy:
    """The copy of one body.

    most: bytes of a whole copy. head: bytes from its beginning that are kept of a larger one. trouble: why it is not
    whole; None while it is.
    """

    def __init__(self, decoder: Decoder, most: int, head: int = 0) -> None:
        self.trouble: Trouble | None = None
        self._decoder = decoder
        self._most = most
        self._head = head
        # Gives what was written without copying it: that would hold up the loop, some 5 ms for 5 MB.
        self._body = BytesIO()
        self._undecoded_bytes: bytes | None = b""
        """What the decoder was fed before it gave anything, since it may yet turn out to be no encoded body; None once
        it gave something."""

    def take(self) -> bytes:
        """Returns what is kept and forgets it, since a flow stays in memory until cycles are collected."""
        body = self._body.getvalue()
        self._body = BytesIO()
        return body

    def passing(self, data: bytes) -> list[bytes]:
        """mitmproxy's stream callable for a body that goes on decoded: returns its bytes at once. b"" is the end.

        No chunk where a packed one says nothing yet: over HTTP/1.1 a chunk of no bytes would end the body.
        """
        passing_bytes = data if self.trouble == "undecodable" else self._keep(data)
        return [passing_bytes] if passing_bytes else []

    def beside(self, data: bytes) -> bytes:
        """mitmproxy's stream callable for a body that goes on as it comes: returns the bytes as they are."""
        if self.trouble is None:
            self._keep(data)
        return data

    def unread(self, data: bytes) -> bytes:
        """mitmproxy's stream callable for a body that goes on as it comes, and whose copy is decoded later, by others:
        returns the bytes as they are."""
        if self.trouble is None:
            self._add(data)
        return data

    def _keep(self, data: bytes) -> bytes:
        try:
            decoded = self._decoder.decode(data) if data else self._decoder.end()
        except DecodingFailed:
            # The header names another encoding than the body has. What was not decoded passes as it came.
            self.trouble = "undecodable"
            return (self._undecoded_bytes or b"") + data
        if decoded:
            self._undecoded_bytes = None
        elif self._undecoded_bytes is not None:
            self._undecoded_bytes = (self._undecoded_bytes + data)[:MOST_UNDECODED]
        if self.trouble is None:
            self._add(decoded)
        return decoded

    def _add(self, data: bytes) -> None:
        self._body.write(data)
        if self._body.tell() > self._most:
            self.trouble = "too-large"
            self._body.truncate(self._head)
