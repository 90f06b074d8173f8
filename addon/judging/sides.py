"""The sides of a conversation's authors, where one answer of a site has the messages and another says who is who.

Upwork's messenger fetches both with every page: the list of rooms names client and freelancer of each room by their
numbers, and the messages of a room name their authors by number alone. What the lists said is remembered in memory,
for this session and in no file.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

from extractors import Extraction
from extractors.records import AnyRecord, AuthorRole, Message, Thread

MOST_THREADS = 500
"""Conversations, the latest, of which is remembered who is who."""


@dataclass(frozen=True, slots=True)
class _Parties:
    """The site's ids of the two sides of a conversation."""

    client: str
    freelancer: str

    def side(self, author: str | None) -> AuthorRole | None:
        """The side of an author; None for one who is neither, such as a colleague of the client's."""
        return "client" if author == self.client else "freelancer" if author == self.freelancer else None


class Sides:
    """Who is who in the conversations that were listed, the latest last."""

    def __init__(self) -> None:
        self._parties: OrderedDict[tuple[str, str], _Parties] = OrderedDict()

    def note(self, extraction: Extraction) -> None:
        """Remember the sides that a page names."""
        for record in extraction.records:
            if isinstance(record, Thread) and record.id is not None and (parties := _parties_in(record)) is not None:
                key = (extraction.site.id, record.id)
                self._parties[key] = parties
                self._parties.move_to_end(key)
        while len(self._parties) > MOST_THREADS:
            self._parties.popitem(last=False)

    def applied(self, extraction: Extraction) -> Extraction:
        """Returns what was read, with the sides of authors that the page does not name, as far as they are known."""
        site = extraction.site.id
        return replace(extraction, records=tuple(self._with_sides(site, record) for record in extraction.records))

    def _with_sides(self, site: str, record: AnyRecord) -> AnyRecord:
        if not isinstance(record, Thread) or record.id is None:
            return record
        parties = self._parties.get((site, record.id))
        if parties is None:
            return record
        return record.model_copy(update={"messages": tuple(_with_side(each, parties) for each in record.messages)})


def _parties_in(thread: Thread) -> _Parties | None:
    """The sides of a conversation that names both, each another."""
    client = thread.client.id if thread.client is not None else None
    if client is None or thread.freelancer_id is None or client == thread.freelancer_id:
        return None
    return _Parties(client, thread.freelancer_id)


def _with_side(message: Message, parties: _Parties) -> Message:
    side = parties.side(message.author_id) if message.author_role is None else None
    return message if side is None else message.model_copy(update={"author_role": side})
