"""Where Koban keeps what is its user's, and what can be made anew."""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from platformdirs import user_cache_path, user_state_path


def default_state_dir() -> Path:
    """Settings, the authority's key, pairings: the user's own, kept."""
    return user_state_path("koban", appauthor=False)


def cache_dir() -> Path:
    """Compiled patterns: made anew whenever they are missing."""
    return user_cache_path("koban", appauthor=False)


def make_private(folder: Path) -> bool:
    """Make a folder, and those above it, that its user alone can look into and write to (mode 0700).

    Returns whether it was there and had to be closed to others: what they might have left in it is then still there.
    Raises OSError where it cannot be made, or is another user's. Windows' folders take their rights from the profile.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name != "posix" or not folder.stat().st_mode & 0o077:
        return False
    folder.chmod(0o700)
    return True


def write_atomically(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace a file's content so that a reader, or a crash at any moment, sees the old or the new one whole.

    Raises OSError where the folder cannot be written or the disk is full; the old file then stands.
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
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        # The rename itself must survive a power cut; Windows cannot open folders for this.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever a file is replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def set_aside(path: Path, now: datetime) -> Path:
    """Rename an unusable file, so that nothing of it is lost, and return its new name. Raises OSError."""
    aside = path.with_name(f"{path.stem}.broken-{now:%Y%m%dT%H%M%S%fZ}{path.suffix}")
    path.rename(aside)
    return aside


class FilePatternCache:
    """Compiled pattern databases on disk, by the hash of what they were compiled from.

    A cache only: an unreadable or unwritable folder costs time at the start, nothing else.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory if directory is not None else cache_dir() / "patterns"

    def get(self, key: str) -> bytes | None:
        """The bytes stored under `key`, or None."""
        try:
            # What lies there is loaded as it is: never what others may have put there.
            if os.name == "posix" and self._directory.stat().st_mode & 0o022:
                return None
            return self._path(key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under `key`, replacing what older catalogs left."""
        try:
            if make_private(self._directory):
                for left in self._directory.glob("*.hs"):
                    left.unlink()
            write_atomically(self._path(key), data)
        except OSError:
            return

    def _path(self, key: str) -> Path:
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()}.hs"
