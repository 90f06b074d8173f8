"""Pictures and files that pass: those that a page's client put there are opened, once, beside everything else.

A page says which addresses are its client's (`Verdict.enclosures`); the bytes come from the proxy, before or after the
page's verdict, or from the extension, as the browser has them. Where both are there, a thread has the file opened and
the pages judged again that show it. No page waits for any of it, and nothing is ever requested.
"""

import hashlib
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from addon.judging.protocol import Judge
from addon.pictures.reading import CropMaker, FileReader, NotLookedAt
from addon.redact import error_location
from addon.verdicts.log import VerdictLog
from addon.verdicts.parts import Rejudged
from addon.verdicts.written import WrittenVerdict
from extractors.records import Box, with_crops
from rules.model import Verdict

log = logging.getLogger("koban.enclosures")

MOST_KEPT = 32_000_000
"""Bytes of files that passed and that no page has claimed, the latest; a page's pictures pass before its verdict."""
MOST_QUEUED = 64
"""Files that wait to be opened; what comes on top is not looked at."""
MOST_NAMED = 1_000
"""Addresses that are remembered: claimed by a page, or opened."""
MOST_CROPS = 12
"""Places of one picture that are cut out as evidence."""
MOST_CROPPED = 160_000
"""Characters of all of them together: they go into verdicts, and with them into pages."""
IDLE = 120.0
"""Seconds without a file after which the process that opens them may end."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file that was opened. looked: whether it could be looked into. chosen: whether its user chose it by hand."""

    digest: bytes
    looked: bool
    chosen: bool


@dataclass(slots=True)
class _Waiting:
    """A file that waits to be opened. chosen: by hand. outcome: to hold whether it could be looked into."""

    url: str
    data: bytes
    chosen: bool
    outcome: Future[bool] = field(default_factory=Future)


class Enclosures:
    """Brings files and the pages that show them together. Thread-safe; its thread runs from `start` to `close`.

    read: opens a file. crop: cuts out of a picture what a warning is about. rest: ends the process that does both,
    until the next one. is_on: whether the user wants files to be
    looked at.
    """

    def __init__(
        self,
        judge: Judge,
        verdicts: VerdictLog,
        read: FileReader,
        rest: Callable[[], None] = lambda: None,
        *,
        crop: CropMaker = lambda *_: {},
        is_on: Callable[[], bool],
        idle: float = IDLE,
    ) -> None:
        self._judge = judge
        self._verdicts = verdicts
        self._read = read
        self._rest = rest
        self._crop = crop
        self._is_wanted = is_on
        self._idle = idle
        self._condition = threading.Condition()
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._claimed_urls: OrderedDict[str, None] = OrderedDict()
        self._opened_files: OrderedDict[str, _Opened] = OrderedDict()
        """By address, what was opened there last: a file may be replaced by another."""
        self._queue: deque[_Waiting] = deque()
        self._pending: dict[str, _Waiting] = {}
        """By address, the last that waits or is being opened."""
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
        with self._condition:
            self._ends = True
            for waiting in self._queue:
                waiting.outcome.set_result(False)
            self._queue.clear()
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join(5)
        self._rest()

    def passed(self, url: str, data: bytes) -> None:
        """Take a file that passed. Never waits."""
        if not self.is_on or len(data) > MOST_KEPT:
            return
        url = urldefrag(url).url
        with self._condition:
            if url in self._claimed_urls:
                pending, opened_file = self._pending.get(url), self._opened_files.get(url)
                if pending is not None and pending.data == data:
                    return
                if opened_file is None or opened_file.digest != _digest(data):
                    self._enqueue(url, data)
                return
            self._forget(url)
            self._files[url] = data
            self._kept_bytes += len(data)
            while self._kept_bytes > MOST_KEPT:
                self._forget(next(iter(self._files)))

    def offered(self, url: str, data: bytes, *, chosen: bool = False) -> Future[bool]:
        """Take a file as the browser has it, where a page has claimed its address and nobody has looked into it.

        Never waits. Returns whether it is looked into, once that is known. chosen: its user chose it by hand.
        """
        url = urldefrag(url).url
        with self._condition:
            if not self.is_on or url not in self._claimed_urls:
                return _known(looked=False)
            if url in self._pending:
                return self._pending[url].outcome
            opened_file = self._opened_files.get(url)
            # The browser gives a picture in other bytes than the site did: these were looked into.
            if opened_file is not None and (opened_file.looked or opened_file.digest == _digest(data)):
                return _known(looked=opened_file.looked)
            return self._enqueue(url, data, chosen=chosen)

    def withdraw(self, url: str) -> bool:
        """Forget that a file was chosen by its user for an address. Returns whether one was. Never waits.

        What it held is forgotten by `judge_withdrawn`.
        """
        url = urldefrag(url).url
        with self._condition:
            opened_file = self._opened_files.get(url)
            if opened_file is None or not opened_file.chosen or url in self._pending:
                return False
            del self._opened_files[url]
        return True

    def judge_withdrawn(self, url: str) -> None:
        """Have the judge forget what a file held that was withdrawn, and judge its pages again."""
        url = urldefrag(url).url
        self._verdicts.judge_again(lambda: self._judge_without(url))

    def _judge_without(self, url: str) -> Sequence[Rejudged]:
        with self._condition:
            opened_file = self._opened_files.get(url)
        # The judge is told what another held that was opened meanwhile, or was already.
        return self._judge.opened({url: None}) if opened_file is None or not opened_file.looked else ()

    def claimed(self, verdict: Verdict | WrittenVerdict) -> None:
        """Take note of a verdict, whose page says which files are its client's. Never waits."""
        if not verdict.enclosures or not self.is_on:
            return
        with self._condition:
            for url in verdict.enclosures:
                self._claimed_urls[url] = None
                self._claimed_urls.move_to_end(url)
                if url in self._opened_files and self._opened_files[url].looked:
                    # Whoever judges has forgotten what it holds.
                    del self._opened_files[url]
                data = self._files.get(url)
                if data is not None:
                    self._forget(url)
                    self._enqueue(url, data)
            while len(self._claimed_urls) > MOST_NAMED:
                self._claimed_urls.popitem(last=False)

    def _forget(self, url: str) -> None:
        self._kept_bytes -= len(self._files.pop(url, b""))

    def _enqueue(self, url: str, data: bytes, *, chosen: bool = False) -> Future[bool]:
        if self._ends or len(self._queue) >= MOST_QUEUED:
            log.warning("a file was not looked at: too many wait already")
            return _known(looked=False)
        waiting = _Waiting(url, data, chosen)
        self._queue.append(waiting)
        self._pending[url] = waiting
        self._condition.notify_all()
        return waiting.outcome

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._queue or self._ends, self._idle)
                if self._ends:
                    return
                waiting = self._queue.popleft() if self._queue else None
            if waiting is None:
                self._rest()
                continue
            was_opened = False
            try:
                was_opened = self._open(waiting)
            except Exception as error:
                log.error("a file was not looked at: %s", error_location(error))
            with self._condition:
                if self._pending.get(waiting.url) is waiting:
                    del self._pending[waiting.url]
            waiting.outcome.set_result(was_opened)

    def _open(self, waiting: _Waiting) -> bool:
        """Have a file opened, and the pages judged again that show it. Returns whether it could be looked into."""
        url, data, is_chosen = waiting.url, waiting.data, waiting.chosen
        try:
            contents = self._read(data).model_copy(update={"chosen": is_chosen})
        except NotLookedAt as reason:
            log.info("a file was not looked at: %s", reason.trouble)
            # What failed may not fail again; who reads files knows when that was tried often enough.
            unread_file = _Opened(_digest(data), looked=False, chosen=is_chosen)
            self._remember(url, None if reason.trouble == "failed" else unread_file)
            return False
        self._remember(url, _Opened(_digest(data), looked=True, chosen=is_chosen))
        pages = self._verdicts.judge_again(lambda: self._judge.opened({url: contents})) or ()
        try:
            boxes = _places_in(url, (page.verdict for page in pages))
            if boxes and (crops := _bounded(self._crop(data, boxes))):
                # Whoever judges keeps them with what the file holds, for pages that show it later.
                # Nothing comes of it where the judging fails: then the first answer stands.
                contents_with_crops = with_crops(contents, crops)
                self._verdicts.judge_again(lambda: self._judge.opened({url: contents_with_crops}))
        except ValueError:
            log.warning("a crop was left out: it is none")
        return True

    def _remember(self, url: str, opened_file: _Opened | None) -> None:
        with self._condition:
            self._opened_files.pop(url, None)
            if opened_file is not None:
                self._opened_files[url] = opened_file
            while len(self._opened_files) > MOST_NAMED:
                self._opened_files.popitem(last=False)


def _places_in(url: str, verdicts: Iterable[Verdict]) -> list[Box]:
    """Returns the places in a picture that findings have as evidence, some of the first."""
    evidence = (quote for verdict in verdicts for finding in verdict.findings for quote in finding.evidence)
    boxes = dict.fromkeys(quote.box for quote in evidence if quote.file == url and quote.box is not None)
    return list(boxes)[:MOST_CROPS]


def _bounded(crops: Mapping[Box, str]) -> dict[Box, str]:
    """Returns the first crops that are small enough together."""
    kept_crops: dict[Box, str] = {}
    remaining = MOST_CROPPED
    for box, crop in crops.items():
        remaining -= len(crop)
        if remaining >= 0:
            kept_crops[box] = crop
    return kept_crops


def _known(*, looked: bool) -> Future[bool]:
    future: Future[bool] = Future()
    future.set_result(looked)
    return future


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
