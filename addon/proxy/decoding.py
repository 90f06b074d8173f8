"""Decoding a body as it streams, so that each chunk goes on its way as soon as it comes."""

import zlib
from typing import Protocol

import brotli
import zstandard


class Decoder(Protocol):
    """Feeds on encoded chunks. Raises DecodingFailed where they are not what the header said."""

    def decode(self, data: bytes) -> bytes: ...

    def end(self) -> bytes:
        """What is left when the body has ended; DecodingFailed where it ended too early."""
        ...


class DecodingFailed(Exception):
    """The body is not of the encoding that its header names, or ended within it."""


class _Identity:
    def decode(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


class _Zlib:
    """gzip and deflate. gzip may hold several members (RFC 1952, 2.2); deflate comes with and without header."""

    def __init__(self, window_bits: int) -> None:
        self._window_bits = window_bits
        self._inflate = zlib.decompressobj(window_bits)
        self._fed = False

    def decode(self, data: bytes) -> bytes:
        out: list[bytes] = []
        while data:
            try:
                out.append(self._inflate.decompress(data))
            except zlib.error:
                if self._window_bits == zlib.MAX_WBITS and not self._fed:
                    # Servers that say "deflate" and mean it raw (RFC 9110, 8.4.1.2 notes them).
                    self._window_bits = -zlib.MAX_WBITS
                    self._inflate = zlib.decompressobj(self._window_bits)
                    continue
                raise DecodingFailed("deflate or gzip") from None
            self._fed = True
            data = self._inflate.unused_data
            if data and self._window_bits == 16 + zlib.MAX_WBITS and data.startswith(b"\x1f"):
                self._inflate = zlib.decompressobj(self._window_bits)
            else:
                break
        # Nearly always one: copying megabytes of it would hold up the loop.
        return out[0] if len(out) == 1 else b"".join(out)

    def end(self) -> bytes:
        if self._fed and not self._inflate.eof:
            raise DecodingFailed("ended early")
        return self._inflate.flush()


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def decode(self, data: bytes) -> bytes:
        try:
            return bytes(self._decompressor.process(data))
        except brotli.error:
            raise DecodingFailed("br") from None

    def end(self) -> bytes:
        if not self._decompressor.is_finished():
            raise DecodingFailed("ended early")
        return b""


class _Zstandard:
    def __init__(self) -> None:
        # RFC 9659: a window of 8 MB at most for content on the web.
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompressobj(
            read_across_frames=True
        )

    def decode(self, data: bytes) -> bytes:
        try:
            return self._decompressor.decompress(data)
        except zstandard.ZstdError:
            raise DecodingFailed("zstd") from None

    def end(self) -> bytes:
        return b""


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
