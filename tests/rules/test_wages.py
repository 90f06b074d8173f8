"""The minimum wages: all prefectures, and how many are above an offer's pay."""

from decimal import Decimal

import pytest

from rules.wages import MINIMUM_WAGES, prefectures_above


def test_each_of_the_47_prefectures_is_there_once_with_a_wage_of_its_time() -> None:
    assert len(MINIMUM_WAGES) == 47
    assert all(name[-1] in "都道府県" for name in MINIMUM_WAGES)
    assert min(MINIMUM_WAGES.values()) >= 1_023
    assert max(MINIMUM_WAGES, key=lambda name: MINIMUM_WAGES[name]) == "東京都"


@pytest.mark.parametrize(("per_hour", "number"), [("0", 47), ("1022.99", 47), ("1225", 1), ("1226", 0), ("5000", 0)])
def test_pay_equal_to_a_wage_is_not_below_it(per_hour: str, number: int) -> None:
    assert prefectures_above(Decimal(per_hour)) == number
