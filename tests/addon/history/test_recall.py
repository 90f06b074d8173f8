"""What was seen before of a page's one deal and one client, for its rules; of several, nothing is guessed."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

from addon.history.likeness import bands, signature
from addon.history.recall import in_order, past
from addon.history.schema import BAND, SAMPLE
from addon.history.store import History
from extractors.records import Client, Contract, Job, Message, Money, Thread
from tests.addon.history.conftest import START, extraction, seen

DAY = timedelta(days=1)
BOSS = Client(id="52", name="青空企画制作所")
OTHER = Client(id="53", name="みなと商店")
OFFER = (
    "商品データを表に入力するお仕事です。商品名、価格、在庫、説明文を見本のとおりに整えてください。三百件ほどあります。"
    "作業の手順は面接のあとに共有します。慣れた方には、続けて在庫の確認も任せたいと考えています。"
)
CONTACT = "ご連絡は aozora@example.com までお願いします。"


def _deal(state: Any, ident: str = "7", client: Client = BOSS) -> Contract:
    return Contract(id=ident, state=state, client=client, amount=Money(amount=Decimal(30_000)))


def test_of_a_new_deal_nothing_is_known(history: History) -> None:
    assert past(history.engine, extraction(_deal("agreed"))) is None


def test_the_steps_of_the_one_deal_come_back_in_order(history: History) -> None:
    history.record(seen(_deal("agreed"), at=START))
    history.record(seen(_deal("delivered"), at=START + DAY))
    known = past(history.engine, extraction(_deal("delivered")))
    assert known is not None
    assert [(step.state, step.amount) for step in known.steps] == [
        ("agreed", Decimal(30_000)),
        ("delivered", Decimal(30_000)),
    ]
    two = extraction(_deal("agreed"), _deal("agreed", "8"))
    assert past(history.engine, two) is None, "a page with two deals is about neither"


def test_a_conversation_has_the_deal_that_an_earlier_page_named(history: History) -> None:
    words = (Message(id="1", author_role="client", body="修正は2回まで。", sent_at=START),)
    history.record(seen(_deal("agreed"), Thread(id="t1", contract_id="7", client=BOSS, messages=words)))
    known = past(history.engine, extraction(Thread(id="t1", messages=()), kind="thread"))
    assert known is not None
    assert ([step.state for step in known.steps], len(known.words)) == (["agreed"], 1)


def test_another_client_with_the_same_contact_is_alike_and_oneself_is_not(history: History) -> None:
    history.record(seen(Job(id="1", client=OTHER, title="入力", body=CONTACT), kind="job"))
    mine = extraction(Job(id="2", client=BOSS, body=CONTACT), kind="job")
    known = past(history.engine, mine)
    assert known is not None
    (alike,) = known.alike
    assert (alike.what, alike.client, alike.name) == ("contact", "53", "みなと商店")
    assert past(history.engine, extraction(Job(id="3", client=OTHER, body=CONTACT), kind="job")) is None
    several = extraction(Job(id="2", client=BOSS, body=CONTACT), Job(id="4", client=BOSS), kind="job-list")
    assert past(history.engine, several) is None


@pytest.mark.parametrize("count", range(1, 10))
def test_however_many_details_a_client_shows_each_is_looked_for(history: History, count: int) -> None:
    contacts = [f"aozora{number}@example.com" for number in range(count)]
    for number, contact in enumerate(contacts):
        other = Client(id=f"9{number}", name=f"見本の依頼者 {'いろはにほへとちり'[number]}")
        history.record(seen(Job(id=f"1{number}", client=other, title="入力", body=f"{contact} まで。"), kind="job"))
    mine = Job(id="2", client=BOSS, body="、".join(contacts) + " まで。")
    known = past(history.engine, extraction(mine, kind="job"))
    assert known is not None
    assert {alike.mine for alike in known.alike} == set(contacts)


def test_a_database_elsewhere_is_asked_for_many_details_at_once(history: History) -> None:
    contacts = " ".join(f"aozora{number}@example.com" for number in range(100))
    history.record(seen(Job(id="1", client=OTHER, title="入力", body=contacts), kind="job"))
    statements: list[str] = []
    event.listen(history.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    known = past(history.engine, extraction(Job(id="2", client=BOSS, body=contacts), kind="job"))
    assert known is not None
    assert [alike.client for alike in known.alike] == [OTHER.id]
    of_tokens = [statement for statement in statements if "FROM token" in statement]
    assert len(of_tokens) == (7 if history.engine.dialect.name == "sqlite" else 1)


@pytest.mark.parametrize("contact", [f"rare{number}@example.com" for number in range(4)])
def test_a_contact_is_found_beside_a_detail_that_hundreds_show(history: History, contact: str) -> None:
    link = "https://example.com/our-common-form"
    for first in range(0, 300, 50):
        jobs = [Job(id=str(number), client=Client(id=f"c{number}"), body=link) for number in range(first, first + 50)]
        history.record(seen(*jobs, kind="job-list"))
    history.record(seen(Job(id="1000", client=OTHER, title="入力", body=contact), kind="job"))
    mine = Job(id="2", client=BOSS, body=f"{link} または {contact} まで。")
    known = past(history.engine, extraction(mine, kind="job"))
    assert known is not None
    assert [(alike.what, alike.client) for alike in known.alike] == [("contact", OTHER.id)]


def test_a_detail_that_hundreds_show_identifies_nobody_beside_another(history: History) -> None:
    links = [f"https://example.com/common-form-{number}" for number in range(4)]
    for first in range(0, 90, 30):
        numbers = range(first, first + 30)
        jobs = [Job(id=str(number), client=Client(id=f"c{number}"), body=" ".join(links)) for number in numbers]
        history.record(seen(*jobs, kind="job-list"))
    mine = extraction(Job(id="1000", client=BOSS, body=" ".join(links)), kind="job")
    assert past(history.engine, mine) is None


def _postings(history: History, client: Client, count: int, first: int) -> None:
    """Record jobs of a client, all with one text."""
    for begin in range(first, first + count, 50):
        numbers = range(begin, min(begin + 50, first + count))
        history.record(seen(*(Job(id=str(n), client=client, body=OFFER) for n in numbers), kind="job-list"))


def _alike_to_offer(history: History) -> set[str | None]:
    known = past(history.engine, extraction(Job(id="9999", client=BOSS, body=OFFER), kind="job"))
    return {alike.client for alike in known.alike} if known is not None else set()


@pytest.mark.parametrize("of_one", [BOSS, Client(id="60")], ids=["own", "another"])
def test_a_text_is_found_beside_hundreds_of_the_same_of_one_client(history: History, of_one: Client) -> None:
    _postings(history, of_one, 210, first=1)
    _postings(history, OTHER, 1, first=1_000)
    _postings(history, of_one, 210, first=2_000)
    assert _alike_to_offer(history) == {OTHER.id, of_one.id} - {BOSS.id}


def test_a_text_of_many_clients_identifies_nobody_though_one_posts_it_often(history: History) -> None:
    _postings(history, OTHER, 210, first=1)
    for number in range(3):
        _postings(history, Client(id=f"c{number}"), 1, first=1_000 + number)
    _postings(history, OTHER, 210, first=2_000)
    assert _alike_to_offer(history) == set()


def test_the_likeliest_text_is_found_among_hundreds_that_share_a_phrase(history: History) -> None:
    signed = signature(OFFER)
    assert signed is not None
    crowded, another, *_ = sorted(bands(signed))

    def crowd(numbers: range) -> None:
        with history.engine.begin() as db:
            row = {"site": "crowdworks", "subject": "job", "signature": bytes(240), "first_seen": START}
            samples = [row | {"number": n, "client_id": f"c{n}", "subject_id": str(n)} for n in numbers]
            db.execute(SAMPLE.insert(), samples)
            db.execute(BAND.insert(), [{"band": crowded, "sample": n} for n in numbers])

    crowd(range(1_000, 1_210))
    _postings(history, OTHER, 1, first=1)
    crowd(range(2_000, 2_210))
    with history.engine.begin() as db:
        # A text that is edited shares some bands, not all.
        db.execute(BAND.delete().where(BAND.c.band.not_in((crowded, another))))
    assert _alike_to_offer(history) == {OTHER.id}


def test_a_text_and_a_detail_are_looked_up_by_an_index(history: History) -> None:
    if history.engine.dialect.name != "sqlite":
        pytest.skip("what a small PostgreSQL table is read by says nothing")
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        plans.extend(row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(history.engine, "before_cursor_execute", explain)
    past(history.engine, extraction(Job(id="2", client=BOSS, body=f"{OFFER} {CONTACT}"), kind="job"))
    of_tables = [plan for plan in plans if {"token", "band", "sample"} & set(plan.split())]
    assert of_tables
    assert all(plan.startswith("SEARCH") for plan in of_tables), of_tables


def test_of_a_long_conversation_the_newest_messages_count_whatever_was_seen_last(history: History) -> None:
    def page(numbers: range, at: int) -> None:
        messages = tuple(
            Message(id=str(n), author_role="client", body="はい。", sent_at=START + n * timedelta(minutes=1))
            for n in numbers
        )
        thread = Thread(id="t1", contract_id="7", client=BOSS, messages=messages)
        history.record(seen(_deal("agreed"), thread, at=START + at * DAY))

    page(range(300, 600), at=1)
    page(range(300), at=2)
    known = past(history.engine, extraction(_deal("agreed")))
    assert known is not None
    assert [word.key for word in known.words] == [str(number) for number in range(100, 600)]


def test_messages_whose_time_is_a_day_stay_in_the_order_of_the_page() -> None:
    def row(key: str, sent_at: str | None, place: int) -> SimpleNamespace:
        signs = dict.fromkeys(("asks_revision", "delivers", "hands_over"), False)
        times = {"sent_at": sent_at, "place": place, "first_seen": START}
        return SimpleNamespace(key=key, role="client", revisions=None, **times, **signs)

    later, earlier = START + 2 * timedelta(hours=1), START + timedelta(hours=1)
    exact = [row("b", later.isoformat(), 0), row("a", earlier.isoformat(), 1)]
    assert [word.key for word in in_order(exact)] == ["a", "b"]
    by_day = [row("b", date(2026, 11, 1).isoformat(), 0), row("a", earlier.isoformat(), 1)]
    assert [word.key for word in in_order(by_day)] == ["b", "a"]
