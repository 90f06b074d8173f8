"""Pictures and files that pass: those that a page's client put there are opened, once, beside everything else.

A page says which addresses are its client's (`Verdict.enclosures`); the bytes come from the proxy, before or after the
page's verdict. Where both are there, a thread has the file opened and the pages judged again that show it. No page
waits for any of it, and nothing is ever requested.
"""

import hashlib
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from urllib.parse import urldefrag

from addon.judging.protocol import Judge
from addon.pictures.reading import FileReader, NotLookedAt
from addon.redact import error_location
from addon.verdicts.log import VerdictLog
from rules.model import Verdict

log = logging.getLogger("koban.enclosures")

MOST_KEPT = 32_000_000
"""Bytes of files that passed and that no page has claimed, the latest; a page's pictures pass before its verdict."""
MOST_QUEUED = 64
"""Files that wait to be opened; what comes on top is not looked at."""
MOST_NAMED = 1_000
"""Addresses that are remembered: claimed by a page, or opened."""
IDLE = 120.0
"""Seconds without a file after which the process that opens them may end."""


class Enclosures:
    """Brings files and the pages that show them together. Thread-safe; its thread runs from `start` to `close`.

    read: opens a file. rest: ends the process that does, until the next one. is_on: whether the user wants files to be
    looked at.
    """

    def __init__(
        self,
        judge: Judge,
        verdicts: VerdictLog,
        read: FileReader,
        rest: Callable[[], None] = lambda: None,
        *,
        is_on: Callable[[], bool],
        idle: float = IDLE,
    ) -> None:
        self._judge = judge
        self._verdicts = verdicts
        self._read = read
        self._rest = rest
        self._is_wanted = is_on
        self._idle = idle
        self._changed = threading.Condition()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._claimed: OrderedDict[str, None] = OrderedDict()
        self._opened: OrderedDict[str, bytes] = OrderedDict()
        """By address, the hash of what was opened there: a file may be replaced by another."""
        self._queue: deque[tuple[str, bytes]] = deque()
        self._thread: threading.Thread | None = None
        self._ends = False

    @property
    def is_on(self) -> bool:
        """Whether the user wants files to be looked at."""
        return self._is_wanted()

    def start(self) -> None:
        """Begin to open files, and to follow what is judged."""
        self._verdicts.follow(self.claimed)
        self._thread = threading.Thread(target=self._work, name="koban-enclosures", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; what waits is not looked at."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(5)
        self._rest()

    def passed(self, url: str, data: bytes) -> None:
        """Take a file that passed. Never waits."""
        if not self.is_on or len(data) > MOST_KEPT:
            return
        url = urldefrag(url).url
        with self._changed:
            if url in self._claimed:
                if self._opened.get(url) != _digest(data):
                    self._enqueue(url, data)
                return
            self._forget(url)
            self._kept[url] = data
            self._kept_bytes += len(data)
            while self._kept_bytes > MOST_KEPT:
                self._forget(next(iter(self._kept)))

    def claimed(self, verdict: Verdict) -> None:
        """Take note of a verdict, whose page says which files are its client's. Never waits."""
        if not verdict.enclosures or not self.is_on:
            return
        with self._changed:
            for url in verdict.enclosures:
                self._claimed[url] = None
                self._claimed.move_to_end(url)
                data = self._kept.get(url)
                if data is not None:
                    self._forget(url)
                    self._enqueue(url, data)
            while len(self._claimed) > MOST_NAMED:
                self._claimed.popitem(last=False)

    def _forget(self, url: str) -> None:
        self._kept_bytes -= len(self._kept.pop(url, b""))

    def _enqueue(self, url: str, data: bytes) -> None:
        if len(self._queue) >= MOST_QUEUED:
            log.warning("a file was not looked at: too many wait already")
            return
        self._queue.append((url, data))
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._ends, self._idle)
                if self._ends:
                    return
                item = self._queue.popleft() if self._queue else None
            if item is None:
                self._rest()
                continue
            try:
                self._open(*item)
            except Exception as error:
                log.error("a file was not looked at: %s", error_location(error))

    def _open(self, url: str, data: bytes) -> None:
        with self._changed:
            self._opened[url] = _digest(data)
            self._opened.move_to_end(url)
            while len(self._opened) > MOST_NAMED:
                self._opened.popitem(last=False)
        try:
            contents = self._read(data)
        except NotLookedAt as reason:
            log.info("a file was not looked at: %s", reason.trouble)
            return
        for page in self._judge.opened({url: contents}):
            self._verdicts.judged_again(page.url, page.verdict, page.part_of)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
