"""When Python looks for garbage in cycles: not while a program starts, little at a time while pages pass, and all
of it when none has passed for a moment.

A collection stops the whole process, and one of everything takes as long as a page. Each flow of mitmproxy's is
a cycle, so it cannot be left undone.
"""

import asyncio
import contextlib
import gc
from collections.abc import Iterator

THRESHOLDS = (700, 3, 30)
"""Objects until the youngest are looked through; how often that is done until those that were left are; and how
often that, until all are: after some 500 pages without a pause. Python's own (2,000, 10, 10) let 20,000 gather."""
PAUSE = 1.0
"""Seconds without a page until all is looked through."""


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Look for none within it; what was made there stays, and is not looked through later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def in_small_parts() -> None:
    """Look through what is made from now on, a little at a time; what is here stays, and is not looked through."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


class Collecting:
    """mitmproxy addon: looks through all that was made when nothing has passed for a while.

    pause: seconds. Of itself it wakes nobody up.
    """

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._last = 0.0
        self._armed = False

    def response(self, _flow: object) -> None:
        """Something has passed."""
        self._passed()

    def error(self, _flow: object) -> None:
        """It did not come to its end, and is garbage all the same."""
        self._passed()

    def _passed(self) -> None:
        loop = asyncio.get_running_loop()
        self._last = loop.time()
        if not self._armed:
            self._armed = True
            loop.call_later(self._pause, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        left = self._last + self._pause - loop.time()
        if left > 0:
            loop.call_later(left, self._look, loop)
            return
        self._armed = False
        if gc.isenabled():
            gc.collect()
