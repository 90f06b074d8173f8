"""What Koban shows in a page, in Firefox: also where the page fights it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from addon.demo import SITES
from addon.desktop.browsers import Browser
from addon.desktop.firefox import FirefoxWindow
from addon.desktop.opening import fitted, open_window
from addon.desktop.pac import pac
from addon.proxy.server import Running
from rules.past import JST
from tests.browser.bidi import Driven, listening
from tests.browser.stage import HOST, eventually
from tests.browser.test_history import rewrite, settle
from tests.browser.test_hostile_page import FAKES, OVERRIDES, REMOVES, STYLES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("firefox")]

TRAP = f"{HOST}/public/jobs/13502120"
THREAD = f"{HOST}/contracts/64120311"
APPLY = "a.button[href='/e/proposals']"
ENTER, ESCAPE, TAB = "\ue007", "\ue00c", "\ue004"


EXTENSION = "{1474de57-c2da-4421-aa9d-30f70921d031}"


def button_of(address: str) -> str:
    """Looks, in the browser's own window, at the extension's button for the tab whose address begins so.

    The button itself is drawn only where its menu is open: the browser's own record of it is asked.
    """
    return """(() => {
        const {ExtensionParent} = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
        const {extension} = WebExtensionPolicy.getByID(OURS);
        const {browserActionFor, tabTracker} = ExtensionParent.apiManager.global;
        const tab = gBrowser.tabs.find(tab => tab.linkedBrowser.currentURI.spec.startsWith(ADDRESS));
        const {action} = browserActionFor(extension);
        const [title, badge, popup] = ["title", "badgeText", "popup"].map(name => action.getProperty(tab, name));
        return {title, badge, popup: popup + "?tab=" + tabTracker.getId(tab)};
    })()""".replace("OURS", json.dumps(EXTENSION), 1).replace("ADDRESS", json.dumps(address))


@pytest.fixture(scope="module")
def opened(firefox_here: Browser, koban: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a window that has paired."""
    hosts = [host for site in SITES for host in site.hosts]
    window = fitted(
        firefox_here,
        tmp_path_factory.mktemp("firefox"),
        pac=pac(hosts, koban.proxy_port, direct_if_down=False),
        authority=koban.authority.certificate,
        spki=koban.authority.spki_hash,
    )
    window = replace(
        window, language="ja", headless=True, extra=["--remote-debugging-port=0", "--remote-allow-system-access"]
    )
    started = asyncio.run(open_window(firefox_here, window, koban.pairing_link(), ["about:blank"], lambda: False))
    assert isinstance(started, FirefoxWindow)
    eventually(lambda: any(origin.startswith("moz-extension://") for origin in koban.pairing.origins), patience=30)
    yield listening(window.profile / "koban-browser.log")
    started.close()


@pytest.fixture
def firefox(opened: int) -> Iterator[Driven]:
    driven = Driven(opened)
    yield driven
    driven.call("browsingContext.close", context=driven.tab)
    driven.close()


def shows(firefox: Driven, host: str, text: str) -> str:
    return eventually(lambda: firefox.words(host), lambda seen: text in seen, patience=20)


@pytest.mark.parametrize("script", ["", STYLES, FAKES, OVERRIDES], ids=["no", "styles", "fakes", "overrides"])
def test_the_banner_tells_the_danger_whatever_the_page_does(firefox: Driven, script: str) -> None:
    if script:
        firefox.first(script)
    firefox.go(TRAP)
    host = "koban-banner:not([data-state])"
    shows(firefox, host, "直接契約の誘いです")
    height = f"document.querySelector({host!r}).getBoundingClientRect().height"
    assert firefox.value(height) > 40, "its style sheet counts, whatever the policy of the page"
    assert firefox.value(f"getComputedStyle(document.querySelector({host!r})).opacity") == "1"


@pytest.mark.parametrize("script", [STYLES, REMOVES, FAKES, OVERRIDES], ids=["styles", "removes", "fakes", "overrides"])
def test_badge_and_popup_tell_the_danger_whatever_the_page_does(firefox: Driven, koban: Running, script: str) -> None:
    firefox.first(script)
    firefox.go(TRAP)
    window = firefox.chrome()
    seen = eventually(lambda: window.value(button_of(TRAP)), lambda seen: "■" in seen["title"], patience=20)
    assert "危険" in seen["title"]
    assert seen["badge"] != ""
    window.value(f"void gBrowser.addTrustedTab({json.dumps(seen['popup'])})")
    popup = eventually(lambda: firefox.tab_at(seen["popup"]))
    assert popup is not None
    eventually(lambda: popup.value("document.querySelector('h1')?.textContent ?? ''"), lambda line: "危険" in line)
    popup.call("browsingContext.close", context=popup.tab)


def test_a_page_that_removes_everything_gets_no_further_than_the_question(firefox: Driven) -> None:
    firefox.first(REMOVES)
    firefox.go(TRAP)
    firefox.value("new Promise(done => setTimeout(done, 1500))")
    firefox.click_on(APPLY)
    firefox.value("new Promise(done => setTimeout(done, 500))")
    assert firefox.value("location.href") == TRAP


def test_the_step_into_danger_is_asked_about_and_goes_on_with_one_more_click(firefox: Driven) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.click_on(APPLY)
    shows(firefox, "koban-step", "この仕事に応募しますか。")
    firefox.press(ESCAPE)
    eventually(lambda: firefox.words("koban-step"), lambda text: text == "")
    assert firefox.value("location.href") == TRAP
    firefox.click_on(APPLY)
    shows(firefox, "koban-step", "この仕事に応募しますか。")
    firefox.press(TAB, ENTER)
    eventually(lambda: firefox.value("location.pathname"), lambda path: path == "/e/proposals")


def at_the_thread(firefox: Driven) -> None:
    """Open the thread and wait until nothing moves any more: its messages and what Koban says of them are there."""
    firefox.go(THREAD)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    items = "document.querySelectorAll('[class*=_messageItem_]').length"
    eventually(lambda: firefox.value(items), lambda count: count == 5)


def test_a_note_and_a_reply_beside_the_box(firefox: Driven) -> None:
    at_the_thread(firefox)
    firefox.click_on("textarea")
    firefox.press(*"090-1234-5678 ")
    shows(firefox, "koban-desk", "電話番号を書いています")
    assert firefox.value("document.querySelector('textarea').value") == "090-1234-5678 "
    assert firefox.value("document.activeElement.localName") == "textarea"


def test_its_sheets_count_in_every_surface(firefox: Driven) -> None:
    at_the_thread(firefox)
    shows(firefox, "koban-marks", "危険")
    firefox.click_on("textarea")
    shows(firefox, "koban-desk", "返信文")
    for host in ("koban-marks", "koban-desk"):
        assert firefox.value(f"getComputedStyle(document.querySelector({host!r})).position") == "absolute"


NOTE = "仮払いを渋る人"


def test_a_client_of_before_is_told_of_and_no_page_reads_the_users_note(firefox: Driven, koban: Running) -> None:
    at_the_thread(firefox)
    month_ago = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    rewrite(koban, "UPDATE client SET first_seen = ?, note = ? WHERE name = 'k_works2026'", month_ago, NOTE)
    firefox.go(THREAD)
    shows(firefox, "koban-banner", "この発注者：初めて見た日")
    shows(firefox, "koban-banner", "メモあり")
    finds = f"(getSelection().removeAllRanges(), window.find({NOTE!r}, false, false, true))"
    height = "document.querySelector('koban-banner').getBoundingClientRect().height"
    before = firefox.value(height)
    assert firefox.value(finds) is False
    # The line is the last of the banner.
    firefox.click(120, before - 14)
    eventually(lambda: firefox.value(height), lambda now: now > before + 10)
    assert firefox.value(finds) is False
    assert NOTE not in firefox.value("document.documentElement.outerHTML + document.body.innerText")


def test_the_page_of_the_history_is_served_to_it(firefox: Driven, koban: Running) -> None:
    at_the_thread(firefox)
    settle(koban)
    link = koban.api.history_link()
    assert link is not None
    firefox.go(link)
    seen = "document.querySelector('#deals .deal')?.textContent ?? ''"
    eventually(lambda: firefox.value(seen), lambda text: "ネットショップ商品データの入力" in text, patience=20)
    assert firefox.value("location.hash") == ""
    firefox.value("document.querySelector('#deals .deal summary').click()")
    firefox.value("document.querySelector('#deals .reporting button').click()")
    eventually(
        lambda: firefox.value("document.querySelector('.report')?.textContent ?? ''"), lambda text: "188" in text
    )
    # Firefox sends no `Origin` where a page reads from its own: the session is known by its token all the same.
    firefox.go(link.partition("#")[0])
    eventually(lambda: firefox.value(seen), lambda text: "ネットショップ商品データの入力" in text, patience=20)


def test_what_is_due_is_on_its_button(firefox: Driven, koban: Running) -> None:
    at_the_thread(firefox)
    today = datetime.now(UTC).astimezone(JST).date().isoformat()
    rewrite(koban, "UPDATE contract SET due = ? WHERE id = '64120311'", today)
    window = firefox.chrome()
    popup = window.value(
        """(() => {
            const url = WebExtensionPolicy.getByID(OURS).extension.baseURL + "popup.html?tab=-1";
            gBrowser.addTrustedTab(url);
            return url;
        })()""".replace("OURS", json.dumps(EXTENSION))
    )
    eventually(lambda: window.value(button_of("about:"))["badge"], lambda text: text == "期日", patience=20)
    assert window.value(button_of(THREAD))["badge"].isdigit()
    shown = eventually(lambda: firefox.tab_at(popup))
    assert shown is not None
    shown.call("browsingContext.close", context=shown.tab)
