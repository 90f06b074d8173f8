"""Quotes in a warning: one line, without a bullet, never longer than a line or two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quotes import LONGEST_QUOTE, quoted


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("直接お願いします", "直接お願いします"),
        ("・ 直接お願いします", "直接お願いします"),
        ("★☆ 高収入", "高収入"),
        ("one\n two\t three", "one two three"),
        ("●●●", "●●●"),
        ("", ""),
    ],
)
def test_the_bullet_goes_and_the_words_stay(sentence: str, quote: str) -> None:
    assert quoted(sentence) == quote


def test_a_long_sentence_is_cut_and_says_so() -> None:
    assert quoted("あ" * LONGEST_QUOTE) == "あ" * LONGEST_QUOTE
    assert quoted("あ" * (LONGEST_QUOTE + 1)) == "あ" * (LONGEST_QUOTE - 1) + "…"


@given(st.text(max_size=200))
def test_any_text_fits_into_one_line(sentence: str) -> None:
    quote = quoted(sentence)
    assert len(quote) <= LONGEST_QUOTE
    assert "\n" not in quote
    assert quoted(quote) in (quote, quote.lstrip()), "quoting a quote changes nothing"
