"""The visible part of a text and its plain form, which patterns and models read whatever characters encode it.

What is drawn as nothing (by Unicode's properties, see tools/unicode_tables.py) is left out before anything is counted,
cut or normalised. Where direction controls turn a line around, `drawn` returns it in the order in which it is shown.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from extractors.unicode_tables import MARKS, UNSEEN
from extractors.unseen import BEYOND, TURNING, UNSEEN_SIGNS, plane_of

JAPANESE_LETTER = re.compile("[ぁ-ゖァ-ヺ一-龥]")
"""A kana, or a kanji, which Chinese has too."""

# What full-width text mostly holds. Replacing it character by character is twenty times faster than
# normalising, and leaves only a few sentences that still need that.
_WIDE = [(wide, chr(ord(wide) - 0xFEE0)) for wide in "！？（）：，．／～％＋＝＠０１２３４５６７８９"]
_WIDE += [("\u3000", " "), ("\xa0", " "), ("…", "..."), ("･", "・")]
_QUOTES = [("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')]

_NO_LETTERS = "\ud800-\udfff\ufdfa-\ufdfb"
"""Halves of surrogate pairs, which mean nothing, and the two ligatures that NFKC makes a sentence of."""
_ODD = re.compile(f"[{plane_of(UNSEEN + MARKS)}{_NO_LETTERS}]")
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n"))
_NO_LETTER = re.compile(f"[{_NO_LETTERS}]")
_MARKS_IN_A_ROW = re.compile(f"[{plane_of(MARKS)}]{{3,}}")
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
    odd, beyond = _has_odd(text)
    if odd:
        text = UNSEEN_SIGNS.sub("", _NO_LETTER.sub("\ufffd", text))
    if beyond:
        text = BEYOND.sub(lambda run: _UNSEEN_BEYOND.sub("", run[0]), text)
    return _MARKS_IN_A_ROW.sub(lambda marks: marks[0][:2], text) if odd else text


def _has_odd(text: str) -> tuple[bool, bool]:
    """Whether a text may hold invisible characters: in the basic plane, and beyond it."""
    if text.isascii():
        return len(text.encode().translate(None, _CONTROLS)) < len(text), False
    beyond = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
    return _ODD.search(text) is not None, beyond


def visible_places(text: str, visible_text: str) -> Sequence[int]:
    """For each visible character of a text, its place in the text. visible_text: `visible(text)`."""
    places: Sequence[int] = range(len(text))
    if len(visible_text) == len(text):
        return places
    unseen_spans = [
        span.span() for run in BEYOND.finditer(text) for span in _UNSEEN_BEYOND.finditer(text, run.start(), run.end())
    ]
    unseen_spans += (span.span() for span in UNSEEN_SIGNS.finditer(text))
    text, places = without_spans(sorted(unseen_spans), text, places)
    marks = [(span.start() + 2, span.end()) for span in _MARKS_IN_A_ROW.finditer(text)]
    return without_spans(marks, text, places)[1]


def without_spans(spans: Sequence[tuple[int, int]], text: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Remove spans from a text. Returns the remaining characters and their places.

    spans: sorted, without overlap. places: of each character of the text.
    """
    if not spans:
        return text, places
    pieces: list[str] = []
    remaining_places: list[int] = []
    at = 0
    for begin, end in (*spans, (len(text), len(text))):
        pieces.append(text[at:begin])
        remaining_places += places[at:begin]
        at = end
    return "".join(pieces), remaining_places


def drawn(text: str) -> str:
    """Return the visible part of a text in the order in which its direction controls have it drawn (UAX #9)."""
    if TURNING.search(text) is not None:
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
    return "\n".join(
        line if unicodedata.is_normalized("NFKC", line) else unicodedata.normalize("NFKC", line)
        for line in text.split("\n")
    )


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
