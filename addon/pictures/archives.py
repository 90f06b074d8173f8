"""Archives and Office files: listed, their text streamed, nothing unpacked to disk and nothing run.

Of an Office file (ISO/IEC 29500-1) the text runs are read, `w:t` and `a:t` and `t`, one line a paragraph, and the
outside addresses of its relationships. A part is unpacked through a bound; what lies beyond is left out and said.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from addon.pictures.bounds import Bounds
from addon.pictures.kinds import OfficeKind
from extractors.addresses import is_web
from extractors.records import Link

CHUNK = 64 * 1024
MEGABYTE = 1_000_000
_MARKERS: tuple[tuple[str, OfficeKind], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
)
_TEXT_PARTS = ("word/", "xl/sharedStrings", "xl/worksheets/", "xl/comments", "ppt/slides/", "ppt/notesSlides/")
_MEDIA = ("word/media/", "xl/media/", "ppt/media/")
_LOCKED = 0x1
_LINES = frozenset({"p", "si", "row", "is", "br"})
"""Local names of the elements after which a line of an Office file ends."""
_BLANKS = frozenset({"tab", "c"})
"""Those that stand for a blank, or end a cell."""
_SVG = "http://www.w3.org/2000/svg"
_SVG_TEXTS = frozenset({"text", "title", "desc"})


class NotAnArchive(Exception):
    """The bytes are no archive that can be listed. Its text names the error and quotes nothing."""


@dataclass(slots=True)
class Usage:
    """The cost of a file so far, its own parts and those of archives within it together."""

    bounds: Bounds
    entries: int = 0
    unpacked_bytes: int = 0
    characters: int = 0
    cut: bool = False

    def fits(self, size: int) -> bool:
        """Count bytes that are unpacked. Returns False where they exceed the bound, which is remembered."""
        self.unpacked_bytes += size
        if self.unpacked_bytes > self.bounds.unpacked_bytes:
            self.cut = True
        return not self.cut

    def text(self, text: str) -> str:
        """Returns as much of a text as may still be kept."""
        rest = max(0, self.bounds.characters - self.characters)
        self.characters += len(text)
        if len(text) > rest:
            self.cut = True
        return text[:rest]


@dataclass(slots=True)
class Archive:
    """The names of an archive's files, and, of an Office file, its text and links."""

    kind: OfficeKind | None = None
    names: list[str] = field(default_factory=list)
    macros: bool = False
    locked: bool = False
    lines: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    inner: list[tuple[str, bytes]] = field(default_factory=list)
    """Files within it that may be looked into themselves, unpacked: pictures, documents, archives."""


def open_archive(data: bytes, usage: Usage, *, suffixes: tuple[str, ...], most_inner: int) -> Archive:
    """Returns what an archive lists and, of an Office file, says.

    suffixes: ends of the names of files that are handed out unpacked, `most_inner` of them. Raises NotAnArchive.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as zip_file:
            return _listed(zip_file, usage, suffixes, most_inner)
    except NotAnArchive:
        raise
    except Exception as error:
        raise NotAnArchive(type(error).__name__) from None


def _listed(zip_file: zipfile.ZipFile, usage: Usage, suffixes: tuple[str, ...], most_inner: int) -> Archive:
    archive = Archive()
    entries = zip_file.infolist()
    room = max(0, usage.bounds.entries - usage.entries)
    usage.entries += len(entries)
    if len(entries) > room:
        usage.cut = True
        entries = entries[:room]
    names = {entry.filename for entry in entries}
    archive.kind = next((kind for marker, kind in _MARKERS if marker in names), None)
    archive.macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    for entry in entries:
        if entry.is_dir():
            continue
        name = entry.filename
        if entry.flag_bits & _LOCKED:
            archive.locked = True
        if archive.kind is None:
            archive.names.append(name)
        elif name.endswith(".rels"):
            archive.links += _relations(_unpacked(zip_file, entry, usage), usage)
        elif name.startswith(_TEXT_PARTS) and name.endswith(".xml"):
            archive.lines += xml_lines(_unpacked(zip_file, entry, usage), usage)
        inside = archive.kind is None or name.startswith(_MEDIA)
        if inside and name.lower().endswith(suffixes) and not entry.flag_bits & _LOCKED:
            if len(archive.inner) >= most_inner:
                usage.cut = True
                continue
            content = b"".join(_unpacked(zip_file, entry, usage))
            archive.inner.append((name, content))
    return archive


def _unpacked(zip_file: zipfile.ZipFile, entry: zipfile.ZipInfo, usage: Usage) -> Iterator[bytes]:
    """Yields the bytes of an entry as they are unpacked, until a bound is reached or they turn out damaged.

    What the directory says of an entry's size is the sender's word; only bytes that came count.
    """
    size = 0
    try:
        with zip_file.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                is_swollen = size > MEGABYTE and size > usage.bounds.ratio * max(1, entry.compress_size)
                if is_swollen or size > usage.bounds.file or not usage.fits(len(chunk)):
                    usage.cut = True
                    return
                yield chunk
    except (RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile):
        # Locked, packed in a way that Python does not know, or damaged.
        usage.cut = True


def xml_lines(chunks: Iterator[bytes], usage: Usage) -> list[str]:
    """Returns the lines of text in XML, as far as it is well-formed. No entity is expanded, nothing is fetched."""
    lines: list[str] = []
    words: list[str] = []

    def end_line() -> None:
        line = usage.text(" ".join("".join(words).split()))
        words.clear()
        if line:
            lines.append(line)

    for element in _elements(chunks, usage):
        namespace, local = _name_of(element)
        if namespace == _SVG:
            # Its parts are kept until here: what stands behind a part is not there when the part ends.
            if local in _SVG_TEXTS:
                words.append(str(element.xpath("string()")))
                end_line()
                element.clear()
            continue
        if local == "t" and element.text:
            words.append(element.text)
        if local in _BLANKS:
            words.append(" ")
        if local in _LINES:
            end_line()
        element.clear()
    end_line()
    return lines


def xml_links(chunks: Iterator[bytes], usage: Usage) -> list[Link]:
    """Returns the addresses to which the anchors of an SVG lead."""
    links: list[Link] = []
    for element in _elements(chunks, usage):
        if _name_of(element)[1] == "a":
            for name, value in element.attrib.items():
                address = str(value)
                if str(name).endswith("href") and is_web(address):
                    links.append(Link(url=address, text=" ".join(str(element.xpath("string()")).split())[:200] or None))
    return links


def _relations(chunks: Iterator[bytes], usage: Usage) -> list[Link]:
    links: list[Link] = []
    for element in _elements(chunks, usage):
        target = str(element.get("Target", ""))
        if element.get("TargetMode") == "External" and is_web(target):
            links.append(Link(url=target))
        element.clear()
    return links


def _name_of(element: "etree._Element") -> tuple[str, str]:
    """The namespace of an element and its name in it. lxml's own way raises for a namespace with a brace in it."""
    namespace, _, local = str(element.tag).rpartition("}")
    return namespace.removeprefix("{"), local


def _elements(chunks: Iterator[bytes], usage: Usage) -> "Iterator[etree._Element]":
    """Yields elements as they end, their children before them."""
    parser = etree.XMLPullParser(events=("end",), resolve_entities=False, no_network=True, huge_tree=False)
    try:
        for chunk in chunks:
            parser.feed(chunk)
            for _, element in parser.read_events():
                if isinstance(element, etree._Element) and isinstance(element.tag, str):
                    yield element
    except etree.XMLSyntaxError:
        # Damaged, or nested deeper than the parser follows: what came before counts.
        usage.cut = True
