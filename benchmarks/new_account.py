"""From a bundle's archive to the first warning on an empty account (Linux): `python -m benchmarks.new_account ARCHIVE`.

Unpacks it, runs its `install`, and starts what was installed on the offline marketplace, in a window of Chromium that
needs no screen. Prints the seconds since the beginning at each step, with the processor time of all processes by then.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.processes import spent_by
from bundle.smoke import PATIENCE, account, run
from tests.browser.stage import banner, chromium, eventually

_COUNT = re.compile(r"\d+件|\d+ jobs")
"""Begins what is said of a list with warnings."""
Step = tuple[str, float, float]
"""Its name, and the seconds and the processor time since the beginning."""


def steps(archive: Path, home: Path) -> Iterator[Step]:
    """Yields each step, once it is done. Raises Failure where one fails."""
    environment = _environment(home)
    begin = time.monotonic()
    run(Path("/bin/tar"), ["xzf", str(archive), "-C", str(home)], environment)
    yield "unpacked", time.monotonic() - begin, _spent_by_children()
    run(home / "koban/install", [], environment)
    cost = _spent_by_children()
    yield "installed", time.monotonic() - begin, cost
    command = [str(home / ".local/share/koban-program/koban"), "demo"]
    koban = subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _see_first_warning(home / ".local/state/koban/demo/browsers/chromium/DevToolsActivePort", koban)
        yield "first warning", time.monotonic() - begin, cost + spent_by(koban.pid).seconds
    finally:
        koban.terminate()
        koban.wait(PATIENCE)


def _environment(home: Path) -> dict[str, str]:
    """The environment of an empty account whose Chromium can be asked by a port, beside the pipe that Koban has."""
    program = home / "programs/chromium"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {chromium().command[0]} --headless=new --remote-debugging-port=0 "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return account(home) | {"PATH": path, "DISPLAY": ":0"}


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _see_first_warning(port_file: Path, koban: subprocess.Popen[bytes]) -> None:
    """Wait until the window's first page shows how many warnings it has. Raises AssertionError where none comes."""
    until = time.monotonic() + PATIENCE
    while not (port := _port_of_shown_page(port_file)):
        assert koban.poll() is None, "koban demo has ended"
        assert time.monotonic() < until, "no page came"
        time.sleep(0.02)
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = next(each for context in browser.contexts for each in context.pages if "/public/jobs" in each.url)
        # While rules are being compiled a page is not checked in time, and judged a moment later.
        eventually(lambda: banner(page), lambda shown: shown is not None and _COUNT.match(shown.text) is not None)


def _port_of_shown_page(file: Path) -> int | None:
    try:
        port = int(file.read_text().split()[0])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            is_shown = any("/public/jobs" in target["url"] for target in json.load(answer))
    except (urllib.error.URLError, OSError, IndexError):
        return None
    return port if is_shown else None


def main() -> None:
    """Prints the steps, and how many programs waited for a processor."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        for name, seconds, cost in steps(Path(sys.argv[1]).absolute(), Path(home)):
            print(f"{seconds:6.1f} s  {cost:6.1f} s of processors  load {os.getloadavg()[0]:5.1f}  {name}")


if __name__ == "__main__":
    main()
