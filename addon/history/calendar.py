"""Due dates as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from addon.history.dues import Due
from rules.model import Language


def calendar(dues: Iterable[Due], now: datetime, language: Language | None = None) -> str:
    """Returns due dates as a calendar to import.

    language: of each summary; None has Japanese first, then English.
    """
    # Late: slow to import, and seldom needed.
    from icalendar import Calendar, Event

    whole = Calendar()
    whole.add("prodid", "-//Koban//Koban//JA")
    whole.add("version", "2.0")
    for due in dues:
        event = Event()
        event.add("uid", f"{due.site}-{due.deal}-{due.kind}@koban.invalid")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", due.day)
        event.add("dtend", due.day + timedelta(days=1))
        event.add("summary", _summary(due, language))
        event.add("transp", "TRANSPARENT")
        if due.url:
            event.add("url", due.url)
        whole.add_component(event)
    return str(whole.to_ical(), "utf-8")


def _summary(due: Due, language: Language | None) -> str:
    of = due.title or due.deal
    return f"{due.what.ja}：{of} / {due.what.en}" if language is None else f"{due.what.spoken(language)} – {of}"
