"""Splits words into pieces: the likeliest split of a text, by how likely each piece is.

A tokenizer by a unigram language model, as SentencePiece has it (Kudo, Subword Regularization, 2018), with pieces of
XLM-RoBERTa's vocabulary. What is in no piece counts as unknown, a character at a time.
"""

import math
import unicodedata
from collections.abc import Sequence

_SPACE = "▁"
"""Stands before each word, as in the vocabulary."""
_UNKNOWN = 10.0
"""By how much an unknown character is less likely than the rarest piece, as in SentencePiece."""


class Pieces:
    """A vocabulary, which splits texts into numbered pieces."""

    def __init__(self, names: Sequence[str], log_probabilities: Sequence[float], *, first: int, unknown: int) -> None:
        """names: in the order of their numbers. first: number of the first one. unknown: number of what is in none.

        Raises ValueError where a name occurs twice, or the lengths differ.
        """
        self._numbers = {name: number for number, name in enumerate(names, first)}
        self._log_probabilities = dict(zip(names, log_probabilities, strict=True))
        if len(self._numbers) != len(names):
            raise ValueError("a piece occurs twice")
        self._unknown = unknown
        self._longest = max(map(len, names), default=1)
        self._of_unknown = min(log_probabilities, default=0.0) - _UNKNOWN

    def split(self, text: str) -> Sequence[int]:
        """Return the numbers of the pieces of a text, in order (Viterbi); some microseconds a character."""
        characters = _SPACE + _SPACE.join(unicodedata.normalize("NFKC", text).split())
        log_probability, longest, of_unknown = self._log_probabilities.get, self._longest, self._of_unknown
        best = [0.0, *[-math.inf] * len(characters)]
        begins = [0] * (len(characters) + 1)
        for start in range(len(characters)):
            base = best[start]
            for end in range(start + 1, min(len(characters), start + longest) + 1):
                own = log_probability(characters[start:end])
                if own is not None and base + own > best[end]:
                    best[end], begins[end] = base + own, start
            if base + of_unknown > best[start + 1]:
                best[start + 1], begins[start + 1] = base + of_unknown, start
        numbers = []
        end = len(characters)
        while end:
            numbers.append(self._numbers.get(characters[begins[end] : end], self._unknown))
            end = begins[end]
        numbers.reverse()
        return numbers
