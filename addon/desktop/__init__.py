"""A browser window of Koban's own: found, opened, paired."""

from addon.desktop.browsers import Browser, Name
from addon.desktop.opening import OpenWindow, choose, fitted, keep_open, open_window
from addon.desktop.window import BrowserError, Window

__all__ = [
    "Browser",
    "BrowserError",
    "Name",
    "OpenWindow",
    "Window",
    "choose",
    "fitted",
    "keep_open",
    "open_window",
]
