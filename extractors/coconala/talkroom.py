"""A talkroom (トークルーム): the thread of an order, and its step.

Coconala has no 仮払い: what is bought is paid for when it is bought, and the room opens with that. The step
「進行中」 is therefore work under way for money that the site holds. Rooms of a subscription have no steps,
and prove no state.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.coconala.addresses import ORIGIN, TALKROOM
from extractors.document import Document, Element, words_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.parsing import japanese_date
from extractors.parts import Part, words
from extractors.reading import Reader, certainties, read_fields
from extractors.records import AnyRecord, AuthorRole, Contract, ContractState, Message, Thread

MESSAGES = ".d-talkroomMessage"
LIST = ".d-talkroomMessageList"
FORM = ".d-messageForm"
STEP = ".d-talkroomStep_label-current"
BODY = ".d-normalMessage"
TIME = ".d-messageInfo_postTime"
NAME = ".d-messageInfo_userName"
LABEL = ".d-messageInfo_label"
FILES = ".d-talkroomMessage_attachedFilesItem .tooltip-content"

_STEPS: tuple[tuple[str, ContractState], ...] = (
    ("取引完了", "paid"),
    ("納品送付", "delivered"),
    ("納品確認待ち", "delivered"),
    ("進行中", "escrow-funded"),
    ("取引中", "escrow-funded"),
)
_SYSTEM = ("自動送信", "システムメッセージ")


def _role(part: Part) -> AuthorRole | None:
    said = part.words(LABEL) or ""
    if any(label in said for label in _SYSTEM):
        return "system"
    classes = (part.element.get("class") or "").split() if part.element is not None else []
    if "d-talkroomMessage-isOthers" in classes:
        return "client"
    return "freelancer" if (part.words(NAME) or "").startswith("自分") else None


def _id(part: Part) -> str | None:
    # js-talkroomMessage-214213467
    name = part.element.get("id") or "" if part.element is not None else ""
    number = name.removeprefix("js-talkroomMessage-")
    return number if number != name and number.isdecimal() else None


def _files(part: Part) -> tuple[str, ...] | None:
    return tuple(said for element in part.select(FILES) if (said := words_of(element))) or None


def _time(part: Part) -> object:
    # No year is written: it is the one that brings the day closest to today.
    return japanese_date(part.words(TIME) or "", part.received_at)


MESSAGE_FIELDS = {
    "id": (Reader[Part](f"{MESSAGES}[id]", _id),),
    "sent_at": (Reader[Part](TIME, _time),),
    "author_role": (Reader[Part](f"{MESSAGES}-isOthers", _role),),
    "author_name": (words(NAME, certainty="several-scrapers"),),
    "body": (Reader[Part](BODY, lambda part: part.text(BODY)),),
    "links": (Reader[Part](BODY, lambda part: links_in(part.text(BODY))),),
    "attachments": (Reader[Part](FILES, _files),),
}


def _state(part: Part) -> ContractState | None:
    said = part.words(STEP)
    return None if said is None else next((state for word, state in _STEPS if word in said), None)


def _number(part: Part) -> str | None:
    found = TALKROOM.fullmatch(part.document.page.location.path)
    return found[1] if found else None


CONTRACT_FIELDS = {
    "id": (Reader[Part]("url", _number, "real-page"),),
    "url": (Reader[Part]("url", lambda part: f"{ORIGIN}/talkrooms/{_number(part)}", "real-page"),),
    "title": (words("h1", certainty="one-scraper"),),
    "state": (Reader[Part](STEP, _state),),
}


def _message(document: Document, element: Element, thread_id: str | None) -> Message:
    values = read_fields(Part(document, element), MESSAGE_FIELDS)
    if "id" in values:
        values["sources"]["message"] = f"#js-talkroomMessage-{values['id']}"
    return Message(thread_id=thread_id, **values)


class Talkroom:
    kind = "talkroom"
    examples: Sequence[str] = ("https://coconala.com/talkrooms/9000001",)
    fields = certainties(contract=CONTRACT_FIELDS, message=MESSAGE_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return TALKROOM.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[AnyRecord, ...]:
        """The order and its thread.

        Raises PageChanged where there is neither list nor form, or there are messages and none has words.
        """
        part = Part(Document(page))
        values = read_fields(part, CONTRACT_FIELDS)
        number = values.get("id")
        found = [_message(part.document, element, number) for element in part.select(MESSAGES)]
        # What the site writes by itself may be of another form.
        messages = tuple(message for message in found if message.body is not None or message.attachments)
        if not found and part.first(LIST) is None and part.first(FORM) is None:
            raise PageChanged(self.kind, [MESSAGES])
        if found and not messages and any(message.author_role != "system" for message in found):
            raise PageChanged(self.kind, ["message.body"])
        return (
            Contract(**values),
            Thread(id=number, contract_id=number, messages=messages, sources={"id": "url", "contract_id": "url"}),
        )
