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
from addon.desktop.window import BrowserError, Window, built_extension, reachable
from addon.proxy.server import Running, wait_for_end

OpenWindow = ChromiumWindow | FirefoxWindow

CHAIN_PATIENCE = 30.0
"""Seconds until a window's first page should have come through Koban."""
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
        f"{wanted or 'ブラウザ'} が見つかりません（見つかったもの: {'、'.join(titles) or 'なし'}）。",
        f"{wanted or 'No browser'} was not found (found: {', '.join(titles) or 'none'}).",
    )


def fitted(browser: Browser, state_dir: Path, *, pac: str, authority: Path, spki: str | None) -> Window:
    """A window for a browser: profile and extension where its packaging lets it read them."""
    profile, extension = reachable(browser, state_dir, built_extension(browser))
    return Window(profile=profile, pac=pac, authority=authority, spki=spki, extension=extension)


async def open_window(
    browser: Browser, window: Window, pairing_link: str, urls: Sequence[str], paired: Callable[[], bool]
) -> OpenWindow:
    """Open a window, let its extension pair itself, and show the addresses.

    paired: whether the extension has paired since the link was made. Without an extension the addresses
    are shown at once. Raises BrowserError where the browser does not start or refuses the extension.
    """
    if browser.is_firefox:
        # The first address is the one in front.
        last = [pairing_link] if window.extension is not None else []
        return await asyncio.to_thread(FirefoxWindow.open, browser, window, [*urls, *last])
    return await asyncio.to_thread(open_chromium, browser, window, pairing_link, urls, paired)


def open_chromium(
    browser: Browser, window: Window, pairing_link: str, urls: Sequence[str], paired: Callable[[], bool]
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
    for url in urls:
        opened.show(url)
    # A browser without a tab closes itself; a pairing that failed stays to be read.
    if pairing is not None and paired() and urls:
        opened.close_tab(pairing)
    opened.close_blank()
    return opened


async def keep_open(
    browser: Browser,
    koban: Running,
    state_dir: Path,
    route: str,
    urls: Sequence[str],
    console: Console,
    extra: Sequence[str] = (),
    *,
    trusted: bool = False,
) -> OpenWindow:
    """Open a window on a running Koban and wait until it is closed or the user ends the program.

    route: the text of the window's proxy file. extra: arguments of the browser's. trusted: the browser's
    own store trusts the authority, so the window need not. The window is returned
    as it is then: a person may have work in it. Raises BrowserError where it cannot be opened.
    """
    spki = None if trusted else koban.authority.spki_hash
    window = fitted(browser, state_dir, pac=route, authority=koban.authority.certificate, spki=spki)
    window = replace(window, extra=extra)
    if window.extension is None:
        console.print("拡張機能が作られていないため、ページの末尾の表示だけになります（make run で作られます）。")
        console.print("The extension is not built: only the notice at the end of pages is shown (make run builds it).")
    link, before = koban.pairing_link(), koban.pairing.last_paired
    opened = await open_window(browser, window, link, urls, lambda: koban.pairing.last_paired != before)
    console.print(f"{browser.title} を開きました。終わるにはウィンドウを閉じるか Ctrl-C。")
    console.print(f"{browser.title} is open. Close its window, or press Ctrl-C here, to end.")
    telling = asyncio.create_task(_tell_whether_well(koban, window.extension is not None, before, console))
    ended = [asyncio.create_task(wait_for_end()), asyncio.create_task(opened.process.wait())]
    await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
    for task in (*ended, telling):
        task.cancel()
    return opened


async def _tell_whether_well(koban: Running, extended: bool, before: datetime | None, console: Console) -> None:
    """Say that the whole chain holds once the window's first page has come through it, or what to do."""
    until = time.monotonic() + CHAIN_PATIENCE

    def passed() -> bool:
        return koban.log.newest is not None

    def paired() -> bool:
        return not extended or koban.pairing.last_paired != before or bool(koban.pairing.origins)

    # Two threads and a file would have to tell; looking costs less.
    while not (passed() and paired()) and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    if passed() and paired():
        console.print("● 準備ができました。開いたページは Koban を通り、確認されています。")
        console.print("  All is well: the page that is open came through Koban and was checked.")
        return
    if not passed():
        console.print("■ まだ Koban を通ったページがありません。ページを開き直してください。続くときは koban doctor。")
        console.print("  No page has come through Koban yet. Load the page again; if this goes on, run koban doctor.")
    if not paired():
        console.print("■ 拡張機能がつながっていません。上の「つなぐ」のリンクを、その窓で開いてください。")
        console.print("  The extension is not paired. Open the pairing link above in that window.")
