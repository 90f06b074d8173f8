"""Placeholders in a rule's texts, filled in when it fires.

{operator}, {site}, {escrow}, {proof} are the site's own words, {quote} and {value} the evidence, {field.name} a fact.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from rules.fields import FIELDS, Kind
from rules.lexicon import CONTRACT_STATES, DEADLINE_EVENTS
from rules.model import Language, Text
from rules.sites import escrow
from rules.translations import WORDS as OF_PROGRAM
from rules.translations import Translations

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")
NAMES = frozenset({"operator", "site", "escrow", "proof", "quote", "value"})
WORDS: Mapping[object, Text] = MappingProxyType(
    {
        True: Text(ja="はい", en="yes"),
        False: Text(ja="いいえ", en="no"),
        **{state: info.words for state, info in CONTRACT_STATES.items()},
        **{event: words for event, words in DEADLINE_EVENTS.items() if event not in CONTRACT_STATES},
    }
)
"""Values that no page shows as such."""
AMOUNTS: Mapping[str, str] = MappingProxyType(
    {
        "contract.amount": "contract.currency",
        "contract.amount_before": "contract.currency",
        "contract.funded_amount": "contract.funded_currency",
        "job.pay.compared": "job.pay.currency",
        "job.pay.market_median": "job.pay.currency",
    }
)
"""Facts that are amounts of money, and the fact that is their currency: a warning says both."""


def _with_currency(amount: str, currency: str) -> str:
    """Return a pattern for an amount's placeholder with that of its currency beside it; the amount is its group.

    Brackets belong to the currency only in pairs: one alone may enclose the amount too, or further words.
    """
    own, beside = (re.escape(f"{{{name}}}") for name in (amount, currency))
    return rf"({own})\s?(?:\({beside}\)|（{beside}）|{beside})|{beside}\s?({own})"


_WITH_CURRENCY = re.compile("|".join(_with_currency(*names) for names in AMOUNTS.items()))


def unknown_placeholders(text: str) -> list[str]:
    """Return the placeholders of a text that nothing fills."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in NAMES and name not in FIELDS]


class Words(Protocol):
    """The words of placeholders: a mapping, or what makes each when it is asked for."""

    def get(self, name: str, default: str, /) -> str:
        """Return the word of a placeholder; the default where it has none."""
        ...


def fill(text: str, words: Words) -> str:
    """Fill the placeholders of a text; one without a value becomes a dash.

    A currency that is written beside its amount is left out: an amount says its own.
    """
    if "{" not in text:
        return text
    text = _WITH_CURRENCY.sub(lambda m: m[m.lastindex or 0], text)
    return _PLACEHOLDER.sub(lambda m: words.get(m[1], "—"), text)


def filled(
    text: Text, words: Mapping[Language, Words], translations: Translations | None, group: str = OF_PROGRAM
) -> Text:
    """Fill a text in Japanese, in English, and in the further language that it is said in, if any.

    words: by language, the word of each placeholder. translations: of the further language. group: the id of the rule
    whose text it is, or that of the program's own texts.
    """
    in_both = Text(ja=fill(text.ja, words["ja"]), en=fill(text.en, words["en"]))
    if translations is None:
        return in_both
    language = translations.language
    version = translations.added(text, group).further(language)
    return in_both if version is None else in_both.also(language, fill(version, words[language]))


def filled_by_texts(text: Text, values: Mapping[str, Text], translations: Translations | None = None) -> Text:
    """Fill a text of the program by other texts of its. values: by placeholder. translations: as for `filled`."""
    languages: tuple[Language, ...] = ("ja", "en")
    if translations is not None:
        values = {name: translations.added(value) for name, value in values.items()}
        languages += (translations.language,)
    words = {language: {name: value.spoken(language) for name, value in values.items()} for language in languages}
    return filled(text, words, translations)


def in_language(text: Text, language: Language, translations: Translations | None = None) -> str:
    """Return a text in a language; in English where it is not there in that one. translations: of that language."""
    return (text if translations is None else translations.added(text)).spoken(language)


def shown(value: Any, kind: Kind, language: Language | None = None, translations: Translations | None = None) -> str:
    """Return a value as a warning shows it: a word of ours in one language, in both where none is named.

    translations: of that language, where it is a further one.
    """
    words = value if isinstance(value, Text) else WORDS.get(value) if isinstance(value, bool | str) else None
    if words is not None:
        return f"{words.ja} / {words.en}" if language is None else in_language(words, language, translations)
    if translations is not None and isinstance(value, Decimal | float | int):
        return translations.share(value) if kind == "share" else translations.number(value)
    if kind == "share":
        return f"{value:.0%}"
    if isinstance(value, Decimal | float):
        number = round(float(value), 2)
        return f"{number:,.0f}" if number == int(number) else f"{number:,}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def money_shown(
    amount: Decimal | float, currency: str, language: Language, translations: Translations | None = None
) -> str:
    """Return an amount as a warning shows it: `30,000円`, `¥30,000`, `1,250.5 USD`. translations: as for `shown`."""
    number = shown(amount, "number", language, translations)
    if currency != "JPY":
        return f"{number} {currency}"
    return f"{number}円" if language == "ja" else f"¥{number}"


def site_words(site: str, language: Language, translations: Translations | None = None) -> dict[str, str]:
    """Return the words of a site for what holds its users' money; the general ones for a text of no known site.

    translations: of that language, where it is a further one.
    """
    own = escrow(site)
    words = {name: Text(ja=each.ja, en=each.en) for name, each in (("escrow", own.name), ("proof", own.proof))}
    return {name: in_language(text, language, translations) for name, text in words.items()}


GENERAL: Mapping[str, Text] = MappingProxyType(
    {
        "operator": Text(ja="サイトの事務局", en="the site's support"),
        "site": Text(ja="サイト", en="the site"),
    }
)
"""What a text says of a site where it is about none."""


def _general(language: Language, translations: Translations | None = None) -> Mapping[str, str]:
    """Return the word of each placeholder in a language where a text is of no page."""
    return {
        **{name: in_language(text, language, translations) for name, text in GENERAL.items()},
        **dict.fromkeys(("quote", "value", "reading"), "…"),
        **site_words("", language, translations),
    }


_GENERAL_WORDS: Mapping[Language, Mapping[str, str]] = {"ja": _general("ja"), "en": _general("en")}


def spoken(text: Text, translations: Translations | None = None, rule: str = "") -> Text:
    """Fill a rule's text where it did not fire: with general words instead of those of a page.

    translations: of the further language in which it is said too. rule: its id.
    """
    words = _GENERAL_WORDS
    if translations is not None:
        words = {**words, translations.language: _general(translations.language, translations)}
    return filled(text, words, translations, rule)
