"""A job's own page: its posting as in a list where it is marked up, else by the page's heading and its table."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, text_of, words_of
from extractors.links import links_in
from extractors.mamaworks.postings import CLIENT_FIELDS, JOB_FIELDS, ORIGIN, POSTING, pay_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date
from extractors.parts import Part
from extractors.reading import Fields, Reader, certainties, read_fields
from extractors.records import Client, Job, Pay

HEADING = ".p-recruit-show__text h1"
COMPANY = ".p-recruit-show__text h2"


class Offer(Part):
    """The page's own posting, and the page around it; without markup, the page alone."""

    def __init__(self, document: Document, posting: Element | None) -> None:
        super().__init__(document, posting)
        self.page = Part(document)


def _beside(offer: Offer, label: str) -> str | None:
    value = offer.page.beside(label)
    return None if value is None else text_of(value) or None


def _pay(offer: Offer) -> Pay | None:
    value = offer.page.beside("報酬")
    return None if value is None else pay_in(words_of(value))


def _in_posting(fields: Fields[Part]) -> dict[str, tuple[Reader[Offer], ...]]:
    """The same fields, read in the posting only: the page around it may show other jobs."""

    def within(reader: Reader[Part]) -> Reader[Offer]:
        def read(offer: Offer) -> object:
            return None if offer.element is None else reader.read(offer)

        # Seen in real lists; no page of this kind has been.
        return Reader(reader.source, read, "one-scraper")

    return {name: tuple(map(within, readers)) for name, readers in fields.items()}


_POSTED = _in_posting(JOB_FIELDS)
_CLIENT = _in_posting(CLIENT_FIELDS)

OFFER_FIELDS: Fields[Offer] = {
    "title": (*_POSTED["title"], Reader[Offer](HEADING, lambda offer: offer.page.words(HEADING), "one-scraper")),
    "body": (*_POSTED["body"], Reader[Offer]("th=仕事内容", lambda offer: _beside(offer, "仕事内容"), "one-scraper")),
    "category": _POSTED["category"],
    "pay": (*_POSTED["pay"], Reader[Offer]("th=報酬", _pay, "one-scraper")),
    "posted_at": (
        *_POSTED["posted_at"],
        Reader[Offer]("th=掲載日", lambda offer: japanese_date(_beside(offer, "掲載日") or ""), "one-scraper"),
    ),
    "closes_at": _POSTED["closes_at"],
}
COMPANY_FIELDS: Fields[Offer] = {
    "id": _CLIENT["id"],
    "name": (*_CLIENT["name"], Reader[Offer](COMPANY, lambda offer: offer.page.words(COMPANY), "one-scraper")),
}


class JobPage:
    kind: PageKind = "job"
    examples: Sequence[str] = ("https://mamaworks.jp/job/37742",)
    fields = certainties(job=OFFER_FIELDS, client=COMPANY_FIELDS)

    _path = re.compile(r"/job/(\d{1,9})/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The job. Raises PageChanged where title or description has no reader, or its client has no name."""
        path = self._path.fullmatch(page.location.path)
        if path is None:
            raise PageChanged(self.kind, ["job.id"])
        document = Document(page)
        # A card of another job may stand in the page: the posting that names no job, or names this one.
        ids = {"id": JOB_FIELDS["id"]}
        postings = document.cards(POSTING)
        own = (p for p in postings if read_fields(Part(document, p), ids).get("id", path[1]) == path[1])
        offer = Offer(document, next(own, None))
        values = read_fields(offer, OFFER_FIELDS)
        client = Client(**read_fields(offer, COMPANY_FIELDS))
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if missing or client.name is None:
            raise PageChanged(self.kind, missing or ["job.client.name"])
        values |= {"id": path[1], "url": f"{ORIGIN}/job/{path[1]}", "links": links_in(values["body"])}
        values["sources"] |= {"id": "url", "url": "url"}
        return (Job(**values, client=client),)
