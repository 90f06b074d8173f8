"""The entry by pystray in a process of its own. The library is a fake here: this system has another way."""

import asyncio
import multiprocessing
import signal
import sys
import threading
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

import pytest

from addon.state.settings import Settings
from addon.tray.entries import Action, TrayView, view_of
from addon.tray.process import ProcessItem, _work, menu_of, run

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
VIEW = view_of(None, Settings(), NOW)


class FakeItem:
    def __init__(self, text: str, action: Any, default: bool = False, enabled: bool = True) -> None:
        self.text, self.action, self.default, self.enabled = text, action, default, enabled


class FakeMenu:
    SEPARATOR = FakeItem("-", None)

    def __init__(self, *items: FakeItem) -> None:
        self.items = items


class FakeIcon:
    shown: "FakeIcon | None" = None

    def __init__(self, name: str, icon: Any, title: str, menu: FakeMenu) -> None:
        self.name, self.icon, self.title, self.menu = name, icon, title, menu
        self.visible = False
        self.stopped = threading.Event()
        FakeIcon.shown = self

    def run(self, setup: Any) -> None:
        threading.Thread(target=setup, args=(self,), daemon=True).start()
        self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()


@pytest.fixture
def pystray(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    library = ModuleType("pystray")
    library.Icon, library.Menu, library.MenuItem = FakeIcon, FakeMenu, FakeItem  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pystray", library)
    monkeypatch.setattr("logging.disable", lambda: None)
    return library


def test_reach_03_the_menu_is_that_of_the_view(pystray: ModuleType) -> None:
    chosen: list[Action | None] = []
    menu = menu_of(VIEW, lambda action: lambda: chosen.append(action))
    assert [item.text for item in menu.items].count("-") == 2
    for item in menu.items:
        if item.action is not None and item.enabled:
            item.action()
    assert chosen == ["open", "pause-hour", "pause", "quit"]
    assert [item.text for item in menu.items if item.default] == ["Kobanのウィンドウを開く"]
    assert menu.items[0].enabled is False


def test_reach_03_it_follows_the_views_sends_what_is_chosen_and_ends_with_the_pipe(pystray: ModuleType) -> None:
    ours, theirs = multiprocessing.Pipe()
    process = threading.Thread(target=run, args=(theirs, VIEW), daemon=True)
    process.start()
    ours.send(view_of("danger", Settings(), NOW))
    ours.send(None)
    process.join(60)
    assert not process.is_alive()
    icon = FakeIcon.shown
    assert icon is not None
    assert icon.visible
    assert icon.title == "Koban ■ 危険（最後に開いたページ）"
    next(item for item in icon.menu.items if item.default).action()
    assert ours.poll(60)
    assert ours.recv() == "open"


def deaf(pipe: Connection, view: TrayView) -> None:
    """Reads nothing, as a process that hangs in its desktop."""
    pipe.send("quit")
    threading.Event().wait()


@pytest.mark.slow
async def test_reach_03_a_process_that_hangs_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addon.tray.process._work", deaf)
    begun = asyncio.Event()
    item = ProcessItem(lambda _: begun.set(), VIEW)
    await asyncio.wait_for(begun.wait(), 60)
    for _ in range(5_000):
        item.show(VIEW)
    item.process.terminate()
    item.close()


async def test_reach_03_ctrl_c_is_not_for_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[object] = []
    monkeypatch.setattr("signal.signal", lambda number, handler: numbers.append((number, handler)))
    monkeypatch.setattr("addon.tray.process.run", lambda *_: None)
    ours, _ = multiprocessing.Pipe()
    _work(ours, VIEW)
    assert numbers == [(signal.SIGINT, signal.SIG_IGN)]


@pytest.mark.slow
async def test_reach_03_a_process_that_fails_breaks_nothing_and_why_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is no pystray on Linux: the process ends by itself."""
    chosen: list[Action] = []
    item = ProcessItem(chosen.append, VIEW)
    await asyncio.to_thread(item.process.join, 60)
    await asyncio.to_thread(item.listener.join, 60)
    assert "no entry in the tray: ModuleNotFoundError at " in caplog.text
    assert item.process.exitcode == 0
    item.show(VIEW)
    item.close()
    assert chosen == []
