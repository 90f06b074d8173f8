"""Words that are filled into a rule's texts."""

import pytest

from rules.placeholders import fill
from rules.quotes import LONGEST_QUOTE, quoted


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("・1本目はこちらで契約します", "1本目はこちらで契約します"),
        ("※ ■仮払いは\n  後日です", "仮払いは 後日です"),
        ("-5,000円", "-5,000円"),
        ("●●", "●●"),
        ("あ" * (LONGEST_QUOTE + 1), "あ" * (LONGEST_QUOTE - 1) + "…"),
    ],
)
def test_a_quote_is_short_and_stands_without_its_bullet(sentence: str, expected: str) -> None:
    assert quoted(sentence) == expected


@pytest.mark.parametrize(
    "written",
    [
        "{contract.amount}",
        "{contract.amount} {contract.currency}",
        "{contract.amount}{contract.currency}",
        "{contract.amount}（{contract.currency}）",
        "{contract.currency} {contract.amount}",
    ],
)
def test_a_currency_beside_its_amount_is_said_once(written: str) -> None:
    words = {"contract.amount": "30,000円", "contract.currency": "JPY", "contract.funded_amount": "500 USD"}
    assert fill(f"報酬は{written}です。", words) == "報酬は30,000円です。"
    assert fill("{contract.amount} ({contract.funded_amount})", words) == "30,000円 (500 USD)"
    assert fill("{contract.currency} だけ", words) == "JPY だけ"
    assert fill("{contract.funded_amount} {contract.currency}", words) == "500 USD JPY", (
        "the currency of another amount"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("（{contract.amount}{contract.currency}）です", "（30,000円）です"),
        ("({contract.amount} {contract.currency})", "(30,000円)"),
        ("{contract.amount} ({contract.currency} only)", "30,000円 (JPY only)"),
        ("{contract.amount} ({contract.currency})", "30,000円"),
        ("({contract.amount} ({contract.currency}))", "(30,000円)"),
    ],
)
def test_a_bracket_goes_with_a_currency_only_as_a_pair(written: str, expected: str) -> None:
    assert fill(written, {"contract.amount": "30,000円", "contract.currency": "JPY"}) == expected
