"""The chunks of an answer are read as browsers read them, however they come."""

import h11
import pytest

from addon.proxy.bounds import MOST_HEAD, BoundedBuffer
from addon.proxy.chunks import AnswerChunks


def body_of(sent: bytes, size: int) -> tuple[bytes, bool]:
    """What is read of a body that comes in pieces of a size, and whether it has ended."""
    read, buffer, body = AnswerChunks(), BoundedBuffer(), b""
    for start in range(0, len(sent), size):
        buffer.__iadd__(sent[start : start + size])  # h11 types `+=` as its own class
        while (event := read(buffer)) is not None:
            if isinstance(event, h11.EndOfMessage):
                return body, True
            body += bytes(event.data)
    return body, False


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    "sent",
    [
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        b"3\nabc\n2\nde\n0\n\n",
        b"3\nabc\r\n2\r\nde\n0\r\n\n",
        b"3;name=value\nabc\n2 \nde\n0\nX-Sum: 7\n\n",
        b"003\r\nabc\r\n02;a\r\nde\r\n000\r\nX-Sum: 7\r\nX-More: 8\r\n\r\n",
    ],
)
def test_field_08_chunks_that_end_in_a_bare_line_feed_are_chunks(sent: bytes, size: int) -> None:
    assert body_of(sent, size) == (b"abcde", True)


@pytest.mark.parametrize("size", [1, 2, 1_000])
@pytest.mark.parametrize(
    "sent",
    [
        b"x\nabc\n",
        b"+3\nabc\n",
        b"-3\nabc\n",
        b"0x3\nabc\n",
        b"\nabc\n",
        b"3\nabcd\n",
        b"f" * 16 + b"\nabc",
    ],
)
def test_what_no_browser_takes_for_a_chunk(sent: bytes, size: int) -> None:
    with pytest.raises(h11.RemoteProtocolError):
        body_of(sent, size)


@pytest.mark.parametrize(
    "sent",
    [b"3" * (MOST_HEAD + 10), b"3;" + b"x" * (MOST_HEAD + 10) + b"\n", b"0\n" + b"X: 1\n" * MOST_HEAD],
    ids=["size", "extension", "trailers"],
)
def test_attack_17_lines_and_trailers_are_bounded(sent: bytes) -> None:
    with pytest.raises(h11.RemoteProtocolError):
        body_of(sent, 1_000)


def test_a_body_that_is_cut_short_is_told() -> None:
    assert body_of(b"5\r\nabc", 100) == (b"abc", False)
    with pytest.raises(h11.RemoteProtocolError):
        AnswerChunks().read_eof()
