"""A client's profile: how often they have ordered, and how that was rated."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult

from extractors.document import Document, names_of, words_of
from extractors.lancers.addresses import CLIENT, client_url
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import count, percent
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client

COLUMNS = ".c-table-summary__col"
HEAD = ".c-table-summary__col-head"
VALUE = ".p-profile-header-summary__description-text"
NOTE = ".c-table-summary__col-note"

_OF = re.compile(r"([\d,]{1,12})\s{0,3}/\s{0,3}([\d,]{1,12})")


def _column(label: str, convert: Callable[[str], object], value: str = VALUE) -> Reader[Part]:
    def read(part: Part) -> object:
        for column in part.cards(COLUMNS):
            head = part.document.first(HEAD, column)
            element = part.document.first(value, column)
            if head is not None and label in names_of(head) and element is not None:
                return convert(words_of(element))
        return None

    return Reader(f"{COLUMNS} {label}", read, "one-scraper")


def _rate_of(text: str) -> float | None:
    """Returns the rate of 「3 / 12」: three ordered of twelve posted."""
    match = _OF.search(text)
    order_count, posting_count = (count(match[1]), count(match[2])) if match else (None, None)
    return (
        order_count / posting_count
        if order_count is not None and posting_count and order_count <= posting_count
        else None
    )


CLIENT_FIELDS = {
    "id": (Reader[Part]("url", lambda part: _slug(part.document.page), "real-page"),),
    "url": (Reader[Part]("url", lambda part: client_url(_slug(part.document.page) or ""), "real-page"),),
    "name": (words(".p-profile-header h1", certainty="one-scraper"), words("h1", certainty="one-scraper")),
    "job_offers_posted": (_column("発注数", count),),
    "reviews": (_column("評価", lambda text: count(text.replace(" ", ""))),),
    "hire_rate": (_column("発注率", percent), _column("発注率", _rate_of, NOTE)),
}


def _slug(page: Page) -> str | None:
    match = CLIENT.fullmatch(page.location.path)
    return match[1] if match else None


class ClientPage:
    kind: PageKind = "client"
    examples: Sequence[str] = ("https://www.lancers.jp/client/nick",)
    fields = certainties(client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return CLIENT.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Client, ...]:
        """The client. Raises PageChanged where the page shows neither a name nor the summary."""
        values = read_fields(Part(Document(page)), CLIENT_FIELDS)
        if "name" not in values or "job_offers_posted" not in values:
            missing = [name for name in ("name", "job_offers_posted") if name not in values]
            raise PageChanged(self.kind, [f"client.{name}" for name in missing])
        return (Client(**values),)
