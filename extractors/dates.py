"""Days as sites in Portuguese, Spanish, French and English write them. Pure functions of a text; None for any other.

Such a site names no zone: what it shows is a day. The names of the months are those of the Unicode CLDR (wide and
abbreviated, https://cldr.unicode.org), of which no two languages give one name to two months.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

from extractors.parsing import MAX_TEXT, normal

_NAMES = (
    "janeiro enero janvier january jan ene janv",
    "fevereiro febrero fevrier february fev feb fevr",
    "marco marzo mars march mar",
    "abril avril april abr avr apr",
    "maio mayo mai may",
    "junho junio juin june jun",
    "julho julio juillet july jul juil",
    "agosto aout august ago aug",
    "setembro septiembre setiembre septembre september set sept sep",
    "outubro octubre octobre october out oct",
    "novembro noviembre novembre november nov",
    "dezembro diciembre decembre december dez dic dec",
)
MONTHS: Final = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Names of the months in small letters without accents, each with its number."""

_TIME = r"(?:,?\s(?:(?:as|a las|a|at)\s)?\d{1,2}[:h]\d{2})?"
_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})(?:o|er|\.)?\s(?:de\s)?(?P<month>[a-z]{3,10})\.?,?\s(?:de\s|del\s)?(?P<year>\d{4})"
    rf"|(?P<name>[a-z]{{3,10}})\.?\s(?P<number>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<in>\d{{4}})){_TIME}"
)
_MONTH = re.compile(r"(?P<month>[a-z]{3,10})\.?,?\s(?:de\s|del\s)?(?P<year>\d{4})")
_AGO = re.compile(
    r"(?:(?:ha|hace|il y a)\s(?P<a>\d{1,3}|um|uma|un|una|une)\s(?P<of>[a-z]{1,10})"
    r"|(?P<b>\d{1,3}|an?|one)\s(?P<unit>[a-z]{1,10})\s(?:ago|atras))"
)
_DAY_NAMES = {
    **dict.fromkeys(("hoje", "hoy", "today", "aujourd'hui"), 0),
    **dict.fromkeys(("ontem", "ayer", "yesterday", "hier"), 1),
    **dict.fromkeys(("anteontem", "anteayer", "avant-hier"), 2),
}
_UNITS = {
    **dict.fromkeys("minuto minutos minute minutes min".split(), timedelta(minutes=1)),
    **dict.fromkeys("hora horas hour hours heure heures h".split(), timedelta(hours=1)),
    **dict.fromkeys("dia dias day days jour jours".split(), timedelta(days=1)),
    **dict.fromkeys("semana semanas week weeks semaine semaines".split(), timedelta(weeks=1)),
}


def calendar_day(text: str) -> date | None:
    """A day with its year: `11 Agosto, 2026`, `13 de Junho de 2026 15:40`, `1er août 2026`, `Feb 13, 2019`.

    A time of day is read over: its zone is not known.
    """
    match = _DATE.fullmatch(_plain(text))
    if match is None:
        return None
    month = MONTHS.get(match["month"] or match["name"])
    if month is None:
        return None
    try:
        return date(int(match["year"] or match["in"]), month, int(match["day"] or match["number"]))
    except ValueError:
        return None


def first_of_month(text: str) -> date | None:
    """The first day of a month: `Junho 2026`, `juin 2026`, `Septiembre de 2024`. Nothing within it was earlier."""
    match = _MONTH.fullmatch(_plain(text))
    month = None if match is None else MONTHS.get(match["month"])
    if match is None or month is None or int(match["year"]) < 1:
        return None
    return date(int(match["year"]), month, 1)


def time_ago(text: str, reference: datetime) -> date | datetime | None:
    """A time before `reference`: `há 21 horas`, `hace 3 días`, `il y a une heure`, `28 minutes ago`, `Ontem`, `hier`.

    Days and weeks give a day in the zone of `reference`, hours and shorter a moment. Months and years do not count in
    days, and what is "almost" or "about" an hour is no moment: both are None.
    """
    words = _plain(text)
    if words in _DAY_NAMES:
        return reference.date() - timedelta(days=_DAY_NAMES[words])
    match = _AGO.fullmatch(words)
    unit = None if match is None else _UNITS.get(match["of"] or match["unit"])
    if match is None or unit is None:
        return None
    number = match["a"] or match["b"]
    moment = reference - (int(number) if number.isdecimal() else 1) * unit
    return moment if unit < timedelta(days=1) else moment.date()


def _plain(text: str) -> str:
    """A short text in small letters, without accents and with single blanks; empty where it is longer than any date."""
    if len(text) > MAX_TEXT:
        return ""
    letters = unicodedata.normalize("NFD", normal(text).lower())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
