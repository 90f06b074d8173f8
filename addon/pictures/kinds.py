"""The kind of a file, by its first bytes: names and declared types are the sender's word."""

from typing import Literal, get_args

ImageKind = Literal["png", "jpeg", "gif", "webp", "avif", "bmp"]
OfficeKind = Literal["docx", "xlsx", "pptx"]
OldOfficeKind = Literal["doc", "xls", "ppt"]
FileKind = Literal[
    "png", "jpeg", "gif", "webp", "avif", "bmp", "svg", "pdf", "docx", "xlsx", "pptx", "zip", "compound", "program"
]
"""Kinds of files that are looked into. A zip is an Office file where its parts say so (`addon.pictures.archives`), and
a compound file an old one (`addon.pictures.compound`)."""

IMAGES: frozenset[str] = frozenset(get_args(ImageKind))
OFFICE: frozenset[str] = frozenset(get_args(OfficeKind))

HEAD = 1024
"""Bytes of a file that tell its kind."""

MEDIA_TYPES = (
    "image/",
    "application/pdf",
    "application/zip",
    "application/x-zip-compressed",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.ms-",
    "application/msword",
    "application/octet-stream",
    "application/x-msdownload",
)
"""Beginnings of the media types under which such files are sent."""
SUFFIXES = frozenset(
    (
        ".png .jpg .jpeg .gif .webp .avif .bmp .svg .pdf .docx .xlsx .pptx .docm .xlsm .pptm .doc .xls .ppt "
        ".zip .exe .msi .scr"
    ).split()
)
"""Ends of the names of such files."""

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!/",
    b"L\0\0\0\x01\x14\x02\0",
)
"""Windows, Linux and macOS programs, class files, scripts, and Windows shortcuts."""


def kind_of(data: bytes) -> FileKind | None:
    """Returns the kind of a file; None for one that is not looked into (sound, film, plain text)."""
    head = data[:HEAD]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"mif1"):
        return "avif"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "bmp"
    # PDF readers look for the mark in the first kilobyte (ISO 32000-1, Annex H, 3.4.1).
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "compound"
    if head.startswith(_PROGRAMS):
        return "program"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in head.lower():
        return "svg"
    return None


def may_be_read(content_type: str, path: str) -> bool:
    """Whether a file of a declared type or name may be of a kind that is looked into; its bytes decide.

    content_type: as sent, "" where none was. path: of its address.
    """
    media = content_type.partition(";")[0].strip().lower()
    name = path.rpartition("/")[2].lower()
    return media.startswith(MEDIA_TYPES) or any(name.endswith(end) for end in SUFFIXES)
