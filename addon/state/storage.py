"""Whether there is room for what Koban stores, and where there is none, why."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

LEAST_FREE = 50_000_000
"""Bytes on the disk below which Koban's files are in danger."""

StorageTrouble = Literal["full", "read-only"]
"""Why settings and history may not be kept."""


def nearest(folder: Path) -> Path:
    """Returns a folder, or the nearest one above it that exists and can be looked at. Raises nothing."""
    # `Path.exists` of Python 3.12 raises where a disk has gone or a folder is locked, and pages are judged meanwhile.
    return next((path for path in (folder, *folder.parents) if os.path.exists(path)), folder)  # noqa: PTH110


def is_writable(folder: Path) -> bool:
    """Returns whether files can be made in a folder, or the folder itself where it does not exist."""
    return os.access(nearest(folder), os.W_OK | os.X_OK)


def free_bytes(folder: Path) -> int | None:
    """Returns the room on a folder's disk, in bytes; None where the system does not say."""
    try:
        return shutil.disk_usage(nearest(folder)).free
    except OSError:
        return None


def trouble_of(*, writable: bool, free: int | None) -> StorageTrouble | None:
    """Returns what is wrong with a folder; None where nothing is known to be."""
    if not writable:
        return "read-only"
    return "full" if free is not None and free < LEAST_FREE else None


def storage_trouble(folder: Path) -> StorageTrouble | None:
    """Returns what is wrong with a folder at this moment; None where nothing is known to be."""
    return trouble_of(writable=is_writable(folder), free=free_bytes(folder))


class StorageWatch:
    """Tells when a folder's trouble has changed. Thread-safe. on_change: called then, in the thread that looks."""

    def __init__(self, look: Callable[[], StorageTrouble | None], on_change: Callable[[], None]) -> None:
        self._look = look
        self._on_change = on_change
        self._lock = threading.Lock()
        self._last = look()

    def look(self) -> None:
        """Look at the folder, which costs two calls of the system."""
        trouble = self._look()
        with self._lock:
            is_same, self._last = trouble == self._last, trouble
        if not is_same:
            self._on_change()
