"""When Python looks for garbage in cycles: not while a program starts, little at a time while pages pass, and all
of it when none has passed for a moment, and rarely while a table of texts is judged.

A collection stops the whole process, and one of everything takes as long as a page. Each flow of mitmproxy's is
a cycle, so it cannot be left undone.
"""

import asyncio
import contextlib
import gc
import sys
from collections.abc import Iterator

THRESHOLDS = (700, 3, 30)
"""gc thresholds for generations 0, 1 and 2. Full collections then come about every 500 pages; Python's defaults
(2,000, 10, 10) let 20,000 objects pile up."""
MANY = 50_000
"""Objects that pile up where collection is rare: what judging some hundred texts at once makes and frees again."""
PAUSE = 1.0
"""Seconds without a page until a full collection."""


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Disable collection inside the block and freeze everything allocated in it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextlib.contextmanager
def made_rare() -> Iterator[None]:
    """Collect rarely inside the block: for work that makes many objects at once, and next to no cycles of them."""
    thresholds = gc.get_threshold()
    gc.set_threshold(MANY, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def in_small_parts() -> None:
    """Freeze all present objects, and collect those made from now on in small parts."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


def give_back() -> None:
    """Give free memory back to the system where the allocator keeps it: glibc's, which else may keep it for good."""
    if sys.platform == "linux":
        # Late: most processes have no use for it.
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)


class Collecting:
    """mitmproxy addon: runs a full collection when nothing has passed for a while.

    pause: seconds. Of itself it wakes nobody up.
    """

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._last = 0.0
        self._is_armed = False

    def response(self, _flow: object) -> None:
        """Something has passed."""
        self._passed()

    def error(self, _flow: object) -> None:
        """It did not come to its end, and is garbage all the same."""
        self._passed()

    def _passed(self) -> None:
        loop = asyncio.get_running_loop()
        self._last = loop.time()
        if not self._is_armed:
            self._is_armed = True
            loop.call_later(self._pause, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        remaining = self._last + self._pause - loop.time()
        if remaining > 0:
            loop.call_later(remaining, self._look, loop)
            return
        self._is_armed = False
        if gc.isenabled():
            gc.collect()
