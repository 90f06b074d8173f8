"""The memory of the judging: the history and its recorder, as far as a history can be used."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from addon.history.database import open_history
from addon.history.file import Unusable
from addon.history.health import Health
from addon.history.recorder import Recorder, is_wanted
from addon.history.store import History
from addon.state.settings import Settings
from extractors import Extraction
from extractors.page import Page
from rules.model import Verdict
from rules.past import Past

log = logging.getLogger("koban.history")

AGAIN = 60.0
"""Seconds until a database elsewhere is tried again that could not be used at the start."""
AGAIN_HERE = 10.0
"""The same of the file on this machine, whose disk may have been full."""


class Memory:
    """The history and its recorder; where the history cannot be used there is neither, and `health` has the reason.

    A history that could not be used at the start is tried again in a thread of its own.
    """

    def __init__(self, state_dir: Path, url: str | None, settings: Callable[[], Settings]) -> None:
        self._arguments = (state_dir, url)
        self._settings = settings
        self._used: tuple[History, Recorder] | None = None
        self._unusable = Health()
        self._set_aside: str | None = None
        """The new name of a corrupt file, also where none could be begun in its place at once."""
        self._lost_pages = 0
        """Without a history."""
        self._ending = threading.Event()
        self._open()
        if self._used is None:
            again = AGAIN_HERE if url is None else AGAIN
            threading.Thread(target=self._open_later, args=(again,), name="koban-history-again", daemon=True).start()

    def past(self, extraction: Extraction) -> Past | None:
        """As `History.past`; None without a history."""
        return self._used[0].past(extraction) if self._used is not None else None

    def take(
        self, extraction: Extraction, verdict: Verdict, page: Page, part_of: str | None = None, again: bool = False
    ) -> None:
        """As `Recorder.take`; without a history the page counts as lost, unless it was judged and counted before."""
        if self._used is not None:
            self._used[1].take(extraction, verdict, page, part_of, again)
        elif not again and is_wanted(self._settings(), extraction, page):
            self._lost_pages += 1

    @property
    def health(self) -> Health:
        """The state of the recording; without a history, the reason for that. Pages lost before there was one count."""
        health = self._used[1].health if self._used is not None else self._unusable
        if not self._lost_pages:
            return health
        trouble = health.trouble or self._unusable.trouble
        return replace(health, lost_pages=health.lost_pages + self._lost_pages, trouble=trouble)

    def settle(self) -> None:
        """Wait until all queued pages are stored."""
        if self._used is not None:
            self._used[1].settle()

    def close(self) -> None:
        """Store the queued pages, and end."""
        self._ending.set()
        if self._used is not None:
            self._used[1].close()

    def _open(self) -> None:
        try:
            engine, broken_file = open_history(*self._arguments)
        except (Unusable, OSError) as error:
            if self._unusable.trouble != str(error):
                log.warning("nothing is remembered: %s", error)
            self._note_set_aside(error.broken_file if isinstance(error, Unusable) else None)
            self._unusable = Health(trouble=str(error), set_aside=self._set_aside)
            return
        self._note_set_aside(broken_file)
        history = History(engine)
        self._used = (history, Recorder(history, self._settings, set_aside=self._set_aside))

    def _note_set_aside(self, broken_file: Path | None) -> None:
        if broken_file is not None:
            self._set_aside = broken_file.name

    def _open_later(self, again: float) -> None:
        while self._used is None and not self._ending.wait(again):
            self._open()
