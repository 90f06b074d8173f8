"""Tables of Unicode: they hold what this Python knows of the same properties."""

import re
import unicodedata

import pytest

from extractors.unicode_tables import PICTOGRAPHS, UNSEEN


def holds(table: str, sign: str) -> bool:
    return re.fullmatch(f"[{table}]", sign) is not None


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\U000e0041", "\u180e"])
def test_signs_that_nobody_sees(sign: str) -> None:
    assert holds(UNSEEN, sign)


def test_no_letter_digit_or_blank_that_people_write_is_unseen() -> None:
    assert not [sign for sign in map(chr, range(0x20, 0x250)) if holds(UNSEEN, sign) and sign != "\u00ad"
                and unicodedata.category(sign) != "Cc"]  # fmt: skip
    assert not holds(UNSEEN, "\n")
    assert not any(holds(UNSEEN, sign) for sign in "あア漢ー・。、　")


@pytest.mark.parametrize("sign", ["\U0001f468", "\u2764", "\U0001f4b0", "\u260e"])
def test_pictographs(sign: str) -> None:
    assert holds(PICTOGRAPHS, sign)
    assert not holds(PICTOGRAPHS, "漢")
