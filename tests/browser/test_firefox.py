"""Firefox as `koban start` opens it. No driver: what reaches Koban says what the browser did."""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from addon.desktop.browsers import Browser
from addon.desktop.firefox import FirefoxWindow
from addon.desktop.launch import firefox_urls, open_window
from addon.koban import Koban
from tests.browser.bidi import Driven, listening
from tests.browser.stage import HOST, eventually, through

pytestmark = pytest.mark.browser

TRAP = f"{HOST}/public/jobs/13502120"
THREAD = f"{HOST}/contracts/64120311"


@pytest.fixture(scope="module")
def profile(firefox_here: Browser, koban: Koban, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The profile of a window that was opened on two pages."""
    window = through(koban, firefox_here, tmp_path_factory.mktemp("firefox"))
    opening = open_window(firefox_here, window, koban.pairing_link, [TRAP, THREAD], lambda: False)
    opened = asyncio.run(opening)
    assert isinstance(opened, FirefoxWindow)
    yield window.profile
    opened.close()


def rules_shown(koban: Koban, url: str) -> set[str]:
    shown = koban.verdicts.shown(url)
    return {finding.rule for finding in shown.verdict.findings} if shown else set()


def test_it_trusts_the_authority_and_goes_through_koban(profile: Path, koban: Koban) -> None:
    assert "direct-contract" in eventually(lambda: rules_shown(koban, TRAP))


def test_a_page_works_in_it_as_ever(profile: Path, koban: Koban) -> None:
    # The thread's messages are there only once the page's own script has fetched them.
    found = eventually(lambda: rules_shown(koban, THREAD), lambda rules: "direct-contract" in rules)
    assert "escrow-not-confirmed" in found


def test_its_extension_pairs_itself(profile: Path, koban: Koban) -> None:
    eventually(lambda: any(origin.startswith("moz-extension://") for origin in koban.pairing.origins))


def test_only_its_own_profile_trusts_the_authority(profile: Path, koban: Koban) -> None:
    listed = subprocess.run(["certutil", "-L", "-d", f"sql:{profile}"], capture_output=True, check=True, text=True)
    assert [line.split() for line in listed.stdout.splitlines() if line.startswith("Koban")] == [["Koban", "C,,"]]


@pytest.mark.parametrize("start_page", [True, False], ids=["start", "demo"])
def test_ux_b_its_pairing_page_becomes_the_start_page_or_closes(
    firefox_here: Browser, koban: Koban, tmp_path: Path, start_page: bool
) -> None:
    driver = ["--remote-debugging-port=0", "--remote-allow-system-access"]
    window = replace(through(koban, firefox_here, tmp_path), extra=driver)
    opened = FirefoxWindow.open(
        firefox_here, window, firefox_urls(window, koban.pairing_link(), [TRAP], start_page=start_page)
    )
    try:
        driven = Driven(listening(window.profile / "koban-browser.log"))

        def is_done() -> bool:
            addresses = driven.addresses()
            is_start = any(each.endswith("/welcome.html#window") for each in addresses)
            is_page = TRAP in addresses
            return is_start is start_page is not is_page and not any("/pair" in each for each in addresses)

        eventually(is_done)
        driven.close()
    finally:
        opened.close()
