"""A whole Koban with the offline marketplace behind it, and browser windows in front, for tests and pictures."""

import asyncio
import json
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

from cryptography import x509
from mitmproxy import ctx
from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, Worker, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from addon.demo import SITES
from addon.demo.crowdworks.pages import CrowdWorks
from addon.demo.server import DemoServer
from addon.demo.session import switch_on_optional_sites
from addon.demo.site import Answer, DemoSite, json_answer
from addon.desktop.browsers import Browser, find_browsers
from addon.desktop.chromium import ChromiumWindow
from addon.desktop.firefox import FirefoxWindow, user_js
from addon.desktop.launch import open_chromium, window_for
from addon.desktop.pac import pac
from addon.desktop.window import EXTENSIONS, Window, built_extension, entering_every_site
from addon.koban import Koban
from addon.state.authority import spki_hash
from addon.state.options import Resolve, ServeOptions
from tests.unhurried import running_unhurried

HOST = "https://crowdworks.jp"
THREAD = "/contracts/64120311"
"""A contract that waits for escrow, with a thread that its script fetches."""
CHECKING = ("確認しています\nKoban", "Checking\nKoban")
"""The words of the line of a page that is still being checked."""


SERVICE_WORKER = b"""
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  if (event.request.mode !== "navigate") return;
  event.waitUntil(event.preloadResponse);
  event.respondWith((async () =>
    await caches.match(event.request) ?? await event.preloadResponse ?? await fetch(event.request))());
});
"""
"""Answers a page from its cache where it has it there, whatever the browser's own request for it brings."""


class CrowdWorksOnStage(CrowdWorks):
    """CrowdWorks with a service worker, whose threads keep back their last messages until they are let in."""

    kept_back = 0

    def answer(self, location: SplitResult, now: datetime) -> Answer | None:
        if location.path == "/service-worker.js":
            return Answer(SERVICE_WORKER, "text/javascript")
        answer = super().answer(location, now)
        if answer is None or not location.path.endswith("/messages.json") or not self.kept_back:
            return answer
        return json_answer({"messages": json.loads(answer.body)["messages"][: -self.kept_back]})


CROWDWORKS = CrowdWorksOnStage()
ON_STAGE = tuple(CROWDWORKS if site.id == CROWDWORKS.id else site for site in SITES)

PATIENCE = 120.0
"""Seconds for whatever a test waits for: what takes one alone may take a minute on a slow machine with more to do."""
START_PATIENCE = 300.0
"""Seconds for Koban to start, and for the extension of a browser that has started to pair itself."""

LATER = """(async () => {
  const {id} = JSON.parse(document.querySelector("#pack-message-thread").getAttribute("data"));
  const {messages} = await (await fetch(`/message/threads/${id}/messages.json`)).json();
  const items = [...document.querySelectorAll("[class*=_messageItem_]")];
  for (const message of messages.slice(items.length)) {
    const item = items[0].cloneNode(true);
    item.querySelector("p").textContent = message.body;
    items[0].parentNode.append(item);
  }
})()"""
"""What the page of a thread does when it looks for new messages."""

HIGHLIGHTED = "[...CSS.highlights].map(([name, ranges]) => [name, [...ranges].join()])"
"""The words that are highlighted in a page, by severity."""


class Unavailable(Exception):
    """What is needed to drive a browser is not on this machine."""


def chromium() -> Browser:
    """A browser of Chromium's family. Raises Unavailable."""
    return _first(lambda browser: not browser.is_firefox, "no browser of Chromium's family was found")


def firefox() -> Browser:
    """Firefox, with what prepares its profile. Raises Unavailable."""
    if shutil.which("certutil") is None:
        raise Unavailable("certutil, which prepares Firefox's profile, was not found")
    return _first(lambda browser: browser.is_firefox, "Firefox was not found")


def _first(suits: Callable[[Browser], bool], otherwise: str) -> Browser:
    for browser in find_browsers():
        if suits(browser) and browser.confinement == "none":
            return browser
    raise Unavailable(otherwise)


def build_extension(browser: Browser) -> None:
    """Build the extension for a browser where it is not. Raises Unavailable."""
    if built_extension(browser) is not None:
        return
    npm = shutil.which("npm")
    if npm is None or not (EXTENSIONS.parent / "node_modules").is_dir():
        raise Unavailable("the extension is not built, and npm or its packages are missing")
    script = "build:firefox" if browser.is_firefox else "build"
    subprocess.run([npm, "run", "--silent", script], cwd=EXTENSIONS.parent, check=True, timeout=300)


@contextmanager
def on_stage[T](made: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[T]:
    """What an asynchronous context yields, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    ready = threading.Event()
    outcome: list[T] = []
    failed: list[BaseException] = []

    async def perform() -> None:
        async with made() as entered:
            outcome.append(entered)
            ready.set()
            await ended.wait()

    def play() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(perform())
        except BaseException as error:
            failed.append(error)
            ready.set()
        finally:
            loop.close()

    thread = threading.Thread(target=play, name="stage", daemon=True)
    thread.start()
    assert ready.wait(START_PATIENCE), "it did not start"
    if failed:
        raise failed[0]
    try:
        yield outcome[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        # Until it has ended its ports are taken, and mitmproxy's one master is its.
        thread.join(PATIENCE)


@contextmanager
def koban_on_stage(
    state_dir: Path,
    *,
    first_run: bool = False,
    ports: tuple[int, int] = (0, 0),
    is_demo: bool = False,
    sites: Sequence[DemoSite] = ON_STAGE,
) -> Iterator[Koban]:
    """Koban in front of the offline marketplace.

    first_run: show the page of it. ports: of the proxy and the API; 0 for any. is_demo: as `koban demo` has it, with
    the optional sites on. sites: of the marketplace.
    """

    @asynccontextmanager
    async def koban() -> AsyncIterator[Koban]:
        async with DemoServer(sites) as market:
            options = ServeOptions(
                listen_port=ports[0],
                api_port=ports[1],
                state_dir=state_dir,
                upstream_ca=market.authority,
                is_demo=is_demo,
                resolve=tuple(Resolve(host, 443, "127.0.0.1", market.port) for host in market.hosts),
            )
            async with running_unhurried(options) as koban:
                # Its tab would stand beside those that the tests open.
                koban.settings.patch({"welcomed": not first_run})
                if is_demo:
                    switch_on_optional_sites(koban)
                yield koban

    with on_stage(koban) as started:
        yield started


@contextmanager
def engine_on_stage(state_dir: Path) -> Iterator[Koban]:
    """Koban whose proxy has ended, which leaves the engine behind the loopback API."""

    @asynccontextmanager
    async def engine() -> AsyncIterator[Koban]:
        async with running_unhurried(ServeOptions(listen_port=0, api_port=0, state_dir=state_dir)) as koban:
            ctx.options.update(server=False)
            ctx.master.shutdown()
            koban.settings.patch({"welcomed": True})
            yield koban

    with on_stage(engine) as koban:
        eventually(lambda: not listens(koban.proxy_port))
        yield koban


def listens(port: int) -> bool:
    """Whether anything on this machine takes connections on a port."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class View:
    """A window, and what a person sees in it."""

    context: BrowserContext
    opened: ChromiumWindow

    def page(self, path: str, *, scripts: bool = True) -> Page:
        """A new tab with a page of the marketplace, loaded."""
        page = self.context.new_page()
        if not scripts:
            page.context.new_cdp_session(page).send("Emulation.setScriptExecutionDisabled", {"value": True})
        page.goto(HOST + path)
        return page

    def own(self, name: str) -> Page:
        """A page of the extension's own, in a new tab."""
        page = self.context.new_page()
        page.goto(f"chrome-extension://{self.opened.extension_id}/{name}.html")
        return page

    def speak(self, choice: str) -> None:
        """Choose the language of every surface, as its user does; `auto`: that of the browser, Japanese."""
        options = self.own("options")
        options.locator("#language").select_option(choice)
        options.locator(f"html[lang={'ja' if choice == 'auto' else choice}]").wait_for()
        options.close()

    @contextmanager
    def speaking(self, language: str) -> Iterator[None]:
        """The same, and again the browser's language, whatever becomes of a test."""
        try:
            self.speak(language)
            yield
        finally:
            self.speak("auto")

    def popup(self, page: Page) -> Page:
        """The extension's popup for a tab, opened as a tab."""
        popup = self.context.new_page()
        popup.goto(f"chrome-extension://{self.opened.extension_id}/popup.html?tab={self.tab_id(page)}")
        return popup

    def tab_id(self, page: Page) -> int:
        """The number that the browser gives the tab of a page."""
        look = "async url => (await chrome.tabs.query({url})).map(tab => tab.id)"
        # Others may have been left at the same address: it is the newest that a test asks about.
        found: int = max(self.in_background(look, page.url))
        return found

    def badge(self, page: Page) -> str:
        """The text on the toolbar button of a page's tab."""
        text: str = self.in_background("tabId => chrome.action.getBadgeText({tabId})", self.tab_id(page))
        return text

    def button_title(self, page: Page) -> str:
        """What the toolbar button says to who points at it."""
        text: str = self.in_background("tabId => chrome.action.getTitle({tabId})", self.tab_id(page))
        return text

    def in_background(self, expression: str, argument: object) -> Any:
        """Evaluate a function in the extension's background."""
        (worker,) = eventually(self._backgrounds, lambda found: len(found) == 1)
        return worker.evaluate(expression, argument)

    def _backgrounds(self) -> list[Worker]:
        self.context.cookies()  # the driver learns of one that ended or began while it waits for an answer
        return [each for each in self.context.service_workers if str(self.opened.extension_id) in each.url]


def through(koban: Koban, browser: Browser, folder: Path) -> Window:
    """A window as `koban demo` opens it: the marketplaces by way of the proxy."""
    hosts = [host for site in SITES for host in site.hosts]
    return replace(
        window_for(
            browser,
            folder,
            pac=pac(hosts, koban.proxy_port, direct_if_down=False),
            authority=koban.authority.certificate,
            spki=koban.authority.spki_hash,
        ),
        language="ja",
        headless=True,
    )


def leaf_of(koban: Koban) -> Path:
    """The certificate of the offline marketplace behind Koban, which its visitors see where Koban looks away."""
    assert koban.options.upstream_ca is not None
    return koban.options.upstream_ca.parent / "server.pem"


def past(market: DemoServer, browser: Browser, folder: Path) -> Window:
    """A window that goes to the marketplaces itself, as one that no proxy was ever set up for."""
    certificate = x509.load_pem_x509_certificate((market.authority.parent / "server.pem").read_bytes())
    window = window_for(browser, folder, pac=pac([], 0), authority=market.authority, spki=spki_hash(certificate))
    if browser.is_firefox:
        window.profile.mkdir(parents=True)
        there = {"network.dns.forceResolve": "127.0.0.1", "network.socket.forcePort": f"443={market.port}"}
        (window.profile / "prefs.js").write_text(user_js(there))
        return replace(window, language="ja", headless=True)
    there_too = ", ".join(f"MAP {host}:443 127.0.0.1:{market.port}" for host in market.hosts)
    return replace(window, language="ja", headless=True, extra=[f"--host-resolver-rules={there_too}"])


@contextmanager
def window_on_stage(
    playwright: Playwright,
    koban: Koban,
    folder: Path,
    *,
    extension: bool | Path = True,
    extra: Sequence[str] = (),
    market: DemoServer | None = None,
    every_site: bool = False,
) -> Iterator[View]:
    """A window without a display and with a port for the driver besides.

    extension: whether it has the extension, or the folder of another build of it. every_site: as in the demo's window.
    market: where the window goes itself; by way of the proxy otherwise.
    """
    browser = chromium()
    window = through(koban, browser, folder) if market is None else past(market, browser, folder)
    window = replace(window, extra=["--remote-debugging-port=0", *window.extra, *extra])
    if not isinstance(extension, bool):
        window = replace(window, extension=extension)
    elif not extension:
        window = replace(window, extension=None)
    if every_site:
        window = entering_every_site(window)
    before = koban.pairing.last_paired
    link = koban.pairing_link()
    opened = open_chromium(
        browser, window, lambda: link, [], lambda: koban.pairing.last_paired != before, patience=START_PATIENCE
    )
    try:
        if extension:
            assert koban.pairing.last_paired != before, "the extension did not pair itself"
        port_file = window.profile / "DevToolsActivePort"
        # Without the extension nothing was waited for yet.
        port = eventually(lambda: port_file.read_text().split() if port_file.exists() else [])[0]
        driven = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=1_000 * START_PATIENCE)
        (context,) = driven.contexts
        context.set_default_timeout(1_000 * PATIENCE)
        yield View(context, opened)
        driven.close()
    finally:
        opened.close()


@contextmanager
def stage_in(language: str, *, extra: Sequence[str] = ()) -> Iterator[View]:
    """A window and a Koban of its own that speak a language, as pictures and films of them are taken."""
    with (
        tempfile.TemporaryDirectory() as folder,
        koban_on_stage(Path(folder) / "state") as koban,
        sync_playwright() as playwright,
        window_on_stage(playwright, koban, Path(folder), extra=extra) as view,
    ):
        view.speak(language)
        yield view


@contextmanager
def firefox_on_stage(
    koban: Koban,
    folder: Path,
    *,
    market: DemoServer | None = None,
    preferences: Mapping[str, bool | int | str] | None = None,
    every_site: bool = False,
) -> Iterator[Path]:
    """The same in Firefox: its log, which names the port for the driver. preferences: besides those of the window."""
    browser = firefox()
    window = through(koban, browser, folder) if market is None else past(market, browser, folder)
    if preferences is not None:
        window.profile.mkdir(parents=True, exist_ok=True)
        (window.profile / "prefs.js").write_text(user_js(preferences))
    window = replace(window, extra=["--remote-debugging-port=0", "--remote-allow-system-access"])
    if every_site:
        window = entering_every_site(window)
    opened = FirefoxWindow.open(browser, window, ["about:blank", koban.pairing_link()])
    try:
        eventually(
            lambda: any(origin.startswith("moz-extension://") for origin in koban.pairing.origins),
            patience=START_PATIENCE,
        )
        yield window.profile / "koban-browser.log"
    finally:
        opened.close()


@dataclass(frozen=True)
class Banner:
    """The extension's banner in a page: its words, and the box of its element."""

    text: str
    top: float
    height: float


def banner(page: Page) -> Banner | None:
    """The extension's banner, whose shadow root is closed to the page and to scripts of ours alike."""
    session = page.context.new_cdp_session(page)
    try:
        return _banner(session)
    finally:
        # One that stays is told of every change of the page: many looks would slow it down.
        session.detach()


def _banner(session: CDPSession) -> Banner | None:
    root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    host = next((node for node in nodes(root) if node["localName"] == "koban-banner"), None)
    if host is None:
        return None
    try:
        quad = session.send("DOM.getBoxModel", {"nodeId": host["nodeId"]})["model"]["border"]
    except PlaywrightError as error:
        if "Could not find node" not in error.message:
            raise
        # Taken away between the two looks: there is none now.
        return None
    words = [
        node["nodeValue"].strip() for shadow in host["shadowRoots"] for node in nodes(shadow) if node["nodeType"] == 3
    ]
    return Banner("\n".join(filter(None, words)), top=quad[1], height=quad[5] - quad[1])


def settled(said: Callable[[], str], looks: int) -> None:
    """Wait until what Koban says is there, and the same for a number of looks."""
    seen: list[str] = []

    def is_settled() -> bool:
        seen.append(said())
        return len(seen) > looks and seen[-1] not in ("", *CHECKING) and len(set(seen[-looks:])) == 1

    eventually(is_settled)


def checked_banner(page: Page) -> Banner:
    """The banner once the page has been checked: until then it says that it is being."""
    shown = eventually(
        lambda: banner(page), lambda seen: seen is not None and seen.text != "" and "確認しています" not in seen.text
    )
    assert shown is not None
    return shown


_visits = count()


def judged_thread(view: View) -> Page:
    """A tab with `THREAD`, once the page and the messages that its script fetches are both judged.

    The page has a verdict before its messages have, so that a wait for what the page itself is warned of ends while the
    rest is still to come. At an address that was visited before, what was judged then is shown first: each visit has
    one of its own.
    """
    page = view.page(f"{THREAD}?visit={next(_visits)}")
    eventually(lambda: banner(page), lambda seen: seen is not None and "直接契約の誘いです" in seen.text)
    return page


def nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A node of the browser's document and all below it, frames too. Left out are style sheets, and the words that are
    said to a screen reader alone."""
    if node["localName"] == "style" or "announcer" in node.get("attributes", ()):
        return
    yield node
    if "contentDocument" in node:
        yield from nodes(node["contentDocument"])
    for kind in ("shadowRoots", "children"):
        for child in node.get(kind, ()):
            yield from nodes(child)


@contextmanager
def failure_naming(*values: object) -> Iterator[None]:
    """A loop's turn: where it fails, the failure says with which values."""
    try:
        yield
    except Exception as error:
        error.add_note(f"with {', '.join(map(str, values))}")
        raise


def eventually[T](look: Callable[[], T], accept: Callable[[T], bool] = bool, patience: float = PATIENCE) -> T:
    """What `look` sees once it is acceptable. Fails with the last sight where it does not become so."""
    until = time.monotonic() + patience
    while not accept(seen := look()):
        assert time.monotonic() < until, f"never as expected; at last {seen!r}"
        time.sleep(0.05)
    return seen
