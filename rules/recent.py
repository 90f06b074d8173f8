"""A bounded memory for what was computed last: a page is read again, and texts come again."""

from collections.abc import Hashable


class Recent[Key: Hashable, Result]:
    """Keeps results of as many of the keys met last as a bound allows.

    Of two halves the older is forgotten when the newer is full. Safe to share between threads: what one keeps another
    may forget.
    """

    def __init__(self, most: int) -> None:
        """most: the sum of the sizes of what is kept, in a unit of the caller's."""
        self._most_of_half = most // 2
        self._newer: dict[Key, tuple[Result, int]] = {}
        self._older: dict[Key, tuple[Result, int]] = {}
        self._size = 0

    def get(self, key: Key) -> Result | None:
        """Return the result kept for a key; None where there is none, or it was forgotten."""
        entry = self._newer.get(key)
        if entry is None:
            entry = self._older.get(key)
            if entry is None:
                return None
            self.keep(key, *entry)
        return entry[0]

    def keep(self, key: Key, result: Result, size: int) -> None:
        """Keep a result, unless it is larger than half of the bound. size: what it takes, one at least."""
        if size > self._most_of_half:
            return
        if self._size + size > self._most_of_half:
            self._newer, self._older, self._size = {}, self._newer, 0
        self._newer[key] = result, size
        self._size += size
