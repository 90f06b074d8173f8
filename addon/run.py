"""`koban serve` and `koban start`: Koban on the real marketplaces, until its user ends it."""

import asyncio

from rich.console import Console

from addon.desktop import choose, keep_open
from addon.desktop.pac import pac
from addon.options import ServeOptions
from addon.proxy.gate import decrypted_hosts
from addon.proxy.server import Running, running, wait_for_end
from extractors import SITES


def run(options: ServeOptions, console: Console, *, window: bool) -> int:
    """Serve until the end; with `window`, a browser window of Koban's own beside it. Returns the exit code.

    Raises CannotStart, CatalogError, or BrowserError where no window can be opened.
    """
    try:
        return asyncio.run(_run(options, console, window=window))
    except KeyboardInterrupt:
        return 130


async def _run(options: ServeOptions, console: Console, *, window: bool) -> int:
    wanted = None if options.browser == "none" else options.browser
    # First of all: whoever named a browser that is not there learns it at once.
    browser = choose(wanted) if window or wanted is not None else None
    async with running(options) as koban:
        _tell(koban, console)
        if browser is None:
            console.print("終わるには Ctrl-C / Ctrl-C to end")
            await wait_for_end()
            return 0
        # If Koban stops, the browser goes on without it rather than not at all.
        route = pac(sorted(decrypted_hosts(SITES)), koban.proxy_port, direct_if_down=True)
        home = f"https://{SITES[0].hosts[0]}/"
        opened = await keep_open(browser, koban, options.state_dir, route, [home], console)
        await asyncio.to_thread(opened.close)
        return 0


def _tell(koban: Running, console: Console) -> None:
    console.print("[bold]交番が動いています / Koban is running[/]")
    console.print(f"  プロキシ / proxy      http://127.0.0.1:{koban.proxy_port}", markup=False)
    console.print(f"  証明書 / authority   {koban.authority.certificate}", markup=False, soft_wrap=True)
    console.print(f"  つなぐ / pairing     {koban.pairing_link()}", markup=False, soft_wrap=True)
    console.print("  拡張機能を入れたブラウザで上のリンクを開くと、つながります（10分間・一度だけ）。")
    console.print("  Open the pairing link in the browser that has the extension (good once, for ten minutes).")
    if koban.settings.set_aside is not None:
        console.print(
            f"  設定ファイルが壊れていたため、別名で残しました / the settings file was broken and is kept as"
            f" {koban.settings.set_aside}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )
