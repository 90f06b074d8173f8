"""The active step before a click into danger, in Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from addon.koban import Koban
from tests.browser.shadow import go_on, within, words
from tests.browser.stage import View, banner, checked_banner, eventually, judged_thread

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
HONEST = "/public/jobs/13501877"
ASKED = "この仕事に応募しますか。"


@pytest.fixture(autouse=True)
def pages_closed(window: View) -> Iterator[None]:
    """Whatever a test opened: a page that stays takes time of all that come after it."""
    yield
    for each in window.context.pages[1:]:
        each.close()


@pytest.fixture
def trap(window: View) -> Page:
    page = window.page(TRAP)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    return page


def asked(page: Page) -> str:
    return eventually(lambda: words(page, "koban-step"))


def gone(page: Page) -> None:
    eventually(lambda: words(page, "koban-step"), lambda text: text == "")


def test_the_danger_is_named_before_one_applies_and_back_is_the_first_choice(trap: Page) -> None:
    apply = trap.get_by_role("link", name="応募する", exact=True)
    apply.click()
    text = asked(trap)
    assert "直接契約の誘いです" in text
    assert ASKED in text
    assert trap.url.endswith(TRAP)
    # A key in its first half second is no answer.
    trap.wait_for_timeout(600)
    trap.keyboard.press("Enter")
    gone(trap)
    assert trap.url.endswith(TRAP)
    expect(apply).to_be_focused()


def test_escape_goes_back_and_tab_stays_in_the_dialog(trap: Page) -> None:
    trap.get_by_role("link", name="応募する", exact=True).press("Enter")
    asked(trap)
    for _ in range(7):
        trap.keyboard.press("Tab")
        assert trap.evaluate("document.activeElement.localName") == "koban-step"
    trap.keyboard.press("Escape")
    gone(trap)
    assert trap.url.endswith(TRAP)


def test_going_on_is_one_more_click_that_does_what_the_first_would_have_done(trap: Page) -> None:
    trap.get_by_role("link", name="応募する", exact=True).click()
    asked(trap)
    with trap.expect_navigation(url="**/e/proposals"):
        go_on(trap)


FOR_ANOTHER_TAB: dict[str, Callable[[Locator], None]] = {
    "Ctrl and click": lambda link: link.click(modifiers=["ControlOrMeta"]),
    "Ctrl and Enter": lambda link: link.press("ControlOrMeta+Enter"),
    "middle click": lambda link: link.click(button="middle"),
}


@pytest.mark.parametrize("press", FOR_ANOTHER_TAB.values(), ids=FOR_ANOTHER_TAB.keys())
def test_another_tab_is_no_way_around(trap: Page, press: Callable[[Locator], None]) -> None:
    before = len(trap.context.pages)
    press(trap.get_by_role("link", name="応募する", exact=True))
    asked(trap)
    assert len(trap.context.pages) == before
    with trap.context.expect_page() as opened:
        go_on(trap)
    opened.value.wait_for_url("**/e/proposals")
    assert trap.url.endswith(TRAP)


def test_agreeing_to_a_contract_is_asked_about(window: View) -> None:
    page = judged_thread(window)
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        `<form action="/proposal_conditions/41/agree" method=post><button>同意して契約する</button></form>`)""")
    page.get_by_role("button", name="同意して契約する").press(" ")
    assert "この契約に同意しますか。" in asked(page)
    with page.expect_navigation(url="**/proposal_conditions/41/agree"):
        go_on(page)


PRESS: dict[str, Callable[[Page], None]] = {
    "a button with a listener": lambda page: page.locator("#listened").click(),
    "a form's button": lambda page: page.locator("#formed button").click(),
    "Enter in a form's field": lambda page: page.locator("#formed input").press("Enter"),
}


@pytest.mark.parametrize("press", PRESS.values(), ids=PRESS.keys())
def test_what_the_page_would_have_got_it_gets(trap: Page, press: Callable[[Page], None]) -> None:
    trap.evaluate("""() => {
        document.querySelector("main").insertAdjacentHTML("beforeend",
          `<div><button id=listened><b>応募する</b></button>
           <form id=formed><input name=word value=a><button name=with value=this>応募する</button></form></div>`);
        window.got = [];
        listened.onclick = event => got.push(`click ${event.target.localName}`);
        formed.onsubmit = event => {
          event.preventDefault(); got.push(new URLSearchParams(new FormData(formed, event.submitter)).toString());
        };
    }""")
    press(trap)
    asked(trap)
    assert trap.evaluate("got") == []
    go_on(trap)
    got = eventually(lambda: trap.evaluate("got"))
    assert got in (["click b"], ["word=a&with=this"])
    press(trap)
    eventually(lambda: trap.evaluate("got"), lambda got: len(got) == 2)
    assert words(trap, "koban-step") == "", "asked once for one control"


def test_a_script_of_the_page_cannot_go_on_by_itself(trap: Page) -> None:
    trap.get_by_role("link", name="応募する", exact=True).click()
    asked(trap)
    trap.evaluate("""() => {
        const step = document.querySelector("koban-step");
        step.click(); step.dispatchEvent(new MouseEvent("click", {composed: true, bubbles: true}));
        document.activeElement.click();
    }""")
    assert step_is_open(trap)
    trap.evaluate("document.querySelector('koban-step').remove()")
    assert trap.url.endswith(TRAP), "without the dialog nothing goes on"


def test_a_question_that_is_taken_away_and_put_back_stands_over_the_page_again(trap: Page) -> None:
    trap.get_by_role("link", name="応募する", exact=True).click()
    asked(trap)
    trap.evaluate("""async () => {
        const step = document.querySelector("koban-step");
        step.remove();
        await new Promise(later => setTimeout(later, 300));
        document.body.append(step);
    }""")
    eventually(lambda: within(trap, "koban-step", "root => root.querySelector('dialog').matches(':modal')"))
    with trap.expect_navigation(url="**/e/proposals"):
        go_on(trap)


def step_is_open(page: Page) -> bool:
    return ASKED in words(page, "koban-step")


def test_a_link_out_of_the_marketplace_is_asked_about(trap: Page) -> None:
    trap.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        `<p><a id=outside href="https://chat.example/invite">こちらへ</a></p>`)""")
    trap.locator("#outside").click()
    assert "chat.example" in asked(trap)
    trap.keyboard.press("Escape")


def test_an_honest_page_asks_nothing(window: View) -> None:
    page = window.page(HONEST)
    checked_banner(page)
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        `<p><a id=outside href="#" target=_blank>こちらへ</a></p>`)
        && (outside.href = "https://chat.example/invite")""")
    with page.expect_popup() as opened:
        page.locator("#outside").click()
    opened.value.close()
    with page.expect_navigation(url="**/e/proposals"):
        page.get_by_role("link", name="応募する", exact=True).click()


def test_a_delivery_before_escrow_is_asked_about_though_it_is_only_a_caution(window: View) -> None:
    page = judged_thread(window)
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        `<form action="/milestones/1/complete" method=post><button>納品する</button></form>`)""")
    page.get_by_role("button", name="納品する").click()
    assert "このまま納品しますか。" in asked(page)


def test_it_is_switched_off(window: View, koban: Koban) -> None:
    koban.settings.patch({"active_step": False})
    try:
        page = window.page(TRAP)
        eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
        with page.expect_navigation(url="**/e/proposals"):
            page.get_by_role("link", name="応募する", exact=True).click()
    finally:
        koban.settings.patch({"active_step": None})
