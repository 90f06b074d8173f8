"""The second reader: a small transformer, asked where the sums of weights doubt.

Weights of words tell what a text is about, and not who is to do what: "nobody will ask you to pay outside of the site".
Six layers of attention tell more, at some milliseconds a text, so few texts are read this way. They are the lower half
of multilingual-e5-small (Wang et al., Multilingual E5 Text Embeddings, 2024; MIT), fine-tuned on what the other models
are learnt from (`rules/learning/encode.py`). They need numpy, which is imported with the first text that is doubted.

A file is an archive of numpy's (`.npz`): matrices in bytes with a scale by row, vectors as they are. In memory matrices
stay bytes, a quarter of the size, and are widened as they are used: a tenth more time for 40 pieces. Names of arrays
are those of `_Layer` and `_Dense`; `wide` and `narrow` are the feed-forward part (BERT's intermediate and output).
"""

import importlib.util
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple
from zipfile import BadZipFile, ZipFile

from pydantic import BaseModel, ConfigDict, Field

from rules.meaning.model import FOLDER, UnusableModel
from rules.meaning.pieces import Pieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Array = NDArray[np.float32]

PATH = FOLDER / "encoder.npz"
"""The shipped network."""
BEGIN, UNKNOWN, END, FIRST = 0, 1, 2, 3
"""Numbers of the pieces that stand for no text, and of the first that does."""
LONGEST = 128
"""Pieces that are read at once, the two that stand for beginning and end among them."""
_MOST_AT_ONCE = 3
"""Stretches of so many pieces that a longer text is read in."""
_MOST_CHARACTERS = 4_000
"""Of a text that is split; no window has as many."""
SCALE = ".scale"
"""Ends the name of the scales of a matrix."""
_EPSILON = 1e-12


class EncoderHeader(BaseModel):
    """Shape of the network, and what it was learnt from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[2]
    layers: Annotated[int, Field(ge=1, le=24)]
    width: Annotated[int, Field(ge=8, le=1024)]
    heads: Annotated[int, Field(ge=1, le=24)]
    learnt_from: Mapping[str, str]
    """The files of texts and frames, with a hash (`sources.encoder_sources`)."""


class _Dense(NamedTuple):
    """A dense layer: states × weightsᵀ × scales + bias."""

    weights: "NDArray[np.int8]"
    """(out, in)."""
    scales: "Array"
    """By row of the weights."""
    bias: "Array"

    def __call__(self, states: "Array") -> "Array":
        sums: Array = (states @ self.weights.astype(states.dtype).T) * self.scales + self.bias
        return sums


class _Layer(NamedTuple):
    """One layer: attention, then feed-forward, each with a residual connection and a layer norm."""

    attention: _Dense
    """Query, key and value side by side."""
    attention_out: _Dense
    wide: _Dense
    narrow: _Dense
    first_norm: "Array"
    """Weight and bias: (2, width)."""
    second_norm: "Array"


class Encoder:
    """A network in memory."""

    def __init__(
        self,
        header: EncoderHeader,
        names: Sequence[str],
        arrays: "Mapping[str, NDArray[np.generic]]",
    ) -> None:
        """names: of the pieces. arrays: as in the file. Raises KeyError or ValueError where one is missing or wrong."""
        self.header = header
        width = header.width
        self._pieces = Pieces(names, arrays["log_probabilities"].tolist(), first=FIRST, unknown=UNKNOWN)
        self._words = _bytes(arrays, "words", FIRST + len(names), width)
        self._word_scales = _numbers(arrays, "words" + SCALE, FIRST + len(names))
        self._positions = _numbers(arrays, "positions", LONGEST, width)
        self._norm = _numbers(arrays, "norm", 2, width)
        self._layers = [_layer(arrays, f"{number}.", width) for number in range(header.layers)]
        self._out, self._out_bias = _numbers(arrays, "out", 2 * width), float(_numbers(arrays, "out.bias", 1)[0])
        if width % header.heads:
            raise ValueError("no whole number of numbers a head")

    def log_odds(self, text: str) -> float | None:
        """Return the log odds that a text, folded, holds any risk; None for one that is too long to be read.

        One of more pieces than are read at once is read in stretches, and the likeliest counts: what stands before or
        behind a request hides nothing of it.
        """
        if len(text) > _MOST_CHARACTERS:
            return None
        pieces, most = self._pieces.split(text), LONGEST - 2
        count = math.ceil(len(pieces) / most)
        if count > _MOST_AT_ONCE:
            return None
        starts = [number * (len(pieces) - most) // (count - 1) for number in range(count)] if count > 1 else [0]
        return max(self._log_odds([BEGIN, *pieces[start : start + most], END]) for start in starts)

    def _log_odds(self, numbers: Sequence[int]) -> float:
        import numpy as np

        states = self._words[numbers].astype(np.float32) * self._word_scales[numbers, None]
        states = _layer_norm(states + self._positions[: len(numbers)], self._norm)
        for layer in self._layers:
            states = self._through(layer, states)
        summary = np.concatenate([states.mean(axis=0), states.max(axis=0)])
        return float(summary @ self._out) + self._out_bias

    def _through(self, layer: _Layer, states: "Array") -> "Array":
        """Return the states after one layer (pieces, width)."""
        import numpy as np

        count, width, heads = len(states), self.header.width, self.header.heads
        each = width // heads
        parts = layer.attention(states).reshape(count, 3, heads, each)
        query, key, value = parts.transpose(1, 2, 0, 3)
        weights: Array = query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(each))
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        context: Array = (weights @ value).transpose(1, 0, 2).reshape(count, width)
        states = _layer_norm(states + layer.attention_out(context), layer.first_norm)
        wide = layer.wide(states)
        # GELU by its approximation (Hendrycks and Gimpel, 2016): numpy has no error function.
        wide *= 0.5 * (1 + np.tanh(math.sqrt(2 / math.pi) * (wide + 0.044715 * wide * wide * wide)))
        return _layer_norm(states + layer.narrow(wide), layer.second_norm)


_UNREADABLE = (
    *(OSError, EOFError, BadZipFile, NotImplementedError, zlib.error),
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError),
)
"""What reading a damaged file raises: the archive, and what is in it. (A ValidationError is a ValueError.)"""


def load_encoder(path: Path = PATH) -> Encoder:
    """Read a file. Raises UnusableModel where it is missing, damaged or of another version, or numpy fails."""
    try:
        import numpy as np
    except MemoryError:
        raise
    except Exception:
        # Not ImportError alone: numpy raises RuntimeError on a processor that it was not built for.
        raise _without_numpy(path) from None
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        header = EncoderHeader.model_validate_json(arrays["header"].tobytes())
        encoder = Encoder(header, json.loads(arrays["pieces"].tobytes()), arrays)
        # Sizes that do not fit each other show when a text passes through them, and not in the middle of a page.
        if encoder.log_odds("a") is None:
            raise ValueError
        return encoder
    except FileNotFoundError:
        raise UnusableModel(path.name, "missing") from None
    except _UNREADABLE:
        raise UnusableModel(path.name, "damaged") from None


_LOADING = Lock()


def shipped_encoder() -> Encoder:
    """Return the network that ships, loaded once for the process, whichever threads ask. Raises UnusableModel."""
    # `cache` alone would have two threads that ask first load it twice.
    with _LOADING:
        return _loaded_once()


@cache
def _loaded_once() -> Encoder:
    return load_encoder()


def check_encoder(path: Path = PATH) -> None:
    """Raise UnusableModel where a file cannot be used, as far as that shows without numpy being imported."""
    if importlib.util.find_spec("numpy") is None:
        raise _without_numpy(path)
    try:
        with ZipFile(path) as archive:
            header = archive.read("header.npy")
            # Reads all of it, against its checksums.
            is_whole = archive.testzip() is None
        # As `numpy.lib.format` has it: eight bytes, the length of what describes the array in two, that, and the array.
        EncoderHeader.model_validate_json(header[10 + int.from_bytes(header[8:10], "little") :])
    except FileNotFoundError:
        raise UnusableModel(path.name, "missing") from None
    except _UNREADABLE:
        raise UnusableModel(path.name, "damaged") from None
    if not is_whole:
        raise UnusableModel(path.name, "damaged")


def _without_numpy(path: Path) -> UnusableModel:
    return UnusableModel(path.name, "numpy", "numpy cannot be imported")


def _layer(arrays: "Mapping[str, NDArray[np.generic]]", prefix: str, width: int) -> _Layer:
    """Return one layer, out of the arrays whose names begin with a prefix. Raises KeyError or ValueError."""
    wide = len(arrays[f"{prefix}wide"])

    def dense(name: str, out: int, into: int) -> _Dense:
        return _Dense(
            _bytes(arrays, prefix + name, out, into),
            _numbers(arrays, prefix + name + SCALE, out),
            _numbers(arrays, f"{prefix}{name}_bias", out),
        )

    return _Layer(
        dense("attention", 3 * width, width),
        dense("attention_out", width, width),
        dense("wide", wide, width),
        dense("narrow", width, wide),
        _numbers(arrays, f"{prefix}first_norm", 2, width),
        _numbers(arrays, f"{prefix}second_norm", 2, width),
    )


def _bytes(arrays: "Mapping[str, NDArray[np.generic]]", name: str, *shape: int) -> "NDArray[np.int8]":
    """Return an array of bytes. Raises KeyError, or TypeError or ValueError where it is none, or of another shape."""
    import numpy as np

    array = arrays[name].astype(np.int8, casting="safe", copy=False)
    if array.shape != shape:
        raise ValueError(name)
    return array


def _numbers(arrays: "Mapping[str, NDArray[np.generic]]", name: str, *shape: int) -> "Array":
    """Return an array of numbers. Raises KeyError, or ValueError where it has another shape or some are not finite."""
    import numpy as np

    array = arrays[name].astype(np.float32)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(name)
    return array


def _layer_norm(states: "Array", norm: "Array") -> "Array":
    """Return states with mean 0 and deviation 1 each, times a weight and plus a bias. norm: (2, width)."""
    deviations = states - states.mean(axis=-1, keepdims=True)
    deviation = ((deviations * deviations).mean(axis=-1, keepdims=True) + _EPSILON) ** 0.5
    array: Array = deviations / deviation * norm[0] + norm[1]
    return array
