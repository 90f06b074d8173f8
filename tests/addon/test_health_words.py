"""The words of Koban's health."""

import re

from addon.health_words import BYPASS, FILLINGS, LINES, REPAIRS

PLACE = re.compile(r"\{[a-z_.]+\}")


def test_each_has_words_in_both_languages_and_english_no_place_that_japanese_lacks() -> None:
    for texts in (LINES, REPAIRS, BYPASS, FILLINGS):
        for name, text in texts.items():
            assert text.ja, name
            assert text.en, name
            assert set(PLACE.findall(text.en)) <= set(PLACE.findall(text.ja)), name


def test_what_is_mended_is_told() -> None:
    assert set(REPAIRS) <= {*LINES, *BYPASS}
