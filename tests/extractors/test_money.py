"""Amounts with a currency: what sites in four languages write, and round trips of what they could write."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.money import MoneyRange, amount, money, money_range, pay
from extractors.records import Money, Pay

amounts = st.decimals(min_value=1, max_value=Decimal("999999999.99"), places=2)
wholes = st.integers(min_value=0, max_value=10**12)
signs = st.sampled_from([(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", "."), ("’", ".")])
"""Signs before thousands and before cents: English, Portuguese and Spanish, French, Swiss."""


def exactly(number: str, currency: str) -> MoneyRange:
    value = Money(amount=Decimal(number), currency=currency)
    return MoneyRange(value, value)


def usd(number: int | str) -> Money:
    return Money(amount=Decimal(number), currency="USD")


@pytest.mark.parametrize(
    ("text", "low", "high", "is_hourly"),
    [
        ("USD 500 - 1.000", 500, 1000, False),
        ("USD 500 - 1,000", 500, 1000, False),
        ("USD 1.000 - 3.000", 1000, 3000, False),
        ("Mais de USD 3.000", 3000, None, False),
        ("Más de USD 3.000", 3000, None, False),
        ("Over USD 3,000", 3000, None, False),
        ("Plus de 3\u202f000 USD", 3000, None, False),
        ("Menos de USD 50", None, 50, False),
        ("Less than USD 50", None, 50, False),
        ("Moins de 50 US$", None, 50, False),
        ("USD 15 - 45 / hora", 15, 45, True),
        ("Over USD 45 / hour", 45, None, True),
        ("USD 1.000.000", 1_000_000, 1_000_000, False),
        ("US$ 15 – US$ 20", 15, 20, False),
        ("USD\u00a0500 a 1.000", 500, 1000, False),
    ],
)
def test_workana_trap_3_a_point_parts_thousands(text: str, low: int | None, high: int | None, is_hourly: bool) -> None:
    bounds = (None if low is None else usd(low), None if high is None else usd(high))
    assert money_range(text) == MoneyRange(*bounds, is_hourly)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Menos de R$ 250", MoneyRange(None, Money(amount=Decimal(250), currency="BRL"))),
        ("1 200,50 €", exactly("1200.50", "EUR")),
        ("£1,200", exactly("1200", "GBP")),
        ("CLP 90.000", exactly("90000", "CLP")),
    ],
)
def test_the_currency_is_the_one_that_is_written(text: str, expected: MoneyRange) -> None:
    assert money_range(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A combinar",
        "500",
        "$ 500",
        "USD",
        "USD 0.500",
        "USD 1.000.50",
        "USD 1.00.000",
        "USD 12.34.567",
        "USD 5 - EUR 6",
        "USD 1.000 - 500",
        "Mais de USD 5 - 10",
        "KWD 1.000",
        "USD 500 por mês",
        "cerca de USD 500",
        "USD -5",
        "USD " + "1" * 300,
    ],
)
def test_any_other_text_is_none(text: str) -> None:
    assert money_range(text) is None


def test_a_range_is_no_exact_amount() -> None:
    assert money("R$ 1.500") == Money(amount=Decimal(1500), currency="BRL")
    assert money("USD 500 - 1.000") is None
    assert money("USD 45 / hora") is None


def test_pay_is_by_the_hour_where_the_text_or_the_caller_says_so() -> None:
    assert pay(None) is None
    assert pay(money_range("USD 15 - 45 / hora")) == Pay(kind="hourly", min=usd(15), max=usd(45))
    assert pay(money_range("USD 15 - 45"), is_hourly=True) == Pay(kind="hourly", min=usd(15), max=usd(45))
    assert pay(money_range("Menos de USD 50")) == Pay(kind="fixed", max=usd(50))


@given(amounts, signs)
def test_what_is_written_with_any_signs_is_read_back(value: Decimal, signs: tuple[str, str]) -> None:
    thousands, decimal = signs
    text = f"{value:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    assert amount(text, "EUR") == value


@given(wholes, signs)
def test_a_whole_amount_is_read_back(value: int, signs: tuple[str, str]) -> None:
    assert amount(f"{value:,}".replace(",", signs[0]), "USD") == value


@given(wholes, wholes, signs)
def test_a_range_is_read_back(one: int, other: int, signs: tuple[str, str]) -> None:
    low, high = sorted((one, other))
    text = " - ".join(f"{value:,}".replace(",", signs[0]) for value in (low, high))
    assert money_range(f"USD {text}") == MoneyRange(usd(low), usd(high))


@given(st.text(max_size=250))
def test_no_text_is_too_much(text: str) -> None:
    money_range(text)
    amount(text, "USD")
