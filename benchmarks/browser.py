"""Navigation → load in Chromium on the sites of the offline marketplace, Koban beside mitmdump with streaming.

With the extension, whose part `benchmarks.follower` takes here, a page passes untouched and does not wait.
"""

import asyncio
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from addon.demo import SITES
from addon.demo.server import DemoServer
from addon.demo.site import DemoSite
from benchmarks.follower import Follower, following, pair
from benchmarks.measuring import ROOT, Figure, Goal, Record, in_turns, quartiles, rounded, run
from benchmarks.proxies import BIN, FOLLOWED, STREAMING, free_port, started
from extractors.descriptor import descriptors
from tests.browser.stage import Unavailable, chromium

ROUNDS = 15
LIMITS = {"koban": 1.3, FOLLOWED: 1.05}
SIDE_LABELS = {"koban": "without the extension", FOLLOWED: "with the extension"}
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@contextmanager
def demo_market() -> Iterator[DemoServer]:
    """The offline marketplace, in a thread with a loop of its own."""
    loop, end_event, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    markets: list[DemoServer] = []

    async def perform() -> None:
        async with DemoServer(SITES) as market:
            markets.append(market)
            ready.set()
            await end_event.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(perform()), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield markets[0]
    finally:
        loop.call_soon_threadsafe(end_event.set)
        thread.join(10)


def window(browser: Browser, port: int) -> BrowserContext:
    return browser.new_context(
        proxy={"server": f"http://127.0.0.1:{port}"}, ignore_https_errors=True, locale="ja", service_workers="block"
    )


MEASURED_SITES = [site for site in SITES if not descriptors()[site.id].optional]
"""Those that Koban looks into without being asked: pages of the others pass untouched, without a verdict."""


def koban_command(market: DemoServer, state: Path, port: int, api_port: int) -> list[str]:
    """`koban serve` before the offline marketplace."""
    command = [str(BIN / "koban"), "serve", "--state-dir", str(state), "--listen-port", str(port)]
    command += ["--api-port", str(api_port), "--upstream-ca", str(market.authority)]
    for host in market.hosts:
        command += ["--resolve", f"{host}:443:127.0.0.1:{market.port}"]
    return command


def mitmdump_command(market: DemoServer, folder: Path, port: int) -> list[str]:
    """mitmdump before the offline marketplace."""
    command = [str(BIN / "mitmdump"), "--quiet", "--set", f"confdir={folder / 'mitmdump'}", "--listen-port", str(port)]
    command += ["--listen-host", "127.0.0.1", "--set", "stream_large_bodies=1"]
    command += ["--set", f"ssl_verify_upstream_trusted_ca={market.authority}"]
    return [*command, "-s", str(ROOT / "benchmarks/redirect.py"), "--set", f"elsewhere={market.port}"]


def load(context: BrowserContext, url: str, follower: Follower | None = None) -> float:
    """Milliseconds from a navigation to its load event, in a new tab.

    follower: hands back the page's ticket, where it has one.
    """
    page = context.new_page()
    try:
        page.goto(url)
        page.wait_for_function(f"{LOADED} > 0")
        milliseconds: float = page.evaluate(LOADED)
        element = page.locator("koban-verdict[data-ticket]")
        if follower is not None and element.count():
            ticket = element.get_attribute("data-ticket")
            assert ticket is not None
            follower.arrive(ticket)
        return milliseconds
    finally:
        page.close()


def measure(quick: bool) -> Record:
    record = Record("browser")
    try:
        program = chromium().command[0]
    except Unavailable as missing:
        record.lacks("Chromium", str(missing))
        return record
    sites = MEASURED_SITES[:2] if quick else MEASURED_SITES
    with tempfile.TemporaryDirectory() as name, demo_market() as market, sync_playwright() as playwright:
        folder = Path(name)
        port, followed_port, api_port, other = (free_port() for _ in range(4))
        state = folder / "koban-followed"
        key = pair(state, api_port)
        with (
            started(koban_command(market, folder / "koban", port, free_port()), port, folder),
            started(koban_command(market, state, followed_port, api_port), followed_port, folder),
            following(key, api_port) as follower,
            started(mitmdump_command(market, folder, other), other, folder),
        ):
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            ports = {"koban": port, FOLLOWED: followed_port, STREAMING: other}
            windows = {side: window(browser, one) for side, one in ports.items()}
            pairs: dict[str, list[float]] = {side: [] for side in LIMITS}
            for site in sites:
                times = _measure_site(record, site, windows, follower, quick)
                for side, ratios in pairs.items():
                    ratios += [one / other for one, other in zip(times[side], times[STREAMING], strict=True)]
            page = windows["koban"].new_page()
            page.goto(SITES[0].tour[0].url)
            assert page.locator("koban-verdict").count() == 1, "Koban was not in between"
            assert follower.events, "no verdict came by an event"
            browser.close()
    _judge(record, pairs, len(sites))
    return record


def _measure_site(
    record: Record, site: DemoSite, windows: Mapping[str, BrowserContext], follower: Follower, quick: bool
) -> dict[str, list[float]]:
    """Milliseconds of each load of a site's first page, by side."""
    url = site.tour[0].url
    sides = {
        side: partial(load, context, url, follower if side == FOLLOWED else None) for side, context in windows.items()
    }
    times = in_turns(sides, 1 if quick else ROUNDS, warm=1 if quick else 2)
    values = {side: rounded(values) for side, values in times.items()}
    record.add(Figure(f"browser.{site.id}", f"navigation → load, {site.id}", "ms", values))
    return times


def _judge(record: Record, pairs: Mapping[str, list[float]], sites: int) -> None:
    for side, limit in LIMITS.items():
        low, middle, high = quartiles(pairs[side])
        label = f"navigation → load in Chromium, {sites} sites, {SIDE_LABELS[side]}, vs {STREAMING}"
        ident = f"browser.{side.replace(' ', '-')}"
        record.judge(Goal(ident, label, round(middle, 4), limit, low=low, high=high))


if __name__ == "__main__":
    raise SystemExit(run("browser", measure))
