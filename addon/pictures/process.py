"""Opening pictures and files in a process of its own, since any of them may be made to crash, hang or swell.

The process is begun with the first file and ended when none came for a while, so that pages without pictures cost
nothing. A file on which it ends or gets stuck is not looked at, and the next one finds a new process.
"""

import hashlib
import logging
import sys
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, get_args

from addon.pictures.bounds import BOUNDS, Bounds
from addon.pictures.limits import LOWEST
from addon.pictures.reading import NotLookedAt, Trouble
from addon.redact import error_location
from addon.worker_process import WorkerProcess
from extractors.records import Box, Contents

log = logging.getLogger("koban.pictures")

MEMORY = 1_500_000_000
"""Bytes of address space beyond that of a bare Python. The libraries take half of it before any picture, mostly unused;
resident are some 280 MB at most."""
SECONDS = 20.0
"""Seconds of a processor after which a file counts as stuck. One of a megapixel takes a fifth, and the first one of a
process two or three, which loads the models."""
LONGEST = 60.0 if sys.platform == "win32" else 300.0
"""Seconds on the clock after which nobody waits any more: the lowest priority gets little of a busy machine. Windows
has no limit of a processor's time, so there this one ends what is stuck."""
BEGINNING = 30.0
"""Seconds on top for the first file of a process."""
MOST_REMEMBERED = 500
"""Files whose contents are remembered by their hash, the latest."""

_TROUBLES: frozenset[str] = frozenset(get_args(Trouble))


class PictureProcess:
    """Reads files, one after the other, in a process of its own. Thread-safe.

    memory: bytes that it may take. seconds, longest, beginning: as above. niceness: steps below the usual priority.
    """

    def __init__(
        self,
        *,
        memory: int = MEMORY,
        seconds: float = SECONDS,
        longest: float = LONGEST,
        beginning: float = BEGINNING,
        bounds: Bounds = BOUNDS,
        niceness: int = LOWEST,
    ) -> None:
        self._worker = WorkerProcess("koban-pictures", _work, memory, bounds, seconds, niceness)
        self._longest = longest
        self._beginning = beginning
        self._bounds = bounds
        self._is_new = True
        self._known_contents: OrderedDict[bytes, Contents | Trouble] = OrderedDict()
        self._failed_hashes: OrderedDict[bytes, None] = OrderedDict()
        """Hashes of files that failed once: a process may end, or take too long, without its file's doing."""

    @property
    def pid(self) -> int | None:
        """The number of the process; None where none runs."""
        return self._worker.pid if self._worker.is_alive else None

    def read(self, data: bytes) -> Contents:
        """Returns what a file holds; the same bytes are looked at once, and once more where that failed.

        Raises NotLookedAt.
        """
        if len(data) > self._bounds.file:
            raise NotLookedAt("too-large")
        key = hashlib.sha256(data).digest()
        with self._worker.lock:
            result = self._known_contents.get(key)
            if result is None:
                result = self._ask(data)
                if result == "failed" and key not in self._failed_hashes:
                    _keep(self._failed_hashes, key, None)
                    raise NotLookedAt(result)
            _keep(self._known_contents, key, result)
        if isinstance(result, Contents):
            return result
        raise NotLookedAt(result)

    def crops(self, data: bytes, boxes: Sequence[Box]) -> Mapping[Box, str]:
        """Returns small PNGs, in base64, of places in a picture; none of those that cannot be made. Raises nothing."""
        with self._worker.lock:
            reply = self._reply(data, boxes)
        if not isinstance(reply, dict):
            return {}
        return {box: crop for box, crop in reply.items() if box in boxes and isinstance(crop, str)}

    def rest(self) -> None:
        """End the process, which holds the models in memory; the next file begins another."""
        with self._worker.lock:
            self._worker.end()

    def close(self) -> None:
        """End the process for good. A file that it is opening is not looked at, and nobody waits for it any more."""
        self._worker.close()

    def _ask(self, data: bytes) -> Contents | Trouble:
        reply = self._reply(data, None)
        if isinstance(reply, Contents):
            return reply
        return reply if reply in _TROUBLES else "failed"

    def _reply(self, data: bytes, boxes: Sequence[Box] | None) -> Any:
        """Returns the process's answer on a file, which nobody has checked, or "failed"."""
        try:
            if not self._worker.is_alive:
                self._worker.begin()
                self._is_new = True
            reply = self._worker.ask((data, boxes), self._longest + (self._beginning if self._is_new else 0.0))
        except InterruptedError:
            # Koban ends, which is no trouble with a file.
            return "failed"
        except Exception as error:
            log.warning("a file was not looked at: %s", error_location(error))
            self._worker.end()
            return "failed"
        self._is_new = False
        return reply


def _keep[Kept](by_key: OrderedDict[bytes, Kept], key: bytes, value: Kept) -> None:
    """Keep a value as the latest of some."""
    by_key[key] = value
    by_key.move_to_end(key)
    if len(by_key) > MOST_REMEMBERED:
        by_key.popitem(last=False)


def _work(pipe: Connection, memory: int, bounds: Bounds, seconds: float, niceness: int) -> None:
    from addon.pictures.worker import work

    work(pipe, memory, bounds, seconds, niceness)
