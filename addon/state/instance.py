"""One Koban a state folder: the lock of the running one, and the file by which a second start asks for its window.

A lock of the system's, since it ends with its process, however that ends. Files, rather than a port: the folder is its
user's alone on every system, so nobody else can ask.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

LOCK_FILE = "running.lock"
REQUEST_FILE = "window-wanted"
"""Made by a second start; removed by the running Koban as soon as it opens its window."""
BELL_FILE = "window-bell"
"""A named pipe, while a Koban waits for requests and where the system has such pipes: whoever asks writes into it."""
EVERY = 1.0
"""Seconds between two looks of a Koban that has no bell. Each wakes an idle machine: at four a second they were nine
tenths of the processor time at rest."""
SELDOM = 10.0
"""The same of one that has: somebody may have cleared the folder."""
ASKING_EVERY = 0.25
"""Seconds between two looks of who asks."""
PATIENCE = 30.0
"""Seconds for a running Koban to see a request: one that still imports its modules on a busy machine takes long."""

Answer = Literal["shown", "ended", "silent"]
"""The running Koban has seen the request; it has ended before it saw it; it did not see it in time."""


@contextlib.contextmanager
def sole_instance(state_dir: Path) -> Iterator[bool]:
    """Be the Koban of a state folder, for as long as the context lasts, unless another process is.

    Yields whether this process is. True as well where the system or the disk has no locks: whether two can run beside
    each other is then left to their ports.
    """
    lock = FileLock(state_dir / LOCK_FILE, timeout=0, mode=0o600, fallback_to_soft=False)
    with contextlib.ExitStack() as stack:
        is_sole = True
        try:
            stack.enter_context(lock)
        except Timeout:
            is_sole = False
        except (OSError, NotImplementedError):
            pass
        if is_sole:
            # Of a process that asked when the one before this was about to end.
            _take_request(state_dir)
        yield is_sole


def request_window(state_dir: Path, patience: float = PATIENCE, wait: Callable[[float], None] = time.sleep) -> Answer:
    """Have the running Koban of a state folder show its window. Returns how that went.

    patience: seconds after which the request is withdrawn. Raises OSError if the folder cannot be written.
    """
    request = state_dir / REQUEST_FILE
    want_window(state_dir)
    for _ in range(round(patience / ASKING_EVERY)):
        if not request.exists():
            return "shown"
        with sole_instance(state_dir) as is_sole:
            if is_sole:
                return "ended"
        wait(ASKING_EVERY)
    return "silent" if _take_request(state_dir) else "shown"


def want_window(state_dir: Path) -> None:
    """Ask the running Koban of a state folder for its window, without waiting for it. Raises OSError."""
    (state_dir / REQUEST_FILE).touch(mode=0o600)
    if hasattr(os, "mkfifo"):
        # Where nobody hears it, the request is looked for all the same.
        with contextlib.suppress(OSError), open(state_dir / BELL_FILE, "wb", opener=_opened_at_once) as bell:
            bell.write(b"!")


async def window_request(state_dir: Path, every: float = EVERY) -> None:
    """Wait until another start asks for the window of this one, and take the request.

    every: seconds between two looks where there can be no bell.
    """
    request = state_dir / REQUEST_FILE
    with _bell(state_dir, every) as rings:
        # An exception each time would cost more than the look.
        while not (request.exists() and _take_request(state_dir)):
            await rings()


@contextlib.contextmanager
def _bell(state_dir: Path, every: float) -> Iterator[Callable[[], Awaitable[None]]]:
    """Hang a bell up, for as long as the context lasts. Yields a function that waits for it to ring, or a while."""
    path = state_dir / BELL_FILE
    try:
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        # For writing too: without anybody who may write, a pipe is at its end, which is told without end.
        bell = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    except (AttributeError, OSError):
        yield lambda: asyncio.sleep(every)
        return
    loop, has_rung = asyncio.get_running_loop(), asyncio.Event()

    def hear() -> None:
        os.read(bell, 4096)
        has_rung.set()

    async def rings() -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(has_rung.wait(), SELDOM)
        has_rung.clear()

    loop.add_reader(bell, hear)
    try:
        yield rings
    finally:
        loop.remove_reader(bell)
        os.close(bell)
        path.unlink(missing_ok=True)


def _opened_at_once(path: str, _flags: int) -> int:
    """As an `opener`: without waiting for somebody who reads."""
    return os.open(path, os.O_WRONLY | os.O_NONBLOCK)


def _take_request(state_dir: Path) -> bool:
    """Remove the request of a folder. Returns whether there was one."""
    try:
        (state_dir / REQUEST_FILE).unlink()
    except OSError:
        return False
    return True
