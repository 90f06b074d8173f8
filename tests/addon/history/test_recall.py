"""What was seen before of a page's one deal and one client, for its rules; of several, nothing is guessed."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from addon.history.recall import in_order, past
from addon.history.store import History
from extractors.records import Client, Contract, Job, Message, Money, Thread
from tests.addon.history.conftest import START, extraction, seen

DAY = timedelta(days=1)
BOSS = Client(id="52", name="青空企画制作所")
OTHER = Client(id="53", name="みなと商店")
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
