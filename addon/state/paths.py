"""Folders of the user's state and of caches, and safe ways to write into them."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Container
from datetime import datetime
from pathlib import Path

from platformdirs import user_cache_path, user_state_path

READERS_FILE = "readers.json"
MARKET_FILE = "market.json"
"""In the state folder. Here, since who only names them need not import what writes them."""
_TEMPORARY = re.compile(r"\.([\w-]+\.[a-z]+)\.[a-z0-9_]{8}")
_DAY = 86_400.0
"""Seconds."""


def default_state_dir() -> Path:
    """Returns the folder of settings, the authority's key, pairings and the history."""
    return user_state_path("koban", appauthor=False)


def cache_dir() -> Path:
    """Returns the folder of compiled patterns, which are rebuilt if missing."""
    return user_cache_path("koban", appauthor=False)


def make_private(folder: Path) -> bool:
    """Create a folder, and its parents, or restrict an existing one, to its user alone (mode 0700).

    Returns whether it existed and was open to others, whose files may then be in it. Raises OSError if it cannot be
    created or is another user's. Windows' folders take their rights from the profile.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name != "posix" or not folder.stat().st_mode & 0o077:
        return False
    folder.chmod(0o700)
    return True


def write_atomically(path: Path, data: bytes, *, mode: int = 0o600) -> tuple[int, int] | None:
    """Replace a file's content so that a reader, and a crash at any moment, finds either the old or the new content.

    Returns the `stamp` of the new file. Raises OSError if the folder cannot be written or the disk is full; the old
    file then stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode) if hasattr(os, "fchmod") else None
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # Before another process can put a file of its own in the place of this one.
        new_stamp = stamp(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        # The rename itself should survive a power cut; Windows cannot open folders for this. Some disks refuse it, but
        # by now the file is replaced.
        with contextlib.suppress(OSError):
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    return new_stamp


def remove_leftovers(folder: Path, names: Container[str], now: datetime) -> None:
    """Remove what `write_atomically` had begun in a folder when its process was killed, a day ago or more.

    names: of the files that Koban itself writes there; the user may have chosen a folder with others.
    """
    try:
        files = tuple(folder.iterdir())
    except OSError:
        return
    for file in files:
        match = _TEMPORARY.fullmatch(file.name)
        # Another start may have removed it; one that cannot be removed keeps none of the others.
        with contextlib.suppress(OSError):
            if match is not None and match[1] in names and file.stat().st_mtime < now.timestamp() - _DAY:
                file.unlink()


def write_where_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """The same, but a file with this content and mode stays: on a full disk Koban goes on with what is there."""
    try:
        is_same = path.read_bytes() == data and (os.name != "posix" or path.stat().st_mode & 0o777 == mode)
    except OSError:
        is_same = False
    if not is_same:
        write_atomically(path, data, mode=mode)


def stamp(path: Path) -> tuple[int, int] | None:
    """Returns (mtime, inode), which changes whenever the file is replaced. None if it does not exist."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def set_aside(path: Path, now: datetime) -> Path:
    """Rename an unusable file, so that nothing of it is lost. Returns its new path. Raises OSError."""
    new_path = path.with_name(f"{path.stem}.broken-{now:%Y%m%dT%H%M%S%fZ}{path.suffix}")
    path.rename(new_path)
    return new_path


class FilePatternCache:
    """Compiled pattern databases on disk, by the hash of their patterns.

    A cache only: an unreadable or unwritable folder costs time at the start, nothing else.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory if directory is not None else cache_dir() / "patterns"

    def get(self, key: str) -> bytes | None:
        """Returns the bytes stored under `key`, or None."""
        try:
            # Loaded without a check: never from a folder that others can write to.
            if os.name == "posix" and self._directory.stat().st_mode & 0o022:
                return None
            return self._path(key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under `key`."""
        try:
            if make_private(self._directory):
                for untrusted_file in self._directory.glob("*.hs"):
                    untrusted_file.unlink()
            write_atomically(self._path(key), data)
        except OSError:
            return

    def _path(self, key: str) -> Path:
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()}.hs"
