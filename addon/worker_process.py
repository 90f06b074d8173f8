"""A process beside this one that answers messages, and is ended where it does not answer in time."""

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

KILLING = 5.0
"""Seconds that the system has to end a process that was killed."""
_SPAWN = multiprocessing.get_context("spawn")


class WorkerProcess:
    """Begins a process, asks it one thing after the other, and ends it.

    Whoever begins, asks or ends it holds `lock`; all else is safe to use from any thread.

    name: of the process. work: its entry point, a function of a module; it is called with its end of a pipe and
    `arguments`, and is to end once it receives None.
    """

    def __init__(self, name: str, work: Callable[..., None], *arguments: object) -> None:
        self.lock = threading.Lock()
        self._name = name
        self._work = work
        self._arguments = arguments
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """The number of the process that was begun last; None before the first."""
        return self._process.pid if self._process is not None else None

    @property
    def is_alive(self) -> bool:
        """Whether a process runs that can be asked."""
        return self._process is not None and self._pipe is not None and self._process.is_alive()

    @property
    def is_closed(self) -> bool:
        """Whether it was ended for good, or is about to be."""
        return self._closing.is_set()

    def begin(self) -> None:
        """Begin the process, in place of the one before. Raises OSError, also once it was closed."""
        if self._closing.is_set():
            # Not ended here: whoever closes it gives it the time to write what waits.
            self._close_pipe()
            raise InterruptedError
        self.end()
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=self._work, args=(theirs, *self._arguments), name=self._name, daemon=True)
        process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        if self._closing.is_set():
            # Too late for `close` to see it.
            self.end()
            raise InterruptedError

    def ask(self, message: object, patience: float) -> Any:
        """Returns the reply to a message. Raises TimeoutError after so many seconds, EOFError, OSError."""
        self._open_pipe().send(message)
        return self.received(patience)

    def received(self, patience: float) -> Any:
        """Returns what the process sends next. Raises TimeoutError after so many seconds, EOFError, OSError."""
        pipe = self._open_pipe()
        if not pipe.poll(patience):
            raise TimeoutError
        return pipe.recv()

    def end(self) -> None:
        """End the process at once, where one runs."""
        if self._process is not None:
            self._process.kill()
            self._process.join(KILLING)
        self._close_pipe()

    def close(self, patience: float = 0.0, ending: float = 0.0) -> None:
        """End it for good, and wait for that. Whoever waits for a reply that does not come any more gets EOFError.

        patience: seconds that it has for what it was asked last; it is then told to end (SIGTERM), and killed where it
        has not in as many seconds more. Windows knows no such telling, and kills it at once. ending: seconds to end by
        itself where nobody asks it anything.
        """
        self._closing.set()
        if not self.lock.acquire(timeout=patience):
            # It is stuck, and whoever asked it would wait for long.
            self._stop(patience)
            if not self.lock.acquire(timeout=KILLING):
                # The system has yet to end it. Whoever asked it still reads from the pipe.
                return
        try:
            self._finish(patience, ending)
        finally:
            self.lock.release()

    def _stop(self, patience: float) -> None:
        process = self._process
        if process is not None:
            process.terminate()
            process.join(patience)
            process.kill()

    def _finish(self, patience: float, ending: float) -> None:
        if self._pipe is None:
            # Whoever asked it last got no reply, and left its end to this one.
            self._stop(patience)
        elif ending and self._process is not None:
            with contextlib.suppress(OSError):
                self._pipe.send(None)
            self._process.join(ending)
        self.end()

    def _open_pipe(self) -> Connection:
        if self._pipe is None:
            raise EOFError
        return self._pipe

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                self._pipe.close()
            self._pipe = None
