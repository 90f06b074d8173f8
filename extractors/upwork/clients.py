"""The facts that Upwork states about a client, in the data of its pages and as they are drawn.

Absent is not false: `hasFinancialPrivacy` hides what was spent behind a zero, and a client whom nobody has rated has
the score 0. Where the data and the drawn page round differently (hire rate, the day of "Member since"), what the page
draws counts.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property

from extractors.dates import calendar_day
from extractors.descriptor import Certainty
from extractors.document import Element
from extractors.parsing import count, percent, stars
from extractors.parts import Part
from extractors.reading import NONE_YET, Reader, Row, flag, ident, members, moment, rating, text, whole
from extractors.records import Moment, Money
from extractors.upwork.amounts import dollars, usd
from extractors.upwork.countries import country
from extractors.upwork.shown import shown_lines, shown_words

PAYMENT_WORDS: Mapping[str, bool] = {
    "payment verified": True,
    "payment method verified": True,
    "payment unverified": False,
    "payment not verified": False,
    "payment method unverified": False,
    "payment method not verified": False,
}
"""The words of the mark, in small letters. The mark's place and class are the same for both answers."""

ABOUT = (
    '[data-test~="AboutClientUser"]',
    '[data-test~="AboutClientVisitor"]',
    ".cfe-ui-job-about-client",
    ".cfe-about-client-v2",
    '[data-test~="about-client-container"]',
)
"""The box "About the client": for users, for visitors, by its classes, and as one user found it in October 2025."""

_RATING = re.compile(r"(\d(?:\.\d{1,2})?) of ([\d,]{1,12}) reviews?")
_POSTED = re.compile(r"([\d,]{1,12}) jobs? posted")
_HIRE_RATE = re.compile(r"(\d{1,3}%) hire rate\b.{0,60}")
_SPENT = re.compile(r"(\$[\d,.]{1,20}[KMB]?\+?) total spent")
_HIRES = re.compile(r"([\d,]{1,12}) hires?\b.{0,60}")
_MEMBER = re.compile(r"Member since (.{1,40})")


def _field(path: str, read: Callable[[Row], object], certainty: Certainty = "real-page") -> Reader[Row]:
    return Reader(path, read, certainty)


def _first_day(value: object) -> Moment | None:
    """The day of a moment at midnight, which stands for the day alone."""
    instant = moment(value)
    return instant.date() if isinstance(instant, datetime) else instant


def _nation(value: object) -> str | None:
    name = text(value)
    return None if name is None else country(name)


# A row of a search: of the page's state, and of the API's answer.


def _spent(row: Row) -> object:
    """The sum, unless it is hidden: a zero counts where the row says that it is not."""
    total = row.get("totalSpent")
    money = dollars(total.get("amount"), total.get("isoCurrencyCode")) if isinstance(total, dict) else dollars(total)
    is_hidden = row.get("hasFinancialPrivacy")
    if is_hidden is True or (money is not None and money.amount == 0 and is_hidden is not False):
        return NONE_YET
    return money


_SHARED_OF_ROWS = {
    "rating": (_field("totalFeedback", lambda row: rating(row.get("totalFeedback"))),),
    "reviews": (_field("totalReviews", lambda row: whole(row.get("totalReviews"))),),
}
STATE_ROW_FIELDS = {
    **_SHARED_OF_ROWS,
    "payment_verified": (_field("isPaymentVerified", lambda row: flag(row.get("isPaymentVerified"))),),
    "total_spent": (_field("totalSpent", _spent),),
    "country": (_field("location.country", lambda row: _nation(members(row, "location").get("country"))),),
}
"""`client` of a row in the state of a page of search results."""


def _is_verified(row: Row) -> bool | None:
    """`"VERIFIED"`, or null for a client who is not: a facet beside the list counts the same. No key says nothing."""
    status = row.get("paymentVerificationStatus", "")
    return True if status == "VERIFIED" else False if status is None else None


ANSWER_ROW_FIELDS = {
    **_SHARED_OF_ROWS,
    "payment_verified": (_field("paymentVerificationStatus", _is_verified),),
    "total_spent": (_field("totalSpent.amount", _spent),),
    "country": (_field("country", lambda row: _nation(row.get("country"))),),
}
"""`upworkHistoryData.client` of a row in the API's answer to a search."""


# A job's own page: the state has it all in `buyer`, the API a part of it in `buyer.info`.


def _hire_rate(row: Row) -> float | None:
    """Jobs with a hire, of all jobs posted. Hires may be more than jobs."""
    posted_jobs = whole(members(row, "jobs").get("postedCount"))
    hired_jobs = whole(members(row, "stats").get("totalJobsWithHires"))
    return hired_jobs / posted_jobs if posted_jobs and hired_jobs is not None and hired_jobs <= posted_jobs else None


def _charged(row: Row) -> Money | None:
    """The sum. A zero of a client whom freelancers have rated after paid work is one that the client hides."""
    charges = members(row, "stats", "totalCharges")
    money = dollars(charges.get("amount"), charges.get("currencyCode"))
    is_hidden = money is not None and money.amount == 0 and (whole(members(row, "stats").get("feedbackCount")) or 0) > 0
    return None if is_hidden else money


BUYER_FIELDS = {
    "id": (_field("company.companyId", lambda row: ident(members(row, "company").get("companyId"))),),
    "name": (_field("company.name", lambda row: text(members(row, "company").get("name"))),),
    "job_offers_posted": (_field("jobs.postedCount", lambda row: whole(members(row, "jobs").get("postedCount"))),),
    "contracts_made": (
        _field("stats.totalAssignments", lambda row: whole(members(row, "stats").get("totalAssignments"))),
    ),
    "rating": (_field("stats.score", lambda row: rating(members(row, "stats").get("score"))),),
    "reviews": (_field("stats.feedbackCount", lambda row: whole(members(row, "stats").get("feedbackCount"))),),
    "payment_verified": (_field("isPaymentMethodVerified", lambda row: flag(row.get("isPaymentMethodVerified"))),),
    "total_spent": (_field("stats.totalCharges.amount", _charged),),
    "hire_rate": (_field("stats.totalJobsWithHires", _hire_rate),),
    "member_since": (
        _field("company.contractDate", lambda row: _first_day(members(row, "company").get("contractDate"))),
    ),
    "country": (_field("location.country", lambda row: _nation(members(row, "location").get("country"))),),
}
"""`buyer` of a job's page and of its answer."""


# The box "About the client", as it is drawn.


def payment_words(words: str | None) -> bool | None:
    """Returns whether the words of the mark say that payment is verified; None for any other words."""
    return PAYMENT_WORDS.get((words or "").strip().casefold())


class Box(Part):
    """The box "About the client"."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines that it shows without a pointer."""
        return () if self.element is None else tuple(shown_lines(self.element))


def _payment_shown(box: Box) -> bool | None:
    """The mark's words in the box. Beside it, in the same markup, the site marks a verified telephone number."""
    states = {payment_words(line) for line in box.lines} - {None}
    return states.pop() if len(states) == 1 else None


def _matched(
    pattern: re.Pattern[str], convert: Callable[[str], object], selector: str, group: int = 1
) -> tuple[Reader[Box], Reader[Box]]:
    """Readers of words by their form: at their place in the box, then anywhere in it, by the line."""

    def at_place(box: Box) -> object:
        element = box.first(selector)
        lines = [] if element is None else shown_lines(element)
        match = next((match for line in (" ".join(lines), *lines) if (match := pattern.fullmatch(line))), None)
        return None if match is None else convert(match[group])

    def anywhere(box: Box) -> object:
        match = next((match for line in box.lines if (match := pattern.fullmatch(line))), None)
        return None if match is None else convert(match[group])

    return (
        Reader(selector, at_place, "real-page"),
        Reader(ABOUT[0], anywhere, "real-page"),
    )


def _place(box: Box) -> str | None:
    words = shown_words(box.first('[data-qa="client-location"] strong'))
    return None if words is None else country(words)


ABOUT_FIELDS = {
    "job_offers_posted": _matched(_POSTED, count, '[data-qa="client-job-posting-stats"] strong'),
    "contracts_made": _matched(_HIRES, count, '[data-qa="client-hires"]'),
    "rating": _matched(_RATING, stars, '[data-testid="buyer-rating"]'),
    "reviews": _matched(_RATING, count, '[data-testid="buyer-rating"]', 2),
    "payment_verified": (Reader[Box](ABOUT[0], _payment_shown, "real-page"),),
    "total_spent": _matched(_SPENT, usd, '[data-qa="client-spend"]'),
    "hire_rate": _matched(_HIRE_RATE, percent, '[data-qa="client-job-posting-stats"] div'),
    "member_since": _matched(_MEMBER, calendar_day, '[data-qa="client-contract-date"]'),
    "country": (Reader[Box]('[data-qa="client-location"] strong', _place, "real-page"),),
}
DRAWN_FIRST = frozenset({"hire_rate", "member_since"})
"""Of these the drawn page counts before the data: it rounds, and its day may be another by the viewer's zone."""


def about_box(part: Part) -> Element | None:
    """The box "About the client" of a page."""
    return next((box for selector in ABOUT if (box := part.first(selector)) is not None), None)
