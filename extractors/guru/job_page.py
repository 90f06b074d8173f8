"""A job's own page: its JSON-LD posting, its heading, and the table of the client's numbers.

The posting calls every budget a salary of a year (`unitText: YEAR`): pay is read where it is shown.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from extractors.dates import calendar_day
from extractors.document import Document, Element, text_of, words_of
from extractors.guru.job_list import budget_parts
from extractors.guru.words import job_number, job_url, money, pay, posted, quotes
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, percent
from extractors.parts import Part, words
from extractors.reading import Fields, Reader, certainties, ident, members, moment, read_fields, text
from extractors.records import Client, Job, Link, Moment, Pay

POSTING = 'script[type="application/ld+json"]'
META = ".jobHeading__meta"
BUDGET = ".jobHeading__budget"
BODY = ".jobDetails__description"
MORE = 'a[href^="/login.aspx"]'
APPLICANTS = "job-applicants"
BEFORE = ".jobHeading__right p"
STATS = ".jobDetails__employerStats"
EMPLOYER = ".jobDetails__employer"
OWNER = "employer-summary-modal"
NONE_YET = "No Feedback"
LABELS: Mapping[str, str] = {
    "feedback": "Feedback",
    "reviews": "Feedback",
    "total_spent": "Total Spend",
    "job_offers_posted": "Jobs Posted",
    "jobs_paid": "Jobs Paid",
}
"""The rows of the client's table that are read."""
OTHER_LABELS = frozenset({"", "Paid Invoices", "Outstanding Invoices"})

_NUMBER = re.compile(r"\d{1,12}")
_POSTED = re.compile(r"Posted\s{1,4}(.{1,30}?)(?:\s{1,4}[·|].{0,120})?")
_BEFORE = re.compile(r"Send before:?\s{1,4}(.{1,30})")


class Offer(Part):
    """The page, with its posting and the client's table."""

    @cached_property
    def posting(self) -> dict[str, Any]:
        """The posting of this very job; empty where there is none."""
        number = job_number(self.document.page.location.path)
        for script in self.document.scripts("application/ld+json"):
            entry = members(script)
            posting_number = ident(members(entry, "Identifier").get("Value")) or ident(
                members(entry, "identifier").get("value")
            )
            if entry.get("@type") == "JobPosting" and posting_number in (None, number):
                return entry
        return {}

    @cached_property
    def stats(self) -> dict[str, Element]:
        """The rows of the client's table: a label, and the cell beside it."""
        rows = ([*row.iter("td", "th")] for row in self.select(f"{STATS} tr"))
        return {words_of(cells[0]): cells[1] for cells in rows if len(cells) == 2}


def _posted_text(key: str) -> Reader[Offer]:
    return Reader(f"{POSTING} .{key}", lambda offer: text(offer.posting.get(key)), "real-page")


def _posted_day(key: str) -> Reader[Offer]:
    """The day of a moment at midnight in UTC, which stands for the day."""

    def read(offer: Offer) -> Moment | None:
        value = text(offer.posting.get(key)) or ""
        return moment(value[:10])

    return Reader(f"{POSTING} .{key}", read, "real-page")


def _description(offer: Offer) -> str | None:
    """The posting's description, which may be whole where the shown one is cut."""
    lines = (text(offer.posting.get("description")) or "").split("\n")
    return text("\n".join(map(str.strip, lines)))


def _body(offer: Offer) -> str | None:
    """The shown description, without the link to the rest of it that visitors get."""
    element = offer.first(BODY)
    if element is None:
        return None
    shown_text = text_of(element)
    more = offer.document.first(MORE, element)
    if more is not None:
        shown_text = shown_text.removesuffix(words_of(more)).rstrip().removesuffix("...").rstrip()
    return shown_text or None


def _links(offer: Offer) -> tuple[Link, ...] | None:
    body = _description(offer) or _body(offer)
    element = offer.first(BODY)
    anchors = () if element is None else anchors_in(element, offer.document.page.url)
    return links_in(body, (link for link in anchors if "/login.aspx" not in link.url))


def _pay(offer: Offer) -> Pay | None:
    return pay(budget_parts(offer.first(BUDGET)))


def _attribute(name: str) -> Reader[Offer]:
    """A number of those who apply, which the server writes for the page's script."""

    def read(offer: Offer) -> int | None:
        return count(offer.attribute(APPLICANTS, name) or "")

    return Reader(f"{APPLICANTS}[{name}]", read, "real-page")


def _posted(offer: Offer) -> object:
    match = _POSTED.fullmatch(offer.words(META) or "")
    return posted(match[1], offer.received_at) if match else None


def _closes(offer: Offer) -> object:
    matches = (_BEFORE.fullmatch(words_of(line)) for line in offer.select(BEFORE))
    return next((calendar_day(match[1]) for match in matches if match), None)


JOB_FIELDS: Fields[Offer] = {
    "id": (Reader[Offer]("url", lambda offer: job_number(offer.document.page.location.path), "real-page"),),
    "url": (Reader[Offer]("url", lambda offer: job_url(offer.document.page.location.path), "real-page"),),
    "title": (_posted_text("title"), words("h1")),
    "body": (
        Reader[Offer](f"{POSTING} .description", _description, "real-page"),
        Reader[Offer](BODY, _body, "real-page"),
    ),
    "links": (Reader[Offer](BODY, _links, "real-page"),),
    "pay": (Reader[Offer](BUDGET, _pay, "real-page"),),
    "applicants": (
        _attribute("num-quotes"),
        Reader[Offer](META, lambda offer: quotes(offer.words(META) or ""), "real-page"),
    ),
    "hires": (_attribute("num-hired"),),
    "posted_at": (_posted_day("datePosted"), Reader[Offer](META, _posted, "real-page")),
    "closes_at": (_posted_day("validThrough"), Reader[Offer](BEFORE, _closes, "real-page")),
}


def _beside(field: str, read: Callable[[Element], object]) -> tuple[Reader[Offer], ...]:
    label = LABELS[field]

    def of(offer: Offer) -> object:
        cell = offer.stats.get(label)
        return None if cell is None else read(cell)

    return (Reader[Offer](f"{STATS} {label}", of, "real-page"),)


def _share(cell: Element) -> float | None:
    """The percentage of the cell, 0 where it states that there is none; None where it states something else.

    The server writes both branches of a choice into the page, "No Feedback" and "0.0%", and a script takes one away.
    So a percentage above 0 decides against the words.
    """
    words = words_of(cell)
    rest = words.replace(NONE_YET, " ").strip()
    if not rest:
        return 0 if NONE_YET in words else None
    return percent(rest)


def _reviews(cell: Element) -> int | None:
    """0 where nobody has rated yet; how many have rated otherwise stands nowhere."""
    return 0 if NONE_YET in words_of(cell) and _share(cell) == 0 else None


def _feedback(cell: Element) -> float | None:
    """The share of good ratings, where there are any."""
    return None if _reviews(cell) == 0 else _share(cell)


def _owner(offer: Offer) -> str | None:
    number = offer.attribute(f"{OWNER}[:emp-id]", ":emp-id") or ""
    return number if _NUMBER.fullmatch(number) and number.isascii() else None


def _organization(offer: Offer) -> str | None:
    return text(members(offer.posting, "hiringOrganization").get("name"))


CLIENT_FIELDS: Fields[Offer] = {
    "id": (Reader[Offer](f"{OWNER}[:emp-id]", _owner, "real-page"),),
    "name": (
        words(f"{EMPLOYER} .identityName"),
        Reader[Offer](f"{POSTING} .hiringOrganization.name", _organization, "real-page"),
    ),
    "job_offers_posted": _beside("job_offers_posted", lambda cell: count(words_of(cell))),
    "jobs_paid": _beside("jobs_paid", lambda cell: count(words_of(cell))),
    "reviews": _beside("reviews", _reviews),
    "feedback": _beside("feedback", _feedback),
    "total_spent": _beside("total_spent", lambda cell: money(words_of(cell))),
    "country": (words(f"{EMPLOYER} .subtext strong"),),
}


def _unread(offer: Offer) -> tuple[str, ...] | None:
    """The fields whose row is missing where the table has a row that nobody knows: that one was renamed."""
    known_labels = OTHER_LABELS | set(LABELS.values())
    if offer.stats.keys() <= known_labels:
        return None
    return tuple(field for field, label in LABELS.items() if label not in offer.stats) or None


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://www.guru.com/jobs/captions-for-old-postcards/2130001",
        "https://www.guru.com/work/detail/2130001",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return job_number(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title, description or client has no reader."""
        offer = Offer(Document(page))
        values = read_fields(offer, JOB_FIELDS)
        client = read_fields(offer, CLIENT_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if len(client) == 1:
            missing.append("job.client")
        if missing:
            raise PageChanged(self.kind, missing)
        return (Job(**values, client=Client(**client, unread=_unread(offer))),)
