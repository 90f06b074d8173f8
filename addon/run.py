"""`koban serve` and `koban start`: Koban on the real marketplaces, until its user ends it."""

import asyncio
import sys
from pathlib import Path

import typer
from rich.console import Console

from addon.desktop import Browser, choose, keep_open
from addon.desktop.pac import pac
from addon.desktop.trust import holds, store_of
from addon.garbage import in_small_parts
from addon.options import ServeOptions
from addon.proxy.gate import decrypted_hosts
from addon.proxy.server import Running, running, wait_for_end
from addon.terminal import print_pairing_number, warn
from addon.trust_command import QUESTION, explain
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
        koban.pairing.listen(lambda number: print_pairing_number(console, number))
        tell(koban, console)
        in_small_parts()
        if browser is None:
            console.print("終わるには Ctrl-C / Ctrl-C to end")
            await wait_for_end()
            return 0
        # If Koban stops, the browser goes on without it rather than not at all.
        route = pac(sorted(decrypted_hosts(SITES)), koban.proxy_port, direct_if_down=True)
        home = f"https://{SITES[0].hosts[0]}/"
        trusted = await asyncio.to_thread(_consent, browser, koban, console)
        opened = await keep_open(browser, koban, options.state_dir, route, [home], console, trusted=trusted)
        await asyncio.to_thread(opened.close)
        return 0


def _consent(browser: Browser, koban: Running, console: Console) -> bool:
    """Whether the browser's own store trusts the authority; asked for once where it does not yet."""
    if browser.is_firefox:
        return True  # its window has a profile, and with it a store, of its own
    store = store_of(browser, Path.home())
    if store is not None and holds(store, koban.authority.certificate):
        return True
    settings = koban.settings
    if store is not None and not settings.current.trust_refused and sys.stdin.isatty():
        explain(koban.authority, console)
        if typer.confirm(QUESTION, default=False):
            if store.add(koban.authority.certificate) and holds(store, koban.authority.certificate):
                return True
            console.print("信頼の登録ができませんでした。 / The store did not take it.")
        else:
            settings.patch({"trust_refused": True})
    console.print("この窓だけが Koban の鍵を信頼します。証明書の制限は窓の中では効きません（koban trust で効きます）。")
    console.print("Only this window trusts Koban's key; the authority's limit does not hold there (see koban trust).")
    return False


def tell(koban: Running, console: Console) -> None:
    """Say at its start where Koban listens, how to pair with it, and what of its files is not as it was."""
    console.print("[bold]交番が動いています / Koban is running[/]")
    console.print(f"  プロキシ / proxy      http://127.0.0.1:{koban.proxy_port}", markup=False)
    console.print(f"  証明書 / authority   {koban.authority.certificate}", markup=False, soft_wrap=True)
    if koban.authority.remade == "domains":
        console.print(
            "  対象サイトが変わり、証明書を作り直しました。koban trust をお使いなら、もう一度実行してください。"
        )
        console.print("  The sites have changed, so the authority was made anew. If you use koban trust, run it again.")
    console.print(f"  つなぐ / pairing     {koban.pairing_link()}", markup=False, soft_wrap=True)
    console.print("  拡張機能を入れたブラウザで上のリンクを開くと、つながります（10分間・一度だけ）。")
    console.print("  Open the pairing link in the browser that has the extension (good once, for ten minutes).")
    link = koban.api.history_link()
    if link is not None:
        console.print(f"  記録 / history       {link}", markup=False, soft_wrap=True)
        console.print("  取引の記録を見る画面です（10分間・一度だけ。あとからは koban history --web）。")
        console.print("  The page of your deals (good once, for ten minutes; later: koban history --web).")
    settings, recording = koban.settings, koban.api.recording()
    if settings.set_aside is not None:
        told = "設定ファイルが壊れていたため、別名で残しました / the settings file was broken and is kept as"
        warn(console, f"  {told} {settings.set_aside}")
    if not recording.usable and recording.trouble is not None:
        warn(console, f"  記録できません / nothing is remembered: {recording.trouble}")
    if recording.set_aside is not None:
        told = "記録が壊れていたため、別名で残して新しく始めました / the history was broken, is kept as"
        warn(console, f"  {told} {recording.set_aside}, and a new one is begun")
