"""The entry over D-Bus, on a bus of the test's with a tray that asks as desktops do."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusStr
from dbus_fast.service import ServiceInterface, dbus_method

from addon.state.settings import Settings
from addon.tray.entries import Action, view_of
from addon.tray.status_item import ITEM_PATH, MENU_PATH, SIZES, WATCHER, DesktopItem, on_desktop

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="no dbus-daemon")

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
VIEW = view_of("caution", Settings(), NOW)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a bus of this test's own."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


class Watcher(ServiceInterface):
    """A desktop's list of entries."""

    def __init__(self) -> None:
        super().__init__(WATCHER)
        self.names: asyncio.Queue[str] = asyncio.Queue()

    @dbus_method(name="RegisterStatusNotifierItem")
    def register(self, service: DBusStr) -> None:
        self.names.put_nowait(service)


class Tray:
    """A tray on the bus."""

    def __init__(self, bus: MessageBus, watcher: Watcher) -> None:
        self.bus = bus
        self.watcher = watcher
        self.signals: asyncio.Queue[str] = asyncio.Queue()
        bus.add_message_handler(self._heard)

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member:
            self.signals.put_nowait(message.member)

    async def come(self) -> str:
        """Begin to be there. Returns the name of the entry that is offered to it."""
        self.bus.export("/StatusNotifierWatcher", self.watcher)
        bus = "org.freedesktop.DBus"
        await self.ask(bus, "/org/freedesktop/DBus", bus, "AddMatch", "s", ["type='signal'"])
        await self.bus.request_name(WATCHER)
        return await asyncio.wait_for(self.watcher.names.get(), 60)

    async def ask(
        self, name: str, path: str, interface: str, member: str, signature: str = "", body: list[Any] | None = None
    ) -> Any:
        message = Message(
            destination=name, path=path, interface=interface, member=member, signature=signature, body=body or []
        )
        answer = await asyncio.wait_for(self.bus.call(message), 60)
        assert answer is not None
        assert answer.message_type is not MessageType.ERROR, answer.body
        return answer.body[0] if len(answer.body) == 1 else answer.body

    async def menu(self, name: str, member: str, signature: str, *body: Any) -> Any:
        return await self.ask(name, MENU_PATH, "com.canonical.dbusmenu", member, signature, list(body))

    async def properties(self, name: str) -> dict[str, Any]:
        interface = "org.freedesktop.DBus.Properties"
        found = await self.ask(name, ITEM_PATH, interface, "GetAll", "s", ["org.kde.StatusNotifierItem"])
        return {key: value.value for key, value in found.items()}

    async def until(self, member: str) -> None:
        while await asyncio.wait_for(self.signals.get(), 60) != member:
            pass


@pytest.fixture
async def tray(address: str) -> AsyncIterator[Tray]:
    bus = await MessageBus(bus_address=address).connect()
    yield Tray(bus, Watcher())
    bus.disconnect()


@pytest.fixture
async def entry(address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[DesktopItem, list[Action]]]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    chosen: list[Action] = []
    item = await on_desktop(chosen.append, VIEW)
    yield item, chosen
    item.close()


async def test_reach_03_it_is_offered_to_a_tray_that_comes_later_and_to_the_next(
    tray: Tray, entry: tuple[DesktopItem, list[Action]]
) -> None:
    name = await tray.come()
    await tray.bus.release_name(WATCHER)
    await tray.bus.request_name(WATCHER)
    assert await asyncio.wait_for(tray.watcher.names.get(), 60) == name


async def test_reach_03_a_tray_finds_state_words_and_pictures(
    tray: Tray, entry: tuple[DesktopItem, list[Action]]
) -> None:
    name = await tray.come()
    found = await tray.properties(name)
    assert (found["Id"], found["Status"], found["Menu"]) == ("koban", "Active", MENU_PATH)
    assert found["Title"] == "Koban ▲ 注意（最後に開いたページ）"
    assert found["ToolTip"][3] == "▲ 注意（最後に開いたページ）"
    assert [(width, height, len(data)) for width, height, data in found["IconPixmap"]] == [
        (size, size, size * size * 4) for size in SIZES
    ]


async def test_reach_03_what_is_chosen_is_done(tray: Tray, entry: tuple[DesktopItem, list[Action]]) -> None:
    item, chosen = entry
    name = await tray.come()
    _, root = await tray.menu(name, "GetLayout", "iias", 0, -1, [])
    lines = [line.value for line in root[2]]
    labels = [properties["label"].value if "label" in properties else "-" for _, properties, _ in lines]
    assert labels == [
        "▲ 注意（最後に開いたページ）",
        "Kobanのウィンドウを開く",
        "-",
        "1時間、一時停止する",
        "再開するまで一時停止する",
        "-",
        "Kobanを終了する",
    ]
    for id_, _, _ in lines:
        await tray.menu(name, "Event", "isvu", id_, "clicked", Variant("i", 0), 0)
    await tray.menu(name, "Event", "isvu", 999, "clicked", Variant("i", 0), 0)
    assert chosen == ["open", "pause-hour", "pause", "quit"]
    await tray.ask(name, ITEM_PATH, "org.kde.StatusNotifierItem", "Activate", "ii", [0, 0])
    assert chosen[-1] == "open"
    item.show(view_of("danger", Settings(paused_until=NOW.replace(year=2030)), NOW))
    await tray.until("LayoutUpdated")
    assert (await tray.properties(name))["Title"] == "Koban ○ 未確認（一時停止中）"
    _, root = await tray.menu(name, "GetLayout", "iias", 0, -1, [])
    assert len(root[2]) == 6


async def test_reach_03_desktops_may_ask_for_parts_of_the_menu(
    tray: Tray, entry: tuple[DesktopItem, list[Action]]
) -> None:
    _, chosen = entry
    name = await tray.come()
    assert (await tray.menu(name, "GetProperty", "is", 2, "label")).value == "Kobanのウィンドウを開く"
    groups = await tray.menu(name, "GetGroupProperties", "aias", [1, 3], [])
    assert [(id_, sorted(properties)) for id_, properties in groups] == [
        (1, ["enabled", "label", "visible"]),
        (3, ["type", "visible"]),
    ]
    assert await tray.menu(name, "AboutToShow", "i", 0) is False
    assert await tray.menu(name, "AboutToShowGroup", "ai", [0]) == [[], []]
    event = [2, "clicked", Variant("i", 0), 0]
    assert await tray.menu(name, "EventGroup", "a(isvu)", [event, [77, "clicked", Variant("i", 0), 0]]) == [77]
    assert chosen == ["open"]


async def test_reach_03_without_a_bus_it_raises_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system has
        await on_desktop(lambda _: None, VIEW)
