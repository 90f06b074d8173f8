"""What of a sentence a reader of meaning counts: words, their neighbours, and the concepts that they stand for.

Latin script: stems, one to three side by side, and pairs a few words apart. Japanese: runs of one to four characters,
and pairs of words a few words apart. Both: concepts of the lexicon (`escrow`, `before`, `begin`, `refuse`…) alone, in
order, across two sentences, and beside the words around them. What was tried beside these is in README.md.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

Script = str
"""`japanese` or `latin`."""
JAPANESE, LATIN = "japanese", "latin"

Concepts = tuple[str, ...]

_KANA_OR_KANJI = re.compile("[ぁ-ゖァ-ヶ一-龥]")
_LETTERS_FOLDED = {
    char: base
    for char in map(chr, range(0xC0, 0x180))
    if (base := unicodedata.normalize("NFD", char)[0]) != char and base.isascii()
}
_FOLD = str.maketrans(_LETTERS_FOLDED | {"ß": "s", "œ": "o", "æ": "a", "ø": "o"})
_DECORATION = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u200d~〜♪\u0300-\u036f\ufe0f]+")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0_']+(?:[.-][a-z0]+)*|[$€£%]")
_RUN = re.compile("[一-龥々]+|[ァ-ヶー]+|[a-z0]+|[ぁ-ゖ]+")
_SPACES = re.compile(r"\s+")
_NEARBY_WORDS = 6
"""Words between which pairs are counted."""
_AROUND_WORDS, _AROUND_CHARACTERS = 5, 15
"""How far around a concept words are counted with it."""
_ORDERED = 8
"""Concepts after one that are counted with it, in order."""
_TELL_NOTHING = frozenset("the a an to of and in is it for on with that this be are as at so or has".split())
_KNOWN_WORDS = 20_000
"""Words whose stem and concepts are remembered."""
_LONGEST_PHRASE = 4


def script_of(sentence: str) -> Script:
    """Which of the two scripts a sentence is read as: Japanese where it has any kana or kanji."""
    return JAPANESE if _KANA_OR_KANJI.search(sentence) else LATIN


def folded(sentence: str) -> str:
    """A sentence (in its plain reading) without case, accents, decoration and the value of its numbers."""
    text = _DECORATION.sub(" ", sentence.lower().translate(_FOLD))
    return _DIGITS.sub("0", text)


def stem(word: str) -> str:
    """A Latin word without its commonest endings: crude, and the same for all five languages."""
    for end in ("'ll", "'ve", "'re", "'d", "'s"):
        word = word.removesuffix(end) or word
    for end in ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            word = word[: -len(end)]
            break
    if len(word) > 4 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word


class _Word(NamedTuple):
    stem: str
    tells: bool
    concepts: Concepts


class Counted(NamedTuple):
    """What is counted in one sentence."""

    features: list[str]
    """Each once, however often it occurs: a word said a hundred times means no more than said once."""
    concepts: Concepts
    """The concepts in it, each once: what the next sentence is told of it."""


@dataclass(frozen=True)
class Lexicon:
    """Words and phrases by script, each with the concepts that it stands for."""

    words: Mapping[str, Concepts]
    """Latin words, and phrases of up to four with `_` between them."""
    stems: Mapping[str, Concepts]
    """Beginnings of Latin words."""
    japanese: Mapping[str, Concepts]
    _seen: dict[str, _Word] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, languages: Mapping[str, Mapping[str, Sequence[str]]]) -> "Lexicon":
        """From words by language and concept, as the files of `lexicon/` have them."""
        words: dict[str, dict[str, None]] = {}
        stems: dict[str, dict[str, None]] = {}
        japanese: dict[str, dict[str, None]] = {}
        for language, concepts in languages.items():
            for concept, names in concepts.items():
                for name in names:
                    read = folded(name)
                    if language == "ja":
                        japanese.setdefault(read, {})[concept] = None
                    if read.isascii():
                        place = stems if read.endswith("*") else words
                        place.setdefault(read.rstrip("*").replace(" ", "_"), {})[concept] = None
        found = [{key: tuple(value) for key, value in table.items()} for table in (words, stems, japanese)]
        return cls(found[0], found[1], found[2])

    @cached_property
    def longest_japanese(self) -> int:
        """Characters of the longest Japanese word."""
        return max(map(len, self.japanese), default=0)

    def word(self, word: str) -> _Word:
        """What is known of a Latin word."""
        seen = self._seen.get(word)
        if seen is None:
            concepts = dict.fromkeys(self.words.get(word, ()))
            for end in range(3, len(word) + 1):
                concepts |= dict.fromkeys(self.stems.get(word[:end], ()))
            seen = _Word(stem(word), word not in _TELL_NOTHING, tuple(concepts))
            if len(self._seen) >= _KNOWN_WORDS:
                self._seen.clear()
            self._seen[word] = seen
        return seen


def count(sentence: str, script: Script, lexicon: Lexicon, before: Concepts = ()) -> Counted:
    """What is counted in a folded sentence. before: the concepts of the sentence before it."""
    features, concepts = _japanese(sentence, lexicon) if script == JAPANESE else _latin(sentence, lexicon)
    each = tuple(dict.fromkeys(name for names in concepts for name in names))
    features += [f"#{name}" for name in each]
    features += _ordered(concepts)
    features += [f"#{earlier}|{name}" for earlier in before for name in each]
    return Counted(list(dict.fromkeys(features)), each)


def _latin(sentence: str, lexicon: Lexicon) -> tuple[list[str], list[Concepts]]:
    words = _WORD.findall(sentence)
    known = [lexicon.word(word) for word in words]
    stems = [word.stem for word in known]
    features = stems.copy()
    features += [f"{a}_{b}" for a, b in pairwise(stems)]
    features += [f"{a}_{b}_{c}" for a, b, c in zip(stems, stems[1:], stems[2:], strict=False)]
    telling = [word.stem for word in known if word.tells]
    features += _pairs(telling)
    concepts: list[Concepts] = []
    for at, names in _named(words, known, lexicon):
        concepts.append(names)
        for near in range(max(0, at - _AROUND_WORDS), min(len(words), at + _AROUND_WORDS + 1)):
            if near != at:
                mark = "~" if at < near else "<"
                features += [f"#{name}{mark}{words[near]}" for name in names]
    return features, concepts


def _named(words: Sequence[str], known: Sequence[_Word], lexicon: Lexicon) -> Iterator[tuple[int, Concepts]]:
    """The words and phrases that stand for concepts: place and concepts, the longest phrase first."""
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 1, -1):
            names = lexicon.words.get("_".join(words[at : at + length]))
            if names is not None:
                negated = any("not" in word.concepts for word in known[at : at + length])
                yield at, (*names, "not") if negated and "not" not in names else names
                at += length
                break
        else:
            if known[at].concepts:
                yield at, known[at].concepts
            at += 1


def _japanese(sentence: str, lexicon: Lexicon) -> tuple[list[str], list[Concepts]]:
    text = _SPACES.sub("", sentence)
    bounded = f"^{text}$"
    features = list(bounded)
    features += [bounded[i : i + 2] for i in range(len(bounded) - 1)]
    features += [bounded[i : i + 3] for i in range(len(bounded) - 2)]
    features += [bounded[i : i + 4] for i in range(len(bounded) - 3)]
    words: list[str] = []
    around: list[tuple[int, str]] = []
    for run in _RUN.finditer(text):
        word = run[0]
        around.append((run.start(), word[-3:]))
        if "ぁ" <= word[0] <= "ゖ":
            words += [word[-3:]] if len(word) > 1 else []
        elif word[0] >= "一" and len(word) > 2:
            words += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            words.append(word)
    features += _pairs(words)
    concepts: list[Concepts] = []
    first = 0
    for at, names in _named_in(text, lexicon):
        concepts.append(names)
        while first < len(around) and around[first][0] < at - _AROUND_CHARACTERS:
            first += 1
        for place, word in around[first:]:
            if place > at + _AROUND_CHARACTERS:
                break
            if place != at:
                mark = "~" if at < place else "<"
                features += [f"#{name}{mark}{word}" for name in names]
    return features, concepts


def _named_in(text: str, lexicon: Lexicon) -> Iterator[tuple[int, Concepts]]:
    """The words of a Japanese text that stand for concepts: place and concepts, the longest word first."""
    longest, known = lexicon.longest_japanese, lexicon.japanese
    at = 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 0, -1):
            names = known.get(text[at : at + length])
            if names is not None:
                yield at, names
                at += length
                break
        else:
            at += 1


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{word}~{other}" for at, word in enumerate(words) for other in words[at + 1 : at + 1 + _NEARBY_WORDS]]


def _ordered(concepts: Sequence[Concepts]) -> list[str]:
    """Concepts after one another, each pair once; the same one twice tells nothing but of `not` and `pay`."""
    pairs: dict[str, None] = {}
    for at, names in enumerate(concepts):
        for later in concepts[at + 1 : at + 1 + _ORDERED]:
            for name in names:
                for other in later:
                    if name != other or name in ("not", "pay"):
                        pairs[f"#{name}>{other}"] = None
    threes = [f"#{a[0]}>{b[0]}>{c[0]}" for a, b, c in zip(concepts, concepts[1:], concepts[2:], strict=False)]
    return [*pairs, *threes]
