"""The minimum wages: all prefectures, and how many are above an offer's pay."""

from decimal import Decimal

import pytest

from rules.loader import Catalog
from rules.wages import MINIMUM_WAGES, prefectures_above


def test_each_of_the_47_prefectures_is_there_once_with_a_wage_of_its_time() -> None:
    assert len(MINIMUM_WAGES) == 47
    assert all(name[-1] in "都道府県" for name in MINIMUM_WAGES)
    assert min(MINIMUM_WAGES.values()) >= 1_023
    assert max(MINIMUM_WAGES, key=lambda name: MINIMUM_WAGES[name]) == "東京都"


@pytest.mark.parametrize(("per_hour", "number"), [("0", 47), ("1022.99", 47), ("1225", 1), ("1226", 0), ("5000", 0)])
def test_pay_equal_to_a_wage_is_not_below_it(per_hour: str, number: int) -> None:
    assert prefectures_above(Decimal(per_hour)) == number


def test_the_warning_names_the_wages_that_it_compares_with_and_their_year(catalog: Catalog) -> None:
    (rule,) = [rule for rule in catalog.rules if rule.id == "below-minimum-wage"]
    (case,) = rule.cases
    least, most = min(MINIMUM_WAGES.values()), max(MINIMUM_WAGES.values())
    assert case.seen is not None
    assert f"（2025年度、{least:,}〜{most:,}円）" in case.seen.ja
    assert f"({least:,} to {most:,} yen in fiscal 2025)" in case.seen.en
