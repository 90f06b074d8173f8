"""Decoding a body as it streams, so that each chunk goes on its way as soon as it comes, or whole.

A few hundred bytes can stand for gigabytes, so all is unpacked in pieces, and none goes on once a body is far
larger than what pages are. Each library bounds its output in another way; see there.
"""

import abc
import zlib
from collections.abc import Iterator

import brotli
import zstandard

PIECE = 1024 * 1024
"""Bytes that are unpacked at a time."""
MOST_UNPACKED = 32 * 1024 * 1024
"""Bytes that any body may unpack to; four times what Koban reads of a page …"""
RATIO = 100
"""… and beyond them this many for each byte that came. Text packs to a third or a tenth, rarely to a fiftieth."""


MOST_FED = 64 * 1024
"""Bytes of a whole body that are fed at a time, so that little is unpacked beyond its bound."""


class DecodingFailed(Exception):
    """The body is not of the encoding that its header names, or ended within it, or swells beyond all bounds."""


class TooLarge(Exception):
    """The decoded body is larger than it may be."""


class Decoder(abc.ABC):
    """Feeds on encoded chunks."""

    def __init__(self) -> None:
        self._bytes_in = 0
        self._bytes_out = 0

    def decode(self, data: bytes) -> bytes:
        """Returns the decoded bytes of a chunk. Raises DecodingFailed; the chunk's output is lost then."""
        self._bytes_in += len(data)
        return self._bounded(self._pieces(data))

    def end(self) -> bytes:
        """Flush and return the remaining bytes. Raises DecodingFailed, also if the stream was truncated."""
        return self._bounded(self._rest())

    def _bounded(self, pieces: Iterator[bytes]) -> bytes:
        out: list[bytes] = []
        for piece in pieces:
            self._bytes_out += len(piece)
            if self._bytes_out > max(MOST_UNPACKED, RATIO * self._bytes_in):
                raise DecodingFailed("swells")
            out.append(piece)
        # Nearly always one: copying megabytes of it would hold up the loop.
        return out[0] if len(out) == 1 else b"".join(out)

    @abc.abstractmethod
    def _pieces(self, data: bytes) -> Iterator[bytes]: ...

    def _rest(self) -> Iterator[bytes]:
        yield from ()


class _Identity(Decoder):
    def _pieces(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib(Decoder):
    """gzip and deflate. gzip may hold several members (RFC 1952, 2.2); deflate comes with and without header."""

    def __init__(self, window_bits: int) -> None:
        super().__init__()
        self._window_bits = window_bits
        self._inflate = zlib.decompressobj(window_bits)
        self._fed = False
        self._first_byte = b""
        """Where it came alone: two tell whether there is a header."""
        self._has_ended = False
        """Whether something stood behind the end: what follows is kept by nobody, however much it is."""

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        if not self._fed:
            data, self._first_byte = self._first_byte + data, b""
            if len(data) == 1:
                self._first_byte = data
                return
        while data and not self._has_ended:
            try:
                piece = self._inflate.decompress(data, PIECE)
            except zlib.error:
                if self._window_bits == zlib.MAX_WBITS and not self._fed:
                    # Servers that say "deflate" and mean it raw (RFC 9110, 8.4.1.2 notes them).
                    self._window_bits = -zlib.MAX_WBITS
                    self._inflate = zlib.decompressobj(self._window_bits)
                    continue
                raise DecodingFailed("deflate or gzip") from None
            self._fed = True
            yield piece
            yield from self._held_back(full=len(piece) == PIECE)
            data = self._inflate.unused_data
            if data and self._window_bits == 16 + zlib.MAX_WBITS and data.startswith(b"\x1f"):
                self._inflate = zlib.decompressobj(self._window_bits)
            else:
                self._has_ended = bool(data)
                break

    def _held_back(self, *, full: bool) -> Iterator[bytes]:
        """The remainder of the last piece: input not read yet, and output not returned yet."""
        while full or self._inflate.unconsumed_tail:
            try:
                piece = self._inflate.decompress(self._inflate.unconsumed_tail, PIECE)
            except zlib.error:
                raise DecodingFailed("deflate or gzip") from None
            full = len(piece) == PIECE
            yield piece

    def _rest(self) -> Iterator[bytes]:
        if self._first_byte or (self._fed and not self._inflate.eof):
            raise DecodingFailed("ended early")
        yield from ()


class _Brotli(Decoder):
    def __init__(self) -> None:
        super().__init__()
        self._decompressor = brotli.Decompressor()

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = bytes(self._decompressor.process(data, output_buffer_limit=PIECE))
            yield piece
            # It must be fed nothing until it takes more; with nothing unread it may still hold output back.
            while len(piece) >= PIECE or not self._decompressor.can_accept_more_data():
                piece = bytes(self._decompressor.process(b"", output_buffer_limit=PIECE))
                yield piece
        except brotli.error:
            raise DecodingFailed("br") from None

    def _rest(self) -> Iterator[bytes]:
        if not self._decompressor.is_finished():
            raise DecodingFailed("ended early")
        yield from ()


class _Zstandard(Decoder):
    """Frames behind each other.

    The library bounds no output, so the input is fed to it in bits: four bytes make a block of 128 KB at the most (RFC
    8878, 3.1.1.2).
    """

    BIT = 4 * 64

    def __init__(self) -> None:
        super().__init__()
        # RFC 9659: a window of 8 MB at most for content on the web.
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        """The frame that has begun and not ended: the library says of one alone whether it has."""

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(data), self.BIT):
                bit = data[start : start + self.BIT]
                while bit:
                    frame = self._frame or self._decompressor.decompressobj()
                    yield frame.decompress(bit)
                    self._frame, bit = (None, frame.unused_data) if frame.eof else (frame, b"")
        except zstandard.ZstdError:
            raise DecodingFailed("zstd") from None

    def _rest(self) -> Iterator[bytes]:
        if self._frame is not None:
            raise DecodingFailed("ended early")
        yield from ()


def decoder_for(content_encoding: str) -> Decoder | None:
    """A decoder for a `Content-Encoding`; None for one that is not understood, whose body passes as it is."""
    match content_encoding.strip().lower():
        case "" | "identity":
            return _Identity()
        case "gzip" | "x-gzip":
            return _Zlib(16 + zlib.MAX_WBITS)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstandard()
        case _:
            return None


def decoded(body: bytes, content_encoding: str, most: int) -> bytes:
    """Returns a whole body without its `Content-Encoding`.

    Raises DecodingFailed, also for an encoding that is not understood, and TooLarge beyond `most` bytes.
    """
    decoder = decoder_for(content_encoding)
    if decoder is None:
        raise DecodingFailed("an unknown encoding")
    parts: list[bytes] = []
    size = 0
    for part in _in_parts(decoder, body):
        size += len(part)
        if size > most:
            raise TooLarge
        if part:
            parts.append(part)
    # Nearly always one.
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _in_parts(decoder: Decoder, body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), MOST_FED):
        yield decoder.decode(body[start : start + MOST_FED])
    yield decoder.end()
