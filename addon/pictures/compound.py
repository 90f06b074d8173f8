"""Old Office files (.doc, .xls, .ppt): named as what they are, with the programs in them, and their words as they lie.

They are compound files (MS-CFB): a directory of 128 bytes an entry, each beginning with a name in UTF-16. Entries lie
at multiples of 128 bytes, whatever the size of a sector, so names are found without following any chain of sectors.

Words stand in all three in UTF-16, or in bytes where they are Latin (MS-DOC 2.9.73, MS-XLS 2.5.293, MS-PPT 2.9.42 and
2.9.43). They are read as runs of such signs, wherever these lie: no structure of the file is believed, so none can
lead astray. Names of fonts and styles come with them, and a run that goes on in a sector elsewhere is cut.
"""

import re
from collections.abc import Iterator

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

_WIDE = re.compile("[\x20-\x7e\xa0-\u024f\u2010-\u203b\u3000-\u30ff\u4e00-\u9fff\uff01-\uff9f]{4,2000}")
"""Runs of signs in UTF-16."""
_TELLING = re.compile("[\x20-\x7e\u3000-\u30ff\uff01-\uff9f]")
_NARROW = re.compile(rb"[\x20-\x7e]{6,2000}")
_LEAST_TELLING = 0.3
"""Share of Latin and kana in a run. Other bytes, taken for UTF-16, look like Chinese characters."""
_MOST_NOUGHTS = 0.4
"""Share of "0" at every second place: so hiragana in UTF-16 looks, taken for bytes."""


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


def words_in(data: bytes) -> Iterator[str]:
    """Yields the runs of words in a compound file, first those in UTF-16. Takes time in proportion to its size."""
    for start in (0, 1):
        for run in _WIDE.finditer(data[start:].decode("utf-16-le", "replace")):
            if len(_TELLING.findall(run[0])) >= _LEAST_TELLING * len(run[0]):
                yield " ".join(run[0].split())
    for narrow in _NARROW.finditer(data):
        text = narrow[0].decode("ascii")
        if max(text[0::2].count("0"), text[1::2].count("0")) < _MOST_NOUGHTS * len(text) / 2:
            yield " ".join(text.split())
