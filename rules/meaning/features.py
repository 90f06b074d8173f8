"""What of a sentence a reader of meaning counts: words, their neighbours, and the concepts that they stand for.

Latin script: stems, one to three side by side, and pairs a few words apart; beginnings of words, one and two side by
side. Japanese: runs of one to four characters, and pairs of words a few words apart. Both: concepts of the lexicon
(`escrow`, `before`, `begin`, `refuse`…) alone, in order, across two sentences, and beside the words around them. What
was tried beside these is in README.md.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

Script = str
"""`japanese` or `latin`."""
JAPANESE, LATIN = "japanese", "latin"

Concepts = tuple[str, ...]
Joined = tuple[str, ...]
"""The parts of a feature that joins several words or concepts."""

_KANA_OR_KANJI = re.compile("[ぁ-ゖァ-ヶ一-龥]")
_LETTERS_FOLDED = {
    char: base
    for char in map(chr, range(0xC0, 0x180))
    if (base := unicodedata.normalize("NFD", char)[0]) != char and base.isascii()
}
_FOLD = str.maketrans(_LETTERS_FOLDED | {"ß": "s", "œ": "o", "æ": "a", "ø": "o"})
_FOLDED = re.compile("[\u00c0-\u017f]")
"""The letters of `_FOLD`, and a few others."""
_MARKS = re.compile("[\u0300-\u036f]+")
"""Marks on the letter before them, of which no letter is made: they part no word."""
_DECORATION = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u200d~〜♪\ufe0f]+")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0_']+(?:[.-][a-z0]+)*|[$€£%]")
_RUN = re.compile("[一-龥々]+|[ァ-ヶー]+|[a-z0]+|[ぁ-ゖ]+")
_SPACES = re.compile(r"\s+")
NEARBY_WORDS = 6
"""Words between which pairs are counted."""
_BEGINNING = 6
"""Letters of the beginning of a word, which the inflected forms of a verb share."""
_AROUND_WORDS, _AROUND_CHARACTERS = 5, 15
"""How far around a concept words are counted with it."""
_ORDERED = 8
"""Concepts after one that are counted with it, in order."""
LONGEST_RUN = 4
"""Characters of the longest Japanese runs."""
_TELL_NOTHING = frozenset("the a an to of and in is it for on with that this be are as at so or has".split())
_KNOWN_WORDS = 20_000
"""Words whose stem and concepts are remembered."""
_LONGEST_PHRASE = 4


def script_of(sentence: str) -> Script:
    """Which of the two scripts a sentence is read as: Japanese where it has any kana or kanji."""
    return JAPANESE if _KANA_OR_KANJI.search(sentence) else LATIN


def words_of(sentence: str) -> list[str]:
    """The words of a folded sentence in Latin script, in their order."""
    return _WORD.findall(sentence)


def folded(sentence: str) -> str:
    """A sentence (in its plain reading) without case, accents, decoration and the value of its numbers."""
    text = sentence.lower()
    if _FOLDED.search(text) is not None:
        text = text.translate(_FOLD)
    return _DIGITS.sub("0", _DECORATION.sub(" ", _MARKS.sub("", text)))


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
    """What is known of a Latin word."""

    stem: str
    beginning: str
    tells: bool
    concepts: Concepts
    phrases: Sequence[tuple[Joined, Concepts]]
    """The phrases of several words that begin with it, the longest first, and what they stand for."""


class Mention(NamedTuple):
    """A word or a phrase that stands for concepts, and the words around it."""

    concepts: Concepts
    earlier: Sequence[str]
    later: Sequence[str]


class Parts(NamedTuple):
    """The parts of a sentence that its features are made of."""

    letters: str
    """A Japanese sentence between `^` and `$`, of which the runs of characters are counted; empty in Latin script."""
    stems: Sequence[str]
    """The stems of Latin words, alone and side by side; none in Japanese."""
    beginnings: Sequence[str]
    """Their beginnings, each with `*` behind it."""
    words: Sequence[str]
    """The words that are counted in pairs."""
    mentions: Sequence[Mention]

    @property
    def concepts(self) -> Concepts:
        """The concepts in it, each once."""
        return tuple(dict.fromkeys([name for mention in self.mentions for name in mention.concepts]))


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
    """Words that were met."""

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
    def concepts(self) -> frozenset[str]:
        """All concepts that anything stands for."""
        tables = (self.words, self.stems, self.japanese)
        return frozenset(name for table in tables for names in table.values() for name in names)

    @cached_property
    def _phrases(self) -> Mapping[str, Sequence[tuple[Joined, Concepts]]]:
        """By first word the phrases of several Latin words, the longest first."""
        phrases: dict[str, list[tuple[Joined, Concepts]]] = {}
        for key in sorted(self.words, key=lambda key: -key.count("_")):
            words = tuple(key.split("_"))
            if 1 < len(words) <= _LONGEST_PHRASE:
                phrases.setdefault(words[0], []).append((words, self._of_phrase(words, self.words[key])))
        return phrases

    def _of_phrase(self, words: Joined, names: Concepts) -> Concepts:
        """The concepts of a phrase: also `not`, where one of its words says so."""
        is_negated = any("not" in self._of_word(word) for word in words)
        return (*names, "not") if is_negated and "not" not in names else names

    def _of_word(self, word: str) -> Concepts:
        concepts = dict.fromkeys(self.words.get(word, ()))
        for end in range(3, len(word) + 1):
            concepts |= dict.fromkeys(self.stems.get(word[:end], ()))
        return tuple(concepts)

    def known(self, words: Sequence[str]) -> list[_Word]:
        """Return what is known of Latin words."""
        seen = self._seen
        return [seen.get(word) or self._met(word) for word in words]

    def _met(self, word: str) -> _Word:
        known = _Word(
            stem(word),
            f"{word[:_BEGINNING]}*",
            word not in _TELL_NOTHING,
            self._of_word(word),
            self._phrases.get(word, ()),
        )
        if len(self._seen) >= _KNOWN_WORDS:
            self._seen.clear()
        self._seen[word] = known
        return known

    @cached_property
    def japanese_lengths(self) -> Mapping[str, Sequence[int]]:
        """By first character the lengths of the Japanese words, the longest first."""
        lengths: dict[str, set[int]] = {}
        for word in filter(None, self.japanese):
            lengths.setdefault(word[0], set()).add(len(word))
        return {first: sorted(own, reverse=True) for first, own in lengths.items()}


def count(sentence: str, script: Script, lexicon: Lexicon, before: Concepts = ()) -> Counted:
    """What is counted in a folded sentence. before: the concepts of the sentence before it.

    By the names that the features have in a model file. `rules.meaning.known` finds the same ones without naming them.
    """
    parts = parts_of(sentence, script, lexicon)
    letters, stems, beginnings = parts.letters, parts.stems, parts.beginnings
    features = [letters[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(letters) - size + 1)]
    features += stems
    features += [f"{first}_{second}" for first, second in pairwise(stems)]
    features += ["_".join(three) for three in zip(stems, stems[1:], stems[2:], strict=False)]
    features += beginnings
    features += [f"{first}_{second}" for first, second in pairwise(beginnings)]
    features += ["~".join(pair) for pair in word_pairs(parts.words)]
    for mention in parts.mentions:
        for name in mention.concepts:
            features += [f"#{name}<{word}" for word in mention.earlier]
            features += [f"#{name}~{word}" for word in mention.later]
    each = parts.concepts
    features += [f"#{name}" for name in each]
    features += [f"#{'>'.join(names)}" for names in ordered(parts.mentions)]
    features += [f"#{earlier}|{name}" for earlier in before for name in each]
    return Counted(list(dict.fromkeys(features)), each)


def parts_of(sentence: str, script: Script, lexicon: Lexicon) -> Parts:
    """Return the parts of a folded sentence."""
    return _japanese(sentence, lexicon) if script == JAPANESE else _latin(sentence, lexicon)


def word_pairs(words: Sequence[str]) -> set[Joined]:
    """Return the pairs of words that are at most `NEARBY_WORDS` apart."""
    return set[Joined]().union(*(zip(words, words[apart:], strict=False) for apart in range(1, NEARBY_WORDS + 1)))


def ordered(mentions: Sequence[Mention]) -> set[Joined]:
    """Return two and three concepts in their order; the same one twice tells nothing but of `not` and `pay`."""
    order = {
        (name, other)
        for at, mention in enumerate(mentions)
        for later in mentions[at + 1 : at + 1 + _ORDERED]
        for name in mention.concepts
        for other in later.concepts
        if name != other or name in ("not", "pay")
    }
    firsts = [mention.concepts[0] for mention in mentions]
    return {*order, *zip(firsts, firsts[1:], firsts[2:], strict=False)}


def _latin(sentence: str, lexicon: Lexicon) -> Parts:
    words = words_of(sentence)
    known = lexicon.known(words)
    mentions = [
        Mention(names, words[max(0, at - _AROUND_WORDS) : at], words[at + 1 : at + 1 + _AROUND_WORDS])
        for at, names in _named(words, known)
    ]
    return Parts(
        "",
        [word.stem for word in known],
        [word.beginning for word in known],
        [word.stem for word in known if word.tells],
        mentions,
    )


def _named(words: Sequence[str], known: Sequence[_Word]) -> list[tuple[int, Concepts]]:
    """The words and phrases that stand for concepts: place and concepts, the longest phrase first."""
    named = []
    end = 0
    for at, word in enumerate(known):
        if at < end:
            continue
        for phrase, names in word.phrases:
            if tuple(words[at : at + len(phrase)]) == phrase:
                named.append((at, names))
                end = at + len(phrase)
                break
        else:
            if word.concepts:
                named.append((at, word.concepts))
    return named


def _japanese(sentence: str, lexicon: Lexicon) -> Parts:
    text = _SPACES.sub("", sentence)
    words: list[str] = []
    starts: list[int] = []
    ends: list[str] = []
    for run in _RUN.finditer(text):
        word = run[0]
        starts.append(run.start())
        ends.append(word[-3:])
        if "ぁ" <= word[0] <= "ゖ":
            words += [word[-3:]] if len(word) > 1 else []
        elif word[0] >= "一" and len(word) > 2:
            words += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            words.append(word)
    mentions = []
    for at, names in _named_in(text, lexicon):
        first, last = bisect_left(starts, at - _AROUND_CHARACTERS), bisect_right(starts, at + _AROUND_CHARACTERS)
        own = bisect_left(starts, at)
        mentions.append(Mention(names, ends[first:own], ends[bisect_right(starts, at, own) : last]))
    return Parts(f"^{text}$", (), (), words, mentions)


def _named_in(text: str, lexicon: Lexicon) -> list[tuple[int, Concepts]]:
    """The words of a Japanese text that stand for concepts: place and concepts, the longest word first."""
    known = lexicon.japanese
    named = []
    end = 0
    for at, lengths in enumerate(map(lexicon.japanese_lengths.get, text)):
        if lengths is None or at < end:
            continue
        for length in lengths:
            names = known.get(text[at : at + length])
            if names is not None:
                named.append((at, names))
                end = at + length
                break
    return named
