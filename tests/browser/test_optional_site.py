"""A marketplace abroad is switched on in the options, and off again: leave, certificate, judging and banner follow.

Connections that are open go on as they were begun, and loading a page again keeps them open: so no page of the site is
opened before it is on, and after it is off nothing is asked of who issued the certificate (that an optional site is a
raw tunnel while it is off: tests/addon/proxy).
"""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import Page, Playwright, expect

from addon.desktop.browsers import Browser
from addon.koban import Koban
from addon.state.authority import NAME, spki_hash
from tests.browser.bidi import Driven, listening
from tests.browser.stage import View, banner, eventually, firefox_on_stage, leaf_of, through, window_on_stage

pytestmark = pytest.mark.browser

LURE = "https://www.upwork.com/jobs/Translate-game-texts_~021999000000000000012/"
"""A job of the offline marketplace that leads to a messenger."""
ORIGIN = "https://www.upwork.com/*"
SWITCH = "Upworkのページを調べる"
GIVEN = f"chrome.permissions.contains({{origins: [{ORIGIN!r}]}})"
REGISTERED = "chrome.scripting.getRegisteredContentScripts()"


def is_reached(koban: Koban) -> bool:
    """Whether the user has the site on, and the authority's certificate covers it."""
    return koban.settings.current.is_on("upwork") and "upwork.com" in koban.authority.domains


@contextmanager
def reaching(koban: Koban) -> Iterator[None]:
    """What is done in the context switches the site on; after it, a connection that is opened is decrypted."""
    renewed = threading.Event()
    koban.renewal_listeners.add(lambda _: renewed.set())
    yield
    # The proxy's own listener was called before this one.
    assert renewed.wait(60)
    assert is_reached(koban)


def titles_shown(koban: Koban) -> list[str]:
    """The titles of the warnings of the page that came through the proxy."""
    shown = koban.verdicts.shown(LURE)
    return [finding.title.ja for finding in shown.verdict.findings] if shown is not None else []


@pytest.fixture
def asking(playwright: Playwright, koban: Koban, tmp_path: Path) -> Iterator[View]:
    """A window whose extension may ask for the site, and is not asked back.

    No test can answer the browser's question. Chromium does not ask where its own page of extensions has let one onto
    the site before (`chrome.developerPrivate.addHostPermission`): the extension has it only once it asks.
    """
    leaf = x509.load_pem_x509_certificate(leaf_of(koban).read_bytes())
    keys = f"{koban.authority.spki_hash},{spki_hash(leaf)}"
    extra = [f"--ignore-certificate-errors-spki-list={keys}"]
    with window_on_stage(playwright, koban, tmp_path, extra=extra) as view:
        own = view.context.new_page()
        own.goto("chrome://extensions/")
        own.evaluate(
            "([id, origin]) => chrome.developerPrivate.addHostPermission(id, origin)",
            [view.opened.extension_id, ORIGIN],
        )
        own.close()
        yield view


def issuer_of(page: Page) -> str:
    """Load the page of the site; who issued the certificate that it came with."""
    answer = page.goto(LURE)
    assert answer is not None
    details = answer.security_details()
    assert details is not None
    return str(details.get("issuer"))


def test_chromium_enters_a_site_that_is_switched_on_and_leaves_it_when_it_is_off(asking: View, koban: Koban) -> None:
    page, options = asking.context.new_page(), asking.own("options")
    assert options.evaluate(GIVEN) is False
    assert not is_reached(koban)
    with reaching(koban):
        options.get_by_role("switch", name=SWITCH).click()
    assert options.evaluate(GIVEN) is True
    eventually(lambda: options.evaluate(REGISTERED))
    assert issuer_of(page) == NAME
    expect(page.locator("koban-verdict")).to_have_count(1)
    (title, *_) = eventually(lambda: titles_shown(koban))
    eventually(lambda: banner(page), lambda shown: shown is not None and title in shown.text)

    options.get_by_role("switch", name=SWITCH).click()
    eventually(lambda: not koban.settings.current.is_on("upwork") and "upwork.com" not in koban.authority.domains)
    eventually(lambda: options.evaluate(GIVEN) is False and options.evaluate(REGISTERED) == [])
    page.goto(LURE)
    assert page.locator("koban-verdict").count() == 0
    assert banner(page) is None


@pytest.fixture
def firefox_asking(firefox_here: Browser, koban: Koban) -> Iterator[Driven]:
    """A tab of a window in Koban's own place, whose store takes new certificates; leave is given unasked.

    The preference is Firefox's own for tests (toolkit/components/extensions/parent/ext-permissions.js).
    """
    profile = through(koban, firefox_here, koban.options.state_dir).profile
    given = {"extensions.webextOptionalPermissionPrompts": False}
    profile.mkdir(parents=True)
    # The offline marketplace's own authority: pages that Koban leaves alone come with its certificate.
    for command in (
        ["-N", "--empty-password"],
        ["-A", "-n", "market", "-t", "C,,", "-i", str(koban.options.upstream_ca)],
    ):
        subprocess.run(["certutil", *command, "-d", f"sql:{profile}"], check=True)
    with firefox_on_stage(koban, koban.options.state_dir, preferences=given) as log:
        driven = Driven(listening(log))
        yield driven
        driven.close()
    shutil.rmtree(profile, ignore_errors=True)


def test_firefox_enters_a_site_that_is_switched_on_and_leaves_it_when_it_is_off(
    firefox_asking: Driven, koban: Koban
) -> None:
    firefox = firefox_asking
    base = firefox.toolbar("about:")["popup"].partition("/popup.html")[0]
    options = firefox.opened(f"{base}/options.html")
    find = f"[...document.querySelectorAll('label')].find(each => each.textContent === {json.dumps(SWITCH)})"
    eventually(lambda: options.value(f"{find}?.setAttribute('id', 'upwork') ?? {find} !== undefined"))
    with reaching(koban):
        options.click_on("#upwork")
    given, registered = (each.replace("chrome.", "browser.") for each in (GIVEN, REGISTERED))
    assert options.value(given) is True
    eventually(lambda: options.value(registered))
    firefox.go(LURE)
    assert firefox.value("document.querySelector('koban-verdict') !== null")
    (title, *_) = eventually(lambda: titles_shown(koban))
    eventually(lambda: firefox.words("koban-banner"), lambda text: title in text)

    options.click_on("#upwork")
    eventually(lambda: not koban.settings.current.is_on("upwork") and "upwork.com" not in koban.authority.domains)
    eventually(lambda: options.value(given) is False and options.value(registered) == [])
    firefox.go(LURE)
    assert firefox.words("koban-banner") == ""
