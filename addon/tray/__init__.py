"""Koban's entry in the tray or the menu bar: the state, the window, the pause, the end.

`tray.py` keeps it while Koban runs, `entries.py` says what is in it. Linux's desktops take it over D-Bus
(`status_item.py`), Windows and macOS by pystray, in a process of its own (`process.py`). Where there is none, or it
fails, nothing else does.
"""

from addon.tray.tray import in_tray

__all__ = ["in_tray"]
