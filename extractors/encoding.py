"""Bytes of a page to text.

A browser goes by the byte order mark, then the header, then the page's own `<meta>`. Koban goes the
same way, but takes the first of these in which the bytes make sense: a page saved to disk often
still names the encoding that it had on the way. Labels are those of https://encoding.spec.whatwg.org/.
"""

import codecs
import re
from collections.abc import Iterator

from webencodings.labels import LABELS

from extractors.page import Page, Unreadable

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""A larger body is not read. The largest real page that Koban knows is under 1 MB."""

META_BYTES = 4096
"""A page names its encoding this early. The standard says 1,024; real pages exceed it."""

BAD_SHARE = 1 / 500
"""More undecodable characters than this, and it is no text in that encoding."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ASCII_BLANKS = "\t\n\f\r "
# Python's name for what browsers decode under a standard name, where it is another. Python also knows "encodings"
# that no browser decodes (utf-7, unicode_escape, zip), and a hostile page may name them: no label leads there.
_CODECS = {
    "big5": "big5hkscs",
    "euc-jp": "euc_jis_2004",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso8859_8",
    "macintosh": "mac_roman",
    "shift_jis": "cp932",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
}
_NOT_TEXT = frozenset({"replacement", "x-user-defined"})
"""Encodings of the standard that hide a page's text, or hand its bytes to a script."""
_CHARSET = re.compile(r"""charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta\b[^>]{0,400}?charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
# From left to right: a backslash that is escaped itself begins no escape, and a whole pair is no half.
_ESCAPES = re.compile(
    r"""\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"""
)
_ISO_2022_JP = b"\x1b$B"
# Text in EUC-JP often decodes as Shift_JIS (to nonsense), hardly ever the other way round.
_GUESSES = ("utf-8", "euc_jis_2004", "cp932")


def utf8_of(page: Page) -> bytes:
    """A page's body in UTF-8. Raises Unreadable where it is too large, or no text in any likely encoding."""
    if len(page.body) > MAX_PAGE_BYTES:
        raise Unreadable(f"larger than {MAX_PAGE_BYTES} bytes")
    return _utf8(page.body, tuple(_declared(page)))


def text_of_file(body: bytes) -> str:
    """A text file as an editor or a shell has written it: UTF-8, UTF-16 with its byte order mark, Shift_JIS, EUC-JP.

    Raises Unreadable where it is no text in any of these.
    """
    text = _utf8(body, ()).decode()
    if "\0" in text:
        # cp932 has a character for nearly every byte; no editor writes this one into a text.
        raise Unreadable("holds NUL, as no text does")
    return text


def _utf8(body: bytes, declared_encodings: tuple[str, ...]) -> bytes:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], (encoding,))
    # This encoding looks like ASCII but for its escapes, so UTF-8 would seem to fit.
    guesses = ("iso2022_jp_ext", *_GUESSES) if _ISO_2022_JP in body[:META_BYTES] else _GUESSES
    return _decoded(body, (*declared_encodings, *guesses))


def encoding_label(label: str) -> str | None:
    """The encoding that browsers take for a label: `shift_jis` for `x-sjis`, `utf-16le` for `ucs-2`.

    label: as a header's or a `<meta>`'s charset has it, without quotes; blanks around it and its case do not matter.
    Returns the encoding's name in the Encoding Standard (4.2, Names and labels), in lower case, and None for a
    label that browsers do not know.
    """
    return LABELS.get(label.strip(_ASCII_BLANKS).lower()) if label.isascii() else None


def _codec(label: str) -> str | None:
    """Python's codec for a label; None where no browser shows text under it."""
    name = encoding_label(label)
    return None if name is None or name in _NOT_TEXT else _CODECS.get(name, name)


def _declared(page: Page) -> Iterator[str]:
    """The encodings that the header and the page name, of those that browsers know."""
    if (header := _CHARSET.search(page.content_type)) and (codec := _codec(header[1])):
        yield codec
    if (meta := _META.search(page.body[:META_BYTES])) and (codec := _codec(meta[1].decode())):
        # A page whose <meta> can be read as ASCII is not in UTF-16, whatever it says.
        yield "utf-8" if codec.startswith("utf-16") else codec


def whole_characters(json_text: str) -> str:
    """A JSON text in which each escape of half a character (a lone surrogate) is one of U+FFFD, as browsers show it.

    A site's script that cuts a text by UTF-16 units leaves half an emoji, which JSON may hold (RFC 8259, 8.2) and
    neither UTF-8 nor a database can. Halves that belong together stay as they are.
    """
    if "\\ud" not in json_text and "\\uD" not in json_text:
        return json_text
    return _ESCAPES.sub(lambda escape: escape[0] if escape["half"] is None else "\\ufffd", json_text)


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
