"""Due dates."""

from datetime import UTC, date, datetime

from addon.history.deals import deals, due_soon
from addon.history.store import History
from extractors.records import Contract
from tests.addon.history.conftest import START, seen
from tests.addon.history.story import DAY, deal


def test_days_of_due_dates_are_japans(history: History) -> None:
    # Midnight in Japan is the day before in Greenwich.
    history.record(seen(deal("delivered", delivered_at=datetime(2026, 12, 31, 15, 30, tzinfo=UTC)), at=START))
    (one,) = deals(history)
    assert {due.kind: due.day for due in one.dues} == {"ask": date(2027, 1, 15), "law": date(2027, 3, 2)}


def test_ux_popup_a_due_date_urges_no_delivery_before_the_escrow(history: History) -> None:
    history.record(seen(deal("escrow-requested", due=date(2026, 11, 20)), at=START))
    (one,) = deals(history)
    (due,) = one.dues
    assert "まだ始めないでください" in due.what.ja
    history.record(seen(deal("escrow-funded", due=date(2026, 11, 20)), at=START + DAY))
    (one,) = deals(history)
    assert [due.what.ja for due in one.dues] == ["納品の期限です"]


def test_due_dates_are_found_of_deals_that_were_not_seen_for_long(history: History) -> None:
    history.record(seen(deal("escrow-funded", due=date(2027, 6, 1)), at=START))
    history.record(seen(Contract(id="8", state="delivered"), at=START, page="https://crowdworks.jp/contracts/8"))
    history.record(seen(Contract(id="9", state="agreed"), at=START, page="https://crowdworks.jp/contracts/9"))
    assert [(due.deal, due.kind) for due in due_soon(history, date(2027, 5, 30))] == [("7", "work")]
    lawful = [("8", "law", START.date() + 60 * DAY)]
    assert [(due.deal, due.kind, due.day) for due in due_soon(history, START.date() + 85 * DAY)] == lawful
    assert due_soon(history, START.date() + 95 * DAY) == []
