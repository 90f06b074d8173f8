"""Where Koban is paused or switched off, the page itself says so (UX A7), in Chromium."""

import pytest

from addon.koban import Koban
from tests.browser.shadow import box, click
from tests.browser.stage import View, banner, eventually, judged_thread

pytestmark = pytest.mark.browser

JOB = "/public/jobs/13502120"


def test_ux_a7_a_pause_is_said_in_the_page_and_ended_from_there(window: View, koban: Koban) -> None:
    page = window.page(JOB)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    koban.settings.patch({"paused_until": "2100-01-01T00:00:00Z"})
    said = eventually(lambda: banner(page), lambda b: b is not None and "一時停止中です" in b.text)
    assert said is not None
    assert "再開する" in said.text
    page.evaluate("document.querySelector('koban-banner').click()")
    assert koban.settings.current.paused_until is not None, "no click of a script ends it"
    click(page, "koban-banner", ".fold")
    eventually(lambda: koban.settings.current.paused_until is None)
    eventually(lambda: banner(page), lambda b: b is not None and "一時停止中です" not in b.text)
    page.close()


def test_ux_a7_a_site_that_is_off_is_said_in_its_pages(window: View, koban: Koban) -> None:
    page = window.page(JOB)
    eventually(lambda: banner(page), lambda b: b is not None and "直接契約の誘いです" in b.text)
    koban.settings.patch({"sites": {"crowdworks": {"enabled": False}}})
    eventually(lambda: banner(page), lambda b: b is not None and "このサイトでは無効にしています" in b.text)
    page.close()


def test_ux_a19_a_warning_of_a_list_leads_to_its_card(window: View) -> None:
    page = window.page("/public/jobs/search")
    page.set_viewport_size({"width": 400, "height": 500})
    eventually(lambda: banner(page), lambda b: b is not None and "件の仕事に警告があります" in b.text)
    click(page, "koban-banner", ".fold")
    # It is lit up for two seconds, which may be over before the driver looks.
    page.evaluate("""() => { window.led = null; (function look() {
        const lit = CSS.highlights.get("koban-led");
        if (lit) window.led = [...lit].join(); else setTimeout(look, 20);
    })() }""")
    click(page, "koban-banner", ".lead")
    led = eventually(lambda: page.evaluate("window.led"))
    assert led == "【即日開始】ネットショップ商品データの入力（300件）"
    eventually(lambda: page.evaluate("scrollY > 0"))
    page.close()


def test_ux_b_a_key_leads_to_the_next_mark(window: View) -> None:
    page = judged_thread(window)
    eventually(lambda: box(page, "koban-marks", "button.place:not([hidden])"))
    page.keyboard.press("Alt+Shift+K")
    eventually(lambda: page.evaluate("document.activeElement.localName"), lambda name: name == "koban-marks")
    page.close()
