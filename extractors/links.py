"""The links that a region shows."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from extractors.parsing import addresses
from extractors.records import Link

if TYPE_CHECKING:
    from bs4 import Tag


def anchors_in(region: "Tag", base: str) -> Iterator[Link]:
    """The links marked as such, as absolute addresses; `javascript:` and the like are none."""
    for anchor in region.find_all("a", href=True):
        try:
            url = urljoin(base, str(anchor["href"]).strip())
        except ValueError:
            continue
        if url.startswith(("https://", "http://")):
            yield Link(url=url, text=anchor.get_text(strip=True) or None)


def links_in(body: str | None, anchors: Iterable[Link] = ()) -> tuple[Link, ...] | None:
    """The links of a text: those marked as such, then the bare addresses in it. None without a text."""
    if body is None:
        return None
    found = {link.url: link for link in anchors}
    for url in addresses(body):
        found.setdefault(url, Link(url=url))
    return tuple(found.values())
