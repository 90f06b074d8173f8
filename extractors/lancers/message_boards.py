"""Messages, as the site's API gives them: a board's messages, one board, and the list of boards."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, Row, certainties, ident, members, moment, placed, read_fields, rows, text
from extractors.records import AuthorRole, Message, Thread
from extractors.threads import require_authors

_BOARD = re.compile(r"/v1/message_api/boards/(\d{1,12})(/messages)?/?")
_BOARDS = re.compile(r"/v1/message_api/boards/?")


def _role(row: Row) -> AuthorRole | None:
    by_client = members(row, "send_user").get("is_client")
    return {True: "client", False: "freelancer"}[by_client] if isinstance(by_client, bool) else None  # type: ignore[return-value]


MESSAGE_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id"))),),
    "thread_id": (Reader[Row]("board_id", lambda row: ident(row.get("board_id"))),),
    "sent_at": (Reader[Row]("modified", lambda row: moment(row.get("modified"))),),
    "author_role": (Reader[Row]("send_user.is_client", _role),),
    "body": (Reader[Row]("description", lambda row: text(row.get("description"))),),
    "links": (Reader[Row]("description", lambda row: links_in(text(row.get("description")))),),
}
THREAD_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id"))),),
    "title": (Reader[Row]("title", lambda row: text(row.get("title")), "one-scraper"),),
    "job_id": (Reader[Row]("with.job.id", lambda row: ident(members(row, "with", "job").get("id"))),),
}


class Messages:
    kind: PageKind = "messages"
    examples: Sequence[str] = ("https://www.lancers.jp/v1/message_api/boards/7/messages?limit=20",)
    fields = certainties(message=MESSAGE_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        match = _BOARD.fullmatch(location.path)
        return match is not None and match[2] is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The thread with its messages, oldest first.

        Raises PageChanged where there is no list, or no message has words or a known author.
        """
        answer = json_of(page)
        if not isinstance(answer, list):
            raise PageChanged(self.kind, ["[]"])
        fields = placed(MESSAGE_FIELDS, "[].")
        messages = [Message(**read_fields(row, fields)) for row in rows(answer)]
        if messages and all(message.body is None for message in messages):
            raise PageChanged(self.kind, ["message.body"])
        require_authors(self.kind, messages)
        # Numbers grow with time; the API gives the newest first.
        messages.reverse()
        messages.sort(key=lambda message: int(message.id) if message.id and message.id.isdecimal() else 0)
        match = _BOARD.fullmatch(page.location.path)
        return (Thread(id=match[1] if match else None, messages=tuple(messages), sources={"id": "url"}),)


class Board:
    kind: PageKind = "thread"
    examples: Sequence[str] = (
        "https://www.lancers.jp/v1/message_api/boards/7",
        "https://www.lancers.jp/v1/message_api/boards/?limit=20",
    )
    fields = certainties(thread=THREAD_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        match = _BOARD.fullmatch(location.path)
        return _BOARDS.fullmatch(location.path) is not None or (match is not None and match[2] is None)

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """The board, or one thread a board of the list. Raises PageChanged where one has no id."""
        answer = json_of(page)
        boards = rows(answer) if isinstance(answer, list) else [members(answer)]
        threads = tuple(Thread(**read_fields(board, THREAD_FIELDS)) for board in boards)
        if (not threads and not isinstance(answer, list)) or any(thread.id is None for thread in threads):
            raise PageChanged(self.kind, ["thread.id"])
        return threads
