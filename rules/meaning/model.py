"""The model file: weights by feature, the curves from scores to probabilities, and the words of the lexicon.

A model file is zlib over: the header (one line of JSON), the features (one a line), and the weights, a byte each,
feature after feature. In memory the weights of one feature are one integer of many lanes, so that summing those of a
text is one addition a feature whatever their number: packed this way a text takes tens of microseconds in plain
Python, and numpy is not needed.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.meaning.features import JAPANESE, LATIN, Lexicon, Script

FOLDER = Path(__file__).parent
"""The folder of the shipped models, `<script>.model`."""
VERSION = 1
_LANE = 3
"""Bytes of a lane: weights are bytes, so 65,000 of them fit before one lane reaches the next."""
_ZERO = 128
"""The byte of a weight of zero."""
LARGEST = 64_000_000
"""Bytes of a model file, unpacked. The largest that ships has seven million."""
MOST_FEATURES = 60_000
"""Features of one window that are counted, so that no lane overflows."""


class UnusableModel(Exception):
    """Raised where a model file is missing, damaged or of another version; the text says which and why."""


class Curve(BaseModel):
    """From scores to probabilities: logistic, `slope` × score + `intercept` (Platt scaling)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float
    intercept: float


class Header(BaseModel):
    """All of a model but its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    script: Script
    learnt_from: str
    """Fingerprint of the training material, by which a test sees that a model is stale."""
    languages: tuple[str, ...]
    lanes: tuple[str, ...]
    """`any`, then the risks, `act:` and the acts, `lang:` and the languages."""
    scales: tuple[float, ...]
    """By lane, the value of one step of a weight's byte."""
    intercepts: tuple[float, ...]
    """By lane."""
    length_weight: float
    """Weight of a window's length in its score for `any`."""
    curves: Mapping[str, Mapping[str, Curve]]
    """By language and kind of window."""
    words: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, tuple[str, ...]]
    japanese: Mapping[str, tuple[str, ...]]
    features: Annotated[int, Field(ge=0)]
    sha256: str
    """Checksum of features and weights in the file."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model in memory."""

    header: Header
    lexicon: Lexicon
    weights: Mapping[str, int]
    """By feature, the bytes of all lanes, `_LANE` bytes apart."""

    def sums(self, features: Iterable[str]) -> "Sums":
        """Return the sum of the weights of features."""
        known = [weight for weight in map(self.weights.get, features) if weight is not None]
        return Sums(sum(known), len(known))

    def first_lane(self, sums: "Sums") -> int:
        """Return the first lane of a sum, in steps of its scale."""
        return (sums.packed & 0xFFFFFF) - _ZERO * sums.known

    def all_lanes(self, sums: "Sums") -> list[float]:
        """Return all lanes of a sum, in units of the score."""
        lanes = len(self.header.lanes)
        raw = sums.packed.to_bytes(_LANE * lanes, "little")
        # Widened to four bytes each, all lanes are read at once.
        wide = bytearray(4 * lanes)
        for byte in range(_LANE):
            wide[byte::4] = raw[byte::_LANE]
        zero = _ZERO * sums.known
        return [
            (lane - zero) * scale
            for (lane,), scale in zip(struct.iter_unpack("<I", wide), self.header.scales, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Sums:
    """The weights of some features, added up."""

    packed: int
    known: int
    """Number of the features that the model has."""

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.packed + other.packed, self.known + other.known)


def write(path: Path, header: Mapping[str, object], features: Sequence[str], weights: bytes) -> None:
    """Write a model file. weights: a byte a lane, feature after feature; the header without `features` and `sha256`."""
    body = "\n".join(features).encode() + b"\n" + weights
    whole = Header.model_validate({**header, "features": len(features), "sha256": hashlib.sha256(body).hexdigest()})
    path.write_bytes(zlib.compress(whole.model_dump_json().encode() + b"\n" + body, 9))


def load(path: Path) -> Model:
    """Read a model file. Raises UnusableModel."""
    header, body = _opened(path)
    _check_whole(header, body, path.name)
    lanes = len(header.lanes)
    split = len(body) - header.features * lanes
    names = body[:split].decode().split("\n")[:-1]
    if len(names) != header.features or lanes != len(header.scales) or lanes != len(header.intercepts):
        raise UnusableModel(f"{path.name}: damaged")
    spread = bytearray(header.features * lanes * _LANE)
    spread[::_LANE] = body[split:]
    size = lanes * _LANE
    packed = [int.from_bytes(spread[at : at + size], "little") for at in range(0, len(spread), size)]
    lexicon = Lexicon(header.words, header.stems, header.japanese)
    return Model(header, lexicon, dict(zip(names, packed, strict=True)))


def header_of(path: Path) -> Header:
    """Return the header of a model file. Raises UnusableModel."""
    return _opened(path)[0]


@cache
def shipped_problems() -> tuple[str, ...]:
    """Return what is wrong with the shipped models, as far as that shows without loading them. Cached."""
    return problems_of(FOLDER)


def problems_of(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with the models of a folder, as far as that shows without loading them."""
    problems = []
    for script in (JAPANESE, LATIN):
        try:
            header, body = _opened(folder / f"{script}.model")
            _check_whole(header, body, f"{script}.model")
        except UnusableModel as error:
            problems.append(str(error))
    return tuple(problems)


def _check_whole(header: Header, body: bytes, name: str) -> None:
    if hashlib.sha256(body).hexdigest() != header.sha256:
        raise UnusableModel(f"{name}: damaged")


def _opened(path: Path) -> tuple[Header, bytes]:
    try:
        unpacking = zlib.decompressobj()
        whole = unpacking.decompress(path.read_bytes(), LARGEST)
        if not unpacking.eof:
            raise UnusableModel(f"{path.name}: damaged, or too large")
        head, _, body = whole.partition(b"\n")
        version = json.loads(head)["version"]
        if version != VERSION:
            raise UnusableModel(f"{path.name}: version {version}, and this Koban reads version {VERSION}")
        return Header.model_validate_json(head), body
    except FileNotFoundError:
        raise UnusableModel(f"{path.name}: missing") from None
    except (OSError, zlib.error, ValueError, KeyError, TypeError, RecursionError, ValidationError):
        raise UnusableModel(f"{path.name}: damaged") from None
