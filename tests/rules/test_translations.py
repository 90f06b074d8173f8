"""Texts in further languages."""

from pathlib import Path

import pytest

from rules import translations as module
from rules.model import FURTHER_LANGUAGES, Language, Text
from rules.problems import CatalogError
from rules.translations import Translations, translations


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(module, "_read", module._read.__wrapped__)
    return tmp_path


@pytest.mark.parametrize("language", ["ja", "en", None])
def test_japanese_english_and_no_language_need_no_file(language: Language | None, folder: Path) -> None:
    assert translations(language) is None


def test_a_text_is_said_as_its_group_has_it_else_as_the_words_have_it() -> None:
    texts = Translations("fr", {"a-rule": {"yes": "tout à fait"}, "words": {"yes": "oui", "no": "non"}})
    assert texts.of("yes", "a-rule") == "tout à fait"
    assert texts.of("no", "a-rule") == texts.of("no") == "non"
    assert texts.of("perhaps") is None


def test_issue_19_the_operator_of_any_site_is_said_once_unless_a_site_has_words_of_its_own() -> None:
    texts = Translations(
        "fr", {"words": {"{site}'s support": "support de {site}", "Upwork's support": "support d’Upwork"}}
    )
    assert texts.of("Malt's support", "a-rule") == texts.of("Malt's support") == "support de Malt"
    assert texts.of("CrowdWorks' support") == "support de CrowdWorks"
    assert texts.of("Upwork's support") == "support d’Upwork"
    assert texts.of("Ask Malt's support first") is None
    assert Translations("fr").of("Malt's support") is None


def test_what_is_not_translated_stays_in_english_and_what_a_text_brings_itself_counts() -> None:
    texts = Translations("fr", {"words": {"yes": "oui"}})
    yes = texts.added(Text(ja="はい", en="yes"))
    assert (yes.spoken("fr"), yes.spoken("es"), yes.spoken("ja")) == ("oui", "yes", "はい")
    assert texts.added(Text(ja="たぶん", en="perhaps")).model_dump() == {"ja": "たぶん", "en": "perhaps"}
    assert texts.added(Text.model_validate({"ja": "はい", "en": "yes", "fr": "ouais"})).spoken("fr") == "ouais"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("- yes", "1: groups of texts are wanted"),
        ("words: [yes]", "1: English texts and their translations are wanted"),
        ("words:\n  'yes': 'oui'\n  'no':", "3: a translation is wanted"),
        ("words:\n  'yes': 'TODO: '", "2: TODO: is still to be written"),
    ],
)
def test_each_place_that_is_no_translation_is_named(written: str, problem: str, folder: Path) -> None:
    (folder / "fr.yaml").write_text(written)
    with pytest.raises(CatalogError) as error:
        translations("fr")
    assert f"rules/texts/fr.yaml:{problem}" in error.value.problems


def test_a_language_that_koban_does_not_speak_is_no_text() -> None:
    with pytest.raises(ValueError, match="no language jp"):
        Text.model_validate({"ja": "はい", "en": "yes", "jp": "はい"})


@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
def test_issue_21_each_language_has_its_file(language: Language) -> None:
    texts = translations(language)
    assert texts is not None
    assert texts.language == language
