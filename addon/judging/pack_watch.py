"""Follows the packs on disk, so that a running Koban takes them between two pages and judges open pages again."""

import logging
import threading
from collections.abc import Callable

from addon.judging.protocol import Judge
from addon.redact import error_location
from addon.state.listeners import Listeners
from addon.verdicts.log import VerdictLog

log = logging.getLogger("koban.packs")

EVERY = 2.0
"""Seconds between two looks, each of which costs one `stat`."""


class PackWatch:
    """Looks at a stamp, and has the judge renewed where it changes.

    stamp: a value that changes with the packs in use. listeners: called after each renewal, in the thread that looks.
    """

    def __init__(
        self, stamp: Callable[[], object], judge: Judge, verdicts: VerdictLog, *, every: float = EVERY
    ) -> None:
        self.listeners = Listeners[()]()
        self._stamp = stamp
        self._judge = judge
        self._verdicts = verdicts
        self._every = every
        self._seen_stamp = stamp()
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._work, name="koban-pack-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._ends.set()
        if self._thread is not None:
            self._thread.join(5)

    def look(self) -> bool:
        """Have the judge renewed where the packs have changed. Returns whether it was; it may need several looks."""
        stamp = self._stamp()
        if stamp == self._seen_stamp:
            return False
        if self._verdicts.judge_again(self._judge.renew) is None:
            return False
        self._seen_stamp = stamp
        self.listeners.tell()
        return True

    def _work(self) -> None:
        while not self._ends.wait(self._every):
            try:
                self.look()
            except Exception as error:
                log.error("packs not taken: %s", error_location(error))
