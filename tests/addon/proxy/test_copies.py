"""The copy of a body: whole or with the reason why not, and the body as it came."""

import gzip

import pytest

from addon.decoding import decoder_for
from addon.proxy.copies import BodyCopy

BODY = b"<p>" + bytes(range(256)) * 40
PACKED = gzip.compress(BODY)


def copy_of(encoding: str = "gzip", most: int = 20_000, head: int = 0) -> BodyCopy:
    decoder = decoder_for(encoding)
    assert decoder is not None
    return BodyCopy(decoder, most, head)


def chunks(data: bytes, size: int = 100) -> list[bytes]:
    return [*(data[start : start + size] for start in range(0, len(data), size)), b""]


def passed_by(copy: BodyCopy, data: bytes, size: int = 100) -> bytes:
    return b"".join(passed for chunk in chunks(data, size) for passed in copy.passing(chunk))


def test_a_body_beside_is_as_it_came_and_its_copy_decoded() -> None:
    copy = copy_of()
    assert b"".join(map(copy.beside, chunks(PACKED))) == PACKED
    assert (copy.trouble, copy.take(), copy.take()) == (None, BODY, b"")


def test_an_unread_body_is_as_it_came_and_so_is_its_copy_within_the_bound() -> None:
    copy = copy_of()
    assert b"".join(map(copy.unread, chunks(PACKED))) == PACKED
    assert (copy.trouble, copy.take()) == (None, PACKED)
    copy = copy_of(most=len(PACKED) - 1)
    assert b"".join(map(copy.unread, chunks(PACKED))) == PACKED
    assert (copy.trouble, copy.take()) == ("too-large", b"")


def test_a_body_that_passes_is_decoded() -> None:
    copy = copy_of()
    assert passed_by(copy, PACKED) == BODY
    assert copy.take() == BODY


@pytest.mark.parametrize("head", [0, 50])
def test_of_a_body_beyond_the_bound_the_head_is_kept_and_all_of_it_passes(head: int) -> None:
    copy = copy_of(most=1_000, head=head)
    assert passed_by(copy, PACKED) == BODY
    assert (copy.trouble, copy.take()) == ("too-large", BODY[:head])
    copy = copy_of(most=1_000, head=head)
    assert b"".join(map(copy.beside, chunks(PACKED))) == PACKED


def test_what_is_not_of_its_encoding_passes_as_it_came() -> None:
    passing, beside = copy_of(), copy_of()
    assert passed_by(passing, BODY) == b"".join(map(beside.beside, chunks(BODY))) == BODY
    for copy in (passing, beside):
        assert (copy.trouble, copy.take()) == ("undecodable", b"")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("body", [BODY, b"<"])
def test_what_is_not_of_its_encoding_passes_as_it_came_however_small_its_chunks(encoding: str, body: bytes) -> None:
    copy = copy_of(encoding)
    assert passed_by(copy, body, 1) == body
    assert (copy.trouble, copy.take()) == ("undecodable", b"")


def test_of_what_was_decoded_nothing_passes_again() -> None:
    damaged = PACKED[:200] + bytes(100)
    decoded = copy_of()
    as_decoded = b"".join(part for chunk in chunks(damaged[:200])[:-1] for part in decoded.passing(chunk))
    assert as_decoded
    assert passed_by(copy_of(), damaged) == as_decoded + damaged[200:]


def test_a_body_that_is_cut_off_is_not_whole() -> None:
    copy = copy_of()
    for chunk in chunks(PACKED[:-20]):
        copy.beside(chunk)
    assert copy.trouble == "undecodable"
