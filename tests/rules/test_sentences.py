"""Sentences: where they end, how long ones are cut, and that each keeps its words as written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.reading import Reading
from rules.sentences import LONGEST_SENTENCE, OVERLAP
from rules.set_apart import MOST_ALONE_OF_TEXT, separators


def sentences_of(text: str) -> list[str]:
    return list(Reading(text).sentences)


def test_quotation_stays_with_its_full_stop() -> None:
    assert sentences_of("「直接契約しましょう。」と言われました。断りました。") == [
        "「直接契約しましょう。」と言われました。",
        "断りました。",
    ]


def test_a_line_that_begins_with_a_closing_bracket_is_a_line() -> None:
    assert sentences_of("「直接\u200b契約\n」と言われました") == ["「直接\u200b契約", "」と言われました"]


def test_sentences_beside_one_whose_letters_are_set_apart_follow_with_it() -> None:
    lines = ["一つ目。", "二つ目。", "L・I・N・Eで", "三つ目。四つ目。"]
    assert sentences_of("\n \n".join(lines)) == [
        *("一つ目。", "二つ目。", "L・I・N・Eで", "三つ目。", "四つ目。"),
        *("二つ目。", "L・I・N・Eで", "三つ目。"),
    ]


def test_neighbours_of_two_such_sentences_follow_once() -> None:
    assert sentences_of("L・I・N・Eで\n一つ目。\nT・E・L・で\n二つ目。\n三つ目。")[5:] == [
        *("L・I・N・Eで", "一つ目。", "T・E・L・で", "二つ目。"),
    ]


def test_a_line_with_a_sign_that_is_not_drawn_is_quoted_as_written_and_the_others_too() -> None:
    text = "一つ目。\n直接\u200b契約で。二つ目。\n三つ目。"
    assert sentences_of(text) == ["一つ目。", "直接\u200b契約で。", "二つ目。", "三つ目。"]


def test_english_sentences() -> None:
    assert sentences_of("Hello there. Pay $1.50 now! OK?") == ["Hello there. ", "Pay $1.50 now!", " OK?"]


def test_text_without_full_stop_is_cut_at_commas() -> None:
    pieces = sentences_of("、".join(["あいうえおかきくけこ"] * 200))
    assert all(piece.endswith("、") for piece in pieces[:-1])
    assert max(map(len, pieces)) <= LONGEST_SENTENCE


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("あアイ漢字aB1、, ー"), min_size=300, max_size=1500),
    st.integers(0, 10_000),
    st.integers(1, OVERLAP),
)
def test_attack_03_a_phrase_stands_whole_in_a_piece(text: str, at: int, length: int) -> None:
    pieces = sentences_of(text)
    phrase = text[at % len(text) :][:length]
    assert phrase.isspace() or any(phrase in piece for piece in pieces)
    assert max(map(len, pieces)) <= (2 if separators(text, MOST_ALONE_OF_TEXT).spans else 1) * LONGEST_SENTENCE


def test_attack_03_no_piece_begins_or_ends_within_a_word() -> None:
    words = ("ガイドライン", "に", "商品", "オンライン", "で", "guidelines", "を")
    for piece in sentences_of("".join(words) * 100):
        assert piece.startswith(words)
        assert piece.endswith(words)


def test_attack_03_what_is_not_seen_does_not_count() -> None:
    assert sentences_of("\u200b" * 395 + "直接契約にしませんか") == ["直接契約にしませんか"]
    assert sentences_of("直\u200b接契約") == ["直\u200b接契約"]
    assert sentences_of("直接" + "\u200b" * 5000 + "契約にしませんか") == ["直接契約にしませんか"]


def test_attack_09_a_long_line_is_cut_in_linear_time() -> None:
    """Each character is looked at a bounded number of times: the pieces hold little more than the line."""
    for line in ("漢" * 200_000, "あア" * 100_000, "、" * 200_000):
        assert sum(map(len, sentences_of(line))) < 4 * len(line)
