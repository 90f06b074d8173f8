"""Texts in further languages, beside the Japanese and English ones that stand where they are used.

A language is one file, `rules/texts/<language>.yaml`: by group the English text as it is written, with its places
unfilled, and its translation. A group is the id of a rule, or `words` for all texts that are no rule's; it tells a
translator where the text stands, and lets one English text be said in two ways. So a text whose English has changed,
in a rule of a pack or of the user's too, has no translation, and English stands for it until it has one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rules.model import FURTHER_LANGUAGES, Language, Text
from rules.problems import CatalogError

if TYPE_CHECKING:
    from rules.document import Document

FOLDER = Path(__file__).parent / "texts"
WORDS = "words"
"""The group of texts that are no rule's."""
SUPPORT = "{site}'s support"
"""The operator of most sites, said once for all of them. Where a language has it otherwise (« support d’Upwork »), it
says that operator by itself."""
_SUPPORT = re.compile(r"(.+?)(?:'s|(?<=s)') support")

Groups = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Translations:
    """The texts of one further language. Immutable."""

    language: Language
    groups: Groups = field(default_factory=dict)

    def of(self, english: str, group: str = WORDS) -> str | None:
        """Return the translation of an English text in a group, else among the words; None where there is none."""
        words = self.groups.get(WORDS, {})
        return self.groups.get(group, {}).get(english) or words.get(english) or _support_in(words, english)

    def added(self, text: Text, group: str = WORDS) -> Text:
        """Return a text with its translation; as it is where there is none, or where it brings one of its own."""
        own = text.further(self.language)
        return text if own is not None else text.also(self.language, self.of(text.en, group))

    def number(self, value: Decimal | float) -> str:
        """Return a number as people of the language write it, with two decimals at most."""
        from babel.numbers import format_decimal  # 80 ms, for those who asked for such a language

        return format_decimal(round(Decimal(str(value)), 2), locale=self._locale)

    def share(self, value: Decimal | float) -> str:
        """Return a share, from 0 to 1, in per cent."""
        from babel.numbers import format_percent

        return format_percent(Decimal(str(value)), locale=self._locale)

    def day(self, value: date) -> str:
        """Return a day as people of the language write it; of a moment, the day in its own zone."""
        from babel.dates import format_date

        return format_date(value, "long", locale=self._locale)

    @property
    def _locale(self) -> str:
        return self.language.replace("-", "_")


def _support_in(words: Mapping[str, str], english: str) -> str | None:
    """The operator of a site, from the words that a language has for that of any; None for another text."""
    match = _SUPPORT.fullmatch(english)
    return words[SUPPORT].replace("{site}", match[1]) if match is not None and SUPPORT in words else None


def translations(language: Language | None) -> Translations | None:
    """Return the texts of a language; None for Japanese, English, and no language. Raises CatalogError."""
    return _read(language) if language in FURTHER_LANGUAGES else None


def file_of(language: Language) -> Path:
    """Return the file of a further language."""
    return FOLDER / f"{language}.yaml"


@cache
def _read(language: Language) -> Translations:
    # Late: it imports YAML and all that rules are made of, which the proxy's process does without until a further
    # language is chosen.
    from rules.document import Document

    path = file_of(language)
    document = Document(path, f"rules/texts/{path.name}")
    problems = [*document.problems, *_problems(document)]
    if problems:
        raise CatalogError(problems)
    return Translations(language, document.data)


def _problems(document: "Document") -> Iterator[str]:
    """The places of a file that are no text below a group."""
    if not isinstance(document.data, dict):
        yield f"{document.shown_path}:1: groups of texts are wanted"
        return
    for group, texts in document.data.items():
        if not isinstance(texts, dict):
            yield f"{document.shown_path}:{document.line([group])}: English texts and their translations are wanted"
            continue
        for english, translation in texts.items():
            if not isinstance(translation, str) or not translation.strip():
                yield f"{document.shown_path}:{document.line([group, english])}: a translation is wanted"
