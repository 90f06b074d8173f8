"""The page on which one bids for a project: what is asked for, the client, and the form for the bid.

It says nothing of a deal: that a bid was chosen, and that the payment is in guarantee, are two later notices, and the
pages that show them are not known. So no contract is read here, and no escrow.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, words_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count
from extractors.parts import Part, linked, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Job, Link, Moment
from extractors.workana.addresses import BID, CLIENT, client_url, job_url
from extractors.workana.facts import (
    COUNTRY,
    PUBLISHED,
    STARS,
    category_in,
    counted,
    is_open,
    joined_on,
    pay_in,
    published,
    stars,
)

TITLES = (".project-name", "#productName h1")
BODY = ".specification"
BUDGET = "h3.budget"
BIDS = ".bids"
STATE = ".status-label"
BOX = ".client-box"
CLIENT_LINK = f'{BOX} a[href*="/e/"]'
PROFILE = f"{BOX} .profile-info p"
SINCE = ("registrado desde", "miembro desde", "membro desde", "member since", "registered since")


def _slug(part: Part) -> str | None:
    match = BID.fullmatch(part.document.page.location.path)
    return match[1] if match else None


def _links(part: Part) -> tuple[Link, ...] | None:
    element = part.first(BODY)
    return None if element is None else links_in(part.text(BODY), anchors_in(element, part.document.page.url))


def _above(selector: str) -> Reader[Part]:
    """A reader of a count that stands above its label: 「14」, and below it 「Propostas」."""

    def read(part: Part) -> int | None:
        label = part.first(selector)
        above = None if label is None else label.getprevious()
        return None if above is None else count(words_of(above))

    return Reader(selector, read, "real-page")


def _since(part: Part) -> Moment | None:
    """The day on which the client joined: in full in the tooltip; of a month alone, see `joined_on`."""
    for row in part.select(PROFILE):
        if not words_of(row).lower().startswith(SINCE):
            continue
        element = part.document.first(".date", row)
        if element is None:
            return None
        today = part.received_at.date()
        return joined_on(element.get("title") or "", today) or joined_on(words_of(element), today)
    return None


JOB_FIELDS = {
    "id": (Reader[Part]("url", _slug, "real-page"),),
    "url": (Reader[Part]("url", lambda part: job_url(_slug(part) or ""), "real-page"),),
    "title": tuple(map(words, TITLES)),
    "body": (Reader[Part](BODY, lambda part: part.text(BODY), "real-page"),),
    "links": (Reader[Part](BODY, _links, "real-page"),),
    "category": (Reader[Part](BODY, lambda part: category_in((part.text(BODY) or "").splitlines()), "real-page"),),
    "pay": (words(BUDGET, pay_in),),
    "applicants": (_above(BIDS),),
    "posted_at": (Reader[Part](PUBLISHED, published, "real-page"),),
    "open": (words(STATE, is_open),),
}
CLIENT_FIELDS = {
    "id": (linked(CLIENT_LINK, CLIENT),),
    "url": (linked(CLIENT_LINK, CLIENT, client_url),),
    "name": (words(f"{CLIENT_LINK} h4"), words(CLIENT_LINK)),
    "rating": (stars(f"{BOX} {STARS}"),),
    "country": (words(f"{BOX} {COUNTRY}"),),
    "job_offers_posted": (counted(PROFILE, lambda history: history.projects_posted),),
    "jobs_paid": (counted(PROFILE, lambda history: history.projects_paid),),
    "member_since": (Reader[Part](f"{PROFILE} .date", _since, "real-page"),),
}


class BidPage:
    kind: PageKind = "job"
    examples: Sequence[str] = ("https://www.workana.com/messages/bid/loja-virtual-de-ceramica",)
    fields = certainties(job=JOB_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return BID.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Job, ...]:
        """The project. Raises PageChanged where its title, its text or its client has no reader."""
        part = Part(Document(page))
        values, client = read_fields(part, JOB_FIELDS), read_fields(part, CLIENT_FIELDS)
        missing = [f"job.{name}" for name in ("title", "body") if name not in values]
        if client.keys() <= {"sources"}:
            missing.append("job.client")
        if missing:
            raise PageChanged(self.kind, missing)
        return (Job(**values, client=Client(**client)),)
