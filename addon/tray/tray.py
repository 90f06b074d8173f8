"""Keeps the entry in the tray while Koban runs."""

import asyncio
import contextlib
import importlib.util
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

from addon.koban import Koban
from addon.redact import error_location
from addon.state.instance import want_window
from addon.state.settings import Settings
from addon.tray.entries import Action, TrayView, change_of, view_of
from addon.verdicts.log import PageVerdict

log = logging.getLogger("koban.tray")

LONGEST_WAIT = 3_600.0
"""Seconds after which the end of a pause is looked at again, at the latest."""


class TrayItem(Protocol):
    """An entry in a tray."""

    def show(self, view: TrayView) -> None:
        """Show another state and menu."""
        ...

    def close(self) -> None:
        """Take it away."""
        ...


Act = Callable[[Action], None]
Open = Callable[[Act, TrayView], Awaitable[TrayItem | None]]


@contextlib.asynccontextmanager
async def in_tray(koban: Koban, open_item: Open | None = None) -> AsyncIterator[None]:
    """Have Koban in the tray for as long as the context lasts. Where it cannot be, all else is as it would be."""
    task = asyncio.create_task(_guarded(koban, open_item or _opened))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _guarded(koban: Koban, open_item: Open) -> None:
    try:
        await _keep(koban, open_item)
    except Exception as error:
        # Whatever a desktop does with it: Koban works without.
        log.info("no entry in the tray: %s", error_location(error))


async def _keep(koban: Koban, open_item: Open) -> None:
    performing: set[asyncio.Task[None]] = set()

    def act(action: Action) -> None:
        task = asyncio.get_running_loop().create_task(perform(action, koban))
        performing.add(task)
        task.add_done_callback(performing.discard)

    async with koban.verdicts.subscribe() as events:
        last: PageVerdict | None = None
        shown_view = _view(koban, last)
        item = await open_item(act, shown_view)
        if item is None:
            return
        try:
            while True:
                event = await _next(events, koban.settings.current)
                if isinstance(event, PageVerdict):
                    last = _opened_last(last, event)
                elif last is not None:
                    last = koban.verdicts.shown(last.url)
                view = _view(koban, last)
                if view != shown_view:
                    item.show(shown_view := view)
        finally:
            item.close()


def _opened_last(last: PageVerdict | None, other: PageVerdict) -> PageVerdict:
    """Returns whichever page was opened last: one of before may be judged again, as where its pictures were read."""
    is_same = last is not None and last.url == other.url
    return other if last is None or is_same or other.judged_at >= last.judged_at else last


def _view(koban: Koban, last: PageVerdict | None) -> TrayView:
    return view_of(last.verdict.state if last is not None else None, koban.settings.current, datetime.now(UTC))


async def _next(events: "asyncio.Queue[PageVerdict | Settings]", settings: Settings) -> PageVerdict | Settings | None:
    """Returns the next event; None where a pause has ended, or may have."""
    now = datetime.now(UTC)
    if not settings.is_paused(now) or settings.paused_until is None:
        return await events.get()
    seconds = min((settings.paused_until - now).total_seconds(), LONGEST_WAIT)
    try:
        return await asyncio.wait_for(events.get(), seconds)
    except TimeoutError:
        return None


async def perform(action: Action, koban: Koban) -> None:
    """Do what was chosen. A disk that is full is the doctor's to tell."""
    if action == "quit":
        # As Ctrl-C does it, wherever Koban waits.
        signal.raise_signal(signal.SIGINT)
        return
    with contextlib.suppress(OSError):
        change = change_of(action, datetime.now(UTC))
        if change is None:
            want_window(koban.options.state_dir)
        else:
            await asyncio.to_thread(koban.settings.patch, change)


async def _opened(act: Act, view: TrayView, platform: str = sys.platform) -> TrayItem | None:
    """Returns the entry as this system has it; None without the extra `tray`, or without a desktop."""
    if platform == "linux":
        if importlib.util.find_spec("dbus_fast") is None or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return None
        from addon.tray.status_item import on_desktop

        return await on_desktop(act, view)
    if importlib.util.find_spec("pystray") is None:
        return None
    from addon.tray.process import ProcessItem

    return ProcessItem(act, view)
