"""The inbox: its page, and the JSON that fills it. Titles only; the messages are in the threads."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import CONTRACT, PROPOSAL, id_in
from extractors.document import Document, is_json, json_of, words_of
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Fields, Reader, Row, certainties, ident, members, moment, placed, read_fields, rows, text
from extractors.records import Message, Thread

LINKS = 'main a[href*="/messages/"], main a[href*="/contracts/"], main a[href*="/proposals/"]'

_API = re.compile(r"/api/v\d{1,2}/message/list/?")
_MESSAGE = re.compile(r"/messages/(\d{1,15})/?")

THREAD_FIELDS = {
    "id": (Reader[Row]("thread_id", lambda row: ident(row.get("thread_id"))),),
    "title": (Reader[Row]("title", lambda row: text(row.get("title"))),),
}
MESSAGE_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id"))),),
    "sent_at": (Reader[Row]("sent_at", lambda row: moment(row.get("sent_at"))),),
}


class Inbox:
    kind: PageKind = "inbox"
    examples: Sequence[str] = (
        "https://crowdworks.jp/api/v3/message/list?page=1",
        "https://crowdworks.jp/messages/received?page=2",
    )
    fields = certainties(thread=THREAD_FIELDS, message=MESSAGE_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == "/messages/received" or _API.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a row. Raises PageChanged where the JSON holds no list of them.

        The page itself may hold no rows: a script fills it, with the JSON that is read on its own.
        """
        if not is_json(page):
            return _drawn_threads(Document(page))
        value = json_of(page)
        place, holder = "data.items", members(value, "data")
        if "items" not in holder:
            # A saved answer may stand in an envelope.
            inner = [(name, data) for name in members(value) if "items" in (data := members(value, name, "data"))]
            if len(inner) != 1:
                raise PageChanged(self.kind, ["data.items"])
            name, holder = inner[0]
            place = f"{name}.data.items"
        thread, last = placed(THREAD_FIELDS, f"{place}[]."), placed(MESSAGE_FIELDS, f"{place}[].")
        return tuple(_thread(row, thread, last) for row in rows(holder["items"]))


def _thread(row: Row, thread_fields: Fields[Row], message_fields: Fields[Row]) -> Thread:
    thread = read_fields(row, thread_fields)
    last = read_fields(row, message_fields)
    messages = (Message(**last, thread_id=thread.get("id")),) if len(last) > 1 else ()
    return Thread(**thread, messages=messages)


def _drawn_threads(document: Document) -> tuple[Thread, ...]:
    threads: dict[str, Thread] = {}
    for link in document.cards(LINKS):
        href = link.get("href") or ""
        title = words_of(link) or None
        contract_id = id_in(CONTRACT, href)
        if title is None or not (contract_id or id_in(PROPOSAL, href) or id_in(_MESSAGE, href)):
            continue
        path = href.partition("#")[0].partition("?")[0]
        sources = {"title": LINKS, "thread": f'a[href^="{path}"]'}
        if contract_id is not None:
            sources["contract_id"] = LINKS
        threads.setdefault(path, Thread(title=title, contract_id=contract_id, sources=sources))
    return tuple(threads.values())
