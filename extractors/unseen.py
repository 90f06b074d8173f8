"""Signs that nobody sees, by Unicode's properties: the one table that pages and rules are read with."""

import re

from extractors.unicode_tables import PICTOGRAPHS, UNSEEN


def ranges_of(inside: str) -> list[tuple[str, str]]:
    """The ranges of a class of characters, each from its first to its last. inside: the content of its `[…]`."""
    return [(m[1], m[2] or m[1]) for m in re.finditer("(.)(?:-(.))?", inside, re.DOTALL)]


def plane_of(inside: str, *, beyond: bool = False) -> str:
    """The ranges of a class within the basic plane, or beyond it: apart, Python finds them a hundred times faster."""
    return "".join(f"{first}-{last}" for first, last in ranges_of(inside) if (last > "\uffff") == beyond)


def run_of(inside: str) -> str:
    """The pattern of one character of a class or more: found three times as fast as `[…]+`, since Python searches for
    a class that a pattern begins with, and for none within a repetition."""
    return f"[{inside}][{inside}]*"


UNSEEN_SIGNS = re.compile(run_of(plane_of(UNSEEN)))
"""Those of the basic plane."""
BEYOND = re.compile(run_of("\U00010000-\U0010ffff"))
UNSEEN_BEYOND = re.compile(f"[{plane_of(UNSEEN, beyond=True)}]+")
"""Those beyond it, to be sought in what `BEYOND` finds."""


_TURNING = ("\u202b", "\u202e", "\u2067")
"""Characters that turn words to the left (UAX #9): an embedding, an override, an isolate."""
_ZWJ = "\u200d"
JOINERS = ("\u200c", _ZWJ)
_EMOJI = re.compile(f"[{PICTOGRAPHS}]")
_EMOJI_BEFORE = re.compile(f"[{PICTOGRAPHS}][\ufe0f\U0001f3fb-\U0001f3ff]?\\Z")
_MOST_AROUND = 20
"""Characters to each side that are looked at for what is joined: marks stand between."""


def joins(text: str, place: int) -> bool:
    """Whether the joiner at a place changes how its neighbours are drawn (RFC 5892, A.1 and A.2; UTS #51, ED-16)."""
    begin = max(place - _MOST_AROUND, 0)
    around = text[begin : place + _MOST_AROUND]
    if text[place] == _ZWJ and _EMOJI_BEFORE.search(around[: place - begin]) and _EMOJI.match(text, place + 1):
        return True
    # Here alone: few texts have any, and its tables take a while to import.
    from idna import core

    try:
        return core.valid_contextj(around, place - begin)
    except (ValueError, core.IDNAError):
        return False  # beside what is no character


def turns(text: str) -> bool:
    """Whether a text holds a character that turns words to the left."""
    return any(map(text.__contains__, _TURNING))


def without_unseen(text: str) -> str:
    """A text without the signs that nobody sees; a carriage return and a form feed are blanks, as in HTML.

    Joiners stay where they join, since the words would look otherwise without them.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r", " ").replace("\f", " ")
    has_joiners = any(joiner in text for joiner in JOINERS)
    text = UNSEEN_SIGNS.sub(_joining if has_joiners else "", text)
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):
        text = BEYOND.sub(lambda run: UNSEEN_BEYOND.sub("", run[0]), text)
    return text


def _joining(signs: re.Match[str]) -> str:
    return "".join(
        sign for place, sign in enumerate(signs[0], signs.start()) if sign in JOINERS and joins(signs.string, place)
    )
