"""The texts of further languages: all that English says, with its places, as short and as calm."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rules.model import FURTHER_LANGUAGES
from rules.translations import SUPPORT, WORDS, Translations, translations
from rules.validation import texts_of
from tests.catalog import shipped_catalog
from tools.translations import english, main, may_wait, written

ENGLISH = english(shipped_catalog())
WAITING = may_wait(shipped_catalog())
TITLES = {text.en for rule in shipped_catalog().rules for place, text in texts_of(rule) if place[-1] == "title"}
LONGEST_TITLE, LONGEST = 60, 180
"""English has 45 and 140; other languages take a third more for the same."""
PLACE = re.compile(r"\{[a-z_.]+\}")
ADDRESSED = re.compile(
    r"\b(?:te|tus?|tienes|quieres|usted|vous|vos|votre|você|entregaste|aceptaste|rechazaste)\b", re.IGNORECASE
)
"""The reader, whom a title does not address: the report to an operator says it too."""
NEVER_SAID = re.compile(r"[!！¡]|\b(?:AI|IA|(?i:scam|estafa|golpe|arnaque|escroc)s?)\b")


@pytest.fixture(params=FURTHER_LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Translations:
    of_language = translations(request.param)
    assert of_language is not None
    return of_language


def test_issue_21_every_text_is_said_and_nothing_that_english_says_no_longer(texts: Translations) -> None:
    due = {group: all_ for group, all_ in ENGLISH.items() if group not in WAITING or group in texts.groups}
    missing = [(group, text) for group, all_ in due.items() for text in all_ if texts.of(text, group) is None]
    left_over = [
        (group, text) for group, own in texts.groups.items() for text in own if text not in ENGLISH.get(group, [])
    ]
    assert (missing, left_over) == ([], []), f"python -m tools.translations {texts.language}, then replace each TODO:"


def test_issue_21_every_text_has_the_places_and_the_measure_of_the_english_one(texts: Translations) -> None:
    for own in texts.groups.values():
        for text, translation in own.items():
            assert sorted(set(PLACE.findall(translation))) == sorted(set(PLACE.findall(text))), translation
            longest = LONGEST_TITLE if text in TITLES else LONGEST
            assert len(translation) <= longest, f"{len(translation)}: {translation}"
            assert not NEVER_SAID.search(translation), translation


def test_issue_21_a_title_addresses_nobody_since_an_operator_reads_it_too(texts: Translations) -> None:
    titles = {translation for own in texts.groups.values() for text, translation in own.items() if text in TITLES}
    assert len(titles) > 100
    assert [title for title in titles if ADDRESSED.search(title)] == []


def test_issue_21_french_signs_and_numbers_do_not_break_at_the_end_of_a_line() -> None:
    french = translations("fr")
    assert french is not None
    said = [translation for own in french.groups.values() for translation in own.values()]
    assert [text for text in said if re.search(r" [:;!?»]|« |\d \d", text)] == []


def test_a_file_is_written_in_the_order_of_the_rules_with_what_is_open() -> None:
    groups = {"a-rule": ["Stop", "Wait"], WORDS: ["yes"]}
    known = {"a-rule": {"Wait": "« Attends »"}, "gone": {"Old": "Vieux"}, WORDS: {"yes": "oui"}}
    assert written(groups, Translations("fr", known), "# French") == (
        '# French\na-rule:\n  "Stop": "TODO: "\n  "Wait": "« Attends »"\nwords:\n  "yes": "oui"\n'
    )


def test_issue_19_an_experimental_rule_may_wait_for_its_translations_and_keeps_those_it_has() -> None:
    groups = {"a-draft": ["Stop"], "demoted": ["Go", "Wait"], WORDS: ["yes"]}
    known = {"demoted": {"Wait": "Attends"}, WORDS: {"yes": "oui"}}
    assert written(groups, Translations("fr", known), "", waiting={"a-draft", "demoted"}) == (
        'demoted:\n  "Go": "TODO: "\n  "Wait": "Attends"\nwords:\n  "yes": "oui"\n'
    )


def test_issue_19_the_operator_of_a_site_needs_no_line_of_its_own() -> None:
    known = {WORDS: {SUPPORT: "support de {site}", "Upwork's support": "support d’Upwork"}}
    groups = {WORDS: [SUPPORT, "Malt's support", "Upwork's support"]}
    assert written(groups, Translations("fr", known), "") == (
        'words:\n  "{site}\'s support": "support de {site}"\n  "Upwork\'s support": "support d’Upwork"\n'
    )


def test_issue_19_experimental_rules_alone_may_wait() -> None:
    catalog = shipped_catalog()
    draft, tried, proven = (
        rule.model_copy(update={"status": status})
        for rule, status in zip(catalog.rules, ("experimental", "test", "stable"), strict=False)
    )
    assert may_wait(replace(catalog, rules=(draft, tried, proven))) == {draft.id}


def test_only_a_further_language_has_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["en"]) == 2
    assert capsys.readouterr().err == "one of es, pt-BR, fr, or none for all\n"


@pytest.mark.parametrize(("arguments", "languages"), [([], FURTHER_LANGUAGES), (["fr"], ("fr",))])
def test_issue_19_one_command_writes_the_files_of_all_languages(
    arguments: list[str], languages: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.translations.file_of", lambda language: tmp_path / f"{language}.yaml")
    assert main(arguments) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(languages)
    for path in tmp_path.iterdir():
        assert path.read_text("utf-8").count(': "TODO: "') == sum(
            len(texts) for group, texts in ENGLISH.items() if group not in WAITING
        )
