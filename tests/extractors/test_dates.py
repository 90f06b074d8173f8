"""Days in four languages: what sites write, and round trips of what they could write."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.dates import calendar_day, first_of_month, time_ago

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=-3)))
WIDE = {
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
FORMS = {
    "pt": "{day} de {month} de {year}",
    "es": "{day} {month}, {year}",
    "fr": "{day} {month} {year}",
    "en": "{month} {day}, {year}",
}
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11 Agosto, 2026", date(2026, 8, 11)),
        ("13 de Junho de 2026 15:40", date(2026, 6, 13)),
        ("1º de março de 2026", date(2026, 3, 1)),
        ("4 de mayo del 2021", date(2021, 5, 4)),
        ("1er août 2026", date(2026, 8, 1)),
        ("3 déc. 2025, 14h05", date(2025, 12, 3)),
        ("Feb 13, 2019", date(2019, 2, 13)),
        ("February 13th, 2019", date(2019, 2, 13)),
        ("13  DE\u00a0JUNHO DE 2026", date(2026, 6, 13)),
    ],
)
def test_a_day_in_four_languages(text: str, expected: date) -> None:
    assert calendar_day(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Junho 2026", "31 Junho 2026", "13/06/2026", "13 de Juin", "0 May 2026", "x13 May 2026", "May 2026, 13"],
)
def test_any_other_text_is_no_day(text: str) -> None:
    assert calendar_day(text) is None


@given(days, st.sampled_from(sorted(FORMS)))
def test_a_day_is_read_back(day: date, language: str) -> None:
    month = WIDE[language].split()[day.month - 1]
    assert calendar_day(FORMS[language].format(day=day.day, month=month, year=day.year)) == day


@pytest.mark.parametrize("language", WIDE)
def test_every_month_is_known(language: str) -> None:
    months = [first_of_month(f"{month} 2026") for month in WIDE[language].split()]
    assert [month.month for month in months if month is not None] == list(range(1, 13))


ABBREVIATED = (
    "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "ene feb mar abr may jun jul ago sept oct nov dic",
    "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
)
"""As the CLDR has them (pt, es, fr, en)."""


@pytest.mark.parametrize("names", ABBREVIATED)
def test_every_abbreviation_is_known(names: str) -> None:
    assert [calendar_day(f"7 {name} 2026") for name in names.split()] == [date(2026, n, 7) for n in range(1, 13)]


def test_of_a_month_alone_the_first_day_is_read() -> None:
    assert first_of_month("Junho 2026") == date(2026, 6, 1)
    assert first_of_month("Febrero de 2024") == date(2024, 2, 1)
    assert [first_of_month(text) for text in ("2026", "Junho", "11 Junho 2026", "Foo 2026", "Junho 0000")] == [None] * 5


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("há 21 horas", timedelta(hours=21)),
        ("Há uma hora", timedelta(hours=1)),
        ("hace 40 minutos", timedelta(minutes=40)),
        ("28 minutes ago", timedelta(minutes=28)),
        ("an hour ago", timedelta(hours=1)),
        ("il y a 2 heures", timedelta(hours=2)),
        ("5 minutos atrás", timedelta(minutes=5)),
    ],
)
def test_hours_and_minutes_ago_are_a_moment(text: str, before: timedelta) -> None:
    assert time_ago(text, NOW) == NOW - before


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Ontem", 1),
        ("ayer", 1),
        ("Yesterday", 1),
        ("hier", 1),
        ("Hoje", 0),
        ("Aujourd'hui", 0),
        ("anteontem", 2),
        ("há 3 dias", 3),
        ("hace un día", 1),
        ("il y a 2 semaines", 14),
        ("1 week ago", 7),
    ],
)
def test_days_and_weeks_ago_are_a_day(text: str, days: int) -> None:
    assert time_ago(text, NOW) == NOW.date() - timedelta(days=days)


@pytest.mark.parametrize(
    "text", ["", "Há quase uma hora", "about an hour ago", "há 2 meses", "a year ago", "Just now", "há 9999 dias"]
)
def test_what_is_no_exact_time_is_none(text: str) -> None:
    assert time_ago(text, NOW) is None


@given(st.text(max_size=250))
def test_no_text_is_too_much(text: str) -> None:
    assert not isinstance(calendar_day(text), datetime)
    first_of_month(text)
    time_ago(text, NOW)
