"""So many windows of a page are read again, each counted once."""

from rules.meaning.budget import MOST_OF_A_PAGE, PageBudget


def test_a_window_counts_once_and_one_too_many_is_turned_away() -> None:
    budget = PageBudget()
    windows = [str(number) for number in range(MOST_OF_A_PAGE)]
    for _ in range(2):
        assert all(map(budget.admit, windows))
        assert not budget.is_exceeded
    assert not budget.admit("one more")
    assert budget.is_exceeded
    assert budget.admit(windows[0])
