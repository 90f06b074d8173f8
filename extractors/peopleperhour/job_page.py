"""A job's own page, as old programs have read it, and by the keys that its data is known to have.

What it says of the client is not known, and not read.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, words
from extractors.peopleperhour.jobs import DATA_FIELDS, job_number, job_url
from extractors.peopleperhour.state import SCRIPT, projects_in
from extractors.reading import Fields, Reader, certainties, read_fields
from extractors.records import Job, Link

BODY = "div.project-description"
CLOSED_NOTICE = "This Job is no longer available"


class Offer(Part):
    """The page, and what its data holds of this very job."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        _, projects = projects_in(document)
        self.data = projects.get(job_number(document.page.location.path) or "", {})


def _of_data(name: str) -> tuple[Reader[Offer], ...]:
    """The readers of a list's data; on a job's page nobody has seen it."""
    return tuple(
        Reader[Offer](
            f"{SCRIPT}.entities.projects[].attributes.{reader.source}",
            lambda offer, reader=reader: reader.read(offer.data),  # type: ignore[misc]
            "assumed",
        )
        for reader in DATA_FIELDS[name]
    )


def _links(offer: Offer) -> tuple[Link, ...] | None:
    element = offer.first(BODY)
    body = offer.text(BODY)
    if element is None or body is None:
        return links_in(next((reader.read(offer) for reader in _of_data("body")), None))  # type: ignore[arg-type]
    return links_in(body, anchors_in(element, offer.document.page.url))


def _is_over(offer: Offer) -> bool | None:
    return False if any(line.startswith(CLOSED_NOTICE) for line in offer.document.lines) else None


JOB_FIELDS: Fields[Offer] = {
    "id": (Reader[Offer]("url", lambda offer: job_number(offer.document.page.location.path), "real-page"),),
    "url": (Reader[Offer]("url", lambda offer: job_url(offer.document.page.location.path), "real-page"),),
    "title": (words("h1", certainty="one-scraper"), *_of_data("title")),
    "body": (Reader[Offer](BODY, lambda offer: offer.text(BODY), "one-scraper"), *_of_data("body")),
    "links": (Reader[Offer](BODY, _links, "one-scraper"),),
    "category": _of_data("category"),
    "pay": _of_data("pay"),
    "applicants": _of_data("applicants"),
    "posted_at": _of_data("posted_at"),
    "open": (Reader[Offer](CLOSED_NOTICE, _is_over, "one-scraper"), *_of_data("open")),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = (
        "https://www.peopleperhour.com/freelance-jobs/design/graphic-design/postcards-for-a-museum-4600001",
        "https://www.peopleperhour.com/job/postcards-for-a-museum-4600001",
    )
    fields = certainties(job=JOB_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return job_number(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title or description has no reader."""
        values = read_fields(Offer(Document(page)), JOB_FIELDS)
        if missing := [f"job.{name}" for name in ("title", "body") if name not in values]:
            raise PageChanged(self.kind, missing)
        return (Job(**values),)
