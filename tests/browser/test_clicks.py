"""How many clicks each wish takes, counted: as few as in the best tools of the kind.

A click is a press of a pointer's button where a person would press it. The first is on the toolbar's button, which a
driver cannot press: opening the popup counts as that click.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from addon.koban import Koban
from tests.browser.shadow import box, click, words
from tests.browser.stage import View, eventually, judged_thread

pytestmark = pytest.mark.browser

CLIENT = "crowdworks:5871130"


@dataclass
class Clicks:
    """A page with warnings, what one opens from it, and the clicks so far."""

    window: View
    page: Page
    count: int = 0
    opened: list[Page] = field(default_factory=list)

    def popup(self) -> Page:
        self.count += 1
        popup = self.window.popup(self.page)
        self.opened.append(popup)
        expect(popup.locator(".finding").first).to_be_visible()
        # As high as a browser lets it be; scrolling is no click, but what counts most needs none.
        popup.set_viewport_size({"width": 400, "height": 600})
        return popup

    def press(self, control: Locator) -> None:
        self.count += 1
        control.click()

    def press_in_page(self, host: str, selector: str) -> None:
        """Press what Koban shows in the page itself."""
        self.count += 1
        eventually(lambda: box(self.page, host, selector))
        click(self.page, host, selector)


@pytest.fixture
def clicks(window: View, koban: Koban) -> Iterator[Clicks]:
    page = judged_thread(window)
    clicks = Clicks(window, page)
    yield clicks
    for each in (*clicks.opened, page):
        each.close()


def rules_shown(koban: Koban, page: Page) -> set[str]:
    shown = koban.verdicts.shown(page.url)
    return {finding.rule for finding in shown.verdict.findings} if shown else set()


def test_ux_c_why_a_page_is_warned_of_takes_one_click(clicks: Clicks) -> None:
    clicks.press_in_page("koban-banner", ".fold")
    expected = "仮払い前に作業すると、キャンセルや音信不通のとき"
    eventually(lambda: words(clicks.page, "koban-banner"), lambda text: expected in text)
    assert clicks.count == 1


def test_ux_c_the_gravest_rule_is_switched_off_by_two_clicks(clicks: Clicks, koban: Koban) -> None:
    button = clicks.popup().locator(".findings .rule-off")
    rule = str(button.get_attribute("data-rule"))
    clicks.press(button)
    eventually(lambda: koban.settings.current.rules.get(rule), lambda on: on is False)
    assert clicks.count == 2


def test_ux_c_any_other_rule_is_switched_off_by_two_clicks(clicks: Clicks, koban: Koban) -> None:
    short = clicks.popup().locator(".others .rule-off").first
    rule = str(short.get_attribute("data-rule"))
    clicks.press(short)
    eventually(lambda: koban.settings.current.rules.get(rule), lambda on: on is False)
    assert clicks.count == 2


@pytest.mark.parametrize("way", [".findings .rule-off", ".findings .wrong"], ids=["rule-off", "wrong"])
def test_ux_c_it_is_undone_by_one_click_also_once_the_popup_has_closed(clicks: Clicks, koban: Koban, way: str) -> None:
    popup = clicks.popup()
    rule = str(popup.locator(way).get_attribute("data-rule"))
    popup.locator(way).click()
    eventually(lambda: words(clicks.page, "koban-banner"), lambda text: "元に戻す" in text)
    if way.endswith("wrong"):
        eventually(lambda: koban.lessons.current)
    popup.close()
    eventually(lambda: rules_shown(koban, clicks.page), lambda rules: rule not in rules)
    clicks.count = 0
    clicks.press_in_page("koban-banner", ".undoButton")
    eventually(lambda: rules_shown(koban, clicks.page), lambda rules: rule in rules)
    eventually(lambda: words(clicks.page, "koban-banner"), lambda text: "元に戻す" not in text)
    assert clicks.count == 1
    assert koban.settings.current.rules == {}
    assert koban.settings.current.wrong == {}
    eventually(lambda: koban.lessons.current == ())


def switch_off_the_site(clicks: Clicks) -> None:
    clicks.press(clicks.popup().get_by_role("switch", name="クラウドワークス"))


def switch_off_the_client(clicks: Clicks) -> None:
    clicks.press(clicks.popup().get_by_role("switch", name="この発注者"))


def pause(clicks: Clicks) -> None:
    clicks.press(clicks.popup().locator("section.pause button").first)


def is_site_off(koban: Koban) -> bool:
    return "crowdworks" in koban.settings.current.sites


def is_client_muted(koban: Koban) -> bool:
    return CLIENT in koban.settings.current.clients


def is_paused(koban: Koban) -> bool:
    return koban.settings.current.paused_until is not None


@pytest.mark.parametrize(
    ("wish", "is_done"),
    [(switch_off_the_site, is_site_off), (switch_off_the_client, is_client_muted), (pause, is_paused)],
)
def test_ux_c_site_client_and_pause_take_two_clicks(
    clicks: Clicks, koban: Koban, wish: Callable[[Clicks], None], is_done: Callable[[Koban], bool]
) -> None:
    wish(clicks)
    eventually(lambda: is_done(koban))
    assert clicks.count == 2


def test_ux_c_a_report_is_ready_after_two_clicks(clicks: Clicks) -> None:
    popup = clicks.popup()
    clicks.press(popup.locator(".findings .reporting > button"))
    expect(popup.locator(".findings .report textarea")).not_to_have_value("")
    expect(popup.locator(".findings .way")).to_be_visible()
    assert clicks.count == 2
