"""The page on which an order is accepted: what is to be paid, and by when to deliver."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, words_of
from extractors.lancers.addresses import ORIGIN
from extractors.lancers.client_links import ANYWHERE, client_readers
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date, yen
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Contract, Moment, Money

FORM = 'form[action*="/project/approval/finish_yes/"]'
MILESTONES = "table.p-milestone-form"

_PATH = re.compile(r"/project/approval/start/(\d{1,12})/?")


def _cells(part: Part, place: int) -> list[str]:
    """The n-th cell of each row of the milestones."""
    rows = [row.findall("td") for table in part.cards(MILESTONES) for row in table.iter("tr")]
    return [words_of(row[place]) for row in rows if len(row) > place]


def _amount(part: Part) -> Money | None:
    """Returns the amount of the one milestone, which is the usual case; None where there are several.

    Their sum stands nowhere in the page.
    """
    amounts = [yen(cell) for cell in _cells(part, 2)]
    known_amounts = [amount for amount in amounts if amount is not None]
    return Money(amount=known_amounts[0]) if len(amounts) == len(known_amounts) == 1 else None


def _due(part: Part) -> Moment | None:
    days = [japanese_date(cell, part.received_at) for cell in _cells(part, 1)]
    return days[-1] if days else None


def _id(part: Part) -> str | None:
    match = _PATH.fullmatch(part.document.page.location.path)
    return match[1] if match else None


CONTRACT_FIELDS = {
    "id": (Reader[Part]("url", _id, "real-page"),),
    "url": (Reader[Part]("url", lambda part: f"{ORIGIN}/project/approval/start/{_id(part)}", "real-page"),),
    "title": (words("h1", certainty="one-scraper"), words("h2", certainty="one-scraper")),
    # Nothing is agreed before this form is sent.
    "state": (Reader[Part](FORM, lambda part: "proposed" if part.first(FORM) is not None else None),),
    "amount": (Reader[Part](f"{MILESTONES} td:nth-child(3)", _amount),),
    "due": (Reader[Part](f"{MILESTONES} td:nth-child(2)", _due),),
}
CLIENT_FIELDS = client_readers([(ANYWHERE, lambda part: part.select(ANYWHERE), "one-scraper")])


class ApprovalPage:
    kind: PageKind = "contract"
    examples: Sequence[str] = ("https://www.lancers.jp/project/approval/start/123456?purpose=lancer",)
    fields = certainties(contract=CONTRACT_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return _PATH.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Contract, ...]:
        """The offered contract. Raises PageChanged where there is neither the form nor the milestones."""
        part = Part(Document(page))
        values = read_fields(part, CONTRACT_FIELDS)
        if "state" not in values and part.first(MILESTONES) is None:
            raise PageChanged(self.kind, [FORM, MILESTONES])
        client = read_fields(part, CLIENT_FIELDS)
        return (Contract(**values, client=Client(**client) if "id" in client else None),)
