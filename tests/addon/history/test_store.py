"""What passed is remembered once, and comes back as facts."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.history.export import EXPORTED_TABLES
from addon.history.likeness import ALIKE, bands, likeness, signature
from addon.history.store import History
from extractors.records import AnyRecord, Client, Contract, Job, Link, Message, Money, Thread
from rules.model import Evidence
from rules.past import Step
from tests.addon.findings import finding
from tests.addon.history.conftest import START, extraction, rows, seen

DAY = timedelta(days=1)
BOSS = Client(id="52", name="青空企画制作所")
TEXT = (
    "ネットショップの商品データを表に入力していただくお仕事です。商品名、価格、在庫、説明文の四項目を、"
    "見本のとおりに整えてください。三百件ほどあり、慣れると一件二分ほどで終わります。"
)


def everything(history: History) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows(history, table.name) for table in EXPORTED_TABLES}


def deal(state: Any, **more: Any) -> Contract:
    return Contract(id="7", state=state, client=BOSS, title="商品データの入力", **more)


def talk(*messages: Message) -> Thread:
    return Thread(id="t1", contract_id="7", client=BOSS, messages=messages)


def said(role: Any, body: str, number: int, **more: Any) -> Message:
    return Message(id=str(number), author_role=role, body=body, sent_at=START + number * DAY, **more)


def test_reading_a_page_again_changes_only_when_it_was_last_seen(history: History) -> None:
    page = seen(
        deal("agreed"), talk(said("client", "よろしくお願いします。", 1)), findings=(finding("direct-contract"),)
    )
    history.record(page)
    once = everything(history)
    for _ in range(3):
        history.record(page)
    assert everything(history) == once
    history.record(seen(deal("agreed"), at=START + DAY))
    (row,) = rows(history, "client")
    assert (row["first_seen"], row["last_seen"]) == (START.isoformat(), (START + DAY).isoformat())


def test_a_clock_that_jumps_back_makes_nothing_younger_and_loses_no_step(history: History) -> None:
    history.record(seen(deal("agreed"), at=START))
    history.record(seen(deal("agreed"), at=START - 400 * DAY))
    (row,) = rows(history, "contract")
    assert (row["first_seen"], row["last_seen"]) == ((START - 400 * DAY).isoformat(), START.isoformat())
    history.record(seen(deal("escrow-funded"), at=START + 900 * DAY))
    # Out of another window, which was a little slower.
    history.record(seen(deal("agreed"), at=START + 900 * DAY - timedelta(minutes=2)))
    assert [row["state"] for row in rows(history, "step")] == ["agreed", "escrow-funded"]
    # The clock is right again: what comes later is later.
    history.record(seen(deal("delivered"), at=START + DAY))
    history.record(seen(deal("accepted"), at=START + 2 * DAY))
    assert [row["state"] for row in rows(history, "step")] == ["agreed", "escrow-funded", "delivered", "accepted"]


def test_a_clock_that_jumps_ahead_and_back_forgets_nothing(history: History) -> None:
    days = [0, 1, 2, 1_000, 3, 4]
    for number, day in enumerate(days):
        now = START + day * DAY
        history.record(seen(Contract(id=str(number), state="agreed"), at=now, page=f"https://crowdworks.jp/c/{number}"))
        if history.clock_holds(now):
            history.prune(now - 548 * DAY)
    assert len(list(rows(history, "contract"))) == len(days)


def test_after_a_long_absence_the_clock_is_believed_a_day_later(history: History) -> None:
    assert not history.clock_holds(START), "nothing to measure by yet"
    assert history.clock_holds(START + DAY)
    later = START + 400 * DAY
    assert [history.clock_holds(later + day * DAY / 2) for day in range(4)] == [False, False, True, True]


def test_what_a_page_does_not_show_takes_nothing_away(history: History) -> None:
    history.record(seen(deal("agreed", revisions_agreed=2)))
    history.record(seen(Contract(id="7", state="agreed")))
    (row,) = rows(history, "contract")
    assert (row["client_id"], row["title"], row["revisions_agreed"]) == ("52", "商品データの入力", 2)


def test_a_deal_comes_back_with_its_steps_and_what_was_said(history: History) -> None:
    yen = Money(amount=Decimal(30_000))
    history.record(seen(deal("agreed", amount=yen), at=START, page="https://crowdworks.jp/contracts/7"))
    history.record(seen(deal("agreed"), at=START + DAY))
    history.record(seen(deal("escrow-funded", amount=yen), at=START + 2 * DAY))
    history.record(
        seen(
            talk(
                said("freelancer", "納品しました。", 3),
                said("client", "色を修正してください。", 4),
                said("freelancer", "修正しました。", 5),
            ),
            kind="thread",
            at=START + 5 * DAY,
        )
    )
    history.record(seen(talk(said("client", "もう一度修正をお願いします。", 6)), kind="thread", at=START + 6 * DAY))
    past = history.past(extraction(deal("in-revision")))
    assert past is not None
    assert past.steps == (
        Step(
            state="agreed",
            at=START,
            until=START + DAY,
            amount=Decimal(30_000),
            currency="JPY",
            page="https://crowdworks.jp/contracts/7",
        ),
        Step(
            state="escrow-funded",
            at=START + 2 * DAY,
            until=START + 2 * DAY,
            amount=Decimal(30_000),
            currency="JPY",
            page="https://crowdworks.jp/contracts/1",
        ),
    )
    assert [(word.role, word.asks_revision, word.delivers) for word in past.words] == [
        ("freelancer", False, True),
        ("client", True, False),
        ("freelancer", False, True),
        ("client", True, False),
    ]
    assert history.past(extraction(Contract(id="8", state="agreed"))) is None
    assert history.set_revisions("crowdworks", "7", 1)
    again = history.past(extraction(deal("in-revision")))
    assert again is not None
    assert again.revisions_agreed == 1
    assert not history.set_revisions("crowdworks", "none", 1)


def test_words_are_kept_only_where_the_user_lets_them(history: History) -> None:
    secret = "口座は青葉銀行です。"
    page: list[AnyRecord] = [deal("agreed"), talk(said("client", secret, 1))]
    evidence = (Evidence(field="message.body", quote=secret),)
    found = finding("bank-account-wanted").model_copy(update={"evidence": evidence})
    history.record(seen(*page, findings=(found,)))
    assert secret not in json.dumps(everything(history), ensure_ascii=False)
    history.record(seen(*page, texts=True, findings=(found,)))
    kept = everything(history)
    assert kept["message"][0]["body"] == secret
    assert secret in kept["finding"][0]["told"]
    history.record(seen(*page, findings=(found,)))
    assert everything(history)["message"][0]["body"] == secret, "what was kept with leave is the user's"


def test_messages_that_a_script_fetched_are_of_the_deal_of_their_page(history: History) -> None:
    page = "https://crowdworks.jp/contracts/7"
    history.record(seen(deal("agreed"), page=page))
    fetched = seen(
        Thread(id="t9", messages=(said("client", "色を修正してください。", 1),)),
        page="https://crowdworks.jp/messages/7.json",
        kind="thread",
        findings=(finding("direct-contract"),),
    )
    history.record(replace(fetched, part_of=f"{page}#last"))
    past = history.past(extraction(deal("in-revision")))
    assert past is not None
    assert [word.asks_revision for word in past.words] == [True]
    (row,) = rows(history, "finding")
    assert (row["client_id"], row["contract_id"], row["page"]) == ("52", "7", f"{page}#last")
    states = {row["page"]: row["state"] for row in rows(history, "verdict")}
    assert states == {page: "clear", "https://crowdworks.jp/messages/7.json": "danger"}


def offer(client: str, body: str, number: str = "", name: str = "", links: tuple[Link, ...] = ()) -> Job:
    who = Client(id=client, name=name or f"client {client}")
    return Job(id=number or f"j{client}", title="入力", body=body, client=who, links=links)


def test_another_client_with_the_same_text_is_seen(history: History) -> None:
    history.record(seen(offer("52", TEXT, name="青空"), kind="job"))
    edited = TEXT.replace("三百件", "五百件")
    past = history.past(extraction(offer("99", edited), kind="job"))
    assert past is not None
    (alike,) = past.alike
    assert (alike.what, alike.client, alike.name, alike.seen) == ("text", "52", "青空", START.date())
    assert ALIKE <= alike.likeness <= 1
    assert history.past(extraction(offer("52", edited, "another"), kind="job")) is None, "their own earlier text"
    assert history.past(extraction(offer("99", "別の仕事です。" * 20), kind="job")) is None


def test_a_text_that_everybody_uses_says_nothing(history: History) -> None:
    for client in ("1", "2", "3", "4"):
        history.record(seen(offer(client, TEXT), kind="job"))
    assert history.past(extraction(offer("99", TEXT), kind="job")) is None


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("連絡は LINE ID: aozora_kikaku へ", "ラインはaozora_kikakuです", "contact"),
        ("hanako@aozora.example まで", "Write to HANAKO@aozora.example", "contact"),
        ("見本は https://files.example/aozora/1 です", "https://www.files.example/aozora/1", "link"),
    ],
)
def test_another_client_with_the_same_contact_or_link_is_seen(
    history: History, one: str, other: str, what: str
) -> None:
    history.record(seen(offer("52", one), kind="job"))
    past = history.past(extraction(offer("99", other), kind="job"))
    assert past is not None
    assert [(alike.what, alike.client) for alike in past.alike] == [(what, "52")]


def test_a_contact_that_was_written_into_a_known_text_is_seen(history: History) -> None:
    history.record(seen(offer("52", TEXT), kind="job"))
    history.record(seen(offer("52", f"{TEXT}連絡は LINE ID: aozora_kikaku へ"), kind="job"))
    past = history.past(extraction(offer("99", "ラインはaozora_kikakuです"), kind="job"))
    assert past is not None
    assert [(alike.what, alike.client) for alike in past.alike] == [("contact", "52")]


def test_a_page_of_the_site_itself_is_no_clients_link(history: History) -> None:
    rules = "規約は https://crowdworks.jp/pages/agreement です"
    history.record(seen(offer("52", rules), kind="job"))
    assert history.past(extraction(offer("99", rules), kind="job")) is None


def test_a_client_is_forgotten_whole(history: History) -> None:
    page: list[AnyRecord] = [deal("agreed"), talk(said("client", TEXT, 1)), offer("52", TEXT, name=BOSS.name or "")]
    history.record(seen(*page, findings=(finding("direct-contract"),)))
    history.record(seen(Contract(id="8", state="agreed", client=Client(id="53"))))
    history.forget_client("crowdworks", "52")
    left = everything(history)
    assert {name: len(rows) for name, rows in left.items() if rows} == {
        "client": 1,
        "contract": 1,
        "step": 1,
        "verdict": 1,
    }
    assert history.past(extraction(offer("99", TEXT), kind="job")) is None
    history.forget_all()
    assert not any(everything(history).values())


def test_what_was_not_seen_for_long_is_forgotten_and_notes_stay(history: History) -> None:
    history.record(seen(deal("agreed"), at=START))
    history.record(
        seen(
            Contract(id="8", state="agreed", client=Client(id="53")), at=START, page="https://crowdworks.jp/contracts/8"
        )
    )
    assert history.set_note("crowdworks", "52", "支払いが早い")
    assert not history.set_note("crowdworks", "none", "?")
    history.record(seen(Contract(id="9", state="agreed", client=Client(id="54")), at=START + 500 * DAY))
    history.prune(START + 400 * DAY)
    assert [row["id"] for row in rows(history, "client")] == ["52", "54"]
    assert [row["id"] for row in rows(history, "contract")] == ["9"]


@pytest.mark.slow
@given(st.text(min_size=0, max_size=400), st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_likeness_is_a_share_and_whole_for_the_same_text(one: str, other: str) -> None:
    first, second = signature(one), signature(other)
    if first is None or second is None:
        return
    assert likeness(first, first) == 1
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert bands(first) == bands(first)
    assert all(-(2**63) <= band < 2**63 for band in bands(first))


def test_signatures_are_the_same_in_every_process_and_on_every_machine() -> None:
    # They are stored: a library that hashes otherwise would forget every text.
    signed = signature(TEXT)
    assert signed is not None
    assert signed.hex()[:32] == "487dc426b2a43e7454921f5ed517b280"


BESIDE = (
    "この度はご応募いただきありがとうございます。ご不明な点がありましたらお気軽にお知らせください。"
    "よろしくお願いいたします。\n"
)


def test_greetings_and_headings_make_nobody_alike(history: History) -> None:
    greeting = f"はじめまして。{BESIDE}" * 3 + "【お仕事の内容】\n【応募方法】\n"
    assert signature(greeting) is None
    history.record(seen(offer("52", greeting + "猫の写真に名前を付けるお仕事です。"), kind="job"))
    assert history.past(extraction(offer("99", greeting + "会議の録音を文字にするお仕事です。"), kind="job")) is None
    assert signature(TEXT + BESIDE) == signature(TEXT)


def test_the_likeness_shows_both_sides(history: History) -> None:
    history.record(seen(offer("52", TEXT, name="青空"), kind="job"))
    past = history.past(extraction(offer("99", "はじめまして。\n" + TEXT), kind="job"))
    assert past is not None
    (alike,) = past.alike
    assert (alike.mine, alike.theirs) == ("はじめまして。", "入力")


def test_a_numbered_name_is_of_one_form(history: History) -> None:
    history.record(seen(Client(id="52", name="aozora_work01"), kind="client"))
    past = history.past(extraction(Client(id="99", name="Aozora_Work77"), kind="client"))
    assert past is not None
    (alike,) = past.alike
    assert (alike.what, alike.name, alike.theirs) == ("name", "aozora_work01", None)
    assert 0.8 < alike.likeness < 1
    history.record(seen(Client(id="60", name="user10234"), kind="client"))
    assert history.past(extraction(Client(id="61", name="user99887"), kind="client")) is None


def test_what_a_database_refuses_is_kept_without_it(history: History) -> None:
    client = Client(id="5\x002", name="青\x00空" * 9)
    long = "x" * 5_000
    page = f"https://crowdworks.jp/contracts/{long}"
    for _ in range(2):
        history.record(seen(Contract(id=long, state="agreed", client=client, title="題\x00"), page=page))
    (row,) = rows(history, "contract")
    assert row["title"] == "題"
    past = history.past(extraction(Contract(id=long, state="delivered", client=client)))
    assert past is not None
    assert [step.state for step in past.steps] == ["agreed"]
    history.forget_client("crowdworks", "5\x002")
    assert not list(rows(history, "contract"))


def test_leave_taken_back_takes_no_words_away(history: History) -> None:
    found = finding("bank-account-wanted").model_copy(
        update={"evidence": (Evidence(field="message.body", quote="口座"),)}
    )
    for texts in (True, False):
        history.record(seen(deal("agreed"), texts=texts, findings=(found,)))
    (row,) = rows(history, "finding")
    assert json.loads(row["told"])["quotes"] == ["口座"]


def test_a_deal_keeps_all_its_steps_and_the_number_the_user_set(history: History) -> None:
    history.record(seen(deal("agreed"), at=START))
    history.record(seen(deal("delivered"), at=START + 600 * DAY))
    history.record(seen(Contract(id="8", state="agreed"), at=START, page="https://crowdworks.jp/contracts/8"))
    assert history.set_revisions("crowdworks", "8", 1)
    history.prune(START + 500 * DAY)
    assert [row["state"] for row in rows(history, "step")] == ["agreed", "delivered", "agreed"]
    assert {row["id"] for row in rows(history, "contract")} == {"7", "8"}


def test_messages_loaded_later_stand_where_they_were_said(history: History) -> None:
    talked = [said("freelancer", "納品しました。", 1), said("client", "色を修正してください。", 2)]
    later = [said("freelancer", "修正しました。", 3), said("client", "もう一度修正をお願いします。", 4)]
    history.record(seen(talk(*later), kind="thread", at=START + 5 * DAY))
    history.record(seen(talk(*talked), kind="thread", at=START + 6 * DAY))
    past = history.past(extraction(talk(), kind="thread"))
    assert past is not None
    assert [word.key for word in past.words] == ["1", "2", "3", "4"]
