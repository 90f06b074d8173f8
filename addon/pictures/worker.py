"""The process in which pictures and files are opened: confined, then one file after the other."""

import logging
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection

from addon.pictures.bounds import Bounds
from addon.pictures.limits import LOWEST, confine, give_back, limit_time
from addon.redact import error_location
from extractors.records import Box, Contents

log = logging.getLogger("koban.pictures")


def work(pipe: Connection, memory: int, bounds: Bounds, seconds: float = 0.0, niceness: int = LOWEST) -> None:
    """Answer each file with its contents, or with the word why it was not looked at, until the other side is gone.

    A file comes as its bytes and None, or with the places in it of which small PNGs are wanted instead.

    seconds: of a processor, beyond which a file ends the process; 0: none. memory, niceness: as `confine` has them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    confine(memory, niceness)
    from addon.pictures.reading import NotLookedAt, crops, read

    def answer(data: bytes, boxes: Sequence[Box] | None) -> Contents | dict[Box, str] | str:
        try:
            return read(data, bounds) if boxes is None else crops(data, boxes, bounds)
        except NotLookedAt as reason:
            return reason.trouble
        except ModuleNotFoundError:  # another ImportError is a library that could not be loaded, for want of memory
            return "absent"

    while True:
        try:
            data, boxes = pipe.recv()
        except (EOFError, OSError):
            return
        limit_time(seconds)
        try:
            reply = answer(data, boxes)
        except MemoryError:
            # What was allocated may still be held somewhere: the next file gets a process of its own.
            sys.exit(70)
        except Exception as error:
            log.error("a file was not looked at: %s", error_location(error))
            reply = "failed"
        limit_time(0)
        try:
            pipe.send(reply)
        except OSError:
            return
        give_back()
