"""The options page: all exceptions in one place, the language, one's own data; and nothing for axe to find."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from addon.koban import Koban
from tests.browser.stage import View, eventually, failure_naming, judged_thread
from tests.browser.test_access import AXE, found_in_own_page, unfold

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>仮払いの手続きが遅れていますが、先に作業を始めてください。"


@pytest.fixture
def options(window: View) -> Any:
    page = window.context.new_page()
    page.goto(f"chrome-extension://{window.opened.extension_id}/options.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield page
    page.close()


def test_an_exception_is_seen_and_undone(options: Page, koban: Koban) -> None:
    koban.settings.patch({"clients": {"crowdworks:52": {"muted": True}}})
    line = options.locator("#exceptions li", has_text="52")
    expect(line).to_be_visible()
    line.get_by_role("button").click()
    expect(line).to_be_hidden()
    eventually(lambda: "crowdworks:52" not in koban.settings.current.clients)


def test_the_language_is_chosen_for_all_surfaces(options: Page, window: View) -> None:
    with window.speaking("en"):
        expect(options.get_by_role("heading", level=1)).to_have_text("Koban settings")
        page = window.page("/public/jobs?order=new")
        popup = window.popup(page)
        expect(popup.get_by_text("Warning rules")).to_be_visible()
        popup.close()
        page.close()


def test_settings_go_out_into_a_file_and_come_back(options: Page, koban: Koban, tmp_path: Any) -> None:
    koban.settings.patch({"rules": {"low-rating": False}})
    expect(options.locator("#exceptions li")).to_have_count(1)
    with options.expect_download() as saved:
        options.locator("button.export").click()
    path = tmp_path / "koban-settings.json"
    saved.value.save_as(path)
    assert json.loads(path.read_text())["rules"] == {"low-rating": False}
    options.locator("#exceptions button").click()
    expect(options.locator("#exceptions li")).to_have_count(0)
    options.locator("#import").set_input_files(path)
    expect(options.locator("#exceptions li")).to_have_count(1)
    path.write_text('{"rules": {"low-rating": "perhaps"}}')
    options.locator("#import").set_input_files(path)
    expect(options.locator(".said")).not_to_be_empty()
    assert koban.settings.current.rules == {"low-rating": False}
    options.locator("#data .delete").click()
    options.locator("#data .delete").click()
    expect(options.locator("#exceptions li")).to_have_count(0)
    assert koban.settings.current.rules == {}


STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(each => each.checkVisibility({visibilityProperty: true}))"""


DRAWN = {
    "options": ("#rules .topic", "#lessons"),
    "popup": (".finding", ".rules > summary"),
    "welcome": (".tile", "#connect"),
}
"""What a surface draws only once Koban has answered."""


@pytest.mark.parametrize("surface", ["options", "popup", "welcome"])
def test_all_is_reached_and_seen_to_be_reached_by_keyboard_alone(options: Page, window: View, surface: str) -> None:
    behind = judged_thread(window)
    page = window.popup(behind) if surface == "popup" else window.own(surface)
    # Drawn once Koban has answered: what comes after the look would not be looked for.
    for drawn in DRAWN[surface]:
        expect(page.locator(drawn).first).to_be_visible()
    stops = page.evaluate(f"() => {{ window.left = new Set(({STOPS})()); return left.size }}")
    assert stops > 3
    # What is known of the client may come later still, and is a stop or two more.
    for _ in range(2 * stops):
        page.keyboard.press("Tab")
        still = page.evaluate("""() => {
            const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);
            if (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) left.delete(document.activeElement);
            return left.size;
        }""")
        if still == 0:
            break
    assert page.evaluate("[...left].map(each => each.outerHTML)") == []
    page.close()
    behind.close()


def test_a_rule_is_switched_by_keyboard_alone(window: View, koban: Koban) -> None:
    behind = window.page("/contracts/64120311")
    popup = window.popup(behind)
    expect(popup.locator(".finding").first).to_be_visible()
    popup.locator(".rules > summary").focus()
    popup.keyboard.press("Enter")
    expect(popup.get_by_role("searchbox")).to_be_visible()
    popup.keyboard.press("Tab")
    popup.keyboard.type("direct-contract")
    expect(popup.locator("[data-rule=direct-contract] input")).to_be_visible()
    popup.keyboard.press("Tab")
    popup.keyboard.press("Tab")
    popup.keyboard.press(" ")
    eventually(lambda: koban.settings.current.rules, lambda rules: rules == {"direct-contract": False})
    popup.close()
    behind.close()


@pytest.mark.parametrize(
    ("language", "surfaces"),
    [
        ("en", ("options", "popup", "welcome", "deals", "playground")),
        # The longest words.
        ("fr", ("popup", "deals")),
    ],
)
def test_longer_languages_fit_a_small_or_much_enlarged_window_too(
    window: View, language: str, surfaces: Sequence[str]
) -> None:
    with window.speaking(language):
        behind = window.page("/contracts/64120311")
        for surface in surfaces:
            with failure_naming(surface):
                page = window.popup(behind) if surface == "popup" else window.own(surface)
                expect(page.locator("html")).to_have_attribute("lang", language)
                fits_small_windows(page, is_deals=surface == "deals")
                page.close()
        behind.close()


def fits_small_windows(page: Page, *, is_deals: bool) -> None:
    expect(page.locator("h1")).not_to_be_empty()
    if is_deals:
        eventually(lambda: plots_read_again(page))
    unfold(page)
    for direction in ("ltr", "rtl"):
        page.evaluate("dir => { document.documentElement.dir = dir }", direction)
        for width in (320, 400, 640):
            page.set_viewport_size({"width": width, "height": 600})
            beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(beyond) <= 0, f"{width} pixels, {direction}"


def plots_read_again(page: Page) -> int:
    """How many plots the history has after another look: what was just seen may not be stored yet."""
    page.reload()
    # Drawn once Koban has answered, which may be after the load; without warnings a line stands there instead.
    expect(page.locator("#plots")).to_be_visible()
    return page.locator(".bars").count()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (extension/node_modules)")
@pytest.mark.parametrize(("scheme", "language"), [("light", "ja"), ("dark", "fr")])
def test_axe_finds_nothing(options: Page, window: View, scheme: Any, language: str) -> None:
    with window.speaking(language):
        # Every surface follows the choice that was made in another tab.
        expect(options.locator("html")).to_have_attribute("lang", language)
        behind = window.page("/contracts/64120311")
        for surface in ("options", "popup", "welcome", "deals", "playground"):
            with failure_naming(surface):
                page = window.popup(behind) if surface == "popup" else window.own(surface)
                look_with_axe(page, surface, scheme)
                page.close()
        behind.close()


def look_with_axe(page: Page, surface: str, scheme: Any) -> None:
    for drawn in DRAWN.get(surface, ()):
        expect(page.locator(drawn).first).to_be_visible()
    if surface == "welcome":
        page.locator("#try button").click()
        expect(page.locator(".result .finding").first).to_be_visible()
    elif surface == "playground":
        page.locator("textarea").fill(HOSTILE)
        page.locator("button").click()
        expect(page.locator(".result mark").first).to_be_visible()
        assert page.locator(".whole").inner_text() == HOSTILE
        assert page.locator(".whole img").count() == 0
    elif surface == "deals":
        eventually(lambda: plots_read_again(page))
    page.emulate_media(color_scheme=scheme)
    assert found_in_own_page(page) == []
    for width in (320, 400, 640):
        # 640 px at twice the size, as well as narrow windows: nothing is cut off or scrolled to sideways.
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
