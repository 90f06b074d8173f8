"""Many patterns over one buffer in one pass, with Hyperscan: time grows with the text, never with tricks in it."""

import contextlib
import hashlib
import threading
from bisect import bisect_left
from collections.abc import Sequence
from importlib.metadata import version
from itertools import accumulate
from typing import NamedTuple, Protocol

import hyperscan

FLAGS = hyperscan.HS_FLAG_CASELESS
"""Bytes, not characters: see rules/patterns.py. `\\b` knows ASCII only, so `\\bLINE\\b` is in 「LINEで」."""

_VERSION = version("hyperscan")
MOST_EVENTS = 100_000
"""Matches of one pass. Where a page has more, each of its texts is looked through by itself, up to as many."""
MOST_EVENTS_OF_PAGE = 400_000
"""Matches of all those passes together."""


class PatternCache(Protocol):
    """Keeps compiled patterns between runs. Entries may vanish at any time; keys are safe file names."""

    def get(self, key: str) -> bytes | None:
        """The bytes put under a key, or None."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. A failure to keep them is not the caller's concern: raises nothing."""
        ...


class UncompilablePattern(ValueError):
    """Hyperscan refuses a pattern; `index` is its place in the sequence, the text is the reason."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


class PatternSet:
    """Patterns compiled together; a pattern is named by its place in the sequence.

    Safe to share between threads: scans wait for one another.
    """

    def __init__(self, patterns: Sequence[str], cache: PatternCache | None = None, *, once: bool = False) -> None:
        """Compile, or take the compiled form from the cache. `once`: each pattern is reported once a scan.

        Raises UncompilablePattern.
        """
        self._lock = threading.Lock()
        flags = FLAGS | hyperscan.HS_FLAG_SINGLEMATCH if once else FLAGS
        self._database = _load(patterns, flags, cache) if patterns else None

    def lines_matched(
        self, lines: Sequence[bytes], names: Sequence[int] | None = None, *, groups: Sequence[int] | None = None
    ) -> "Matches":
        """By pattern the lines that it matches in, as their places or as their `names`.

        `lines` hold no line break. All are looked through in one pass: for patterns that few lines match, and
        not made `once`. Where that meets too many matches, each of the `groups` that lines belong to (by line) is
        looked through by itself, the shorter ones first, and one with too many of its own is told as stopped.
        """
        places = range(len(lines)) if names is None else names
        found: dict[int, set[int]] = {}
        events = self._scan(lines, MOST_EVENTS)
        if len(events) < MOST_EVENTS:
            _note(events, lines, places, found)
            return Matches(found, frozenset())
        apart: dict[int, list[int]] = {}
        for line in range(len(lines)):
            apart.setdefault(groups[line] if groups is not None else 0, []).append(line)
        stopped = set()
        left = MOST_EVENTS_OF_PAGE
        for group, members in sorted(apart.items(), key=lambda item: sum(len(lines[line]) for line in item[1])):
            own = [lines[line] for line in members]
            events = self._scan(own, min(left, MOST_EVENTS)) if left > 0 else []
            if left <= 0 or len(events) >= min(left, MOST_EVENTS):
                stopped.add(group)
            left -= len(events)
            _note(events, own, [places[line] for line in members], found)
        return Matches(found, frozenset(stopped))

    def each_matched(self, lines: Sequence[bytes], names: Sequence[int]) -> dict[int, set[int]]:
        """As `lines_matched`, line by line: for patterns of which most lines match several, made `once`.

        A pass over all lines would tell of each place that a pattern matches in.
        """
        found: dict[int, set[int]] = {}
        seen: list[int] = []
        note = seen.append

        def match(pattern: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            note(pattern)

        if self._database is None:
            return found
        scan = self._database.scan
        with self._lock:
            for name, line in zip(names, lines, strict=True):
                scan(line, match_event_handler=match)
                for pattern in seen:
                    found.setdefault(pattern, set()).add(name)
                seen.clear()
        return found

    def matched(self, lines: Sequence[bytes]) -> frozenset[int]:
        """The patterns that match in any line."""
        return frozenset(pattern for pattern, _ in self._scan(lines, MOST_EVENTS))

    def _scan(self, lines: Sequence[bytes], most: int) -> list[tuple[int, int]]:
        if self._database is None or not lines:
            return []
        events: list[tuple[int, int]] = []
        note = events.append

        def found(pattern: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            note((pattern, end))
            return len(events) >= most or None

        with self._lock, contextlib.suppress(hyperscan.ScanTerminated):
            self._database.scan(b"\n".join(lines), match_event_handler=found)
        return events


class Matches(NamedTuple):
    """What a pass over lines found."""

    found: dict[int, set[int]]
    """Lines by pattern."""
    stopped: frozenset[int]
    """Groups of lines that were not looked through to the end."""


def longest_match(pattern: str, line: bytes) -> tuple[int, int] | None:
    """Return the start and end of the first match of a pattern in a line, the longest from there; None without one.

    Slow: the pattern is compiled for this call. Raises UncompilablePattern.
    """
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(expressions=[pattern.encode()], flags=[FLAGS | hyperscan.HS_FLAG_SOM_LEFTMOST])
    except hyperscan.error as error:
        raise UncompilablePattern(0, str(error)) from None
    spans: list[tuple[int, int]] = []

    def note(_pattern: int, start: int, end: int, _flags: int, _context: object) -> None:
        spans.append((start, end))

    database.scan(line, match_event_handler=note)
    first = min((start for start, _ in spans), default=None)
    return None if first is None else (first, max(end for start, end in spans if start == first))


def _note(
    events: Sequence[tuple[int, int]], lines: Sequence[bytes], places: Sequence[int], found: dict[int, set[int]]
) -> None:
    """Put matches (pattern, end in the joined lines) down by pattern, each with the place of its line."""
    if not events:
        return
    ends = list(accumulate(map((1).__add__, map(len, lines)), initial=-1))[1:]
    for pattern, end in events:
        place = places[bisect_left(ends, end)]
        if pattern in found:
            found[pattern].add(place)
        else:
            found[pattern] = {place}


def _load(patterns: Sequence[str], flags: int, cache: PatternCache | None) -> hyperscan.Database:
    encoded = [p.encode() for p in patterns]
    key = hashlib.sha256(repr((_VERSION, flags, encoded)).encode()).hexdigest()
    kept = cache.get(key) if cache is not None else None
    if kept is not None:
        try:
            database = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)
            return database
        except hyperscan.error:
            pass  # compiled for another processor or version, or damaged: compile anew
    try:
        database = _compile(encoded, flags)
    except hyperscan.error:
        for index, pattern in enumerate(encoded):
            try:
                _compile([pattern], flags)
            except hyperscan.error as error:
                raise UncompilablePattern(index, str(error)) from None
        raise
    if cache is not None:
        cache.put(key, hyperscan.dumpb(database))
    return database


def _compile(encoded: Sequence[bytes], flags: int) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=encoded, ids=list(range(len(encoded))), elements=len(encoded), flags=[flags] * len(encoded)
    )
    return database
