"""The going rate of a trade, from what lists have shown."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from extractors.records import Job, Money, Pay
from rules.market import LEAST_SAMPLES, Trade, going_rate, offer_of
from rules.wages import MINIMUM_WAGES, prefectures_above

AMOUNTS = st.lists(st.decimals("0.01", 10_000_000, places=2), min_size=LEAST_SAMPLES, max_size=200)


def test_few_offers_are_no_market() -> None:
    assert going_rate([Decimal(1000)] * (LEAST_SAMPLES - 1)) is None
    assert going_rate([Decimal(1000)] * LEAST_SAMPLES) is not None


def test_a_liar_does_not_move_the_fences() -> None:
    honest = [Decimal(500 + 100 * n) for n in range(40)]
    before, after = going_rate(honest), going_rate([*honest, Decimal(10_000_000)])
    assert before is not None
    assert after is not None
    assert after.high < before.high * 2 < Decimal(10_000_000)


@given(AMOUNTS)
def test_fences_enclose_the_middle(amounts: list[Decimal]) -> None:
    rate = going_rate(amounts)
    assert rate is not None
    assert rate.low <= rate.median <= rate.high
    assert sum(rate.low <= amount <= rate.high for amount in amounts) >= len(amounts) / 2


@given(AMOUNTS, st.sampled_from([100, 1000]))
def test_the_currency_unit_does_not_matter(amounts: list[Decimal], factor: int) -> None:
    rate, scaled = going_rate(amounts), going_rate([amount * factor for amount in amounts])
    assert rate is not None
    assert scaled is not None
    assert abs(scaled.median / factor - rate.median) <= Decimal("0.01") + rate.median / 1000


def test_offers_are_compared_alike() -> None:
    pay = Pay(kind="per-character", max=Money(amount=Decimal(1000)), characters_max=2000)
    job = Job(category="記事作成", category_id="56", pay=pay)
    assert offer_of(job, "crowdworks") == (Trade("crowdworks", "56", "per-character", "JPY"), Decimal("0.5"))
    assert offer_of(Job(pay=pay), "crowdworks") is None
    assert offer_of(Job(category="記事作成", pay=Pay(kind="fixed")), "crowdworks") is None
    assert offer_of(job, "") is None
    article = Pay(kind="per-character", max=Money(amount=Decimal(900)))
    assert offer_of(job.model_copy(update={"pay": article}), "crowdworks") is None, "how long it is was not said"


def test_wages_of_all_prefectures() -> None:
    assert len(MINIMUM_WAGES) == 47
    assert prefectures_above(Decimal(1022)) == 47
    assert prefectures_above(Decimal(1225)) == 1
    assert prefectures_above(Decimal(1226)) == 0
