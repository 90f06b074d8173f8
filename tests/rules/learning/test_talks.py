"""Talks are read by file, and each of their answers says what it does."""

from pathlib import Path

import pytest

from rules.learning.talks import LabelledAnswer, Talk, answers_of_talk, answers_of_thread
from rules.meaning.labels import LANGUAGES
from rules.meaning.model import MODELS
from rules.meaning.sources import talk_files
from rules.meaning.texts import LabelledText, read_lines
from rules.problems import CatalogError

FILES = [path for name in MODELS for path in talk_files(name)]


def small() -> Talk:
    return Talk.model_validate(
        {
            "family": "aa-en-1",
            "lang": "en",
            "risk": "direct-contract",
            "ask": "Can I pay you directly?",
            "declines": ["I stay on the site."],
            "gives_in": ["The order is placed."],
            "presses": ["Just this once?"],
            "goes_along": ["Sure, here is my account."],
            "content": ["Great."],
        }
    )


def test_each_language_has_talks_of_several_hands() -> None:
    assert {path.parent.name for path in FILES} == set(LANGUAGES)
    for language in LANGUAGES:
        paths = [path for path in FILES if path.parent.name == language]
        assert len(paths) > 1
        families = [talk.family for talk in read_lines(paths, Talk)]
        assert len(set(families)) == len(families)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_hand_says_anything_twice(path: Path) -> None:
    talks = read_lines([path], Talk)
    assert {talk.lang for talk in talks} == {path.parent.name}
    answers = [answer.words for talk in talks for answer in answers_of_talk(talk)]
    assert len(set(answers)) == len(answers)


def test_an_answer_is_labelled_by_what_it_does_and_thanks_by_nothing() -> None:
    assert [*answers_of_talk(small())] == [
        LabelledAnswer("gives-in", "The order is placed.", True),
        LabelledAnswer("gives-in", "Just this once?", False),
        LabelledAnswer("gives-in", "Can I pay you directly?", False),
        LabelledAnswer("declines", "I stay on the site.", True),
        LabelledAnswer("declines", "Sure, here is my account.", False),
    ]


def thread(act: str, labels: list[str], *said: tuple[str, str]) -> LabelledText:
    messages = [{"by": by, "text": text} for by, text in said]
    return LabelledText.model_validate(
        {"family": "t", "lang": "en", "kind": "thread", "labels": labels, "act": act, "messages": messages}
    )


ASKED = ("client", "Start now?")
ANSWERED = ("freelancer", "After the deposit.")
LAST = (("client", "It is there."), ("client", "See?"))


def test_the_last_word_of_a_thread_gives_in_or_presses_by_its_label() -> None:
    last = "It is there.\nSee?"
    assert [*answers_of_thread(thread("right-order", [], ASKED, ANSWERED, *LAST))] == [
        LabelledAnswer("gives-in", last, True),
        LabelledAnswer("declines", ANSWERED[1], True),
    ]
    assert [*answers_of_thread(thread("asks", ["work-before-escrow"], ASKED, ANSWERED, *LAST, ANSWERED))] == [
        LabelledAnswer("gives-in", last, False)
    ]
    small_talk = ("freelancer", "Which colour?")
    assert [*answers_of_thread(thread("neutral", [], ANSWERED, ASKED, small_talk, *LAST))] == [
        LabelledAnswer("gives-in", last, True),
        LabelledAnswer("declines", ANSWERED[1], False),
        LabelledAnswer("declines", small_talk[1], False),
    ]
    assert not [*answers_of_thread(thread("asks", ["fee-upfront"], ASKED, *LAST))]


@pytest.mark.parametrize("line", ["{}", "no JSON", small().model_copy(update={"ask": ""}).model_dump_json()])
def test_a_line_that_is_no_talk_is_refused_by_file_and_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "aa.jsonl"
    path.write_text(f"{small().model_dump_json()}\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"aa\.jsonl:2: "):
        read_lines([path], Talk)
