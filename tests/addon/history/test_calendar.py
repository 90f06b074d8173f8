"""Due dates as a calendar."""

from datetime import date

from icalendar import Calendar, Event

from addon.history.calendar import calendar
from addon.history.deals import deals
from addon.history.dues import near
from addon.history.store import History
from extractors.records import Contract
from rules.sites import SHIPPED_TERMS
from tests.addon.history.conftest import START, seen
from tests.addon.history.story import BOSS


def test_a_calendar_reads_back_whole(history: History) -> None:
    title = "とても長い題名の商品データの入力、分類、確認、登録のお仕事; 二行目\nと, 記号" * 4
    due = Contract(id="8", state="escrow-funded", client=BOSS, title=title, due=date(2026, 11, 20))
    history.record(seen(due, page="https://crowdworks.jp/contracts/8"))
    text = calendar(
        near((due for deal in deals(history, terms=SHIPPED_TERMS) for due in deal.dues), date(2026, 11, 18)), START
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "RFC 5545, 3.1"
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, Event)
    assert date(2026, 11, 20) == event.DTSTART
    assert str(event["summary"]).startswith("納品の期限です：とても長い題名の")
    assert title.replace("\n", " ") in str(event["summary"]), "a title is one line"


def test_issue_21_a_calendar_speaks_the_further_language_that_was_asked_for(history: History) -> None:
    due = Contract(id="8", state="escrow-funded", client=BOSS, title="Logo", due=date(2026, 11, 20))
    history.record(seen(due, page="https://crowdworks.jp/contracts/8"))
    dues = list(near((due for deal in deals(history, terms=SHIPPED_TERMS) for due in deal.dues), date(2026, 11, 18)))
    spanish = [due.model_copy(update={"what": due.what.also("es", "Vence la entrega")}) for due in dues]
    (event,) = Calendar.from_ical(calendar(spanish, START, "es")).walk("VEVENT")
    assert str(event["summary"]) == "Vence la entrega – Logo"
