"""Navigation → load in Chromium on the six sites of the offline marketplace, Koban beside mitmdump with streaming."""

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from addon.demo import SITES
from addon.demo.server import DemoServer
from benchmarks.measuring import ROOT, Figure, Goal, Record, in_turns, quartiles, rounded, run
from benchmarks.proxies import BIN, STREAMING, free_port, started
from tests.browser.stage import Unavailable, chromium

ROUNDS = 15
LIMIT = 1.05
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@contextmanager
def demo_market() -> Iterator[DemoServer]:
    """The offline marketplace, in a thread with a loop of its own."""
    loop, ended, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    found: list[DemoServer] = []

    async def perform() -> None:
        async with DemoServer(SITES) as market:
            found.append(market)
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(perform()), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)


def window(browser: Browser, port: int) -> BrowserContext:
    return browser.new_context(
        proxy={"server": f"http://127.0.0.1:{port}"}, ignore_https_errors=True, locale="ja", service_workers="block"
    )


def load(context: BrowserContext, url: str) -> float:
    """Milliseconds from a navigation to its load event, in a new tab."""
    page = context.new_page()
    try:
        page.goto(url)
        page.wait_for_function(f"{LOADED} > 0")
        took: float = page.evaluate(LOADED)
        return took
    finally:
        page.close()


def measure(quick: bool) -> Record:
    record = Record("browser")
    try:
        program = chromium().command[0]
    except Unavailable as missing:
        record.lacks("Chromium", str(missing))
        return record
    with tempfile.TemporaryDirectory() as name, demo_market() as market, sync_playwright() as playwright:
        folder = Path(name)
        port, other = free_port(), free_port()
        ours = [str(BIN / "koban"), "serve", "--state-dir", str(folder / "koban"), "--listen-port", str(port)]
        ours += ["--api-port", str(free_port()), "--upstream-ca", str(market.authority)]
        for host in market.hosts:
            ours += ["--resolve", f"{host}:443:127.0.0.1:{market.port}"]
        theirs = [
            str(BIN / "mitmdump"),
            "--quiet",
            "--set",
            f"confdir={folder / 'mitmdump'}",
            "--listen-port",
            str(other),
        ]
        theirs += ["--listen-host", "127.0.0.1", "--set", "stream_large_bodies=1"]
        theirs += ["--set", f"ssl_verify_upstream_trusted_ca={market.authority}"]
        theirs += ["-s", str(ROOT / "benchmarks/redirect.py"), "--set", f"elsewhere={market.port}"]
        with started(ours, port, folder), started(theirs, other, folder):
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            windows = {"koban": window(browser, port), STREAMING: window(browser, other)}
            pairs: list[float] = []
            for site in SITES:
                url = site.tour[0].url
                sides = {side: lambda context=context, url=url: load(context, url) for side, context in windows.items()}
                times = in_turns(sides, 2 if quick else ROUNDS, warm=2)
                record.add(
                    Figure(
                        f"browser.{site.id}",
                        f"navigation → load, {site.id}",
                        "ms",
                        {side: rounded(values) for side, values in times.items()},
                    )
                )
                pairs += [one / other for one, other in zip(times["koban"], times[STREAMING], strict=True)]
            page = windows["koban"].new_page()
            page.goto(SITES[0].tour[0].url)
            assert page.locator("koban-verdict").count() == 1, "Koban was not in between"
            browser.close()
    low, middle, high = quartiles(pairs)
    told = f"navigation → load in Chromium, {len(SITES)} sites, vs {STREAMING}"
    record.judge(Goal("browser", told, round(middle, 4), LIMIT, low=low, high=high))
    return record


if __name__ == "__main__":
    raise SystemExit(run("browser", measure))
