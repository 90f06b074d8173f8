"""The pictures and files that stand in a region of a page."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from extractors.addresses import is_web
from extractors.document import Element, words_of
from extractors.records import Enclosure

MOST = 40
"""Pictures and files of one text that are listed; the first ones."""
FILES = frozenset(
    (
        ".png .jpg .jpeg .gif .webp .avif .bmp .svg .pdf .docx .xlsx .pptx .docm .xlsm .pptm .doc .xls .ppt "
        ".zip .exe .msi .scr"
    ).split()
)
"""Ends of the names of files that a link is followed to by a click."""
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src")
"""Where a picture's address stands; the later ones where a script loads it when it is scrolled to."""
_SMALL = 48
"""Pixels of a stated side below which a picture is a sign or a face."""


def enclosures_of(regions: Iterable[Element], base: str, files: Iterable[Element] = ()) -> tuple[Enclosure, ...] | None:
    """The pictures in regions, and the files that they link; each address once. None where there are none.

    base: the page's address. files: links known to lead to files, whatever their address looks like.
    """
    enclosures: dict[str, Enclosure] = {}
    for enclosure in (*_within(regions, base), *(_linked(link, base) for link in files)):
        if enclosure is not None and len(enclosures) < MOST:
            enclosures.setdefault(enclosure.url, enclosure)
    return tuple(enclosures.values()) or None


def enclosed_file(row: Mapping[str, object], base: str) -> Enclosure | None:
    """The file that a row of JSON names; None where it has no address."""
    for key in ("url", "file_url", "download_url", "image_url", "path", "href"):
        value = row.get(key)
        if isinstance(value, str) and (url := _absolute(value, base)):
            name = row.get("name") or row.get("filename") or row.get("file_name")
            return Enclosure(url=url, name=name if isinstance(name, str) else None)
    return None


def _within(regions: Iterable[Element], base: str) -> Iterator[Enclosure | None]:
    for region in regions:
        for element in region.iter("img", "a"):
            if element.tag == "a":
                path = _path(element.get("href") or "")
                if any(path.endswith(end) for end in FILES):
                    yield _linked(element, base)
            elif not any(_pixels(element.get(side)) < _SMALL for side in ("width", "height")):
                for source in _SOURCES:
                    if url := _absolute(element.get(source) or "", base):
                        yield Enclosure(url=url, name=element.get("alt") or None)
                        break


def _linked(link: Element, base: str) -> Enclosure | None:
    url = _absolute(link.get("href") or "", base)
    return Enclosure(url=url, name=words_of(link) or None) if url else None


def _absolute(address: str, base: str) -> str | None:
    try:
        url = urljoin(base, address.strip()).partition("#")[0] if address.strip() else ""
    except ValueError:
        return None
    return url if is_web(url) and len(url) <= 4_000 else None


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.lower()
    except ValueError:
        return ""


def _pixels(attribute: str | None) -> float:
    digits = (attribute or "").removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else float("inf")
