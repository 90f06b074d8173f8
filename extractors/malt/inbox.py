"""The list of conversations: one bot reads its rows and three of their states, and nothing else of it is known."""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element
from extractors.malt.addresses import INBOX
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Thread
from extractors.unseen import without_unseen

ROW = 'li[class*="summary__wrapper"]'
STATES = frozenset({"En attente de votre réponse", "Nouvelle opportunité", "En attente de modération"})


def _name(row: Element) -> str | None:
    """The first words of a row that are no state."""
    pieces = (without_unseen(str(piece)).strip() for piece in row.itertext())
    return next((piece for piece in pieces if piece and piece not in STATES), None)


CLIENT_FIELDS = {"name": (Reader[Element](ROW, _name, "assumed"),)}


class Inbox:
    kind: PageKind = "inbox"
    examples: Sequence[str] = ("https://www.malt.fr/messages", "https://en.malt.de/messages")
    fields = certainties(client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return INBOX.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a row, by the client's name. Raises PageChanged where no row has one."""
        document = Document(page)
        clients = [read_fields(row, CLIENT_FIELDS) for row in document.cards(ROW)]
        threads = tuple(Thread(client=Client(**client)) for client in clients if "name" in client)
        if not threads:
            raise PageChanged(self.kind, [ROW])
        return threads
