"""Which pages a window opens on, and one that is open beside a Koban which is still getting ready."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from addon.app import running
from addon.desktop import launch
from addon.desktop.browsers import Browser
from addon.desktop.chromium import ChromiumWindow
from addon.desktop.existing_window import ExistingWindow
from addon.desktop.window import BrowserError, Window
from addon.loopback import CannotStart
from addon.state.instance import sole_instance
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


@pytest.mark.slow
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
        def call(*given: str, behind: bool = False) -> str:
            self._calls.append(" ".join([name, *given, *(["behind"] if behind else [])]))
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

    launch.open_chromium(CHROMIUM, window, link, [PAGE], lambda: True)
    assert calls[:4] == ["open", "pin_extension", "link", f"show {LINK}"]
    assert calls[4:] == [f"show {PAGE}", "close_tab tab", "close_blank"]


@pytest.mark.parametrize("pairs", [True, False])
def test_ux_23_the_start_page_is_shown_before_the_api_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pairs: bool
) -> None:
    calls, window = _chromium(monkeypatch, tmp_path)

    def link() -> str:
        calls.append("link")
        return LINK

    launch.open_chromium(CHROMIUM, window, link, [PAGE], lambda: pairs, start_page=True, patience=0)
    assert calls[:3] == ["open", "show chrome-extension://koban/welcome.html#window", "close_blank"]
    # The page of a pairing that failed stays.
    assert calls[3:] == [
        *("pin_extension", "link", f"show {LINK} behind"),
        *(["close_tab tab"] if pairs else []),
        "close_blank",
    ]


def test_ux_23_a_window_closes_where_there_will_be_no_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, window = _chromium(monkeypatch, tmp_path)

    def link() -> str:
        raise CannotStart("the port is taken")

    with pytest.raises(CannotStart):
        launch.open_chromium(CHROMIUM, window, link, [PAGE], lambda: True)
    assert calls == ["open", "pin_extension", "close"]


def test_reach_03_a_window_that_nobody_drives_is_found_by_its_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[Sequence[str]] = []
    monkeypatch.setattr(launch, "spawn", lambda command, **_: commands.append(command))
    window = Window(profile=tmp_path, pac="", authority=tmp_path, spki=None)
    for browser in (CHROMIUM, Browser(name="firefox", command=("firefox",))):
        launch.bring_to_front(ExistingWindow(1), browser, window, PAGE)
    assert [(command[0], command[-1]) for command in commands] == [("chromium", PAGE), ("firefox", PAGE)]
    calls, _ = _chromium(monkeypatch, tmp_path)
    opened = ChromiumWindow.open(CHROMIUM, window)
    monkeypatch.setattr(launch, "ChromiumWindow", Opened)
    launch.bring_to_front(opened, CHROMIUM, window, PAGE)
    assert calls == ["open", f"bring_to_front {PAGE}"]


@pytest.mark.slow
async def test_reach_03_another_start_shows_the_open_window_and_a_failure_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, shown = OpenForEver(), asyncio.Event()
    loop, calls = asyncio.get_running_loop(), []

    async def open_window(*_: object, **__: object) -> OpenForEver:
        return window

    def bring_to_front(*_: object) -> None:
        calls.append("shown")
        if len(calls) == 1:
            raise BrowserError("閉じた", "it was closed")
        loop.call_soon_threadsafe(shown.set)

    monkeypatch.setattr(launch, "_open_or_continue", open_window)
    monkeypatch.setattr(launch, "bring_to_front", bring_to_front)
    with sole_instance(tmp_path):
        async with running(ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path), CLEAR) as koban:
            keeping = asyncio.create_task(
                launch.keep_open(CHROMIUM, koban, tmp_path, "", [PAGE], Console(quiet=True)), name="window"
            )
            for _ in range(2):
                assert await asyncio.to_thread(launch.show_running, tmp_path, Console(quiet=True)) == 0
            await shown.wait()
            keeping.cancel()
            await asyncio.wait([keeping])
    assert calls == ["shown", "shown"]


def test_reach_03_a_koban_that_does_not_answer_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "request_window", lambda _: "silent")
    assert launch.show_running(tmp_path, Console(width=200)) == 1
    assert "does not answer" in capsys.readouterr().out
