"""Messages, as the API is assumed to answer them: threads, and the messages of threads.

No answer of today has been seen; the keys are those of the test data of the site's own library (2019). An answer has
the sender of a message as a number, and neither it nor the thread says who of its members is the client: that is the
owner of the project, who stands in another answer. So the author of a message is unknown, and rules judge it as the
client's.
"""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qs

from extractors.freelancer.addresses import result_of
from extractors.links import links_in
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, Row, certainties, epoch, ident, members, placed, read_fields, rows, text
from extractors.records import Message, Thread


def _file_names(value: object) -> tuple[str, ...] | None:
    names = (text(row.get("filename")) for row in rows(value))
    return tuple(name for name in names if name) or None


MESSAGE_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id")), "assumed"),),
    "thread_id": (Reader[Row]("thread_id", lambda row: ident(row.get("thread_id")), "assumed"),),
    "sent_at": (Reader[Row]("time_created", lambda row: epoch(row.get("time_created"), 1), "assumed"),),
    "body": (Reader[Row]("message", lambda row: text(row.get("message")), "assumed"),),
    "links": (Reader[Row]("message", lambda row: links_in(text(row.get("message"))), "assumed"),),
    "attachments": (Reader[Row]("attachments", lambda row: _file_names(row.get("attachments")), "assumed"),),
}


def _project(row: Row) -> str | None:
    """The number of the project that a thread is about; it may be about something else."""
    context = members(row, "thread", "context")
    return ident(context.get("id")) if context.get("type") == "project" else None


THREAD_FIELDS = {
    "id": (Reader[Row]("id", lambda row: ident(row.get("id")), "assumed"),),
    "job_id": (Reader[Row]("thread.context.id", _project, "assumed"),),
}


def _rows(page: Page, name: str, kind: PageKind) -> list[Row]:
    """The rows of a list of the answer. Raises PageChanged where it holds no such list."""
    entries = result_of(page, name)
    if not isinstance(entries, list):
        raise PageChanged(kind, [f"result.{name}"])
    return rows(entries)


class Messages:
    kind: PageKind = "messages"
    examples: Sequence[str] = ("https://www.freelancer.com/api/messages/0.1/messages/?threads[]=100&limit=20",)
    fields = certainties(message=MESSAGE_FIELDS)

    _path = re.compile(r"/api/messages/0\.1/messages/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread for each that a message belongs to, its messages oldest first.

        Raises PageChanged where there is no list, or where no message has words or a file.
        """
        fields = placed(MESSAGE_FIELDS, "result.messages[].")
        messages = [Message(**read_fields(row, fields)) for row in _rows(page, "messages", self.kind)]
        if messages and all(message.body is None and message.attachments is None for message in messages):
            raise PageChanged(self.kind, ["message.body"])
        if not messages:
            return tuple(Thread(id=number, sources={"id": "url"}) for number in _asked(page.location))
        # Numbers grow with time.
        messages.sort(key=lambda message: int(message.id) if message.id and message.id.isdecimal() else 0)
        threads: dict[str | None, list[Message]] = {}
        for message in messages:
            threads.setdefault(message.thread_id, []).append(message)
        sources = {"id": fields["thread_id"][0].source}
        return tuple(Thread(id=number, messages=tuple(own), sources=sources) for number, own in threads.items())


def _asked(location: SplitResult) -> list[str]:
    """The threads that an address asks for."""
    numbers = parse_qs(location.query, max_num_fields=100).get("threads[]", [])
    return [number for number in dict.fromkeys(numbers) if number.isascii() and number.isdecimal()][:20]


class Threads:
    kind: PageKind = "thread"
    examples: Sequence[str] = ("https://www.freelancer.com/api/messages/0.1/threads/?limit=20",)
    fields = certainties(thread=THREAD_FIELDS)

    _path = re.compile(r"/api/messages/0\.1/threads/?")

    def matches(self, location: SplitResult) -> bool:
        return self._path.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a row, without messages. Raises PageChanged where there is no list, or a row has no id."""
        fields = placed(THREAD_FIELDS, "result.threads[].")
        threads = tuple(Thread(**read_fields(row, fields)) for row in _rows(page, "threads", self.kind))
        if any(thread.id is None for thread in threads):
            raise PageChanged(self.kind, ["thread.id"])
        return threads
