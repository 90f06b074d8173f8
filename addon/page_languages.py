"""The two languages of what Koban shows without the extension: the one that the user chose, and one beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.model import LANGUAGES, Language, Text
from rules.problems import CatalogError
from rules.translations import WORDS, Translations, translations

MOST_RANGES = 20
"""Languages of a browser that are looked at."""


@dataclass(frozen=True, slots=True)
class PageLanguages:
    """The languages in their order; texts: translations, where the first is a further language. Immutable."""

    first: Language = "ja"
    second: Language = "en"
    texts: Translations | None = None

    def both(self, text: Text, group: str = WORDS) -> tuple[str, str]:
        """Returns a text in the first and in the second language. group: of its translation, as a rule's id."""
        full_text = text if self.texts is None else self.texts.added(text, group)
        return full_text.spoken(self.first), full_text.spoken(self.second)

    def filled(self, pattern: Text, /, **places: tuple[str, str]) -> tuple[str, str]:
        """Returns a text with its places filled. Whatever holds words of a page comes last: its braces are no place."""
        first, second = self.both(pattern)
        for name, (one, other) in places.items():
            first, second = first.replace(f"{{{name}}}", one), second.replace(f"{{{name}}}", other)
        return first, second


JAPANESE_FIRST = PageLanguages()


def page_languages(setting: Language | None, accept_language: str = "") -> PageLanguages:
    """Returns the languages of a page: Japanese and English, in the user's order; a further language, then English.

    setting: the user's; where it is None, the browser's `Accept-Language` decides: its first language of Koban's, else
    English, which more of those read who read neither; where it names no language, Japanese.
    """
    first = _first_of(accept_language) if setting is None else setting
    try:
        texts = translations(first)
    except CatalogError:
        return JAPANESE_FIRST
    return PageLanguages(first, "ja" if first == "en" else "en", texts)


_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*", re.ASCII)
"""A language range and its weight (RFC 9110, 12.5.4)."""


def _first_of(accept_language: str) -> Language:
    wanted_languages = list(_languages(accept_language))
    known_languages = (
        each for language in wanted_languages for each in LANGUAGES if each.partition("-")[0] == language
    )
    return next(known_languages, "en" if wanted_languages else JAPANESE_FIRST.first)


def _languages(accept_language: str) -> Iterator[str]:
    """Yields the languages that a browser accepts, the most wanted first, without their countries."""
    ranges = (_RANGE.fullmatch(each) for each in accept_language[:1000].split(",")[:MOST_RANGES])
    pairs = [(float(match[2] or 1), match[1].lower()) for match in ranges if match is not None]
    for weight, primary in sorted(pairs, key=lambda pair: -pair[0]):
        # Of one letter, or of more than three, none is of a language in use (RFC 5646, 2.2.1).
        if weight > 0 and len(primary) in (2, 3):
            yield primary
