"""Who the extension trusts: a page that leads it to another program, and a program that takes Koban's port.

Each with a Koban of its own, apart from the tests of the one that runs on: mitmproxy has one master a process.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from addon.desktop.browsers import Browser
from addon.koban import Koban
from tests.browser.bidi import Driven, listening
from tests.browser.impostor import impostor
from tests.browser.stage import HOST, View, eventually, firefox_on_stage, koban_on_stage, window_on_stage

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"


def link(window: View) -> Any:
    return window.in_background("async () => (await chrome.storage.local.get('link')).link", None)


def linked(window: View, koban: Koban) -> Any:
    """The extension's link, once it is that to this Koban: it is stored after Koban has paired."""
    base = f"http://127.0.0.1:{koban.api_port}"
    return eventually(lambda: link(window), lambda stored: stored is not None and stored["apiBase"] == base)


def asking(window: View) -> list[Page]:
    window.context.cookies()  # the driver learns of new tabs while it waits for an answer
    return [page for page in window.context.pages if "/replace.html" in page.url]


def test_attack_05_a_navigation_does_not_have_the_extension_change_sides(
    playwright: Playwright, tmp_path: Path
) -> None:
    with (
        koban_on_stage(tmp_path / "state") as koban,
        impostor() as other,
        window_on_stage(playwright, koban, tmp_path / "profile") as window,
    ):
        before = linked(window, koban)
        page = window.context.new_page()
        page.goto(f"http://127.0.0.1:{other.port}/pair#x")
        expect(page.locator("#koban-pair-status")).to_contain_text("お尋ねしています")
        (asked,) = eventually(lambda: asking(window))
        expect(asked.locator(".line")).to_contain_text(f"ポート{koban.api_port}のKoban")
        expect(asked.locator(".line")).to_contain_text(f"ポート{other.port}のプログラム")
        assert link(window) == before
        asked.locator(".keep").click()
        assert link(window) == before
        asked.reload()
        asked.locator(".replace").click()
        expect(asked.locator("[role=status]")).to_contain_text("Kobanではありません")
        assert link(window) == before, "who did not make the code pairs with nobody, even where the user agrees"
        trap = window.page(TRAP)
        eventually(lambda: window.button_title(trap), lambda title: "■" in title)
        assert not [said for said in other.heard if "crowdworks" in said or before["key"] in said]


def test_a_window_that_is_opened_again_pairs_with_its_koban_without_a_question(
    playwright: Playwright, tmp_path: Path
) -> None:
    keys = []
    for _ in range(2):
        # The second one listens at other ports, and is the same by its key.
        with (
            koban_on_stage(tmp_path / "state") as koban,
            window_on_stage(playwright, koban, tmp_path / "profile") as window,
        ):
            keys.append(linked(window, koban)["key"])
            assert asking(window) == []
    assert keys[0] != keys[1]


def test_attack_06_whoever_takes_the_port_learns_nothing_and_is_not_believed(
    playwright: Playwright, tmp_path: Path
) -> None:
    with koban_on_stage(tmp_path / "state") as first:
        opened = window_on_stage(playwright, first, tmp_path / "profile")
        window = opened.__enter__()
        behind = window.page(TRAP)
        eventually(lambda: window.button_title(behind), lambda title: "■" in title)
        popup = window.popup(behind)
        key = linked(window, first)["key"]
        ports = (0, first.api_port)
    try:
        with impostor(ports[1]) as other:
            popup.locator(".repair button").click()
            expect(popup.locator(".repair")).to_contain_text("別のプログラムが応答しています")
            behind.evaluate("document.body.append('ここだけの話')")
            popup.locator(".repair button").click()
            expect(popup.locator(".tried")).to_contain_text("回目")
            assert "●" not in window.button_title(behind)
            assert other.heard
            assert not [said for said in other.heard if " /v1/greeting " not in said], "it was told something"
            assert key not in "".join(other.heard)
        with koban_on_stage(tmp_path / "state", ports=ports):
            popup.locator(".repair button").click()
            expect(popup.locator(".repair")).to_be_hidden()
    finally:
        opened.__exit__(None, None, None)


def test_attack_05_and_06_in_firefox(firefox_here: Browser, tmp_path: Path) -> None:
    with (
        koban_on_stage(tmp_path / "state") as koban,
        impostor() as other,
        firefox_on_stage(koban, tmp_path / "profile") as log,
    ):
        firefox = Driven(listening(log))
        firefox.go(f"http://127.0.0.1:{other.port}/pair#x")
        said = "document.querySelector('#koban-pair-status').textContent"
        eventually(lambda: firefox.value(said), lambda text: "お尋ねしています" in text)
        (asked,) = eventually(lambda: [each for each in firefox.addresses() if "/replace.html" in each])
        assert asked.startswith("moz-extension://")
        assert not [each for each in other.heard if " /v1/pair " in each]
        question = firefox.tab_at(asked)
        assert question is not None
        question.shut()
        # Only a page that is looked at speaks.
        firefox.call("browsingContext.activate", context=firefox.tab)
        firefox.go(f"{HOST}{TRAP}")
        eventually(lambda: firefox.toolbar(f"{HOST}{TRAP}"), lambda seen: "■" in seen["title"])
        firefox.shut()
        firefox.close()
