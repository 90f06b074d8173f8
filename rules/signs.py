"""A quick look before a slow one: whether a text holds any of the words without which a pattern cannot match.

A pattern of many alternatives that ignores case is tried letter by letter; most texts hold no word of it, and that is
found twenty times as fast.
"""

from collections.abc import Sequence

_EQUAL_IN_PATTERNS = (("ı", "i"), ("i\u0307", "i"), ("ſ", "s"))
"""What `str.lower` makes of letters that Python's patterns take for others where they ignore case."""


def shows_any(text: str, signs: Sequence[str]) -> bool:
    """Whether a text holds one of some signs, whatever their case. signs: in small letters."""
    return any(map(small(text).__contains__, signs))


def small(text: str) -> str:
    """Return a text in small letters, with what patterns take for another letter as that one. No line comes or goes."""
    small_text = text.lower()
    if not small_text.isascii():
        for letter, equal in _EQUAL_IN_PATTERNS:
            small_text = small_text.replace(letter, equal)
    return small_text
