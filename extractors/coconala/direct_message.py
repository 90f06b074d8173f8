"""Direct messages before anything is bought (ダイレクトメッセージ)."""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import DIRECT_MESSAGE, USER
from extractors.document import Document, Element
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.parsing import japanese_date
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import AuthorRole, Message, Thread

WRAPPER = "#threadWrapper"
MESSAGES = ".threadColomun"
"""The site's own spelling."""
BODIES = (".js-translateMessageOriginalMessage", ".threadMessage")
TIME = ".threadPostTime"
USER_LINK = '.threadUser a[href*="/users/"]'
OWN_LINKS = 'header a[href*="/users/"], .c-header a[href*="/users/"]'


def _user(part: Part, selector: str) -> str | None:
    found = USER.fullmatch(part.attribute(selector, "href") or "")
    return found[1] if found else None


def _role(part: Part) -> AuthorRole | None:
    """Who wrote it, where the page's own header names the freelancer; else it is not known."""
    author = _user(part, USER_LINK)
    own = _user(Part(part.document), OWN_LINKS)
    if author is None or own is None:
        return None
    return "freelancer" if author == own else "client"


MESSAGE_FIELDS = {
    "sent_at": (Reader[Part](TIME, lambda part: japanese_date(part.words(TIME) or "")),),
    "author_role": (Reader[Part](USER_LINK, _role, "one-scraper"),),
    "author_name": (words(".threadUserName", certainty="several-scrapers"),),
    "body": tuple(
        Reader[Part](selector, lambda part, selector=selector: part.text(selector))  # type: ignore[misc]
        for selector in BODIES
    ),
}


def _message(document: Document, element: Element, thread_id: str | None) -> Message:
    values = read_fields(Part(document, element), MESSAGE_FIELDS)
    return Message(thread_id=thread_id, links=links_in(values.get("body")), **values)


class DirectMessage:
    kind = "thread"
    examples: Sequence[str] = ("https://coconala.com/mypage/direct_message/12345",)
    fields = certainties(message=MESSAGE_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return DIRECT_MESSAGE.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The thread. Raises PageChanged where its container is gone, or there are messages and none has words."""
        part = Part(Document(page))
        found = DIRECT_MESSAGE.fullmatch(page.location.path)
        number = found[1] if found else None
        messages = tuple(_message(part.document, element, number) for element in part.select(MESSAGES))
        if not messages and part.first(WRAPPER) is None:
            raise PageChanged(self.kind, [WRAPPER, MESSAGES])
        if messages and all(message.body is None for message in messages):
            raise PageChanged(self.kind, ["message.body"])
        return (Thread(id=number, messages=messages, sources={"id": "url"}),)
