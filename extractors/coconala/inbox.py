"""The inbox: direct messages, and rooms of orders. It names no step; each room's own page does."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import DIRECT_MESSAGE, TALKROOM
from extractors.document import Document, Element, text_lines, words_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, certainties, read_fields
from extractors.records import Client, Thread

MAIN = "main.c-layoutMypage"
ROOM = f'{MAIN} a[href*="/talkrooms/"]'
DIRECT = f"{MAIN} a.c-messageItemWrap"
NONE_YET = re.compile(r"メッセージ[はが]ありません")


def _room(link: Element) -> str | None:
    match = TALKROOM.fullmatch(link.get("href") or "")
    return match[1] if match else None


def _direct(link: Element) -> str | None:
    match = DIRECT_MESSAGE.fullmatch(link.get("href") or "")
    return match[1] if match else None


ROOM_FIELDS = {
    "id": (Reader[Element](ROOM, _room),),
    "contract_id": (Reader[Element](ROOM, _room),),
    "title": (Reader[Element](ROOM, lambda link: words_of(link) or None, "one-scraper"),),
}
DIRECT_FIELDS = {"id": (Reader[Element](DIRECT, _direct, "one-scraper"),)}
# A card's first line is the other party's name; its message may be anyone's.
CLIENT_FIELDS = {"name": (Reader[Element](DIRECT, lambda link: next(text_lines(link), None), "one-scraper"),)}


def _thread(link: Element) -> Thread | None:
    if (number := _room(link)) is not None:
        values = read_fields(link, ROOM_FIELDS)
        address = f"/talkrooms/{number}"
    elif (number := _direct(link)) is not None:
        values = read_fields(link, DIRECT_FIELDS) | {"client": Client(**read_fields(link, CLIENT_FIELDS))}
        address = f"/mypage/direct_message/{number}"
    else:
        return None
    values["sources"]["thread"] = f'{MAIN} a[href*="{address}"]'
    return Thread(**values)


class Inbox:
    kind: PageKind = "inbox"
    examples: Sequence[str] = ("https://coconala.com/message", "https://coconala.com/message?fromMyPage=true")
    fields = certainties(thread=ROOM_FIELDS, client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == "/message"

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a room, each once. Raises PageChanged where no room is linked, unless the page says so."""
        document = Document(page)
        threads: dict[str, Thread] = {}
        for link in document.cards(f"{ROOM}, {DIRECT}"):
            if (thread := _thread(link)) is not None:
                # Rooms of orders and direct messages are numbered apart.
                threads.setdefault(thread.sources["thread"], thread)
        if not threads and not any(NONE_YET.search(line) for line in document.lines):
            raise PageChanged(self.kind, [ROOM, DIRECT])
        return tuple(threads.values())
