"""What of a sentence is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.meaning import features
from rules.meaning.features import JAPANESE, LATIN, Lexicon, count, folded, script_of, stem

LEXICON = Lexicon.of(
    {
        "ja": {"escrow": ["仮払い", "エスクロー"], "before": ["前に"], "app": ["LINE"]},
        "en": {"escrow": ["escrow", "milestone*"], "before": ["before", "ahead of"], "begin": ["start*"]},
    }
)


@pytest.mark.parametrize(
    ("sentence", "script"),
    [
        ("仮払いの前に", JAPANESE),
        ("LINEで", JAPANESE),
        ("契約書", JAPANESE),
        ("start now", LATIN),
        ("¥1,000", LATIN),
        ("", LATIN),
    ],
)
def test_a_sentence_with_any_kana_or_kanji_is_japanese(sentence: str, script: str) -> None:
    assert script_of(sentence) == script


def test_case_accents_decoration_and_figures_tell_nothing() -> None:
    assert folded("Depósito de 1,500 US$ 🙏").split() == folded("deposito de 9,200 us$").split()
    assert folded("1本目〜♪").split() == folded("24本目").split()


def test_marks_on_letters_part_no_word() -> None:
    assert folded("numero\u0301 \u0301v\u0301o\u0301s") == "numero vos"


@pytest.mark.parametrize(
    ("words", "one"), [(("start", "starts", "started", "starting"), "start"), (("payment", "payments"), "payment")]
)
def test_forms_of_one_word_have_one_stem(words: tuple[str, ...], one: str) -> None:
    assert {stem(word) for word in words} == {one}


def test_words_neighbours_and_pairs_of_latin_script_are_counted() -> None:
    counted = set(count("please start before escrow is there", LATIN, LEXICON).features)
    assert {"start", "start_befor", "start_befor_escrow", "start~escrow"} <= counted
    assert {"#begin", "#before", "#escrow", "#begin>before", "#begin>before>escrow"} <= counted


def test_a_phrase_is_one_concept_and_not_its_words() -> None:
    counted = count("ahead of the milestones", LATIN, LEXICON)
    assert counted.concepts == ("before", "escrow")


def test_japanese_runs_and_concepts_are_counted() -> None:
    counted = count("仮払いの前に始めて", JAPANESE, LEXICON)
    assert {"仮", "仮払", "仮払い", "仮払いの", "#escrow", "#escrow>before"} <= set(counted.features)
    assert counted.concepts == ("escrow", "before")


def test_latin_names_are_known_within_japanese() -> None:
    assert count(folded("LINEで"), JAPANESE, LEXICON).concepts == ("app",)


def test_concepts_of_the_sentence_before_are_counted_with_those_of_this_one() -> None:
    assert "#escrow|before" in count("before that", LATIN, LEXICON, ("escrow",)).features


def test_what_is_said_a_hundred_times_counts_once() -> None:
    assert count("start " * 100, LATIN, LEXICON).features.count("start") == 1


@given(st.text(st.one_of(st.characters(), st.sampled_from("AÀéÿßœŁſŽ 10〜♪🙏")), max_size=40))
def test_letters_are_folded_wherever_there_are_any(text: str) -> None:
    unmarked = features._MARKS.sub("", text.lower().translate(features._FOLD))
    plain = features._DECORATION.sub(" ", unmarked)
    assert folded(text) == features._DIGITS.sub("0", plain)


@given(st.text(max_size=300))
def test_any_text_is_counted(text: str) -> None:
    read = folded(text)
    counted = count(read, script_of(read), LEXICON)
    assert all(counted.features)
    assert len(set(counted.features)) == len(counted.features)
