"""The extension is loaded anew, as when it is updated: a page that is open says that nobody checks it any more."""

import pytest

from tests.browser.shadow import words
from tests.browser.stage import View, eventually

pytestmark = pytest.mark.browser

HONEST = "/public/jobs/13501877"
RELOAD = "再読み込みが必要です"


def test_an_open_page_is_no_longer_clear_once_the_extension_was_loaded_anew(window: View) -> None:
    page = window.page(HONEST)
    eventually(lambda: words(page, "koban-banner"), lambda text: "問題は見つかりませんでした" in text)
    window.in_background("() => chrome.runtime.reload()", None)
    text = eventually(lambda: words(page, "koban-banner"), lambda text: RELOAD in text)
    assert "問題は見つかりませんでした" not in text
    page.evaluate("history.pushState(null, '', '/public/jobs/13502120')")
    eventually(lambda: words(page, "koban-banner"), lambda text: RELOAD in text)
    page.close()
