"""Facts that several of Workana's pages write alike, in Portuguese, Spanish and English."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from extractors.dates import calendar_day, first_of_month, time_ago
from extractors.descriptor import Certainty
from extractors.document import words_of
from extractors.money import money_range, pay
from extractors.parsing import number, plain
from extractors.parts import Part
from extractors.reading import Reader
from extractors.records import Moment, Pay

STARS = ".stars-bg[title]"
COUNTRY = ".country-name"
FLAG = ".flag[title]"
PUBLISHED = ".project-main-details .date"

_OPEN = frozenset(
    {
        "analisando propostas",
        "avaliando propostas",
        "evaluando propuestas",
        "evaluating bids",
        "evaluating proposals",
    }
)
"""What the state of a project says while it takes bids. The first was seen, the others are assumed."""
_RATING = re.compile(r"(?P<value>\d(?:[.,]\d{1,2})?)(?:\s(?:de|of)\s5(?:[.,]00?)?)?")
_HISTORY = re.compile(
    r"(?:Publicad[oa]s|Published)\s?:\s?(?P<posted>\d{1,6})\s?/\s?(?:Pagamentos|Pagos|Pagad[oa]s|Payments|Paid)\s?:\s?(?P<paid>\d{1,6})"
    r"(?![\d.,])"
)
_POSTED = re.compile(
    r"(?<![\d.,])(\d{1,6})\s(?:Projetos?\spublicados?|Proyectos?\spublicados?|Published\sprojects?)", re.IGNORECASE
)
_PAID = re.compile(r"(?<![\d.,])(\d{1,6})\s(?:Projetos?\spagos?|Proyectos?\spagados?|Projects?\spaid)", re.IGNORECASE)
_CATEGORY = re.compile(r"(?:Categoria|Categoría|Category)\s?:\s?(?P<name>\S.{0,80})")


@dataclass(frozen=True, slots=True)
class History:
    """The projects of a client, as the site counts them: posted (with the present one), and of these, paid for."""

    projects_posted: int
    projects_paid: int


def history_in(text: str) -> History | None:
    """The counts in a line: 「Publicados: 15 / Pagamentos: 2 (13%)」, "Published: 15 / Payments: 2", 「15 Projetos
    publicados 2 Projetos pagos」.

    The Portuguese words and the English ones of the first form were seen; the Spanish ones are assumed.

    The last of the line count: a client's name, which may say anything, stands before.
    """
    if last := _last(_HISTORY, text):
        return History(projects_posted=int(last["posted"]), projects_paid=int(last["paid"]))
    posted_match, paid_match = _last(_POSTED, text), _last(_PAID, text)
    return (
        History(projects_posted=int(posted_match[1]), projects_paid=int(paid_match[1]))
        if posted_match and paid_match
        else None
    )


def history_about(markup: str | None) -> History | None:
    """The counts in the HTML of a text about a client, below the heading that is the client's name."""
    return None if markup is None else history_in(" ".join(plain(markup.rpartition("</h4>")[2]).split()))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def rating_of(value: object) -> float | None:
    """A rating as the site gives it: `4.50`, `"4.50"`, `{value, label}`, `5.00 de 5.00`.

    Zero is what a client has whom nobody has rated: None.
    """
    if isinstance(value, dict):
        value = value.get("value", value.get("label"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        stars = float(value)
    else:
        match = _RATING.fullmatch(" ".join(value.split())) if isinstance(value, str) and len(value) < 40 else None
        rating = None if match is None else number(match["value"].replace(",", "."))
        stars = 0.0 if rating is None else float(rating)
    return stars if 0 < stars <= 5 else None


def pay_in(budget: str | None, *, is_hourly: bool = False) -> Pay | None:
    """The pay of a budget: `USD 500 - 1.000`, `Mais de USD 3.000`, `USD 15 - 45 / hora`; a guide, as the site says."""
    return None if budget is None else pay(money_range(budget), is_hourly=is_hourly)


def after_label(text: str | None) -> str | None:
    """The text after a label: 「Propostas: 4」, "Published: 28 minutes ago"."""
    return None if text is None else text.rpartition(":")[2].strip() or None


def published(part: Part) -> Moment | None:
    """The moment that a project was published, counted back from when the page came."""
    return time_ago(after_label(part.words(PUBLISHED)) or "", part.received_at)


def category_in(lines: Iterable[str]) -> str | None:
    """The category, which the site writes below a description; the last line that says so."""
    names = [match["name"].strip() for line in lines if (match := _CATEGORY.fullmatch(line.strip()))]
    return names[-1] if names else None


def is_open(state: str | None) -> bool | None:
    """True for a state in which a project takes bids; None for any other, whose words are not known."""
    return True if state is not None and state.lower() in _OPEN else None


def joined_on(text: str, today: date) -> Moment | None:
    """The day on which somebody joined: `13 de Junho de 2026`.

    Of a month alone, the first day that it can be, so that nobody seems newer than they are; None for the present
    month, of which every day may be today.
    """
    if (day := calendar_day(text)) is not None:
        return day
    month = first_of_month(text)
    return None if month is None or month >= today.replace(day=1) else month


def flag_of(selector: str = FLAG, certainty: Certainty = "real-page") -> Reader[Part]:
    """A reader of a country by the title of its flag."""
    return Reader(selector, lambda part: part.attribute(selector, "title"), certainty)


def stars(selector: str = STARS, certainty: Certainty = "real-page") -> Reader[Part]:
    return Reader(selector, lambda part: rating_of(part.attribute(selector, "title")), certainty)


def counted(selector: str, read: Callable[[History], object], certainty: Certainty = "real-page") -> Reader[Part]:
    """A reader of one of the counts in the first element whose words have them."""

    def find(part: Part) -> object:
        histories = (history_in(words_of(element)) for element in part.select(selector))
        history = next((one for one in histories if one is not None), None)
        return None if history is None else read(history)

    return Reader(selector, find, certainty)
