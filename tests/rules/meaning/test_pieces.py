"""A text is split into its likeliest pieces, and nothing of it is lost."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.meaning.pieces import Pieces

TABLE = {"▁": -3.0, "a": -2.0, "b": -2.5, "ab": -3.0, "▁a": -2.5, "▁ab": -6.0, "bb": -4.0, "▁仮払い": -5.0}
NUMBERS = {piece: number for number, piece in enumerate(TABLE, 3)}
UNKNOWN = 1
PIECES = Pieces([*TABLE], [*TABLE.values()], first=3, unknown=UNKNOWN)


def test_the_likeliest_split_is_taken() -> None:
    assert PIECES.split("ab") == [NUMBERS["▁a"], NUMBERS["b"]]
    assert PIECES.split("aab") == [NUMBERS["▁a"], NUMBERS["ab"]]
    assert PIECES.split("仮払い  ａ") == [NUMBERS["▁仮払い"], NUMBERS["▁a"]]
    assert PIECES.split("xa") == [NUMBERS["▁"], UNKNOWN, NUMBERS["a"]]


def test_no_words_are_a_space() -> None:
    assert PIECES.split("") == PIECES.split(" \n") == [NUMBERS["▁"]]


@given(st.text(alphabet="ab ", max_size=9))
def test_no_other_split_is_likelier(text: str) -> None:
    marked = "▁" + "▁".join(text.split())
    names = {number: piece for piece, number in NUMBERS.items()}
    taken = [names[number] for number in PIECES.split(text)]
    assert "".join(taken) == marked

    def likelihood(parts: list[str]) -> float:
        return sum(TABLE.get(part, -math.inf) for part in parts)

    every = (
        [marked[start:end] for start, end in zip((0, *cuts), (*cuts, len(marked)), strict=True)]
        for count in range(len(marked))
        for cuts in combinations(range(1, len(marked)), count)
    )
    assert math.isclose(likelihood(taken), max(map(likelihood, every)))


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_any_text_is_split(text: str) -> None:
    numbers = PIECES.split(text)
    assert numbers
    assert {*numbers} <= {*NUMBERS.values(), UNKNOWN}


def test_a_piece_stands_for_one_number() -> None:
    with pytest.raises(ValueError, match="twice"):
        Pieces(["a", "b", "a"], [-1.0, -2.0, -3.0], first=0, unknown=9)
    with pytest.raises(ValueError, match="shorter"):
        Pieces(["a", "b"], [-1.0], first=0, unknown=9)
