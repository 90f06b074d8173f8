"""The visible part of a text and its plain form, which patterns and models read whatever characters encode it.

What is drawn as nothing (by Unicode's properties, see tools/unicode_tables.py) is left out before anything is counted,
cut or normalised. Where direction controls turn a line around, `drawn` returns it in the order in which it is shown.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, batched, pairwise

from extractors.unicode_tables import MARKS, UNSEEN
from extractors.unseen import BEYOND, UNSEEN_SIGNS, plane_of, run_of, turns

JAPANESE_LETTER = re.compile("[ぁ-ゖァ-ヺ一-龥]")
"""A kana, or a kanji, which Chinese has too."""

# What full-width text mostly holds. Replacing it character by character is twenty times faster than
# normalising, and leaves only a few sentences that still need that.
_WIDE = [(wide, chr(ord(wide) - 0xFEE0)) for wide in "！？（）：，．／～％＋＝＠０１２３４５６７８９"]
_WIDE += [("\u3000", " "), ("\xa0", " "), ("…", "..."), ("･", "・")]
_QUOTES = [("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')]

_LINES_OF_BATCH = 32
"""Lines that are looked at together, whether they are normalised, before each of them is: most are."""

_NO_LETTERS = "\ud800-\udfff\ufdfa-\ufdfb"
"""Halves of surrogate pairs, which mean nothing, and the two ligatures that NFKC makes a sentence of."""
_ODD_SIGNS = re.compile(run_of(plane_of(UNSEEN + MARKS) + _NO_LETTERS))
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n"))
_NO_LETTER = re.compile(f"[{_NO_LETTERS}]")
_MARKS_IN_A_ROW = re.compile(f"[{plane_of(MARKS)}][{plane_of(MARKS)}]{{2,}}")
# No mark beyond the basic plane belongs to the languages that rules are written for.
_UNSEEN_BEYOND = re.compile(f"[{plane_of(UNSEEN + MARKS, beyond=True)}]+")
_DRAWN_AS_BLANKS = "\t\u1680\u2800"
_BLANKS = re.compile(f" {{2,}}|[{_DRAWN_AS_BLANKS}]+ *")
"""More than one blank, and what is drawn as one and is none after NFKC: pages show any number of them as one."""


def visible(text: str) -> str:
    """Return the visible part of a text: nothing that is drawn as nothing, at most two marks over a character.

    Half a surrogate pair becomes U+FFFD. Never longer than the text. Two marks are fewer than the thirty of the
    Stream-Safe Text Format (UAX #15), so whatever this returns is normalised in linear time.
    """
    if text.isascii():
        control_bytes = text.encode()
        visible_bytes = control_bytes.translate(None, _CONTROLS)
        return text if len(visible_bytes) == len(control_bytes) else visible_bytes.decode()
    if _is_beyond(text):
        text = BEYOND.sub(lambda run: _UNSEEN_BEYOND.sub("", run[0]), text)
    return _ODD_SIGNS.sub(_visible_signs, text)


def _is_beyond(text: str) -> bool:
    """Whether a text has characters beyond the basic plane."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def _visible_signs(signs: re.Match[str]) -> str:
    """The visible part of odd signs, all that stand in a row."""
    visible_signs = UNSEEN_SIGNS.sub("", _NO_LETTER.sub("\ufffd", signs[0]))
    return _MARKS_IN_A_ROW.sub(lambda marks: marks[0][:2], visible_signs)


@dataclass(frozen=True, slots=True)
class Places:
    """The places that the characters of a text have in the longer text from which spans were removed to make it."""

    cuts: Sequence[int] = ()
    """Numbers of the remaining characters before which a span was removed, in order; some stand twice."""
    removed_lengths: Sequence[int] = (0,)
    """By the number of cuts up to a character, the length of all that was removed before it."""

    def __getitem__(self, number: int) -> int:
        """Return the place of the character of a number."""
        return number + self.removed_lengths[bisect_right(self.cuts, number)]

    def without(self, spans: Sequence[tuple[int, int]]) -> "Places":
        """Return the places of what remains once spans of the shorter text are removed, too.

        spans: sorted, without overlap.
        """
        if not spans:
            return self
        removals: list[tuple[int, int]] = []
        cuts = iter([*zip(self.cuts, map(_length, pairwise(self.removed_lengths)), strict=True)])
        cut = next(cuts, None)
        removed_length = 0
        for begin, end in spans:
            while cut is not None and cut[0] <= end:
                removals.append((min(cut[0], begin) - removed_length, cut[1]))
                cut = next(cuts, None)
            removals.append((begin - removed_length, end - begin))
            removed_length += end - begin
        while cut is not None:
            removals.append((cut[0] - removed_length, cut[1]))
            cut = next(cuts, None)
        return Places([number for number, _ in removals], [*accumulate((length for _, length in removals), initial=0)])


def _length(ends: tuple[int, int]) -> int:
    return ends[1] - ends[0]


ALL_PLACES = Places()
"""Those of a text from which nothing was removed."""


def visible_places(text: str, visible_text: str) -> Places:
    """Return the places in a text of its visible characters. visible_text: `visible(text)`."""
    if len(visible_text) == len(text):
        return ALL_PLACES
    unseen_spans = [signs.span() for signs in UNSEEN_SIGNS.finditer(text)]
    if sum(map(_length, unseen_spans)) < len(text) - len(visible_text):
        unseen_spans += [
            signs.span()
            for run in BEYOND.finditer(text)
            for signs in _UNSEEN_BEYOND.finditer(text, run.start(), run.end())
        ]
        unseen_spans.sort()
    places = ALL_PLACES.without(unseen_spans)
    if sum(map(_length, unseen_spans)) == len(text) - len(visible_text):
        return places
    marked_text = without_spans(unseen_spans, text)
    return places.without([(marks.start() + 2, marks.end()) for marks in _MARKS_IN_A_ROW.finditer(marked_text)])


def without_spans(spans: Sequence[tuple[int, int]], text: str) -> str:
    """Return what remains of a text without spans. spans: sorted, without overlap."""
    if not spans:
        return text
    begins = (0, *(end for _, end in spans))
    ends = (*(begin for begin, _ in spans), len(text))
    return "".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


def drawn(text: str) -> str:
    """Return the visible part of a text in the order in which its direction controls have it drawn (UAX #9)."""
    if turns(text):
        return "\n".join(_as_drawn(text))
    return visible(text)


def plain(text: str) -> str:
    """Return the plain form of a text: NFKC of its visible part, blanks in a row as one.

    Normalised line by line, so that no line break comes or goes.
    """
    return normalised(visible(text))


def normalised(text: str) -> str:
    """Return the plain form of text that is visible as it stands (see `visible`)."""
    if not text.isascii():
        text = _composed(text)
    if any(blank in text for blank in _DRAWN_AS_BLANKS):
        return _BLANKS.sub(" ", text)
    # Each round halves the longest run, and finding none costs next to nothing.
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _composed(text: str) -> str:
    for variant, plain_form in (*_WIDE, *_QUOTES):
        text = text.replace(variant, plain_form)
    if unicodedata.is_normalized("NFKC", text):
        return text
    return "\n".join(map(_composed_lines, batched(text.split("\n"), _LINES_OF_BATCH)))


def _composed_lines(lines: Sequence[str]) -> str:
    batch = "\n".join(lines)
    if unicodedata.is_normalized("NFKC", batch):
        return batch
    # Returns a line as it is where that is normalised.
    return "\n".join(unicodedata.normalize("NFKC", line) for line in lines)


_TURNING = {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"}
_ISOLATES = {"\u2066", "\u2067", "\u2068"}
_LEFTWARD, _OVERRIDE = {"\u202b", "\u202e", "\u2067"}, "\u202e"
_END, _END_OF_ISOLATE = "\u202c", "\u2069"
_DEEPEST = 125
"""Levels within levels that are drawn (UAX #9, max_depth)."""
_CONTROL = re.compile("([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])")


def _as_drawn(text: str) -> Iterator[str]:
    """Yield the lines of a text as its direction controls have them drawn, where its letters run to the right.

    Unicode's bidirectional algorithm (UAX #9) for the case at hand: an override turns its characters around, an
    embedding or an isolate to the left reverses what direction marks part. The innermost control still open goes on
    into the next line.
    """
    open_controls: list[str] = []
    for line in text.split("\n"):
        levels: list[tuple[str, list[str]]] = [("", []), *((control, []) for control in open_controls)]
        for number, part in enumerate(_CONTROL.split(line)):
            if number % 2 == 0:
                shown_part = unicodedata.normalize("NFC", visible(part))
                levels[-1][1].append(shown_part[::-1] if levels[-1][0] == _OVERRIDE else shown_part)
            elif part in _TURNING:
                if len(levels) < _DEEPEST:
                    levels.append((part, []))
            elif part == _END:
                if len(levels) > 1 and levels[-1][0] not in _ISOLATES:
                    _close(levels)
            elif part == _END_OF_ISOLATE and any(control in _ISOLATES for control, _ in levels):
                while levels[-1][0] not in _ISOLATES:
                    _close(levels)
                _close(levels)
        open_controls = [control for control, _ in levels[1:]][-1:]
        while len(levels) > 1:
            _close(levels)
        yield "".join(levels[0][1])


def _close(levels: list[tuple[str, list[str]]]) -> None:
    control, parts = levels.pop()
    levels[-1][1].append("".join(reversed(parts) if control in _LEFTWARD else parts))
