"""The page of a pairing link, which any program of this machine may ask for."""

import pytest

from addon.api.pair_page import HEADING, PAIR_STYLE, WAITING, pair_html
from addon.loopback import MARK
from addon.page_languages import page_languages
from rules.model import LANGUAGES, Language


def test_it_holds_the_mark_by_which_koban_is_known_and_no_code() -> None:
    page = pair_html()
    assert MARK in page.encode()
    assert pair_html() == page, "the same for everybody: the code is in the link's fragment"


@pytest.mark.parametrize("language", LANGUAGES)
def test_issue_21_it_is_in_the_users_language_first(language: Language) -> None:
    languages = page_languages(language)
    page = pair_html(languages)
    assert f'<html lang="{language}">' in page
    assert MARK in page.encode()
    places = [page.index(text) for text in (languages.both(HEADING)[0], *languages.both(WAITING))]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_runs_and_loads_nothing_by_itself(language: Language) -> None:
    page = pair_html(page_languages(language))
    for tag in ("<script", "<img", "<iframe", "onload", "style="):
        assert tag not in page
    assert "http" not in PAIR_STYLE
