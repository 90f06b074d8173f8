"""The note beside the box that one writes in, wherever the page puts the box."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.bidi import Driven
from tests.browser.shadow import box, click, words
from tests.browser.stage import HOST, THREAD, View, eventually, failure_naming, judged_thread

pytestmark = pytest.mark.browser

ACCOUNT = "振込先は みなと銀行 中央支店 普通 1234567 です"

BOX = "<textarea id=there data-css='width:320px;height:80px'></textarea>"
OPENED = {
    "a modal dialog": f"host.innerHTML = `<dialog id=d data-css='padding:60px'>{BOX}</dialog>`; d.showModal();",
    "an auto popover": f"host.innerHTML = `<div id=d popover data-css='padding:60px'>{BOX}</div>`; d.showPopover();",
    "a closed root in a modal dialog": f"""host.innerHTML = `<dialog id=d data-css='padding:60px'><div id=i></div>`;
        window.root = i.attachShadow({{mode:'closed'}}); root.innerHTML = `{BOX}`; d.showModal();""",
}
"""Places over the page, in which Koban's own is put as well: each in a page of its own."""
IN_FLOW = {
    "a fixed composer": f"""host.innerHTML = `<div data-css='position:fixed;bottom:0;right:0;z-index:10;padding:60px;
        background:white'>{BOX}</div>`;""",
    "a library's modal": f"""host.innerHTML = `<div data-css='position:fixed;inset:0;z-index:1050;background:#0008'>
        <div data-css='position:relative;z-index:1055;margin:100px auto;width:500px;padding:60px;background:white'>{BOX}
        </div></div>`;""",
    "an open root": f"host.attachShadow({{mode:'open'}}).innerHTML = `{BOX}`;",
    "a closed root": f"window.root = host.attachShadow({{mode:'closed'}}); root.innerHTML = `{BOX}`;",
}
"""Places of the page itself, one after another in one page."""
MAKE = """(() => {{
    const host = document.createElement("div"); host.id = "place"; document.querySelector("main").append(host);
    delete window.root;
    {script}
    const within = window.root ?? host.shadowRoot ?? host;
    // The policy of the page admits no style in markup.
    for (const each of [host, within]) for (const styled of each.querySelectorAll("[data-css]"))
        styled.style.cssText = styled.dataset.css;
    const box = within.querySelector("#there");
    box.focus(); box.scrollIntoView({{block: "center"}}); return true;
}})()"""
FRAME = """new Promise(done => {
    const frame = document.createElement("iframe"); frame.width = 600; frame.height = 300;
    SOURCE
    frame.onload = () => { frame.scrollIntoView({block: "center"}); done(true) };
    document.querySelector("main").append(frame);
    if (!frame.src && !frame.srcdoc) frame.onload();
})"""


@pytest.fixture
def page(window: View) -> Iterator[Page]:
    page = judged_thread(window)
    yield page
    page.close()


WRITTEN = {
    ACCOUNT: "口座情報が含まれています",
    "電話は090-1234-5678です": "電話番号が含まれています",
    "4111 1111 1111 1111": "カード番号が含まれています",
    "マイナンバーは 1234-5678-9018 です": "マイナンバーが含まれています",
}
"""What is written and the note about it, another in each place of a page: one that is dismissed does not come again."""


@pytest.mark.parametrize("script", OPENED.values(), ids=OPENED.keys())
def test_field_05_the_note_is_seen_and_opens_over_what_the_page_opened(page: Page, script: str) -> None:
    note_is_seen_and_opens(page, script, ACCOUNT)
    assert page.evaluate("d.matches(':modal, :popover-open')"), "what the page opened stays open"


def test_field_05_the_note_is_seen_and_opens_wherever_the_box_is(page: Page) -> None:
    for (place, script), written in zip(IN_FLOW.items(), WRITTEN, strict=True):
        with failure_naming(place, written):
            note_is_seen_and_opens(page, script, written)
            page.evaluate("document.querySelector('#place').remove()")


def note_is_seen_and_opens(page: Page, script: str, written: str) -> None:
    """The note about what is written in a place that a script makes is on top, opens, and is dismissed."""
    page.evaluate(MAKE.format(script=script))
    page.keyboard.type(written)
    eventually(lambda: words(page, "koban-desk"), lambda text: WRITTEN[written] in text)
    eventually(lambda: box(page, "koban-desk", ".slip"))
    on_top = """([x, y]) => { const top = document.elementFromPoint(x, y);
        return top?.localName === "koban-desk" || top?.shadowRoot?.elementFromPoint(x, y)?.localName }"""

    def seen() -> object:
        page.evaluate("document.activeElement.scrollIntoView({block: 'center'})")
        there = box(page, "koban-desk", ".slip")
        return there is not None and page.evaluate(on_top, [there["x"] + 5, there["y"] + 5])

    # It moves with the box, out of sight too, as long as the page is still filling.
    eventually(seen)
    click(page, "koban-desk", ".slip")
    eventually(lambda: words(page, "koban-desk"), lambda text: "送る前に確かめてください" in text)
    click(page, "koban-desk", ".card .buttons button")
    eventually(lambda: words(page, "koban-desk"), lambda text: WRITTEN[written] not in text)


def test_field_05_the_note_stays_beside_a_box_that_the_page_fixes_while_it_scrolls(page: Page) -> None:
    page.evaluate(MAKE.format(script=IN_FLOW["a fixed composer"]))
    page.keyboard.type(ACCOUNT)
    eventually(lambda: box(page, "koban-desk", ".slip"))
    page.evaluate("document.body.style.setProperty('padding-bottom', '3000px')")
    page.evaluate("scrollBy(0, 400)")
    page.wait_for_function("scrollY > 300")
    there = page.locator("#there").bounding_box()
    assert there is not None
    # Above it, below it or over its lower corner, as the page leaves room.
    eventually(
        lambda: box(page, "koban-desk", ".row"),
        lambda now: now is not None and there["y"] - 40 < now["y"] < there["y"] + there["height"] + 40,
    )


SOURCES = {
    "of the site": "frame.src = '/public/jobs/13501877'",
    "of its own text": "frame.srcdoc = '<body>ここに書く'",
    "without an address": "",
}


def test_field_05_what_is_written_in_a_frame_of_the_site_is_looked_at_there(page: Page) -> None:
    for kind, source in SOURCES.items():
        with failure_naming(kind):
            page.evaluate(FRAME.replace("SOURCE", source))
            frame = page.frames[1]
            frame.evaluate("""() => {
                document.body.innerHTML = "<textarea cols=40 rows=4></textarea>" }""")
            frame.locator("textarea").press_sequentially(ACCOUNT)
            eventually(lambda: words(page, "koban-desk"), lambda text: "口座情報が含まれています" in text)
            assert frame.evaluate("document.querySelectorAll('koban-banner').length") == 0
            page.evaluate("document.querySelector('iframe').remove()")
            # Its note went with it: the next frame's is another.
            assert "口座情報が含まれています" not in words(page, "koban-desk")


@pytest.fixture
def in_thread(firefox: Driven) -> Driven:
    """A tab that shows a thread, judged."""
    firefox.go(HOST + THREAD)
    eventually(lambda: firefox.words("koban-banner"), lambda text: "直接契約の誘いです" in text)
    return firefox


@pytest.mark.parametrize("script", OPENED.values(), ids=OPENED.keys())
def test_field_05_the_note_is_seen_over_what_the_page_opened_in_firefox(in_thread: Driven, script: str) -> None:
    note_is_seen_in_firefox(in_thread, script)


def test_field_05_the_note_is_seen_wherever_the_box_is_in_firefox(in_thread: Driven) -> None:
    for place, script in IN_FLOW.items():
        with failure_naming(place):
            note_is_seen_in_firefox(in_thread, script)
            in_thread.value("document.querySelector('#place').remove()")
            eventually(lambda: "電話番号が含まれています" not in in_thread.words("koban-desk"))


def note_is_seen_in_firefox(in_thread: Driven, script: str) -> None:
    """The note about what is written in a place that a script makes is on top."""
    in_thread.value(MAKE.format(script=script))
    in_thread.press(*"090-1234-5678 ")
    eventually(lambda: in_thread.words("koban-desk"), lambda text: "電話番号が含まれています" in text)
    # A row of text in the layer, which is drawn over all that the page stacks.
    looked = """(() => { const host = document.querySelector('koban-desk'); const home = host.parentElement;
        return home === document.documentElement || home.matches(':modal, :popover-open') })()"""
    eventually(lambda: in_thread.value(looked))
