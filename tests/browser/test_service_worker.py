"""Pages that a service worker answers: what no proxy saw is read as it is shown."""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from addon.demo.show import Viewer
from addon.koban import Koban
from tests.browser.bidi import Driven
from tests.browser.shadow import words
from tests.browser.stage import HOST, View, eventually

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
HONEST = "/public/jobs/13501877"
DANGER = "直接契約の誘いです"
CLEAR = "問題は見つかりませんでした"

INSTALL = """async preloads => {
  await navigator.serviceWorker.register("/service-worker.js");
  const registration = await navigator.serviceWorker.ready;
  if (preloads) await registration.navigationPreload.enable();
}"""
KEEP = """async from => {
  const text = await (await fetch(from)).text();
  const headers = {"content-type": "text/html; charset=utf-8"};
  await (await caches.open("pages")).put(location.href, new Response(text, {headers}));
}"""
FORGET = """async () => {
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
  for (const each of await caches.keys()) await caches.delete(each);
}"""
MARKS = "[...document.querySelectorAll('koban-verdict')].flatMap(({dataset}) => dataset.pending ?? dataset.since ?? [])"
ASKED = "performance.getEntriesByType('navigation')[0].workerStart > 0"


@pytest.fixture(autouse=True)
def no_service_worker(request: pytest.FixtureRequest) -> Iterator[None]:
    """The window is without service workers again, also where a test fails: an open page would keep its own."""
    window: View | None = request.getfixturevalue("window") if "window" in request.fixturenames else None
    yield
    if window is not None:
        for page in window.context.pages:
            if page.url.startswith(HOST):
                page.close()
        page = window.page(HONEST)
        page.evaluate(FORGET)
        page.close()


def shows(page: Page, words_shown: str) -> None:
    eventually(lambda: words(page, "koban-banner"), lambda text: words_shown in text)


def trap_from_cache(window: View, path: str, *, preloads: bool) -> Page:
    """A tab with an honest page, loaded again by its service worker, which has kept another one for it."""
    page = window.page(path)
    shows(page, CLEAR)
    page.evaluate(INSTALL, preloads)
    page.evaluate(KEEP, TRAP)
    page.reload()
    return page


@pytest.mark.parametrize("preloads", [False, True], ids=["alone", "with a preload past it"])
def test_field_14_a_page_from_the_cache_of_a_service_worker_is_judged_as_it_is_shown(
    window: View, preloads: bool
) -> None:
    page = trap_from_cache(window, f"{HONEST}?preloads={preloads}", preloads=preloads)
    assert page.evaluate(ASKED)
    assert "直接契約" in page.inner_text("main"), "it is another page than the one that passed"
    shows(page, DANGER)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    # And the other way: what was warned of is not what is kept.
    page.goto(f"{HOST}{TRAP}?preloads={preloads}")
    shows(page, DANGER)
    page.evaluate(KEEP, HONEST)
    page.reload()
    shows(page, CLEAR)
    page.close()


def test_field_14_what_passes_later_at_the_address_is_not_what_the_page_shows(window: View, koban: Koban) -> None:
    """A service worker that fetches its page anew once it has shown it (stale-while-revalidate)."""
    page = trap_from_cache(window, f"{HONEST}?stale=1", preloads=False)
    shows(page, DANGER)
    Viewer(koban.proxy_port, koban.authority.certificate).fetch(page.url)
    passed = koban.verdicts.shown(page.url)
    assert passed is not None
    assert (passed.feed, passed.verdict.state) == ("proxy", "clear")
    # Each is shown after all that was sent before it.
    koban.settings.patch({"rules": {"direct-contract": False}})
    eventually(lambda: words(page, "koban-banner"), lambda text: DANGER not in text)
    koban.settings.patch({"rules": None})
    shows(page, DANGER)
    page.close()


def test_field_14_what_a_service_worker_takes_from_the_marketplace_now_is_what_passed(
    window: View, koban: Koban
) -> None:
    page = window.page(HONEST)
    shows(page, CLEAR)
    page.evaluate(INSTALL, True)
    tries = itertools.count()

    def visit() -> str | None:
        address = f"{HOST}{HONEST}?passes={next(tries)}"
        page.goto(address)
        return address if page.evaluate(MARKS) else None

    # While no extension follows, as while its stream begins anew, a page bears no time, and is rather judged apart.
    address = eventually(visit)
    assert address is not None
    assert page.evaluate(ASKED)
    shows(page, CLEAR)
    expect(page.locator("koban-verdict")).to_have_attribute("data-state", "clear")
    page.wait_for_timeout(1500)
    # What passed may be judged as shown, too, where the proxy's verdict was slow to come: but as what passed.
    assert not is_judged_apart(koban, address), page.evaluate(f"[...{MARKS}, Date.now() - performance.now()]")
    page.close()


def test_field_14_what_a_service_worker_fetches_by_itself_is_judged_as_it_is_shown(window: View, koban: Koban) -> None:
    """No proxy can tell it from any other request of a script (`Sec-Fetch-Dest: empty`)."""
    page = window.page(HONEST)
    shows(page, CLEAR)
    page.evaluate(INSTALL, False)
    address = f"{HOST}{TRAP}?fetched=1"
    page.goto(address)
    assert page.evaluate(ASKED)
    shows(page, DANGER)
    assert feed_of(koban, address) == "extension"
    assert is_judged_apart(koban, address)
    page.close()


def test_field_14_a_page_from_the_cache_of_a_service_worker_is_judged_as_it_is_shown_in_firefox(
    firefox: Driven,
) -> None:
    firefox.go(f"{HOST}{HONEST}?firefox=1")
    eventually(lambda: firefox.words("koban-banner"), lambda text: CLEAR in text)
    firefox.value(f"({INSTALL})(false)")
    firefox.value(f"({KEEP})('{TRAP}')")
    firefox.go(f"{HOST}{HONEST}?firefox=1")
    assert firefox.value("navigator.serviceWorker.controller !== null")
    eventually(lambda: firefox.words("koban-banner"), lambda text: DANGER in text)
    firefox.value(f"({FORGET})()")


def feed_of(koban: Koban, address: str) -> str | None:
    seen = koban.verdicts.shown(address)
    return None if seen is None else seen.feed


def is_judged_apart(koban: Koban, address: str) -> bool:
    """Whether a page was judged as something else than what passed at its address."""
    return any(koban.verdicts._views.get(address, ()))
