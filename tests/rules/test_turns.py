"""The acts of a message in a deal."""

from datetime import UTC, date, datetime

import pytest

from extractors.records import Message
from rules.reading import Reading
from rules.turns import asks_revision, delivers, fingerprint, hands_over, key_of, refuses, revisions_stated, word_of

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("二段落目の修正をお願いします", True),
        ("もう一度書き直してください", True),
        ("could you please revise the intro", True),
        ("one more round, thanks", True),
        ("修正はありません。ありがとうございました", False),
        ("修正は2回までお願いします", False),
        ("修正は2回までとのことですが、もう一度色の修正をお願いします。", True),
        ("修正願います。2回まで無料ですよね。", True),
        ("変更も修正もありません。ご確認をお願いします。", False),
        ("変更なし、修正なしでお願いします", False),
        ("Please revise the header, no changes to the footer.", True),
        ("Please, no further changes", False),
        ("no further changes, please pay", False),
        ("納品を確認しました", False),
    ],
)
def test_a_request_for_a_revision(body: str, asks: bool) -> None:
    assert asks_revision(body) is asks


@pytest.mark.parametrize(
    ("body", "over"),
    [
        ("本日納品しました", True),
        ("修正版をお送りしました", True),
        ("I have delivered the article", True),
        ("the final files are attached", True),
        ("納品形式はどうしますか", False),
        ("明日納品します", False),
        ("まだ納品していません", False),
    ],
)
def test_work_is_handed_over_in_the_past_tense_alone(body: str, over: bool) -> None:
    assert hands_over(body) is over


def test_an_attachment_may_be_a_delivery_and_a_question_is_none() -> None:
    assert delivers(Message(body="どうぞ", attachments=("draft.docx",)))
    assert delivers(Message(body="納品いたします"))
    assert not delivers(Message(body="ご質問があります"))
    assert not delivers(Message())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("修正は2回まで無料です", 2),
        ("リテイクは三回まで", 3),
        ("up to five revisions", 5),
        ("two revisions are included", 2),
        ("修正をお願いします", None),
        ("", None),
    ],
)
def test_the_revisions_that_a_text_states(text: str, number: int | None) -> None:
    assert revisions_stated(Reading(text)) == number


@pytest.mark.parametrize(
    "body", ["LINEでのやり取りはお断りします", "サイト内だけでお願いします", "I'd rather stay here", "lo siento"]
)
def test_a_refusal(body: str) -> None:
    assert refuses(Reading(body))


def test_agreement_is_no_refusal() -> None:
    assert not refuses(Reading("承知しました。よろしくお願いします"))
    assert not refuses(Reading("I can't wait to start"))


def test_a_message_is_known_by_the_sites_id_else_by_author_time_and_text() -> None:
    message = Message(author_role="client", body="はい", sent_at=NOW)
    assert key_of(message.model_copy(update={"id": "17"})) == "17"
    assert key_of(message.model_copy(update={"id": "9" * 65})) == fingerprint(message)[:32]
    changes: list[dict[str, object]] = [{"author_role": "freelancer"}, {"body": "いいえ"}, {"sent_at": None}]
    keys = {key_of(message.model_copy(update=change)) for change in changes}
    assert len(keys | {key_of(message)}) == 4


def test_who_speaks_decides_on_the_act() -> None:
    body = "修正をお願いします。納品しました"
    client = word_of(Message(author_role="client", body=body), NOW)
    freelancer = word_of(Message(author_role="freelancer", body=body), NOW)
    assert (client.asks_revision, client.delivers, client.hands_over) == (True, False, False)
    assert (freelancer.asks_revision, freelancer.delivers, freelancer.hands_over) == (False, True, True)


def test_an_author_who_is_not_known_is_read_as_the_client() -> None:
    asked, handed = (word_of(Message(body=body), NOW) for body in ("修正をお願いします", "納品しました"))
    assert asked.asks_revision
    assert not handed.delivers
    assert not handed.hands_over


def test_a_message_without_a_time_has_that_of_its_first_sight() -> None:
    sent = date(2026, 11, 1)
    assert word_of(Message(body="x"), NOW).at == NOW
    assert word_of(Message(body="x", sent_at=sent), NOW).at == sent
