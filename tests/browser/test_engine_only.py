"""The proxy off entirely: browsers go to the site themselves, and the engine judges what the extension shows it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from addon.demo.server import DemoServer
from addon.desktop.browsers import Browser
from addon.judging.process import JudgingProcess
from addon.koban import Koban
from tests.browser import test_chromium, test_firefox_page
from tests.browser.bidi import Driven, listening
from tests.browser.shadow import go_on, words
from tests.browser.stage import (
    HOST,
    ON_STAGE,
    View,
    banner,
    engine_on_stage,
    eventually,
    firefox_on_stage,
    on_stage,
    window_on_stage,
)

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
LIST = "/public/jobs?order=new"
THREAD = "/contracts/64120311"
APPLY = "a.button[href='/e/proposals']"
FEED = "表示中のページから確認しました"


@pytest.fixture(scope="module")
def market() -> Iterator[DemoServer]:
    with on_stage(lambda: DemoServer(ON_STAGE)) as market:
        yield market


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Koban]:
    with engine_on_stage(tmp_path_factory.mktemp("state")) as koban:
        yield koban


@pytest.fixture(scope="module")
def direct(
    playwright: Playwright, engine: Koban, market: DemoServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[View]:
    with window_on_stage(playwright, engine, tmp_path_factory.mktemp("direct"), market=market) as view:
        yield view


@pytest.fixture(scope="module")
def direct_firefox(
    firefox_here: Browser, engine: Koban, market: DemoServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Driven]:
    with firefox_on_stage(engine, tmp_path_factory.mktemp("firefox"), market=market) as log:
        driven = Driven(listening(log))
        yield driven
        driven.close()


def test_banner_badge_and_step_in_chromium(direct: View, engine: Koban) -> None:
    page = direct.page(TRAP)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    assert page.locator("koban-verdict").count() == 0, "nothing passed the proxy"
    eventually(lambda: direct.button_title(page), lambda title: "■" in title)
    assert direct.badge(page) != ""
    popup = direct.popup(page)
    expect(popup.locator("h1")).to_contain_text("危険")
    expect(popup.locator(".feed")).to_have_text(FEED)
    popup.close()
    page.get_by_role("link", name="応募する", exact=True).click()
    eventually(lambda: words(page, "koban-step"), lambda text: "この仕事に応募しますか。" in text)
    with page.expect_navigation(url="**/e/proposals"):
        go_on(page)


@pytest.mark.usefixtures("last_message_later")
def test_marks_and_messages_in_chromium(direct: View) -> None:
    page = direct.page(LIST)
    eventually(lambda: words(page, "koban-marks"), lambda text: "危険" in text)
    page.goto(HOST + THREAD)
    test_chromium.a_message_comes_later(page)


def test_guard_replies_switches_and_records_in_chromium(direct: View, engine: Koban) -> None:
    page = direct.page(THREAD)
    eventually(lambda: words(page, "koban-banner"), lambda text: "まだ始めないでください" in text)
    page.get_by_role("textbox", name="メッセージ").fill("電話は090-1234-5678です")
    eventually(lambda: words(page, "koban-desk"), lambda text: "電話番号が含まれています" in text and "返信文" in text)
    popup = direct.popup(page)
    popup.get_by_label("この発注者についての警告を表示する").click()
    eventually(lambda: words(page, "koban-banner"), lambda text: "この発注者についての警告を表示しない設定です" in text)
    popup.get_by_label("この発注者についての警告を表示する").click()
    eventually(lambda: words(page, "koban-banner"), lambda text: "まだ始めないでください" in text)
    assert isinstance(engine.judge, JudgingProcess)
    engine.judge.flush()
    deals = direct.own("deals")
    expect(deals.locator("#deals .deal").first).to_contain_text("ネットショップ商品データの入力")
    for each in (deals, popup, page):
        each.close()


def test_banner_badge_and_step_in_firefox(direct_firefox: Driven) -> None:
    firefox = direct_firefox
    firefox.go(HOST + TRAP)
    test_firefox_page.shows(firefox, "koban-banner", "直接契約の誘いです")
    assert firefox.value("document.querySelector('koban-verdict')") is None
    seen = eventually(lambda: firefox.toolbar(HOST + TRAP), lambda seen: "■" in seen["title"])
    assert seen["badge"] != ""
    popup = firefox.opened(seen["popup"])
    eventually(lambda: popup.value("document.querySelector('.feed')?.textContent ?? ''"), lambda line: line == FEED)
    assert "危険" in popup.value("document.querySelector('h1').textContent")
    popup.shut()
    firefox.click_on(APPLY)
    test_firefox_page.shows(firefox, "koban-step", "この仕事に応募しますか。")
    test_firefox_page.go_on(firefox)
    eventually(lambda: firefox.value("location.pathname"), lambda path: path == "/e/proposals")


@pytest.mark.usefixtures("last_message_later")
def test_marks_and_messages_in_firefox(direct_firefox: Driven) -> None:
    firefox = direct_firefox
    firefox.go(HOST + LIST)
    test_firefox_page.shows(firefox, "koban-marks", "危険")
    firefox.go(HOST + THREAD)
    test_firefox_page.a_message_comes_later(firefox)
