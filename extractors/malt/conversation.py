"""A conversation about a project that a client offers. No page was ever seen: all of it is assumed.

Only words are read, and few: the site's state of the quote, its panel on the client, and all that is said, undivided,
since nothing is known of who says what. A quote that is accepted is not yet paid in (「en attente de provision」); that
is a fault only of clients who pay in before the work. Those who are billed after it rightly pay later, so without their
terms no state is read.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult

from extractors.document import Document, Element, text_lines
from extractors.links import anchors_in, links_in
from extractors.malt.addresses import CONVERSATION
from extractors.malt.panel import CLIENT_FIELDS, PANEL, payment_terms
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parts import Part
from extractors.reading import Reader, certainties, read_fields
from extractors.records import AnyRecord, Client, Contract, ContractState, Link, Message, Thread

MAIN = "main"

_UNFUNDED = re.compile(
    r"(?:devis accepté, en attente de provision(?:nement)?|estimate accepted, pending provision"
    r"|quote accepted, pending provision|project accepted, waiting for pre-?payment)\.?",
    re.IGNORECASE,
)
_APART = frozenset({"aside", "nav", "form", "button", "header", "footer"})


def _number(part: Part) -> str | None:
    match = CONVERSATION.fullmatch(part.document.page.location.path)
    return match[1] if match else None


def _is_apart(element: Element) -> bool:
    """Whether an element is no part of what is said: the site's controls, its panel, the list of threads."""
    return element.tag in _APART or "scrollable" in (element.get("class") or "").split()


def _lines(part: Part) -> Iterator[str]:
    main = part.first(MAIN)
    return iter(()) if main is None else text_lines(main, _is_apart)


def _said(part: Part) -> str | None:
    return "\n".join(line for line in _lines(part) if not _UNFUNDED.fullmatch(line)) or None


def _links(part: Part) -> tuple[Link, ...] | None:
    main = part.first(MAIN)
    return None if main is None else links_in(_said(part), anchors_in(main, part.document.page.url))


def _state(part: Part) -> ContractState | None:
    """Agreed, and nothing paid in: of a client who pays in before the work. No words are known for what is paid in."""
    if payment_terms(part) != "escrow":
        return None
    return "agreed" if any(_UNFUNDED.fullmatch(line) for line in _lines(part)) else None


CONTRACT_FIELDS = {
    "id": (Reader[Part]("url", _number, "one-scraper"),),
    "state": (Reader[Part](MAIN, _state, "assumed"),),
    "payment_terms": (Reader[Part](PANEL, payment_terms, "assumed"),),
}
MESSAGE_FIELDS = {
    "body": (Reader[Part](MAIN, _said, "assumed"),),
    "links": (Reader[Part](MAIN, _links, "assumed"),),
}


class Conversation:
    kind: PageKind = "thread"
    examples: Sequence[str] = (
        "https://www.malt.fr/messages/client-project-offer/64f0c1",
        "https://www.malt.fr/messages/64f0c1",
    )
    fields = certainties(contract=CONTRACT_FIELDS, client=CLIENT_FIELDS, message=MESSAGE_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return CONVERSATION.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """The deal and what is said, as one message of nobody known. Raises PageChanged where nothing is said."""
        part = Part(Document(page))
        words = read_fields(part, MESSAGE_FIELDS)
        if "body" not in words:
            raise PageChanged(self.kind, [MAIN])
        client, number = Client(**read_fields(part, CLIENT_FIELDS)), _number(part)
        return (
            Contract(**read_fields(part, CONTRACT_FIELDS), client=client),
            Thread(
                id=number,
                contract_id=number,
                messages=(Message(thread_id=number, **words),),
                sources={"id": "url", "contract_id": "url"},
            ),
        )
