"""A page that is loaded again: what was warned of stands until it was read again, and nothing is clear before that."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route

from tests.browser.shadow import words
from tests.browser.stage import View, eventually, judged_thread

pytestmark = pytest.mark.browser

DANGER = "直接契約の誘いです"
AGAIN = "読み直しています"
DATA = re.compile(r"/messages\.json")
HOLD_CLOCK = """least => {
  globalThis.realTimeout = setTimeout;
  globalThis.setTimeout = (run, wait, ...rest) => realTimeout(run, wait < least ? wait : 2 ** 31 - 1, ...rest);
}"""


@pytest.fixture
def held_clock(window: View) -> Iterator[None]:
    """In the background nothing ends that is to end after ten seconds or more: a busy machine may take longer."""
    window.in_background(HOLD_CLOCK, 10_000)
    yield
    window.in_background("() => { globalThis.setTimeout = realTimeout }", None)


@pytest.mark.usefixtures("held_clock")
def test_a_danger_of_what_a_script_fetches_stands_while_its_page_is_loaded_again(window: View) -> None:
    page = judged_thread(window)
    assert DANGER in words(page, "koban-banner")
    held: list[Route] = []
    page.route(DATA, lambda route: held.append(route))
    page.reload()
    # The page itself is judged by now, and what its script fetches is still to come.
    # A handler is called while the driver is.
    eventually(lambda: page.evaluate("true") and bool(held))
    # What the answer itself brought may be drawn first, where the background is slower than the page.
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text and AGAIN in text)
    held[0].continue_()
    eventually(lambda: words(page, "koban-banner"), lambda text: AGAIN not in text and DANGER in text)
    page.close()
