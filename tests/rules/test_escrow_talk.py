"""A client's statements about escrow and the work beside it."""

import pytest

from rules.escrow_talk import EscrowTalk, escrow_talk, mentions_escrow
from rules.reading import Reading


def talk(text: str) -> EscrowTalk:
    return escrow_talk(Reading(text))


@pytest.mark.parametrize(
    "text", ["仮払いが完了しました。", "the escrow is funded", "I have just funded it", "já está depositado"]
)
def test_escrow_is_paid_in(text: str) -> None:
    assert talk(text).paid_in == text


@pytest.mark.parametrize(
    "text", ["仮払いが完了したら始めてください。", "once the escrow is funded, start", "仮払いはまだです。"]
)
def test_escrow_that_is_only_hoped_for_is_not_paid_in(text: str) -> None:
    assert talk(text).paid_in is None


@pytest.mark.parametrize("text", ["The brief is up, it's there in the folder.", "ok, it's done", "It's paid work."])
def test_a_thing_that_is_no_money_is_not_paid_in(text: str) -> None:
    assert talk(text).paid_in is None


def test_a_promise_and_a_delay_are_told_apart() -> None:
    promised = talk("仮払いは明日します。")
    assert (promised.promise, promised.postponement) == ("仮払いは明日します。", None)
    postponed = talk("仮払いが遅れています。明日には。")
    assert (postponed.promise, postponed.postponement) == (None, "仮払いが遅れています。")
    assert talk("sorry, the escrow is delayed").postponement is not None


def test_the_right_order_and_a_request_to_begin() -> None:
    assert talk("仮払い後に作業をお願いします。").work_waits
    assert talk("please don't start before escrow").work_waits
    asked = talk("仮払いはまだですが、進めておいてください。")
    assert asked.work_asked is not None
    assert not talk("よろしくお願いします。").work_waits


@pytest.mark.parametrize(
    "text",
    [
        "仮払いを確認してから作業を始めてください。",
        "仮払いの完了後、着手をお願いします。",
        "仮払いはまだですので、作業はお待ちください。",
        "once the escrow is funded, please start",
        "please start as soon as the milestone is in place",
        "仮払いが遅れておりますので、ひとまず作業はお待ちください。",
        "仮払いがまだですので、先に作業を始めないでください。",
        "取り急ぎ、仮払いを確認してから作業を始めてください。",
        "The milestone is still not funded, please don't start now.",
        "Once I've funded the milestone, please start.",
        "Please start when the payment is in escrow.",
        "仮払い確認後の作業開始でお願いします。",
    ],
)
def test_work_that_is_to_wait_is_not_asked_for(text: str) -> None:
    assert talk(text).work_waits
    assert talk(text).work_asked is None


@pytest.mark.parametrize(
    "text",
    [
        "仮払いの確認が遅れていて、もう少しかかります。",
        "仮払いの承認が下り次第ご連絡します。",
        "I will pay the bill once the escrow page works.",
        "I'll tell you when the milestone is funded.",
        "仮払いは遅れますので、先に作業を進めてお待ちください。",
    ],
)
def test_a_word_on_escrow_alone_does_not_make_the_work_wait(text: str) -> None:
    assert not talk(text).work_waits


@pytest.mark.parametrize(
    "text",
    [
        "仮払いは遅れます。入金でき次第払います。先に始めてください。",
        "仮払いの確認が遅れていますが、作業は進めておいてください。",
        "入金でき次第払いますので、先に始めてください。",
        "仮払い後に作業とお伝えしましたが、待たずに始めてください。",
        "Please start now, I will fund it when the escrow page works.",
        "Once my bank clears it the milestone gets funded, please start in the meantime.",
        "仮払い後に作業とお伝えしましたが、ひとまず始めてください。",
        "仮払い後の作業ですと間に合わないので、始めてください。",
        "Please start the work, when I have the money I'll put it in escrow.",
    ],
)
def test_work_that_is_asked_for_at_once_does_not_wait(text: str) -> None:
    assert not talk(text).work_waits
    assert talk(text).work_asked is not None


def test_a_message_without_a_word_of_it_says_nothing() -> None:
    assert talk("記事の構成を送ります。") == EscrowTalk()
    assert not mentions_escrow(Reading("記事の構成を送ります。"))
    assert mentions_escrow(Reading("ｴｽｸﾛｰについて"))


def test_a_statement_that_is_shown_in_another_order_than_written_counts() -> None:
    assert talk(f"\u202e{'仮払いが完了しました。'[::-1]}\u202c").paid_in is not None
