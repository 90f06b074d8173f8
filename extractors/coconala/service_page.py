"""A service that is offered for sale: there, the freelancer is the seller, and nobody's words are judged.

Only its title and address are known, so that a message or an order can be told to belong to it.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import ORIGIN, SERVICE
from extractors.document import Document
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Job


def _number(part: Part) -> str | None:
    match = SERVICE.fullmatch(part.document.page.location.path)
    return match[1] if match else None


JOB_FIELDS = {
    "id": (Reader[Part]("url", _number, "real-page"),),
    "url": (Reader[Part]("url", lambda part: f"{ORIGIN}/services/{_number(part)}", "real-page"),),
    "title": (words("h1", certainty="one-scraper"),),
}


class ServicePage:
    kind: PageKind = "service"
    examples: Sequence[str] = ("https://coconala.com/services/1234567",)
    fields = certainties(job=JOB_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return SERVICE.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The service. Raises PageChanged where it has no title."""
        values = read_fields(Part(Document(page)), JOB_FIELDS)
        if "title" not in values:
            raise PageChanged(self.kind, ["job.title"])
        return (Job(**values),)
