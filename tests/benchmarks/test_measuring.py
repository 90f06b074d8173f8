from functools import partial

from benchmarks.measuring import Figure, Record, in_turns, quartiles


def test_sides_run_in_turns_and_each_goes_first_as_often() -> None:
    ran: list[str] = []

    def run(side: str) -> int:
        ran.append(side)
        return len(ran)

    found = in_turns({side: partial(run, side) for side in "AB"}, rounds=4, warm=1)
    assert "".join(ran) == "ABBAABBAAB"
    assert found == {"A": [4, 5, 8, 9], "B": [3, 6, 7, 10]}


def test_a_goal_is_the_median_of_the_ratios_and_not_the_ratio_of_the_medians() -> None:
    # The machine was twice as slow in the second round, for both.
    figure = Figure("f", "time", "ms", {"ours": [1.0, 2.0, 30.0], "theirs": [2.0, 4.0, 3.0]})
    goal = Record("p").compare(figure, "ours", "theirs", 0.6)
    assert goal.value == 0.5
    assert goal.reached


def test_a_rate_is_to_be_at_least_its_limit() -> None:
    figure = Figure("f", "rate", "1/s", {"ours": [89.0], "theirs": [100.0]})
    assert not Record("p").compare(figure, "ours", "theirs", 0.90, at_least=True).reached


def test_of_one_value_all_quartiles_are_that_value() -> None:
    assert quartiles([3.0]) == (3.0, 3.0, 3.0)
    assert quartiles([1.0, 2.0, 3.0, 4.0, 5.0]) == (2.0, 3.0, 4.0)
