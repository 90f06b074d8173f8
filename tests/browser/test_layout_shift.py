"""Nothing of the page jumps for Koban (UX A17): layout shift in Chromium, less what the page does by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright

from addon.koban import Koban
from tests.browser.stage import (
    CROWDWORKS,
    HOST,
    LATER,
    View,
    banner,
    eventually,
    koban_on_stage,
    window_on_stage,
)

pytestmark = pytest.mark.browser

MOST = 0.02
PAGES = {
    "job": f"{HOST}/public/jobs/13502120",
    "honest job": f"{HOST}/public/jobs/13501877",
    "job list": f"{HOST}/public/jobs/search",
    "client": f"{HOST}/public/employers/5871130",
    "contract": f"{HOST}/contracts/64120311",
    "paid contract": f"{HOST}/contracts/64119874",
    "Lancers list": "https://www.lancers.jp/work/search",
    "Lancers approval": "https://www.lancers.jp/project/approval/start/80001",
    "Lancers project": "https://www.lancers.jp/project/80003",
    "Lancers messages": "https://www.lancers.jp/mypage/message/",
    "Lancers contracts": "https://www.lancers.jp/mypage/proposals/all/working",
    "Coconala list": "https://coconala.com/requests",
    "Coconala talkroom": "https://coconala.com/talkrooms/9100001",
    "Shufti list": "https://app.shufti.jp/jobs/search",
    "Upwork list": "https://www.upwork.com/nx/search/jobs/",
    "Upwork room": "https://www.upwork.com/ab/messages/rooms/room_00000000000000000000000000000a02",
    "Freelancer thread": "https://www.freelancer.com/messages/thread/5200",
    "Fiverr inbox": "https://www.fiverr.com/inbox/brightdeals_hq",
    "Guru list": "https://www.guru.com/d/jobs/",
    "Malt inbox": "https://www.malt.fr/messages",
    "PeoplePerHour list": "https://www.peopleperhour.com/freelance-jobs",
    "Workana bid": "https://www.workana.com/messages/bid/catalogo-de-sementes",
}
SHIFT = """() => new Promise(resolve => {
    let sum = 0;
    new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; })
      .observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 100)));
})"""
"""All shifts of the page until now: also those that the metric forgives because somebody clicked."""


@pytest.fixture(scope="module")
def koban(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Koban]:
    """With every site on."""
    with koban_on_stage(tmp_path_factory.mktemp("state"), is_demo=True) as koban:
        yield koban


@pytest.fixture(scope="module")
def window(playwright: Playwright, koban: Koban, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with window_on_stage(playwright, koban, tmp_path_factory.mktemp("window"), every_site=True) as view:
        yield view


def opened(view: View, url: str, width: int) -> Page:
    page = view.context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url)
    return page


def shift_of(view: View, url: str, width: int, *, banners: bool) -> float:
    page = opened(view, url, width)
    if banners:
        eventually(lambda: banner(page), lambda b: b is not None and "確認しています" not in b.text)
    page.wait_for_load_state("networkidle")
    shift: float = page.evaluate(SHIFT)
    page.close()
    return shift


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES.keys())
def test_ux_a17_nothing_jumps(request: pytest.FixtureRequest, window: View, url: str, width: int) -> None:
    shift = shift_of(window, url, width, banners=True)
    if shift > MOST:
        # What the page does by itself only takes away from it: nothing to look at where there is little already.
        bare_window: View = request.getfixturevalue("bare_window")
        shift -= shift_of(bare_window, url, width, banners=False)
    assert shift <= MOST


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.usefixtures("last_message_later")
def test_ux_a17_a_late_verdict_changes_words_and_no_height(window: View, width: int) -> None:
    page = opened(window, f"{HOST}/contracts/64120311", width)
    before = eventually(lambda: banner(page), lambda b: b is not None and "まだ仮払いされていません" in b.text)
    assert before is not None
    CROWDWORKS.kept_back = 0
    page.evaluate(LATER)
    after = eventually(lambda: banner(page), lambda b: b is not None and b.text != before.text)
    assert after is not None
    assert after.height == before.height
    page.close()
