"""Koban end to end: a real browser, the real proxy, the real extension, the offline marketplace."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from addon.desktop.browsers import Browser
from addon.koban import Koban
from tests.browser.shadow import words
from tests.browser.stage import CROWDWORKS, HIGHLIGHTED, LATER, View, banner, checked_banner, eventually

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
"""A job that offers a contract off the platform."""
HONEST = "/public/jobs/13501877"
THREAD = "/contracts/64120311"
"""A contract that waits for escrow, with a thread that its script fetches."""


def test_the_warning_is_readable_without_javascript_and_without_the_extension(bare_window: View) -> None:
    page = bare_window.page(THREAD, scripts=False)
    appended = page.locator("koban-verdict")
    expect(appended).to_have_attribute("data-state", "caution")
    expect(appended.get_by_text("まだ仮払いされていません").first).to_be_visible()
    assert page.locator("[class*=_messageItem_]").count() == 0, "no script ran"


def test_the_extension_says_it_at_the_top_of_the_page(window: View) -> None:
    page = window.page(TRAP)
    shown = checked_banner(page)
    assert "直接契約の誘いです" in shown.text
    assert "手数料がもったいないので、直接契約で" in shown.text, "the quoted sentence"
    assert shown.top == 0
    assert shown.height > 30
    expect(page.locator("koban-verdict")).to_be_hidden()
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["y"] >= shown.height, "the page is moved down, not covered"


def test_what_a_script_fetched_is_warned_of_in_the_open_page(window: View) -> None:
    page = window.page(THREAD)
    expect(page.locator("[class*=_messageItem_]")).to_have_count(5)
    shown = eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    assert shown is not None
    assert "まだ仮払いされていません" in shown.text


def a_message_comes_later(page: Page) -> None:
    """It is judged as it comes, and its sentence is highlighted."""
    expect(page.locator("[class*=_messageItem_]")).to_have_count(4)
    # What was last judged at this address is shown until the page itself has been.
    eventually(lambda: words(page, "koban-banner"), lambda text: "まだ仮払い" in text and "直接契約" not in text)
    CROWDWORKS.kept_back = 0
    page.evaluate(LATER)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    eventually(lambda: dict(page.evaluate(HIGHLIGHTED)).get("koban-danger", ""), lambda said: "直接契約" in said)


@pytest.mark.usefixtures("last_message_later")
def test_a_message_that_comes_later_is_judged_as_it_comes(window: View) -> None:
    a_message_comes_later(window.page(THREAD))


def test_an_honest_page_is_said_to_be_checked(window: View) -> None:
    page = window.page(HONEST)
    shown = checked_banner(page)
    assert "問題は見つかりませんでした" in shown.text
    eventually(lambda: window.button_title(page), lambda title: "●" in title)
    assert window.badge(page) == ""


def warnings(koban: Koban, page: Page) -> list[str]:
    """The rules that warn of a page now."""
    shown = koban.verdicts.shown(page.url)
    return [f.rule for f in shown.verdict.findings if f.severity != "notice"] if shown else []


@pytest.mark.parametrize(
    ("contract", "light", "read"),
    [
        ("64120311", "まだ始めないでください", "まだ仮払いされていません"),
        ("64119874", "始められます", "仮払いは完了しています"),
    ],
)
def test_a_contract_shows_whether_work_may_begin_and_what_that_was_read_from(
    window: View, contract: str, light: str, read: str
) -> None:
    page = window.page(f"/contracts/{contract}")
    shown = eventually(lambda: banner(page), lambda b: b is not None and light in b.text)
    assert shown is not None
    assert read in shown.text
    page.close()


def test_the_toolbar_button_counts_the_warnings(window: View, koban: Koban) -> None:
    page = window.page(TRAP)
    eventually(lambda: window.badge(page), lambda text: text == str(len(warnings(koban, page))))
    eventually(lambda: window.button_title(page), lambda title: "■" in title)


def test_a_rule_switched_off_in_the_popup_takes_its_warning_from_the_open_page(window: View, koban: Koban) -> None:
    page = window.page(TRAP)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    before = len(warnings(koban, page))
    popup = window.popup(page)
    expect(popup.locator("h1")).to_contain_text("危険")
    popup.locator(".rules > summary").click()
    popup.get_by_role("searchbox").fill("direct-contract")
    switch = popup.locator("[data-rule=direct-contract] input")
    expect(switch).to_be_checked()
    switch.click()
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" not in b.text)
    eventually(lambda: window.badge(page), lambda text: text == (str(before - 1) if before > 1 else ""))
    assert "direct-contract" not in warnings(koban, page)
    expect(switch).not_to_be_checked()
    switch.click()
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    eventually(lambda: window.badge(page), lambda text: text == str(before))


def test_the_toolbar_button_is_in_sight(window: View) -> None:
    page = window.page(HONEST)
    assert "●" in eventually(lambda: window.button_title(page), lambda title: "●" in title)
    assert window.in_background("async () => (await chrome.action.getUserSettings()).isOnToolbar", None) is True


def test_the_window_outlives_koban(chromium_here: Browser, tmp_path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from addon.desktop.browsers import Browser
from addon.desktop.chromium import ChromiumWindow
from addon.desktop.window import Window
window = Window(Path(sys.argv[2]), "", Path(), "", headless=True)
print(ChromiumWindow.open(Browser("chromium", (sys.argv[1],)), window).process.pid, flush=True)
os._exit(1)
"""
    command = [sys.executable, "-c", program, chromium_here.command[0], str(tmp_path / "profile")]
    pid = int(subprocess.run(command, capture_output=True, text=True, check=False, timeout=240).stdout)
    try:
        time.sleep(1)
        os.kill(pid, 0)
    finally:
        os.kill(pid, signal.SIGTERM)


def test_a_site_is_switched_off_in_the_popup(window: View, koban: Koban) -> None:
    page = window.page(TRAP)
    checked_banner(page)
    popup = window.popup(page)
    popup.get_by_role("switch", name="クラウドワークス").click()
    eventually(lambda: banner(page), lambda b: b is not None and "このサイトでは無効にしています" in b.text)
    eventually(lambda: "○" in window.button_title(page))
    assert not koban.settings.current.sites["crowdworks"].enabled
    expect(page.locator("koban-verdict")).to_be_hidden()


def test_ux_25_the_lure_in_a_message_page_of_lancers_is_warned_of(window: View) -> None:
    page = window.context.new_page()
    page.goto("https://www.lancers.jp/message")
    expect(page.get_by_text("LINEで行っています")).to_be_visible()
    eventually(lambda: banner(page), lambda seen: seen is not None and "連絡" in seen.text)
    page.close()
    honest = window.context.new_page()
    honest.goto("https://www.lancers.jp/mypage/message/")
    expect(honest.get_by_text("仮払いの手続き")).to_be_visible()
    eventually(lambda: banner(honest), lambda seen: seen is not None and "問題は見つかりません" in seen.text)
    honest.close()


def test_ux_19_the_popup_of_a_list_names_the_jobs_and_leads_to_their_cards(window: View) -> None:
    page = window.page("/public/jobs?order=new")
    eventually(lambda: banner(page), lambda seen: seen is not None and "件の仕事" in seen.text)
    popup = window.popup(page)
    expect(popup.locator(".findings .lead").first).to_be_visible()
    lead = popup.locator(".others .lead:visible").last
    title = lead.text_content()
    assert title
    card = page.locator("a:visible", has_text=title).first
    page.evaluate("scrollTo(0, 0)")
    lead.click()
    expect(card).to_be_in_viewport()
    popup.close()
    page.close()
