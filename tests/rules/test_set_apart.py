"""Letters set apart: the separators, in linear time, and never where ordinary texts have signs."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import set_apart
from rules.set_apart import MOST_ALONE_OF_TEXT, joined, separators


@pytest.mark.parametrize(
    "text",
    [
        "A・B・C の三つ",
        "衣・食・住",
        "2024/1/2/3",
        "1, 2, 3, 4, 5",
        "1 2 3 4 5 6",
        "料金 | 納期 | 数量 | 備考",
        "J. R. Tolkien",
        "よろしくお願いします♪♪ 楽しい♪ 仕事です☆☆",
        "はい、今日も、明日も、昨日も、です",
        "I am a UI designer",
        "U.S.A. and U.K.",
        "・一つ\n・二つ\n・三つ\n・四つ",
        "①あ ②い",
        "Plan A - for B - and C - is D",
    ],
)
def test_attack_02_what_nobody_sets_apart_has_one_reading(text: str) -> None:
    assert separators(text, MOST_ALONE_OF_TEXT).spans == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "・あ",
        "・・あ",
        ".",
        "a b",
        "・あああ",
        "a" + "." * 13,
        "a・b♡",
        " L・I・N",
        "\u0301・a",
        "a・b・c・d、e、f、g、h、",
    ],
)
def test_attack_02_separators_are_looked_for_once(unit: str) -> None:
    """Whatever the text: what is found lies in order and apart, so that no place is looked at again and again."""
    found = separators(unit * 20_000, 1_000_000).spans
    assert all(begin < end for begin, end in found)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(found))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aA1あｶﾞ・♡😀 \n。.|\u0301Ⓛー")))
def test_attack_02_separators_are_never_letters(text: str) -> None:
    for begin, end in separators(text, MOST_ALONE_OF_TEXT).spans:
        assert begin < end
        assert not any(char.isalnum() for char in text[begin:end])


def test_attack_02_signs_that_take_turns_are_taken_out_after_an_apostrophe_too() -> None:
    assert joined("While you'・r•e・ ・a・t・ ・i・t, could you fix it?") == "While you're at it, could you fix it?"


@given(st.text(st.sampled_from("aB1 _-.\n"), max_size=60), st.integers(0, 20))
def test_ascii_is_searched_by_class_and_the_same_is_found(text: str, begin: int) -> None:
    by_class, by_letter = set_apart._alone_in(text)(begin), set_apart._ALONE.search(text, begin)
    assert (by_class and by_class.span()) == (by_letter and by_letter.span())


def test_what_is_passed_over_is_made_of_letters_and_digits() -> None:
    passed_over = re.compile(f"[{set_apart._OF_WORDS}]").findall("".join(map(chr, range(0x3000, 0xA000))))
    assert len(passed_over) > 20_000
    assert all(re.fullmatch(r"[^\W_]", char) for char in passed_over)
    assert not any(re.search(f"[{set_apart._SYMBOLS}]", char) for char in passed_over)
    assert all(char.isalnum() for char in re.compile(f"[{set_apart._OF_WORDS}]").findall("".join(map(chr, range(256)))))
