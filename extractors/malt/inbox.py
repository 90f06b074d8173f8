"""The list of conversations: one bot reads its rows and three of their states, and nothing else of it is known."""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element
from extractors.malt.addresses import CONVERSATION, INBOX
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Thread
from extractors.unseen import without_unseen

ROW = 'li[class*="summary__wrapper"]'
LINK = f'{ROW} a[href*="/messages/"]'
STATES = frozenset(
    {
        "En attente de votre réponse",
        "En attente de modération",
        "Nouvelle opportunité",
        "Nouvelle proposition",
        "Candidature envoyée",
        "Waiting for your reply",
    }
)


def _id(row: Element) -> str | None:
    links = (CONVERSATION.fullmatch(link.get("href") or "") for link in row.iter("a"))
    return next((match[1] for match in links if match), None)


def _title(row: Element) -> str | None:
    """The first words of a row that are no state."""
    pieces = (without_unseen(str(piece)).strip() for piece in row.itertext())
    return next((piece for piece in pieces if piece and piece not in STATES), None)


FIELDS = {
    "id": (Reader[Element](LINK, _id, "one-scraper"),),
    "title": (Reader[Element](ROW, _title, "one-scraper"),),
}


class Inbox:
    kind: PageKind = "inbox"
    examples: Sequence[str] = ("https://www.malt.fr/messages", "https://en.malt.de/messages")
    fields = certainties(thread=FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return INBOX.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a row. Raises PageChanged where no row has a title."""
        row_fields = (read_fields(row, FIELDS) for row in Document(page).cards(ROW))
        threads = tuple(Thread(**values) for values in row_fields if "title" in values)
        if not threads:
            raise PageChanged(self.kind, [ROW])
        return threads
