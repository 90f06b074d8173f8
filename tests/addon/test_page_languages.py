"""The two languages of what Koban shows without the extension."""

import pytest

from addon.page_languages import JAPANESE_FIRST, page_languages
from rules.model import LANGUAGES, Language, Text
from rules.problems import CatalogError

CLOSED = Text(ja="ページを開けませんでした", en="The page could not be opened")


def named(chosen: Language | None, accepted: str = "") -> tuple[Language, Language]:
    languages = page_languages(chosen, accepted)
    return languages.first, languages.second


@pytest.mark.parametrize(
    ("chosen", "pair"),
    [
        ("ja", ("ja", "en")),
        ("en", ("en", "ja")),
        ("es", ("es", "en")),
        ("pt-BR", ("pt-BR", "en")),
        ("fr", ("fr", "en")),
    ],
)
def test_issue_21_the_language_that_was_chosen_comes_first(chosen: Language, pair: tuple[Language, Language]) -> None:
    assert named(chosen, "de, ja") == pair


@pytest.mark.parametrize(
    ("accepted", "first"),
    [
        ("", "ja"),
        ("*", "ja"),
        ("de-DE,de;q=0.9", "en"),
        ("zh-TW, zh;q=0.9", "en"),
        ("de, ja;q=0.4", "ja"),
        ("de;q=0", "ja"),
        ("x-klingon", "ja"),
        ("undefined", "ja"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("pt-PT", "pt-BR"),
        ("en;q=0.3, fr-CA;q=0.7", "fr"),
        ("de, en-GB;q=0.5", "en"),
        ("fr;q=0", "ja"),
        ("fr;q=nan, es;;, <script>, \ud800", "ja"),
        ("x," * 10_000 + "fr", "ja"),
        ("de," * 10_000 + "fr", "en"),
    ],
)
def test_issue_21_where_none_was_chosen_the_browser_is_asked(accepted: str, first: Language) -> None:
    assert named(None, accepted)[0] == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_issue_21_a_text_is_said_in_both(language: Language) -> None:
    one, other = page_languages(language).both(CLOSED)
    assert other == (CLOSED.ja if language == "en" else CLOSED.en)
    assert one not in ("", other)


def test_issue_21_a_text_without_a_translation_is_said_in_english() -> None:
    assert page_languages("fr").both(Text(ja="無", en="Nobody translated this.")) == ("Nobody translated this.",) * 2


def test_a_damaged_file_of_texts_costs_the_language_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_: Language | None) -> None:
        raise CatalogError(["rules/texts/fr.yaml:1: groups of texts are wanted"])

    monkeypatch.setattr("addon.page_languages.translations", damaged)
    assert page_languages("fr") is JAPANESE_FIRST
