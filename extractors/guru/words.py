"""Addresses, amounts and times as Guru writes them. Pure functions of a text; None for any other."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from extractors.dates import calendar_day, time_ago
from extractors.parsing import MAX_TEXT, number
from extractors.records import Money, Pay, PayKind

ORIGIN = "https://www.guru.com"
CURRENCY = "USD"
"""The currency of every `$`: the data of a job's page names it, whoever the client is."""

_JOB = re.compile(
    r"(?:https://www\.guru\.com)?/(?:jobs/(?P<slug>[^/?#&\s]{1,300})/(?P<id>\d{1,12})|work/detail/(?P<number>\d{1,12}))"
    r"/?(?:[?#&].*)?"
)
_AMOUNT = r"\$?\s?(?P<{side}>\d[\d,]{{0,15}}(?:\.\d{{1,2}})?)(?P<{side}_unit>[kKmM]?)"
_RANGE = re.compile(
    rf"(?:(?P<bound>Under|Over|Up to|From)\s)?{_AMOUNT.format(side='a')}"
    rf"(?:\s?(?:-|–|to)\s?{_AMOUNT.format(side='b')})?(?P<more>\+)?",
    re.IGNORECASE,
)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_KINDS: dict[str, PayKind] = {"fixed price": "fixed", "hourly": "hourly"}
_SHORT = re.compile(r"\b(hr|min)(s?)\b")
_LONG = {"hr": "hour", "min": "minute"}
_QUOTES = re.compile(r"([\d,]{1,9}) quotes? received", re.IGNORECASE)


def job_number(address: str | None) -> str | None:
    """The number of the job that an address, or its path, leads to."""
    match = _JOB.fullmatch(address or "")
    return (match["id"] or match["number"]) if match else None


def job_url(address: str) -> str | None:
    """The address of a job's page, without what lists append to it (`&SearchUrl=…`)."""
    match = _JOB.fullmatch(address)
    if match is None:
        return None
    return f"{ORIGIN}/jobs/{match['slug']}/{match['id']}" if match["id"] else f"{ORIGIN}/work/detail/{match['number']}"


def money(text: str) -> Money | None:
    """One amount: `$0`, `635`, `$12,400`, `1.5k`. A short one is as the page rounds it."""
    bounds = _bounds(text)
    return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None


def _bounds(text: str) -> tuple[Money | None, Money | None] | None:
    """`$250-$500`, `$1k-$2.5k`, `$10 - $25`, `Under $250`, `$10k+`."""
    match = _RANGE.fullmatch(text.strip()) if len(text) <= MAX_TEXT else None
    if match is None:
        return None
    low = _scaled(match["a"], match["a_unit"])
    high = low if match["b"] is None else _scaled(match["b"], match["b_unit"])
    if low is None or high is None or low > high:
        return None
    least, most = Money(amount=low, currency=CURRENCY), Money(amount=high, currency=CURRENCY)
    bound = (match["bound"] or "").lower()
    if bound in ("under", "up to"):
        return None, most
    if bound or match["more"]:
        return least, None
    return least, most


def _scaled(digits: str, unit: str) -> Decimal | None:
    value = number(digits)
    return None if value is None else value * _UNITS[unit.lower()]


def pay(parts: Sequence[str]) -> Pay | None:
    """Pay by the parts of a budget, which bars part: `Fixed Price`, `$1k-$2.5k`; `Hourly`, `$10 - $25`, `10-30 hrs/wk`.

    A kind alone is pay that is not stated. None where the kind is open (`Fixed Price or Hourly`), or where an amount
    stands there that is not understood.
    """
    kind = _KINDS.get(parts[0].lower()) if parts else None
    amounts = [part for part in parts[1:] if "$" in part]
    if kind is None or len(amounts) > 1:
        return None
    if not amounts:
        return Pay(kind=kind)
    bounds = _bounds(amounts[0])
    return None if bounds is None else Pay(kind=kind, min=bounds[0], max=bounds[1])


def quotes(text: str) -> int | None:
    """The number in `5 Quotes Received`, wherever it stands in a line."""
    match = _QUOTES.search(text[:MAX_TEXT])
    value = None if match is None else number(match[1])
    return None if value is None else int(value)


def posted(text: str, reference: datetime) -> date | datetime | None:
    """The time of `3 hrs ago`, `35 Days Ago`, `on Sep 17, 2026`; the first two count from `reference`."""
    words = _SHORT.sub(lambda unit: _LONG[unit[1]] + unit[2], text.strip().lower())
    return time_ago(words, reference) or calendar_day(words.removeprefix("on "))
