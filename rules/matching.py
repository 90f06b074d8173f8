"""Many patterns over one buffer in one pass, with Hyperscan: time grows with the text, never with tricks in it."""

import contextlib
import hashlib
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence, Sized
from importlib.metadata import version
from itertools import batched
from typing import NamedTuple, Protocol

import hyperscan

from rules.recent import Recent

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


_SIZE_REMEMBERED = 4_000_000
"""Bytes of what one set of patterns remembers of lines: some 12,000 sentences, and a long page has 3,000."""
_SIZE_OF_LINE, _SIZE_OF_PATTERN = 150, 8
"""Bytes that a line takes beside its own, and each pattern: about what Python takes for them."""


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
        remembers: bool = False,
    ) -> None:
        """Compile, or take the compiled form from the cache. `once`: each pattern is reported once a scan.

        remembers: whether it knows lines again that it met before, which pays where looking for its patterns takes
        longer. Raises UncompilablePattern, and MemoryError where it is memory that lacks.
        """
        self._lock = threading.Lock()
        size = _SIZE_REMEMBERED if remembers else 0
        self._remembers = remembers
        self._matches_memory = Recent[bytes, tuple[int, ...]](size, _size_of)
        self._patterns_memory = Recent[bytes, frozenset[int]](size, _size_of)
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
        each_matches = self._each_matches(lines)
        if each_matches is not None:
            for place, patterns in zip(places, each_matches, strict=True):
                for pattern in patterns:
                    if pattern in matches:
                        matches[pattern].add(place)
                    else:
                        matches[pattern] = {place}
            return Matches(matches, frozenset())
        by_group: dict[int, list[int]] = {}
        for line in range(len(lines)):
            by_group.setdefault(groups[line] if groups is not None else 0, []).append(line)
        stopped_groups = set()
        remaining = MOST_EVENTS_OF_PAGE
        for group, members in sorted(by_group.items(), key=lambda item: sum(len(lines[line]) for line in item[1])):
            own = [lines[line] for line in members]
            joined_lines = b"\n".join(own)
            events = self._scan(joined_lines, min(remaining, MOST_EVENTS)) if remaining > 0 else []
            if remaining <= 0 or len(events) >= min(remaining, MOST_EVENTS):
                stopped_groups.add(group)
            remaining -= len(events)
            for number, patterns in _by_line(events, joined_lines).items():
                for pattern in patterns:
                    matches.setdefault(pattern, set()).add(places[members[number]])
        return Matches(matches, frozenset(stopped_groups))

    def _each_matches(self, lines: Sequence[bytes]) -> Sequence[Sequence[int]] | None:
        """By line, the pattern of each match in it; None where there are too many in all of them."""
        recalled_lines = self._matches_memory.recall(lines)
        new_matches: dict[bytes, tuple[int, ...]] = {
            line: () for line, of_line in zip(lines, recalled_lines, strict=True) if of_line is None
        }
        if new_matches:
            new_lines = [*new_matches]
            joined_lines = b"\n".join(new_lines)
            events = self._scan(joined_lines, MOST_EVENTS)
            if len(events) >= MOST_EVENTS:
                return None
            for number, patterns in _by_line(events, joined_lines).items():
                new_matches[new_lines[number]] = tuple(patterns)
            if self._remembers:
                self._matches_memory.add(new_matches)
        each_matches = [
            new_matches[line] if of_line is None else of_line
            for line, of_line in zip(lines, recalled_lines, strict=True)
        ]
        return each_matches if sum(map(len, each_matches)) < MOST_EVENTS else None

    def each_matched(
        self, lines: Sequence[bytes], wanted_patterns: Collection[int] | None = None
    ) -> list[frozenset[int]]:
        """Return by line the patterns that match it; each line is scanned by itself.

        Faster than `lines_matched` where most lines match several patterns compiled with `once`: a pass over all lines
        would report each place that a pattern matches. wanted_patterns: those that matter. Lines that match none of
        them may be given without any pattern: where many lines beside one another match none they are not scanned.
        """
        recalled_lines = self._patterns_memory.recall(lines)
        new_lines = [*{line: None for line, of_line in zip(lines, recalled_lines, strict=True) if of_line is None}]
        new_patterns: dict[bytes, frozenset[int]] = {}
        is_few = wanted_patterns is not None and len(wanted_patterns) <= _FEW and len(new_lines) > _LINES_OF_CHUNK
        for chunk in batched(new_lines, _LINES_OF_CHUNK if is_few else max(len(new_lines), 1)):
            if wanted_patterns is None or not is_few or not self.matched(chunk).isdisjoint(wanted_patterns):
                new_patterns.update(zip(chunk, self._each_matched(chunk), strict=True))
        if self._remembers:
            self._patterns_memory.add(new_patterns)
        return [
            new_patterns.get(line, _NONE) if of_line is None else of_line
            for line, of_line in zip(lines, recalled_lines, strict=True)
        ]

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
        recalled_lines = self._patterns_memory.recall(lines)
        new_lines = [line for line, of_line in zip(lines, recalled_lines, strict=True) if of_line is None]
        patterns = {pattern for _, pattern in self._scan(b"\n".join(new_lines), MOST_EVENTS)}
        return frozenset(patterns.union(*filter(None, recalled_lines)))

    def patterns_by_line(self, text: bytes) -> Mapping[int, Sequence[int]] | None:
        """Return by number of each line of a text with a match the pattern of each; None where these are too many.

        Nothing is remembered: for patterns that few lines match, and not compiled `once`.
        """
        events = self._scan(text, MOST_EVENTS)
        return _by_line(events, text) if len(events) < MOST_EVENTS else None

    def _scan(self, text: bytes, most: int) -> list[tuple[int, int]]:
        """The matches in a text of lines, as end in it and pattern."""
        if self._database is None or not text:
            return []
        events: list[tuple[int, int]] = []
        add = events.append

        def match(pattern: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
            add((end, pattern))
            return len(events) >= most or None

        with self._lock, contextlib.suppress(hyperscan.ScanTerminated):
            self._database.scan(text, match_event_handler=match)
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


_NONE = frozenset[int]()


def _size_of(line: bytes, patterns: Sized) -> int:
    """About the bytes that a line takes with the patterns that it matches."""
    return _SIZE_OF_LINE + len(line) + _SIZE_OF_PATTERN * len(patterns)


def _by_line(events: Iterable[tuple[int, int]], joined_lines: bytes) -> dict[int, list[int]]:
    """By number of each line with a match (end in the joined lines, pattern), the pattern of each match in it."""
    by_line: dict[int, list[int]] = {}
    at = number = 0
    for end, pattern in events:
        # Matches come nearly in order, so what lies between two of them is short.
        if end > at:
            number += joined_lines.count(b"\n", at, end)
        elif end < at:
            number -= joined_lines.count(b"\n", end, at)
        at = end
        if number in by_line:
            by_line[number].append(pattern)
        else:
            by_line[number] = [pattern]
    return by_line


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
