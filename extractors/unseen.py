"""Signs that nobody sees, by Unicode's properties: the one table that pages and rules are read with."""

import re

from extractors.unicode_tables import UNSEEN


def ranges_of(inside: str) -> list[tuple[str, str]]:
    """The ranges of a class of characters, each from its first to its last. inside: what stands in its `[…]`."""
    return [(m[1], m[2] or m[1]) for m in re.finditer("(.)(?:-(.))?", inside, re.DOTALL)]


def plane_of(inside: str, *, beyond: bool = False) -> str:
    """The ranges of a class within the basic plane, or beyond it: apart, Python finds them a hundred times faster."""
    return "".join(f"{first}-{last}" for first, last in ranges_of(inside) if (last > "\uffff") == beyond)


UNSEEN_SIGNS = re.compile(f"[{plane_of(UNSEEN)}]+")
"""Those of the basic plane."""
BEYOND = re.compile("[\U00010000-\U0010ffff]+")
_UNSEEN_BEYOND = re.compile(f"[{plane_of(UNSEEN, beyond=True)}]+")


def without_unseen(text: str) -> str:
    """A text without the signs that nobody sees; a carriage return and a form feed are blanks, as in HTML."""
    if text.isascii() and text.isprintable():
        return text
    text = UNSEEN_SIGNS.sub("", text.replace("\r", " ").replace("\f", " "))
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):
        text = BEYOND.sub(lambda run: _UNSEEN_BEYOND.sub("", run[0]), text)
    return text
