"""What is kept of what was computed last."""

from rules.recent import Recent


def test_a_result_is_kept_for_its_key() -> None:
    recent = Recent[str, int](100)
    assert recent.get("a") is None
    recent.keep("a", 0, 1)
    assert recent.get("a") == 0
    assert recent.get("b") is None


def test_attack_09_no_more_is_kept_than_the_bound_allows() -> None:
    recent = Recent[int, int](100)
    for number in range(1_000):
        recent.keep(number, number, 10)
    kept = [number for number in range(1_000) if number in recent._newer or number in recent._older]
    assert 5 <= len(kept) <= 10
    assert kept == [*range(1_000 - len(kept), 1_000)]


def test_what_is_too_large_is_not_kept_and_drives_nothing_out() -> None:
    recent = Recent[str, int](100)
    recent.keep("small", 1, 10)
    recent.keep("large", 2, 51)
    assert recent.get("large") is None
    assert recent.get("small") == 1


def test_what_is_asked_for_outlasts_what_is_not() -> None:
    recent = Recent[int, int](100)
    for number in range(1_000):
        recent.keep(number, number, 10)
        assert recent.get(0) == 0
    assert recent.get(500) is None
