"""Words in a rule's texts that are filled in when it fires: {operator}, {site}, {quote}, {value}, {field.name}."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.facts import FIELDS, Kind
from rules.lexicon import CONTRACT_STATES
from rules.model import Text

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
_NAMES = frozenset({"operator", "site", "quote", "value"})
_WORDS: Mapping[object, str] = {
    True: "はい / yes",
    False: "いいえ / no",
    **{state: f"{info.words.ja} / {info.words.en}" for state, info in CONTRACT_STATES.items()},
}
"""Values that no page shows as they are, in both languages: they stand where a page's words would be quoted."""


def unknown_placeholders(text: str) -> list[str]:
    """Placeholders of a text that nothing fills."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in _NAMES and name not in FIELDS]


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders filled; one without a word becomes a dash."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda m: words.get(m[1], "—"), text)


def shown(value: Any, kind: Kind) -> str:
    """A value as a warning shows it."""
    if kind == "share":
        return f"{value:.0%}"
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, Decimal | float):
        number = round(float(value), 2)
        return f"{number:,.0f}" if number == int(number) else f"{number:,}"
    if isinstance(value, int):
        return f"{value:,}"
    return _WORDS.get(str(value), str(value))


_FILLED_JA = {"operator": "サイトの事務局", "site": "サイト", "quote": "…", "value": "…"}
_FILLED_EN = {"operator": "the site's support", "site": "the site", "quote": "…", "value": "…"}


def spoken(text: Text) -> Text:
    """A rule's text where it did not fire: with general words in the place of what a page would fill in."""
    return Text(ja=fill(text.ja, _FILLED_JA), en=fill(text.en, _FILLED_EN))
