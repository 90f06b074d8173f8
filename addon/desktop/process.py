"""A browser's process, in a process group of its own, with a wait that does not block."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from addon.desktop.window import BrowserError
from addon.language import system_reason


class Process:
    """A running browser. `wait` may be called from any event loop."""

    def __init__(self, pid: int, wait: Callable[[], int]) -> None:
        self.pid = pid
        self._end_event = threading.Event()
        self._code = 0

        def watch() -> None:
            self._code = wait()
            self._end_event.set()

        # A daemon, so that a browser that stays open does not keep Koban from ending.
        threading.Thread(target=watch, daemon=True, name="browser").start()

    @property
    def running(self) -> bool:
        return not self._end_event.is_set()

    async def wait(self) -> int:
        """Wait for its end. Returns the exit code."""
        while not await asyncio.to_thread(self._end_event.wait, 0.5):
            pass
        return self._code

    def stop(self, patience: float = 5) -> None:
        """Ask it to close, and kill it if it does not within `patience` seconds."""
        for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            if self.running:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self.pid, number)
                self._end_event.wait(patience)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environ: Mapping[str, str] | None = None,
    descriptors: Mapping[int, int] | None = None,
    handles: Sequence[int] = (),
) -> Process:
    """Start a program with its output in `log`.

    descriptors: the program's number → this process's (POSIX). handles: those that it inherits (Windows). Raises
    BrowserError if it cannot be started.
    """
    environ = os.environ if environ is None else environ
    try:
        if sys.platform == "win32":
            info = subprocess.STARTUPINFO(lpAttributeList={"handle_list": list(handles)})
            group = subprocess.CREATE_NEW_PROCESS_GROUP
            process = subprocess.Popen(command, env=environ, startupinfo=info, creationflags=group)  # noqa: S603
            return Process(process.pid, process.wait)
        pid = os.posix_spawnp(
            command[0],
            list(command),
            environ,
            # Not subprocess: `preexec_fn`, its only way to a given number, is unsafe beside threads.
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                *((os.POSIX_SPAWN_DUP2, ours, theirs) for theirs, ours in (descriptors or {}).items()),
            ],
            # In a group of its own: Ctrl-C in the terminal is for Koban.
            setpgroup=0,
        )
    except OSError as error:
        raise _cannot_start(command[0], error) from error
    return Process(pid, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _cannot_start(program: str, error: OSError) -> BrowserError:
    reason = system_reason(error)
    return BrowserError(
        f"ブラウザを起動できません（{program}: {reason.ja}）。",
        f"The browser cannot be started ({program}: {reason.en}).",
    )
