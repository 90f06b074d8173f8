"""Amounts that name their currency, as sites in Portuguese, Spanish, French and English write them.

Pure functions of a text that is nothing but the amount; None for any other. No language has to be known: in money a
sign before exactly three digits parts thousands (`1.000`, `1,000`, `1 000`), and one before one or two digits is the
decimal sign. A text that both readings fit is none. A lone `$` names no currency: a dozen countries write it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from extractors.parsing import MAX_TEXT, normal
from extractors.records import Money, Pay

THREE_DECIMALS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies with a thousandth (ISO 4217, minor unit 3): `1.000` may be one of them, or a thousand."""
_SIGNS: Final = {"R$": "BRL", "US$": "USD", "U$S": "USD", "$US": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}

# Atomic and bounded: a number is taken whole or not at all.
_NUMBER = r"(?>\d(?:[\d.,'’ ]{0,20}\d)?)"
_CURRENCY = r"(?:R\$|US\$|U\$S|\$US|€|£|¥|[A-Z]{3})"
_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?:(?P<sign>[.,'’ ])\d{3})(?:(?P=sign)\d{3}){0,4})(?:[.,](?P<part>\d{1,2}))?"
)
_PLAIN = re.compile(r"(?P<whole>\d{1,15})(?:[.,](?P<part>\d{1,2}))?")
_MIN = r"mais de|acima de|a partir de|más de|desde|over|more than|from|plus de|à partir de"
_MAX = r"menos de|até|hasta|less than|under|up to|moins de|jusqu['’]à"
_RANGE = re.compile(
    rf"(?:(?i:(?P<from>{_MIN})|(?P<upto>{_MAX}))\s)?"
    rf"(?P<sign_a>{_CURRENCY})?\s?(?P<a>{_NUMBER})\s?(?P<code_a>{_CURRENCY})?"
    rf"(?:\s?(?:[-–—]|(?<=\s)(?:a|à|to|até|hasta)(?=\s))\s?"
    rf"(?P<sign_b>{_CURRENCY})?\s?(?P<b>{_NUMBER})\s?(?P<code_b>{_CURRENCY})?)?"
    r"(?P<hour>\s?/\s?(?i:hora|hour|heure|hr|h))?"
)


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """Bounds as written. Without `min` it is "up to", without `max` "from"; equal ones are an exact amount."""

    min: Money | None
    max: Money | None
    is_hourly: bool = False


def amount(text: str, currency: str) -> Decimal | None:
    """A number of money in a currency: `500`, `1.000`, `1,000.50`, `1 000,5`."""
    if len(text) > MAX_TEXT:
        return None
    text = normal(text)
    match = _GROUPED.fullmatch(text)
    if match is None:
        match = _PLAIN.fullmatch(text)
    elif match["part"] and match["sign"] in ".," and text[match.end("whole")] == match["sign"]:
        return None  # 1.000.50
    elif currency in THREE_DECIMALS and not match["part"] and match["sign"] in ".," and text.count(match["sign"]) == 1:
        return None
    if match is None:
        return None
    whole = "".join(filter(str.isdigit, match["whole"]))
    return Decimal(f"{whole}.{match['part']}" if match["part"] else whole)


def money(text: str) -> Money | None:
    """One exact amount: `USD 1.000`, `R$ 250`, `1 200,50 €`."""
    bounds = money_range(text)
    return bounds.min if bounds is not None and bounds.min == bounds.max and not bounds.is_hourly else None


def money_range(text: str) -> MoneyRange | None:
    """An amount or a range: `USD 500 - 1.000`, `Mais de USD 3.000`, `Menos de R$ 250`, `USD 15 - 45 / hora`.

    The currency stands once or twice, before or after; two different ones are none.
    """
    if len(text) > MAX_TEXT:
        return None
    match = _RANGE.fullmatch(" ".join(normal(text).split()))
    if match is None or ((match["from"] or match["upto"]) and match["b"]):
        return None
    words = {match[name] for name in ("sign_a", "code_a", "sign_b", "code_b")} - {None}
    currencies = {_SIGNS.get(word, word) for word in words}
    if len(currencies) != 1:
        return None
    currency = currencies.pop()
    low = amount(match["a"], currency)
    high = low if match["b"] is None else amount(match["b"], currency)
    if low is None or high is None or low > high:
        return None
    least, most = Money(amount=low, currency=currency), Money(amount=high, currency=currency)
    is_hourly = match["hour"] is not None
    return MoneyRange(None if match["upto"] else least, None if match["from"] else most, is_hourly)


def pay(bounds: MoneyRange | None, *, is_hourly: bool = False) -> Pay | None:
    """Pay between bounds, by the hour where these or the caller say so; None without bounds."""
    if bounds is None:
        return None
    return Pay(kind="hourly" if is_hourly or bounds.is_hourly else "fixed", min=bounds.min, max=bounds.max)
