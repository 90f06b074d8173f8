"""Zip files of packs: read within bounds, since anybody may have made them, and written alike from alike contents."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from addon.packs.manifest import PackRefused, check_name, shown_name

MOST_BYTES = 48_000_000
"""Of all files of a pack, unpacked. The shipped catalog takes half a million, the three models nine."""
MOST_RULES = 5_000_000
"""Of all files of rules and terms. Those that ship take less than a million; eight million were not tried within the
ten minutes that a trial may take."""
MOST_PACKED = 24_000_000
"""Of the zip file itself."""
MOST_FILES = 2_000
LARGEST = {".yaml": 300_000, ".json": 2_000_000, ".jsonl": 2_000_000, ".html": 3_000_000, ".txt": 2_000}
"""Of one file, by the end of its name."""
LARGEST_OTHER = 12_000_000
LARGEST_DIRECTORY = MOST_FILES * 512
"""Bytes of a zip's directory, which zipfile reads as a whole before anybody can count its files."""
_CHUNK = 65_536
_END_SIGN = b"PK\5\6"
_END = struct.Struct("<4s4H2LH")
"""The end of a zip's directory: its size is the last but two. APPNOTE.TXT, 4.3.16."""
_END_64_SIGN = b"PK\6\7"
_END_64_SIZE = 20
"""Of the record that in zip64 stands before the end and says where another end is. APPNOTE.TXT, 4.3.15."""
_LONGEST_COMMENT = 65_535
_KIND, _REGULAR = 0o170000, 0o100000
"""Of a file's mode, where the zip has one: all but a regular file is a link, a folder, a pipe or a device."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def unpack(data: bytes, check: Callable[[str], None] = check_name) -> dict[str, bytes]:
    """Returns the files of a zip by name. Raises PackRefused, for whatever is not as a pack is.

    check: raises PackRefused for a name that is not allowed. Sizes are those that come out, not those that the zip's
    directory claims.
    """
    if len(data) > MOST_PACKED:
        raise PackRefused("大きすぎます", "too large")
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive, check)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _unreadable() from None


def read_bounded(path: Path) -> bytes:
    """Returns the content of a file that may be a zip of packs. Raises PackRefused for a longer one, OSError."""
    with path.open("rb") as file:
        data = file.read(MOST_PACKED + 1)
    if len(data) > MOST_PACKED:
        raise _too_large(path.name)
    return data


def _check_directory(data: bytes) -> None:
    """Raises PackRefused for a zip whose directory is larger than that of any pack, wherever it may be said to end.

    One of zip64 is refused, too: zipfile believes its other end, whatever the first one says.
    """
    tail = data[-_END_64_SIZE - _END.size - _LONGEST_COMMENT :]
    for place in re.finditer(re.escape(_END_SIGN), tail):
        if len(tail) - place.start() >= _END.size:
            *_, size, _, _ = _END.unpack_from(tail, place.start())
            if tail.startswith(_END_64_SIGN, max(0, place.start() - _END_64_SIZE)):
                raise _unreadable()
            if size > LARGEST_DIRECTORY:
                raise PackRefused("ファイルが多すぎます", "too many files")


def _files(archive: zipfile.ZipFile, check: Callable[[str], None]) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise PackRefused("ファイルが多すぎます", "too many files")
    files: dict[str, bytes] = {}
    names: set[str] = set()
    remaining, remaining_rules = MOST_BYTES, MOST_RULES
    for entry in entries:
        check(entry.filename)
        if entry.is_dir() or (entry.external_attr >> 16) & _KIND not in (0, _REGULAR):
            raise PackRefused("フォルダーやリンクが入っています", "it holds a folder or a link of its own")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
            raise PackRefused("暗号化か、知らない圧縮の方式です", "encrypted, or compressed in an unknown way")
        if entry.filename.casefold() in names:
            raise PackRefused("同じ名前のファイルが二つあります", "two files of one name")
        names.add(entry.filename.casefold())
        is_rules = entry.filename.endswith(".yaml")
        byte_limit = min(remaining, remaining_rules) if is_rules else remaining
        files[entry.filename] = _read(archive, entry, byte_limit)
        remaining -= len(files[entry.filename])
        remaining_rules -= len(files[entry.filename]) if is_rules else 0
    return files


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, byte_limit: int) -> bytes:
    """Returns the content of a file. byte_limit: bytes that all files together may still take. Raises PackRefused."""
    largest = next((most for end, most in LARGEST.items() if entry.filename.endswith(end)), LARGEST_OTHER)
    content = bytearray()
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            content += chunk
            if len(content) > largest:
                raise _too_large(entry.filename)
            if len(content) > byte_limit:
                raise PackRefused("全部のファイルを合わせると大きすぎます", "too large, all its files together")
    return bytes(content)


def pack_up(files: Mapping[str, bytes]) -> bytes:
    """Returns a zip file: the same bytes for the same files, whatever the day and the machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _unreadable() -> PackRefused:
    return PackRefused("zip として読めません", "not a readable zip file")


def _too_large(name: str) -> PackRefused:
    plain_name = shown_name(name)
    return PackRefused(f"{plain_name}: 大きすぎます", f"{plain_name}: too large")
