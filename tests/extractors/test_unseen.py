"""Signs that nobody sees are gone from a text, and joiners stay where the words would look otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.unseen import joins, plane_of, ranges_of, turns, without_unseen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("L\u200bI\u2060N\ufeffE", "LINE"),
        ("直\u00ad接", "直接"),
        ("a\U000e0041b", "ab"),
        ("one\r\ftwo", "one  two"),
        ("二行\n目", "二行\n目"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_what_nobody_sees_goes(text: str, seen: str) -> None:
    assert without_unseen(text) == seen


def test_a_joiner_stays_within_an_emoji_and_goes_between_letters() -> None:
    family = "\U0001f468\u200d\U0001f469"
    assert without_unseen(family) == family
    assert without_unseen("L\u200dI\u200cNE") == "LINE"
    assert joins(family, 1)
    assert not joins("L\u200dI", 1)


def test_a_joiner_stays_after_a_virama() -> None:
    written = "\u0915\u094d\u200d\u0937"
    assert without_unseen(written) == written


def test_characters_that_turn_words_are_seen_as_such() -> None:
    assert turns("moc.\u202eexample")
    assert not turns("example.com")


def test_the_ranges_of_a_class_within_and_beyond_the_basic_plane() -> None:
    inside = "a-c\u200b\U000e0001-\U000e007f"
    assert ranges_of(inside) == [("a", "c"), ("\u200b", "\u200b"), ("\U000e0001", "\U000e007f")]
    assert plane_of(inside) == "a-c\u200b-\u200b"
    assert plane_of(inside, beyond=True) == "\U000e0001-\U000e007f"


@given(st.text(max_size=60))
def test_twice_is_once(text: str) -> None:
    once = without_unseen(text)
    assert without_unseen(once) == once
    assert len(once) <= len(text)
