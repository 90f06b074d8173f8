"""Similarity of texts: MinHash signatures of their characters, and bands of these as an index.

Broder, On the resemblance and containment of documents (1997); Leskovec, Rajaraman, Ullman, Mining of Massive
Datasets, chapter 3. Twelve bands of five: two texts that share 80 % of their pieces meet in at least one band in
99 of 100 cases, two that share 70 % in 89, two that share 30 % in 3.
"""

import hashlib
import re
import struct
from functools import lru_cache

from rensa import RMinHash

from rules.reading import Reading

PERMUTATIONS = 60
BANDS = 12
ROWS = PERMUTATIONS // BANDS
PIECE = 5
"""Characters: a Japanese word or two, an English one."""
LONGEST = 50_000
"""Characters compared of a text."""
SHORTEST = 60
"""Characters that a text needs: shorter ones are alike by chance."""
ALIKE = 0.7
"""Share of common pieces from which on two texts count as one text, edited."""
_SEED = 20_261_124
_SIGNATURE = struct.Struct(f"<{PERMUTATIONS}I")
_BANDS = struct.Struct(f">{BANDS}q")
_BAND_SIZE = 4 * ROWS
_STARTS = range(0, 4 * PERMUTATIONS, _BAND_SIZE)
_BAND_HASHES = [hashlib.blake2b(bytes([band]), digest_size=8) for band in range(BANDS)]
"""The hash of each band, which has taken in the band's number; copying one takes half the time of making one."""

_SENTENCE = re.compile(r"[^。!?\n]*[。!?\n]?")
_COMMON = re.compile(
    r"^[\W_]*(?:"
    r"はじめまして|お世話に|お疲れ様|こんにちは|初めまして|(?:この|こ)度は.{0,40}(?:ありがとう|有難う|有り難う)"
    r"|(?:ご応募|ご提案|ご連絡|ご返信|ご覧|お問い合わせ|数ある).{0,30}(?:ありがとう|有難う|お待ちして|いただき)"
    r"|.{0,30}(?:よろしく|宜しく)お願い.{0,12}$|.{0,20}お待ちしております.{0,6}$|(?:ご不明|ご質問|不明).{0,40}$"
    r"|thank you for (?:your|applying|reading).{0,60}$|(?:best|kind) regards.{0,40}$"
    r"|(?:we|i) look forward to .{0,60}$)",
    re.IGNORECASE,
)
"""Sentences of greeting, thanks and farewell, common to most texts."""
_HEADING = re.compile(r"^[\W_]*【[^】\n]{0,40}】[\W_]*$")


def own_words(text: Reading) -> str:
    """Returns a text without blanks, headings, greetings and farewells."""
    pairs = [(sentence, sentence.strip()) for sentence in _SENTENCE.findall(text.until(LONGEST).plain)]
    own = [sentence for sentence, bare in pairs if not _COMMON.match(bare) and not _HEADING.match(bare)]
    return "".join("".join(own).split())


@lru_cache(maxsize=32)
def signature(text: str) -> bytes | None:
    """Returns the signature of a text (60 numbers of 32 bits), or None if it has too few words of its own.

    Cached: it is computed once to find similar texts and once to store it.
    """
    return seeded_signature(Reading(text), _SEED)


def seeded_signature(text: Reading, seed: int) -> bytes | None:
    """Returns the signature of a text under a seed of 64 bits, or None; only those of one seed can be compared."""
    bare = own_words(text)
    if len(bare) < SHORTEST:
        return None
    hashed = RMinHash(num_perm=PERMUTATIONS, seed=seed)
    hashed.update([bare[at : at + PIECE] for at in range(len(bare) - PIECE + 1)])
    return _SIGNATURE.pack(*hashed.digest())


def bands(signed: bytes) -> tuple[int, ...]:
    """Returns the bands of a signature as signed numbers of 64 bits; similar texts share one."""
    digests: list[bytes] = []
    for start, band_hash in zip(_STARTS, _BAND_HASHES, strict=True):
        band = band_hash.copy()
        band.update(signed[start : start + _BAND_SIZE])
        digests.append(band.digest())
    return _BANDS.unpack(b"".join(digests))


def likeness(one: bytes, other: bytes) -> float:
    """Returns the share of common pieces of two texts (Jaccard), estimated from their signatures."""
    pairs = zip(_SIGNATURE.unpack(one), _SIGNATURE.unpack(other), strict=True)
    return sum(bool(a == b) for a, b in pairs) / PERMUTATIONS
