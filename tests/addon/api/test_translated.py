"""What the API says, in the further language that was asked for too."""

from dataclasses import dataclass

from pydantic import BaseModel

from addon.api.translated import translated
from rules.model import Source, Text
from rules.translations import Translations

YES = Text(ja="はい", en="yes")
FRENCH = Translations("fr", {"words": {"yes": "oui"}})


class Sheet(BaseModel):
    title: Text
    lines: list[Text]
    sources: tuple[Source, ...]
    note: Text | None = None
    number: int = 3


@dataclass(frozen=True)
class Place:
    name: Text
    sheet: Sheet


def test_every_text_within_is_translated_and_all_else_is_as_it_was() -> None:
    sheet = Sheet(title=YES, lines=[YES, Text(ja="無", en="none")], sources=(Source(name=YES, url="u", checked="c"),))
    said = translated(Place(YES, sheet), FRENCH)
    assert [text.spoken("fr") for text in (said.name, said.sheet.title, *said.sheet.lines)] == [
        "oui",
        "oui",
        "oui",
        "none",
    ]
    assert said.sheet.sources[0].name.further("fr") == "oui"
    assert (said.sheet.note, said.sheet.number, said.sheet.sources[0].url) == (None, 3, "u")
    assert sheet.title == YES


def test_without_a_further_language_nothing_is_copied() -> None:
    sheet = Sheet(title=YES, lines=[], sources=())
    assert translated(sheet, None) is sheet


class Given(BaseModel):
    rule: str
    title: Text


def test_issue_21_a_warning_that_was_given_in_another_language_has_its_rules_title_in_this_one() -> None:
    stop = Text(ja="止", en="Stop").also("es", "Alto")
    said = translated([Given(rule="a-rule", title=stop)], Translations("fr", {"a-rule": {"Stop": "Arrêt"}}))
    assert [said[0].title.spoken(language) for language in ("es", "fr")] == ["Alto", "Arrêt"]
