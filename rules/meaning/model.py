"""The model file: weights by feature, the curves from scores to probabilities, and the words of the lexicon.

A model file is zlib over: the header (one line of JSON), the features (one a line), and the weights, a byte each,
feature after feature. In Latin script, features that begin with `@` are words that tell the language of a text.

Every text is asked whether it holds any risk; few are asked which risk or act. So in memory the lane of the first is a
small integer a feature, its entry, and summing it is one addition a feature. Above it stands the feature's number, by
which the other lanes are found where they are asked for. This way a text takes tens of microseconds in plain Python,
and numpy is not needed.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count
from operator import not_, or_
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from rules.meaning.features import JAPANESE, LATIN, Lexicon, Script, words_of
from rules.meaning.known import KnownFeatures

FOLDER = Path(__file__).parent
"""The folder of the shipped models, `<name>.model`."""
MODELS: Mapping[str, tuple[str, ...]] = {"japanese": ("ja",), "english": ("en",), "romance": ("es", "pt", "fr")}
"""The models by name, each with the languages that it reads."""
TOLD_APART: Mapping[str, tuple[str, ...]] = {"english": (*MODELS["english"], *MODELS["romance"])}
"""By model that also tells in which language a text is, the languages that it tells apart."""
KINDS = ("whole", "part", "1", "2", "3")
"""Kinds of windows, which are calibrated each for itself."""
VERSION = 1
_LANE = 4
"""Bytes of a lane in memory: weights are bytes, so sixteen million fit before one lane reaches the next."""
_LANE_BITS = 8 * _LANE
_ZERO = 128
"""The byte of a weight of zero."""
LARGEST = 64_000_000
"""Bytes of a model file, unpacked. The largest that ships has seven million."""
ANSWER = "answer:"
"""Begins the name of a lane that tells what an answer does."""
_LANGUAGE = "lang:"
TELLS_LANGUAGE = "@"
"""Begins the name of a feature that is a word by which a language is told."""


Fault = Literal["missing", "damaged", "version", "numpy", "memory"]
"""Its file is missing, damaged or too large, of another version, needs numpy, which cannot be imported, or more memory
than there is."""


class ModelProblem(NamedTuple):
    """A model that cannot be used. file: its name. words: the fault in English, for authors of packs."""

    file: str
    fault: Fault
    words: str

    def __str__(self) -> str:
        return f"{self.file}: {self.words}"


class UnusableModel(Exception):
    """Raised where a model file is missing, damaged or of another version; the text says which and why."""

    def __init__(self, file: str, fault: Fault, words: str | None = None) -> None:
        """file: its name. words: in place of the fault."""
        self.problem = ModelProblem(file, fault, words or fault)
        super().__init__(str(self.problem))


class Curve(BaseModel):
    """From scores to probabilities: logistic, `slope` × score + `intercept` (Platt scaling)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: FiniteFloat
    intercept: FiniteFloat


class Header(BaseModel):
    """All of a model but its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    script: Script
    learnt_from: str
    """Fingerprint of the training material, by which a test sees that a model is stale."""
    languages: tuple[str, ...]
    """That it tells apart, where it has telling words; those that it reads are the keys of `curves`."""
    lanes: tuple[str, ...]
    """`any`, then the risks, `act:` and the acts, `answer:` and what answers do, `lang:` and the languages."""
    scales: tuple[FiniteFloat, ...]
    """By lane, the value of one step of a weight's byte."""
    intercepts: tuple[FiniteFloat, ...]
    """By lane."""
    length_weight: FiniteFloat
    """Weight of a window's length in its score for `any`."""
    curves: Mapping[str, Mapping[str, Curve]]
    """By language and kind of window."""
    words: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, tuple[str, ...]]
    japanese: Mapping[str, tuple[str, ...]]
    features: Annotated[int, Field(ge=0)]
    sha256: str
    """Checksum of features and weights in the file."""


class Scale(NamedTuple):
    """Turns a sum of weights into a probability of any risk, in one language."""

    step: float
    """What a step of a weight is worth."""
    intercept: float
    length_weight: float
    """As in the header."""
    curves: Mapping[str, tuple[float, float]]
    """By kind of window, slope and intercept."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model in memory."""

    name: str
    """Of its file, without the ending."""
    header: Header
    lexicon: Lexicon
    known_features: KnownFeatures
    """The features, each with its entry."""
    telling_words: Mapping[str, Sequence[float]]
    """Words that tell the language of a text: by word, its weight for each of the languages."""
    leanings: Mapping[str, float]
    """By such a word, the log odds of the languages that the model reads against the others."""
    rows: "_Rows"
    """By entry, all lanes."""
    scales: Mapping[str, Scale]
    """By language that it reads."""

    def any_risk(self, entries: Collection[int]) -> int:
        """Return the sum of the lane of any risk of some features, in steps of its scale."""
        return (sum(entries) & ((1 << _LANE_BITS) - 1)) - _ZERO * len(entries)

    def language(self, sentences: Iterable[str], among: Collection[str] = ()) -> str:
        """Return the language of a text, out of those that the model tells apart.

        sentences: folded. among: those that come into question; none means all.
        """
        languages = [language for language in self.header.languages if language in (among or self.header.languages)]
        if len(languages) == 1:
            return languages[0]
        weights = [*filter(None, map(self.telling_words.get, set(words_of(" ".join(sentences)))))]
        scores = [sum(own) for own in zip(*weights, strict=True)] or [0.0] * len(self.header.languages)
        return max(languages, key=lambda language: scores[self.header.languages.index(language)])

    def evidence(self, sentence: str) -> tuple[float, float]:
        """Return how far the words of a folded sentence speak for the languages that the model reads, and for others.

        Sums of log odds.
        """
        pros = cons = 0.0
        for lean in filter(None, map(self.leanings.get, set(words_of(sentence)))):
            if lean > 0:
                pros += lean
            else:
                cons -= lean
        return pros, cons

    def all_added(self, entries: Collection[int]) -> int:
        """Return the sum of all lanes of some features. Such sums may be added up."""
        return sum(map(self.rows.__getitem__, entries))

    def all_lanes(self, entry_sum: int, feature_count: int) -> list[float]:
        """Return all lanes in a sum of `all_added`, in units of the score. feature_count: features in the sum."""
        lanes = _unpacked(entry_sum, len(self.header.lanes))
        return [(lane - _ZERO * feature_count) * scale for lane, scale in zip(lanes, self.header.scales, strict=True)]


class _Rows(dict[int, int]):
    """All lanes of features as one integer each, by entry: made when a feature is first asked for, which few are."""

    def __init__(self, weights: bytes, lanes: int) -> None:
        """weights: a byte a lane, feature after feature."""
        super().__init__()
        self._weights, self._lanes = weights, lanes

    def __missing__(self, entry: int) -> int:
        end = (entry >> _LANE_BITS) * self._lanes
        wide = bytearray(self._lanes * _LANE)
        wide[::_LANE] = self._weights[end - self._lanes : end]
        row = self[entry] = int.from_bytes(wide, "little")
        return row


def _unpacked(entry_sum: int, lanes: int) -> Sequence[int]:
    return struct.unpack(f"<{lanes}I", entry_sum.to_bytes(lanes * _LANE, "little"))


def write(path: Path, header: Mapping[str, object], features: Sequence[str], weights: bytes) -> None:
    """Write a model file. weights: a byte a lane, feature after feature; the header without `features` and `sha256`."""
    body = "\n".join(features).encode() + b"\n" + weights
    whole = Header.model_validate({**header, "features": len(features), "sha256": hashlib.sha256(body).hexdigest()})
    path.write_bytes(zlib.compress(whole.model_dump_json().encode() + b"\n" + body, 9))


def load(path: Path) -> Model:
    """Read a model file. Raises UnusableModel."""
    header, body = _checked(path)
    lanes = len(header.lanes)
    split = len(body) - header.features * lanes
    names = body[:split].decode().split("\n")[:-1]
    if len(names) != header.features or lanes != len(header.scales) or lanes != len(header.intercepts):
        raise UnusableModel(path.name, "damaged")
    weights = body[split:]
    first = 1 << _LANE_BITS
    features = dict(zip(names, map(or_, count(first, first), weights[::lanes]), strict=True))
    telling: dict[str, int] = {}
    if header.script != JAPANESE:
        telling = {name: number for number, name in enumerate(names) if name.startswith(TELLS_LANGUAGE)}
    for name in telling:
        del features[name]
    lexicon = Lexicon(header.words, header.stems, header.japanese)
    known_features = KnownFeatures(features, header.script, lexicon.concepts)
    telling_words = _telling_words(header, telling, weights)
    reads = [language in header.curves for language in header.languages]
    leanings = {word: _leaning(own, reads) for word, own in telling_words.items()}
    rows, scales = _Rows(weights, lanes), {language: _scale(header, language) for language in header.curves}
    return Model(path.stem, header, lexicon, known_features, telling_words, leanings, rows, scales)


def _scale(header: Header, language: str) -> Scale:
    curves = {kind: (curve.slope, curve.intercept) for kind, curve in header.curves[language].items()}
    return Scale(header.scales[0], header.intercepts[0], header.length_weight, curves)


def _leaning(weights: Sequence[float], reads: Sequence[bool]) -> float:
    """The log odds of the languages that a model reads against the others. weights: by language, those of a word."""
    own, others = compress(weights, reads), compress(weights, map(not_, reads))
    return max(own, default=0.0) - max(others, default=0.0)


def _telling_words(header: Header, telling: Mapping[str, int], weights: bytes) -> Mapping[str, Sequence[float]]:
    """By word, its weight for each of the languages. telling: by feature of such a word, its number."""
    lanes = len(header.lanes)
    places = [
        header.lanes.index(name) for language in header.languages if (name := _LANGUAGE + language) in header.lanes
    ]
    return {
        name.removeprefix(TELLS_LANGUAGE): [
            (weights[number * lanes + place] - _ZERO) * header.scales[place] for place in places
        ]
        for name, number in telling.items()
    }


def check(path: Path) -> None:
    """Raise UnusableModel where a model file cannot be used, as far as that shows without loading it."""
    _checked(path)


def _checked(path: Path) -> tuple[Header, bytes]:
    header, body = _opened(path)
    _check_whole(header, body, path.name)
    _check_fits(header, path.stem)
    return header, body


def _check_fits(header: Header, name: str) -> None:
    """See that a header is of the model that its file is named after. Raises UnusableModel."""
    languages, told_languages, lanes = MODELS.get(name, ()), TOLD_APART.get(name, ()), header.lanes
    fits = (
        header.script == (JAPANESE if "ja" in languages else LATIN)
        and header.curves.keys() == set(languages)
        and all(curves.keys() == set(KINDS) for curves in header.curves.values())
        and lanes[:1] == ("any",)
        and len(set(lanes)) == len(lanes)
        and {f"{_LANGUAGE}{language}" for language in told_languages} <= set(lanes)
        and set(told_languages) <= set(header.languages)
    )
    if not fits:
        raise UnusableModel(f"{name}.model", "damaged")


def _check_whole(header: Header, body: bytes, name: str) -> None:
    if hashlib.sha256(body).hexdigest() != header.sha256:
        raise UnusableModel(name, "damaged")


def _opened(path: Path) -> tuple[Header, bytes]:
    try:
        unpacking = zlib.decompressobj()
        whole = unpacking.decompress(path.read_bytes(), LARGEST)
        if not unpacking.eof:
            raise UnusableModel(path.name, "damaged", "damaged, or too large")
        head, _, body = whole.partition(b"\n")
        version = json.loads(head)["version"]
        if version != VERSION:
            words = f"version {version}, and this Koban reads version {VERSION}"
            raise UnusableModel(path.name, "version", words)
        return Header.model_validate_json(head), body
    except FileNotFoundError:
        raise UnusableModel(path.name, "missing") from None
    except (OSError, zlib.error, ValueError, KeyError, TypeError, RecursionError, ValidationError):
        raise UnusableModel(path.name, "damaged") from None
