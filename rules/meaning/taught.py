"""What the user has taught: texts that were wrongly warned of, and texts that should have been warned of.

A text is known again by the fingerprints of its sentences: MinHash signatures of their characters (Broder, On the
resemblance and containment of documents, 1997) without personal details, so that another name or sum is the same text.
Where a warning is silenced more is asked: no word, link or contact that was not in the sentence, and the same denied
and asked. A sentence with a new link, about another thing, or turned into its opposite, is another.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rensa import RMinHash

from rules.meaning.lesson import LONGEST_QUOTE, MOST_SENTENCES, PERMUTATIONS, Fingerprint, Lesson, written
from rules.meaning.personal import bare, contacts_in, masked
from rules.reading import Reading

BANDS = 32
"""Of four: sentences that share 60 % of their pieces meet in at least one in 98 of 100 cases."""
ROWS = PERMUTATIONS // BANDS
PIECE = 3
"""Characters."""
SILENCED_FROM = 0.8
"""Share of common pieces from which a sentence counts as the one that was wrongly warned of."""
WARNED_FROM = 0.6
"""The same for one that should have been warned of: what is warned of too often is seen, and undone."""
MOST_OF_IT = 0.7
"""Share of a text, by length, whose sentences another text must have like ones of to be warned of."""
SHORTEST = 8
"""Letters that a text needs to be known again: shorter ones are everybody's."""
_SEED = 20_261_126

_PLACEHOLDER = re.compile(r"\[(?:name|address|contact|link|mail|phone)\]")
_WORD = re.compile("[一-龥々]+|[ァ-ヶー]{2,}|[^\\W\\d_ぁ-ゖァ-ヶー一-龥々]{3,}")
"""Words of a Japanese sentence, and of any other: what hiragana alone changes, the likeness of the whole tells."""
_LETTERS = re.compile(r"[^\W_]")
_SEPARATORS = re.compile(r"[\W_]+")
_TURNS = re.compile(
    r"(?P<n>ない|ません|ませぬ|なく|なし|ずに|不要|不可|禁止|お断り|断り|無用|違反|控え|\bnot\b|n't\b|\bno\b|\bnever\b|\bwithout\b"
    r"|\bcannot\b|\bavoid|\brefus|\bforbid|\bprohibit|\bnon\b|\bsin\b|\bsem\b|\bnão\b|\bnunca\b|\bjamais\b|\bpas\b|\bsans\b|\bne\b)"
    r"|(?P<a>\?|ませんか|ますか|ですか|でしょうか)",
    re.IGNORECASE,
)


class Unteachable(ValueError):
    """A text that would not be known again: too short, or without words."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A sentence, ready to be compared."""

    numbers: tuple[int, ...]
    letters: int
    turns: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class TaughtRisk:
    """A text like one that should have been warned of: the lesson, and the sentences that are alike, by number."""

    lesson: Lesson
    places: tuple[int, ...]


def learnt(texts: Sequence[str], *, ident: str, warns: bool, rule: str = "", risk: str = "", day: date) -> Lesson:
    """The lesson of a text, or of the sentences that a warning quoted. Raises Unteachable.

    ident: 16 hexadecimal digits, nobody else's.
    """
    parts = [part for text in texts for part in Reading(text).sentences]
    known = [(part, seen) for part in dict.fromkeys(parts) if (seen := _seen(part)) is not None][:MOST_SENTENCES]
    if sum(seen.letters for _, seen in known) < SHORTEST:
        raise Unteachable("too short to be known again")
    quote = " ".join(masked("\n".join(texts)).split())
    return Lesson(
        id=ident,
        warns=warns,
        rule=rule,
        risk=risk,
        day=day,
        quote=quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…",
        sentences=tuple(
            Fingerprint(
                signature=written(seen.numbers),
                letters=seen.letters,
                turns=seen.turns,
                words=tuple(sorted(_hashed(seen.words, ident))),
            )
            for _, seen in known
        ),
    )


Names = tuple[str, ...]
"""What a lesson may be about, of a rule: the rule, and its risk."""


def about(rule: str, risk: str) -> Names:
    """The names of a rule in lessons. Rules of one risk are shown as one warning, so a lesson is about all of them."""
    return (f"rule:{rule}", f"risk:{risk}") if risk else (f"rule:{rule}",)


_ByBand = dict[tuple[int, ...], list[tuple[Lesson, int]]]
"""Sentences of lessons, each by its number, by the bands of their signatures: like ones share one."""


class Lessons:
    """All lessons, ready to ask. Immutable."""

    def __init__(self, lessons: Iterable[Lesson] = ()) -> None:
        self._silencing: dict[str, _ByBand] = {}
        self._warning: _ByBand = {}
        for lesson in lessons:
            name = about(lesson.rule, lesson.risk)[-1]
            found = self._warning if lesson.warns else self._silencing.setdefault(name, {})
            for number, each in enumerate(lesson.sentences):
                for band in _bands(each.numbers):
                    found.setdefault(band, []).append((lesson, number))

    @property
    def warn(self) -> bool:
        """Whether any of them is of a text that should have been warned of."""
        return bool(self._warning)

    def teach(self, names: Names) -> bool:
        """Whether any of them is about a rule (see `about`)."""
        return any(name in self._silencing for name in names)

    def silence(self, names: Names, sentence: str) -> bool:
        """Whether a sentence is like one that a rule (see `about`) was wrong about."""
        taught = [self._silencing[name] for name in names if name in self._silencing]
        seen = _seen(sentence) if taught else None
        if seen is None:
            return False
        bands = list(_bands(seen.numbers))
        near = {(lesson.id, number): lesson for by in taught for band in bands for lesson, number in by.get(band, ())}
        return any(_same(lesson, lesson.sentences[number], seen) for (_, number), lesson in near.items())

    def warned(self, text: Sequence[str]) -> Sequence[TaughtRisk]:
        """The lessons that a text, by its sentences, is like one of, and where."""
        if not self._warning:
            return ()
        places: dict[str, dict[int, int]] = defaultdict(dict)
        lessons: dict[str, Lesson] = {}
        for place, sentence in enumerate(text):
            seen = _seen(sentence)
            if seen is None:
                continue
            bands = _bands(seen.numbers)
            near = {(lesson.id, number): lesson for band in bands for lesson, number in self._warning.get(band, ())}
            for (ident, number), lesson in near.items():
                if _likeness(lesson.sentences[number].numbers, seen.numbers) >= WARNED_FROM:
                    lessons[ident] = lesson
                    places[ident].setdefault(number, place)
        found = []
        for ident, lesson in lessons.items():
            whole = sum(each.letters for each in lesson.sentences)
            if sum(lesson.sentences[number].letters for number in places[ident]) >= MOST_OF_IT * whole:
                found.append(TaughtRisk(lesson, tuple(sorted(set(places[ident].values())))))
        return found


NO_LESSONS = Lessons()


def _same(lesson: Lesson, taught: Fingerprint, seen: _Seen) -> bool:
    return (
        taught.turns == seen.turns
        and _likeness(taught.numbers, seen.numbers) >= SILENCED_FROM
        and _hashed(seen.words, lesson.id) <= set(taught.words)
    )


def _likeness(one: Sequence[int], other: Sequence[int]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / PERMUTATIONS


def _bands(numbers: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    return ((band, *numbers[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))


def _hashed(words: Iterable[str], ident: str) -> set[str]:
    """Words as hashes that differ from lesson to lesson."""
    return {hashlib.blake2b(each.encode(), key=ident.encode(), digest_size=6).hexdigest() for each in words}


@lru_cache(maxsize=2_048)
def _seen(sentence: str) -> _Seen | None:
    """A sentence ready to be compared; None where it has no letters."""
    read = _PLACEHOLDER.sub("[]", bare(sentence)).lower()
    letters = len(_LETTERS.findall(read))
    # Numbers alone, or a name, are nothing that was said.
    words = _SEPARATORS.sub(" ", read).strip()
    if not letters or not re.search(r"[^\W\d_]", words):
        return None
    hashed = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    hashed.update([words[at : at + PIECE] for at in range(max(1, len(words) - PIECE + 1))])
    turns = "".join(match.lastgroup or "" for match in _TURNS.finditer(read))
    return _Seen(tuple(hashed.digest()), letters, turns[:64], contacts_in(sentence) | set(_WORD.findall(words)))
