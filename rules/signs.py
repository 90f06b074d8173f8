"""A quick look before a slow one: whether a text holds any of the words without which a pattern cannot match.

A pattern of many alternatives that ignores case is tried letter by letter; most texts hold no word of it, and that is
found twenty times as fast.
"""

from collections.abc import Sequence, Set

from rules.matching import PatternCache, PatternSet
from rules.patterns import for_bytes

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


class SignLists:
    """Several lists of signs, looked for in many lines at once. Built once; holds compiled patterns alone."""

    def __init__(self, lists: Sequence[Sequence[str]], cache: PatternCache | None = None) -> None:
        """lists: of signs as `shows_any` takes them, without any character that means something in a pattern."""
        self._count = len(lists)
        self._lists = [number for number, signs in enumerate(lists) for _ in signs]
        self._patterns = PatternSet([for_bytes(sign) for signs in lists for sign in signs], cache)

    def lines_of(self, text: str) -> Sequence[Set[int]]:
        """Return by list the numbers of the lines of a text that show any of its signs; all where they are too many."""
        patterns_by_line = self._patterns.patterns_by_line(small(text).encode())
        if patterns_by_line is None:
            return [frozenset(range(text.count("\n") + 1))] * self._count
        numbers: list[set[int]] = [set() for _ in range(self._count)]
        for line, patterns in patterns_by_line.items():
            for pattern in patterns:
                numbers[self._lists[pattern]].add(line)
        return numbers
