"""Chooses a browser, opens Koban's own window in it, and has its extension pair itself."""

import asyncio
import functools
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from addon.desktop import chromium, firefox
from addon.desktop.browsers import Browser, Name, find_browsers, has_display
from addon.desktop.chromium import ChromiumWindow
from addon.desktop.existing_window import ExistingWindow, profile_owner, read_port, write_port
from addon.desktop.firefox import FirefoxWindow
from addon.desktop.process import spawn
from addon.desktop.window import BrowserError, Window, built_extension, entering_every_site, reachable
from addon.ending import wait_for_end
from addon.koban import Koban
from addon.language import say, say_text, system_reason
from addon.state.instance import request_window, window_request
from addon.verdicts.log import PageVerdict

OpenWindow = ChromiumWindow | FirefoxWindow | ExistingWindow

CHAIN_PATIENCE = 30.0
"""Seconds after which the user is told that the extension has not paired."""
PAIRING_PATIENCE = 10.0


def choose(name: Name | None) -> Browser:
    """Returns the browser to open: the one wanted, else the best of this machine.

    Raises BrowserError if it is not installed, or if there is no display.
    """
    if not has_display():
        raise BrowserError(
            "画面を表示できない環境のため、ブラウザを開けません。", "There is no display to open a browser on."
        )
    browsers = find_browsers()
    for browser in browsers:
        if name in (None, browser.name):
            return browser
    titles = [browser.title for browser in browsers]
    raise BrowserError(
        f"{name or '使えるブラウザ'} が見つかりません（見つかったもの: {'、'.join(titles) or 'なし'}）。",
        f"{name or 'A browser that can be used'} was not found (found: {', '.join(titles) or 'none'}).",
    )


def window_for(
    browser: Browser, state_dir: Path, *, pac: str, authority: Path, spki: str | None, extra: Sequence[str] = ()
) -> Window:
    """Returns the description of a window, with profile and extension in folders that the browser may read."""
    profile, extension = reachable(browser, state_dir, built_extension(browser))
    return Window(profile=profile, pac=pac, authority=authority, spki=spki, extension=extension, extra=extra)


async def open_window(
    browser: Browser,
    window: Window,
    pairing_link: Callable[[], str],
    urls: Sequence[str],
    has_paired: Callable[[], bool],
    *,
    start_page: bool = False,
) -> OpenWindow:
    """Open a window, let its extension pair itself, and show the addresses.

    pairing_link: returns the link; called in a thread, where it may wait until there is one. has_paired: returns
    whether the extension has paired since the link was made. Without an extension the addresses are shown at once.
    start_page: show the extension's start page in their place. Raises BrowserError if the browser does not start or
    refuses the extension, and whatever `pairing_link` raises.
    """
    if browser.is_firefox:
        return await asyncio.to_thread(_open_firefox, browser, window, pairing_link, urls, start_page=start_page)
    return await asyncio.to_thread(
        open_chromium, browser, window, pairing_link, urls, has_paired, start_page=start_page
    )


def _open_firefox(
    browser: Browser, window: Window, pairing_link: Callable[[], str], urls: Sequence[str], *, start_page: bool
) -> FirefoxWindow:
    return FirefoxWindow.open(browser, window, firefox_urls(window, pairing_link(), urls, start_page=start_page))


def firefox_urls(window: Window, pairing_link: str, urls: Sequence[str], *, start_page: bool) -> list[str]:
    """Returns the addresses that Firefox opens, the one in front first.

    Nobody drives Firefox once it is open: the pairing page's tab becomes the start page by itself, or closes.
    """
    if window.extension is None:
        return list(urls)
    return [f"{pairing_link}&start"] if start_page else [*urls, f"{pairing_link}&close"]


def open_chromium(
    browser: Browser,
    window: Window,
    pairing_link: Callable[[], str],
    urls: Sequence[str],
    has_paired: Callable[[], bool],
    *,
    start_page: bool = False,
    patience: float = PAIRING_PATIENCE,
) -> ChromiumWindow:
    """Like `open_window` for Chromium's family, blocking.

    The start page is shown as soon as the browser has its extension, and fills itself once that has paired, which goes
    on in tabs behind it.

    patience: seconds for the extension to pair itself before the pages are opened without it.
    """
    browser_window = ChromiumWindow.open(browser, window)
    starts = start_page and browser_window.extension_id is not None
    if starts:
        browser_window.show(f"chrome-extension://{browser_window.extension_id}/welcome.html#window")
        browser_window.close_blank()
    pairing = None
    if window.extension is not None:
        browser_window.pin_extension()
        pairing = _pair(browser_window, pairing_link, has_paired, patience, behind=starts)
    if not starts:
        for url in urls:
            browser_window.show(url)
    # A browser without a tab closes itself; the page of a failed pairing stays, for the user to read.
    if pairing is not None and (starts or urls) and has_paired():
        browser_window.close_tab(pairing)
    browser_window.close_blank()
    return browser_window


def _pair(
    browser_window: ChromiumWindow,
    pairing_link: Callable[[], str],
    is_paired: Callable[[], bool],
    patience: float,
    *,
    behind: bool,
) -> str:
    """Show the page that pairs the extension, and wait until it has. Returns its tab's id."""
    try:
        tab = browser_window.show(pairing_link(), behind=behind)
    except BaseException:
        # Koban is not going to be there.
        browser_window.close()
        raise
    until = time.monotonic() + patience
    while not is_paired() and time.monotonic() < until:
        time.sleep(0.05)
    return tab


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
    every_site: bool = False,
) -> OpenWindow:
    """Open a window on a running Koban, or continue in the open one, until it is closed or the user ends the program.

    route: the text of the window's proxy file. extra: further arguments of the browser. trusted: the browser's own
    store trusts the authority already. every_site: its extension enters the optional marketplaces unasked. Returns the
    window still open, since a person may have work in it. Raises BrowserError if it cannot be opened; CannotStart or
    CatalogError, with the window closed, if pages can never be judged, or the API cannot be served.
    """
    spki = None if trusted else koban.authority.spki_hash
    window = window_for(browser, state_dir, pac=route, authority=koban.authority.certificate, spki=spki, extra=extra)
    if window.extension is None:
        console.print(_not_built())
    before = koban.pairing.last_paired
    browser_window = await _open_or_continue(
        browser, window, koban, urls, console, start_page=start_page, every_site=every_site
    )
    report = asyncio.create_task(_print_chain_state(koban, window.extension is not None, before, console))
    front = functools.partial(bring_to_front, browser_window, browser, window, urls[0])
    shows = asyncio.create_task(_show_when_asked(state_dir, front, console))
    ends = [asyncio.create_task(each) for each in (wait_for_end(), browser_window.process.wait(), _failure(koban))]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for task in (*ends, report, shows):
        task.cancel()
    error = _error_of(koban)
    if error is not None:
        await asyncio.to_thread(browser_window.close)
        raise error
    return browser_window


async def _show_when_asked(state_dir: Path, show: Callable[[], None], console: Console) -> None:
    """Show the window whenever another start asks for it."""
    while True:
        await window_request(state_dir)
        try:
            await asyncio.to_thread(show)
        except BrowserError as error:
            console.print(str(error), markup=False)


def bring_to_front(handle: OpenWindow, browser: Browser, window: Window, url: str) -> None:
    """Put an open window before all others, with its start page or an address. Raises BrowserError."""
    if isinstance(handle, ChromiumWindow):
        handle.bring_to_front(url)
        return
    # Nobody drives this window: its own program finds it, as when its icon is clicked a second time.
    second_start = firefox.second_start if browser.is_firefox else chromium.second_start
    spawn(second_start(browser, window, url), log=window.profile / "koban-second-start.log")


def show_running(state_dir: Path, console: Console) -> int | None:
    """Have the Koban that runs on a state folder show its window.

    Returns the exit code of this start; None where that Koban was about to end, so that this one can begin.
    """
    try:
        answer = request_window(state_dir)
    except OSError as error:
        console.print(f"{state_dir}: {say_text(system_reason(error))}", markup=False, soft_wrap=True)
        return 1
    if answer == "ended":
        return None
    if answer == "shown":
        console.print(say("Kobanはもう動いています。そのウィンドウを開きます。", "Koban is running: its window opens."))
        return 0
    console.print(
        say(
            "Kobanはもう動いていますが、返事がありません。始めた端末で Ctrl-C を押すか、"
            "パソコンを起動し直してください。",
            "Koban is running but does not answer. Press Ctrl-C in the terminal it runs in, or restart the computer.",
        )
    )
    return 1


def _error_of(koban: Koban) -> BaseException | None:
    """Returns the reason why pages can never be judged, or the API not be served; None where none is known."""
    done_tasks = (task for task in koban.beginnings if task.done())
    return next((error for task in done_tasks if (error := task.exception()) is not None), None)


def _not_built() -> str:
    return say(
        "拡張機能が作られていないため、ページの末尾の表示だけになります（make run で作られます）。",
        "The extension is not built: only the notice at the end of pages is shown (make run builds it).",
    )


async def _failure(koban: Koban) -> None:
    """Wait until it is known that pages can never be judged, or the API not be served; for ever where they can."""
    if koban.beginnings:
        await asyncio.wait(koban.beginnings, return_when=asyncio.FIRST_EXCEPTION)
        if _error_of(koban) is not None:
            return
    await asyncio.Event().wait()


async def _open_or_continue(
    browser: Browser,
    window: Window,
    koban: Koban,
    urls: Sequence[str],
    console: Console,
    *,
    start_page: bool,
    every_site: bool,
) -> OpenWindow:
    pid = profile_owner(browser, window.profile)
    if pid is not None:
        print_existing(browser, read_port(window.profile), koban.proxy_port, console)
        return ExistingWindow(pid)
    if every_site:
        # Not before: an open window runs the copy of the extension that it was opened with.
        window = await asyncio.to_thread(entering_every_site, window)
    before = koban.pairing.last_paired

    def paired() -> bool:
        return koban.pairing.last_paired != before

    link = _pairing_link(koban, asyncio.get_running_loop())
    browser_window = await open_window(browser, window, link, urls, paired, start_page=start_page)
    write_port(window.profile, koban.proxy_port)
    console.print(
        say(
            f"{browser.title} を開きました。終わるにはウィンドウを閉じるか Ctrl-C。",
            f"{browser.title} is open. Close its window, or press Ctrl-C here, to end.",
        )
    )
    return browser_window


def _pairing_link(koban: Koban, loop: asyncio.AbstractEventLoop) -> Callable[[], str]:
    """Returns a function for another thread, which waits for the API and returns a link to pair by."""

    async def link() -> str:
        if koban.serving is not None:
            await asyncio.shield(koban.serving)
        return koban.pairing_link()

    return lambda: asyncio.run_coroutine_threadsafe(link(), loop).result()


def print_existing(browser: Browser, opened_with: int | None, port: int, console: Console) -> None:
    """Print that the open window is used again, or that it uses a port where Koban no longer is."""
    if opened_with is not None and opened_with != port:
        console.print(
            say(
                f"開いている {browser.title} のウィンドウは、前のポート（{opened_with}）を使っています。"
                "閉じてから、もう一度始めてください。",
                f"The open window of {browser.title} looks for Koban on port {opened_with}. Close it and start again.",
            )
        )
        return
    console.print(
        say(
            f"開いている {browser.title} のウィンドウを、そのまま使えます。開いているページは読み込み直してください。",
            f"The open window of {browser.title} goes on. Load the pages that are open again.",
        )
    )


async def _print_chain_state(koban: Koban, extended: bool, before: datetime | None, console: Console) -> None:
    """Print the pairing link if the extension does not pair, and once a marketplace's page was checked, that all works.

    The start page is not a marketplace's page: nothing is printed until one is opened.
    """
    if koban.serving is not None:
        await asyncio.wait([koban.serving])
    until = time.monotonic() + CHAIN_PATIENCE

    def checked() -> bool:
        return is_checked(koban.verdicts.newest)

    def paired() -> bool:
        return not extended or koban.pairing.last_paired != before or bool(koban.pairing.origins)

    # Polling is simpler than events from two threads and a file.
    while not paired() and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    if not paired():
        console.print(
            say(
                "■ 拡張機能がつながっていません。次のリンクを、そのウィンドウで開いてください。",
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
    """Returns whether a page came through Koban and was checked; error pages are not."""
    return newest is not None and newest.feed == "proxy" and newest.verdict.state != "not-checked"
