"""Whether an element appended to a page becomes an element of it: the original and one element, or the original.

A page may end anywhere: in a comment, a script, an attribute, a table, a drawing. What is appended there
would be swallowed, or would change what stands before it. So the page's end is parsed as a browser parses
it (HTML, 13.2, by lexbor), with a stand-in for the element, and looked at where that landed.
"""

import codecs
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from addon.proxy.documents import charset_of

_STAND_IN = "koban-stand-in"
_APPENDED = f"<{_STAND_IN}><template></template></{_STAND_IN}>"
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Left open, these are opened anew around whatever follows (13.2.4.3): that would be two elements."""
_ELSEWHERE = frozenset({"svg", "math", "select", "template", "frameset", "noscript"})
"""Inside these an element is not drawn, or is no HTML element."""
_NOSCRIPT = re.compile(r"<(/?)noscript(?=[\s/>])", re.IGNORECASE)
_SELECT = re.compile(r"<(/?)select(?=[\s/>])", re.IGNORECASE)


def fits(body: bytes, content_type: str) -> bool:
    """Whether an element appended to a page's body is one element more, and changes nothing else.

    body: the page as it was sent, decoded from any compression. Takes about a millisecond for 60 KB, and
    lets other threads run meanwhile.
    """
    text = _structure(body, content_type)
    found = LexborHTMLParser(text + _APPENDED).css(_STAND_IN)
    if not found or _in_open_noscript(text) or _in_open_select(text):
        return False
    stand_in = found[-1]
    if stand_in.css_first("template") is None:
        return False
    ancestors = list(_ancestors(stand_in))
    if any(ancestor.tag in _ELSEWHERE for ancestor in ancestors):
        return False
    parent = ancestors[0] if ancestors else None
    return parent is not None and not (parent.tag in _FORMATTING and _is_alone(stand_in))


def _structure(body: bytes, content_type: str) -> str:
    """The page with its markup readable. Only ASCII makes markup, and nearly all encodings keep ASCII as it is."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body[2:].decode(encoding, "replace")
    charset = charset_of(content_type)
    if charset in ("utf-16", "utf-16le", "utf-16be"):
        return body.decode("utf-16-be" if charset == "utf-16be" else "utf-16-le", "replace")
    if charset == "iso-2022-jp" or b"\x1b$" in body:
        return body.decode("iso2022_jp", "replace")
    return body.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _ancestors(node: LexborNode) -> "list[LexborNode]":
    found = []
    parent = node.parent
    while parent is not None and parent.tag not in ("-undef", "-document"):
        found.append(parent)
        parent = parent.parent
    return found


def _is_alone(node: LexborNode) -> bool:
    return node.prev is None and node.next is None


def _in_open_noscript(text: str) -> bool:
    """With scripts on, an open noscript swallows the rest of a page; the parser runs as with scripts off."""
    tags = _NOSCRIPT.findall(text)
    return bool(tags) and tags[-1] == ""


def _in_open_select(text: str) -> bool:
    """Browsers from before 2025 drop most of what stands in a select, the parser no longer does: they may disagree
    on which of several is still open."""
    tags = _SELECT.findall(text)
    return bool(tags) and tags[-1] == "" and 2 * tags.count("") > len(tags)
