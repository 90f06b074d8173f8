"""Lines met before: what is known of them, for as long as there is room."""

from rules.line_memory import LineMemory

LINES = [b"%d" % number for number in range(100)]


def test_lines_are_known_again_whatever_is_known_of_them() -> None:
    memory = LineMemory[tuple[int, ...]](10_000)
    assert memory.recall([b"a", b"b"]) == [None, None]
    memory.add({b"a": (), b"b": (1, 2)})
    assert memory.recall([b"b", b"c", b"a"]) == [(1, 2), None, ()]


def test_attack_09_no_more_is_remembered_than_the_bound_allows() -> None:
    memory = LineMemory[tuple[int, ...]](2_000)
    for line in LINES:
        memory.add({line: ()})
    known = [line for line, of_line in zip(LINES, memory.recall(LINES), strict=True) if of_line is not None]
    assert 0 < len(known) < 20
    assert known == LINES[-len(known) :]


def test_attack_09_many_matches_of_a_line_count() -> None:
    memory = LineMemory[tuple[int, ...]](2_000)
    for line in LINES:
        memory.add({line: tuple(range(100))})
    assert sum(of_line is not None for of_line in memory.recall(LINES)) < 4


def test_what_is_met_again_outlasts_what_is_not() -> None:
    memory = LineMemory[tuple[int, ...]](2_000)
    for line in LINES:
        memory.add({line: ()})
        if memory.recall([LINES[0]]) == [None]:
            break
    assert line == LINES[-1]
