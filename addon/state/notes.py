"""Notes of pages as they are read, written once in a while."""

import logging
import threading
from abc import ABC, abstractmethod

from pydantic import BaseModel

from addon.state.json_file import JsonFile

log = logging.getLogger("koban.state")

KEEP_EVERY = 20
"""Notes between two writes: what a crash loses comes back with the next pages."""


class Notes[Content: BaseModel](ABC):
    """Notes in memory and on disk. Thread-safe.

    title: what is noted, for the log.
    """

    def __init__(self, file: JsonFile[Content], title: str) -> None:
        self._file = file
        self._title = title
        self._lock = threading.Lock()
        self._unwritten_count = 0

    def keep_if_due(self) -> None:
        """The same as `keep`, once something was noted `KEEP_EVERY` times since. Raises nothing."""
        with self._lock:
            if self._unwritten_count >= KEEP_EVERY:
                self._write()

    def keep(self) -> None:
        """Write the notes to disk. Raises nothing."""
        with self._lock:
            self._write()

    @abstractmethod
    def _content(self) -> Content:
        """Returns what is to be written; the lock is held."""

    def _write(self) -> None:
        # Also where it fails: a full disk is not tried again with every page.
        self._unwritten_count = 0
        try:
            self._file.write(self._content())
        except OSError as error:
            log.warning("%s not written: %s", self._title, error.strerror)
