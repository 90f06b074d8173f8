"""The sentences that meet every `with` list of a `says`."""

from rules.refinement import Refinement


def refinement(*together: tuple[int, ...]) -> Refinement:
    lists = tuple(map(frozenset, together))
    return Refinement(says=frozenset({1}), together=lists, unless=frozenset(), near=frozenset())


def test_without_a_list_every_sentence_stays() -> None:
    assert refinement().with_all({3, 4}, {}) == {3, 4}


def test_one_pattern_of_each_list_has_to_match() -> None:
    matches = {1: frozenset({10}), 2: frozenset({10, 20}), 3: frozenset({11, 20}), 4: frozenset[int]()}
    assert refinement((10, 11)).with_all({1, 2, 3, 4}, matches) == {1, 2, 3}
    assert refinement((10, 11), (20,)).with_all({1, 2, 3, 4}, matches) == {2, 3}
    assert refinement((10,), (99,)).with_all({1, 2}, matches) == set()


def test_a_list_of_which_nothing_occurs_makes_it_impossible() -> None:
    occurring = frozenset({10, 20})
    assert refinement().is_possible(frozenset())
    assert refinement((10, 11), (20,)).is_possible(occurring)
    assert not refinement((10,), (99,)).is_possible(occurring)


def test_two_of_the_same_demands_are_not_one() -> None:
    assert refinement() != refinement()
    assert len({refinement(), refinement()}) == 2
