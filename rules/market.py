"""The usual pay of offers of one kind, from the offers that a user's own lists have shown.

Pay spreads over factors rather than over differences, so statistics are of logarithms. Quartiles and
fences do not move when a few offers lie (Tukey, Exploratory Data Analysis, 1977, section 2: outer fences).
"""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from extractors.records import Job, PayKind

LEAST_SAMPLES = 30
"""Fewer offers than this say nothing about a market."""
_OUTER = 3.0
_NARROWEST = math.log(1.5)
"""The least spread assumed: where nearly all offers pay the same, a little more is not far above."""


class Trade(NamedTuple):
    """Offers that can be compared: of one site, category, kind of pay and currency."""

    site: str
    category: str
    kind: PayKind
    currency: str


@dataclass(frozen=True, slots=True)
class GoingRate:
    """The pay of offers of one trade: the median, and the fences beyond which an offer is far off."""

    samples: int
    median: Decimal
    low: Decimal
    high: Decimal


Market = Callable[[Trade], GoingRate | None]
"""Returns the going rate of a trade; None where too few offers were seen."""


def offer_of(job: Job, site: str) -> tuple[Trade, Decimal] | None:
    """Return an offer's trade and its comparable pay; None where the page shows no category, no amount or no unit."""
    category = job.category_id or job.category
    amount = job.pay and (job.pay.max or job.pay.min)
    if job.pay is None or not amount or not category or not site or amount.amount <= 0:
        return None
    pay = amount.amount
    if job.pay.kind == "per-character":
        characters = job.pay.characters_max or job.pay.characters_min
        if not characters:
            return None
        pay /= Decimal(characters)
    return Trade(site, category, job.pay.kind, amount.currency), pay


def going_rate(amounts: Sequence[Decimal]) -> GoingRate | None:
    """Return the going rate among positive amounts; None for fewer than `LEAST_SAMPLES`."""
    if len(amounts) < LEAST_SAMPLES:
        return None
    logarithms = [math.log(amount) for amount in amounts]
    lower, middle, upper = statistics.quantiles(logarithms, n=4, method="inclusive")
    reach = _OUTER * max(upper - lower, _NARROWEST)
    return GoingRate(len(amounts), _amount(middle), _amount(lower - reach), _amount(upper + reach))


def _amount(logarithm: float) -> Decimal:
    return Decimal(f"{math.exp(logarithm):.2f}")
