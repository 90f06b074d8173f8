"""Placeholders in a rule's texts, filled in when it fires.

{operator}, {site}, {escrow}, {proof} are the site's own words, {quote} and {value} the evidence, {field.name} a fact.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from rules.fields import FIELDS, Kind
from rules.lexicon import CONTRACT_STATES, DEADLINE_EVENTS
from rules.model import Text
from rules.sites import escrow

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
NAMES = frozenset({"operator", "site", "escrow", "proof", "quote", "value"})
_WORDS: Mapping[object, Text] = MappingProxyType(
    {
        True: Text(ja="はい", en="yes"),
        False: Text(ja="いいえ", en="no"),
        **{state: info.words for state, info in CONTRACT_STATES.items()},
        **{event: words for event, words in DEADLINE_EVENTS.items() if event not in CONTRACT_STATES},
    }
)
"""Values that no page shows as such."""


def unknown_placeholders(text: str) -> list[str]:
    """Return the placeholders of a text that nothing fills."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in NAMES and name not in FIELDS]


def fill(text: str, words: Mapping[str, str]) -> str:
    """Fill the placeholders of a text; one without a value becomes a dash."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda m: words.get(m[1], "—"), text)


def shown(value: Any, kind: Kind, language: Literal["ja", "en"] | None = None) -> str:
    """Return a value as a warning shows it: a word of ours in one language, in both where none is named."""
    if kind == "share":
        return f"{value:.0%}"
    words = value if isinstance(value, Text) else _WORDS.get(value) if isinstance(value, bool | str) else None
    if words is not None:
        return f"{words.ja} / {words.en}" if language is None else str(getattr(words, language))
    if isinstance(value, Decimal | float):
        number = round(float(value), 2)
        return f"{number:,.0f}" if number == int(number) else f"{number:,}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def site_words(site: str, language: Literal["ja", "en"]) -> dict[str, str]:
    """Return the words of a site for what holds its users' money; the general ones for a text of no known site."""
    own = escrow(site)
    return {"escrow": getattr(own.name, language), "proof": getattr(own.proof, language)}


_FILLED_JA = {"operator": "サイトの事務局", "site": "サイト", "quote": "…", "value": "…", **site_words("", "ja")}
_FILLED_EN = {"operator": "the site's support", "site": "the site", "quote": "…", "value": "…", **site_words("", "en")}


def spoken(text: Text) -> Text:
    """Fill a rule's text where it did not fire: with general words instead of those of a page."""
    return Text(ja=fill(text.ja, _FILLED_JA), en=fill(text.en, _FILLED_EN))
