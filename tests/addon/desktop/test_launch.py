"""Which pages a window opens on, and one that is open beside a Koban which is still getting ready."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from addon.app import running
from addon.desktop import launch
from addon.desktop.browsers import Browser
from addon.desktop.chromium import ChromiumWindow
from addon.desktop.window import Window
from addon.loopback import CannotStart
from addon.state.options import ServeOptions
from tests.addon.judges import CLEAR

CHROMIUM = Browser(name="chromium", command=("chromium",))
PAGE = "https://crowdworks.jp/"
LINK = "http://127.0.0.1:1/pair#c"


@pytest.mark.parametrize(
    ("extension", "start_page", "urls"),
    [
        (Path("x"), True, [f"{LINK}&start"]),
        (Path("x"), False, [PAGE, f"{LINK}&close"]),
        (None, True, [PAGE]),
    ],
)
def test_ux_b_firefox_opens_on_the_start_page_too(
    tmp_path: Path, extension: Path | None, start_page: bool, urls: list[str]
) -> None:
    window = Window(profile=tmp_path, pac="", authority=tmp_path, spki=None, extension=extension)
    assert launch.firefox_urls(window, LINK, [PAGE], start_page=start_page) == urls


class OpenForEver:
    """A window that nobody closes."""

    def __init__(self) -> None:
        self.process = self
        self.is_closed = False

    async def wait(self) -> int:
        await asyncio.Event().wait()
        return 0

    def close(self) -> None:
        self.is_closed = True


async def test_ux_23_a_window_closes_with_the_reason_where_pages_will_never_be_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = OpenForEver()

    async def open_window(*_: object, **__: object) -> OpenForEver:
        return window

    async def fail() -> None:
        raise CannotStart("the rules are broken")

    monkeypatch.setattr(launch, "_open_or_continue", open_window)
    async with running(ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path), CLEAR) as koban:
        koban.judging = asyncio.create_task(fail())
        with pytest.raises(CannotStart, match="the rules are broken"):
            await launch.keep_open(CHROMIUM, koban, tmp_path, "", [PAGE], Console(quiet=True))
    assert window.is_closed


class Opened:
    """A window of Chromium that writes down what is asked of it."""

    extension_id = "koban"

    def __init__(self, calls: list[str]) -> None:
        self._calls = calls

    def __getattr__(self, name: str) -> Callable[..., str]:
        def call(*given: str) -> str:
            self._calls.append(" ".join([name, *given]))
            return "tab"

        return call


def _chromium(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[list[str], Window]:
    calls: list[str] = []

    def open_(*_: object) -> Opened:
        calls.append("open")
        return Opened(calls)

    monkeypatch.setattr(ChromiumWindow, "open", open_)
    return calls, Window(profile=tmp_path, pac="", authority=tmp_path, spki=None, extension=tmp_path)


def test_ux_23_the_browser_starts_while_the_api_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, window = _chromium(monkeypatch, tmp_path)

    def link() -> str:
        calls.append("link")
        return LINK

    launch.open_chromium(CHROMIUM, window, link, [PAGE], lambda: True, start_page=True)
    assert calls[:4] == ["open", "pin_extension", "link", f"show {LINK}"]
    assert calls[4] == "show chrome-extension://koban/welcome.html#window"


def test_ux_23_a_window_closes_where_there_will_be_no_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, window = _chromium(monkeypatch, tmp_path)

    def link() -> str:
        raise CannotStart("the port is taken")

    with pytest.raises(CannotStart):
        launch.open_chromium(CHROMIUM, window, link, [PAGE], lambda: True)
    assert calls == ["open", "pin_extension", "close"]
