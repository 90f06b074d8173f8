"""The calls of Windows that tell which process a browser's window belongs to, and whether that process runs.

Everything above `system` is plain Python, so that it is tested on every system.
"""

import sys
from pathlib import Path
from typing import Protocol

MESSAGE_WINDOW = "Chrome_MessageWindow"
"""The class of the invisible window by which a second start of Chromium finds the first; its title is the folder of
the profile (https://chromium.googlesource.com/chromium/src/+/HEAD/base/win/message_window.cc, and
chrome/browser/chrome_process_finder_win.cc)."""
HWND_MESSAGE = -3
"""The parent of message-only windows (WinUser.h)."""
QUERY_LIMITED_INFORMATION = 0x1000
"""PROCESS_QUERY_LIMITED_INFORMATION (WinNT.h)."""
STILL_ACTIVE = 259
"""The exit code of a process that has not ended (GetExitCodeProcess)."""


class WindowsApi(Protocol):
    """The calls of Windows that are used."""

    def find_message_window(self, class_name: str, title: str) -> int:
        """Returns the handle of a message-only window, or 0 if there is none."""

    def process_of_window(self, handle: int) -> int:
        """Returns the id of the process that made a window, or 0 if the window is gone."""

    def exit_code(self, pid: int) -> int | None:
        """Returns the exit code of a process, `STILL_ACTIVE` while it runs, or None if there is none of this id."""


def profile_owner_pid(profile: Path, api: WindowsApi) -> int | None:
    """Returns the id of the process of Chromium's family that has a profile open, or None if there is none."""
    handle = api.find_message_window(MESSAGE_WINDOW, str(profile.absolute()))
    pid = api.process_of_window(handle) if handle else 0
    return pid if pid and process_runs(pid, api) else None


def process_runs(pid: int, api: WindowsApi) -> bool:
    """Returns whether a process has not ended."""
    return api.exit_code(pid) == STILL_ACTIVE


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _System:
        """The calls of this machine's Windows."""

        def __init__(self) -> None:
            user32, kernel32 = ctypes.WinDLL("user32"), ctypes.WinDLL("kernel32")
            self._find = user32.FindWindowExW
            self._find.restype = wintypes.HWND
            self._find.argtypes = [wintypes.HWND, wintypes.HWND, wintypes.LPCWSTR, wintypes.LPCWSTR]
            self._process_of = user32.GetWindowThreadProcessId
            self._process_of.restype = wintypes.DWORD
            self._process_of.argtypes = [wintypes.HWND, ctypes.POINTER(wintypes.DWORD)]
            self._open = kernel32.OpenProcess
            self._open.restype = wintypes.HANDLE
            self._open.argtypes = [wintypes.DWORD, wintypes.BOOL, wintypes.DWORD]
            self._exit_code = kernel32.GetExitCodeProcess
            self._exit_code.restype = wintypes.BOOL
            self._exit_code.argtypes = [wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD)]
            self._close = kernel32.CloseHandle
            self._close.restype = wintypes.BOOL
            self._close.argtypes = [wintypes.HANDLE]

        def find_message_window(self, class_name: str, title: str) -> int:
            return self._find(HWND_MESSAGE, None, class_name, title) or 0

        def process_of_window(self, handle: int) -> int:
            pid = wintypes.DWORD()
            self._process_of(handle, ctypes.byref(pid))
            return pid.value

        def exit_code(self, pid: int) -> int | None:
            process = self._open(QUERY_LIMITED_INFORMATION, False, pid)
            if not process:
                return None
            try:
                code = wintypes.DWORD()
                return code.value if self._exit_code(process, ctypes.byref(code)) else None
            finally:
                self._close(process)


def system() -> WindowsApi:
    """Returns the calls of this machine's Windows. Raises NotImplementedError on any other system."""
    if sys.platform == "win32":
        return _System()
    raise NotImplementedError
