"""Bodies that swell, and bodies that only look as if they did."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import brotli
import pytest
import zstandard

from addon import decoding
from addon.decoding import MOST_UNPACKED, PIECE, RATIO, DecodingFailed, TooLarge, decoded, decoder_for
from addon.proxy.injection import Copy
from extractors import SITES
from tests.addon.proxy.conftest import HOST

HUGE = 300 * 1024 * 1024
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 9),
    "deflate": lambda data: zlib.compress(data, 9),
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": lambda data: zstandard.ZstdCompressor(level=19).compress(data),
}
QUICK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": lambda data: zstandard.compress(data, 1),
}

SITE = next(site for site in SITES if site.id == "crowdworks")


def bomb(encoding: str, start: bytes = b"") -> bytes:
    """Packed piece by piece, so that this process has never held what it stands for."""
    packer: Any
    if encoding == "br":
        packer = brotli.Compressor(quality=5)
        pack, finish = packer.process, packer.finish
    else:
        packer = (
            zstandard.ZstdCompressor(level=19).compressobj()
            if encoding == "zstd"
            else zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
        )
        pack, finish = packer.compress, packer.flush
    return b"".join([pack(start), *(pack(bytes(PIECE)) for _ in range(HUGE // PIECE)), finish()])


@pytest.fixture(scope="module", params=PACKERS)
def packed(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, bomb(request.param)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1 << 30, 65_535, 100], ids=["at once", "as it is read", "in small parts"])
def test_attack_11_a_bomb_is_given_up_before_it_swells(packed: tuple[str, bytes], size: int) -> None:
    encoding, data = packed
    decoder = decoder_for(encoding)
    assert decoder is not None
    given = 0
    tracemalloc.start()
    try:
        for start in range(0, len(data), size):
            given += len(decoder.decode(data[start : start + size]))
        raise AssertionError("it was not given up")
    except DecodingFailed:
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert given <= max(MOST_UNPACKED, RATIO * len(data))
    assert peak < 3 * MOST_UNPACKED


@pytest.mark.slow
def test_attack_11_data_that_swells_passes_as_it_came(packed: tuple[str, bytes]) -> None:
    encoding, data = packed
    decoder = decoder_for(encoding)
    assert decoder is not None
    copy = Copy("data", SITE, f"https://{HOST}/", "application/json", decoder, datetime.now(UTC))
    passed = b"".join(copy.beside(data[start : start + 65_535]) for start in range(0, len(data), 65_535))
    assert passed + copy.beside(b"") == data
    assert copy.trouble is not None
    assert len(copy.take()) <= MOST_UNPACKED


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, MOST_UNPACKED])
def test_attack_11_what_stays_within_the_bound_arrives_whole(encoding: str, size: int) -> None:
    body = bytes(size)
    assert _unpacked(encoding, PACKERS[encoding](body)) == body


@pytest.mark.slow
def test_a_large_page_that_is_no_bomb_arrives_whole() -> None:
    chance = random.Random(1)
    words = [chance.randbytes(6).hex() for _ in range(2_000)]
    body = " ".join(chance.choices(words, k=3_000_000)).encode()
    assert len(body) > MOST_UNPACKED
    damaged = [encoding for encoding, pack in QUICK.items() if _unpacked(encoding, pack(body)) != body]
    assert damaged == []


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("size", [0, 1, PIECE, 3 * PIECE])
def test_a_whole_body_is_decoded_up_to_its_bound(encoding: str, size: int) -> None:
    body = random.Random(size).randbytes(size)
    packed = PACKERS[encoding](body)
    assert decoded(packed, encoding, size) == body
    assert decoded(body, "identity", size) == body
    if size:
        with pytest.raises(TooLarge):
            decoded(packed, encoding, size - 1)
        with pytest.raises(DecodingFailed):
            decoded(packed, "none that is known", size)


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_whole_body_that_is_cut_off_is_none(encoding: str) -> None:
    with pytest.raises(DecodingFailed):
        decoded(PACKERS[encoding](b"a page")[:-1], encoding, PIECE)


@pytest.mark.slow
def test_attack_11_little_of_a_body_that_swells_is_unpacked_beyond_its_bound(packed: tuple[str, bytes]) -> None:
    encoding, data = packed
    tracemalloc.start()
    try:
        with pytest.raises((TooLarge, DecodingFailed)):
            decoded(data, encoding, PIECE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MOST_UNPACKED


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_attack_11_what_stands_behind_the_end_is_not_kept(encoding: str) -> None:
    packed = gzip.compress(b"page") if encoding == "gzip" else zlib.compress(b"page")
    decoder = decoder_for(encoding)
    assert isinstance(decoder, decoding._Zlib)
    assert decoder.decode(packed) == b"page"
    for _ in range(3):
        assert decoder.decode(b"x" * 1000) == b""
    assert len(decoder._inflate.unused_data) <= 1000
    assert decoder.end() == b""


@pytest.mark.parametrize("size", [1, 2, 65_535])
@pytest.mark.parametrize("window_bits", [zlib.MAX_WBITS, -zlib.MAX_WBITS])
def test_deflate_comes_with_and_without_header_in_chunks_of_any_size(window_bits: int, size: int) -> None:
    body = random.Random(1).randbytes(500)
    assert _unpacked("deflate", zlib.compress(body, wbits=window_bits), size) == body


def test_members_and_frames_behind_each_other_count_together() -> None:
    members = b"".join(gzip.compress(bytes(PIECE)) for _ in range(3))
    assert _unpacked("gzip", members) == bytes(3 * PIECE)
    frames = b"".join(zstandard.compress(bytes(PIECE)) for _ in range(3))
    assert _unpacked("zstd", frames) == bytes(3 * PIECE)


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_body_cut_short_is_known(encoding: str) -> None:
    packed = PACKERS[encoding](random.Random(1).randbytes(5_000))
    with pytest.raises(DecodingFailed):
        _unpacked(encoding, packed[:-20])


def _unpacked(encoding: str, packed: bytes, size: int = 65_535) -> bytes:
    decoder = decoder_for(encoding)
    assert decoder is not None
    out = b"".join(decoder.decode(packed[start : start + size]) for start in range(0, len(packed), size))
    return out + decoder.end()
