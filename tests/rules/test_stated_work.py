"""How much work an offer's words state: only what is plain and said once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import stated_work
from rules.reading import Reading


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3,000文字程度の記事です", 3000),
        ("３０００文字以上", 3000),
        ("3千字ほど", 3000),
        ("1.5万字の原稿", 15000),
        ("3,000〜4,000文字", 3000),
        ("3,000文字〜4,000文字", 3000),
        ("3～4千字", 3000),
        ("1文字0.5円、2000文字です", 2000),
        ("2000文字です。繰り返しますが2,000字です", 2000),
        ("3000文字の本文と200文字の要約", None),
        ("3000文字の記事を10本", None),
        ("毎日3000文字", None),
        ("文字を入力します", None),
        ("1文字1円です", None),
    ],
)
def test_characters(text: str, length: int | None) -> None:
    assert stated_work.characters([Reading(text)]) == length


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("文字単価0.3円", "0.3"),
        ("文字単価：１円です", "1"),
        ("1文字あたり0.8円", "0.8"),
        ("0.5円/文字", "0.5"),
        ("文字単価0.5〜1円", None),
        ("文字単価0.3円、慣れたら文字単価1円", None),
        ("文字単価0.2円〜1.0円", None),
        ("文字単価0.2円 ～", None),
        ("文字単価0.2円から", None),
        ("0.2円/字以上", None),
        ("継続の方は文字単価0.1円アップ", None),
        ("文字単価0.5円です。慣れたら文字単価0.1円アップします", "0.5"),
        ("3000文字で1000円", None),
    ],
)
def test_price_of_character(text: str, price: str | None) -> None:
    assert stated_work.price_of_character([Reading(text)]) == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("作業時間は約3時間です", 180),
        ("所要時間：15分", 15),
        ("作業時間 1.5時間", 90),
        ("作業時間は1日に2時間です", None),
        ("作業時間は2〜3時間です", None),
        ("所要時間15分が20件あります", None),
        ("作業時間は0分です", None),
        ("2時間で終わる人もいます", None),
    ],
)
def test_minutes(text: str, minutes: int | None) -> None:
    assert stated_work.minutes([Reading(text)]) == minutes


@given(st.lists(st.text(st.sampled_from("0123456789,.千万文字〜~円/約作業時間は分本毎日 \n"), max_size=60), max_size=3))
def test_any_words_are_answered(words: list[str]) -> None:
    texts = [Reading(text) for text in words]
    for answer in (stated_work.characters(texts), stated_work.price_of_character(texts), stated_work.minutes(texts)):
        assert answer is None or answer >= 0
