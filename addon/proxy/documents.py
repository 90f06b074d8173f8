"""Which answers are pages that a person looks at, which are data behind such a page, and how a banner fits in."""

import codecs
from collections.abc import Mapping
from typing import Literal

Role = Literal["document", "data", "other"]

_HTML = frozenset({"text/html"})
_JSON = frozenset({"application/json", "text/json", "application/vnd.api+json"})


def media_type(content_type: str) -> str:
    """`text/html` of `Text/HTML; charset=…`."""
    return content_type.partition(";")[0].strip().lower()


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


def role_of_answer(status: int, content_type: str, *, document: bool) -> Role:
    """What an answer is: the document that was asked for, data that an extractor may read, or neither."""
    media = media_type(content_type)
    if document and status == 200 and media in _HTML:
        return "document"
    if not document and status == 200 and media in _JSON:
        return "data"
    return "other"


_ASCII_SAFE_END = {"iso-2022-jp": b"\x1b(B"}
"""Back to ASCII first, whatever set the page ended in (RFC 1468)."""


def encoded_for(element: bytes, head: bytes, content_type: str) -> bytes | None:
    """An ASCII element in a page's encoding; None where it cannot be appended.

    head: the page's first bytes (a byte order mark overrules the header: HTML, 13.2.3.1). UTF-16 is the one
    family where ASCII bytes would not be ASCII.
    """
    if head.startswith(codecs.BOM_UTF8):
        return element
    if head.startswith(codecs.BOM_UTF16_LE):
        return element.decode("ascii").encode("utf-16-le")
    if head.startswith(codecs.BOM_UTF16_BE):
        return element.decode("ascii").encode("utf-16-be")
    charset = charset_of(content_type)
    if charset in ("utf-16", "utf-16le"):
        return element.decode("ascii").encode("utf-16-le")
    if charset == "utf-16be":
        return element.decode("ascii").encode("utf-16-be")
    if charset in ("utf-32", "utf-32le", "utf-32be", "utf-7"):
        return None
    return _ASCII_SAFE_END.get(charset, b"") + element


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type names, in lower case; "" where it names none."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()
    return ""
