"""How like two texts are: MinHash signatures of their characters, and bands of them to find the like ones by.

Broder, On the resemblance and containment of documents (1997); Leskovec, Rajaraman, Ullman, Mining of Massive
Datasets, chapter 3. Twelve bands of five: two texts that share 80 % of their pieces meet in at least one band in
99 of 100 cases, two that share 70 % in 89, two that share 30 % in 3.
"""

import hashlib
import struct

from rensa import RMinHash

from rules.text import plain

PERMUTATIONS = 60
BANDS = 12
ROWS = PERMUTATIONS // BANDS
PIECE = 5
"""Characters: a Japanese word or two, an English one."""
SHORTEST = 60
"""Characters that a text needs: what two people write alike by chance is shorter."""
ALIKE = 0.7
"""Share of common pieces from which two texts count as one text, edited."""
_SEED = 20_261_124


def signature(text: str) -> bytes | None:
    """The signature of a text (60 numbers of 32 bits); None for one too short to tell."""
    bare = "".join(plain(text).split())
    if len(bare) < SHORTEST:
        return None
    hashed = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    hashed.update([bare[at : at + PIECE] for at in range(len(bare) - PIECE + 1)])
    return struct.pack(f"<{PERMUTATIONS}I", *hashed.digest())


def bands(signed: bytes) -> tuple[int, ...]:
    """The bands of a signature as signed numbers of 64 bits; like texts share one."""
    size = 4 * ROWS
    return tuple(
        int.from_bytes(
            hashlib.blake2b(bytes([band]) + signed[band * size :][:size], digest_size=8).digest(), "big", signed=True
        )
        for band in range(BANDS)
    )


def likeness(one: bytes, other: bytes) -> float:
    """The share of pieces that two texts have in common (Jaccard), as their signatures estimate it."""
    pairs = zip(struct.unpack(f"<{PERMUTATIONS}I", one), struct.unpack(f"<{PERMUTATIONS}I", other), strict=True)
    return sum(bool(a == b) for a, b in pairs) / PERMUTATIONS
