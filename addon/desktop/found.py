"""A window of Koban's own that is open already: its user left it, and Koban begins anew beside it."""

import asyncio
import contextlib
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from addon.desktop.browsers import Browser

PORT_FILE = "koban-port"
"""In a profile: the proxy's port that the window was opened with."""


def holder(browser: Browser, profile: Path) -> int | None:
    """The process that has a profile open; None where none has, or where the system does not tell.

    Chromium's `SingletonLock` links to `host-pid`, Firefox's `lock` to `address:+pid`; both may outlive their
    browser, so the process is looked for. Windows has no such link: None.
    """
    try:
        lock = str((profile / ("lock" if browser.is_firefox else "SingletonLock")).readlink())
    except (OSError, ValueError):
        return None
    named = re.fullmatch(r"[^:]*:\+?(\d+)" if browser.is_firefox else r"(.+)-(\d+)", lock)
    if named is None or (not browser.is_firefox and named[1] != socket.gethostname()):
        return None
    pid = int(named[named.lastindex or 1])
    return pid if _runs(pid) else None


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is there, and another's
    return True


@dataclass(frozen=True, slots=True)
class FoundProcess:
    """A browser that Koban did not start in this run."""

    pid: int

    @property
    def running(self) -> bool:
        return _runs(self.pid)

    async def wait(self) -> int:
        """Return once it has ended."""
        # Nobody is told of the end of a process that is no child.
        while self.running:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        return 0


class FoundWindow:
    """An open window that Koban goes on in. It is its user's: it stays when Koban ends."""

    def __init__(self, pid: int) -> None:
        self.process = FoundProcess(pid)

    def close(self) -> None:
        """Leave it open."""


def opened_port(profile: Path) -> int | None:
    """The proxy's port that a profile's window was opened with; None where that is not known."""
    try:
        return int((profile / PORT_FILE).read_text())
    except (OSError, ValueError):
        return None


def keep_port(profile: Path, port: int) -> None:
    """Remember the port that a window is opened with. A folder that refuses it is no matter."""
    with contextlib.suppress(OSError):
        (profile / PORT_FILE).write_text(str(port))
