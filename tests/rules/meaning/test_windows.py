"""The parts of a text that are read."""

from hypothesis import given
from hypothesis import strategies as st

from rules.meaning import windows as module
from rules.meaning.windows import windows

LENGTHS = st.lists(st.integers(0, 80), max_size=40)


def test_a_short_text_is_read_whole_and_by_its_sentences() -> None:
    assert list(windows([10, 10, 10], 100)) == [
        (0, 3, "whole"),
        (0, 1, "1"),
        (1, 2, "1"),
        (2, 3, "1"),
        (0, 2, "2"),
        (1, 3, "2"),
    ]


def test_one_sentence_is_read_once_and_nothing_not_at_all() -> None:
    assert list(windows([10], 100)) == [(0, 1, "whole")]
    assert list(windows([], 100)) == []


@given(LENGTHS)
def test_each_sentence_is_in_a_paragraph_and_alone(lengths: list[int]) -> None:
    places = list(windows(lengths, 100))
    assert len({place[:2] for place in places}) == len(places), "each place once"
    paragraphs = [(start, end) for start, end, kind in places if kind in ("whole", "part")]
    assert {sentence for start, end in paragraphs for sentence in range(start, end)} == set(range(len(lengths)))
    for sentence in range(len(lengths)):
        assert any(place[:2] == (sentence, sentence + 1) for place in places)


@given(LENGTHS)
def test_no_window_of_several_sentences_is_longer_than_a_paragraph(lengths: list[int]) -> None:
    for start, end, _ in windows(lengths, 100):
        assert end - start == 1 or sum(lengths[start:end]) <= 100


def test_a_list_without_end_is_read_by_paragraphs_alone() -> None:
    kinds = {kind for _, _, kind in windows([1] * module._MOST_WINDOWS, 100)}
    assert kinds == {"part"}
