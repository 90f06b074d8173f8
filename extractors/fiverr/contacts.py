"""The people of the inbox, and what it says of each: the site's own answers, on whose keys several scrapers agree."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult

from extractors.document import json_of
from extractors.fiverr.addresses import ABOUT, CONTACTS, USERNAME, user_url
from extractors.page import Page, PageChanged
from extractors.page_kinds import PageKind
from extractors.reading import Reader, amount, certainties, epoch, members, read_fields, rows, text, whole
from extractors.records import Client, Thread

type Answer = dict[str, Any]


def _username(contact: Answer) -> str | None:
    name = text(contact.get("username"))
    return name if name is not None and USERNAME.fullmatch(name) else None


def _stars(info: Answer) -> float | None:
    """A rating; zero is what a buyer has whom nobody has rated."""
    stars = amount(info.get("starsRating"))
    return float(stars) if stars is not None and 0 < stars <= 5 else None


THREAD_FIELDS = {"id": (Reader[Answer]("[].username", _username),)}
CLIENT_OF_THREAD = {
    "id": (Reader[Answer]("[].username", _username),),
    "name": (Reader[Answer]("[].username", _username),),
}
# A buyer's payment is not shown, and what they have bought is not counted. `sellingReviews` are those of their sales.
CLIENT_FIELDS = {
    "country": (Reader[Answer]("country", lambda info: text(info.get("country"))),),
    "member_since": (Reader[Answer]("memberSince", lambda info: epoch(info.get("memberSince"), 1)),),
    "rating": (Reader[Answer]("starsRating", _stars),),
    "reviews": (Reader[Answer]("ratingsCount", lambda info: whole(info.get("ratingsCount"))),),
}


class Contacts:
    kind: PageKind = "inbox"
    examples: Sequence[str] = (
        "https://www.fiverr.com/inbox/contacts",
        "https://www.fiverr.com/inbox/contacts?older_than=1789000000000",
    )
    fields = certainties(thread=THREAD_FIELDS, client=CLIENT_OF_THREAD)

    def matches(self, location: SplitResult) -> bool:
        return CONTACTS.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Thread, ...]:
        """One thread a contact. Raises PageChanged where there is no list, or one of it has no username."""
        answer = json_of(page)
        if not isinstance(answer, list):
            raise PageChanged(self.kind, ["[]"])
        threads = [
            Thread(**read_fields(contact, THREAD_FIELDS), client=Client(**read_fields(contact, CLIENT_OF_THREAD)))
            for contact in rows(answer)
        ]
        if any(thread.id is None for thread in threads):
            raise PageChanged(self.kind, ["[].username"])
        return tuple(threads)


class About:
    kind: PageKind = "client"
    examples: Sequence[str] = ("https://www.fiverr.com/inbox/contacts/clay_and_co/info",)
    fields = certainties(client=CLIENT_FIELDS)

    def matches(self, location: SplitResult) -> bool:
        return ABOUT.fullmatch(location.path) is not None

    def extract(self, page: Page) -> tuple[Client, ...]:
        """The other side. Raises PageChanged where none of its facts is there."""
        values = read_fields(members(json_of(page)), CLIENT_FIELDS)
        if values.keys() <= {"sources"}:
            raise PageChanged(self.kind, [f"client.{name}" for name in CLIENT_FIELDS])
        match = ABOUT.fullmatch(page.location.path)
        user = match["user"] if match else ""
        values["sources"] |= {"id": "url", "name": "url"}
        return (Client(id=user, name=user, url=user_url(user), **values),)
