"""What is written of one page: steps only forward, words only with leave, contexts from around."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from addon.history.store import History
from addon.history.warnings import warnings_given
from extractors.records import Client, Contract, Message, Money, Thread
from rules.model import Evidence
from tests.addon.findings import finding
from tests.addon.history.conftest import START, rows, seen

BOSS = Client(id="52", name="青空企画")
HOUR = timedelta(hours=1)
PAGE = "https://crowdworks.jp/contracts/7"


def _deal(state: Any, amount: int | None = None) -> Contract:
    money = Money(amount=Decimal(amount)) if amount is not None else None
    return Contract(id="7", state=state, client=BOSS, amount=money)


def _states(history: History) -> list[str]:
    return [row["state"] for row in rows(history, "step")]


def test_a_step_is_a_change_of_state_or_amount_and_an_amount_not_shown_is_none(history: History) -> None:
    for hours, deal in enumerate((_deal("agreed", 100), _deal("agreed"), _deal("agreed", 120), _deal("delivered"))):
        history.record(seen(deal, at=START + hours * HOUR, page=PAGE))
    steps = [(row["state"], row["amount"]) for row in rows(history, "step")]
    assert steps == [("agreed", "100"), ("agreed", "120"), ("delivered", None)]


def test_an_older_view_out_of_another_window_is_no_step_back(history: History) -> None:
    history.record(seen(_deal("delivered"), at=START, page=PAGE))
    history.record(seen(_deal("agreed"), at=START - HOUR / 2, page=PAGE))
    assert _states(history) == ["delivered"]
    history.record(seen(_deal("disputed"), at=START - 2 * HOUR, page=PAGE))
    assert _states(history) == ["delivered", "disputed"], "a clock that jumped does not tell which came first"


@pytest.mark.parametrize("texts", [True, False])
def test_words_of_messages_are_written_with_leave_alone(history: History, texts: bool) -> None:
    said = Message(id="1", author_role="client", body="直接で", sent_at=START)
    warning = finding("a").model_copy(update={"evidence": (Evidence(field="message.body", quote="直接で"),)})
    talk = Thread(id="t", client=BOSS, messages=(said,))
    history.record(seen(talk, kind="thread", findings=(warning,), texts=texts))
    (row,) = rows(history, "message")
    assert row["body"] == ("直接で" if texts else None)
    assert warnings_given(history)[0].quotes == (["直接で"] if texts else [])


def test_data_that_a_page_fetched_is_of_that_pages_client_and_deal(history: History) -> None:
    history.record(seen(_deal("agreed"), page=f"{PAGE}#top"))
    talk = Thread(id="t", messages=(Message(id="1", author_role="client", body="x"),))
    fetched = seen(talk, page="https://crowdworks.jp/messages.json", kind="thread", findings=(finding("a"),))
    history.record(replace(fetched, part_of=f"{PAGE}#messages"))
    (warned,) = warnings_given(history)
    assert (warned.client, warned.deal, warned.page) == ("52", "7", f"{PAGE}#messages")


def test_a_page_with_two_clients_says_of_neither_that_a_stray_warning_is_theirs(history: History) -> None:
    other = Contract(id="8", state="agreed", client=Client(id="53"))
    page = seen(_deal("agreed"), other, kind="contract-list", findings=(finding("a"),))
    history.record(replace(page, verdict=page.verdict.model_copy(update={"client": None})))
    (warned,) = warnings_given(history)
    assert (warned.client, warned.deal) == (None, None)
