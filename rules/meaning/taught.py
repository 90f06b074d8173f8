"""The user's lessons: texts that were wrongly warned of, and texts that should have been warned of.

A text is recognised by the fingerprints of its sentences: MinHash signatures of their characters (Broder, On the
resemblance and containment of documents, 1997) without personal details, so that another name or sum is the same text.
Silencing a warning takes more: no word, link or contact that was not in the sentence, and the same negations and
questions. A sentence with a new link, about another thing, or turned into its opposite, is another.
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
"""Bands of four numbers: sentences that share 60 % of their pieces share one in 98 of 100 cases."""
ROWS = PERMUTATIONS // BANDS
PIECE = 3
"""Characters."""
SILENCED_FROM = 0.8
"""Share of common pieces from which a sentence counts as the one that was wrongly warned of."""
WARNED_FROM = 0.6
"""The same for one that should have been warned of: a warning too many is seen, and undone."""
MOST_OF_IT = 0.7
"""Share of a text, by length, whose sentences another text must have like ones of to be warned of."""
SHORTEST = 8
"""Letters that a text needs to be recognised: shorter ones are everybody's."""
_SEED = 20_261_126

_PLACEHOLDER = re.compile(r"\[(?:name|address|contact|link|mail|phone)\]")
_WORD = re.compile("[一-龥々]+|[ァ-ヶー]{2,}|[^\\W\\d_ぁ-ゖァ-ヶー一-龥々]{3,}")
"""Words of a Japanese sentence, and of any other. Changes of hiragana alone show in the likeness of the whole."""
_LETTERS = re.compile(r"[^\W_]")
_SEPARATORS = re.compile(r"[\W_]+")
_TURNS = re.compile(
    r"(?P<n>ない|ません|ませぬ|なく|なし|ずに|不要|不可|禁止|お断り|断り|無用|違反|控え|\bnot\b|n't\b|\bno\b|\bnever\b|\bwithout\b"
    r"|\bcannot\b|\bavoid|\brefus|\bforbid|\bprohibit|\bnon\b|\bsin\b|\bsem\b|\bnão\b|\bnunca\b|\bjamais\b|\bpas\b|\bsans\b|\bne\b)"
    r"|(?P<a>\?|ませんか|ますか|ですか|でしょうか)",
    re.IGNORECASE,
)


class Unteachable(ValueError):
    """Raised for a text that could not be recognised: too short, or without words."""


@dataclass(frozen=True, slots=True)
class _Comparable:
    """A sentence, ready to be compared with lessons."""

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
    """Return the lesson of a text, or of the sentences that a warning quoted. Raises Unteachable.

    ident: 16 hexadecimal digits, unique among lessons.
    """
    sentences = dict.fromkeys(sentence for text in texts for sentence in Reading(text).sentences)
    comparable = [sentence for sentence in map(_comparable, sentences) if sentence is not None][:MOST_SENTENCES]
    if sum(sentence.letters for sentence in comparable) < SHORTEST:
        raise Unteachable("too short to be recognised")
    quote = " ".join(masked(Reading("\n".join(texts))).split())
    return Lesson(
        id=ident,
        warns=warns,
        rule=rule,
        risk=risk,
        day=day,
        quote=quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…",
        sentences=tuple(
            Fingerprint(
                signature=written(sentence.numbers),
                letters=sentence.letters,
                turns=sentence.turns,
                words=tuple(sorted(_hashed(sentence.words, ident))),
            )
            for sentence in comparable
        ),
    )


Names = tuple[str, ...]
"""The names under which lessons are about a rule: the rule's, and its risk's."""


def about(rule: str, risk: str) -> Names:
    """Return the names of a rule in lessons: also its risk's, since rules of one risk are shown as one warning."""
    return (f"rule:{rule}", f"risk:{risk}") if risk else (f"rule:{rule}",)


_ByBand = dict[tuple[int, ...], list[tuple[Lesson, int]]]
"""Sentences of lessons (lesson and number), by the bands of their signatures: like ones share one."""


class Lessons:
    """All lessons, given in the order in which they were taught, indexed for comparison. Immutable."""

    def __init__(self, lessons: Iterable[Lesson] = ()) -> None:
        self._silencing: dict[str, _ByBand] = {}
        self._warning: _ByBand = {}
        self._ranks: dict[str, int] = {}
        """Places in the order of teaching, by the lesson's id."""
        for rank, lesson in enumerate(lessons):
            self._ranks[lesson.id] = rank
            name = about(lesson.rule, lesson.risk)[-1]
            index = self._warning if lesson.warns else self._silencing.setdefault(name, {})
            for number, sentence in enumerate(lesson.sentences):
                for band in _bands(sentence.numbers):
                    index.setdefault(band, []).append((lesson, number))

    @property
    def warn(self) -> bool:
        """Whether any lesson is about a text that should have been warned of."""
        return bool(self._warning)

    def teach(self, names: Names) -> bool:
        """Whether any lesson is about a rule (see `about`)."""
        return any(name in self._silencing for name in names)

    def silence(self, names: Names, sentence: str, *, after: Lesson | None = None) -> bool:
        """Whether a sentence is like one that a rule (see `about`) was wrong about.

        after: only lessons that were taught later than this one count.
        """
        indexes = [self._silencing[name] for name in names if name in self._silencing]
        comparable = _comparable(sentence) if indexes else None
        if comparable is None:
            return False
        bands = list(_bands(comparable.numbers))
        near = {(lesson.id, n): lesson for index in indexes for band in bands for lesson, n in index.get(band, ())}
        earliest = -1 if after is None else self._ranks[after.id]
        return any(
            self._ranks[lesson.id] > earliest and _same(lesson, lesson.sentences[number], comparable)
            for (_, number), lesson in near.items()
        )

    def warned(self, text: Sequence[str]) -> Sequence[TaughtRisk]:
        """Return the lessons that a text, given as its sentences, is like, and which of its sentences are."""
        if not self._warning:
            return ()
        places: dict[str, dict[int, int]] = defaultdict(dict)
        lessons: dict[str, Lesson] = {}
        for place, sentence in enumerate(text):
            comparable = _comparable(sentence)
            if comparable is None:
                continue
            bands = _bands(comparable.numbers)
            near = {(lesson.id, number): lesson for band in bands for lesson, number in self._warning.get(band, ())}
            for (ident, number), lesson in near.items():
                if _likeness(lesson.sentences[number].numbers, comparable.numbers) >= WARNED_FROM:
                    lessons[ident] = lesson
                    places[ident].setdefault(number, place)
        risks = []
        for ident, lesson in lessons.items():
            whole = sum(sentence.letters for sentence in lesson.sentences)
            if sum(lesson.sentences[number].letters for number in places[ident]) >= MOST_OF_IT * whole:
                risks.append(TaughtRisk(lesson, tuple(sorted(set(places[ident].values())))))
        return risks


NO_LESSONS = Lessons()


def _same(lesson: Lesson, fingerprint: Fingerprint, sentence: _Comparable) -> bool:
    return (
        fingerprint.turns == sentence.turns
        and _likeness(fingerprint.numbers, sentence.numbers) >= SILENCED_FROM
        and _hashed(sentence.words, lesson.id) <= set(fingerprint.words)
    )


def _likeness(one: Sequence[int], other: Sequence[int]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / PERMUTATIONS


def _bands(numbers: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    return ((band, *numbers[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))


def _hashed(words: Iterable[str], ident: str) -> set[str]:
    """Hash words, differently for each lesson."""
    return {hashlib.blake2b(word.encode(), key=ident.encode(), digest_size=6).hexdigest() for word in words}


# Pages are judged again as they change, and signatures take most of the time that lessons cost.
@lru_cache(maxsize=2_048)
def _comparable(sentence: str) -> _Comparable | None:
    """Prepare a sentence for comparison; None where it has no letters."""
    reading = Reading(sentence)
    masked_text = _PLACEHOLDER.sub("[]", bare(reading)).lower()
    letters = len(_LETTERS.findall(masked_text))
    # Numbers alone, or a name, say nothing.
    words = _SEPARATORS.sub(" ", masked_text).strip()
    if not letters or not re.search(r"[^\W\d_]", words):
        return None
    hashed = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    hashed.update([words[at : at + PIECE] for at in range(max(1, len(words) - PIECE + 1))])
    turns = "".join(match.lastgroup or "" for match in _TURNS.finditer(masked_text))
    return _Comparable(tuple(hashed.digest()), letters, turns[:64], contacts_in(reading) | set(_WORD.findall(words)))
