"""The rooms of the inbox, and a room's messages ("stories"), as the site's messenger fetches them.

Both are known from several scrapers, and from no real answer. Who is the client of a room is said by its `context`, in
the list of rooms alone, and by one scraper alone: the messages themselves name only the numbers of users. Both numbers
are read, so that what a list said of a room is known of its messages too (addon/judging/sides.py).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Fields, Reader, Row, certainties, ident, members, placed, read_fields, rows, text, whole
from extractors.records import AuthorRole, Client, Message, Thread
from extractors.upwork.addresses import room_of

_ROOMS = "/api/v3/rooms/rooms/simplified"


def _moment(value: object) -> datetime | None:
    """A moment in milliseconds since 1970."""
    milliseconds = whole(value)
    if milliseconds is None or not 0 < milliseconds < 1e14:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def _flagged(value: object) -> bool | None:
    """A flag, which this answer writes as 0 or 1."""
    return bool(value) if value in (0, 1) else None


def _words(row: Row) -> str | None:
    """The words of a message that is still there."""
    return None if _flagged(row.get("deleted")) else text(row.get("message"))


def _role(row: Row) -> AuthorRole | None:
    """The system where the message says so. Of people, nothing here says which side they are on."""
    return "system" if _flagged(row.get("isSystemStory")) else None


STORY_FIELDS = {
    "id": (Reader[Row]("storyId", lambda row: ident(row.get("storyId"))),),
    "thread_id": (Reader[Row]("roomId", lambda row: ident(row.get("roomId"))),),
    "sent_at": (Reader[Row]("created", lambda row: _moment(row.get("created"))),),
    "author_role": (Reader[Row]("isSystemStory", _role),),
    "author_id": (Reader[Row]("userId", lambda row: ident(row.get("userId"))),),
    "body": (Reader[Row]("message", _words),),
    "links": (Reader[Row]("message", lambda row: links_in(_words(row))),),
}
ROOM_FIELDS = {
    "id": (Reader[Row]("roomId", lambda row: ident(row.get("roomId"))),),
    "title": (Reader[Row]("topic", lambda row: text(row.get("topic"))),),
    "job_id": (Reader[Row]("jobUid", lambda row: ident(row.get("jobUid"))),),
    "freelancer_id": (
        Reader[Row](
            "context.freelancerId", lambda row: ident(members(row, "context").get("freelancerId")), "one-scraper"
        ),
    ),
}
CLIENT_FIELDS = {
    "id": (Reader[Row]("clientId", lambda row: ident(row.get("clientId")), "one-scraper"),),
    "name": (Reader[Row]("clientName", lambda row: text(row.get("clientName")), "one-scraper"),),
}


def _side(story: Row, context: Row) -> AuthorRole | None:
    """The side of a message's author by the room's context; None where that does not tell it."""
    author = ident(story.get("userId"))
    client, freelancer = ident(context.get("clientId")), ident(context.get("freelancerId"))
    if author is None or client == freelancer:
        return None
    return "client" if author == client else "freelancer" if author == freelancer else None


AUTHOR_FIELDS = {
    "author_role": (
        Reader[Row](
            "context.clientId",
            lambda room: _side(members(room, "latestStory"), members(room, "context")),
            "one-scraper",
        ),
    ),
}
"""A person's side in the latest message of a room."""


class Inbox:
    kind: PageKind = "inbox"
    examples: Sequence[str] = (
        "https://www.upwork.com/api/v3/rooms/rooms/simplified?limit=20&callerOrgId=1900000000000000009",
    )
    fields = certainties(thread=ROOM_FIELDS, client=CLIENT_FIELDS, message={**STORY_FIELDS, **AUTHOR_FIELDS})

    def matches(self, location: SplitResult) -> bool:
        return location.path.rstrip("/") == _ROOMS

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a room, with its latest message. Raises PageChanged where there is no list, or no id in it."""
        answer = members(json_of(page))
        if not isinstance(answer.get("rooms"), list):
            raise PageChanged(self.kind, ["rooms"])
        threads = tuple(_thread(row) for row in rows(answer["rooms"]))
        if answer["rooms"] and all(thread.id is None for thread in threads):
            raise PageChanged(self.kind, ["thread.id"])
        return threads


def _thread(row: Row) -> Thread:
    values = read_fields(row, placed(ROOM_FIELDS, "rooms[]."))
    context = members(row, "context")
    client = read_fields(context, placed(CLIENT_FIELDS, "rooms[].context."))
    if "id" in values:
        values["sources"]["thread"] = f'a[href*="/rooms/{values["id"]}"]'
    if "latestStory" not in row:
        values["unread"] = ("messages",)
    latest = members(row, "latestStory")
    story = _story(latest, placed(STORY_FIELDS, "rooms[].latestStory."))
    messages: tuple[Message, ...] = ()
    if story.keys() & {"body", "unread"}:
        story["thread_id"] = values.get("id")
        if "author_role" not in story:
            side = read_fields(row, placed(AUTHOR_FIELDS, "rooms[]."))
            story |= side | {"sources": {**story["sources"], **side["sources"]}}
        messages = (Message(**story),)
    return Thread(client=Client(**client) if len(client) > 1 else None, messages=messages, **values)


def _story(row: Row, fields: Fields[Row]) -> dict[str, Any]:
    """The fields of a message; one that has words somewhere which are not found names them as unread."""
    values = read_fields(row, fields)
    if row and "body" not in values and not _is_empty(row):
        values["unread"] = ("body",)
    return values


class Messages:
    kind: PageKind = "messages"
    examples: Sequence[str] = (
        "https://www.upwork.com/api/v3/rooms/rooms/room_0123456789abcdef0123456789abcdef/stories/simplified?limit=20",
    )
    fields = certainties(message=STORY_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return room_of(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The room's messages, oldest first. Raises PageChanged where there is no list, or no message has words.

        Nobody's side is known from this answer, so that this is no sign of a change.
        """
        answer = members(json_of(page))
        if not isinstance(answer.get("stories"), list):
            raise PageChanged(self.kind, ["stories"])
        fields = placed(STORY_FIELDS, "stories[].")
        entries = rows(answer["stories"])
        messages = [Message(**_story(row, fields)) for row in entries]
        if all(message.body is None for message in messages) and not all(map(_is_empty, entries)):
            raise PageChanged(self.kind, ["message.body"])
        # The newest comes first.
        messages.reverse()
        if all(isinstance(message.sent_at, datetime) for message in messages):
            messages.sort(key=_by_time)
        room = room_of(page.location.path)
        return (Thread(id=room, messages=tuple(messages), sources={"id": "url"}),)


def _is_empty(row: Row) -> bool:
    """Whether a story has no words to read: one that was taken back, or a file alone."""
    return bool(_flagged(row.get("deleted"))) or ("message" in row and not row["message"])


def _by_time(message: Message) -> datetime:
    assert isinstance(message.sent_at, datetime)
    return message.sent_at
