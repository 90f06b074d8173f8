"""Placeholders in a rule's texts, filled in when it fires: {operator}, {site}, {quote}, {value}, {field.name}."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.fields import FIELDS, Kind
from rules.lexicon import CONTRACT_STATES
from rules.model import Text

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
NAMES = frozenset({"operator", "site", "quote", "value"})
_WORDS: Mapping[object, str] = {
    True: "はい / yes",
    False: "いいえ / no",
    **{state: f"{info.words.ja} / {info.words.en}" for state, info in CONTRACT_STATES.items()},
}
"""Values that no page shows as such, in both languages: shown where otherwise a page's words are quoted."""


def unknown_placeholders(text: str) -> list[str]:
    """Return the placeholders of a text that nothing fills."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in NAMES and name not in FIELDS]


def fill(text: str, words: Mapping[str, str]) -> str:
    """Fill the placeholders of a text; one without a value becomes a dash."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda m: words.get(m[1], "—"), text)


def shown(value: Any, kind: Kind) -> str:
    """Return a value as a warning shows it."""
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
    """Fill a rule's text where it did not fire: with general words instead of those of a page."""
    return Text(ja=fill(text.ja, _FILLED_JA), en=fill(text.en, _FILLED_EN))
