"""The links that a region shows."""

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from extractors.addresses import addresses, is_web
from extractors.document import Element, signs_of, words_of
from extractors.records import Link
from extractors.unseen import turns


def anchors_in(region: Element, base: str) -> Iterator[Link]:
    """The links marked as such, as absolute addresses; `javascript:` and the like are none."""
    for anchor in region.iter("a"):
        if (href := anchor.get("href")) is None:
            continue
        try:
            url = urljoin(base, href.strip())
        except ValueError:
            continue
        if is_web(url):
            signs = signs_of(anchor)
            turned_text = signs if turns(signs) else None
            yield Link(url=url, text=words_of(anchor) or None, turned=turned_text)


def links_in(body: str | None, anchors: Iterable[Link] = ()) -> tuple[Link, ...] | None:
    """The links of a text: those marked as such, then the bare addresses in it. None without a text."""
    if body is None:
        return None
    links = {link.url: link for link in anchors}
    for url in addresses(body):
        links.setdefault(url, Link(url=url))
    return tuple(links.values())
