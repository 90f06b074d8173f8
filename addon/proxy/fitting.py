"""Whether an element appended to a page becomes an element of it: the original and one element, or the original.

A page may end anywhere: in a comment, a script, an attribute, a table, a drawing. What is appended there
would be swallowed, or would change what stands before it. So the page's end is parsed as a browser parses
it (HTML, 13.2, by lexbor), with a stand-in for the element, and looked at where that landed.
"""

import codecs
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from addon.proxy.documents import HEAD, Family, family_of

_STAND_IN = "koban-stand-in"
_APPENDED = f"<{_STAND_IN}><template></template></{_STAND_IN}>".encode()
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Left open, these are reopened around whatever follows (13.2.4.3): that would be two elements."""
_ELSEWHERE = frozenset(
    "svg math select template frameset noscript audio video canvas object datalist rp progress meter".split()
)
"""Inside these an element is not drawn, or is no HTML element (HTML, 4.8, 4.10, 4.12 and 15.3)."""
_CLOSED = frozenset({"details", "dialog"})
"""Inside these only where they are open."""
_AFTER_NAME = b"\t\n\f\r />"


def fits(body: bytes, content_type: str) -> bool:
    """Whether an element appended to a page's body is one element more, and changes nothing else.

    body: the page as it was sent, decoded from any compression. Takes about a millisecond for 60 KB, and
    lets other threads run in that time.
    """
    family = family_of(body[:HEAD], content_type)
    if family is None or (family == "guessed" and b"\x1b" in body):
        return False
    if family.startswith("utf-16") and len(body) % 2:
        # The byte that is left over would take the element's first for its other half.
        return False
    page = _structure(body, family)
    stand_ins = LexborHTMLParser(page + _APPENDED).css(_STAND_IN)
    lower_page = page.lower()
    if not stand_ins or _in_open_noscript(lower_page) or _in_open_select(lower_page):
        return False
    stand_in = stand_ins[-1]
    if stand_in.css_first("template") is None:
        return False
    ancestors = list(_ancestors(stand_in))
    if any(_hides(ancestor) for ancestor in ancestors):
        return False
    parent = ancestors[0] if ancestors else None
    return parent is not None and not (parent.tag in _FORMATTING and _is_alone(stand_in))


def _structure(body: bytes, family: Family) -> bytes:
    """Returns the page in an encoding whose markup is ASCII, decoded as the browser decodes it."""
    if family in ("utf-16-le", "utf-16-be"):
        return (
            body.removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE).decode(family, "replace").encode()
        )
    if family == "iso-2022-jp":
        return body.decode("iso2022_jp", "replace").encode()
    return body.removeprefix(codecs.BOM_UTF8)


def _ancestors(node: LexborNode) -> "list[LexborNode]":
    ancestors = []
    parent = node.parent
    while parent is not None and parent.tag not in ("-undef", "-document"):
        ancestors.append(parent)
        parent = parent.parent
    return ancestors


def _hides(ancestor: LexborNode) -> bool:
    """Whether the content of an element is not drawn. Style sheets are not considered."""
    attributes = ancestor.attributes
    return (
        ancestor.tag in _ELSEWHERE
        or "hidden" in attributes
        or "popover" in attributes
        or (ancestor.tag in _CLOSED and "open" not in attributes)
    )


def _is_alone(node: LexborNode) -> bool:
    return node.prev is None and node.next is None


def _in_open_noscript(lower_page: bytes) -> bool:
    """With scripts on, an open noscript swallows the rest of a page; the parser runs as with scripts off."""
    return _last_tag(lower_page, b"<noscript") > _last_tag(lower_page, b"</noscript")


def _in_open_select(lower_page: bytes) -> bool:
    """Whether a select may be open: browsers from before 2025 drop most of its content and the parser does not, so they
    may disagree on which of several is."""
    if _last_tag(lower_page, b"<select") <= _last_tag(lower_page, b"</select"):
        return False
    return len(list(_tags(lower_page, b"<select"))) > len(list(_tags(lower_page, b"</select")))


def _last_tag(lower_page: bytes, tag: bytes) -> int:
    """Returns where the last one of a tag begins; -1 where there is none."""
    return next(_tags(lower_page, tag), -1)


def _tags(lower_page: bytes, tag: bytes) -> Iterator[int]:
    """Yields where a tag begins, the last one first.

    No regular expression: one would hold the interpreter for the whole page. And from behind: `rfind` takes a third of
    the time of `find`.
    """
    at = lower_page.rfind(tag)
    while at >= 0:
        if lower_page[at + len(tag) : at + len(tag) + 1] in _AFTER_NAME:
            yield at
        at = lower_page.rfind(tag, 0, at)
