"""The page in place of an answer that did not come: who speaks, what happened, what to do."""

from html import unescape
from typing import get_args

import pytest

from addon.page_languages import page_languages
from addon.proxy.failure_page import LEFT, REOPENS, RETRY, SENT, STATUS, TITLE, WHAT, WHO, Trouble, failure_page
from rules.model import FURTHER_LANGUAGES, LANGUAGES, Language

HOST = "crowdworks.jp"


def page(
    trouble: Trouble = "unreachable",
    *,
    host: str = HOST,
    is_left: bool = False,
    reopens: bool = False,
    may_have_arrived: bool = False,
    language: Language = "ja",
) -> str:
    return failure_page(
        host,
        trouble,
        is_left=is_left,
        reopens=reopens,
        may_have_arrived=may_have_arrived,
        languages=page_languages(language),
    ).decode()


@pytest.mark.parametrize("trouble", get_args(Trouble))
def test_each_trouble_has_its_words_and_its_status(trouble: Trouble) -> None:
    html = page(trouble)
    assert WHAT[trouble].ja.format(host=HOST) in html
    assert WHAT[trouble].en.format(host=HOST) in html
    assert 500 <= STATUS[trouble] < 600


def test_koban_says_first_that_it_is_not_the_site_that_speaks() -> None:
    html = page()
    assert html.index(WHO.ja) < html.index(WHAT["unreachable"].ja.format(host=HOST))
    assert html.index(WHO.ja) < html.index(WHO.en)


@pytest.mark.parametrize(
    ("is_left", "reopens", "may_have_arrived", "shown"),
    [
        (False, False, False, {RETRY.ja}),
        (True, False, False, {LEFT.ja}),
        (True, True, False, {REOPENS.ja}),
        (False, False, True, {SENT.ja}),
        (True, False, True, {SENT.ja, LEFT.ja}),
    ],
)
def test_the_next_step_fits_and_nothing_is_to_be_sent_twice(
    is_left: bool, reopens: bool, may_have_arrived: bool, shown: set[str]
) -> None:
    html = page(is_left=is_left, reopens=reopens, may_have_arrived=may_have_arrived)
    assert {text.ja for text in (RETRY, LEFT, REOPENS, SENT) if text.ja in html} == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_is_text_and_no_script_runs(language: Language) -> None:
    html = page(host="<script>alert(1)</script>", language=language)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
def test_issue_21_it_is_in_the_users_language_and_in_english_beside(language: Language) -> None:
    html = unescape(page("late", language=language, may_have_arrived=True, is_left=True))
    said = [page_languages(language).both(text)[0] for text in (TITLE, WHO, WHAT["late"], SENT, LEFT)]
    own, english = html.split('<section lang="en">')
    assert f'<html lang="{language}" data-koban="no-answer">' in own
    for text, of_language in zip((TITLE, WHO, WHAT["late"], SENT, LEFT), said, strict=True):
        assert of_language != text.en
        assert of_language.format(host=HOST) in own
        assert text.en.format(host=HOST) in english
        assert text.ja.format(host=HOST) not in html
