"""Bytes of a picture or a file to what it holds: text lines with their places, codes, links, names of files.

Pure, but not safe by itself: the libraries below it have no limits of memory or time. `addon.pictures.process` runs it
where these are bounded.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from addon.pictures.archives import NotAnArchive, Usage, open_archive, xml_lines, xml_links
from addon.pictures.bounds import BOUNDS, Bounds
from addon.pictures.compound import brings_macros, is_locked, kind_of_compound, words_in
from addon.pictures.documents import NotADocument, open_document
from addon.pictures.images import NotAPicture, TooLarge, codes_in, crops_in, frames_of, is_too_small, lines_in
from addon.pictures.kinds import IMAGES, SUFFIXES, FileKind, kind_of
from extractors.records import Box, Contents, Link, TextLine

if TYPE_CHECKING:
    from addon.pictures.images import Image

Trouble = Literal["unknown-kind", "too-large", "damaged", "failed", "absent"]
"""Why a file was not looked at. failed: the process ended or took too long. absent: the extra is not installed."""

FileReader = Callable[[bytes], Contents]
"""Opens a picture or a file. Raises NotLookedAt."""
CropMaker = Callable[[bytes, Sequence[Box]], Mapping[Box, str]]
"""Makes small PNGs, in base64, of places in a picture. Raises nothing."""

_EMBEDDED = re.compile(rb"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]{100,4000000})")
_MOST_CODES = 20


class NotLookedAt(Exception):
    """A file that is not looked into, and why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def read(data: bytes, bounds: Bounds = BOUNDS) -> Contents:
    """Returns what a picture or a file holds.

    Raises NotLookedAt; ModuleNotFoundError without the extra of the package.
    """
    kind = kind_of(data)
    if kind is None:
        raise NotLookedAt("unknown-kind")
    if len(data) > bounds.file:
        raise NotLookedAt("too-large")
    usage = Usage(bounds)
    contents = _read(data, kind, usage, bounds.nesting)
    return contents.model_copy(update={"whole": contents.whole and not usage.cut})


def crops(data: bytes, boxes: Sequence[Box], bounds: Bounds = BOUNDS) -> dict[Box, str]:
    """Returns small PNGs, in base64, of a picture around places in it; none of any other file.

    Raises ModuleNotFoundError without the extra of the package.
    """
    if kind_of(data) not in IMAGES or len(data) > bounds.file:
        return {}
    try:
        return crops_in(frames_of(data, bounds)[0], boxes)
    except (TooLarge, NotAPicture):
        return {}


def _read(data: bytes, kind: FileKind, usage: Usage, nesting: int) -> Contents:
    if kind in IMAGES:
        return _of_picture(data, kind, usage)
    match kind:
        case "pdf":
            return _of_pdf(data, usage)
        case "svg":
            return _of_svg(data, usage)
        case "compound":
            return _of_compound(data, usage)
        case "program":
            return Contents(kind=kind)
        case _:
            return _of_archive(data, usage, nesting)


def _of_picture(data: bytes, kind: FileKind, usage: Usage) -> Contents:
    try:
        frames = frames_of(data, usage.bounds)
    except TooLarge:
        raise NotLookedAt("too-large") from None
    except NotAPicture:
        raise NotLookedAt("damaged") from None
    lines, codes = _of_pixels(frames, usage)
    return Contents(kind=kind, lines=tuple(lines), codes=tuple(codes))


def _of_pixels(frames: "Iterable[Image]", usage: Usage) -> tuple[list[TextLine], list[TextLine]]:
    """The lines and codes of the frames of a picture, each once; a place is one in the first of them."""
    lines: dict[str, TextLine] = {}
    codes: dict[str, TextLine] = {}
    for number, frame in enumerate(frames):
        if is_too_small(frame):
            continue
        for code in codes_in(frame):
            codes.setdefault(code.text, code if number == 0 else TextLine(text=code.text))
        read_lines, whole = lines_in(frame, usage.bounds)
        usage.cut = usage.cut or not whole
        for line in read_lines:
            text = usage.text(line.text)
            if text:
                lines.setdefault(text, TextLine(text=text, box=line.box if number == 0 else None))
    return list(lines.values()), list(codes.values())[:_MOST_CODES]


def _placeless(lines: Iterable[TextLine]) -> list[TextLine]:
    """The lines of a picture within a file: their places are none of that file."""
    return [TextLine(text=line.text) for line in lines]


def _of_pdf(data: bytes, usage: Usage) -> Contents:
    try:
        document = open_document(data, usage)
    except NotADocument as error:
        if error.locked:
            return Contents(kind="pdf", locked=True, whole=False)
        raise NotLookedAt("damaged") from None
    lines, codes = _of_pixels(document.scans, usage)
    return Contents(
        kind="pdf",
        lines=(*document.lines, *_placeless(lines)),
        codes=tuple(_placeless(codes)),
        links=tuple(document.links),
        files=tuple(document.files),
    )


def _of_svg(data: bytes, usage: Usage) -> Contents:
    lines = [TextLine(text=line) for line in xml_lines(iter([data]), usage)]
    links = xml_links(iter([data]), usage)
    codes: list[TextLine] = []
    for match in list(_EMBEDDED.finditer(data))[: usage.bounds.media]:
        try:
            inner = _of_picture(base64.b64decode(match[1]), "png", usage)
        except (NotLookedAt, binascii.Error):
            usage.cut = True
            continue
        lines += _placeless(inner.lines)
        codes += _placeless(inner.codes)
    return Contents(kind="svg", lines=tuple(lines), links=tuple(links), codes=tuple(codes))


def _of_compound(data: bytes, usage: Usage) -> Contents:
    """Returns the words of an old Office file, never surely all of them. Raises NotLookedAt for another program's file
    that brings no macros."""
    macros, locked = brings_macros(data), is_locked(data)
    kind = kind_of_compound(data)
    if kind is None and not macros and not locked:
        raise NotLookedAt("unknown-kind")
    runs = dict.fromkeys(words_in(data)) if kind is not None and not locked else {}
    lines = [TextLine(text=text) for run in runs if (text := usage.text(run))]
    return Contents(kind=kind or "compound", lines=tuple(lines), macros=macros, locked=locked, whole=False)


def _of_archive(data: bytes, usage: Usage, nesting: int) -> Contents:
    suffixes = tuple(SUFFIXES) if nesting > 0 else ()
    try:
        archive = open_archive(data, usage, suffixes=suffixes, most_inner=usage.bounds.media)
    except NotAnArchive:
        raise NotLookedAt("damaged") from None
    lines = [TextLine(text=line) for line in archive.lines]
    links: list[Link] = list(archive.links)
    files, codes = list(archive.names), list[TextLine]()
    macros, locked = archive.macros, archive.locked
    for name, content in archive.inner:
        kind = kind_of(content)
        if kind is None:
            continue
        try:
            inner = _read(content, kind, usage, nesting - 1)
        except NotLookedAt:
            usage.cut = True
            continue
        lines += _placeless(inner.lines)
        codes += _placeless(inner.codes)
        links += inner.links
        files += [f"{name}/{inner_name}" for inner_name in inner.files]
        if kind == "program" and not name.lower().endswith((".exe", ".msi", ".scr")):
            # Named as something else, and a program by its bytes.
            files.append(f"{name}.exe")
        macros, locked = macros or inner.macros, locked or inner.locked
    return Contents(
        kind=archive.kind or "zip",
        lines=tuple(lines),
        codes=tuple(dict.fromkeys(codes)),
        links=tuple(dict.fromkeys(links)),
        files=tuple(files),
        macros=macros,
        locked=locked,
    )
