"""What is broken or ended in a window of the one Koban that runs, and how it is made whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Playwright, expect

from addon.koban import Koban
from tests.browser.shadow import click, within, words
from tests.browser.stage import View, eventually, window_on_stage

pytestmark = pytest.mark.browser

THREAD = "/contracts/64120311"


def test_an_extension_without_a_link_is_paired_by_a_number(
    playwright: Playwright, koban: Koban, tmp_path: Path
) -> None:
    numbers: list[str] = []
    koban.pairing.listen(numbers.append)
    with window_on_stage(playwright, koban, tmp_path / "profile") as window:
        behind = window.page(THREAD)
        base = window.in_background("async () => (await chrome.storage.local.get('base')).base", None)
        assert base == f"http://127.0.0.1:{koban.api_port}"
        popup = window.popup(behind)
        popup.locator(".links > summary").click()
        popup.locator(".links .delete").click()
        popup.locator(".links .delete").click()
        expect(popup.locator(".repair")).to_contain_text("つながっていません")
        with window.context.expect_page() as opened:
            popup.locator(".repair button").click()
        page = opened.value
        page.locator("#connect button.main").first.click()
        expect(page.locator(".said")).to_contain_text("番号を表示しました")
        page.locator("form input").fill("00000000" if numbers[-1] != "00000000" else "11111111")
        page.locator("form button").click()
        expect(page.locator(".said")).to_contain_text("番号が違う")
        page.locator("form input").fill(f"{numbers[-1][:4]} {numbers[-1][4:]}")
        page.locator("form button").click()
        expect(page.locator("#connect")).to_contain_text("接続できています")
        expect(popup.locator("h1")).to_contain_text("危険")


def test_a_pause_is_said_and_ended_by_its_button(window: View, koban: Koban) -> None:
    behind = window.page(THREAD)
    popup = window.popup(behind)
    popup.locator("section.pause button").first.click()
    expect(popup.locator(".repair")).to_contain_text("まで、ページを調べません")
    expect(popup.locator("h1")).to_contain_text("未確認")
    until = koban.settings.current.paused_until
    assert until is not None
    assert timedelta(minutes=55) < until - datetime.now(UTC) < timedelta(minutes=65)
    popup.locator(".repair button").click()
    expect(popup.locator("h1")).to_contain_text("危険")
    expect(popup.locator(".repair")).to_be_hidden()
    popup.close()
    behind.close()


def test_nothing_is_lost_when_the_browser_ends_the_background(window: View) -> None:
    page = window.page(THREAD)
    eventually(lambda: words(page, "koban-banner"), lambda seen: "直接契約の誘いです" in seen)
    click(page, "koban-banner", ".fold")
    eventually(lambda: "閉じる" in words(page, "koban-banner"))
    click(page, "koban-banner", ".fold")
    eventually(lambda: "閉じる" not in words(page, "koban-banner"))
    end_background(window)
    again = window.page(THREAD)
    eventually(lambda: words(again, "koban-banner"), lambda seen: "直接契約の誘いです" in seen)
    read = "root => root.querySelector('.banner').classList.contains('read')"
    # What was read and folded stays so.
    eventually(lambda: within(again, "koban-banner", read))
    eventually(lambda: window.button_title(again), lambda title: "■" in title)
    popup = window.popup(again)
    expect(popup.locator("h1")).to_contain_text("危険")
    end_background(window)
    popup.locator("section.pause button").first.click()
    expect(popup.locator(".repair")).to_contain_text("まで、ページを調べません")
    popup.locator(".repair button").click()
    expect(popup.locator("h1")).to_contain_text("危険")
    for each in (popup, again, page):
        each.close()


def end_background(window: View) -> None:
    """End the extension's background as the browser does to save memory."""
    window.in_background("() => { self.before = true }", None)
    browser = window.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    targets = session.send("Target.getTargets")["targetInfos"]
    (target,) = (t["targetId"] for t in targets if t["type"] == "service_worker")
    session.send("Target.closeTarget", {"targetId": target})

    def begun_anew() -> bool:
        try:
            return bool(window.in_background("() => self.before !== true", None))
        except PlaywrightError:
            return False

    # A page that is in sight has it begun anew by itself.
    eventually(begun_anew)
