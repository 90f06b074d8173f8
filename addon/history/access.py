"""Reading access to the history of a running Koban; its judging process migrates the history and writes it."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from addon.history.file import Unusable
from addon.history.health import Health

if TYPE_CHECKING:
    from addon.history.store import History

log = logging.getLogger("koban.history")


class HistoryAccess:
    """Opens the history when it is first asked for, and again where a new file was begun in place of a broken one.

    Safe to use from several threads. opener: opens the history; may raise Unusable or OSError. health: the state of the
    recording at this moment.
    """

    def __init__(self, opener: "Callable[[], History]", health: Callable[[], Health]) -> None:
        self._opener = opener
        self._health = health
        self._lock = threading.Lock()
        self._history: History | None = None
        self._broken_file: str | None = None

    @property
    def health(self) -> Health:
        """The state of the recording at this moment."""
        return self._health()

    def current(self) -> "History | None":
        """Returns the history, or None where it cannot be used."""
        health = self._health()
        if not health.remembers:
            return None
        with self._lock:
            if health.set_aside != self._broken_file:
                self._broken_file = health.set_aside
                self.close()
            if self._history is None:
                try:
                    self._history = self._opener()
                except (Unusable, OSError) as error:
                    log.warning("the history cannot be read: %s", error)
            return self._history

    def close(self) -> None:
        """Close the history, if it is open."""
        if self._history is not None:
            self._history.close()
            self._history = None
