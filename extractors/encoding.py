"""Bytes of a page to text.

A browser goes by the byte order mark, then the header, then the page's own `<meta>`. Koban goes the
same way, but takes the first of these in which the bytes make sense: a page saved to disk often
still names the encoding that it had on the way. Labels are those of https://encoding.spec.whatwg.org/.
"""

import codecs
import re
from collections.abc import Iterator

from extractors.page import Page, Unreadable

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""A larger body is not read. The largest real page that Koban knows is under 1 MB."""

META_BYTES = 4096
"""A page names its encoding this early. The standard says 1,024; real pages exceed it."""

BAD_SHARE = 1 / 500
"""More undecodable characters than this, and it is no text in that encoding."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Python's name for what browsers decode under a label. Only these: Python also knows "encodings"
# that no browser decodes (utf-7, unicode_escape, zip), and a hostile page may name them.
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jis_2004",
    "x-euc-jp": "euc_jis_2004",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_CHARSET = re.compile(r"""charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta\b[^>]{0,400}?charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_ISO_2022_JP = b"\x1b$B"
# Text in EUC-JP often decodes as Shift_JIS (to nonsense), hardly ever the other way round.
_GUESSES = ("utf-8", "euc_jis_2004", "cp932")


def utf8_of(page: Page) -> bytes:
    """A page's body in UTF-8. Raises Unreadable where it is too large, or no text in any likely encoding."""
    body = page.body
    if len(body) > MAX_PAGE_BYTES:
        raise Unreadable(f"larger than {MAX_PAGE_BYTES} bytes")
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], (encoding,))
    declared = tuple(_declared(page))
    # This encoding looks like ASCII but for its escapes, so UTF-8 would seem to fit.
    guesses = ("iso2022_jp_ext", *_GUESSES) if _ISO_2022_JP in body[:META_BYTES] else _GUESSES
    return _decoded(body, (*declared, *guesses))


def _declared(page: Page) -> Iterator[str]:
    """The encodings that the header and the page name, of those that browsers know."""
    if (header := _CHARSET.search(page.content_type)) and (codec := _CODECS.get(header[1].lower())):
        yield codec
    if (meta := _META.search(page.body[:META_BYTES])) and (codec := _CODECS.get(meta[1].decode().lower())):
        # A page whose <meta> can be read as ASCII is not in UTF-16, whatever it says.
        yield "utf-8" if codec.startswith("utf-16") else codec


def _decoded(body: bytes, encodings: tuple[str, ...]) -> bytes:
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Most pages are in UTF-8 already; they are checked, not copied.
        return body if encoding == "utf-8" else text.encode("utf-8", "replace")
    # Cut in the middle of a character, or a few stray bytes: as a browser shows it.
    text = body.decode(encodings[0], errors="replace")
    if text.count("\N{REPLACEMENT CHARACTER}") > 2 + len(text) * BAD_SHARE:
        raise Unreadable("not text in its encoding")
    return text.encode("utf-8", "replace")
