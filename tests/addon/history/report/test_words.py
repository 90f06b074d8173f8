"""The words of a report in a language: places filled once, a client's words as they are, English for what lacks."""

import pytest

from addon.history.report.words import LINES, Words
from rules.model import Language, Text
from rules.translations import Translations, translations


def test_a_place_is_filled_once_whatever_a_client_is_called() -> None:
    assert Words("en").line("client", name="{id}", id="52") == "Client: {id} (id 52)"


@pytest.mark.parametrize(
    ("language", "quoted"), [("ja", "「a」「b」"), ("es", "“a” “b”"), ("fr", "«\u00a0a\u00a0» «\u00a0b\u00a0»")]
)
def test_issue_21_a_clients_words_stand_in_the_quotation_marks_of_the_language(language: Language, quoted: str) -> None:
    assert Words(language, translations(language)).joined(("a", "b")) == quoted


def test_issue_21_a_text_is_said_by_its_rule_else_by_all_else_in_english() -> None:
    words = Words("fr", Translations("fr", {"a-rule": {"Stop": "Arrêt"}, "words": {"yes": "oui"}}))
    stop, yes = Text(ja="停止", en="Stop"), Text(ja="はい", en="yes")
    assert [words.of(stop, "a-rule"), words.of(yes, "a-rule"), words.of(stop)] == ["Arrêt", "oui", "Stop"]
    assert words.line("seen") == LINES["seen"].en
