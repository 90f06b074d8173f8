"""axe-core finds nothing in the pages of the extension's own, as they stand for somebody who has a warning open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from addon.api.pair_page import PAIR_STYLE, pair_html
from addon.koban import Koban
from addon.proxy.failure_page import failure_page
from tests.browser.stage import View, banner, eventually, judged_thread
from tests.browser.test_access import SCHEMES, found_in_own_page

pytestmark = pytest.mark.browser


def popup(window: View) -> Page:
    page = window.popup(judged_thread(window))
    expect(page.locator(".finding").first).to_be_visible()
    page.locator(".finding .wrong").first.click()
    expect(page.locator(".taken")).to_be_visible()
    # What is unfolded asks Koban, and is drawn anew with the answer.
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    expect(page.locator(".links li").first).to_be_visible()
    return page


def start(window: View) -> Page:
    page = window.own("welcome")
    expect(page.locator(".tile")).to_have_count(6)
    return page


def failure(window: View) -> Page:
    """The page in place of a site's answer, with all that it may have to say but what excludes the rest."""
    page = window.context.new_page()
    page.set_content(
        failure_page("crowdworks.jp", "unanswered", is_left=True, reopens=False, may_have_arrived=True).decode()
    )
    return page


def pairing(window: View) -> Page:
    """The page of a pairing link as it stands where the extension does not answer."""
    page = window.context.new_page()
    page.set_content(pair_html().replace('<link rel="stylesheet" href="/pair.css">', f"<style>{PAIR_STYLE}</style>"))
    return page


def report(window: View) -> Page:
    behind = judged_thread(window)
    page = window.context.new_page()
    about = f"site=crowdworks&page={behind.url}&rule=direct-contract"
    page.goto(f"chrome-extension://{window.opened.extension_id}/report.html#{about}")
    expect(page.locator("textarea")).to_be_visible()
    return page


def replace(window: View) -> Page:
    page = window.own("replace")
    expect(page.locator("h1")).not_to_be_empty()
    return page


# The options and the deals are looked at in test_options.py, one scheme in the longest words.
@pytest.mark.parametrize("made", [popup, start, report, replace, failure, pairing])
def test_ux_axe_finds_nothing_in_pages_of_kobans_own(window: View, koban: Koban, made: Callable[[View], Page]) -> None:
    koban.settings.patch({"trust": "ask"})
    page = made(window)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert found_in_own_page(page) == [], scheme
    for each in window.context.pages[1:]:
        each.close()


def test_ux_popup_what_counts_is_in_sight_within_600_pixels(window: View, koban: Koban) -> None:
    behind = judged_thread(window)
    page = window.popup(behind)
    expect(page.locator(".finding").first).to_be_visible()
    in_sight(page, "header .light")
    page.close()
    behind.close()


def test_ux_popup_what_counts_is_in_sight_within_600_pixels_on_a_list(window: View) -> None:
    behind = window.page("/public/jobs?order=new")
    eventually(lambda: banner(behind), lambda seen: seen is not None and "件の仕事" in seen.text)
    page = window.popup(behind)
    expect(page.locator(".findings .lead").first).to_be_visible()
    in_sight(page, ".findings > .cards .lead")
    assert found_in_own_page(page) == []
    page.close()
    behind.close()


def in_sight(page: Page, further: str) -> None:
    """Each of these can be seen and pressed without scrolling: the second click of each wish."""
    page.set_viewport_size({"width": 400, "height": 600})
    for wanted in (
        further,
        "header h1",
        ".findings > .finding",
        ".finding .reporting > button",
        ".finding .rule-off",
        ".finding .wrong",
        ".here",
        "section.pause",
    ):
        box = page.locator(wanted).first.bounding_box()
        assert box is not None, wanted
        assert box["y"] + box["height"] <= 600, wanted
