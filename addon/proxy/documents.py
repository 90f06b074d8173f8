"""Which answers are pages that a person looks at, which are data behind such a page, and how a banner fits in."""

import codecs
import re
from collections.abc import Mapping
from typing import Literal

import webencodings

Role = Literal["document", "unnamed", "xhtml", "data", "other"]
"""unnamed: a document whose bytes alone tell what it is. xhtml: one that an element could break."""

_HTML = frozenset({"text/html"})
_XHTML = frozenset({"application/xhtml+xml"})
_UNNAMED = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})
"""Types that say nothing (WHATWG MIME Sniffing, 7)."""
_SNIFFED = re.compile(
    rb"[\t\n\f\r ]*<(?:(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[ >]|!--)",
    re.IGNORECASE,
)
_JSON = frozenset({"application/json", "text/json"})
_LISTED = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^,"])+')
_TYPE = re.compile(r"[!#$%&'*+\-.^_`|~0-9a-z]+/[!#$%&'*+\-.^_`|~0-9a-z]+")


def media_type(content_type: str) -> str:
    """`text/html` of `Text/HTML; charset=…`."""
    return content_type.partition(";")[0].strip().lower()


def content_type_of(header: str) -> str:
    """Returns the type that browsers take from a `Content-Type` header sent twice or as a list: the last valid one.

    It keeps the charset of its predecessor where both are the same type (WHATWG Fetch, "extract a MIME type").
    """
    if "," not in header:
        return header
    last = ""
    for content_type in map(str.strip, _LISTED.findall(header)):
        essence = media_type(content_type)
        if not _TYPE.fullmatch(essence) or essence == "*/*":
            continue
        charset = charset_of(last) if essence == media_type(last) and not charset_of(content_type) else ""
        last = f"{content_type};charset={charset}" if charset else content_type
    return last or header


def asks_for_document(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request is a navigation of a tab: the page that a person will look at.

    headers: by their names in lower case; a mapping that ignores case will do.

    Browsers say so in `Sec-Fetch-Dest` (Fetch Metadata); where one does not, by what it accepts. Frames,
    prefetches, fragments fetched by script and downloads are none.
    """
    if method != "GET" or "x-requested-with" in headers or "upgrade" in headers:
        return False
    if "prefetch" in headers.get("purpose", "") or "prefetch" in headers.get("sec-purpose", ""):
        return False
    destination = headers.get("sec-fetch-dest")
    if destination is not None:
        return destination == "document"
    return "text/html" in headers.get("accept", "")


def role_of_answer(status: int, headers: Mapping[str, str], *, document: bool) -> Role:
    """Returns the role of an answer: the document that was asked for, data that an extractor may read, or neither.

    headers: by their names in lower case; a mapping that ignores case will do.
    """
    content_type = content_type_of(headers.get("content-type", ""))
    media = media_type(content_type)
    if status != 200:
        return "other"
    if document:
        if media in _HTML:
            return "document"
        if media in _XHTML:
            return "xhtml"
        is_named = media not in _UNNAMED and _TYPE.fullmatch(media) is not None
        may_sniff = headers.get("x-content-type-options", "").strip().lower() != "nosniff"
        return "unnamed" if may_sniff and not is_named else "other"
    # A JSON MIME type is also what ends so (WHATWG MIME Sniffing, 4.6).
    return "data" if media in _JSON or media.endswith("+json") else "other"


def is_html(head: bytes) -> bool:
    """Whether browsers take what names no type for a page (WHATWG MIME Sniffing, 7.1). head: its first bytes."""
    return _SNIFFED.match(head) is not None


HEAD = 1024
"""Bytes of a page that a browser looks through for what the page says of its own encoding (HTML, 13.2.3.2)."""

Family = Literal["ascii", "guessed", "iso-2022-jp", "utf-16-le", "utf-16-be"]
"""What ASCII becomes in an encoding: itself, itself once an escape has led back to it, or two bytes a sign. guessed:
itself, unless escapes in the page let a browser take it for ISO-2022-JP."""

_BLANK = b"\t\n\f\r "
_BACK_TO_ASCII = b"\x1b(B"
"""Whatever set the page ended in (RFC 1468)."""


def family_of(head: bytes, content_type: str) -> Family | None:
    """Returns the encoding in which a browser reads a page's markup; None where it shows no text of it.

    head: the first bytes of the page, HEAD of them or all. The mark of a byte order overrules the header, and the
    header the page's own word (HTML, 13.2.3.2, "determining the character encoding"). A label that the Encoding
    Standard does not know counts for nothing there, and so it does here.
    """
    for mark, family in _MARKS:
        if head.startswith(mark):
            return family
    name = _encoding_named(charset_of(content_type)) or _prescanned(head)
    return "guessed" if name is None else _FAMILIES.get(name, "ascii")


_MARKS: tuple[tuple[bytes, Family], ...] = (
    (codecs.BOM_UTF8, "ascii"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FAMILIES: Mapping[str, Family | None] = {
    "iso-2022-jp": "iso-2022-jp",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    # Shown as one sign of replacement, whatever it holds.
    "replacement": None,
}
"""By the Encoding Standard's names; in all its others ASCII is ASCII."""


def _encoding_named(label: str) -> str | None:
    encoding = webencodings.lookup(label)
    return str(encoding.name) if encoding is not None else None


def _prescanned(head: bytes) -> str | None:
    """Returns the encoding that the page itself declares (HTML, 13.2.3.2, "prescan a byte stream")."""
    head = head[:HEAD].lower()
    at = 0
    while (at := head.find(b"<", at)) >= 0:
        if head.startswith(b"<!--", at):
            # The two dashes that begin a comment may be those that end it.
            end = head.find(b"-->", at + 2)
            if end < 0:
                return None
            at = end + 3
        elif head.startswith(b"<meta", at) and head[at + 5 : at + 6] in _BLANK + b"/" and head[at + 5 : at + 6]:
            attributes, at = _attributes(head, at + 5)
            # What the head cuts off says nothing.
            if at < len(head) and (name := _declared_by(attributes)) is not None:
                return name
        elif head[at + 1 : at + 2].isalpha() or (head[at + 1 : at + 2] == b"/" and head[at + 2 : at + 3].isalpha()):
            while at < len(head) and head[at : at + 1] not in (b">", b"\t", b"\n", b"\f", b"\r", b" "):
                at += 1
            _, at = _attributes(head, at)
        elif head[at + 1 : at + 2] in (b"!", b"/", b"?"):
            end = head.find(b">", at)
            if end < 0:
                return None
            at = end + 1
        else:
            at += 1
    return None


def _declared_by(attributes: Mapping[bytes, bytes]) -> str | None:
    """The encoding that a `meta` element names, if any."""
    if b"charset" in attributes:
        label = attributes[b"charset"]
    elif attributes.get(b"http-equiv") == b"content-type":
        label = _charset_in(attributes.get(b"content", b""))
    else:
        return None
    name = _encoding_named(label.decode("latin-1"))
    # What could be read as ASCII is neither of these.
    return {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}.get(name or "", name)


def _charset_in(content: bytes) -> bytes:
    """HTML, 2.5.3, "extracting a character encoding from a meta element"; the text is in lower case."""
    at = 0
    while (at := content.find(b"charset", at)) >= 0:
        at += len(b"charset")
        rest = content[at:].lstrip(_BLANK)
        if not rest.startswith(b"="):
            continue
        value = rest[1:].lstrip(_BLANK)
        if value[:1] in (b'"', b"'"):
            quoted, closing_quote, _ = value[1:].partition(value[:1])
            return quoted if closing_quote else b""
        return value.split(b";")[0].split(None, 1)[0] if value.strip(b";" + _BLANK) else b""
    return b""


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """Returns the attributes from a place within a tag on, the first of each name, and the place behind the tag."""
    attributes: dict[bytes, bytes] = {}
    while True:
        while at < len(head) and head[at] in _BLANK + b"/":
            at += 1
        if at >= len(head) or head[at : at + 1] == b">":
            return attributes, at
        start = at
        while at < len(head) and head[at] not in _BLANK + b"/>" and (head[at : at + 1] != b"=" or at == start):
            at += 1
        name = head[start:at]
        value, at = _value(head, at)
        attributes.setdefault(name, value)


def _value(head: bytes, at: int) -> tuple[bytes, int]:
    """Returns an attribute's value behind its name, and the place behind it."""
    behind = at
    while behind < len(head) and head[behind] in _BLANK:
        behind += 1
    if head[behind : behind + 1] != b"=":
        return b"", at
    at = behind + 1
    while at < len(head) and head[at] in _BLANK:
        at += 1
    quote = head[at : at + 1]
    if quote in (b'"', b"'"):
        end = head.find(quote, at + 1)
        # A value that the head cuts off ends it.
        return (head[at + 1 : end], end + 1) if end >= 0 else (b"", len(head))
    start = at
    while at < len(head) and head[at] not in _BLANK + b">":
        at += 1
    return head[start:at], at


def encoded_for(element: bytes, head: bytes, content_type: str) -> bytes | None:
    """Returns an ASCII element in a page's encoding; None where it cannot be appended.

    head: as `family_of` takes it.
    """
    family = family_of(head, content_type)
    if family in ("utf-16-le", "utf-16-be"):
        return element.decode("ascii").encode(family)
    if family is None:
        return None
    return _BACK_TO_ASCII + element if family == "iso-2022-jp" else element


def charset_of(content_type: str) -> str:
    """Returns the charset that a Content-Type names, as written there; "" where it names none."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").strip()
    return ""
