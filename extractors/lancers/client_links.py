"""The client that a page is about, by the links to profiles in it."""

from collections.abc import Callable, Iterable

from extractors.descriptor import Certainty
from extractors.document import Element, words_of
from extractors.lancers.addresses import CLIENT, client_url
from extractors.parts import Part
from extractors.reading import Reader

ANYWHERE = 'a[href*="/client/"]'


def named_by(links: Iterable[Element]) -> tuple[str, str | None] | None:
    """Slug and name of the client that all these links lead to; None where they lead to several.

    A page links to the reader's own profile too, or to other clients: then it is not known whose page it is.
    """
    names: dict[str, str | None] = {}
    for link in links:
        if match := CLIENT.fullmatch(link.get("href") or ""):
            # A picture leads there too, without a word.
            names[match[1]] = names.get(match[1]) or words_of(link) or None
    return next(iter(names.items())) if len(names) == 1 else None


def client_readers[P: Part](
    places: Iterable[tuple[str, Callable[[P], Iterable[Element]], Certainty]],
) -> dict[str, tuple[Reader[P], ...]]:
    """Readers of a client's id, url and name, in each of these places: a source and the links that stand there."""
    fields: dict[str, Callable[[tuple[str, str | None]], str | None]] = {
        "id": lambda client: client[0],
        "url": lambda client: client_url(client[0]),
        "name": lambda client: client[1],
    }

    def reader(
        source: str, links: Callable[[P], Iterable[Element]], sure: Certainty, field: Callable[..., str | None]
    ) -> Reader[P]:
        def read(part: P) -> str | None:
            client = named_by(links(part))
            return None if client is None else field(client)

        return Reader(source, read, sure)

    return {name: tuple(reader(*place, field) for place in places) for name, field in fields.items()}
