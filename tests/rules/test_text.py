"""The visible part and the plain form of texts, whatever signs they hold."""

import runpy
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import ALL_PLACES, plain, visible, visible_places, without_spans

ODD_TEXTS = st.text(st.sampled_from("aあ。\n \u200b\u202e\u0301\u20dd\U000e0041\U0001f600"), max_size=60)


def test_attack_09_marks_are_bounded_before_normalising() -> None:
    """Thirty is what the Stream-Safe Text Format (UAX #15) allows; more are sorted in quadratic time."""
    heap = "a" + "\u0301\u0327" * 100_000 + "直" + "\u0301\u200d" * 100_000
    assert len(visible(heap)) == 2 + 2 * 2
    assert all(unicodedata.normalize("NFKD", plain(each)).count("\u0301") <= 30 for each in (heap, heap * 2))


@given(ODD_TEXTS)
def test_each_visible_character_has_its_place_in_the_text(text: str) -> None:
    visible_text = visible(text)
    places = visible_places(text, visible_text)
    each_place = [places[number] for number in range(len(visible_text))]
    assert "".join(text[place] for place in each_place) == visible_text
    assert each_place == sorted(set(each_place))


@given(st.text("abcdefgh", max_size=30), st.data())
def test_places_of_what_remains_once_spans_are_removed_twice(text: str, data: st.DataObject) -> None:
    places, remaining, remaining_places = ALL_PLACES, text, [*range(len(text))]
    for _ in range(2):
        ends = data.draw(st.lists(st.integers(0, len(remaining)), unique=True).map(sorted))
        spans = list(zip(ends[::2], ends[1::2], strict=False))
        removed = {place for begin, end in spans for place in range(begin, end)}
        remaining_places = [place for number, place in enumerate(remaining_places) if number not in removed]
        remaining, places = without_spans(spans, remaining), places.without(spans)
        assert remaining == "".join(text[place] for place in remaining_places)
        assert [places[number] for number in range(len(remaining))] == remaining_places


@pytest.mark.slow
def test_attack_09_one_sign_does_not_become_a_sentence() -> None:
    signs = plain("\n".join(chr(code) for code in range(0x20, 0x110000))).split("\n")
    assert max(map(len, signs)) <= 6


@pytest.mark.slow
def test_unicode_tables_are_as_they_would_be_written() -> None:
    tables = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "unicode_tables.py"))
    assert tables["TARGET"].read_text("utf-8") == tables["text"](), "run: make generate"


def test_blanks_in_a_row_are_one_however_they_are_written() -> None:
    assert plain("a  b   c" + " " * 100_000 + "d") == "a b c d"
    assert plain("a\t\tb\u2800  c  d") == "a b c d"
    assert plain("a \n  b") == "a \n b"
