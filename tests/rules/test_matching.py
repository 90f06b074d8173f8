"""Many patterns over one buffer: which lines each matches, and what stops a flood."""

import subprocess
import sys
from pathlib import Path

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import matching
from rules.matching import PatternSet, UncompilablePattern, longest_match

LINES = [b"call me on LINE", b"nothing", b"line and skype"]


class Memory:
    def __init__(self, **entries: bytes) -> None:
        self.entries = dict(entries)
        self.asked: list[str] = []

    def get(self, key: str) -> bytes | None:
        self.asked.append(key)
        return self.entries.get(key)

    def put(self, key: str, data: bytes) -> None:
        self.entries[key] = data


def test_each_pattern_has_its_lines_whatever_their_case() -> None:
    patterns = PatternSet(["line", "skype", "absent"])
    assert patterns.lines_matched(LINES).lines == {0: {0, 2}, 1: {2}}
    assert patterns.lines_matched(LINES, [7, 8, 9]).lines == {0: {7, 9}, 1: {9}}
    assert patterns.matched(LINES) == {0, 1}


def test_a_pattern_does_not_reach_over_the_end_of_a_line() -> None:
    assert PatternSet(["nothing.line"]).lines_matched(LINES).lines == {}


def test_line_by_line_says_the_same() -> None:
    patterns = ["line", "skype", "absent"]
    each = PatternSet(patterns, once=True).each_matched(LINES)
    assert each == [{0}, frozenset(), {0, 1}]
    lines = PatternSet(patterns).lines_matched(LINES).lines
    assert each == [{number for number in lines if line in lines[number]} for line in range(3)]


def test_patterns_are_named_by_their_numbers() -> None:
    patterns = PatternSet(["line", "skype"], numbers=[7, 3])
    assert patterns.lines_matched(LINES).lines == {7: {0, 2}, 3: {2}}
    with pytest.raises(UncompilablePattern) as raised:
        PatternSet(["line", "(?=a)"], numbers=[7, 3])
    assert raised.value.index == 1


@given(st.lists(st.sampled_from([b"line", b"skype", b"", b"line skype"]), max_size=120), st.sampled_from([{0}, {1}]))
def test_issue_25_lines_that_match_what_is_wanted_have_all_their_patterns(lines: list[bytes], wanted: set[int]) -> None:
    patterns = PatternSet(["line", "skype"], once=True)
    for own, every in zip(patterns.each_matched(lines, wanted), patterns.each_matched(lines), strict=True):
        assert own == every or (own == frozenset() and every.isdisjoint(wanted))


def test_no_patterns_or_no_lines_match_nothing() -> None:
    assert PatternSet([]).lines_matched(LINES).lines == {}
    assert PatternSet([]).each_matched(LINES) == [frozenset()] * 3
    assert PatternSet(["line"]).matched([]) == frozenset()


def test_a_flood_stops_its_own_group_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_EVENTS", 10)
    lines = [b"a" * 50, b"a line"]
    matches = PatternSet(["a", "line"]).lines_matched(lines, groups=[0, 1])
    assert matches.stopped_groups == {0}
    assert matches.lines[1] == {1}


def test_each_line_of_a_text_that_matches_has_its_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = PatternSet(["line", "skype"])
    assert patterns.patterns_by_line(b"\n".join(LINES)) == {0: [0], 2: [0, 1]}
    assert patterns.patterns_by_line(b"nothing\n") == patterns.patterns_by_line(b"") == {}
    monkeypatch.setattr(matching, "MOST_EVENTS", 3)
    assert patterns.patterns_by_line(b"\n".join(LINES)) is None


def test_a_pattern_that_cannot_be_compiled_is_named_by_its_place() -> None:
    with pytest.raises(UncompilablePattern) as raised:
        PatternSet(["good", "(bad"])
    assert raised.value.index == 1
    with pytest.raises(UncompilablePattern):
        longest_match("(bad", b"")


@pytest.mark.parametrize("error", [hyperscan.error("Unable to allocate memory."), hyperscan.NoMemoryError()])
def test_where_memory_lacks_no_pattern_is_to_blame(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    class Database:
        def __init__(self, mode: int) -> None:
            pass

        def compile(self, **_: object) -> None:
            raise error

    monkeypatch.setattr(hyperscan, "Database", Database)
    with pytest.raises(MemoryError):
        PatternSet(["good"])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere address space has no bound")
def test_the_compiler_itself_says_so_where_memory_lacks() -> None:
    program = """
import resource
from pathlib import Path
from rules.matching import PatternSet
patterns = [f"(?:[a-n]{{0,30}}x{n}[o-z]{{0,30}}){{1,30}}" for n in range(40)]
present = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (present + 1_000_000,) * 2)
PatternSet(patterns)
"""
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert ended.stderr.splitlines()[-1] == "MemoryError"


def test_a_compiled_set_is_taken_from_the_cache_and_a_damaged_one_made_again() -> None:
    cache = Memory()
    PatternSet(["line"], cache)
    (key,) = cache.entries
    compiled = cache.entries[key]
    assert PatternSet(["line"], cache).matched(LINES) == {0}
    assert cache.asked == [key, key]
    cache.entries[key] = b"damaged"
    assert PatternSet(["line"], cache).matched(LINES) == {0}
    assert len(cache.entries[key]) == len(compiled)
    PatternSet(["line"], cache, once=True)
    assert len(cache.entries) == 2, "a set compiled otherwise has a key of its own"


def test_the_longest_match_from_the_first_place() -> None:
    assert longest_match("a+", b"xx aaa a") == (3, 6)
    assert longest_match("b", b"xx aaa a") is None


def test_lines_met_before_match_as_new_ones_do() -> None:
    patterns = ["LINE", "無料", "(?:a|b)+"]
    new, known = PatternSet(patterns), PatternSet(patterns, remembers=True)
    for lines in ([b"LINE", b"x", b"ab"], [b"ab", "無料".encode(), b"LINE", b"ab"], [b"x"], []):
        assert known.lines_matched(lines) == new.lines_matched(lines)


def test_each_line_met_before_has_the_patterns_of_a_new_one() -> None:
    patterns = ["LINE", "無料", "a"]
    new, known = PatternSet(patterns, once=True), PatternSet(patterns, once=True, remembers=True)
    for lines in ([b"LINE a", b"x"], [b"x", "無料".encode(), b"LINE a"], [b"x"]):
        assert known.each_matched(lines) == new.each_matched(lines)
        assert known.matched(lines) == new.matched(lines)


def test_attack_09_matches_of_lines_met_before_count_towards_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_EVENTS", 10)
    known = PatternSet(["a"], remembers=True)
    lines = [b"aaaa", b"aaa b"]
    assert not known.lines_matched(lines, groups=[0, 1]).stopped_groups
    assert known.lines_matched([*lines, b"aaaaaaaaaaaa"], groups=[0, 1, 2]).stopped_groups == {2}
    assert not known.lines_matched(lines, groups=[0, 1]).stopped_groups
