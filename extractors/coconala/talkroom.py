"""A talkroom (トークルーム): the thread of an order, and its step.

Coconala has no 仮払い: what is bought is paid for when it is bought, and the room opens with that. The step
「進行中」 is therefore work under way for money that the site holds. Two things it does not prove: a room
without steps (a subscription) has no state here, and neither has a room that itself speaks of a payment that
is still awaited, since it is disputed whether a bank transfer opens the room before the money has come.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import SplitResult

from extractors.coconala.addresses import TALKROOM, talkroom_url
from extractors.document import Document, Element, text_lines, text_of, words_of
from extractors.enclosures import enclosures_of
from extractors.links import anchors_in, links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import japanese_date
from extractors.parts import Part, words
from extractors.reading import Fields, Reader, certainties, placed, read_fields
from extractors.records import (
    AnyRecord,
    AuthorRole,
    Client,
    Contract,
    ContractState,
    Enclosure,
    Link,
    Message,
    Moment,
    Thread,
)
from extractors.threads import require_authors, require_within

MESSAGES = ".d-talkroomMessage"
LIST = ".d-talkroomMessageList"
FORM = ".d-messageForm"
STEP = ".d-talkroomStep_label-current"
BODY = ".d-normalMessage"
MAIN = ".d-talkroomMessage_main"
TIME = ".d-messageInfo_postTime"
NAME = ".d-messageInfo_userName"
LABEL = ".d-messageInfo_label"
FILE = ".d-talkroomMessage_attachedFilesItem"
FILES = f"{FILE} .tooltip-content"
FILES_BEFORE = f"{FILE} .d-attachedFileName"
OTHERS = "d-talkroomMessage-isOthers"
OTHERS_NAME = ".d-userInfo_name"
DELIVERY = "正式な納品"

_STEPS: tuple[tuple[str, ContractState], ...] = (
    ("取引完了", "paid"),
    ("納品送付", "delivered"),
    ("納品確認待ち", "delivered"),
    ("進行中", "escrow-funded"),
    ("取引中", "escrow-funded"),
)
_SYSTEM = ("自動送信", "システムメッセージ")
_UNPAID = re.compile(r"入金(?:確認)?待ち|支払い?待ち|未入金")
_DUE = re.compile(r"納品予定日(?:が登録されました。?)?[：:「\s]{0,4}(\d{4}/\d{1,2}/\d{1,2})")
_NO_WORDS = frozenset({"d-talkroomMessage_readTime", FILE.removeprefix(".")})
HALF_A_YEAR = timedelta(days=182)


def _classes(element: Element | None) -> list[str]:
    return [] if element is None else (element.get("class") or "").split()


class MessagePart(Part):
    """A message, and which side the freelancer is on: a seller may also buy, and then reads from the other side.

    others_sell: None where the page does not mark the sides.
    """

    def __init__(self, document: Document, element: Element, *, others_sell: bool | None) -> None:
        super().__init__(document, element)
        self.others_sell = others_sell


def _is_system(part: Part) -> bool:
    text = part.words(LABEL) or ""
    return any(label in text for label in _SYSTEM)


def _is_delivery(part: Part) -> bool:
    return DELIVERY in (part.words(LABEL) or "")


def _role(part: MessagePart) -> AuthorRole | None:
    if _is_system(part):
        return "system"
    if part.others_sell is None:
        return None
    if OTHERS in _classes(part.element):
        return "freelancer" if part.others_sell else "client"
    if (part.words(NAME) or "").startswith("自分"):
        return "client" if part.others_sell else "freelancer"
    return None


def _id(part: Part) -> str | None:
    # js-talkroomMessage-214213467
    name = part.element.get("id") or "" if part.element is not None else ""
    number = name.removeprefix("js-talkroomMessage-")
    return number if number != name and number.isascii() and number.isdecimal() and len(number) <= 20 else None


def _files(selector: str) -> Reader[Part]:
    def read(part: Part) -> tuple[str, ...] | None:
        return tuple(text for element in part.select(selector) if (text := words_of(element))) or None

    return Reader(selector, read)


def _time(part: Part) -> Moment | None:
    # No year is written. A message was sent before it was read: the year before a moment in the future.
    return japanese_date(part.words(TIME) or "", part.received_at - HALF_A_YEAR)


def _is_wordless(element: Element) -> bool:
    return not _NO_WORDS.isdisjoint(_classes(element))


def _whole(part: Part) -> str | None:
    """All that a message says, without its files and 「既読」."""
    element = part.first(MAIN)
    if element is None:
        return None
    return "\n".join(line for line in text_lines(element, _is_wordless) if not line.startswith("既読 ")) or None


def _links(part: Part) -> tuple[Link, ...] | None:
    body, main = part.first(BODY), part.first(MAIN)
    if body is not None:
        text: str | None = text_of(body)
        regions = [body]
    else:
        text = _whole(part)
        regions = [] if main is None else [child for child in main if not _is_wordless(child)]
    linked_regions = (region for region in regions if region.find(".//a") is not None)
    anchors = [a for region in linked_regions for a in anchors_in(region, part.document.page.url)]
    return links_in(text, anchors)


def _enclosures(part: Part) -> tuple[Enclosure, ...] | None:
    main = part.first(BODY)
    files = [link for file in part.select(FILE) for link in file.iter("a")]
    regions = [*([] if main is None else [main]), *part.select(FILE)]
    return enclosures_of(regions, part.document.page.url, files)


MESSAGE_FIELDS: Fields[MessagePart] = {
    "id": (Reader[Part](f"{MESSAGES}[id]", _id),),
    "sent_at": (Reader[Part](TIME, _time),),
    "author_role": (Reader[MessagePart](f"{MESSAGES}-isOthers", _role),),
    "author_name": (words(NAME, certainty="several-scrapers"),),
    "body": (Reader[Part](BODY, lambda part: part.text(BODY)), Reader[Part](MAIN, _whole)),
    "links": (Reader[Part](f"{BODY} a", _links),),
    "attachments": (_files(FILES), _files(FILES_BEFORE)),
    "enclosures": (Reader[Part](f"{BODY} img", _enclosures, "assumed"),),
}


def _awaits_payment(part: Part) -> bool:
    """Whether the room itself, not the people in it, says that a payment has not come."""
    message_lines = {line for body in part.select(BODY) for line in text_lines(body)}
    return any(_UNPAID.search(line) for line in part.document.lines if line not in message_lines)


def _state(part: Part) -> ContractState | None:
    text = part.words(STEP)
    state = None if text is None else next((state for word, state in _STEPS if word in text), None)
    return None if state == "escrow-funded" and _awaits_payment(part) else state


def _delivered_at(part: Part) -> Moment | None:
    """When the last formal delivery was sent."""
    messages = (Part(part.document, element) for element in reversed(part.cards(MESSAGES)))
    return next(
        (sent_at for message in messages if _is_delivery(message) and (sent_at := _time(message)) is not None), None
    )


def _due(part: Part) -> Moment | None:
    """The day of delivery that the site's own last note of it names."""
    for element in reversed(part.cards(MESSAGES)):
        if _is_system(Part(part.document, element)) and (match := _DUE.search(words_of(element))):
            return japanese_date(match[1])
    return None


def _number(part: Part) -> str | None:
    match = TALKROOM.fullmatch(part.document.page.location.path)
    return match[1] if match else None


CONTRACT_FIELDS = {
    "id": (Reader[Part]("url", _number, "real-page"),),
    "url": (Reader[Part]("url", lambda part: talkroom_url(_number(part) or ""), "real-page"),),
    "title": (words("h1", certainty="one-scraper"),),
    "state": (Reader[Part](STEP, _state),),
    "due": (Reader[Part](f"{LABEL} 納品予定日", _due, "one-scraper"),),
    "delivered_at": (Reader[Part](f"{LABEL} {DELIVERY}", _delivered_at),),
}


def _name_beside_message(part: Part) -> str | None:
    theirs = (Part(part.document, element) for element in part.cards(f".{OTHERS}"))
    return next((name for message in theirs if not _is_system(message) and (name := message.words(NAME))), None)


CLIENT_FIELDS = {
    "name": (
        Reader[Part](f".{OTHERS} {NAME}", _name_beside_message),
        words(OTHERS_NAME, certainty="one-scraper"),
    )
}


def _others_sell(messages: Sequence[Part]) -> bool | None:
    """Whether the other side delivers, as only a seller does: then the reader is the client.

    None where somebody else writes, and nobody is marked as the other side.
    """
    others = [message for message in messages if OTHERS in _classes(message.element)]
    from_people = (message for message in messages if not _is_system(message))
    if not others and any(not (message.words(NAME) or "自分").startswith("自分") for message in from_people):
        return None
    return any(map(_is_delivery, others))


def _message(part: MessagePart, thread_id: str | None) -> Message:
    number = _id(part)
    anchor = MESSAGES if number is None else f"#js-talkroomMessage-{number}"
    values = read_fields(part, placed(MESSAGE_FIELDS, f"{anchor} "))
    if number is not None:
        values["sources"]["message"] = anchor
    return Message(thread_id=thread_id, **values)


class Talkroom:
    kind: PageKind = "talkroom"
    examples: Sequence[str] = ("https://coconala.com/talkrooms/9000001",)
    fields = certainties(contract=CONTRACT_FIELDS, client=CLIENT_FIELDS, message=MESSAGE_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return TALKROOM.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """The order and its thread.

        Raises PageChanged where there is neither list nor form, or no message has words or a known author.
        """
        part = Part(Document(page))
        values = read_fields(part, CONTRACT_FIELDS)
        number = values.get("id")
        elements = part.cards(MESSAGES)
        if not elements and (part.first(BODY) is not None or (part.first(LIST) is None and part.first(FORM) is None)):
            raise PageChanged(self.kind, [MESSAGES])
        require_within(self.kind, elements, part.select(f"{BODY}, {MAIN}"), MESSAGES)
        others_sell = _others_sell([Part(part.document, element) for element in elements])
        all_messages = [_message(MessagePart(part.document, e, others_sell=others_sell), number) for e in elements]
        messages = tuple(message for message in all_messages if message.body is not None or message.attachments)
        if all(message.author_role == "system" for message in messages) and any(
            message.author_role != "system" for message in all_messages
        ):
            raise PageChanged(self.kind, ["message.body"])
        require_authors(self.kind, messages)
        client = None
        if others_sell is False and (fields := read_fields(part, CLIENT_FIELDS)).keys() > {"sources"}:
            client = Client(**fields)
        return (
            Contract(client=client, **values),
            Thread(
                id=number,
                client=client,
                contract_id=number,
                messages=messages,
                sources={"id": "url", "contract_id": "url"},
            ),
        )
