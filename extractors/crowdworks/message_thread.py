"""Messages between a client and the freelancer: the thread's page, and the JSON that fills it.

Contract and proposal pages show the same thread and use the same readers.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import CLIENT, CONTRACT, JOB, id_in
from extractors.document import Document, is_json, json_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.parsing import japanese_date
from extractors.reading import Reader, certainties, ident, members, moment, placed, read_fields, rows, text
from extractors.records import AuthorRole, Message, Moment, Thread

if TYPE_CHECKING:
    from bs4 import Tag

CONTAINER = "#pack-message-thread"
ITEM = '[class*="_messageItem_"]'
OLD_ITEM = "#pack-message-thread .intro-employer_talking > div"
JOB_LINK = 'a[href*="/public/jobs/"]'
ATTACHMENT = 'a[href*="/attachments/"]'

_THREAD = re.compile(r"/message/threads/(\d{1,15})(?:/messages\.json)?/?")

type Row = dict[str, Any]


def _own(value: object) -> AuthorRole | None:
    return {True: "freelancer", False: "client"}[value] if isinstance(value, bool) else None  # type: ignore[return-value]


def _file_names(value: object) -> tuple[str, ...] | None:
    names = (text(row.get("name")) or text(row.get("filename")) for row in rows(value))
    return tuple(name for name in names if name) or None


JSON_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id"))),),
    "sent_at": (Reader[Row]("senddate", lambda row: moment(row.get("senddate"))),),
    "author_role": (Reader[Row]("own_message", lambda row: _own(row.get("own_message"))),),
    "body": (Reader[Row]("body", lambda row: text(row.get("body"))),),
    "links": (Reader[Row]("body", lambda row: links_in(text(row.get("body")))),),
    "attachments": (Reader[Row]("attachments", lambda row: _file_names(row.get("attachments")), "one-scraper"),),
}


def _sender(item: "Tag") -> "Tag | None":
    return item.select_one('[class*="_senderName_"], a[href*="/public/employers/"], a[href*="/public/employees/"]')


def _role(item: "Tag") -> AuthorRole | None:
    sender = _sender(item)
    address = "" if sender is None else str(sender.get("href") or "")
    if id_in(CLIENT, address):
        return "client"
    return "freelancer" if "/public/employees/" in address else None


def _name(item: "Tag") -> str | None:
    sender = _sender(item)
    return None if sender is None else sender.get_text(strip=True) or None


def _sent_at(item: "Tag") -> Moment | None:
    shown = item.find("time")
    if shown is None:
        return None
    return japanese_date(str(shown.get("datetime") or "")) or japanese_date(shown.get_text(strip=True))


def _paragraphs(item: "Tag") -> "list[Tag]":
    body = item.select_one('[class*="_messageBody_"]') or item
    return body.find_all("p")


def _body(item: "Tag") -> str | None:
    return text("\n".join(paragraph.get_text() for paragraph in _paragraphs(item)))


def _whole_body(item: "Tag") -> str | None:
    """What an item says besides who says it and when: for a body that stands in no paragraph."""
    sender = _sender(item)
    apart = [part for part in (sender, *item.find_all(["time", "textarea", "button"])) if part is not None]
    return text("".join(part for part in item.strings if not any(above in apart for above in part.parents)))


def _links(item: "Tag", base: str) -> object:
    body = _body(item)
    parts = _paragraphs(item) if body is not None else [item]
    return links_in(body or _whole_body(item), (link for part in parts for link in anchors_in(part, base)))


def _attachments(item: "Tag") -> tuple[str, ...] | None:
    names = (a.get_text(strip=True) or str(a["href"]).rsplit("/", 1)[-1] for a in item.select(ATTACHMENT))
    return tuple(dict.fromkeys(names)) or None


DOM_FIELDS = {
    "sent_at": (Reader["Tag"]("time", _sent_at),),
    "author_role": (Reader["Tag"]('[class*="_senderName_"]', _role, "one-scraper"),),
    "author_name": (Reader["Tag"]('[class*="_senderName_"]', _name),),
    "body": (
        Reader["Tag"]('[class*="_messageBody_"] p', _body),
        Reader["Tag"]('[class*="_messageBody_"]', _whole_body, "one-scraper"),
    ),
    "attachments": (Reader["Tag"](ATTACHMENT, _attachments, "one-scraper"),),
}


class MessageThread:
    kind = "thread"
    examples: Sequence[str] = (
        "https://crowdworks.jp/message/threads/304340335/messages.json",
        "https://crowdworks.jp/message/threads/304340335",
    )
    fields = certainties(message=JSON_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return _THREAD.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The thread. Raises PageChanged where there is neither a list of messages nor the thread's container."""
        if is_json(page):
            messages = messages_of(json_of(page))
            if messages is None:
                raise PageChanged(self.kind, ["messages"])
            return (Thread(id=id_in(_THREAD, page.location.path), messages=messages, sources={"id": "url"}),)
        thread = thread_of(Document(page))
        if thread is None:
            raise PageChanged(self.kind, [CONTAINER, ITEM])
        if thread.id is None:
            sources = {**thread.sources, "id": "url"}
            update = {"id": id_in(_THREAD, page.location.path), "sources": sources}
            thread = thread.model_copy(update=update)
        return (thread,)


def messages_of(value: object) -> tuple[Message, ...] | None:
    """The messages of the thread's JSON, oldest first; None where it holds no list of messages.

    The list may stand in an envelope, as CrowdWorks' other answers do (`{"status": …, "data": {…}}`).
    Raises PageChanged where there are messages, and none has words.
    """
    holder, place = members(value), "messages"
    if "messages" not in holder:
        inner = [(name, part) for name, part in holder.items() if "messages" in members(part)]
        if len(inner) != 1:
            return None
        name, holder = inner[0]
        place = f"{name}.messages"
    entries = holder["messages"]
    if not isinstance(entries, list):
        return None
    found = []
    fields = placed(JSON_FIELDS, f"{place}[].")
    for row in rows(entries):
        values = read_fields(row, fields)
        _anchor(values, row.get("senddate"))
        found.append(Message(**values))
    return _checked(found, ["message.body"])


def thread_of(document: Document) -> Thread | None:
    """The thread that a page shows; None where it has none.

    A page that is still to be filled by a script has a container and no messages yet.
    Raises PageChanged where there are messages, and none has words.
    """
    items, selector = document.cards(ITEM), ITEM
    if not items:
        items, selector = document.cards(OLD_ITEM), OLD_ITEM
    if not items and document.first(CONTAINER) is None:
        return None
    values = read_fields(document, THREAD_FIELDS)
    fields = placed(DOM_FIELDS, f"{selector} ")
    found = []
    for item in map(document.soup, items):
        message = read_fields(item, fields)
        message["links"] = _links(item, document.page.url)
        shown = item.find("time")
        _anchor(message, shown.get("datetime") if shown is not None else None)
        found.append(Message(thread_id=values.get("id"), **message))
    return Thread(messages=_checked(found, ["message.body"]), **values)


def _container(key: str) -> Callable[[Document], str | None]:
    return lambda document: ident(members(document.data(CONTAINER)).get(key))


def _contract_id(document: Document) -> str | None:
    """The number of the deal, where the page is a contract's: a proposal's thread carries the proposal's."""
    on_contract = id_in(CONTRACT, document.page.location.path) is not None
    return _container("messageableId")(document) if on_contract else None


def _job_id(document: Document) -> str | None:
    """The job that the page links to, where it is one only."""
    found = {id_in(JOB, link.get("href")) for link in document.select(JOB_LINK)} - {None}
    return found.pop() if len(found) == 1 else None


THREAD_FIELDS = {
    "id": (Reader[Document](f"{CONTAINER}[data] .id", _container("id")),),
    "contract_id": (Reader[Document](f"{CONTAINER}[data] .messageableId", _contract_id),),
    "job_id": (Reader[Document](JOB_LINK, _job_id, "one-scraper"),),
}


def _anchor(values: dict[str, Any], sent: object) -> None:
    """Where the message stands in the page once it is drawn: found by its time, since it has no id there."""
    if isinstance(sent, str) and moment(sent) is not None and not set(sent) & set('"\\\n'):
        values["sources"]["message"] = f'{ITEM}:has(time[datetime="{sent}"])'


def _checked(messages: list[Message], required: Sequence[str]) -> tuple[Message, ...]:
    if messages and all(message.body is None and not message.attachments for message in messages):
        raise PageChanged(MessageThread.kind, required)
    if all(isinstance(message.sent_at, datetime) for message in messages):
        messages = sorted(messages, key=_by_time)
    return tuple(messages)


def _by_time(message: Message) -> tuple[datetime, int]:
    assert isinstance(message.sent_at, datetime)
    # Ids grow with time, and tell the order within a minute.
    return message.sent_at, int(message.id) if message.id and message.id.isdecimal() else 0
