"""Copies of pages with a warning."""

import pytest

from addon.history.copies import MOST_COPIED, copies
from addon.history.store import History
from extractors.records import Client, Contract
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen
from tests.addon.history.story import DAY, deal


def test_copies_of_pages_are_kept_once_bounded_and_go_with_their_client(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addon.history.copies.MOST_COPIES", 4)
    for day in range(3):
        history.record(seen(deal("agreed"), at=START + day * DAY, findings=(finding("a"),), source=b"%d" % day))
    assert [copy.body for copy in copies(history.engine, "crowdworks", client="52")] == [b"0"], (
        "the same warnings, once"
    )
    history.record(seen(deal("agreed"), at=START + 3 * DAY, findings=(finding("b"),), source=b"3"))
    history.record(seen(deal("agreed"), at=START, findings=(finding("c"),), source=bytes(MOST_COPIED + 1)))
    assert [copy.body for copy in copies(history.engine, "crowdworks", deal="7")] == [b"3", b"0"]
    for number in range(4):
        page = f"https://crowdworks.jp/contracts/{number + 100}"
        other = Contract(id=str(number), state="agreed", client=Client(id="53"))
        history.record(seen(other, at=START + 9 * DAY, page=page, findings=(finding("a"),), source=b"x"))
    assert copies(history.engine, "crowdworks", client="52") == [], "the oldest went"
    assert len(copies(history.engine, "crowdworks", client="53")) == 4
    history.forget_client("crowdworks", "53")
    assert copies(history.engine, "crowdworks", client="53") == []
