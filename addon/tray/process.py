"""The entry on Windows and macOS: by pystray, in a process of its own.

macOS gives a menu bar to the first thread of a process alone, and what fails in there takes nothing of Koban with it.
To it go views, from it come actions; it ends when the pipe does.
"""

import asyncio
import contextlib
import logging
import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, get_args

from addon.redact import error_location
from addon.tray.entries import Action, TrayView

if TYPE_CHECKING:
    import pystray

log = logging.getLogger("koban.tray")

SIZE = 64
"""Pixels of the picture, which pystray makes fit."""
_SPAWN = multiprocessing.get_context("spawn")
_ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Sent by the process where it cannot show the entry. place: the type of the error, and where it arose."""

    place: str


class ProcessItem:
    """The parent's end."""

    def __init__(self, act: Callable[[Action], None], view: TrayView) -> None:
        """Begins the process. act: called on this event loop. Raises OSError."""
        self._loop = asyncio.get_running_loop()
        self._act = act
        self._views: queue.SimpleQueue[TrayView | None] = queue.SimpleQueue()
        self._pipe, other = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_work, args=(other, view), daemon=True, name="koban-tray")
        self.process.start()
        other.close()
        self.listener, teller = (
            threading.Thread(target=end, daemon=True, name="koban-tray") for end in (self._listen, self._tell)
        )
        self.listener.start()
        teller.start()

    def show(self, view: TrayView) -> None:
        """Show another state and menu without waiting, since pages pass at the same time."""
        self._views.put(view)

    def close(self) -> None:
        """Take the entry away."""
        self._views.put(None)
        self.process.join(2)
        if self.process.is_alive():
            self.process.terminate()
        self._pipe.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, EOFError, RuntimeError):  # of a loop that is closed
            while True:
                action = self._pipe.recv()
                if action in _ACTIONS:
                    self._loop.call_soon_threadsafe(self._act, action)
                elif isinstance(action, _Failure):
                    log.warning("no entry in the tray: %s", action.place)

    def _tell(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                view = self._views.get()
                # Of many that have come meanwhile the last one counts.
                while not self._views.empty():
                    view = self._views.get()
                self._pipe.send(view)
                if view is None:
                    return


def _work(pipe: Connection, view: TrayView) -> None:
    # Ctrl-C in the terminal is for Koban, which then ends the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(pipe, view)


def run(pipe: Connection, view: TrayView) -> None:
    """Be the process: show the entry until the pipe ends, or it cannot be shown."""
    # What the library has to say is of no use to anybody, and would stand in the user's terminal.
    logging.disable()
    try:
        _show(pipe, view)
    except Exception as error:
        with contextlib.suppress(OSError):
            pipe.send(_Failure(error_location(error)))


def _show(pipe: Connection, view: TrayView) -> None:
    import pystray

    from addon.tray.icons import icon

    def act(action: Action | None) -> Callable[[], None]:
        def clicked() -> None:
            with contextlib.suppress(OSError):
                pipe.send(action)

        return clicked

    item = pystray.Icon("koban", icon(view.state, SIZE), f"Koban {view.line}", menu_of(view, act))

    def follow(item: "pystray.Icon") -> None:
        item.visible = True
        with contextlib.suppress(OSError, EOFError):
            while (new_view := pipe.recv()) is not None:
                item.icon = icon(new_view.state, SIZE)
                item.title = f"Koban {new_view.line}"
                item.menu = menu_of(new_view, act)
        item.stop()

    item.run(setup=follow)


def menu_of(view: TrayView, act: Callable[[Action | None], Callable[[], None]]) -> Any:
    """Returns pystray's menu of a view. What opens the window is what a click on the icon does."""
    import pystray

    items: list[Any] = []
    for group in view.groups:
        items += [pystray.Menu.SEPARATOR] if items else []
        items += [
            pystray.MenuItem(
                entry.label, act(entry.action), default=entry.action == "open", enabled=entry.action is not None
            )
            for entry in group
        ]
    return pystray.Menu(*items)
