"""Checks that hold for the messages of every site."""

from collections.abc import Collection, Iterable

from extractors.document import Element
from extractors.page import PageChanged
from extractors.page_kinds import PageKind
from extractors.records import Message


def require_authors(kind: PageKind, messages: Iterable[Message]) -> None:
    """Refuse a thread in which somebody writes, and of no message it is known who.

    The place that tells the sides apart has moved then: such messages would be read as nobody's. Raises PageChanged.
    """
    people = [message for message in messages if message.body is not None and message.author_role != "system"]
    if people and all(message.author_role is None for message in people):
        raise PageChanged(kind, ["message.author_role"])


def require_within(kind: PageKind, messages: Collection[Element], words: Iterable[Element], place: str) -> None:
    """Refuse a thread with words of a message outside all messages that were found at a place.

    Raises PageChanged, with the place.
    """
    message_elements = set(messages)
    if any(message_elements.isdisjoint((element, *element.iterancestors())) for element in words):
        raise PageChanged(kind, [place])
