"""Direct messages before anything is bought (ダイレクトメッセージ)."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import DIRECT_MESSAGE, USER, user_url
from extractors.document import Document, Element, text_of
from extractors.enclosures import enclosures_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date
from extractors.parts import Part, linked, words
from extractors.reading import Fields, Reader, certainties, read_fields
from extractors.records import AuthorRole, Client, Enclosure, Link, Message, Thread
from extractors.threads import require_authors, require_within

WRAPPER = "#threadWrapper, .js_thread-wrapper"
MESSAGES = ".threadColomun"
"""The site's own spelling."""
BODIES = (".js-translateMessageOriginalMessage", ".threadMessage")
TIME = ".threadPostTime"
NAME = ".threadUserName"
USER_LINK = '.threadUser a[href*="/users/"]'
OWN_LINK = '.sidebar-profile a[href*="/users/"]'
OTHER_LINK = '.threadParticipants a[href*="/users/"]'

_ID = re.compile(r"[\w-]{1,60}")


def _user(part: Part, selector: str) -> str | None:
    match = USER.fullmatch(part.attribute(selector, "href") or "")
    return match[1] if match else None


class MessagePart(Part):
    """A message, and the two sides as far as the page names them: the freelancer in its menu, the other in its head."""

    def __init__(self, document: Document, element: Element, *, own: str | None, other: str | None) -> None:
        super().__init__(document, element)
        self.own = own
        self.other = other


def _beside_oneself(part: MessagePart) -> AuthorRole | None:
    author = _user(part, USER_LINK)
    if author is None or part.own is None:
        return None
    return "freelancer" if author == part.own else "client"


def _beside_the_other(part: MessagePart) -> AuthorRole | None:
    author = _user(part, USER_LINK)
    if author is None or part.other is None:
        return None
    return "client" if author == part.other else "freelancer"


def _attribute(name: str) -> Reader[Part]:
    def read(part: Part) -> str | None:
        value = part.element.get(name) if part.element is not None else None
        return value if value is not None and _ID.fullmatch(value) else None

    return Reader(f"{MESSAGES}[{name}]", read, "one-scraper")


def _links(part: Part) -> tuple[Link, ...] | None:
    element = next((body for selector in BODIES if (body := part.first(selector)) is not None), None)
    if element is None:
        return None
    return links_in(text_of(element), anchors_in(element, part.document.page.url))


def _enclosures(part: Part) -> tuple[Enclosure, ...] | None:
    bodies = (part.first(selector) for selector in BODIES)
    return enclosures_of([body for body in bodies if body is not None], part.document.page.url)


MESSAGE_FIELDS: Fields[MessagePart] = {
    "id": (_attribute("data-message-id"), _attribute("id")),
    "sent_at": (Reader[Part](TIME, lambda part: japanese_date(part.words(TIME) or "")),),
    "author_role": (
        Reader[MessagePart](OWN_LINK, _beside_oneself, "one-scraper"),
        Reader[MessagePart](OTHER_LINK, _beside_the_other, "one-scraper"),
    ),
    "author_name": (words(NAME, certainty="several-scrapers"),),
    "body": tuple(
        Reader[Part](selector, lambda part, selector=selector: part.text(selector))  # type: ignore[misc]
        for selector in BODIES
    ),
    "links": (Reader[Part](f"{BODIES[0]} a", _links),),
    "enclosures": (Reader[Part](f"{BODIES[0]} img", _enclosures, "assumed"),),
}
CLIENT_FIELDS = {
    "id": (linked(USER_LINK, USER, certainty="several-scrapers"),),
    "url": (linked(USER_LINK, USER, user_url, certainty="several-scrapers"),),
    "name": (words(NAME, certainty="several-scrapers"),),
}


def _message(part: MessagePart, thread_id: str | None) -> Message:
    values = read_fields(part, MESSAGE_FIELDS)
    if "id" in values:
        source = values["sources"]["id"]
        values["sources"]["message"] = f'{source.removesuffix("]")}="{values["id"]}"]'
    return Message(thread_id=thread_id, **values)


class DirectMessage:
    kind: PageKind = "thread"
    examples: Sequence[str] = ("https://coconala.com/mypage/direct_message/12345",)
    fields = certainties(message=MESSAGE_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return DIRECT_MESSAGE.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The thread. Raises PageChanged where its container is gone, or no message has words or a known author."""
        part = Part(Document(page))
        match = DIRECT_MESSAGE.fullmatch(page.location.path)
        number = match[1] if match else None
        elements = part.cards(MESSAGES)
        if not elements and part.first(WRAPPER) is None:
            raise PageChanged(self.kind, [WRAPPER, MESSAGES])
        require_within(self.kind, elements, part.select(", ".join(BODIES)), MESSAGES)
        own, other = _user(part, OWN_LINK), _user(part, OTHER_LINK)
        parts = [MessagePart(part.document, element, own=own, other=other) for element in elements]
        rows = [(message, _message(message, number)) for message in parts]
        # A notice or an estimate stands among the messages, and has no words of its own.
        readable = [(place, message) for place, message in rows if message.body is not None]
        if rows and not readable:
            raise PageChanged(self.kind, ["message.body"])
        require_authors(self.kind, (message for _, message in readable))
        theirs = next((place for place, message in readable if message.author_role == "client"), None)
        client = None if theirs is None else Client(**read_fields(theirs, CLIENT_FIELDS))
        return (
            Thread(id=number, client=client, messages=tuple(message for _, message in readable), sources={"id": "url"}),
        )
