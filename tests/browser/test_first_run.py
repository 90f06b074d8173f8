"""The first-run page, and a Koban that ends and comes back, each with a Koban of its own.

Apart from the tests of the one that runs on: mitmproxy has one master a process, and the newest is it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from addon.desktop.existing_window import profile_owner
from addon.koban import Koban
from tests.browser.shadow import words
from tests.browser.stage import View, chromium, eventually, koban_on_stage, window_on_stage

pytestmark = pytest.mark.browser

THREAD = "/contracts/64120311"


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Koban]:
    with koban_on_stage(tmp_path / "state", first_run=True) as koban:
        yield koban


def welcome_pages(window: View) -> list[Page]:
    window.context.cookies()  # the driver learns of new tabs while it waits for an answer
    return [page for page in window.context.pages if page.url.endswith("/welcome.html")]


def test_ux_08_it_comes_once_shows_a_made_up_danger_and_its_window_is_found(
    playwright: Playwright, first: Koban, tmp_path: Path
) -> None:
    with window_on_stage(playwright, first, tmp_path / "one") as window:
        (page,) = eventually(lambda: welcome_pages(window))
        expect(page.locator("#connect")).to_contain_text("接続できています")
        expect(page.locator("#place")).to_contain_text("アイコン")
        page.locator("#try button").click()
        expect(page.locator(".result .line")).to_contain_text("危険：")
        expect(page.locator(".result .finding")).to_have_count(4)
        assert first.verdicts.newest is None, "a made-up job is not remembered"
        eventually(lambda: first.settings.current.welcomed)
        profile = tmp_path / "one" / "browsers" / "chromium"
        assert profile_owner(chromium(), profile) == window.opened.process.pid, "a window that is open is found"
    assert profile_owner(chromium(), profile) is None
    # `koban start` loads the extension anew each time.
    with window_on_stage(playwright, first, tmp_path / "two") as window:
        window.page(THREAD).wait_for_timeout(1_500)
        assert welcome_pages(window) == []


def test_ux_11_the_start_page_has_the_sites_and_says_what_it_asks(
    playwright: Playwright, first: Koban, tmp_path: Path
) -> None:
    first.settings.patch({"welcomed": True, "trust": "ask"})
    with window_on_stage(playwright, first, tmp_path / "one") as window:
        window.page(THREAD)
        page = window.context.new_page()
        page.goto(f"chrome-extension://{window.opened.extension_id}/welcome.html#window")
        expect(page.locator(".tile")).to_have_count(6)
        expect(page.locator(".tile").first).to_contain_text("クラウドワークス")
        expect(page.locator(".window")).to_contain_text("もう一度ログイン")
        page.locator("#trust .no").click()
        expect(page.locator("#trust")).to_be_hidden()
        eventually(lambda: first.settings.current.trust_refused)


def test_a_koban_that_ended_is_said_and_found_again_by_the_button(playwright: Playwright, tmp_path: Path) -> None:
    # The window outlives the first Koban; the second one listens where the first did.
    with koban_on_stage(tmp_path / "state") as first:
        opened = window_on_stage(playwright, first, tmp_path / "profile")
        window = opened.__enter__()
        behind = window.page(THREAD)
        popup = window.popup(behind)
        expect(popup.locator("h1")).to_contain_text("危険")
        ports = (0, first.api_port)
    try:
        expect(popup.locator(".repair")).to_contain_text("動いていません")
        expect(popup.locator(".repair")).to_contain_text("koban start")
        said = eventually(lambda: words(behind, "koban-banner"), lambda text: "Kobanが動いていません" in text)
        assert "危険" in said, "a warning that was given stands"
        popup.locator(".repair button").click()
        expect(popup.locator(".tried")).to_contain_text("1回目")
        with koban_on_stage(tmp_path / "state", ports=ports):
            popup.locator(".repair button").click()
            expect(popup.locator(".repair")).to_be_hidden()
            eventually(lambda: words(behind, "koban-banner"), lambda text: "動いていません" not in text)
    finally:
        opened.__exit__(None, None, None)
