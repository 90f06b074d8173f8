"""Pages that pass untouched, since the extension says their state: at their end from the moment that they are whole."""

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from addon.judging.protocol import Visit
from addon.koban import Koban
from addon.verdicts.written import WrittenVerdict
from tests.browser.bidi import Driven
from tests.browser.shadow import words
from tests.browser.stage import HOST, View, eventually

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
HONEST = "/public/jobs/13501877"
DANGER = "直接契約の誘いです"
PENDING = "いま確認しています"

# Koban's elements in the order in which they come and go, and whether a page's script sees into their roots.
RECORDS = """window.order = [];
new MutationObserver(records => {
  const named = (nodes, sign) => [...nodes].filter(({localName}) => /^koban-(verdict|banner)$/.test(localName))
    .map(({localName, shadowRoot}) => order.push(sign + (shadowRoot ? "open " : "") + localName));
  for (const {addedNodes, removedNodes} of records) { named(addedNodes, "+"); named(removedNodes, "-"); }
}).observe(document, {childList: true, subtree: true});"""
NEVER_LOADS = """document.addEventListener("DOMContentLoaded", () => {
  document.body.prepend(Object.assign(new Image(), {src: "/never-loads.png", hidden: true}));
});"""
# What a page does to the element that the proxy appends, and what it then sees of that or of the extension's own.
HIDES = """window.sights = [];
document.addEventListener("readystatechange", () => {
  const style = document.createElement("style");
  style.textContent = `koban-verdict { display: none !important; position: absolute !important; height: 0 !important;
    clip-path: inset(100%) !important; opacity: 0 !important }`;
  document.head.append(style);
}, {once: true});
new MutationObserver(() => {
  for (const each of document.querySelectorAll("koban-verdict:not([data-state=clear])")) {
    each.dataset.state = "clear";
    const {clipPath, opacity, position} = getComputedStyle(each);
    const {bottom, height} = each.getBoundingClientRect();
    sights.push({clipPath, opacity, position, bottom, isHigh: height > 30, root: each.shadowRoot});
  }
}).observe(document, {childList: true, subtree: true});"""
FORBIDS_STYLES = """new MutationObserver((_, observer) => {
  if (document.head === null) return;
  observer.disconnect();
  const policy = {httpEquiv: "Content-Security-Policy", content: "style-src 'none'"};
  document.head.append(Object.assign(document.createElement("meta"), policy));
}).observe(document, {childList: true, subtree: true});"""
OWN = ["+koban-verdict", "-koban-verdict", "+koban-banner"]


@pytest.fixture
def tab(window: View) -> Iterator[Callable[..., Page]]:
    """Makes a tab whose pages go on loading for ever, and which passes untouched since its connection is known."""
    pages: list[Page] = []

    def make(*scripts: str) -> Page:
        page = window.context.new_page()
        pages.append(page)
        for script in scripts:
            page.add_init_script(script)
        page.route("**/never-loads.png", lambda _: None)
        eventually(lambda: visited(page, HONEST), lambda body: "koban-verdict" not in body)
        return page

    yield make
    for page in pages:
        page.unroute_all(behavior="ignoreErrors")
        page.close()


def visited(page: Page, path: str) -> str:
    """The page as it came, once its banner is there, so that its connection is known for the next."""
    response = page.goto(HOST + path, wait_until="domcontentloaded")
    assert response is not None
    eventually(lambda: words(page, "koban-banner"))
    return response.text()


def test_speed_1_a_page_passes_untouched_and_its_state_is_said_at_its_end_until_the_banner_says_it(
    tab: Callable[..., Page],
) -> None:
    page = tab(RECORDS, NEVER_LOADS)
    # On a busy machine the verdict may come when the banner is there.
    eventually(lambda: (visited(page, TRAP), page.evaluate("order"))[1], lambda order: order == OWN)
    assert DANGER in words(page, "koban-banner")


def test_speed_1_a_page_whose_verdict_is_to_come_says_so_and_then_says_it(
    tab: Callable[..., Page], window: View, koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tab(RECORDS, NEVER_LOADS)
    released = threading.Event()
    written = koban.judge.written

    def wait(visit: Visit) -> WrittenVerdict:
        if visit.page.url.endswith("held=1"):
            released.wait(60)
        return written(visit)

    monkeypatch.setattr(koban.judge, "written", wait)
    response = page.goto(f"{HOST}{TRAP}?held=1", wait_until="domcontentloaded")
    assert response is not None
    assert "koban-verdict" not in response.text()
    eventually(lambda: words(page, "koban-verdict") + words(page, "koban-banner"), lambda text: PENDING in text)
    assert "○" in window.button_title(page)
    released.set()
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER in text)
    assert page.evaluate("document.querySelector('koban-verdict')") is None


@pytest.mark.parametrize("policy", ["", FORBIDS_STYLES], ids=["no policy", "no styles"])
def test_speed_1_a_page_neither_hides_nor_reads_nor_alters_what_is_said_at_its_end(
    tab: Callable[..., Page], policy: str
) -> None:
    page = tab(policy, HIDES, NEVER_LOADS)
    sights = eventually(lambda: (visited(page, TRAP), page.evaluate("sights"))[1])
    height = page.evaluate("innerHeight")
    shown = {"clipPath": "none", "opacity": "1", "position": "sticky", "bottom": height, "isHigh": True, "root": None}
    assert sights == [shown]


def test_speed_1_a_page_passes_untouched_and_its_state_is_said_at_its_end_in_firefox(firefox: Driven) -> None:
    firefox.first(RECORDS)

    def order() -> list[str]:
        firefox.go(HOST + TRAP)
        eventually(lambda: firefox.words("koban-banner"), lambda text: DANGER in text)
        seen: list[str] = firefox.value("order")
        return seen

    eventually(order, lambda seen: seen == OWN)


def test_speed_1_a_page_does_not_hide_what_is_said_at_its_end_in_firefox(firefox: Driven) -> None:
    firefox.first(FORBIDS_STYLES)
    firefox.first(HIDES)

    def sights() -> list[dict[str, object]]:
        firefox.go(HOST + TRAP)
        eventually(lambda: firefox.words("koban-banner"), lambda text: DANGER in text)
        seen: list[dict[str, object]] = firefox.value("sights.filter(({root}) => root === null)")
        return seen

    (seen,) = eventually(sights)
    look = {name: seen[name] for name in ("clipPath", "opacity", "position", "isHigh")}
    assert look == {"clipPath": "none", "opacity": "1", "position": "sticky", "isHigh": True}
