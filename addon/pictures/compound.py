"""Old Office files (.doc, .xls, .ppt): named as what they are, with the programs in them. Their text is not read.

They are compound files (MS-CFB): a directory of 128 bytes an entry, each beginning with a name in UTF-16. Entries lie
at multiples of 128 bytes, whatever the size of a sector, so names are found without following any chain of sectors.
"""

from addon.pictures.kinds import OldOfficeKind

_ENTRY = 128
_MAINS: tuple[tuple[str, OldOfficeKind], ...] = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
"""The main stream of each kind (MS-DOC 2.1.1, MS-XLS 2.1.2, MS-PPT 2.1.2)."""
_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR")
"""Storages of a project in VBA (MS-OVBA 2.2.1)."""
_LOCKED = ("EncryptedPackage", "EncryptionInfo")
"""Streams of a newer Office file that is locked by a password (MS-OFFCRYPTO 2.3.4)."""


def kind_of_compound(data: bytes) -> OldOfficeKind | None:
    """Returns the kind of an old Office file; None for a compound file of another program."""
    return next((kind for name, kind in _MAINS if _has(data, name)), None)


def brings_macros(data: bytes) -> bool:
    """Whether a compound file brings a program that runs in an Office application."""
    return any(_has(data, name) for name in _MACROS)


def is_locked(data: bytes) -> bool:
    """Whether a compound file is the shell of one that opens with a password only."""
    return any(_has(data, name) for name in _LOCKED)


def _has(data: bytes, name: str) -> bool:
    entry, start = f"{name}\0".encode("utf-16-le"), 0
    while (start := data.find(entry, start)) >= 0:
        if start % _ENTRY == 0:
            return True
        start += 2
    return False
