"""Koban's own browser window, and the trust stores of this user."""

from addon.desktop.browsers import Browser, Name
from addon.desktop.launch import OpenWindow, choose, keep_open, open_window, show_running, window_for
from addon.desktop.window import BrowserError, Window

__all__ = [
    "Browser",
    "BrowserError",
    "Name",
    "OpenWindow",
    "Window",
    "choose",
    "keep_open",
    "open_window",
    "show_running",
    "window_for",
]
