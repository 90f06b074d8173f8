"""The guard at the moment of sending, in Chromium (UX A3)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.shadow import click, go_on, resting_box, within, words
from tests.browser.stage import View, eventually, failure_naming, judged_thread

pytestmark = pytest.mark.browser

BANK = "振込先は みなと銀行 中央支店 普通 1234567 です"
SENT = """() => {
    window.sent = [];
    const [area] = document.getElementsByTagName("textarea");
    const button = [...document.querySelectorAll("button")].find(each => each.textContent === "メッセージを投稿する");
    button.addEventListener("click", () => sent.push(area.value));
    area.addEventListener("keydown", event => {
      if (event.key !== "Enter" || !event.ctrlKey) return;
      event.preventDefault(); sent.push(`key ${area.value}`);
    });
}"""


@pytest.fixture
def page(window: View) -> Iterator[Page]:
    page = judged_thread(window)
    page.evaluate(SENT)
    yield page
    page.close()


def area(page: Page) -> Locator:
    return page.get_by_role("textbox", name="メッセージ")


def send(page: Page) -> Locator:
    return page.get_by_role("button", name="メッセージを投稿する")


def asked(page: Page) -> str:
    return eventually(lambda: words(page, "koban-step"))


def gone(page: Page) -> None:
    eventually(lambda: words(page, "koban-step"), lambda text: text == "")


PRESS: dict[str, Callable[[Page], None]] = {
    "the button": lambda page: send(page).click(),
    "the button by keyboard": lambda page: send(page).press("Enter"),
    "Ctrl and Enter": lambda page: area(page).press("Control+Enter"),
}


@pytest.mark.parametrize("press", PRESS.values(), ids=PRESS.keys())
def test_ux_a3_sending_bank_details_is_held_once_with_what_is_at_stake(
    page: Page, press: Callable[[Page], None]
) -> None:
    area(page).fill(BANK)
    press(page)
    text = asked(page)
    assert "口座情報が含まれています" in text
    assert "おそれがあります" in text
    assert "Koban" in text
    assert within(page, "koban-step", "root => root.activeElement.textContent") == "戻って直す"
    assert page.evaluate("sent") == []
    page.keyboard.press("Escape")
    gone(page)
    expect(area(page)).to_be_focused()
    expect(area(page)).to_have_value(BANK)
    assert page.evaluate("sent") == []
    press(page)
    eventually(lambda: page.evaluate("sent"))
    assert words(page, "koban-step") == "", "the same text is held once"
    area(page).fill(BANK + "。")
    press(page)
    asked(page)


@pytest.mark.parametrize("press", PRESS.values(), ids=PRESS.keys())
def test_ux_a3_sending_all_the_same_is_what_the_first_press_would_have_done(
    page: Page, press: Callable[[Page], None]
) -> None:
    area(page).fill(BANK)
    press(page)
    asked(page)
    go_on(page)
    sent = eventually(lambda: page.evaluate("sent"))
    assert sent in ([BANK], [f"key {BANK}"])


HONEST = (
    "直接契約はできません",
    "LINEは使っていません",
    "仮払いを確認してから着手します",
    "住所は東京都千代田区霞が関九丁目1-1です",
    "よろしくお願いします",
)


def test_ux_a3_what_is_honest_is_sent_at_once(page: Page) -> None:
    for honest in HONEST:
        area(page).fill(honest)
        send(page).click()
        assert page.evaluate("sent.splice(0)") == [honest]
        assert words(page, "koban-step") == "", honest


HELD = {
    "マイナンバーは 1234-5678-9018 です": "マイナンバーが含まれています",
    "4111 1111 1111 1111": "カード番号が含まれています",
    "LINE IDは koban_taro です": "LINEの連絡先が含まれています",
    "直接契約で大丈夫です": "直接契約に応じると書いています",
    "先に1本書いておきます": "仮払い前に始めると書いています",
}


def test_ux_a3_each_kind_is_held(page: Page) -> None:
    for written, title in HELD.items():
        with failure_naming(written):
            area(page).fill(written)
            send(page).click()
            assert title in asked(page)
            assert page.evaluate("sent") == []
            page.keyboard.press("Escape")
            gone(page)


def test_ux_a3_enter_in_a_line_of_a_form_is_held_and_goes_on(page: Page) -> None:
    page.evaluate("""() => {
        document.querySelector("main").insertAdjacentHTML("beforeend",
          `<form id=chat><input name=chat_message><button>送信</button></form>`);
        Object.assign(chat.elements.chat_message.style, {width: "300px", height: "40px"});
        chat.onsubmit = event => { event.preventDefault(); sent.push(chat.elements.chat_message.value); };
    }""")
    page.locator("#chat input").fill("電話は090-1234-5678です")
    page.locator("#chat input").press("Enter")
    assert "電話番号が含まれています" in asked(page)
    assert page.evaluate("sent") == []
    go_on(page)
    eventually(lambda: page.evaluate("sent"))
    assert page.evaluate("sent") == ["電話は090-1234-5678です"]


def test_ux_a3_the_note_is_reached_before_the_send_button(page: Page) -> None:
    area(page).press_sequentially(BANK)
    eventually(lambda: words(page, "koban-desk"), lambda text: "口座情報が含まれています" in text)
    page.keyboard.press("Tab")
    assert within(page, "koban-desk", "root => root.activeElement.className") == "slip"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert "口座情報が含まれています" in words(page, "koban-desk"), "hushed only by a key on its button"
    page.keyboard.press("Escape")
    assert within(page, "koban-desk", "root => root.activeElement.className") == "slip"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(send(page)).to_be_focused()
    area(page).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(area(page)).to_be_focused()


@pytest.mark.parametrize("width", [1280, 400])
def test_ux_a3_the_note_stands_at_the_left_of_the_text_and_its_card_leaves_the_text_in_sight(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    area(page).press_sequentially(BANK)
    eventually(lambda: words(page, "koban-desk"), lambda text: "口座情報が含まれています" in text)
    row = resting_box(page, "koban-desk", ".row.wide")
    there = area(page).bounding_box()
    assert there is not None
    assert abs(row["x"] - there["x"]) < 2
    assert abs(row["width"] - there["width"]) < 2 or row["width"] > width - 20
    assert row["y"] > there["y"] + 20, "under the line that was written"
    click(page, "koban-desk", ".slip")
    card = resting_box(page, "koban-desk", ".card")
    assert card["y"] >= row["y"] or card["y"] + card["height"] <= there["y"], "it covers what it speaks of"
