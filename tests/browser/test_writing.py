"""The note beside the box that one writes in, and the replies to take, in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from addon.koban import Koban
from tests.browser.shadow import click, resting_box, within, words
from tests.browser.stage import CROWDWORKS, LATER, THREAD, View, banner, checked_banner, eventually, judged_thread

pytestmark = pytest.mark.browser

DIRECT = (
    "お声がけありがとうございます。\n"
    "規約により、サイトを通さない契約やお支払いはお受けできません。今後もこのサイトの中でお願いできますと幸いです。"
)
"""The reply to who wants a contract off the site."""


@pytest.fixture
def page(window: View) -> Iterator[Page]:
    page = judged_thread(window)
    yield page
    page.close()


def area(page: Page) -> Locator:
    return page.get_by_role("textbox", name="メッセージ")


def noted(page: Page, title: str) -> str:
    return eventually(lambda: words(page, "koban-desk"), lambda text: title in text)


def test_it_notes_what_one_may_regret_and_says_what_to_do(page: Page) -> None:
    area(page).press_sequentially("振込先は みなと銀行 中央支店 普通 1234567 です")
    assert "口座情報が含まれています" in noted(page, "口座情報")
    click(page, "koban-desk", ".slip")
    assert "報酬はサイトを通して支払われます。" in noted(page, "報酬は")
    page.keyboard.press("Escape")
    area(page).fill("よろしくお願いします")
    eventually(lambda: words(page, "koban-desk"), lambda text: "口座情報が含まれています" not in text)


def test_a_promise_is_judged_by_the_contract_that_the_page_shows(page: Page) -> None:
    area(page).fill("明日から着手します")
    noted(page, "仮払い前に始めると書いています")


def test_it_covers_nothing_and_keeps_the_cursor(page: Page) -> None:
    area(page).press_sequentially("電話は090-1234-5678です")
    noted(page, "電話番号が含まれています")
    expect(area(page)).to_be_focused()
    row = resting_box(page, "koban-desk", ".row")
    there = page.get_by_role("button", name="メッセージを投稿する").bounding_box()
    written = area(page).bounding_box()
    assert there is not None
    assert written is not None
    assert row["y"] + row["height"] <= there["y"] or row["y"] >= there["y"] + there["height"], "over the button"
    assert row["y"] >= written["y"] + 24, "over the line that was written"


def test_what_was_read_is_not_mentioned_again(page: Page) -> None:
    area(page).fill("taro@example.jp")
    noted(page, "メールアドレスが含まれています")
    click(page, "koban-desk", ".slip")
    click(page, "koban-desk", ".card .buttons button")
    eventually(lambda: words(page, "koban-desk"), lambda text: "メールアドレス" not in text)
    area(page).fill("taro@example.jp と 090-1234-5678")
    assert "メールアドレス" not in noted(page, "電話番号が含まれています")


def test_it_notes_what_is_written_in_an_editor_and_in_a_line_for_messages(page: Page) -> None:
    page.evaluate("""() => {
        document.querySelector("textarea").closest("p").insertAdjacentHTML("beforebegin",
          `<div id=editor contenteditable=true></div>
           <p><input id=line name=chat_message> <input id=other name=phone></p>`);
        for (const each of [editor, line, other]) Object.assign(each.style, {minHeight: "40px", width: "300px"});
    }""")
    page.locator("#other").press_sequentially("090-1234-5678")
    page.wait_for_timeout(600)
    assert "電話番号" not in words(page, "koban-desk")
    page.locator("#line").press_sequentially("090-1234-5678")
    noted(page, "電話番号が含まれています")
    page.locator("#editor").press_sequentially("taro@example.jp")
    noted(page, "メールアドレスが含まれています")


def test_it_does_not_disturb_a_conversion_under_way(page: Page) -> None:
    area(page).focus()
    page.evaluate("""() => { window.events = []; for (const name of ["compositionstart", "compositionend", "blur"])
        document.querySelector("textarea").addEventListener(name, () => events.push(name)) }""")
    keyboard = page.context.new_cdp_session(page)
    for reading in ("ちょく", "ちょくせつ", "直接契約で大丈夫です"):
        end = len(reading)
        keyboard.send("Input.imeSetComposition", {"text": reading, "selectionStart": end, "selectionEnd": end})
    noted(page, "直接契約に応じると書いています")
    assert page.evaluate("events") == ["compositionstart"], "it is still under way"
    keyboard.send("Input.insertText", {"text": "直接契約は規約で禁止されています"})
    eventually(lambda: words(page, "koban-desk"), lambda text: "直接契約に応じると" not in text)
    expect(area(page)).to_have_value("直接契約は規約で禁止されています")
    assert page.evaluate("events") == ["compositionstart", "compositionend"]


def test_nothing_that_is_written_leaves_the_page(page: Page) -> None:
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    area(page).fill("マイナンバーは 1234-5678-9018 です")
    noted(page, "マイナンバー")
    page.wait_for_timeout(1500)
    assert not [each for each in sent if "9018" in each]
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "9018" not in stored


def test_a_reply_is_put_where_the_cursor_is_and_the_page_takes_note(page: Page) -> None:
    area(page).fill("はじめに。おわりに。")
    area(page).evaluate("""box => {
        box.setSelectionRange(5, 5);
        // As React does: it listens on the document, and trusts no value that it has not seen change.
        window.seen = []; document.addEventListener("input", event => seen.push([event.inputType, event.target.value]));
    }""")
    area(page).focus()
    click(page, "koban-desk", ".row > button")
    assert "仮払いを先にお願いする" in noted(page, "返信文を選ぶ")
    click(page, "koban-desk", ".card section button")
    value = area(page).input_value()
    assert value.startswith("はじめに。ご連絡ありがとうございます。\n仮払いの完了を確認してから")
    assert value.endswith("おわりに。")
    assert page.evaluate("seen.at(-1)") == ["insertText", value]
    expect(area(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(area(page)).to_have_value("はじめに。おわりに。")


def test_a_reply_goes_into_an_editor_that_is_no_text_field(page: Page) -> None:
    page.evaluate("""() => {
        document.querySelector("textarea").closest("p").insertAdjacentHTML("beforebegin",
          `<div id=editor contenteditable=true style="min-height: 60px; border: 1px solid"><p>一</p><p>二</p></div>`);
        editor.focus();
        const range = document.createRange(); range.selectNodeContents(editor.lastChild); range.collapse(false);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }""")
    eventually(lambda: words(page, "koban-desk"))
    click(page, "koban-desk", ".row > button")
    click(page, "koban-desk", ".card section button")
    text = page.locator("#editor").inner_text()
    assert text.startswith("一")
    assert "二ご連絡ありがとうございます。" in text


def open_picker(page: Page) -> list[str]:
    """Open the replies by keyboard. Returns their titles, in their order."""
    area(page).focus()
    resting_box(page, "koban-desk", ".row > button")
    within(page, "koban-desk", "root => root.querySelector('.row > button').focus()")
    page.keyboard.press("Enter")
    noted(page, "返信文を選ぶ")
    return titles(page)


def titles(page: Page) -> list[str]:
    look = "root => [...root.querySelectorAll('.card h3')].map(each => each.textContent)"
    seen: list[str] = within(page, "koban-desk", look)
    return seen


def test_the_picker_works_by_keyboard_alone(page: Page) -> None:
    open_picker(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(area(page)).to_have_value(DIRECT)


@pytest.mark.usefixtures("last_message_later")
def test_a_message_that_comes_while_the_picker_is_open_moves_nothing_in_it(window: View) -> None:
    page = window.page(f"{THREAD}?last=later")
    eventually(lambda: banner(page), lambda b: b is not None and "仮払い前の作業を頼まれています" in b.text)
    before = open_picker(page)
    assert before[1] != "直接契約を断る"
    CROWDWORKS.kept_back = 0
    page.evaluate(LATER)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    assert titles(page) == before
    page.keyboard.press("Escape")
    assert open_picker(page)[1] == "直接契約を断る", "the next time it is ordered by what came"
    page.close()


def test_it_is_switched_off(window: View, koban: Koban) -> None:
    koban.settings.patch({"guard": False})
    try:
        page = window.page(THREAD)
        checked_banner(page)
        area(page).fill("taro@example.jp")
        page.wait_for_timeout(1000)
        assert "メールアドレス" not in words(page, "koban-desk")
    finally:
        koban.settings.patch({"guard": None})
