"""Letters set apart one by one, by signs that are drawn: 「L・I・N・E・で・連・絡」, "W h a t s A p p", ラ♡イ♡ン.

Nobody reads the signs, so the letters are to be read without them. Such a run is recognised by its separators: between
single letters stands the same kind of sign again and again. Lists, initials, tables and dates read so (月火水木, JRRT)
spell no word of any rule.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from extractors.unicode_tables import LOOK_ALIKES, MEANT
from rules.text import without_spans

FEWEST, FEWEST_BETWEEN_SYMBOLS, FEWEST_DIGITS = 4, 3, 10
"""Letters of a run. Three single letters with dots between are everywhere (A・B・C, 衣・食・住), with hearts nowhere;
digits are dates and numbers up to the length of a telephone number."""
MOST_ALONE_OF_TEXT, MOST_ALONE_OF_PAGE = 30_000, 100_000
"""Letters standing alone, of one text and of all texts of a page, that are examined for separators: that is a hundred
times as slow as reading. Ordinary pages have some."""
MOST_BETWEEN = 12
"""Characters between two letters: an emoji of a family has seven, blanks around it."""

_SYMBOLS = (
    "\u2190-\u23ff\u2500-\u2bff\u3012-\u3013\u301c\u3020\u3030\uff5e"
    "\U0001f000-\U0001f12f\U0001f18a-\U0001f1e5\U0001f200-\U0001faff"
)
_LETTER = "[^\\W_][\uff9e\uff9f]?"
"""A letter with the half-width mark that NFKC joins to it (ﾀﾞ)."""
_OF_WORDS = "A-Za-z0-9À-ÖØ-öø-ÿぁ-ゖァ-ヺー一-鿿"
"""What most of a text is made of. Looking for anything else first is twice as fast as asking of each character whether
it is a letter."""
_AFTER_ALONE = (
    rf"(?=\s?[^\W_][\W_\uff9e\uff9f])(?:(?<=[\W_])(?:{_LETTER}[\W_]{{1,{MOST_BETWEEN}}}){{2}}"
    rf"|(?<=[{_SYMBOLS}])\s?{_LETTER}\s?[{_SYMBOLS}])"
)
_ALONE = re.compile(f"[^{_OF_WORDS}]{_AFTER_ALONE}")
"""Two letters in a row that stand alone, or one between symbols: where a run may be, and hardly anywhere else.

Both have a letter at once, which is looked for first: that takes half the time."""
_CLASSES = bytes(ord("a" if chr(code).isalnum() else " ") for code in range(128)) + bytes(128)
_ALONE_BY_CLASS = re.compile(rb" a {1,%d}a {1,%d}" % (MOST_BETWEEN, MOST_BETWEEN))
"""The same in ASCII, which holds none of these symbols, by the class of each character: found six times as fast."""
_STEP = re.compile(rf"({_LETTER})([\W_]{{1,{MOST_BETWEEN}}})(?=[^\W_])")
_SYMBOL = re.compile(f"[{_SYMBOLS}]")
_STOPS = frozenset("。、，．,.!！?？:：;；'’\"")
_DRAWN = frozenset({"So", "Sk", "Sm", "Sc", "Po", "Pd", "Pc", "Co", "Cn", "Mn", "Me"})
_LATIN = re.compile("[A-Za-zＡ-Ｚａ-ｚ\u00c0-\u052f]")
_FRAMES = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x24B6, 0x24EA), *range(0x1F130, 0x1F14A))},
    **{ord(c): letter for c, letter in zip(LOOK_ALIKES, MEANT, strict=True) if c > "\U0001f14a" and not c.isalnum()},
}
"""Letters in circles, squares and flags: symbols to Unicode, letters to a reader."""
_IN_FRAMES = "\u24b6-\u24e9\U0001f130-\U0001f1ff"
_FRAMED = re.compile(f"[{_IN_FRAMES}]")
_ALONE_OR_FRAMED = re.compile(f"[^{_OF_WORDS}](?:{_AFTER_ALONE}|(?<=[{_IN_FRAMES}]))")
"""What most texts have none of, found in one search."""


@dataclass(frozen=True, slots=True)
class _Step:
    """From one letter to the next: what stands between them, and where."""

    letter: str
    at: int
    between: str
    begin: int
    following: str

    @property
    def end(self) -> int:
        return self.begin + len(self.between)


class Separators(NamedTuple):
    """The signs that set letters apart. letters: number of letters standing alone that were looked at."""

    spans: list[tuple[int, int]]
    letters: int
    is_whole: bool
    """Whether the text was looked through to its end."""


def joined(text: str) -> str:
    """Return visible text without the signs that set its letters apart."""
    return without_spans(separators(text, MOST_ALONE_OF_TEXT).spans, text)


def separators(text: str, most: int) -> Separators:
    """Return the spans of the signs that set the letters of a text apart, in order. Takes linear time.

    text: visible text (see `rules.text.visible`). A sign between two separators that stands there as a letter does,
    such as a full stop, or a blank between words, is none of them. most: number of letters standing alone after which
    the search stops.
    """
    if not text.isascii():
        if _ALONE_OR_FRAMED.search(text) is None:
            return Separators([], 0, is_whole=True)
        if _FRAMED.search(text) is not None:
            text = text.translate(_FRAMES)
    alone_in = _alone_in(text)
    spans: list[tuple[int, int]] = []
    position = letters = 0
    while (alone := alone_in(position)) is not None:
        if letters >= most:
            return Separators(list(_without_overlap(spans)), letters, is_whole=False)
        steps = list(islice(_steps(text, _letter_before(text, alone.start(), position)), most - letters))
        letters += len(steps) + 1
        position = max(alone.end() - 1, steps[-1].end if steps else 0)
        steps = _of_single_letters(steps, text)
        for first, last in _runs(steps):
            run = steps[first:last]
            usual = min((step.between for step in run), key=len)
            # Where blanks stand beside few of the signs, they part words.
            blanks = sum(any(map(str.isspace, step.between)) for step in run)
            before, after = steps[max(first - 1, 0) : first], steps[last : last + 1]
            # Several signs may take turns.
            ends = tuple(step.between for step in run if len(step.between) == len(usual))
            spans += [(step.end - len(usual), step.end) for step in before if step.between.endswith(ends)]
            for step in run:
                spans += _between(step, usual, parting=2 * blanks <= len(run))
            spans += [(step.begin, step.begin + len(usual)) for step in after if step.between.startswith(ends)]
    return Separators(list(_without_overlap(spans)), letters, is_whole=True)


def _alone_in(text: str) -> Callable[[int], re.Match[Any] | None]:
    """Return the search for letters that stand alone, from a place on."""
    if text.isascii():
        return partial(_ALONE_BY_CLASS.search, text.encode().translate(_CLASSES))
    return partial(_ALONE.search, text)


def _without_overlap(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield each place once: the signs that end a run of one kind may begin the next."""
    last_end = 0
    for begin, end in sorted(spans):
        if end > last_end:
            yield max(begin, last_end), end
            last_end = end


def _letter_before(text: str, at: int, least: int) -> int:
    """Return the place of the letter that signs up to a place follow; that place where there is none near."""
    for place in range(at, max(at - MOST_BETWEEN, least - 1), -1):
        if text[place].isalnum():
            return place - 1 if text[place] in "\uff9e\uff9f" and place > least else place
    return at


def _steps(text: str, begin: int) -> Iterator[_Step]:
    """Yield the steps from letter to letter, as long as each letter stands alone."""
    step = _STEP.search(text, begin)
    while step is not None:
        letter, between = step.groups()
        # Marks drawn over a letter belong to it.
        marks = next((n for n, sign in enumerate(between) if not unicodedata.combining(sign)), None)
        if marks is None:
            return
        yield _Step(letter, step.start(), between[marks:], step.start(2) + marks, text[step.end()])
        step = _STEP.match(text, step.end())


def _of_single_letters(steps: list[_Step], text: str) -> list[_Step]:
    """Drop the first letter and the last where they belong to a word beside: "vitamin a b c d is", "U.S.A. and"."""
    if steps and _kind(steps[0].between) in _OF_INITIALS and _of_word(text, steps[0].at, -1):
        steps = steps[1:]
    if steps and _kind(steps[-1].between) in _OF_INITIALS and _of_word(text, steps[-1].end, +1):
        steps = steps[:-1]
    return steps


def _of_word(text: str, at: int, beside: int) -> bool:
    return _LATIN.match(text, at) is not None and at + beside >= 0 and _LATIN.match(text, at + beside) is not None


def _runs(steps: list[_Step]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of steps of one kind that is long enough."""
    kinds = [_kind(step.between) for step in steps]
    first = 0
    while first < len(steps):
        kind, usual = kinds[first], min((step.between for step in steps[first : first + 2]), key=len)
        last = first + 1
        # Where blanks are the kind, a second one shows it: other signs with blanks around are a kind of their own.
        while last < len(steps) and (
            kinds[last] == kind
            or ((last > first + 1 or kind != _BLANKS) and _within(steps[last].between, usual, kind, parting=True))
        ):
            last += 1
        run = steps[first:last]
        if len(run) + 1 >= _fewest(run, kind):
            yield first, last
        first = last


def _fewest(run: list[_Step], kind: str) -> int:
    """Number of letters that a run of its kind needs."""
    if kind == _SIGNS and _SYMBOL.search(run[0].between):
        return FEWEST_BETWEEN_SYMBOLS
    return FEWEST_DIGITS if all(step.letter.isnumeric() and step.following.isnumeric() for step in run) else FEWEST


_SIGNS, _BLANKS, _LINES = "*", " ", "\n"
_OF_INITIALS = (_BLANKS, _LINES, ".")


def _kind(between: str) -> str:
    """Classify signs: line ends, blanks, or others. Signs that part sentences, brackets and quotes are kinds of their
    own, all further signs one kind."""
    signs = "".join(between.split())
    if not signs:
        return _LINES if "\n" in between else _BLANKS
    return signs if any(map(_parts, signs)) else _SIGNS


def _parts(sign: str) -> bool:
    return sign in _STOPS or unicodedata.category(sign) not in _DRAWN


def _within(between: str, usual: str, kind: str, *, parting: bool) -> str:
    """Return the signs between two separators of a kind that stand there as a letter does; else an empty string.

    parting: whether blanks beside signs part words.
    """
    inner = between[len(usual) : -len(usual)]
    if inner and between == f"{usual}{inner}{usual}":
        return "" if inner.strip() and set(inner) <= set(usual) else inner
    signs = between.strip()
    if not signs or _kind(signs[0] + signs[-1]) != kind:
        return ""
    kept_places = [
        place for place, sign in enumerate(between) if (parting if sign.isspace() else kind == _SIGNS and _parts(sign))
    ]
    return between[kept_places[0] : kept_places[-1] + 1] if kept_places else ""


def _between(step: _Step, usual: str, *, parting: bool) -> list[tuple[int, int]]:
    """Return the spans of the separators of a step."""
    inner = _within(step.between, usual, _kind(usual), parting=parting)
    if inner.isspace() and not (_LATIN.match(step.letter) and _LATIN.match(step.following)):
        inner = ""  # words in Latin letters alone are parted by blanks
    begin = step.begin + (step.between.index(inner) if inner else len(step.between))
    end = begin + len(inner)
    # Where more than one sign stands between, there are separators between them, too.
    sign = usual.strip(" ")
    again = [(begin + m.start(), begin + m.end()) for m in re.finditer(re.escape(sign), inner)] if sign else []
    return [(first, last) for first, last in [(step.begin, begin), *again, (end, step.end)] if first < last]
