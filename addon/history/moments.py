"""Moments as the database stores them: ISO 8601, and a date alone where a site shows no time."""

from datetime import date, datetime

from extractors.records import Moment


def stored(moment: Moment | None) -> str | None:
    """Returns the text for a column."""
    return moment.isoformat() if moment is not None else None


def parsed(text: str | None) -> Moment | None:
    """Returns the moment of a column's text, or None if there is none or it cannot be read."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
