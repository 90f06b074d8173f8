"""Amounts as Upwork writes them: in US dollars, rounded on its pages. Pure functions; anything else is None."""

import re
from decimal import Decimal

from extractors.parsing import number
from extractors.records import Money

_AMOUNT = re.compile(r"\$\s?(?P<number>[\d,]{1,20}(?:\.\d{1,6})?)(?P<unit>[KMB]?)\+?")
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def usd(text: str) -> Money | None:
    """An amount in US dollars: `$2,000.00`, `$0`, `$26K`, `$60K+`. A rounded one is as the page rounds it."""
    match = _AMOUNT.fullmatch(text.strip())
    value = None if match is None else number(match["number"])
    return None if match is None or value is None else Money(amount=value * _UNITS[match["unit"]], currency="USD")


def dollars(value: object, currency: object = "USD") -> Money | None:
    """An amount out of JSON, which is a number or a text of one (`"250.0"`). Without a currency it is in US dollars."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    amount = number(value) if isinstance(value, str) else Decimal(repr(value)) if 0 <= value < 1e15 else None
    code = currency if isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) else "USD"
    return None if amount is None else Money(amount=amount, currency=code)
