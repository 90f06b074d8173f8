"""Pages that take their document over, or write it over: the banner neither disturbs them nor is lost for good."""

import pytest

from tests.browser.bidi import Driven
from tests.browser.shadow import words
from tests.browser.stage import HOST, View, eventually

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
HONEST = "/public/jobs/13501877"
DANGER = "直接契約の誘いです"
CLEAR = "問題は見つかりませんでした"

# What React does with `hydrateRoot(document)`: begun by a deferred script, done a little later, and where the document
# has an element that the server did not send, all of it is built anew. What follows all that it knows of the body it
# leaves alone (tried with 18.3.1 and 19.3.1).
HYDRATES = """addEventListener("DOMContentLoaded", () => {
  const sent = [...document.documentElement.children, ...document.body.children];
  requestIdleCallback(() => { const {port1, port2} = new MessageChannel(); port2.onmessage = () => {
    const there = [...document.documentElement.children, ...document.body.children];
    const trails = each => each === null || !sent.includes(each) && trails(each.nextElementSibling);
    const isLeft = each => each.parentNode === document.body && trails(each);
    window.foreign = there.filter(each => !sent.includes(each) && !isLeft(each)).map(each => each.localName);
    if (foreign.length) document.documentElement.replaceWith(document.documentElement.cloneNode(true));
  }; port1.postMessage(0) });
}, {once: true});"""

OVER = """(async () => {
  const text = await (await fetch(PATH)).text();
  document.open(); document.write(text); CLOSE
})()"""


def over(path: str, *, closes: bool = True) -> str:
    return OVER.replace("PATH", repr(path)).replace("CLOSE", "document.close()" if closes else "")


def test_field_13_a_framework_that_takes_the_document_over_finds_nothing_foreign_in_it(window: View) -> None:
    page = window.context.new_page()
    page.add_init_script(HYDRATES)
    page.goto(HOST + TRAP)
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    # It looks when the browser is idle, which a busy machine rarely is.
    assert eventually(lambda: page.evaluate("window.foreign ?? null"), lambda found: found is not None) == []
    assert page.evaluate("document.body.firstElementChild.localName") == "koban-banner"
    page.close()


def test_field_13_the_banner_comes_back_where_the_document_is_built_anew(window: View) -> None:
    page = window.page(TRAP)
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    page.evaluate("""() => { const next = document.documentElement.cloneNode(true);
        next.querySelectorAll("koban-banner, koban-marks, koban-verdict").forEach(each => each.remove());
        document.documentElement.replaceWith(next) }""")
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    eventually(lambda: words(page, "koban-marks"), lambda text: "危険" in text)
    page.close()


@pytest.mark.parametrize("closes", [True, False], ids=["closed", "left open"])
def test_field_14_a_page_that_is_written_over_is_judged_as_it_is_then(window: View, closes: bool) -> None:
    page = window.page(HONEST)
    eventually(lambda: words(page, "koban-banner"), lambda text: CLEAR in text)
    page.evaluate(over(TRAP, closes=closes))
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    page.get_by_role("link", name="応募する", exact=True).click()
    eventually(lambda: words(page, "koban-step"), lambda text: "応募しますか" in text)
    page.close()


def test_field_14_a_danger_that_is_written_over_with_itself_keeps_its_banner(window: View) -> None:
    page = window.page(TRAP)
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    page.evaluate(over(TRAP))
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    page.close()


def test_field_13_a_framework_finds_nothing_foreign_in_firefox(firefox: Driven) -> None:
    firefox.first(HYDRATES)
    firefox.go(HOST + TRAP)
    eventually(lambda: firefox.words("koban-banner"), lambda text: DANGER in text)
    assert eventually(lambda: firefox.value("window.foreign"), lambda found: found is not None) == []


def test_field_14_a_page_that_is_written_over_is_judged_as_it_is_then_in_firefox(firefox: Driven) -> None:
    firefox.go(HOST + HONEST)
    eventually(lambda: firefox.words("koban-banner"), lambda text: CLEAR in text)
    firefox.value(over(TRAP))
    eventually(lambda: firefox.words("koban-banner"), lambda text: DANGER in text)
