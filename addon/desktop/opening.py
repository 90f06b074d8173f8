"""Choosing a browser, opening a window of Koban's own in it, and having its extension pair itself."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.console import Console

from addon.desktop.browsers import Browser, Name, find_browsers, has_display
from addon.desktop.chromium import ChromiumWindow
from addon.desktop.firefox import FirefoxWindow
from addon.desktop.found import FoundWindow, holder, keep_port, opened_port
from addon.desktop.window import BrowserError, Window, built_extension, reachable
from addon.ending import wait_for_end
from addon.koban import Koban
from addon.language import say
from addon.verdicts.log import PageVerdict

OpenWindow = ChromiumWindow | FirefoxWindow | FoundWindow

CHAIN_PATIENCE = 30.0
"""Seconds until a window's extension should have paired."""
PAIRING_PATIENCE = 10.0
"""Seconds that the extension gets to pair itself before the pages are opened all the same."""


def choose(wanted: Name | None) -> Browser:
    """The browser to open: the one asked for, else the best that this machine has.

    Raises BrowserError where it is not installed, or where there is no display.
    """
    if not has_display():
        raise BrowserError(
            "画面を表示できない環境のため、ブラウザを開けません。", "There is no display to open a browser on."
        )
    found = find_browsers()
    for browser in found:
        if wanted in (None, browser.name):
            return browser
    titles = [browser.title for browser in found]
    raise BrowserError(
        f"{wanted or '使えるブラウザ'} が見つかりません（見つかったもの: {'、'.join(titles) or 'なし'}）。",
        f"{wanted or 'A browser that can be used'} was not found (found: {', '.join(titles) or 'none'}).",
    )


def fitted(browser: Browser, state_dir: Path, *, pac: str, authority: Path, spki: str | None) -> Window:
    """A window for a browser: profile and extension where its packaging lets it read them."""
    profile, extension = reachable(browser, state_dir, built_extension(browser))
    return Window(profile=profile, pac=pac, authority=authority, spki=spki, extension=extension)


async def open_window(
    browser: Browser,
    window: Window,
    pairing_link: str,
    urls: Sequence[str],
    paired: Callable[[], bool],
    *,
    start_page: bool = False,
) -> OpenWindow:
    """Open a window, let its extension pair itself, and show the addresses.

    paired: whether the extension has paired since the link was made. Without an extension the addresses
    are shown at once. start_page: show the extension's start page in their place, where the browser says by which
    address it has it. Raises BrowserError where the browser does not start or refuses the extension.
    """
    if browser.is_firefox:
        # The first address is the one in front.
        last = [pairing_link] if window.extension is not None else []
        return await asyncio.to_thread(FirefoxWindow.open, browser, window, [*urls, *last])
    return await asyncio.to_thread(open_chromium, browser, window, pairing_link, urls, paired, start_page=start_page)


def open_chromium(
    browser: Browser,
    window: Window,
    pairing_link: str,
    urls: Sequence[str],
    paired: Callable[[], bool],
    *,
    start_page: bool = False,
) -> ChromiumWindow:
    """The same for Chromium's family, blocking."""
    opened = ChromiumWindow.open(browser, window)
    pairing = None
    if window.extension is not None:
        opened.pin_extension()
        pairing = opened.show(pairing_link)
        until = time.monotonic() + PAIRING_PATIENCE
        while not paired() and time.monotonic() < until:
            time.sleep(0.05)
    if start_page and opened.extension_id is not None and paired():
        urls = [f"chrome-extension://{opened.extension_id}/welcome.html#window"]
    for url in urls:
        opened.show(url)
    # A browser without a tab closes itself; a pairing that failed stays to be read.
    if pairing is not None and paired() and urls:
        opened.close_tab(pairing)
    opened.close_blank()
    return opened


async def keep_open(
    browser: Browser,
    koban: Koban,
    state_dir: Path,
    route: str,
    urls: Sequence[str],
    console: Console,
    extra: Sequence[str] = (),
    *,
    trusted: bool = False,
    start_page: bool = False,
) -> OpenWindow:
    """Open a window on a running Koban, or go on in the open one, until it is closed or the user ends the program.

    route: the text of the window's proxy file. extra: arguments of the browser's. trusted: the browser's
    own store trusts the authority, so the window need not. The window is returned
    as it is then: a person may have work in it. Raises BrowserError where it cannot be opened.
    """
    spki = None if trusted else koban.authority.spki_hash
    window = fitted(browser, state_dir, pac=route, authority=koban.authority.certificate, spki=spki)
    window = replace(window, extra=extra)
    if window.extension is None:
        console.print(
            say(
                "拡張機能が作られていないため、ページの末尾の表示だけになります（make run で作られます）。",
                "The extension is not built: only the notice at the end of pages is shown (make run builds it).",
            )
        )
    before = koban.pairing.last_paired
    pid = holder(browser, window.profile)
    opened: OpenWindow
    if pid is not None:
        opened = FoundWindow(pid)
        tell_found(browser, opened_port(window.profile), koban.proxy_port, console)
    else:
        link = koban.pairing_link()
        opened = await open_window(
            browser, window, link, urls, lambda: koban.pairing.last_paired != before, start_page=start_page
        )
        keep_port(window.profile, koban.proxy_port)
        console.print(
            say(
                f"{browser.title} を開きました。終わるにはウィンドウを閉じるか Ctrl-C。",
                f"{browser.title} is open. Close its window, or press Ctrl-C here, to end.",
            )
        )
    telling = asyncio.create_task(_tell_whether_well(koban, window.extension is not None, before, console))
    ended = [asyncio.create_task(wait_for_end()), asyncio.create_task(opened.process.wait())]
    await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
    for task in (*ended, telling):
        task.cancel()
    return opened


def tell_found(browser: Browser, opened_with: int | None, port: int, console: Console) -> None:
    """Say that the window that is open goes on, or that it looks for Koban where Koban no longer is."""
    if opened_with is not None and opened_with != port:
        console.print(
            say(
                f"開いている {browser.title} の窓は、前のポート（{opened_with}）を使っています。"
                "閉じてから、もう一度始めてください。",
                f"The open window of {browser.title} looks for Koban on port {opened_with}. Close it and start again.",
            )
        )
        return
    console.print(
        say(
            f"開いている {browser.title} の窓を、そのまま使えます。開いているページは読み込み直してください。",
            f"The open window of {browser.title} goes on. Load the pages that are open again.",
        )
    )


async def _tell_whether_well(koban: Koban, extended: bool, before: datetime | None, console: Console) -> None:
    """Say that the whole chain holds once a page of a marketplace was checked, or what to do.

    The start page is no page of a marketplace: until one is opened there is nothing to say.
    """
    until = time.monotonic() + CHAIN_PATIENCE

    def checked() -> bool:
        return is_checked(koban.verdicts.newest)

    def paired() -> bool:
        return not extended or koban.pairing.last_paired != before or bool(koban.pairing.origins)

    # Two threads and a file would have to tell; looking costs less.
    while not paired() and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    if not paired():
        console.print(
            say(
                "■ 拡張機能がつながっていません。次のリンクを、その窓で開いてください。",
                "■ The extension is not paired. Open this link in that window.",
            )
        )
        console.print(f"  {koban.pairing_link()}", markup=False, soft_wrap=True)
    while not checked():  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    console.print(
        say(
            "● 準備ができました。開いたページは Koban を通り、確認されています。",
            "● All is well: the page that is open came through Koban and was checked.",
        )
    )


def is_checked(newest: PageVerdict | None) -> bool:
    """Whether a verdict is of a page that came through Koban and was checked: an error page was not."""
    return newest is not None and newest.feed == "proxy" and newest.verdict.state != "not-checked"
