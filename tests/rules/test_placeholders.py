"""Words that are filled into a rule's texts."""

import pytest

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
