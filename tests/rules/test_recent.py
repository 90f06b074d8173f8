"""What is kept of what was computed last, for as long as there is room."""

from rules.matching import _size_of
from rules.recent import Recent

LINES = [b"%d" % number for number in range(100)]


def recent_lines(most: int) -> Recent[bytes, tuple[int, ...]]:
    return Recent(most, _size_of)


def recent_numbers(most: int) -> Recent[int, int]:
    """Each result is its own size."""
    return Recent(most, lambda _, size: size)


def test_results_are_kept_for_their_keys_whatever_they_are() -> None:
    recent = recent_lines(10_000)
    assert recent.recall([b"a", b"b"]) == [None, None]
    assert recent.get(b"a") is None
    recent.add({b"a": (), b"b": (1, 2)})
    assert recent.recall([b"b", b"c", b"a"]) == [(1, 2), None, ()]
    assert recent.get(b"a") == ()
    assert recent.get(b"c") is None


def test_attack_09_no_more_is_kept_than_the_bound_allows() -> None:
    recent = recent_numbers(100)
    for number in range(1_000):
        recent.add({number: 10})
    kept = [number for number in range(1_000) if number in recent._newer or number in recent._older]
    assert 5 <= len(kept) <= 10
    assert kept == [*range(1_000 - len(kept), 1_000)]


def test_attack_09_no_more_lines_are_remembered_than_the_bound_allows() -> None:
    recent = recent_lines(2_000)
    for line in LINES:
        recent.add({line: ()})
    known = [line for line, of_line in zip(LINES, recent.recall(LINES), strict=True) if of_line is not None]
    assert 0 < len(known) < 20
    assert known == LINES[-len(known) :]


def test_attack_09_many_matches_of_a_line_count() -> None:
    recent = recent_lines(2_000)
    for line in LINES:
        recent.add({line: tuple(range(100))})
    assert sum(of_line is not None for of_line in recent.recall(LINES)) < 4


def test_what_is_too_large_is_not_kept_and_drives_nothing_out() -> None:
    recent = recent_numbers(100)
    recent.add({1: 10})
    recent.add({2: 51})
    assert recent.get(2) is None
    assert recent.get(1) == 10


def test_what_is_asked_for_outlasts_what_is_not() -> None:
    recent = recent_numbers(100)
    for number in range(1_000):
        recent.add({number: 10})
        assert recent.get(0) == 10
    assert recent.get(500) is None


def test_what_is_met_again_outlasts_what_is_not() -> None:
    recent = recent_lines(2_000)
    for line in LINES:
        recent.add({line: ()})
        if recent.recall([LINES[0]]) == [None]:
            break
    assert line == LINES[-1]
