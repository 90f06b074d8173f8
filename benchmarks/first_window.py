"""A first `koban start`: from the command to the start page in its window, with nothing stored beforehand."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.processes import TICKS
from tests.browser.stage import chromium

PATIENCE = 120
PAINTED = """performance.timeOrigin + performance.getEntriesByName("first-contentful-paint")[0].startTime"""
"""When the page showed its first content, in milliseconds since 1970: the browser notes it itself."""
CONNECTED = "#try button"
"""What is there once the extension has paired and Koban has answered."""


@dataclass(frozen=True, slots=True)
class FirstWindow:
    """Seconds since the command. own: processor time of Koban's first process, without the judging and the browser."""

    shown_after: float
    own: float
    connected_after: float


def first_window(home: Path) -> FirstWindow:
    """Run `koban start` in an empty home until its start page is connected. Raises Unavailable without Chromium."""
    program = home / "programs/chromium"
    program.parent.mkdir(parents=True)
    # No screen is needed, and the page can be asked beside Koban, which drives the window by a pipe.
    program.write_text(f'#!/bin/sh\nexec {chromium().command[0]} --headless=new --remote-debugging-port=0 "$@"\n')
    program.chmod(0o755)
    environ = {"HOME": str(home), "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "DISPLAY": ":0"}
    koban = str(Path(sys.executable).with_name("koban"))
    command = [koban, "start", "--browser", "chromium", "--listen-port", "0", "--api-port", "0"]
    begin = time.time()
    process = subprocess.Popen(command, cwd=home, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with _start_page(home / ".local/state/koban/browsers/chromium/DevToolsActivePort", process) as (port, own):
            return _asked(port, begin, own)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _start_page(file: Path, process: subprocess.Popen[bytes]) -> Iterator[tuple[int, float]]:
    """The port at which the browser that shows the start page can be asked, and what Koban had used by then."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "koban start has ended"
        port = int(file.read_text().split()[0]) if file.exists() and file.stat().st_size else 0
        if port and any(each["url"].endswith("/welcome.html#window") for each in _targets(port)):
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            yield port, (int(fields[11]) + int(fields[12])) / TICKS
            return
        time.sleep(0.02)
    raise AssertionError("no start page came")


def _targets(port: int) -> list[dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            targets: list[dict[str, str]] = json.load(answer)
            return targets
    except (urllib.error.URLError, OSError):
        return []


def _asked(port: int, begin: float, own: float) -> FirstWindow:
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        pages = [page for context in browser.contexts for page in context.pages]
        (page,) = [page for page in pages if page.url.endswith("/welcome.html#window")]
        page.locator(CONNECTED).wait_for(timeout=PATIENCE * 1000)
        connected_after = time.time() - begin
        painted_at: float = page.evaluate(PAINTED)
        return FirstWindow(painted_at / 1000 - begin, own, connected_after)
