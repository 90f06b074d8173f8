"""The error of an unusable catalog carries every problem."""

from rules.problems import CatalogError


def test_each_problem_is_a_line_of_the_text() -> None:
    error = CatalogError(["a.yaml:1: reason", "b.yaml:2: other"])
    assert str(error).splitlines() == list(error.problems) == ["a.yaml:1: reason", "b.yaml:2: other"]


def test_the_problems_stay_as_they_were_raised() -> None:
    problems = ["a.yaml:1: reason"]
    error = CatalogError(problems)
    problems.clear()
    assert error.problems == ("a.yaml:1: reason",)
