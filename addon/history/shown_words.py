"""The words that the history's page shows of a state, a mark, a day or an amount: nothing stored holds them, and one
searches for them.

The page words them in its reader's language (`extension/public/_locales`), which nobody here knows: each is given in
all of Koban's languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType

from rules.lexicon import CONTRACT_STATES, SEVERITIES, STATES
from rules.model import LANGUAGES, Language, Severity, Text
from rules.past import JST
from rules.problems import CatalogError
from rules.translations import WORDS, translations

MONTHS: Mapping[Language, Sequence[str]] = MappingProxyType(
    {
        "ja": "1,2,3,4,5,6,7,8,9,10,11,12".split(","),
        "en": "January,February,March,April,May,June,July,August,September,October,November,December".split(","),
        "es": "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre".split(","),
        "pt-BR": "janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro".split(","),
        "fr": "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre".split(","),
    }
)
"""As the extension's texts name them (`monthNames`)."""
DAYS: Mapping[Language, str] = MappingProxyType(
    {
        "ja": "{year}年{month}月{day}日",
        "en": "{day} {month} {year}",
        "es": "{day} de {month} de {year}",
        "pt-BR": "{day} de {month} de {year}",
        "fr": "{day} {month} {year}",
    }
)
"""As they write a day (`dayLine`)."""
WAITS_FOR_ESCROW: Sequence[str] = (
    "まだ始めないでください",
    "Do not start yet",
    "No empieces todavía",
    "Não comece ainda",
    "Ne commencez pas encore",
)
OWED: Sequence[str] = (
    "支払い未確認",
    "payment not seen",
    "pago no visto",
    "pagamento não visto",
    "paiement non constaté",
)
"""Marks at a deal (`escrowStop`, `dealOwed`)."""
_SEPARATORS = ((",", "."), (".", ","), (" ", ","), ("", "."), ("", ","))
"""Between thousands, and before the decimals; in Spanish there is none within four digits."""


def day_forms(moment: datetime) -> Iterator[str]:
    """Yields the day of a moment where the marketplaces are, as ISO 8601 has it and as each language does."""
    day = moment.astimezone(JST).date()
    yield day.isoformat()
    for language, form in DAYS.items():
        yield form.format(year=day.year, month=MONTHS[language][day.month - 1], day=day.day)


def amount_forms(amount: str | None, currency: str | None) -> Iterator[str]:
    """Yields an amount with its currency as each language writes it; nothing where there is none."""
    if amount is None:
        return
    try:
        whole, _, decimals = f"{round(Decimal(amount), 2).normalize():,f}".partition(".")
    except InvalidOperation:
        return
    for thousands, point in _SEPARATORS:
        number = whole.replace(",", thousands) + (point + decimals if decimals else "")
        yield from (
            (f"{number}円", f"¥{number}", f"{number} ¥") if currency == "JPY" else (f"{number} {currency or ''}",)
        )


@cache
def state_forms(state: str) -> tuple[str, ...]:
    """Returns the words of a deal's state."""
    info = CONTRACT_STATES.get(state)  # type: ignore[call-overload]
    if info is None:
        return ()
    # In French the page says them of a mission, which is feminine (livré, livrée).
    return (*_in_all_languages(info.words), f"{_spoken(info.words, 'fr')}e")


def mark_forms(state: str, *, escrow_seen: bool) -> Iterator[str]:
    """Yields the words of the marks at a deal. escrow_seen: whether it was ever seen funded."""
    info = CONTRACT_STATES.get(state)  # type: ignore[call-overload]
    if info is not None and info.waits_for_escrow(escrow_seen=escrow_seen):
        yield from WAITS_FOR_ESCROW
    if info is not None and info.owed:
        yield from OWED


@cache
def severity_forms(severity: Severity) -> tuple[str, ...]:
    """Returns the words of the state that a warning of a severity makes of its page."""
    return _in_all_languages(STATES[SEVERITIES[severity].state].words)


def _in_all_languages(text: Text) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_spoken(text, language) for language in LANGUAGES))


def _spoken(text: Text, language: Language) -> str:
    try:
        further = translations(language)
    except CatalogError:
        # A damaged file of texts costs its language alone.
        further = None
    return (text if further is None else further.added(text, WORDS)).spoken(language)
