"""The list of talkrooms: the orders under way. It names no step; each room's own page does."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import TALKROOM
from extractors.document import Document, Element, words_of
from extractors.page import Page, PageChanged
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Thread

ROOM = 'main.c-layoutMypage a[href*="/talkrooms/"]'
MAIN = "main.c-layoutMypage"


def _id(link: Element) -> str | None:
    found = TALKROOM.fullmatch(link.get("href") or "")
    return found[1] if found else None


FIELDS = {
    "id": (Reader[Element](ROOM, _id),),
    "title": (Reader[Element](ROOM, lambda link: words_of(link) or None, "one-scraper"),),
}


class Inbox:
    kind = "inbox"
    examples: Sequence[str] = ("https://coconala.com/mypage/talkrooms", "https://coconala.com/mypage/messages")
    fields = certainties(thread=FIELDS)

    _path = re.compile(r"/mypage(?:/(?:talkrooms|messages|inbox|received_orders))?/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a room, each once. Raises PageChanged where the page's main part is gone."""
        document = Document(page)
        if document.first(MAIN) is None:
            raise PageChanged(self.kind, [MAIN])
        threads: dict[str, Thread] = {}
        for link in document.select(ROOM):
            values = read_fields(link, FIELDS)
            if "id" in values:
                values["sources"]["thread"] = f'{MAIN} a[href*="/talkrooms/{values["id"]}"]'
                threads.setdefault(values["id"], Thread(**values))
        return tuple(threads.values())
