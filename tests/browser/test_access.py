"""Everyone can use what Koban shows in a page: by keyboard, by screen reader, small, large and dark."""

import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from addon.koban import Koban
from tests.browser.shadow import box, click, middle, press, resting_box, within, words
from tests.browser.stage import HOST, View, banner, eventually, failure_naming, judged_thread

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "extension/node_modules/axe-core/axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TRAP = "/public/jobs/13502120"
HONEST = "/public/jobs/13501877"
PAID = "/contracts/64119874"
LIST = "/public/jobs?order=new"


def shows(page: Page, host: str, text: str) -> str:
    return eventually(lambda: words(page, host), lambda seen: text in seen)


def unfolded(window: View, path: str, text: str) -> tuple[Page, str]:
    """A page with its banner unfolded, once that says a text."""
    page = window.page(path)
    shows(page, "koban-banner", text)
    click(page, "koban-banner", ".fold")
    return page, "koban-banner"


def on_a_danger(window: View) -> tuple[Page, str]:
    return unfolded(window, TRAP, "直接契約の誘いです")


def on_a_contract(window: View) -> tuple[Page, str]:
    page = judged_thread(window)
    click(page, "koban-banner", ".fold")
    return page, "koban-banner"


def on_a_list(window: View) -> tuple[Page, str]:
    page, host = unfolded(window, LIST, "件の仕事に警告があります")
    shows(page, host, "お知らせ")
    return page, host


def where_nothing_was_found(window: View) -> tuple[Page, str]:
    return unfolded(window, PAID, "始められます")


def card_of_a_sentence(window: View) -> tuple[Page, str]:
    page, _ = on_a_contract(window)
    eventually(lambda: box(page, "koban-marks", "button"))
    page.locator("[class*=_messageItem_]").last.scroll_into_view_if_needed()
    press(page, "koban-marks", "root => root.querySelector('button')")
    shows(page, "koban-marks", "通報の準備をする")
    return page, "koban-marks"


def dialog(window: View) -> tuple[Page, str]:
    page, _ = on_a_danger(window)
    page.get_by_role("link", name="応募する", exact=True).click()
    shows(page, "koban-step", "この仕事に応募しますか。")
    return page, "koban-step"


def note(window: View) -> tuple[Page, str]:
    page, _ = on_a_contract(window)
    page.get_by_role("textbox", name="メッセージ").fill("電話は090-1234-5678です")
    shows(page, "koban-desk", "電話番号が含まれています")
    click(page, "koban-desk", ".slip")
    shows(page, "koban-desk", "送る前に確かめてください")
    return page, "koban-desk"


def replies(window: View) -> tuple[Page, str]:
    page, _ = on_a_contract(window)
    page.get_by_role("textbox", name="メッセージ").focus()
    eventually(lambda: box(page, "koban-desk", ".row > button"))
    click(page, "koban-desk", ".row > button")
    shows(page, "koban-desk", "返信文を選ぶ")
    return page, "koban-desk"


def held_send(window: View) -> tuple[Page, str]:
    page, _ = on_a_contract(window)
    page.get_by_role("textbox", name="メッセージ").fill("振込先は みずほ銀行 青山支店 普通 1234567 です。")
    page.get_by_role("button", name="投稿する").first.click()
    shows(page, "koban-step", "このまま送りますか。")
    return page, "koban-step"


SURFACES: dict[str, Callable[[View], tuple[Page, str]]] = {
    "banner": on_a_danger,
    "contract": on_a_contract,
    "list": on_a_list,
    "clear": where_nothing_was_found,
    "card": card_of_a_sentence,
    "dialog": dialog,
    "note": note,
    "replies": replies,
    "held-send": held_send,
}

COPY = """root => {
  const copy = document.createElement("div");
  copy.id = "copy";
  copy.attachShadow({mode: "open"}).append(...[...root.childNodes].map(node => node.cloneNode(true)));
  // The page's own policy keeps a copied style element from counting.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync([...root.querySelectorAll("style")].map(style => style.textContent).join(""));
  copy.shadowRoot.adoptedStyleSheets = [sheet];
  document.body.replaceChildren(copy);
  const kept = [...root.querySelectorAll("*")], copied = [...copy.shadowRoot.querySelectorAll("*")];
  kept.forEach((element, at) => {
    if (element.matches("dialog[open]")) { copied[at].removeAttribute("open"); copied[at].showModal(); }
    if (element.matches(":popover-open")) copied[at].showPopover();
  });
  for (const each of copied) if (each.matches("details")) each.open = true;
}"""


DARK = """() => {
  document.documentElement.style.background = document.body.style.background = "#111";
  const chosen = [...document.querySelector("#copy").shadowRoot.querySelectorAll("*")]
    .filter(each => each.style?.colorScheme);
  for (const each of chosen) each.style.colorScheme = "dark";
  return chosen.length;
}"""
"""Makes the copy as it is in a dark page. Returns how many of its elements have a scheme of their own."""
VIOLATIONS = """async selector =>
    (await axe.run(selector ?? document, {resultTypes: ["violations"]})).violations
        .map(({id, nodes}) => [id, ...nodes.map(node => node.failureSummary + node.html)])"""


def copied(page: Page, host: str) -> None:
    """Leave of a page a copy of a closed shadow root alone, whose own root is open to axe-core."""
    within(page, host, COPY)
    page.evaluate(AXE.read_text())


def violations(page: Page) -> list[Any]:
    """What axe-core finds in the copy."""
    found: list[Any] = page.evaluate(VIOLATIONS, "#copy")
    return found


def unfold(page: Page) -> None:
    """Unfold all of a page at once: what is unfolded may be drawn anew, with fewer folds."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def found_in_own_page(page: Page) -> list[Any]:
    """What axe-core finds in a page of Koban's own, all of it unfolded."""
    unfold(page)
    # It lets in no script from a string; the driver's world is let in.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE.read_text())
    found: list[Any] = page.evaluate(VIOLATIONS)
    return found


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (extension/node_modules)")
@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES.keys())
def test_axe_finds_nothing(window: View, surface: Callable[[View], tuple[Page, str]]) -> None:
    page, host = surface(window)
    copied(page, host)
    assert violations(page) == [], "light"
    assert page.evaluate(DARK) > 0
    assert violations(page) == [], "dark"
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (extension/node_modules)")
def test_axe_would_find_something(window: View) -> None:
    page, host = on_a_danger(window)
    within(
        page, host, "root => { root.querySelector('a').style.color = '#fdd'; root.querySelector('a').textContent = '' }"
    )
    copied(page, host)
    assert violations(page) != []
    page.close()


def test_banner_and_marks_follow_a_theme_that_the_page_switches(window: View) -> None:
    page, _ = on_a_danger(window)
    eventually(lambda: box(page, "koban-marks", "button"))
    schemes = "root => [...root.children].map(each => each.style?.colorScheme).filter(Boolean)"

    def shown() -> list[Any]:
        return [within(page, host, schemes) for host in ("koban-banner", "koban-marks")]

    page.evaluate("document.body.style.background = '#111'")
    eventually(shown, lambda seen: seen == [["dark"], ["dark"]])
    page.evaluate("document.body.style.background = '#fff'")
    eventually(shown, lambda seen: seen == [["light"], ["light"]])
    page.close()


@pytest.mark.parametrize("surface", [on_a_danger, dialog, note])
def test_shapes_and_words_stay_where_the_system_chooses_the_colours(
    window: View, surface: Callable[[View], tuple[Page, str]]
) -> None:
    page, host = surface(window)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    marks = """root => [...root.querySelectorAll('.mark')].filter(each => each.checkVisibility()).map(mark => {
        const [word, shape] = [mark, mark.querySelector('svg')].map(each => getComputedStyle(each));
        return [mark.textContent, word.color === shape.fill, word.color];
    })"""
    found = within(page, host, marks)
    assert found
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [(same, colour != canvas) for _, same, colour in found] == [(True, True)] * len(found)
    moving = "root => [...root.querySelectorAll('*')].flatMap(each => each.getAnimations()).length"
    assert within(page, host, moving) == 0
    page.close()


def test_the_card_of_a_sentence_is_reached_by_keyboard(window: View) -> None:
    page = judged_thread(window)
    eventually(lambda: box(page, "koban-marks", "button"))
    within(page, "koban-marks", "root => root.querySelector('button').focus()")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    shows(page, "koban-marks", "「")
    assert within(page, "koban-marks", "root => root.querySelector('.card').matches(':popover-open')")
    focused = "root => root.activeElement.localName + (root.activeElement.closest('.card') ? ' in the card' : '')"
    assert within(page, "koban-marks", focused) == "button"
    page.keyboard.press("Tab")
    assert within(page, "koban-marks", focused).endswith(" in the card")
    page.keyboard.press("Escape")
    assert not within(page, "koban-marks", "root => root.querySelector('.card').matches(':popover-open')")
    page.close()


def test_the_banner_fits_a_small_or_much_enlarged_window(window: View) -> None:
    page, _ = on_a_contract(window)
    fits = """root => [...root.querySelectorAll('.banner, .banner *')].every(each => {
        const {left, right} = each.getBoundingClientRect();
        return left >= -1 && right <= innerWidth + 1;
    })"""
    for width, direction in itertools.product(WIDTHS, ("ltr", "rtl")):
        page.set_viewport_size({"width": width, "height": 600})
        page.evaluate("dir => { document.documentElement.dir = dir }", direction)
        assert within(page, "koban-banner", fits) is True, f"{width} pixels, {direction}"
    page.close()


def test_the_reason_of_a_page_that_was_not_checked_fits_a_small_window(window: View, koban: Koban) -> None:
    koban.settings.patch({"clients": {"crowdworks:5871130": {"muted": True}}})
    page = window.page("/public/jobs/13502014")
    shows(page, "koban-banner", "未確認")
    apart = """root => {
        const [words, name] = ['.mark', '.maker'].map(each => root.querySelector(each).getBoundingClientRect());
        return words.right <= name.left && name.right <= innerWidth;
    }"""
    reason = within(page, "koban-banner", "root => root.querySelector('.mark').lastChild.data")
    # The longest reason that there is, in the longer language.
    longest = "Not checked: " + "the layout has changed " * 4
    for width, said in itertools.product((280, 320, 400), (reason, longest)):
        page.set_viewport_size({"width": width, "height": 600})
        say = f"root => {{ root.querySelector('.mark').lastChild.data = {json.dumps(said)} }}"
        within(page, "koban-banner", say)
        assert within(page, "koban-banner", apart), f"{width} pixels: {said}"
    page.close()


def test_marks_come_last_in_the_order_of_the_page(window: View) -> None:
    page = judged_thread(window)
    eventually(lambda: box(page, "koban-marks", "button"))
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.localName") == "koban-marks"
    page.close()


WIDTHS = (320, 400, 640)


@pytest.mark.parametrize(
    ("surface", "widths"),
    # A note may stay where it was while the width of its window changes: a page for each.
    [(dialog, WIDTHS), (replies, WIDTHS), *((note, (width,)) for width in WIDTHS)],
)
def test_it_fits_a_small_or_much_enlarged_window(
    window: View, surface: Callable[[View], tuple[Page, str]], widths: Sequence[int]
) -> None:
    page, host = surface(window)
    selector = "dialog" if host == "koban-step" else ".card"
    for width in widths:
        with failure_naming(width):
            page.keyboard.press("Escape")
            eventually(lambda: box(page, host, selector) is None)
            page.set_viewport_size({"width": width, "height": 400})
            if host == "koban-step":
                page.get_by_role("link", name="応募する", exact=True).click()
            else:
                page.get_by_role("textbox", name="メッセージ").scroll_into_view_if_needed()
                click(page, host, ".slip" if surface is note else ".row > button")
            place = eventually(lambda: box(page, host, selector))
            assert place is not None
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= width
            assert place["y"] >= 0
            assert place["y"] + place["height"] <= 400
    page.close()


def test_the_reasons_of_a_card_are_shown_to_who_points_at_its_mark(window: View) -> None:
    page = window.page(LIST)
    page.set_viewport_size({"width": 1280, "height": 800})
    eventually(lambda: within(page, "koban-marks", MARKS) or 0)
    page.mouse.move(*middle(resting_box(page, "koban-marks", "button.place:not([hidden])")))
    card = eventually(lambda: box(page, "koban-marks", ".card"))
    assert card is not None
    assert "「" in words(page, "koban-marks")
    page.mouse.move(card["x"] + 20, card["y"] + 20)
    page.wait_for_timeout(400)
    assert box(page, "koban-marks", ".card") is not None, "one can go into it and follow its links"
    page.mouse.move(5, 5)
    eventually(lambda: box(page, "koban-marks", ".card") is None)
    page.close()


def test_a_card_leaves_its_mark_in_sight(window: View) -> None:
    page, _ = on_a_contract(window)
    last = "root => [...root.querySelectorAll('button.place:not([hidden])')].at(-1)"
    apart = f"""root => {{
        const [mark, card] = [({last})(root), root.querySelector('.card')].map(each => each.getBoundingClientRect());
        return (card.top >= mark.bottom || card.bottom <= mark.top) && card.top >= 0 && card.bottom <= innerHeight;
    }}"""
    for width in (400, 1280):
        with failure_naming(width):
            page.set_viewport_size({"width": width, "height": 800})
            page.locator("[class*=_messageItem_]").last.scroll_into_view_if_needed()
            resting_box(page, "koban-marks", "button.place:not([hidden])")
            press(page, "koban-marks", last)
            shows(page, "koban-marks", "通報の準備をする")
            assert within(page, "koban-marks", apart)
            page.keyboard.press("Escape")
            eventually(lambda: box(page, "koban-marks", ".card") is None)
    page.close()


def test_each_field_that_was_the_reason_is_marked_where_it_stands(window: View) -> None:
    page = window.page("/public/employers/5871130")
    eventually(lambda: within(page, "koban-marks", MARKS) or 0, lambda count: count > 1)
    look_at_rows = """() => ["総合評価", "募集実績", "本人確認", "発注ルールチェック"].map(label => {
        const name = [...document.querySelectorAll("dt")].find(each => each.textContent.trim() === label);
        const {top, bottom} = name.nextElementSibling.getBoundingClientRect();
        return {top, bottom};
    })"""
    look_at_marks = """root => [...root.querySelectorAll("button.place:not([hidden])")].map(each => {
        const {top, height} = each.getBoundingClientRect();
        return top + height / 2;
    })"""

    def unmarked() -> list[Any]:
        rows, middles = page.evaluate(look_at_rows), within(page, "koban-marks", look_at_marks) or []
        return [row for row in rows if not any(row["top"] - 4 <= each <= row["bottom"] + 4 for each in middles)]

    # Marks are there a frame before they are in their places.
    eventually(unmarked, lambda rows: rows == [])
    page.close()


def spoken(page: Page, role: str) -> str:
    """The words in the live regions of a role, as the browser gives them to a screen reader, past closed roots."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()

    def text(node: dict[str, Any]) -> str:
        if node.get("role", {}).get("value") == "StaticText":
            return str(node["name"]["value"])
        return "".join(text(nodes[child]) for child in node.get("childIds", ()) if child in nodes)

    return "".join(text(node) for node in nodes.values() if node.get("role", {}).get("value") == role)


def test_a_screen_reader_is_told_of_a_danger_at_once_and_of_all_else_in_its_turn(window: View) -> None:
    page = window.page(TRAP)
    eventually(lambda: spoken(page, "alert"), lambda text: "直接契約の誘いです" in text)
    assert "直接契約の誘いです" not in spoken(page, "status")
    eventually(lambda: spoken(page, "alert"), lambda text: text == "")
    page.close()
    page = window.page(HONEST)
    eventually(lambda: spoken(page, "status"), lambda text: "問題は見つかりませんでした" in text)
    assert spoken(page, "alert") == ""
    page.close()


MARKS = "root => [...root.querySelectorAll('button.place')].filter(button => !button.hidden).length"


def test_marks_follow_a_list_that_grows_and_changes(window: View) -> None:
    page = window.page(LIST)
    # Which of them have a place is known a frame after they are there.
    resting_box(page, "koban-marks", "button.place:not([hidden])")
    before = within(page, "koban-marks", MARKS)
    page.evaluate("""() => {
        window.list = document.querySelector("ul.cards");
        for (const card of [...list.children]) list.append(card.cloneNode(true));
    }""")
    eventually(lambda: within(page, "koban-marks", MARKS), lambda count: count == 2 * before)
    page.evaluate("list.replaceChildren()")
    eventually(lambda: within(page, "koban-marks", MARKS) or 0, lambda count: count == 0)
    page.close()


def test_a_page_that_becomes_another_without_loading_is_judged_anew(window: View) -> None:
    page = window.page(HONEST)
    shows(page, "koban-banner", "問題は見つかりませんでした")
    go = """async ([change, path]) => {
        const next = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
        history[change](null, "", path);
        document.querySelector("main").replaceWith(next.querySelector("main"));
    }"""
    for change in ("pushState", "replaceState"):
        with failure_naming(change):
            page.evaluate(go, [change, TRAP])
            shows(page, "koban-banner", "直接契約の誘いです")
            eventually(lambda: window.button_title(page), lambda title: "■" in title)
            page.evaluate(go, [change, HONEST])
            shows(page, "koban-banner", "問題は見つかりませんでした")
            assert banner(page) is not None
            assert page.url == HOST + HONEST
    page.close()


def test_a_page_that_comes_back_from_the_browsers_cache_is_watched_on(window: View, koban: Koban) -> None:
    page = window.page(TRAP)
    shows(page, "koban-banner", "直接契約の誘いです")
    page.evaluate("addEventListener('pageshow', event => { window.persisted = event.persisted })")
    page.goto(HOST + HONEST)
    eventually(lambda: window.button_title(page), lambda title: "●" in title)
    page.go_back(wait_until="commit")
    # A script that ran in the page while it is kept would end its being kept: the button is asked first.
    eventually(lambda: window.button_title(page), lambda title: "■" in title)
    assert page.evaluate("window.persisted ?? null") is True, "it was loaded anew"
    shows(page, "koban-banner", "直接契約の誘いです")
    koban.settings.patch({"rules": {"direct-contract": False}})
    eventually(lambda: words(page, "koban-banner"), lambda text: "直接契約の誘いです" not in text)
    koban.settings.patch({"rules": None})
    shows(page, "koban-banner", "直接契約の誘いです")
    page.close()
