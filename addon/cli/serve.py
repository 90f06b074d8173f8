"""`koban serve` and `koban start`: Koban on the real marketplaces, until its user ends it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from addon.app import running
from addon.desktop.browsers import Browser
from addon.desktop.launch import OpenWindow, choose, keep_open
from addon.desktop.pac import pac
from addon.desktop.trust import holds, install, store_of
from addon.desktop.window import BrowserError
from addon.ending import wait_for_end
from addon.garbage import in_small_parts
from addon.health_words import LINES
from addon.koban import Koban, Renewal
from addon.language import say, say_text, system_reason
from addon.loopback import CannotStart, base_url
from addon.state.instance import window_request
from addon.state.options import ServeOptions
from addon.state.reach import hosts_of, reached_sites
from addon.state.settings import Settings, TrustAnswer
from addon.terminal import print_pairing_number, warn
from addon.tray import in_tray
from extractors import SITES
from rules.problems import CatalogError


def run(options: ServeOptions, console: Console, *, window: bool) -> int:
    """Serve until the end; with `window`, a browser window of Koban's own beside it. Returns the exit code.

    Raises CannotStart, CatalogError, or BrowserError where no window can be opened.
    """
    try:
        return asyncio.run(_run(options, console, window=window))
    except KeyboardInterrupt:
        return 130


async def _run(options: ServeOptions, console: Console, *, window: bool) -> int:
    browser_name = None if options.browser == "none" else options.browser
    # First of all: whoever named a browser that is not there learns it at once.
    browser = choose(browser_name) if window or browser_name is not None else None
    # The compilation of the rules, slow the first time, and the API go on beside the opening of the window.
    async with running(options, waits=browser is None) as koban, in_tray(koban):
        koban.pairing.listen(lambda number: print_pairing_number(console, number))
        koban.renewal_listeners.add(lambda renewal: tell_renewal(renewal, console))
        in_small_parts()
        if browser is None:
            tell(koban, console)
            await _serve(koban, console)
            console.print(say("終わりました。", "Koban has ended."))
            return 0
        telling = asyncio.create_task(_tell_once_ready(koban, console, links=options.verbose))
        browser_window = await _keep_window(koban, browser, console)
        telling.cancel()
        await asyncio.to_thread(browser_window.close)
        console.print(say("終わりました。ページは Koban なしで開きます。", "Koban has ended. Pages open without it."))
        return 0


async def _serve(koban: Koban, console: Console) -> None:
    """Serve without a window until the end, and with one for as long as another start's is open."""
    while True:
        _patch(koban, {"trust": None}, console)  # nobody is there to act on an answer
        console.print(say("終わるには Ctrl-C", "Ctrl-C to end"))
        ends = asyncio.create_task(wait_for_end())
        request = asyncio.create_task(window_request(koban.options.state_dir))
        await asyncio.wait((ends, request), return_when=asyncio.FIRST_COMPLETED)
        is_over = ends.done()
        for task in (ends, request):
            task.cancel()
        if is_over:
            return
        try:
            browser_window = await _keep_window(koban, choose(None), console)
        except BrowserError as error:
            console.print(str(error), markup=False)
            continue
        if browser_window.process.running:
            await asyncio.to_thread(browser_window.close)
            return


async def _keep_window(koban: Koban, browser: Browser, console: Console) -> OpenWindow:
    """Open a window of Koban's own until its user closes it or ends Koban. As `keep_open`."""
    # If Koban stops, the browser goes on without it rather than not at all.
    route = pac(hosts_of(reached_sites(koban.settings.current)), koban.proxy_port, direct_if_down=True)
    consent = Consent(browser, koban)
    # It stands on the start page; another tab with the same would cover it.
    _patch(koban, {"welcomed": True, "trust": consent.question}, console)
    home = f"https://{_FIRST_SITE.hosts[0]}/"
    return await keep_open(
        browser, koban, koban.options.state_dir, route, [home], console, trusted=consent.is_given, start_page=True
    )


def _patch(koban: Koban, change: Mapping[str, object], console: Console) -> None:
    """Change settings that Koban can go on without: where they cannot be stored, that is said."""
    try:
        koban.settings.patch(change)
    except OSError as error:
        reason = system_reason(error)
        warn(console, say(f"設定を保存できません: {reason.ja}", f"settings are not saved: {reason.en}"))


_FIRST_SITE = next(site for site in SITES if site.id == "crowdworks")
"""Shown where there is no start page: the site that most people work on."""


class Consent:
    """The question whether the browser's own store shall trust the authority: asked on the start page, never before it.

    Without it the window alone trusts Koban's key, by its command line, and all works; with it the authority's own
    limit to the marketplaces holds in the window too. Koban's settings carry question and answer.
    """

    def __init__(self, browser: Browser, koban: Koban) -> None:
        self._koban = koban
        # A window of Firefox has a profile, and with it a store, of its own.
        self._store = None if browser.is_firefox else store_of(browser, Path.home())
        self.is_given = browser.is_firefox or self._holds()
        was_refused = koban.settings.current.trust_refused
        self.question: TrustAnswer | None = (
            "ask" if self._store is not None and not self.is_given and not was_refused else None
        )
        koban.settings.listen(self._answered)

    def _holds(self) -> bool:
        return self._store is not None and holds(self._store, self._koban.authority.certificate)

    def _answered(self, settings: Settings) -> None:
        if settings.trust != "yes" or self._store is None or self.question is None:
            return
        is_installed = install(self._store, self._koban.authority.certificate)
        self._koban.settings.patch({"trust": "done" if is_installed else "failed"})


async def _tell_once_ready(koban: Koban, console: Console, *, links: bool) -> None:
    """Print what `tell` does as soon as pages can be judged; nothing where they never will be."""
    try:
        await koban.ready()
    except (CannotStart, CatalogError):
        return
    in_small_parts()
    tell(koban, console, links=links)


def tell(koban: Koban, console: Console, *, links: bool = True) -> None:
    """Print that Koban runs, and which of its files were replaced; with `links` also its addresses and how to pair."""
    console.print(f"[bold]{say('交番が動いています', 'Koban is running')}[/]")
    if koban.authority.reason_made == "domains":
        console.print(
            say(
                "  対象サイトが変わり、証明書を作り直しました。koban trust をお使いなら、もう一度実行してください。",
                "  The sites have changed, so the certificate was issued again. If you use koban trust, run it again.",
            )
        )
    if links:
        _tell_links(koban, console)
    settings, recording = koban.settings, koban.history.health
    if settings.set_aside is not None:
        label = say("設定ファイルが壊れていたため、別名で残しました", "the settings file was broken and is kept as")
        warn(console, f"  {label} {settings.set_aside}")
    if settings.fault == "newer":
        warn(console, f"  {say_text(LINES['settings-newer'])}")
    if not recording.remembers and recording.trouble is not None:
        warn(console, f"  {say('記録できません', 'nothing is remembered')}: {recording.trouble}")
    if recording.set_aside is not None:
        label = say(
            "記録が壊れていたため、別名で残して新しく始めました",
            "the history was broken; a new one is begun, and the old one is kept as",
        )
        warn(console, f"  {label} {recording.set_aside}")


def tell_renewal(renewal: Renewal, console: Console) -> None:
    """Print that the authority's certificate was issued again, in which stores it is, and what the user has to do."""
    console.print(
        say(
            "● 調べるサイトに合わせて、証明書を作り直しました。Kobanの窓では、することはありません"
            "（通信は、次に窓を開いたときから調べます。それまでは、表示中のページを調べます）。",
            "● The certificate was issued again for the sites that are on. Nothing is to be done in Koban's window: "
            "traffic is looked at from the next time that it is opened, and pages as they are shown until then.",
        )
    )
    for titles, ja, en in (
        (renewal.stores, "入れ替えました", "replaced in"),
        (
            renewal.refusing_stores,
            "入れ替えられませんでした。koban trust を実行してください",
            "not replaced; run koban trust",
        ),
    ):
        if titles:
            console.print(f"  {say(ja, en)}: {'、'.join(titles)}", markup=False, soft_wrap=True)
    console.print(
        say(
            "  証明書をご自分で入れたブラウザでは、古いものを外して、入れ直してください。",
            "  Where you installed the certificate by hand, take the old one out and install this one.",
        )
    )


def _tell_links(koban: Koban, console: Console) -> None:
    links = {
        say("プロキシ", "proxy"): base_url(koban.proxy_port),
        say("証明書", "authority"): str(koban.authority.certificate),
        say("つなぐ", "pairing"): koban.pairing_link(),
    }
    for name, value in links.items():
        console.print(f"  {name:<10} {value}", markup=False, soft_wrap=True)
    console.print(
        say(
            "  拡張機能を入れたブラウザで上のリンクを開くと、つながります（10分間・一度だけ）。",
            "  Open the pairing link in the browser that has the extension (good once, for ten minutes).",
        )
    )
    link = koban.history_link()
    if link is not None:
        console.print(f"  {say('記録', 'history'):<10} {link}", markup=False, soft_wrap=True)
        console.print(
            say(
                "  取引の記録を見る画面です（10分間・一度だけ。あとからは koban history --web）。",
                "  The page of your deals (good once, for ten minutes; later: koban history --web).",
            )
        )
