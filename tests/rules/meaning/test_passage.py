"""Windows are made where they are asked for, and what is not made would say nothing."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.meaning.model import KINDS
from rules.meaning.reader import shipped

SENTENCES = [
    "仮払いは来週になる予定ですが、それまでに先に作業を始めておいてください。",
    "仮払いを確認してから、作業を始めてください。",
    "お世話になっております。",
    "よろしくお願いいたします。",
    "I will fund the milestone next week, so please start the work now.",
    "Please start only after you see that the milestone is funded.",
    "Thank you for your application.",
    "Deposito na semana que vem, mas pode começar o trabalho agora.",
    "Ne commencez que lorsque l'acompte est versé.",
    "Un saludo",
    "龘",
    "No. 7",
]


@given(st.lists(st.sampled_from(SENTENCES) | st.text(max_size=20), max_size=12), st.floats(0.01, 0.99))
@settings(max_examples=150, deadline=None)
def test_what_no_window_can_reach_none_reaches(sentences: list[str], least: float) -> None:
    odds = dict.fromkeys(KINDS, math.log(least / (1 - least)))
    for passage in shipped().read(sentences).passages:
        likeliest = max((window.probability for window in passage.windows), default=0.0)
        assert likeliest < least or passage.may_reach(odds)


@pytest.mark.parametrize(("asked", "honest"), [SENTENCES[0:2], SENTENCES[4:6]])
def test_few_honest_texts_have_windows_at_all(asked: str, honest: str) -> None:
    (of_trap,) = shipped().read([asked]).passages
    (of_order,) = shipped().read([honest]).passages
    assert of_trap.may_reach(dict.fromkeys(KINDS, 0.0))
    assert not of_order.may_reach(dict.fromkeys(KINDS, math.log(0.95 / 0.05)))


@given(st.lists(st.sampled_from(SENTENCES), max_size=9), st.integers(0, 8), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_the_likeliest_window_around_a_sentence_is_that_of_all(sentences: list[str], number: int, longest: int) -> None:
    first = sentences.index(sentences[number]) if number < len(sentences) else number
    for passage in shipped().read(sentences).passages:
        around = [
            window.probability
            for window in passage.windows
            if window.kind != "core" and window.start <= first < window.end <= window.start + longest
        ]
        likeliest = passage.likeliest(number, longest)
        assert max(around, default=None) == (likeliest.probability if likeliest is not None else None)
