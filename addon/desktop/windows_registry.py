"""The calls of Windows that keep a text in the registry of this user."""

import contextlib
import sys
from typing import Protocol


class Registry(Protocol):
    """Texts below `HKEY_CURRENT_USER`."""

    def text(self, key: str, name: str) -> str | None:
        """Returns a text, or None where there is none."""

    def set_text(self, key: str, name: str, text: str) -> None:
        """Store a text. Raises OSError."""

    def remove(self, key: str, name: str) -> None:
        """Remove a text. Does nothing where there is none. Raises OSError."""


if sys.platform == "win32":
    import winreg

    class _System:
        """The registry of this machine's Windows."""

        def text(self, key: str, name: str) -> str | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as handle:
                    return str(winreg.QueryValueEx(handle, name)[0])
            except OSError:
                return None

        def set_text(self, key: str, name: str, text: str) -> None:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as handle:
                winreg.SetValueEx(handle, name, 0, winreg.REG_SZ, text)

        def remove(self, key: str, name: str) -> None:
            with (
                contextlib.suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as handle,
            ):
                winreg.DeleteValue(handle, name)


def system() -> Registry:
    """Returns the registry of this machine's Windows. Raises NotImplementedError on any other system."""
    if sys.platform == "win32":
        return _System()
    raise NotImplementedError
