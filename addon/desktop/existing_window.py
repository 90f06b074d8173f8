"""Koban's own window from an earlier run, if it is still open: a new run continues in it."""

import asyncio
import contextlib
import os
import re
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from addon.desktop import windows_api
from addon.desktop.browsers import Browser

PORT_FILE = "koban-port"
"""The file of a profile with the proxy's port that its window was opened with."""


def profile_owner(browser: Browser, profile: Path) -> int | None:
    """Returns the id of the process that has a profile open, or None if there is none or the system does not tell.

    Chromium's `SingletonLock` links to `host-pid`, Firefox's `lock` to `address:+pid`; both may outlive their
    browser, so the process is checked too. On Windows a window of Chromium's own tells it; Firefox is not found there.
    """
    if _is_windows():
        return None if browser.is_firefox else windows_api.profile_owner_pid(profile, windows_api.system())
    try:
        lock = str((profile / ("lock" if browser.is_firefox else "SingletonLock")).readlink())
    except (OSError, ValueError):
        return None
    match = re.fullmatch(r"[^:]*:\+?(\d+)" if browser.is_firefox else r"(.+)-(\d+)", lock)
    if match is None or (not browser.is_firefox and match[1] != socket.gethostname()):
        return None
    pid = int(match[match.lastindex or 1])
    return pid if _runs(pid) else None


def _is_windows() -> bool:
    # A function, so that mypy takes neither branch for unreachable.
    return sys.platform == "win32"


def _runs(pid: int) -> bool:
    if _is_windows():
        # There `os.kill(pid, 0)` is Ctrl-C to a whole group of processes.
        return windows_api.process_runs(pid, windows_api.system())
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # It exists, and is another user's.
    return True


@dataclass(frozen=True, slots=True)
class ExistingProcess:
    """A browser that an earlier run of Koban started."""

    pid: int

    @property
    def running(self) -> bool:
        return _runs(self.pid)

    async def wait(self) -> int:
        """Wait for its end. Returns 0: the exit code is not known."""
        # The system reports the end of child processes only.
        while self.running:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        return 0


class ExistingWindow:
    """An open window that Koban continues in. It belongs to the user, and stays open when Koban ends."""

    def __init__(self, pid: int) -> None:
        self.process = ExistingProcess(pid)

    def close(self) -> None:
        """Do nothing: the window stays open."""


def read_port(profile: Path) -> int | None:
    """Returns the proxy's port that a profile's window was opened with, or None if unknown."""
    try:
        return int((profile / PORT_FILE).read_text())
    except (OSError, ValueError):
        return None


def write_port(profile: Path, port: int) -> None:
    """Store the port that a window is opened with. Ignores a folder that cannot be written."""
    with contextlib.suppress(OSError):
        (profile / PORT_FILE).write_text(str(port))
