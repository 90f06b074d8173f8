"""The entry in the trays of Linux's desktops, over D-Bus.

StatusNotifierItem (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/) with a menu of the interface
com.canonical.dbusmenu. KDE, Xfce, LXQt, Cinnamon, MATE and Budgie show it; GNOME with an extension that Ubuntu has.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from dbus_fast import BusType, DBusError, Message, MessageType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
    DBusUInt32,
    DBusVariant,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from addon.tray.entries import Action, TrayView
from addon.tray.icons import argb

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM_PATH, MENU_PATH = "/StatusNotifierItem", "/MenuBar"
SIZES = (22, 24, 32, 48)
"""Pixels; the tray takes the one that fits."""

Pixmaps = Annotated[list[tuple[int, int, bytes]], DBusSignature("a(iiay)")]
ToolTip = Annotated[tuple[str, list[tuple[int, int, bytes]], str, str], DBusSignature("(sa(iiay)ss)")]
Layout = tuple[int, dict[str, Variant], list[Variant]]
Act = Callable[[Action], None]

_READ = PropertyAccess.READ


class StatusItem(ServiceInterface):
    """The icon: what `org.kde.StatusNotifierItem` has of it."""

    def __init__(self, act: Act, view: TrayView) -> None:
        super().__init__("org.kde.StatusNotifierItem")
        self._act = act
        self._view = view

    def show(self, view: TrayView) -> None:
        """Show another state."""
        self._view = view
        self.new_icon()
        self.new_title()
        self.new_tool_tip()

    @dbus_property(access=_READ, name="Category")
    def category(self) -> DBusStr:
        return "ApplicationStatus"

    @dbus_property(access=_READ, name="Id")
    def id(self) -> DBusStr:
        return "koban"

    @dbus_property(access=_READ, name="Title")
    def title(self) -> DBusStr:
        return f"Koban {self._view.line}"

    @dbus_property(access=_READ, name="Status")
    def status(self) -> DBusStr:
        return "Active"

    @dbus_property(access=_READ, name="WindowId")
    def window_id(self) -> DBusInt32:
        return 0

    @dbus_property(access=_READ, name="IconName")
    def icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=_READ, name="IconPixmap")
    def icon_pixmap(self) -> Pixmaps:
        return [(size, size, argb(self._view.state, size)) for size in SIZES]

    @dbus_property(access=_READ, name="ToolTip")
    def tool_tip(self) -> ToolTip:
        # A list: dbus-fast has no tuples for structures.
        return ["", [], "Koban", self._view.line]  # type: ignore[return-value]

    @dbus_property(access=_READ, name="ItemIsMenu")
    def item_is_menu(self) -> DBusBool:
        return False

    @dbus_property(access=_READ, name="Menu")
    def menu(self) -> DBusObjectPath:
        return MENU_PATH

    @dbus_method(name="Activate")
    def activate(self, x: DBusInt32, y: DBusInt32) -> None:
        self._act("open")

    @dbus_method(name="SecondaryActivate")
    def secondary_activate(self, x: DBusInt32, y: DBusInt32) -> None:
        self._act("open")

    @dbus_method(name="ContextMenu")
    def context_menu(self, x: DBusInt32, y: DBusInt32) -> None:
        """Nothing: who asks for it draws the menu."""

    @dbus_method(name="Scroll")
    def scroll(self, delta: DBusInt32, orientation: DBusStr) -> None:
        """Nothing."""

    @dbus_signal(name="NewIcon")
    def new_icon(self) -> None: ...

    @dbus_signal(name="NewTitle")
    def new_title(self) -> None: ...

    @dbus_signal(name="NewToolTip")
    def new_tool_tip(self) -> None: ...


class StatusMenu(ServiceInterface):
    """The menu: what `com.canonical.dbusmenu` has of it. Its root is 0, its lines are numbered from 1."""

    def __init__(self, act: Act, view: TrayView) -> None:
        super().__init__("com.canonical.dbusmenu")
        self._act = act
        self._revision = 0
        self._lines = _lines(view)

    def show(self, view: TrayView) -> None:
        """Show another menu."""
        self._lines = _lines(view)
        self._revision += 1
        self.layout_updated()

    @dbus_property(access=_READ, name="Version")
    def version(self) -> DBusUInt32:
        return 3

    @dbus_property(access=_READ, name="TextDirection")
    def text_direction(self) -> DBusStr:
        return "ltr"

    @dbus_property(access=_READ, name="Status")
    def status(self) -> DBusStr:
        return "normal"

    @dbus_property(access=_READ, name="IconThemePath")
    def icon_theme_path(self) -> Annotated[list[str], DBusSignature("as")]:
        return []

    @dbus_method(name="GetLayout")
    def get_layout(
        self, parent: DBusInt32, depth: DBusInt32, names: Annotated[list[str], DBusSignature("as")]
    ) -> Annotated[tuple[int, Layout], DBusSignature("u(ia{sv}av)")]:
        if parent != 0:
            return [self._revision, [parent, self._properties(parent), []]]  # type: ignore[return-value]
        lines = [] if depth == 0 else [Variant("(ia{sv}av)", [id_, self._properties(id_), []]) for id_ in self._ids()]
        return [self._revision, [0, {"children-display": Variant("s", "submenu")}, lines]]  # type: ignore[return-value]

    @dbus_method(name="GetGroupProperties")
    def get_group_properties(
        self,
        ids: Annotated[list[int], DBusSignature("ai")],
        names: Annotated[list[str], DBusSignature("as")],
    ) -> Annotated[list[tuple[int, dict[str, Variant]]], DBusSignature("a(ia{sv})")]:
        return [[id_, self._properties(id_)] for id_ in ids or self._ids()]  # type: ignore[misc]

    @dbus_method(name="GetProperty")
    def get_property(self, id_: DBusInt32, name: DBusStr) -> DBusVariant:
        try:
            return self._properties(id_)[name]
        except KeyError:
            raise DBusError("org.freedesktop.DBus.Error.InvalidArgs", "no such property") from None

    @dbus_method(name="Event")
    def event(self, id_: DBusInt32, kind: DBusStr, data: DBusVariant, moment: DBusUInt32) -> None:
        self._happened(id_, kind)

    @dbus_method(name="EventGroup")
    def event_group(
        self, events: Annotated[list[tuple[int, str, Variant, int]], DBusSignature("a(isvu)")]
    ) -> Annotated[list[int], DBusSignature("ai")]:
        for id_, kind, *_ in events:
            self._happened(id_, kind)
        return [id_ for id_, *_ in events if id_ not in self._lines]

    @dbus_method(name="AboutToShow")
    def about_to_show(self, id_: DBusInt32) -> DBusBool:
        return False

    @dbus_method(name="AboutToShowGroup")
    def about_to_show_group(
        self, ids: Annotated[list[int], DBusSignature("ai")]
    ) -> Annotated[tuple[list[int], list[int]], DBusSignature("aiai")]:
        return [[], []]  # type: ignore[return-value]

    @dbus_signal(name="LayoutUpdated")
    def layout_updated(self) -> Annotated[tuple[int, int], DBusSignature("ui")]:
        return [self._revision, 0]  # type: ignore[return-value]

    def _ids(self) -> list[int]:
        return list(self._lines)

    def _properties(self, id_: int) -> dict[str, Variant]:
        line = self._lines.get(id_)
        if line is None:
            return {}
        label, action = line
        if label is None:
            return {"type": Variant("s", "separator"), "visible": Variant("b", True)}
        # An underscore would mark the next letter as a key.
        label_variant = Variant("s", label.replace("_", "__"))
        return {"label": label_variant, "enabled": Variant("b", action is not None), "visible": Variant("b", True)}

    def _happened(self, id_: int, kind: str) -> None:
        _, action = self._lines.get(id_, (None, None))
        if kind == "clicked" and action is not None:
            self._act(action)


def _lines(view: TrayView) -> dict[int, tuple[str | None, Action | None]]:
    """Returns the lines of a menu by their number; a line without a label parts two groups."""
    lines: list[tuple[str | None, Action | None]] = []
    for group in view.groups:
        lines += [(None, None)] if lines else []
        lines += [(entry.label, entry.action) for entry in group]
    return dict(enumerate(lines, 1))


class DesktopItem:
    """The entry on the session's bus, offered to whichever tray comes."""

    def __init__(self, bus: MessageBus, act: Act, view: TrayView) -> None:
        self._bus = bus
        self._item, self._menu = StatusItem(act, view), StatusMenu(act, view)
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, view: TrayView) -> None:
        """Show another state and menu."""
        self._item.show(view)
        self._menu.show(view)

    def close(self) -> None:
        """Take the entry away."""
        for task in self._tasks:
            task.cancel()
        self._bus.disconnect()

    async def offer(self) -> None:
        """Offer the entry to the tray that is there, and to each that comes. Raises OSError, DBusError, EOFError."""
        self._bus.export(ITEM_PATH, self._item)
        self._bus.export(MENU_PATH, self._menu)
        self._bus.add_message_handler(self._owner_changed)
        rule = f"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{WATCHER}'"
        await self._ask("AddMatch", rule)
        answer = await self._ask("NameHasOwner", WATCHER)
        if answer.body and answer.body[0] is True:
            await self._register()

    def _owner_changed(self, message: Message) -> None:
        if message.member != "NameOwnerChanged" or not message.body or message.body[0] != WATCHER:
            return
        if message.body[2]:
            task = asyncio.get_running_loop().create_task(self._register())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _register(self) -> None:
        # A refusal is as if there were no tray.
        await self._bus.call(
            Message(
                destination=WATCHER,
                path="/StatusNotifierWatcher",
                interface=WATCHER,
                member="RegisterStatusNotifierItem",
                signature="s",
                body=[self._bus.unique_name],
            )
        )

    async def _ask(self, member: str, text: str) -> Message:
        bus = "org.freedesktop.DBus"
        message = Message(
            destination=bus, path="/org/freedesktop/DBus", interface=bus, member=member, signature="s", body=[text]
        )
        answer: Any = await self._bus.call(message)
        if answer is None or answer.message_type is MessageType.ERROR:
            raise DBusError("org.freedesktop.DBus.Error.Failed", f"{member} was refused")
        return answer  # type: ignore[no-any-return]


async def on_desktop(act: Act, view: TrayView) -> DesktopItem:
    """Returns the entry on the session's bus, for whichever tray is there or comes.

    Raises OSError, DBusError, EOFError and whatever the library has for a bus that cannot be reached.
    """
    bus = await MessageBus(bus_type=BusType.SESSION).connect()
    item = DesktopItem(bus, act, view)
    try:
        await item.offer()
    except BaseException:
        item.close()
        raise
    return item
