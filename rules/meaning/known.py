"""The features of a sentence that a model knows, found by their parts.

What is found are the features that `rules.meaning.features.count` names, without a name being written: most pairs of
words are of no model, and are passed over where nothing is known to begin with their first word.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, product
from operator import itemgetter
from typing import NamedTuple

from rules.meaning.features import (
    JAPANESE,
    LONGEST_RUN,
    NEARBY_WORDS,
    Concepts,
    Joined,
    Mention,
    Parts,
    Script,
    ordered,
    word_pairs,
)

_ByPart = dict[str, dict[str, int]]
"""Entries of features that join two parts: by the first, and then by the second."""
_SIGN = re.compile("[<~|>]")
"""Joins the parts of a feature of concepts: a concept with an earlier word, a later one, a concept of the sentence
before, or one that follows."""
_KNOWN_LENGTHS = 500
"""Characters of the longest Japanese sentence for which it is remembered where to cut."""


class SentenceFeatures(NamedTuple):
    """Known features of one sentence."""

    entries: Collection[int]
    """Of the features that are known, each once."""
    size: int
    """The number of features, known or not."""
    concepts: Concepts


class KnownFeatures:
    """The features of a model by their parts, each with its entry: a number above zero."""

    def __init__(self, entries: Mapping[str, int], script: Script, concepts: Collection[str]) -> None:
        """entries: by name of the feature, as a model file has it. concepts: all of the lexicon."""
        self._alone: dict[str, int] = {}
        """Stems and beginnings of words, and in Japanese runs of characters."""
        self._side_by_side: dict[Joined, int] = {}
        self._pairs: _ByPart = {}
        self._earlier: _ByPart = {}
        self._later: _ByPart = {}
        self._concepts: dict[str, int] = {}
        self._ordered_entries: dict[Joined, int] = {}
        self._across: _ByPart = {}
        self._words: dict[str, str] = {}
        """The words of these: one object each, which is found at once where it is looked up by itself."""
        once = self._words.setdefault
        of_concepts = {"<": self._earlier, "~": self._later, "|": self._across}
        alone, pairs, is_japanese = self._alone, self._pairs, script == JAPANESE
        # Some 110,000 of them, each time that a process begins.
        for name, entry in entries.items():
            if name[:1] == "#" and (concept_pair := _of_concepts(name[1:], concepts)) is not None:
                sign, parts = concept_pair
                if sign in of_concepts:
                    of_concepts[sign].setdefault(parts[0], {})[once(parts[1], parts[1])] = entry
                elif sign:
                    self._ordered_entries[parts] = entry
                else:
                    self._concepts[parts[0]] = entry
            elif "~" in name:
                first, _, second = name.partition("~")
                if (own := pairs.get(first)) is None:
                    own = pairs[once(first, first)] = {}
                own[once(second, second)] = entry
            elif is_japanese or "_" not in name:
                alone[name] = entry
            else:
                self._side_by_side[tuple([once(word, word) for word in name.split("_")])] = entry

    def find(self, parts: Parts) -> SentenceFeatures:
        """Find the features of a sentence, but for those that come of the sentence before it (`across`)."""
        letters, stems, beginnings, words, mentions = parts
        words = [*map(self._words.get, words, words)]
        entries: list[int] = []
        if letters:
            runs = _runs_of(letters)
            size = len(runs)
            entries += filter(None, map(self._alone.get, runs))
        else:
            size = _count_side_by_side(stems) + len(set(beginnings)) + len(set(pairwise(beginnings)))
            entries += filter(None, map(self._alone.get, stems))
            entries += filter(None, map(self._side_by_side.get, pairwise(stems)))
            entries += filter(None, map(self._side_by_side.get, zip(stems, stems[1:], stems[2:], strict=False)))
            entries += filter(None, map(self._alone.get, beginnings))
            entries += filter(None, map(self._side_by_side.get, pairwise(beginnings)))
        size += _count_pairs(words)
        for at, seconds in enumerate(map(self._pairs.get, words), 1):
            if seconds is not None:
                entries += filter(None, map(seconds.get, words[at : at + NEARBY_WORDS]))
        concepts = parts.concepts
        if mentions:
            order = ordered(mentions)
            size += len(concepts) + len(order) + _count_around(mentions, concepts)
            entries += filter(None, map(self._concepts.get, concepts))
            entries += filter(None, map(self._ordered_entries.get, order))
            for names, earlier_words, later_words in mentions:
                for name in names:
                    entries += _joined(self._earlier, name, earlier_words)
                    entries += _joined(self._later, name, later_words)
        return SentenceFeatures(set(entries), size, concepts)

    def across(self, before: Concepts, concepts: Concepts) -> Sequence[int]:
        """Find the features that join the concepts of a sentence with those of the sentence before it.

        Returns their entries, none of which `find` returns; known or not, there are as many as pairs of concepts.
        """
        return [entry for earlier in before for entry in _joined(self._across, earlier, concepts)]


def _of_concepts(name: str, concepts: Collection[str]) -> tuple[str, Joined] | None:
    """The sign that joins the parts of a feature of concepts, and the parts; None where it is none, as `#1` is.

    name: what follows the `#` in the feature's name.
    """
    sign = _SIGN.search(name)
    if sign is None:
        return ("", (name,)) if name in concepts else None
    parts = tuple(name.split(sign[0]))
    return (sign[0], parts) if parts[0] in concepts else None


def _joined(table: _ByPart, first: str, seconds: Iterable[str]) -> Iterable[int]:
    """The entries of the known features that join a part with any of some others."""
    own = table.get(first)
    return filter(None, map(own.get, seconds)) if own is not None else ()


def _count_side_by_side(stems: Sequence[str]) -> int:
    """The number of different stems, and of different twos and threes of them side by side."""
    count = len(stems)
    alone = len(set(stems))
    if alone == count:
        return count + max(count - 1, 0) + max(count - 2, 0)
    return alone + len(set(pairwise(stems))) + len(set(zip(stems, stems[1:], stems[2:], strict=False)))


def _count_pairs(words: Sequence[str]) -> int:
    """The number of different pairs of words, `len(word_pairs(words))`."""
    count = len(words)
    if len(set(words)) < count:
        return len(word_pairs(words))
    apart = min(NEARBY_WORDS, max(count - 1, 0))
    return apart * count - apart * (apart + 1) // 2


def _count_around(mentions: Sequence[Mention], concepts: Concepts) -> int:
    """The number of different features that join a concept with a word around it. concepts: each once."""
    if sum(len(mention.concepts) for mention in mentions) == len(concepts):
        return sum(len(names) * (len(set(earlier)) + len(set(later))) for names, earlier, later in mentions)
    earlier = {pair for mention in mentions for pair in product(mention.concepts, mention.earlier)}
    later = {pair for mention in mentions for pair in product(mention.concepts, mention.later)}
    return len(earlier) + len(later)


def _runs_of(text: str) -> set[str]:
    """The runs of one to four characters of a text, which has one at least."""
    if len(text) <= _KNOWN_LENGTHS:
        return set(_cutter(len(text))(text))
    return {text[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(text) - size + 1)}


@lru_cache(maxsize=_KNOWN_LENGTHS)
def _cutter(length: int) -> Callable[[str], Iterable[str]]:
    """A function that cuts all runs out of a text of a length in one call."""
    return itemgetter(*(_place(at, size) for size in range(1, LONGEST_RUN + 1) for at in range(length - size + 1)))


@lru_cache(maxsize=_KNOWN_LENGTHS * LONGEST_RUN)
def _place(at: int, size: int) -> slice:
    """The place of a run: one object, however many lengths have it."""
    return slice(at, at + size)
