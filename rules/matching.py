"""Many patterns over one buffer in one pass, with Hyperscan: time grows with the text, never with tricks in it."""

import contextlib
import hashlib
import threading
from collections.abc import Collection, Sequence
from importlib.metadata import version
from itertools import batched
from operator import itemgetter
from typing import NamedTuple, Protocol

import hyperscan

FLAGS = hyperscan.HS_FLAG_CASELESS
"""Bytes, not characters: see rules/patterns.py. `\\b` knows ASCII only, so `\\bLINE\\b` is in 「LINEで」."""

_VERSION = version("hyperscan")
_NO_MEMORY = "Unable to allocate memory."
"""What the compiler says of that; its errors have no kinds. Later steps raise NoMemoryError."""
MOST_EVENTS = 100_000
"""Matches of one pass. Where a page has more, each of its texts is scanned by itself, up to as many."""
MOST_EVENTS_OF_PAGE = 400_000
"""Matches of all those passes together."""
_LINES_OF_CHUNK = 24
"""Lines that are looked through together before each of them is: about the root of as many as a long text has."""
_FEW = 20
"""Patterns that are wanted, at most, where that is done: of more, nearly every chunk holds one."""


class PatternCache(Protocol):
    """Stores compiled patterns between runs. Entries may vanish at any time; keys are safe file names."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes put under a key, or None."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key. Ignores failures: raises nothing."""
        ...


class UncompilablePattern(ValueError):
    """Hyperscan refuses a pattern; `index` is its place in the sequence, the text is the reason."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


class PatternSet:
    """Patterns compiled together; a pattern is named by its number, or else by its place in the sequence.

    Safe to share between threads: scans wait for one another.
    """

    def __init__(
        self,
        patterns: Sequence[str],
        cache: PatternCache | None = None,
        *,
        once: bool = False,
        numbers: Sequence[int] | None = None,
    ) -> None:
        """Compile, or take the compiled form from the cache. `once`: each pattern is reported once a scan.

        Raises UncompilablePattern, and MemoryError where it is memory that lacks.
        """
        self._lock = threading.Lock()
        flags = FLAGS | hyperscan.HS_FLAG_SINGLEMATCH if once else FLAGS
        numbers = range(len(patterns)) if numbers is None else numbers
        self._database = _load(patterns, numbers, flags, cache) if patterns else None

    def lines_matched(
        self, lines: Sequence[bytes], names: Sequence[int] | None = None, *, groups: Sequence[int] | None = None
    ) -> "Matches":
        """Return by pattern the lines that it matches, as their places or as their `names`.

        `lines` contain no line break. All are scanned in one pass: for patterns that few lines match, and not compiled
        `once`. Where that yields too many matches, each of the `groups` that lines belong to (by line) is scanned by
        itself, the shorter ones first, and groups with too many of their own are named as stopped.
        """
        places = range(len(lines)) if names is None else names
        matches: dict[int, set[int]] = {}
        events = self._scan(lines, MOST_EVENTS)
        if len(events) < MOST_EVENTS:
            _add_events(events, lines, places, matches)
            return Matches(matches, frozenset())
        by_group: dict[int, list[int]] = {}
        for line in range(len(lines)):
            by_group.setdefault(groups[line] if groups is not None else 0, []).append(line)
        stopped_groups = set()
        remaining = MOST_EVENTS_OF_PAGE
        for group, members in sorted(by_group.items(), key=lambda item: sum(len(lines[line]) for line in item[1])):
            own = [lines[line] for line in members]
            events = self._scan(own, min(remaining, MOST_EVENTS)) if remaining > 0 else []
            if remaining <= 0 or len(events) >= min(remaining, MOST_EVENTS):
                stopped_groups.add(group)
            remaining -= len(events)
            _add_events(events, own, [places[line] for line in members], matches)
        return Matches(matches, frozenset(stopped_groups))

    def each_matched(
        self, lines: Sequence[bytes], wanted_patterns: Collection[int] | None = None
    ) -> list[frozenset[int]]:
        """Return by line the patterns that match it; each line is scanned by itself.

        Faster than `lines_matched` where most lines match several patterns compiled with `once`: a pass over all lines
        would report each place that a pattern matches. wanted_patterns: those that matter. Lines that match none of
        them may be given without any pattern: where many lines beside one another match none they are not scanned.
        """
        if wanted_patterns is None or len(wanted_patterns) > _FEW or len(lines) <= _LINES_OF_CHUNK:
            return self._each_matched(lines)
        by_line: list[frozenset[int]] = []
        for chunk in batched(lines, _LINES_OF_CHUNK):
            matches_none = self.matched(chunk).isdisjoint(wanted_patterns)
            by_line += [frozenset[int]()] * len(chunk) if matches_none else self._each_matched(chunk)
        return by_line

    def _each_matched(self, lines: Sequence[bytes]) -> list[frozenset[int]]:
        by_line: list[frozenset[int]] = []
        patterns: list[int] = []
        add = patterns.append

        def match(pattern: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            add(pattern)

        if self._database is None:
            return [frozenset()] * len(lines)
        scan = self._database.scan
        with self._lock:
            for line in lines:
                scan(line, match_event_handler=match)
                by_line.append(frozenset(patterns))
                patterns.clear()
        return by_line

    def matched(self, lines: Sequence[bytes]) -> frozenset[int]:
        """Return the patterns that match in any line: one pass, and one match a pattern where compiled with `once`."""
        return frozenset(pattern for pattern, _ in self._scan(lines, MOST_EVENTS))

    def _scan(self, lines: Sequence[bytes], most: int) -> list[tuple[int, int]]:
        """The matches in all lines, as pattern and end in the joined lines."""
        if self._database is None or not lines:
            return []
        events: list[tuple[int, int]] = []
        add = events.append

        def match(pattern: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            add((pattern, end))
            return len(events) >= most or None

        with self._lock, contextlib.suppress(hyperscan.ScanTerminated):
            self._database.scan(b"\n".join(lines), match_event_handler=match)
        return events


class Matches(NamedTuple):
    """The result of a pass over lines."""

    lines: dict[int, set[int]]
    """Lines by pattern."""
    stopped_groups: frozenset[int]
    """Groups of lines that were not scanned to the end."""


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


def _add_events(
    events: Sequence[tuple[int, int]], lines: Sequence[bytes], places: Sequence[int], matches: dict[int, set[int]]
) -> None:
    """Add matches (pattern, end in the joined lines) by pattern, each with the place of its line."""
    if not events:
        return
    joined_lines = b"\n".join(lines)
    at = number = 0
    for pattern, end in sorted(events, key=itemgetter(1)):
        number += joined_lines.count(b"\n", at, end)
        at = end
        place = places[number]
        if pattern in matches:
            matches[pattern].add(place)
        else:
            matches[pattern] = {place}


def _load(
    patterns: Sequence[str], numbers: Sequence[int], flags: int, cache: PatternCache | None
) -> hyperscan.Database:
    encoded = [p.encode() for p in patterns]
    key = hashlib.sha256(repr((_VERSION, flags, encoded, [*numbers])).encode()).hexdigest()
    cached = cache.get(key) if cache is not None else None
    if cached is not None:
        try:
            database = hyperscan.loadb(cached, hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)
            return database
        except hyperscan.error:
            pass  # compiled for another processor or version, or damaged: compile it again
    try:
        database = _compile(encoded, numbers, flags)
    except hyperscan.error:
        for index, pattern in enumerate(encoded):
            try:
                _compile([pattern], [index], flags)
            except hyperscan.error as error:
                raise UncompilablePattern(index, str(error)) from None
        raise
    if cache is not None:
        cache.put(key, hyperscan.dumpb(database))
    return database


def _compile(encoded: Sequence[bytes], numbers: Sequence[int], flags: int) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(expressions=encoded, ids=[*numbers], elements=len(encoded), flags=[flags] * len(encoded))
    except hyperscan.error as error:
        # No pattern is to blame, and one that is compiled alone may pass.
        if isinstance(error, hyperscan.NoMemoryError) or str(error) == _NO_MEMORY:
            raise MemoryError from None
        raise
    return database
