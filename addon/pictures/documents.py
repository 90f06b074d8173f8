"""PDF to text lines, links and drawn pages, by PDFium.

PDFium has no limits of its own: 2 KB can ask for 2 GB. It may run only where memory and time are bounded
(`addon.pictures.worker`).
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from addon.pictures.archives import Usage
from extractors.addresses import is_web
from extractors.records import Link, TextLine

if TYPE_CHECKING:
    from addon.pictures.images import Image

DRAWN_PIXELS = 1_600
"""Pixels of the longer side of a page that is drawn: 140 a inch on A4."""
FEW = 30
"""Characters of a page's text below which it is drawn, too: its words may be a picture."""
_MOST_LINKS = 100


class NotADocument(Exception):
    """The bytes are no PDF that opens. locked: whether it asks for a password."""

    def __init__(self, *, locked: bool) -> None:
        super().__init__("locked" if locked else "damaged")
        self.locked = locked


@dataclass(slots=True)
class Document:
    """The text of a PDF. scans: pages, drawn, that hold little text. files: names of those attached to it."""

    lines: list[TextLine] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    scans: "list[Image]" = field(default_factory=list)


def open_document(data: bytes, usage: Usage) -> Document:
    """Returns what a PDF says. Raises NotADocument."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise NotADocument(locked="password" in str(error).lower()) from None
    document = Document()
    try:
        count = len(pdf)
        if count > usage.bounds.pages:
            usage.cut = True
        for number in range(min(count, usage.bounds.pages)):
            try:
                _read_page(pdf, number, document, usage)
            except pypdfium2.PdfiumError:
                usage.cut = True
        document.files = [name for name in _attached(pdf, usage) if name]
    finally:
        pdf.close()
    return document


def _read_page(pdf: Any, number: int, document: Document, usage: Usage) -> None:
    page = pdf[number]
    words = page.get_textpage()
    text = usage.text(words.get_text_bounded())
    lines = [" ".join(line.split()) for line in text.splitlines()]
    document.lines += [TextLine(text=line) for line in lines if line]
    document.links += list(_links(pdf, page))[: max(0, _MOST_LINKS - len(document.links))]
    if len(text.strip()) < FEW:
        if len(document.scans) < usage.bounds.scans:
            width, height = page.get_size()
            scale = min(4.0, DRAWN_PIXELS / max(1.0, width, height))
            document.scans.append(page.render(scale=scale).to_pil().convert("RGB"))
        else:
            usage.cut = True


def _links(pdf: Any, page: Any) -> Iterator[Link]:
    """Yields the addresses of a page's link annotations (ISO 32000-1, 12.6.4.7)."""
    from pypdfium2 import raw

    place = ctypes.c_int(0)
    link = raw.FPDF_LINK()
    for _ in range(_MOST_LINKS):
        if not raw.FPDFLink_Enumerate(page, place, link):
            return
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        length = raw.FPDFAction_GetURIPath(pdf, action, None, 0)
        if not 0 < length <= 4_096:
            continue
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFAction_GetURIPath(pdf, action, buffer, length)
        address = buffer.raw[: length - 1].decode("utf-8", "replace")
        if is_web(address):
            yield Link(url=address)


def _attached(pdf: Any, usage: Usage) -> Iterator[str]:
    for number in range(min(pdf.count_attachments(), usage.bounds.entries)):
        yield pdf.get_attachment(number).get_name()
