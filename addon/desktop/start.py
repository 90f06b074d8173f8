"""`koban start`: a browser window of Koban's own, in front of the real sites."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from addon.desktop import Browser, Name, OpenWindow, choose, fitted, open_window
from addon.desktop.pac import pac
from addon.options import ServeOptions
from addon.proxy.server import Running, running, wait_for_end
from extractors import SITES


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What `koban start` is asked for. browser: None takes the best there is."""

    serve: ServeOptions
    browser: Name | None = None


def start(options: StartOptions, console: Console) -> int:
    """Run Koban with a window, until the window is closed or the user ends it. Returns the exit code.

    Raises BrowserError where the browser cannot be opened, CannotStart where Koban itself cannot.
    """
    try:
        asyncio.run(_start(options, console))
    except KeyboardInterrupt:
        return 130
    return 0


async def _start(options: StartOptions, console: Console) -> None:
    browser = choose(options.browser)
    async with running(options.serve) as koban:
        hosts = [host for site in SITES for host in site.hosts]
        first = [f"https://{site.hosts[0]}/" for site in SITES]
        await keep_open(browser, koban, options.serve.state_dir, pac(hosts, koban.proxy_port), first, console)
        console.print("Koban を終わりました。開いたままのウィンドウは、もう調べられていません。")
        console.print("Koban has ended. A window that is still open is no longer checked.")


async def keep_open(
    browser: Browser, koban: Running, state_dir: Path, route: str, urls: Sequence[str], console: Console
) -> OpenWindow:
    """Open a window on a running Koban and wait until it is closed or the user ends the program.

    route: the text of the window's proxy file. The window is returned as it is then: a person may have
    work in it. Raises BrowserError where it cannot be opened.
    """
    window = fitted(
        browser,
        state_dir,
        pac=route,
        authority=koban.authority.certificate,
        spki=koban.authority.spki_hash,
    )
    if window.extension is None:
        console.print("拡張機能がまだ作られていないため、ページの末尾の表示だけになります（make run で作られます）。")
        console.print("The extension is not built: only the notice at the end of pages is shown (make run builds it).")
    link, before = koban.pairing_link(), koban.pairing.last_paired
    opened = await open_window(browser, window, link, urls, lambda: koban.pairing.last_paired != before)
    console.print(f"{browser.title} を開きました。終わるにはウィンドウを閉じるか Ctrl-C。")
    console.print(f"{browser.title} is open. Close its window, or press Ctrl-C here, to end.")
    ended = [asyncio.create_task(wait_for_end()), asyncio.create_task(opened.process.wait())]
    await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
    for task in ended:
        task.cancel()
    return opened
