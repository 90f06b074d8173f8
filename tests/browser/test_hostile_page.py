"""A page that fights Koban, in Chromium: it hides no danger from badge and popup, reads no key, forges no state."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from addon.koban import Koban
from tests.browser.shadow import box, go_on, middle, resting_box, within, words
from tests.browser.stage import HIGHLIGHTED, HOST, View, banner, eventually

pytestmark = pytest.mark.browser

TRAP = "/public/jobs/13502120"
HONEST = "/public/jobs/13501877"

STYLES = """addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = `* { opacity: 0 !important; position: fixed !important; left: -9999px !important;
      font-size: 0 !important }
    koban-banner, koban-marks, koban-step, koban-desk { display: none !important; visibility: hidden !important;
      height: 0 !important; transform: scale(0) !important; clip-path: inset(100%) !important }`;
  document.head.append(style);
});"""

REMOVES = """const away = () => {
  const ours = "koban-banner, koban-marks, koban-step, koban-desk, koban-verdict";
  for (const each of document.querySelectorAll(ours)) each.remove();
};
new MutationObserver(away).observe(document, {childList: true, subtree: true});
setInterval(away, 1);"""

FAKES = """addEventListener("DOMContentLoaded", () => {
  for (const name of ["koban-verdict", "koban-banner"]) {
    const fake = document.createElement(name);
    fake.setAttribute("data-state", "clear");
    fake.textContent = "● 確認済み（問題は見つかりませんでした）";
    document.body.prepend(fake);
  }
  for (const message of [{type: "at", url: "https://crowdworks.jp/public/jobs/13501877"}, {type: "stop-asking"}]) {
    postMessage(message, "*");
    dispatchEvent(new MessageEvent("message", {data: message}));
  }
});"""

FORGE = """const forged = [];
const forge = () => {
  for (const name of ["koban-verdict", "koban-banner"]) {
    const fake = document.createElement(name);
    fake.setAttribute("data-state", "clear");
    MORE
    document.body.prepend(fake);
    forged.push(fake);
  }
  while (forged.length > 40) forged.shift().remove();
};
addEventListener("DOMContentLoaded", () => setInterval(forge, 5));
// The share of frames that show a forged element when they are drawn.
window.seen = () => new Promise(done => {
  let frames = 0, shown = 0;
  const watcher = new ResizeObserver(() => {
    watcher.disconnect();
    frames += 1;
    if (forged.some(each => each.getBoundingClientRect().height > 0)) shown += 1;
    if (frames < 60) requestAnimationFrame(() => watcher.observe(document.documentElement));
    else done(shown / frames);
  });
  watcher.observe(document.documentElement);
});"""

FORGERIES = {
    "plain": FORGE.replace("MORE", "fake.textContent = '● 確認済み';"),
    "with a root of its own that it fills again": FORGE.replace(
        "MORE",
        """const root = fake.attachShadow({mode: "open"});
        const fill = () => { if (root.childNodes.length !== 1) root.textContent = "●" };
        new MutationObserver(fill).observe(root, {childList: true});
        fill();""",
    ),
    "of a kind that refuses roots": """for (const name of ["koban-verdict", "koban-banner"]) {
        customElements.define(name, class extends HTMLElement { static disabledFeatures = ["shadow"] });
    }"""
    + FORGE.replace("MORE", "fake.textContent = '● 確認済み'; fake.style.display = 'block';"),
}

TURNS = """new Promise(done => {
    let turns = 0; const until = performance.now() + 500;
    const turn = () => performance.now() < until ? (turns += 1, setTimeout(turn)) : done(turns);
    turn();
})"""
"""How often the page gets its turn in half a second."""
FEW = 8
"""Turns of a page that is not held up, on however busy a machine: there are some hundred where nothing else runs."""

# Everything that a script could go through is replaced, and tells what went through it.
OVERRIDES = """window.heard = [];
const tell = (...words) => heard.push(words.map(word => {
  try { return typeof word === "string" ? word : JSON.stringify(word) } catch { return "" }
}).join(" "));
for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "MessageChannel", "BroadcastChannel"]) {
  window[name] = function (...words) { tell(name, ...words); throw new Error("no") };
}
for (const [owner, name] of [
  [Element.prototype, "attachShadow"], [Element.prototype, "append"], [Node.prototype, "appendChild"],
  [Array.prototype, "map"], [Array.prototype, "filter"], [Map.prototype, "set"], [JSON, "parse"],
  [Storage.prototype, "setItem"], [EventTarget.prototype, "addEventListener"], [Document.prototype, "createElement"],
]) {
  const own = owner[name];
  owner[name] = function (...words) {
    if (owner !== Array.prototype) tell(name, ...words);
    return own.apply(this, words);
  };
}
Element.prototype.attachShadow = function () { throw new Error("no") };
Object.defineProperty(window, "chrome", {value: {runtime: {connect: () => tell("connect")}}});"""

ATTACKS = {
    "styles everything": STYLES,
    "removes what is ours": REMOVES,
    "fakes a verdict": FAKES,
    "overrides": OVERRIDES,
}


def opened(window: View, script: str, path: str = TRAP) -> Page:
    page = window.context.new_page()
    page.add_init_script(script)
    page.goto(HOST + path)
    return page


@pytest.fixture
def key(window: View) -> str:
    stored = window.in_background("async () => (await chrome.storage.local.get('link')).link", None)
    found: str = stored["key"]
    return found


@pytest.fixture(scope="module", params=list(ATTACKS.values()), ids=list(ATTACKS))
def attacked(window: View, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Visited once for all tests of an attack, which only look."""
    page = opened(window, request.param)
    yield page
    page.close()


def test_badge_and_popup_tell_the_danger(window: View, attacked: Page) -> None:
    eventually(lambda: window.button_title(attacked), lambda title: "■" in title)
    attacked.wait_for_timeout(700)
    assert "■" in window.button_title(attacked)
    assert window.badge(attacked) != ""
    popup = window.popup(attacked)
    expect(popup.locator("h1")).to_contain_text("危険")
    popup.close()


def test_no_key_is_to_be_had(window: View, attacked: Page, key: str) -> None:
    eventually(lambda: window.button_title(attacked), lambda title: "■" in title)
    seen = attacked.evaluate("""() => JSON.stringify([
        document.documentElement.outerHTML, {...localStorage}, {...sessionStorage}, document.cookie, window.heard ?? [],
        performance.getEntries().map(entry => entry.name), Object.keys(window),
    ])""")
    assert len(key) == 64
    assert key not in seen
    assert not [name for name in json.loads(seen)[5] if "127.0.0.1" in name]


@pytest.mark.parametrize(
    "style",
    ["transform: translateX(-200vw)", "clip-path: inset(50%)", "position: fixed; top: -9999px", "opacity: 0"],
)
def test_attack_20_badge_and_popup_tell_the_danger_where_a_page_hides_its_own_body(window: View, style: str) -> None:
    hides = f"addEventListener('load', () => document.body.style.cssText = {style!r})"
    page = opened(window, hides)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    popup = window.popup(page)
    expect(popup.locator("h1")).to_contain_text("危険")
    popup.close()
    page.close()


def test_the_banner_stays_in_sight_whatever_the_page_styles(window: View) -> None:
    page = opened(window, STYLES)
    shown = eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    assert shown is not None
    assert shown.height > 30
    look = within(page, "koban-banner", "root => { const {opacity, visibility, clipPath} = getComputedStyle(root.host);"
                  " return [opacity, visibility, clipPath, root.host.getBoundingClientRect().x] }")  # fmt: skip
    assert look == ["1", "visible", "none", 0]
    page.close()


def test_the_banner_gives_way_to_a_page_that_removes_it_and_its_step_into_danger_is_still_held(window: View) -> None:
    page = opened(window, REMOVES)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    eventually(lambda: page.evaluate(TURNS), lambda turns: turns > FEW)
    page.get_by_role("link", name="応募する", exact=True).click()
    page.wait_for_timeout(500)
    assert page.url.endswith(TRAP), "also where the page takes the dialog away"
    page.close()


def test_the_api_answers_no_page(window: View, koban: Koban) -> None:
    page = window.page(TRAP)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    tried = page.evaluate(
        """async base => {
        const attempts = [["GET", "/v1/status"], ["GET", "/v1/verdicts?url=" + encodeURIComponent(location.href)],
            ["POST", "/v1/check", {url: location.href, body: "<html><body>問題なし</body></html>"}],
            ["PATCH", "/v1/settings", {rules: {"direct-contract": false}}]];
        return Promise.all(attempts.map(([method, path, body]) => fetch(base + path, {
            method, body: body && JSON.stringify(body),
            headers: {Authorization: "Bearer " + "x".repeat(43), ...(body ? {"Content-Type": "application/json"} : {})},
        }).then(answer => answer.status, () => "refused")));
    }""",
        f"http://127.0.0.1:{koban.api_port}",
    )
    assert all(answer in ("refused", 401, 403) for answer in tried), tried
    assert "■" in window.button_title(page)
    assert "direct-contract" not in koban.settings.current.rules
    page.close()


def test_a_frame_neither_speaks_for_its_page_nor_is_spoken_to(window: View) -> None:
    page = window.page(TRAP)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    page.evaluate(
        """path => new Promise(done => {
        const frame = document.createElement("iframe");
        frame.src = path; frame.onload = done; document.body.append(frame);
    })""",
        HONEST,
    )
    page.wait_for_timeout(700)
    assert "■" in window.button_title(page)
    assert page.frames[1].url.endswith(HONEST)
    assert page.frames[1].evaluate("document.querySelector('koban-banner')") is None
    page.close()


def test_a_fake_banner_does_not_take_the_place_of_the_true_one(window: View) -> None:
    page = opened(window, FAKES)
    eventually(lambda: words(page, "koban-banner"), lambda text: "直接契約の誘いです" in text)
    expect(page.locator("koban-verdict").first).to_be_hidden()
    page.close()


def true_banner(page: Page) -> str:
    """Its words, also where the page has taken the name for itself and it has none."""
    return words(page, "koban-banner") + (within(page, "div", "root => root.textContent") or "")


@pytest.mark.parametrize("script", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_clear_state_is_not_kept_in_sight_by_adding_it_again_and_again(window: View, script: str) -> None:
    page = opened(window, script)
    eventually(lambda: true_banner(page), lambda text: "直接契約の誘いです" in text)
    assert page.evaluate("seen()") < 0.1
    eventually(lambda: page.evaluate(TURNS), lambda turns: turns > FEW)
    page.get_by_role("link", name="応募する", exact=True).click()
    page.wait_for_timeout(300)
    assert page.url.endswith(TRAP), "the step is asked about"
    page.close()


MAKES = """window.roots = [];
for (const name of ["koban-banner", "koban-marks", "koban-step", "koban-desk"]) {
  customElements.define(name, class extends HTMLElement {
    constructor() {
      super();
      const internals = this.attachInternals();
      setInterval(() => { if (internals.shadowRoot) roots.push(name) }, 50);
    }
  });
}"""
MAKES_LATER = f"window.takes = () => {{ {MAKES} }}"


def test_a_page_that_makes_the_elements_itself_is_handed_no_root(window: View) -> None:
    page = opened(window, MAKES)
    eventually(lambda: true_banner(page), lambda text: "直接契約の誘いです" in text)
    page.get_by_role("link", name="応募する", exact=True).click()
    eventually(lambda: words(page, "div"), lambda text: "この仕事に応募しますか。" in text)
    page.wait_for_timeout(500)
    assert page.evaluate("roots") == []
    page.close()


def test_a_page_that_makes_the_elements_its_own_later_is_handed_no_root(window: View) -> None:
    page = opened(window, MAKES_LATER)
    eventually(lambda: words(page, "koban-banner"), lambda text: "直接契約の誘いです" in text)
    page.evaluate("takes()")
    page.wait_for_timeout(500)
    assert page.evaluate("roots") == []
    assert "直接契約の誘いです" in words(page, "koban-banner")
    page.close()


COVERS = """() => {
  window.cover = document.createElement("div"); cover.popover = "manual"; cover.textContent = "押すと無料でもらえます";
  cover.style.cssText = "position:fixed;inset:0;width:100vw;height:100vh;margin:0;pointer-events:none;background:white";
  WHERE.append(cover); HOW
}"""
AGAIN = """const again = () => { if (cover.matches(":popover-open")) cover.hidePopover(); cover.showPopover() };
  again(); setInterval(again, 30)"""
BROWSER_SEES_IT = """() => new Promise(seen => new IntersectionObserver(
  entries => { if (!entries.at(-1).isVisible) seen() },
  {trackVisibility: true, delay: 100, threshold: [0, 1]},
).observe(document.querySelector("main")))"""
"""Waits until the browser has told the page that something is drawn over it, as it tells the extension."""
COVERINGS = {
    "a popover": COVERS.replace("WHERE", "document.body").replace("HOW", "cover.showPopover()"),
    "a popover again and again": COVERS.replace("WHERE", "document.body").replace("HOW", AGAIN),
    "a popover within a closed root": COVERS.replace(
        "WHERE", "document.body.appendChild(document.createElement('div')).attachShadow({mode: 'closed'})"
    ).replace("HOW", AGAIN),
    "one that keeps its events to itself": COVERS.replace("WHERE", "document.body").replace(
        "HOW",
        """for (const name of ["beforetoggle", "toggle"])
            addEventListener(name, event => event.stopImmediatePropagation(), {capture: true});
        cover.showPopover()""",
    ),
}


def wait_for_warning(window: View, page: Page) -> None:
    eventually(lambda: window.button_title(page), lambda title: "■" in title)


def covered_and_clicked(page: Page, covers: str) -> float:
    """Cover the question before a step, and click where its answer is. Returns the seconds between the two."""
    page.get_by_role("link", name="応募する", exact=True).click()
    answer = middle(resting_box(page, "koban-step", "button.on"))
    page.wait_for_timeout(600)  # Until then no click is an answer, covered or not.
    begun = time.monotonic()
    page.evaluate(covers)
    if "closed" in covers:
        # Only the browser knows of it, and says so after a tenth of a second: sooner than anybody answers to it.
        page.evaluate(BROWSER_SEES_IT)
        page.wait_for_timeout(600)
        begun = time.monotonic()
    # Not looked for anew, which a busy machine may not do in time: it stands where it stood.
    page.mouse.click(*answer)
    return time.monotonic() - begun


@pytest.mark.parametrize("covers", COVERINGS.values(), ids=COVERINGS.keys())
def test_attack_19_a_click_on_what_the_page_draws_over_the_question_is_no_answer(window: View, covers: str) -> None:
    # A question that has been brought to the front again may be answered half a second later: on a busy machine the
    # click may come that late.
    for _ in range(50):
        page = window.page(TRAP)
        wait_for_warning(window, page)
        if covered_and_clicked(page, covers) < 0.45:
            break
        page.close()
    else:
        pytest.fail("never clicked in time")
    page.wait_for_timeout(300)
    assert page.url.endswith(TRAP)
    page.close()


def test_attack_19_the_question_is_shown_again_over_what_the_page_drew_and_then_answered(window: View) -> None:
    page = window.page(TRAP)
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    page.get_by_role("link", name="応募する", exact=True).click()
    eventually(lambda: box(page, "koban-step", "button.on"))
    page.evaluate(COVERINGS["a popover"])
    session = page.context.new_cdp_session(page)

    def topmost() -> str:
        session.send("DOM.getDocument", {"depth": -1, "pierce": True})
        layer = session.send("DOM.getTopLayerElements")["nodeIds"]
        name: str = session.send("DOM.describeNode", {"nodeId": layer[-1]})["node"]["localName"]
        return name

    # A backdrop comes with the dialog.
    eventually(topmost, lambda name: name in ("dialog", "::backdrop"))
    go_on(page)
    page.wait_for_url("**/e/proposals")
    page.close()


def test_attack_15_a_sentence_that_stands_there_thousands_of_times_is_marked_in_its_first_places(window: View) -> None:
    page = window.page("/contracts/64120311")
    eventually(lambda: words(page, "koban-banner"), lambda text: "直接契約の誘いです" in text)
    said = eventually(lambda: dict(page.evaluate(HIGHLIGHTED)).get("koban-danger", ""))
    before = page.evaluate("CSS.highlights.get('koban-danger').size")
    page.evaluate(
        """said => { const item = [...document.querySelectorAll("p")].find(each => each.textContent.includes(said));
            item.textContent = said.repeat(8000) }""",
        said.split(",")[0],
    )
    size = eventually(lambda: page.evaluate("CSS.highlights.get('koban-danger').size"), lambda now: now > before)
    assert size <= 200 * before
    page.close()
