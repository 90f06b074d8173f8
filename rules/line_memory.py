"""A memory for lines: a page is read again, a thread grows by a message, and texts share lines."""

from collections.abc import Mapping, Sequence, Sized

_SIZE_OF_ENTRY, _SIZE_OF_PART = 150, 8
"""Bytes that an entry takes beside its line, and each part of what is known: about what Python takes for them."""


class LineMemory[Known: Sized]:
    """Remembers something of lines, of as many of those met last as a number of bytes holds.

    Of two halves the older is forgotten when the newer is full. Safe to share between threads: what one adds another
    may forget, and nobody reads half of it.
    """

    def __init__(self, most: int) -> None:
        """Remember about as many bytes as `most`."""
        self._most_of_half = most // 2
        self._newer: dict[bytes, Known] = {}
        self._older: dict[bytes, Known] = {}
        self._size = 0

    def recall(self, lines: Sequence[bytes]) -> list[Known | None]:
        """Return by line what is known of it; None of one that was not met, or was forgotten."""
        newer, older = self._newer, self._older
        memories = [*map(newer.get, lines)]
        if not older or None not in memories:
            return memories
        met_again: dict[bytes, Known] = {}
        for number, (line, of_line) in enumerate(zip(lines, memories, strict=True)):
            if of_line is None and (earlier := older.get(line)) is not None:
                memories[number] = met_again[line] = earlier
        self.add(met_again)
        return memories

    def add(self, memories: Mapping[bytes, Known]) -> None:
        """Remember what is known of lines."""
        if not memories:
            return
        self._newer.update(memories)
        self._size += (
            _SIZE_OF_ENTRY * len(memories) + sum(map(len, memories)) + _SIZE_OF_PART * sum(map(len, memories.values()))
        )
        if self._size > self._most_of_half:
            self._newer, self._older, self._size = {}, self._newer, 0
