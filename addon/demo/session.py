"""`koban demo`: Koban at work on the offline marketplace, in a window or in the terminal."""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from addon.app import running
from addon.demo.crowdworks import CrowdWorks
from addon.demo.server import DemoServer
from addon.demo.show import Viewer, show, tell_addresses
from addon.demo.site import DemoSite
from addon.demo.template_site import TemplateSite
from addon.desktop.browsers import Browser, Name
from addon.desktop.launch import choose, keep_open, show_running
from addon.desktop.pac import pac
from addon.desktop.window import BrowserError
from addon.ending import wait_for_end
from addon.koban import Koban
from addon.language import say
from addon.loopback import LOOPBACK
from addon.state.instance import sole_instance
from addon.state.options import Resolve, ServeOptions
from addon.terminal import print_pairing_number
from extractors.descriptor import descriptors

SITES: tuple[DemoSite, ...] = (
    CrowdWorks(),
    *map(TemplateSite, ("lancers", "coconala", "shufti", "mamaworks", "craudia")),
    *map(TemplateSite, ("upwork", "freelancer", "fiverr", "workana", "guru", "peopleperhour", "malt")),
)
"""The marketplace's sites: one package each."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Options of `koban demo`.

    state_dir: Koban's own; the demo keeps a folder of its own in it, apart from the user's settings and
    authority. browser: None takes the best there is, or the terminal where no window can be opened. once:
    show in the terminal and end. Ports of 0 are any free ones.
    """

    state_dir: Path
    browser: Name | Literal["none"] | None = None
    once: bool = False
    listen_port: int = 0
    api_port: int = 0


def run(options: DemoOptions, console: Console) -> int:
    """Serve the marketplace and show it until the user ends it, closes the window, or all was shown once.

    Returns the exit code: 0, 1 where a page did not arrive as it should, 130 where the showing was broken
    off. Raises BrowserError where the browser asked for cannot be opened, CannotStart where Koban cannot.
    """
    try:
        return asyncio.run(_run(options, console))
    except KeyboardInterrupt:
        return 130


async def _run(options: DemoOptions, console: Console) -> int:
    browser = _browser(options, console)
    own = options.state_dir / "demo"
    with contextlib.suppress(OSError):  # said where the folder is used
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
    with sole_instance(own) if browser is not None else contextlib.nullcontext(True) as is_sole:
        if is_sole:
            return await _show_marketplace(options, own, browser, console)
    code = await asyncio.to_thread(show_running, own, console)
    return await _run(options, console) if code is None else code


async def _show_marketplace(options: DemoOptions, own: Path, browser: Browser | None, console: Console) -> int:
    async with DemoServer(SITES) as marketplace, running(_served(options, own, marketplace)) as koban:
        koban.pairing.listen(lambda number: print_pairing_number(console, number))
        switch_on_optional_sites(koban)
        if browser is not None:
            # No way past Koban: the demo's pages are nowhere else, and the real ones are not wanted.
            route = pac(marketplace.hosts, koban.proxy_port, direct_if_down=False)
            # The offer to translate would cover the first warning.
            extra = [] if browser.is_firefox else ["--disable-features=Translate"]
            first = [SITES[0].tour[0].url]
            window = await keep_open(browser, koban, own, route, first, console, extra, every_site=True)
            await asyncio.to_thread(window.close)
            return 0
        viewer = Viewer(koban.proxy_port, koban.authority.certificate)
        whole = await asyncio.to_thread(show, console, SITES, viewer, koban.verdicts.shown)
        tell_addresses(console, SITES, viewer)
        if not options.once:
            console.print(say("続けて応答します。終わるには Ctrl-C", "Serving on; Ctrl-C to end"))
            await wait_for_end()
        return 0 if whole else 1


def switch_on_optional_sites(koban: Koban) -> None:
    """Have Koban judge every site of the marketplace, those too that are off until the user wants them."""
    optional = [site.id for site in descriptors().values() if site.optional]
    koban.settings.patch({"sites": {site: {"enabled": True} for site in optional}})


def _browser(options: DemoOptions, console: Console) -> Browser | None:
    """The browser to open; None for the terminal."""
    if options.once or options.browser == "none":
        return None
    try:
        return choose(options.browser)
    except BrowserError as error:
        if options.browser is not None:
            raise
        console.print(f"{error.ja}ここに表示します。", markup=False)
        console.print(f"{error.en} Showing it here.", markup=False)
        return None


def _served(options: DemoOptions, own: Path, marketplace: DemoServer) -> ServeOptions:
    return ServeOptions(
        listen_port=options.listen_port,
        api_port=options.api_port,
        state_dir=own,
        upstream_ca=marketplace.authority,
        is_demo=True,
        resolve=tuple(Resolve(host, 443, LOOPBACK, marketplace.port) for host in marketplace.hosts),
    )
