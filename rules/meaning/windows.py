"""The parts of a text that are read: each sentence, each two and three of them, and as many as make a paragraph."""

from collections.abc import Iterator, Mapping, Sequence

from rules.meaning.features import JAPANESE, LATIN, Script

PARAGRAPH: Mapping[Script, int] = {JAPANESE: 220, LATIN: 500}
"""Characters of the largest windows."""
RUNS = (1, 2, 3)
"""Sentences of the smaller windows."""
SMOOTHING = 20
"""Features that are added to those of a window, so that a word alone is not shouted."""
_MOST_WINDOWS = 4_000
"""Windows of one text: beyond that it is no text but a list, and read by paragraphs alone."""


def windows(lengths: Sequence[int], paragraph: int) -> Iterator[tuple[int, int, str]]:
    """The windows of a text: start, end and kind, each place once. lengths: of its sentences, in characters."""
    places: set[tuple[int, int]] = set()
    count = len(lengths)
    largest = list(_paragraphs(lengths, paragraph))
    kind = "whole" if len(largest) == 1 else "part"
    for start, end in largest:
        places.add((start, end))
        yield start, end, kind
    if count * len(RUNS) > _MOST_WINDOWS:
        return
    for run in RUNS:
        for start in range(count - run + 1):
            place = (start, start + run)
            if place not in places and (run == 1 or sum(lengths[start : start + run]) <= paragraph):
                places.add(place)
                yield *place, str(run)


def _paragraphs(lengths: Sequence[int], paragraph: int) -> Iterator[tuple[int, int]]:
    """Windows as large as a paragraph, each beginning half-way in the one before."""
    start, count = 0, len(lengths)
    while start < count:
        end, size = start, 0
        while end < count and (end == start or size + lengths[end] + 1 <= paragraph):
            size += lengths[end] + 1
            end += 1
        yield start, end
        if end >= count:
            return
        half, passed = start, 0
        while half < end - 1 and passed + lengths[half] + 1 <= size / 2:
            passed += lengths[half] + 1
            half += 1
        start = max(half, start + 1)
