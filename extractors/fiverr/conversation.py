"""A conversation of the inbox, as the site's own answer gives it. Five scrapers agree on its keys; no answer was seen.

It has no order: whether one exists is not known from it. What the other side writes about one, and an offer that was
sent, are no order, and an order is what is paid for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.fiverr.addresses import CONVERSATION, USERNAME
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.parsing import one_line
from extractors.reading import Reader, certainties, epoch, ident, members, placed, read_fields, rows, text
from extractors.records import AuthorRole, Client, Message, Thread
from extractors.threads import require_authors

FILE_NAMES = ("file_name", "filename")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, and the two sides: the user whom the address names, and oneself. None where that side is not known."""

    values: dict[str, Any]
    other: str | None
    own: str | None


def _sender(values: dict[str, Any]) -> str | None:
    sender = ident(values.get("sender"))
    return sender.lower() if sender is not None and USERNAME.fullmatch(sender) else None


def _role(message: Sent) -> AuthorRole | None:
    """The side that wrote it. The sender of what a seller's assistant says (`isPersonalAssistant`) is the seller."""
    sender = _sender(message.values)
    if sender is None:
        return None
    return "client" if sender == message.other else "freelancer" if sender == message.own else None


def _files(message: Sent) -> tuple[str, ...] | None:
    files = rows(message.values.get("attachments"))
    names = (next((name for key in FILE_NAMES if (name := text(file.get(key)))), None) for file in files)
    return tuple(name for name in names if name is not None and one_line(name)) or None


MESSAGE_FIELDS = {
    "id": (Reader[Sent]("id", lambda message: ident(message.values.get("id"))),),
    "sent_at": (Reader[Sent]("createdAt", lambda message: epoch(message.values.get("createdAt"), 1000)),),
    "author_role": (Reader[Sent]("sender", _role),),
    "author_name": (Reader[Sent]("sender", lambda message: text(message.values.get("sender"))),),
    "body": (Reader[Sent]("body", lambda message: text(message.values.get("body"))),),
    "links": (Reader[Sent]("body", lambda message: links_in(text(message.values.get("body")))),),
    "attachments": (Reader[Sent]("attachments[].file_name", _files),),
}
THREAD_FIELDS = {
    "id": (Reader[dict[str, Any]]("conversationId", lambda answer: ident(answer.get("conversationId"))),),
}


def _sides(messages: Sequence[dict[str, Any]], user: str) -> tuple[str | None, str | None]:
    """Returns the user of the address, and oneself.

    Where the former has sent nothing, `sender` may have come to mean something else: then no side is known. Oneself is
    the only other sender.
    """
    senders = {sender for values in messages if (sender := _sender(values)) is not None}
    others = senders - {user}
    if user not in senders:
        return None, None
    return user, others.pop() if len(others) == 1 else None


class Conversation:
    kind: PageKind = "messages"
    examples: Sequence[str] = (
        "https://www.fiverr.com/inbox/contacts/clay_and_co/conversation",
        "https://www.fiverr.com/inbox/contacts/clay_and_co/conversation?timestamp=1789000000000",
    )
    fields = certainties(message=MESSAGE_FIELDS, thread=THREAD_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return CONVERSATION.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The thread with its messages, oldest first.

        Raises PageChanged where there is no list of them, or where none has words, or none a sender.
        """
        answer = members(json_of(page))
        if not isinstance(answer.get("messages"), list):
            raise PageChanged(self.kind, ["messages"])
        match = CONVERSATION.fullmatch(page.location.path)
        user = match["user"] if match else ""
        message_rows = sorted(rows(answer["messages"]), key=_when)
        other, own = _sides(message_rows, user.lower())
        fields = placed(MESSAGE_FIELDS, "messages[].")
        all_messages = [Message(**read_fields(Sent(values, other, own), fields)) for values in message_rows]
        messages = tuple(message for message in all_messages if message.body is not None or message.attachments)
        if message_rows and not any(message.body is not None for message in messages):
            raise PageChanged(self.kind, ["message.body"])
        if not any(_sender(values) for values in message_rows):
            require_authors(self.kind, messages)
        client = Client(id=user, name=user, sources={"id": "url", "name": "url"})
        return (Thread(**read_fields(answer, THREAD_FIELDS), client=client, messages=messages),)


def _when(values: dict[str, Any]) -> float:
    at = epoch(values.get("createdAt"), 1000)
    return 0 if at is None else at.timestamp()
