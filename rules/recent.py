"""A bounded memory for what was computed last: a page is read again, a thread grows by a message, texts share lines."""

from collections.abc import Callable, Hashable, Mapping, Sequence


class Recent[Key: Hashable, Result]:
    """Keeps results of as many of the keys met last as a bound allows.

    Of two halves the older is forgotten when the newer is full. Safe to share between threads: what one keeps another
    may forget, and nobody reads half of it.
    """

    def __init__(self, most: int, size_of: Callable[[Key, Result], int]) -> None:
        """most: the sum of the sizes of what is kept. size_of: what a key and its result take, one at least."""
        self._most_of_half = most // 2
        self._size_of = size_of
        self._newer: dict[Key, Result] = {}
        self._older: dict[Key, Result] = {}
        self._size = 0

    def get(self, key: Key) -> Result | None:
        """Return the result kept for a key; None where there is none, or it was forgotten."""
        return self.recall((key,))[0]

    def recall(self, keys: Sequence[Key]) -> list[Result | None]:
        """Return the same for each of some keys."""
        newer, older = self._newer, self._older
        results = [*map(newer.get, keys)]
        if not older or None not in results:
            return results
        met_again: dict[Key, Result] = {}
        for number, (key, result) in enumerate(zip(keys, results, strict=True)):
            if result is None and (earlier := older.get(key)) is not None:
                results[number] = met_again[key] = earlier
        self.add(met_again)
        return results

    def add(self, results: Mapping[Key, Result]) -> None:
        """Keep results by key, but for any that is larger than half of the bound."""
        for key, result in results.items():
            size = self._size_of(key, result)
            if size > self._most_of_half:
                continue
            if self._size + size > self._most_of_half:
                self._newer, self._older, self._size = {}, self._newer, 0
            self._newer[key] = result
            self._size += size
