"""What stays caught under changes, and refusals: the changes keep the words, and files of another shape are refused."""

import random
from pathlib import Path

import pytest

from rules.engine import Engine
from rules.learning.measure import count_table, measure
from rules.learning.robustness import CHANGES, flagged_refusals, kept, refusals
from rules.meaning.texts import LabelledText
from rules.text import plain

TRAP = "手数料がもったいないので、次回からは直接契約でお願いできますか。"
HONEST = ["今日は天気がいいですね。", "資料を三枚お送りします。", "表紙は青にしてください。"]


def labelled(text: str, *labels: str) -> LabelledText:
    fields = {"family": "plain-a", "lang": "ja", "kind": "message", "labels": labels, "act": "neutral", "text": text}
    return LabelledText.model_validate(fields)


@pytest.fixture(scope="module")
def honest() -> list[LabelledText]:
    return [labelled(f"{text}{number}") for number in range(4) for text in HONEST]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_the_words(name: str, honest: list[LabelledText]) -> None:
    changed = CHANGES[name](labelled(TRAP, "direct-contract"), honest, random.Random(0))
    assert TRAP in plain(changed)


def test_texts_that_are_caught_are_counted_by_change(engine: Engine, honest: list[LabelledText]) -> None:
    threads = labelled("x").model_copy(update={"kind": "thread"})
    texts = [labelled(TRAP, "direct-contract"), labelled("x", "adult"), threads, *honest]
    counts = kept(measure(texts, engine), engine)
    left_alone = "other letters of the same look"
    expected = {name: {"ja": (1, 1)} for name in CHANGES} | {left_alone: {"ja": (0, 0)}}
    assert counts == expected, "the one that is not caught does not count, nor a change that leaves a text as it is"
    head, _, *rows = count_table("changed by", counts).splitlines()
    assert head == "| changed by | ja |"
    assert rows[0] == f"| {next(iter(CHANGES))} | 1/1 |"


def test_refusals_are_things_in_ways(tmp_path: Path, engine: Engine) -> None:
    file = tmp_path / "refusals.yaml"
    file.write_text("en:\n  things: [direct contracts]\n  ways: ['{} are forbidden.', 'No {}!']\n", "utf-8")
    assert list(refusals(file)) == [("en", "Direct contracts are forbidden."), ("en", "No direct contracts!")]
    assert flagged_refusals([file], engine).splitlines()[-1] == "| refusals | en | 2 | 0 | 0 |"


@pytest.mark.parametrize("content", ["", "en: x", "en: {things: [a]}", "en: {things: [a], ways: 3}"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "refusals.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"refusals\.yaml"):
        list(refusals(file))
