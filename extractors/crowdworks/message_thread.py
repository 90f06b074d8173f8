"""Messages between a client and the freelancer: the thread's page, and the JSON that fills it.

Contract and proposal pages show the same thread and use the same readers.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from extractors.crowdworks.addresses import ATTACHMENT, CLIENT, CONTRACT, EMPLOYEE, JOB, id_in
from extractors.document import Document, Element, is_json, json_of, text_lines, text_of, words_of
from extractors.enclosures import enclosed_file, enclosures_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date
from extractors.parts import Part
from extractors.reading import Reader, Row, certainties, ident, members, moment, placed, read_fields, rows, text
from extractors.records import AuthorRole, Enclosure, Link, Message, Moment, Thread
from extractors.threads import require_authors, require_within

CONTAINER = "#pack-message-thread"
ITEM = '[class*="_messageItem_"]'
OLD_ITEM = "#pack-message-thread .intro-employer_talking > div"
SENDER = '[class*="_senderName_"]'
BODY = '[class*="_messageBody_"]'
JOB_LINK = 'a[href*="/public/jobs/"]'
ADDRESS = "https://crowdworks.jp/"

_THREAD = re.compile(r"/message/threads/(\d{1,15})(?:/messages\.json)?/?")


def _own(value: object) -> AuthorRole | None:
    return {True: "freelancer", False: "client"}[value] if isinstance(value, bool) else None  # type: ignore[return-value]


def _file_names(value: object) -> tuple[str, ...] | None:
    names = (text(row.get("name")) or text(row.get("filename")) for row in rows(value))
    return tuple(name for name in names if name) or None


def _files(value: object) -> tuple[Enclosure, ...] | None:
    files = (enclosed_file(row, ADDRESS) for row in rows(value))
    return tuple(file for file in files if file is not None) or None


JSON_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id"))),),
    "sent_at": (Reader[Row]("senddate", lambda row: moment(row.get("senddate"))),),
    "author_role": (Reader[Row]("own_message", lambda row: _own(row.get("own_message"))),),
    "body": (Reader[Row]("body", lambda row: text(row.get("body"))),),
    "links": (Reader[Row]("body", lambda row: links_in(text(row.get("body")))),),
    "attachments": (Reader[Row]("attachments", lambda row: _file_names(row.get("attachments")), "one-scraper"),),
    "enclosures": (Reader[Row]("attachments", lambda row: _files(row.get("attachments")), "assumed"),),
}


class _Item(Part):
    """The element of a message. Several fields read each of its parts, which is looked for once."""

    @cached_property
    def sender(self) -> Element | None:
        """The author of the message: the sender's name in its head.

        A link in the client's own text may lead to anybody's profile, so none counts from where the text may begin.
        """
        for element in self.select(SENDER):
            if not any(above.tag == "p" for above in element.iterancestors()):
                return element
        for element in () if self.element is None else self.element.iter("a", "p", "time"):
            if element.tag != "a":
                break
            if id_in(CLIENT, element.get("href")) or id_in(EMPLOYEE, element.get("href")):
                return element
        return None

    @cached_property
    def time(self) -> Element | None:
        """The element that says when it was sent."""
        return self.first("time")

    @cached_property
    def paragraphs(self) -> list[Element]:
        """The paragraphs of its text."""
        body = self.first(BODY)
        return self.document.select("p", self.element if body is None else body)

    @cached_property
    def body(self) -> str | None:
        """The text of its paragraphs."""
        return text("\n".join(map(text_of, self.paragraphs)))

    @cached_property
    def files(self) -> list[Element]:
        """The links to its files."""
        return self.select(ATTACHMENT)


def _role(item: _Item) -> AuthorRole | None:
    if item.sender is None:
        return None
    # The name may be a link, be inside one, or hold one.
    for link in (item.sender, *item.sender.iterancestors("a"), *item.sender.iter("a")):
        if id_in(CLIENT, link.get("href")):
            return "client"
        if id_in(EMPLOYEE, link.get("href")):
            return "freelancer"
    return None


def _name(item: _Item) -> str | None:
    return None if item.sender is None else words_of(item.sender) or None


def _sent_at(item: _Item) -> Moment | None:
    if item.time is None:
        return None
    return japanese_date(item.time.get("datetime") or "") or japanese_date(words_of(item.time))


def _whole_body(item: _Item) -> str | None:
    """Returns the text of an item without author and time, for a body outside of any paragraph."""
    if item.element is None:
        return None
    lines = text_lines(item.element, skip=lambda part: part is item.sender or part.tag in ("time", "button"))
    return "\n".join(lines) or None


def _links(item: _Item) -> tuple[Link, ...] | None:
    parts = item.paragraphs if item.body is not None else [] if item.element is None else [item.element]
    anchors = (link for part in parts for link in anchors_in(part, item.document.page.url))
    return links_in(item.body or _whole_body(item), anchors)


def _attachments(item: _Item) -> tuple[str, ...] | None:
    names = (words_of(link) or (link.get("href") or "").rsplit("/", 1)[-1] for link in item.files)
    return tuple(dict.fromkeys(names)) or None


def _enclosures(item: _Item) -> tuple[Enclosure, ...] | None:
    # Beside the paragraphs stands the sender's face.
    return enclosures_of([*item.paragraphs, *item.files], item.document.page.url, item.files)


DOM_FIELDS = {
    "sent_at": (Reader[_Item]("time", _sent_at),),
    "author_role": (Reader[_Item](SENDER, _role, "one-scraper"),),
    "author_name": (Reader[_Item](SENDER, _name),),
    "body": (
        Reader[_Item](f"{BODY} p", lambda item: item.body),
        Reader[_Item](BODY, _whole_body, "one-scraper"),
    ),
    "attachments": (Reader[_Item](ATTACHMENT, _attachments, "one-scraper"),),
    "enclosures": (Reader[_Item](f"{BODY} img", _enclosures, "assumed"),),
}


class MessageThread:
    kind: PageKind = "thread"
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

    The list may be in an envelope, as CrowdWorks' other answers do (`{"status": …, "data": {…}}`).
    Raises PageChanged where a message stands apart, or there are messages and none has words or a known author.
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
    messages = []
    fields = placed(JSON_FIELDS, f"{place}[].")
    for row in rows(entries):
        values = read_fields(row, fields)
        _anchor(values, row.get("senddate"))
        messages.append(Message(**values))
    return _checked(messages, ["message.body"])


def thread_of(document: Document) -> Thread | None:
    """The thread that a page shows; None where it has none.

    A page that is still to be filled by a script has a container and no messages yet.
    Raises PageChanged where a message stands apart, or there are messages and none has words or a known author.
    """
    items, selector = document.cards(ITEM), ITEM
    if not items:
        items, selector = document.cards(OLD_ITEM), OLD_ITEM
    if not items and document.first(CONTAINER) is None:
        return None
    require_within(MessageThread.kind, items, document.select(f"{CONTAINER} {BODY}, {CONTAINER} time"), ITEM)
    values = read_fields(document, THREAD_FIELDS)
    fields = placed(DOM_FIELDS, f"{selector} ")
    messages = []
    for element in items:
        item = _Item(document, element)
        message = read_fields(item, fields)
        message["links"] = _links(item)
        _anchor(message, item.time.get("datetime") if item.time is not None else None)
        messages.append(Message(thread_id=values.get("id"), **message))
    return Thread(messages=_checked(messages, ["message.body"]), **values)


def _container(key: str) -> Callable[[Document], str | None]:
    return lambda document: ident(members(document.data(CONTAINER)).get(key))


def _contract_id(document: Document) -> str | None:
    """The number of the deal, where the page is a contract's: a proposal's thread carries the proposal's."""
    on_contract = id_in(CONTRACT, document.page.location.path) is not None
    return _container("messageableId")(document) if on_contract else None


def _job_id(document: Document) -> str | None:
    """The job that the page links to, where it is one only."""
    ids = {id_in(JOB, link.get("href")) for link in document.select(JOB_LINK)} - {None}
    return ids.pop() if len(ids) == 1 else None


THREAD_FIELDS = {
    "id": (Reader[Document](f"{CONTAINER}[data] .id", _container("id")),),
    "contract_id": (Reader[Document](f"{CONTAINER}[data] .messageableId", _contract_id),),
    "job_id": (Reader[Document](JOB_LINK, _job_id, "one-scraper"),),
}


def _anchor(values: dict[str, Any], sent_at: object) -> None:
    """Set the place of a message in the drawn page. It has no id there, so its time identifies it."""
    if isinstance(sent_at, str) and moment(sent_at) is not None and not set(sent_at) & set('"\\\n'):
        values["sources"]["message"] = f'{ITEM}:has(time[datetime="{sent_at}"])'


def _checked(messages: list[Message], required_fields: Sequence[str]) -> tuple[Message, ...]:
    if messages and all(message.body is None and not message.attachments for message in messages):
        raise PageChanged(MessageThread.kind, required_fields)
    require_authors(MessageThread.kind, messages)
    if all(isinstance(message.sent_at, datetime) for message in messages):
        messages = sorted(messages, key=_by_time)
    return tuple(messages)


def _by_time(message: Message) -> tuple[datetime, int]:
    assert isinstance(message.sent_at, datetime)
    # Ids grow with time, and tell the order within a minute.
    return message.sent_at, int(message.id) if message.id and message.id.isdecimal() else 0
