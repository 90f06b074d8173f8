"""A project's own page. No saved one was found: its places are those that several scrapers read.

The nearest real page is the one on which one bids.
"""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.dates import calendar_day
from extractors.document import Document, text_lines, words_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, linked, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link
from extractors.workana.addresses import CLIENT, JOB, client_url, job_url
from extractors.workana.facts import COUNTRY, STARS, is_open, pay_in, stars

TITLES = ("#productName h1", "h1.title")
BODY = "div.expander"
BUDGET = "h4.budget"
STATES = ("#productName span.label", "span.label.rounded")
USER = "a.user-name"
USER_BOX = ".wk-user-info"
RATINGS = f"section.client-ratings {STARS}"
COUNTS = (".item-data", ".client-projects li")

_POSTED = re.compile(
    r"(?:Publicado (?:el|em)|Published on|Posted on) (?P<day>\S.{5,30}?) (?:en|em|in) (?P<of>\S.{0,80})"
)
_COUNTED = re.compile(r"(?:\D{0,40}\s)?(\d{1,6})(?:\s\D{0,40})?")


def _slug(part: Part) -> str | None:
    match = JOB.fullmatch(part.document.page.location.path)
    return match[1] if match else None


def _links(part: Part) -> tuple[Link, ...] | None:
    element = part.first(BODY)
    return None if element is None else links_in(part.text(BODY), anchors_in(element, part.document.page.url))


def _posted(part: Part) -> re.Match[str] | None:
    """The site's own line on when, and in which category, the project was published."""
    body = part.first(BODY)
    own = set() if body is None else set(text_lines(body))
    lines = (line for line in part.document.lines if line not in own)
    return next((match for line in lines if (match := _POSTED.fullmatch(line))), None)


def _posted_at(part: Part) -> object:
    match = _posted(part)
    return None if match is None else calendar_day(match["day"])


def _category(part: Part) -> str | None:
    match = _posted(part)
    return None if match is None else match["of"]


def _counts(*labels: str) -> tuple[Reader[Part], ...]:
    """Readers of 「4 Proyectos publicados」, "Projects paid 0"."""

    def reader(selector: str) -> Reader[Part]:
        def read(part: Part) -> int | None:
            for row in part.select(selector):
                shown = words_of(row)
                match = _COUNTED.fullmatch(shown)
                if match and any(label in shown.lower() for label in labels):
                    return int(match[1])
            return None

        return Reader(selector, read)

    return tuple(map(reader, COUNTS))


JOB_FIELDS = {
    "id": (Reader[Part]("url", _slug),),
    "url": (Reader[Part]("url", lambda part: job_url(_slug(part) or "")),),
    "title": tuple(words(selector, certainty="several-scrapers") for selector in TITLES),
    "body": (Reader[Part](BODY, lambda part: part.text(BODY)),),
    "links": (Reader[Part](BODY, _links),),
    "category": (Reader[Part]("Publicado el", _category, "one-scraper"),),
    "pay": (words(BUDGET, pay_in, "several-scrapers"),),
    "posted_at": (Reader[Part]("Publicado el", _posted_at, "one-scraper"),),
    "open": tuple(words(selector, is_open, "several-scrapers") for selector in STATES),
}
CLIENT_FIELDS = {
    "id": (linked(USER, CLIENT, certainty="assumed"),),
    "url": (linked(USER, CLIENT, client_url, "assumed"),),
    "name": (words(USER, certainty="several-scrapers"),),
    "rating": (stars(RATINGS, "several-scrapers"),),
    "country": (words(f"{USER_BOX} {COUNTRY}", certainty="several-scrapers"),),
    "job_offers_posted": _counts("publicado", "published"),
    "jobs_paid": _counts("pagado", "pago", "paid"),
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
