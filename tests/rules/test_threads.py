"""Several messages of one thread together: told in pieces, asked again after a refusal, escrow put off."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from addon.state.paths import FilePatternCache
from extractors.records import Contract, ContractState, Message, Thread
from rules.derive import derive
from rules.engine import Engine
from rules.escrow_talk import escrow_talk
from rules.loader import Catalog
from rules.meaning.texts import LabelledText
from rules.model import Finding
from rules.reading import Reading
from rules.testing import NOW, site_named
from rules.turns import refuses

THREADS = [
    LabelledText.model_validate(json.loads(line))
    for line in (Path(__file__).parent / "meaning" / "threads.jsonl").read_text(encoding="utf-8").splitlines()
]
"""Written for these tests alone, when the models had been learnt; nothing is learnt from them."""
PAIR = (
    ("client", "図面が細かいので、続きはLINEでやり取りしませんか。"),
    ("freelancer", "連絡はサイトの中だけでお願いしています。"),
)
AGAIN = ("client", "そこを何とか。LINEのほうが早いので、IDを教えてください。")


def thread(*said: tuple[str, str]) -> Thread:
    return Thread.model_validate(
        {
            "messages": [
                {"author_role": role, "body": body, "sources": {"message.body": f"#m{number}", "body": f"#m{number}"}}
                for number, (role, body) in enumerate(said)
            ]
        }
    )


def judged(engine: Engine, *records: Thread | Contract | Message) -> Sequence[Finding]:
    findings = engine.judge(derive(records, site=site_named("unknown"), now=NOW)).findings
    return [finding for finding in findings if finding.severity != "notice"]


def of_text(text: LabelledText) -> Thread:
    return thread(*((message.by, message.text) for message in text.messages))


def test_threads_that_nobody_learnt_from_are_told_apart(engine: Engine) -> None:
    risky = [text for text in THREADS if text.labels]
    honest = [text for text in THREADS if not text.labels]
    assert len(risky) >= 20
    assert len(honest) >= 15
    caught = sum(bool(judged(engine, of_text(text))) for text in risky)
    wrongly = sum(bool(judged(engine, of_text(text))) for text in honest)
    assert caught >= 0.9 * len(risky)
    assert wrongly <= 0.15 * len(honest)


def test_no_honest_thread_is_warned_of_as_a_thread(engine: Engine) -> None:
    honest = [text for text in THREADS if not text.labels]
    assert not [f.rule for text in honest for f in judged(engine, of_text(text)) if f.subject == "thread"]


def test_asked_again_quotes_the_request_the_one_before_and_the_refusal(engine: Engine) -> None:
    (found,) = [f for f in judged(engine, thread(*PAIR, AGAIN)) if f.rule == "asked-again"]
    assert [evidence.selector for evidence in found.evidence] == ["#m2", "#m0", "#m1"]
    assert found.evidence[0].quote in AGAIN[1]
    assert found.evidence[0].quote in found.seen.ja


@pytest.mark.parametrize(
    "messages",
    [
        (PAIR[0], AGAIN),
        (PAIR[0], ("freelancer", "はい、わかりました。"), AGAIN),
        (*PAIR, ("client", "失礼しました。では、こちらで続けさせてください。")),
        (PAIR[1], AGAIN),
    ],
    ids=["not answered", "not refused", "accepted", "asked once"],
)
def test_what_was_not_refused_is_not_asked_again(engine: Engine, messages: Sequence[tuple[str, str]]) -> None:
    assert "asked-again" not in {f.rule for f in judged(engine, thread(*messages))}


def test_the_freelancers_own_request_is_no_ones_repeated(engine: Engine) -> None:
    turned = [("client" if role == "freelancer" else "freelancer", body) for role, body in (*PAIR, AGAIN)]
    assert not judged(engine, thread(*turned))


def test_what_only_messages_together_tell_is_warned_of_at_the_last(engine: Engine) -> None:
    asked, answer, wanted = "普段LINEは使われますか？", "はい、家族とだけですが。", "では、そちらのIDは何ですか？"
    assert not judged(engine, Message(author_role="client", body=asked))
    assert not judged(engine, Message(author_role="client", body=wanted))
    (found,) = judged(engine, thread(("client", asked), ("freelancer", answer), ("client", wanted)))
    assert (found.risk, found.severity, found.subject) == ("off-platform-contact", "caution", "message")
    assert [evidence.quote for evidence in found.evidence] == [asked, wanted]
    assert [evidence.selector for evidence in found.evidence] == ["#m0", "#m2"]
    assert "やり取りの流れから、サイト外での連絡の誘いと読めます" in found.seen.ja


def test_messages_of_other_threads_are_not_read_together(engine: Engine) -> None:
    asked, wanted = thread(("client", "LINEは使っていますか？")), thread(("client", "そちらのIDは何ですか？"))
    assert not judged(engine, asked, wanted)


def test_a_thread_told_in_pieces_is_told_whatever_stands_before_it(engine: Engine) -> None:
    before = [("client", f"{number}枚目の図面を確認しました。ありがとうございます。") for number in range(30)]
    pieces = [
        ("client", "普段LINEは使われますか？"),
        ("freelancer", "はい、家族とだけですが。"),
        ("client", "では、そちらのIDは何ですか？"),
    ]
    assert {f.risk for f in judged(engine, thread(*before, *pieces))} >= {"off-platform-contact"}


LATE = (
    ("client", "仮払いは今日の夕方にしますね。"),
    ("client", "すみません、今日は銀行に行けず、仮払いは明日になります。"),
    ("client", "担当が休みで、仮払いは木曜まで待ってください。"),
)


def test_escrow_put_off_twice_names_the_messages(engine: Engine) -> None:
    (found,) = [f for f in judged(engine, thread(*LATE)) if f.rule == "escrow-put-off-again"]
    assert [evidence.quote for evidence in found.evidence] == [LATE[2][1], LATE[1][1]]
    assert "2回" in found.seen.ja


@pytest.mark.parametrize(
    "last",
    [
        ("client", "仮払いしました。"),
        ("system", "仮払いが完了しました。"),
        ("client", "お待たせしました、仮払い済みです。"),
    ],
)
def test_escrow_that_came_was_not_put_off(engine: Engine, last: tuple[str, str]) -> None:
    assert "escrow-put-off-again" not in {f.rule for f in judged(engine, thread(*LATE, last))}


@pytest.mark.parametrize(("state", "fires"), [("agreed", True), ("escrow-funded", False), ("delivered", False)])
def test_escrow_that_the_site_shows_was_not_put_off(engine: Engine, state: ContractState, fires: bool) -> None:
    rules = {f.rule for f in judged(engine, Contract(state=state), thread(*LATE))}
    assert ("escrow-put-off-again" in rules) is fires


def test_escrow_put_off_needs_no_model(catalog: Catalog, patterns: FilePatternCache) -> None:
    engine = Engine.build(catalog, patterns)
    assert "escrow-put-off-again" in {f.rule for f in judged(engine, thread(*LATE))}
    assert "asked-again" not in {f.rule for f in judged(engine, thread(*PAIR, AGAIN))}


def test_work_asked_for_while_escrow_is_late_quotes_both(engine: Engine) -> None:
    messages = [("client", "仮払いが少し遅れています。"), ("client", "今どのくらい進んでいますか？")]
    (found,) = judged(engine, thread(*messages))
    assert found.rule == "work-asked-while-escrow-late"
    assert [evidence.quote for evidence in found.evidence] == [body for _, body in messages]
    assert not judged(engine, thread(*messages[::-1]))


def test_a_message_that_has_work_wait_and_asks_for_it_all_the_same_counts(engine: Engine) -> None:
    messages = [
        ("client", "仮払いの確認が遅れていて、もう少しかかります。"),
        ("client", "仮払いはさらに遅れます。完了後に作業とお伝えしましたが、先に始めてください。"),
    ]
    assert {f.rule for f in judged(engine, thread(*messages)) if f.subject == "thread"} == {
        "escrow-put-off-again",
        "work-asked-while-escrow-late",
    }


def test_a_file_that_is_there_is_no_escrow_that_came(engine: Engine) -> None:
    messages = [*LATE, ("client", "The brief is uploaded, it's there in the folder.")]
    assert "escrow-put-off-again" in {f.rule for f in judged(engine, thread(*messages))}


@pytest.mark.parametrize(
    "body",
    [
        "今、仮払いが完了しました。",
        "仮払いしました。",
        "The milestone is funded now.",
        "I've just funded it.",
        "Já está depositado.",
    ],
)
def test_escrow_is_said_to_be_there(body: str) -> None:
    assert escrow_talk(Reading(body)).paid_in == body


@pytest.mark.parametrize(
    "body",
    [
        "仮払いが完了しましたら始めてください。",
        "Once the milestone is funded, begin.",
        "The escrow is not funded yet.",
    ],
)
def test_escrow_that_is_yet_to_come_is_not_there(body: str) -> None:
    assert escrow_talk(Reading(body)).paid_in is None


@pytest.mark.parametrize(
    "body",
    [
        "お受けしておりません。",
        "サイトの中だけでお願いします。",
        "I'd rather not.",
        "Sorry, I can't do that.",
        "Je préfère rester ici.",
    ],
)
def test_a_refusal_is_one(body: str) -> None:
    assert refuses(Reading(body))


@pytest.mark.parametrize(
    "body",
    [
        "No problem.",
        "承知しました。",
        "Sure, I don't mind.",
        "はい、お願いします。",
        "D'accord.",
    ],
)
def test_an_agreement_is_no_refusal(body: str) -> None:
    assert not refuses(Reading(body))
