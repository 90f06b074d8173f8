"""A project's own page. No saved one was found: its places are those that several scrapers read.

The nearest real page is the one on which one bids. Reviews by freelancers stand on it in the same kind of box as the
client (`.info-inline`), with stars of their own, and a list names the client's other projects: neither says anything of
the client here.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import SplitResult

from extractors.dates import calendar_day
from extractors.document import Document, Element, text_lines, text_of, words_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, linked, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link, Moment
from extractors.workana.addresses import CLIENT, JOB, client_url, job_url
from extractors.workana.facts import COUNTRY, flag_of, is_open, joined_on, pay_in, stars

TITLES = ("#productName h1", "h1.title")
BODIES = ("div.expander", ".specification")
WORDS_OF_PEOPLE = ", ".join(("h1", "a", "li", *BODIES))
"""Titles, links, reviews and descriptions: words of people."""
BUDGET = "h4.budget"
STATES = ("#productName span.label", "span.label.rounded")
USER = "a.user-name"
BOX = ".wk-user-info"
REVIEW = "info-inline"
REVIEWS = "client-ratings"
COUNTS = ".item-data"
PANEL = "aside"

_POSTED = re.compile(
    r"(?:Publicado (?:el|em)|Published on|Posted on) (?P<day>\S.{5,30}?) (?:en|em|in) (?P<of>\S.{0,80})"
)
_SINCE = re.compile(r"(?:membro|miembro|member) (?:desde|since)\s?:?\s?(?P<value>.{0,60})", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\D{0,40}\s)?(\d{1,6})(?:\s\D{0,40})?")


def _slug(part: Part) -> str | None:
    match = JOB.fullmatch(part.document.page.location.path)
    return match[1] if match else None


def _text(part: Part) -> Element | None:
    return next((element for selector in BODIES if (element := part.first(selector)) is not None), None)


def _links(part: Part) -> tuple[Link, ...] | None:
    element = _text(part)
    return None if element is None else links_in(text_of(element), anchors_in(element, part.document.page.url))


def _posted(part: Part) -> re.Match[str] | None:
    """The site's own line on when, and in which category, the project was published."""
    of_people = {line for element in part.select(WORDS_OF_PEOPLE) for line in text_lines(element)}
    lines = (line for line in part.document.lines if line not in of_people)
    return next((match for line in lines if (match := _POSTED.fullmatch(line))), None)


def _posted_at(part: Part) -> object:
    match = _posted(part)
    return None if match is None else calendar_day(match["day"])


def _category(part: Part) -> str | None:
    match = _posted(part)
    return None if match is None else match["of"]


def _is_of_a_review(element: Element) -> bool:
    around = (each.get("class") or "" for each in (element, *element.iterancestors()))
    return any(not {REVIEW, REVIEWS}.isdisjoint(names.split()) for names in around)


def _client(part: Part) -> Part | None:
    """The box of the client: the first that is not of a review."""
    box = next((element for element in part.select(BOX) if not _is_of_a_review(element)), None)
    return None if box is None else Part(part.document, box)


def _of_client(reader: Reader[Part]) -> Reader[Part]:
    """A reader within the client's box."""

    def read(part: Part) -> object:
        client = _client(part)
        return None if client is None else reader.read(client)

    return Reader(f"{BOX} {reader.source}", read, reader.certainty)


def _counted(*labels: str) -> Reader[Part]:
    """A reader of 「4 Proyectos publicados」, "0 Projects paid"."""

    def read(part: Part) -> int | None:
        for row in part.select(COUNTS):
            row_words = words_of(row)
            match = _COUNTED.fullmatch(row_words)
            if match and any(label in row_words.lower() for label in labels):
                return int(match[1])
        return None

    return Reader(COUNTS, read)


def _since(part: Part) -> Moment | None:
    """The day on which the client joined; of a month alone, see `joined_on`."""
    lines = [line for panel in part.select(PANEL) for line in text_lines(panel)]
    for line, below in pairwise((*lines, "")):
        if match := _SINCE.fullmatch(line):
            return joined_on(match["value"] or below, part.received_at.date())
    return None


JOB_FIELDS = {
    "id": (Reader[Part]("url", _slug),),
    "url": (Reader[Part]("url", lambda part: job_url(_slug(part) or "")),),
    "title": tuple(words(selector, certainty="several-scrapers") for selector in TITLES),
    "body": tuple(
        Reader[Part](selector, lambda part, selector=selector: part.text(selector))  # type: ignore[misc]
        for selector in BODIES
    ),
    "links": (Reader[Part](BODIES[0], _links),),
    "category": (Reader[Part]("Publicado el", _category, "one-scraper"),),
    "pay": (words(BUDGET, pay_in, "several-scrapers"),),
    "posted_at": (Reader[Part]("Publicado el", _posted_at, "one-scraper"),),
    "open": tuple(words(selector, is_open, "several-scrapers") for selector in STATES),
}
CLIENT_FIELDS = {
    "id": (_of_client(linked(USER, CLIENT, certainty="assumed")),),
    "url": (_of_client(linked(USER, CLIENT, client_url, "assumed")),),
    "name": (_of_client(words(USER, certainty="several-scrapers")),),
    "rating": (_of_client(stars(certainty="one-scraper")),),
    "country": (_of_client(words(COUNTRY, certainty="several-scrapers")), _of_client(flag_of(certainty="one-scraper"))),
    "job_offers_posted": (_counted("publicado", "published"),),
    "jobs_paid": (_counted("pagado", "pago", "paid"),),
    "member_since": (Reader[Part](PANEL, _since, "one-scraper"),),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://www.workana.com/job/loja-virtual-de-ceramica",
        "https://www.workana.com/es/job/tienda-de-ceramica",
    )
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return JOB.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The project. Raises PageChanged where its title or its text has no reader."""
        part = Part(Document(page))
        values, client = read_fields(part, JOB_FIELDS), read_fields(part, CLIENT_FIELDS)
        if missing := [f"job.{name}" for name in ("title", "body") if name not in values]:
            raise PageChanged(self.kind, missing)
        return (Job(**values, client=Client(**client)),)
