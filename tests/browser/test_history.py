"""What is remembered, as its user reads it: in the page, in the popup, on the button, and on a page of its own."""

import io
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from addon.desktop.window import EXTENSIONS
from addon.judging.process import JudgingProcess
from addon.koban import Koban
from rules.past import JST
from tests.browser.shadow import click, press, within, words
from tests.browser.stage import HOST, View, eventually, judged_thread, window_on_stage
from tests.browser.test_access import AXE, SCHEMES, found_in_own_page
from tests.browser.test_hostile_page import OVERRIDES

pytestmark = pytest.mark.browser

THREAD = "/contracts/64120311"
DONE = "/contracts/64118820"
TITLE = "ネットショップ商品データの入力"
NOTE = "仮払いを渋る人"
CLIENT = "root => root.querySelector('.known summary')"


def settle(koban: Koban) -> None:
    assert isinstance(koban.judge, JudgingProcess)
    koban.judge.flush()


@contextmanager
def past(koban: Koban) -> Iterator[sqlite3.Connection]:
    """The file of what is remembered, once all of it is stored."""
    settle(koban)
    with closing(sqlite3.connect(koban.authority.folder.parent / "history.db", timeout=10)) as file, file:
        yield file


def rewrite(koban: Koban, statement: str, *values: object) -> None:
    """Change the remembered past: a test cannot wait for weeks."""
    with past(koban) as file:
        assert file.execute(statement, values).rowcount > 0


def is_remembered(koban: Koban) -> bool:
    """Whether both deals and the client of one are, whom a test deletes."""
    with past(koban) as file:
        ((deals,),) = file.execute("SELECT count(*) FROM contract WHERE id IN ('64120311', '64118820')")
        ((clients,),) = file.execute("SELECT count(*) FROM client WHERE name = 'k_works2026'")
    return (deals, clients) == (2, 1)


@pytest.fixture
def remembered(window: View, koban: Koban) -> None:
    """Two deals, the client of one with a note, first seen a month ago."""
    if not is_remembered(koban):
        for path in (THREAD, DONE):
            page = window.page(path)
            # A page does not wait for its verdict.
            eventually(partial(koban.verdicts.shown, page.url))
            page.close()
    month_ago = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    rewrite(koban, "UPDATE client SET first_seen = ?, note = ? WHERE name = 'k_works2026'", month_ago, NOTE)


@pytest.fixture
def due_tomorrow(remembered: None, koban: Koban) -> Iterator[None]:
    tomorrow = (datetime.now(UTC).astimezone(JST) + timedelta(days=1)).date().isoformat()
    rewrite(koban, "UPDATE contract SET due = ? WHERE id = '64120311'", tomorrow)
    yield
    rewrite(koban, "UPDATE contract SET due = NULL WHERE id = '64120311'")


def test_a_deal_is_remembered_and_reported_with_its_evidence_in_one_file(window: View, remembered: None) -> None:
    history = window.own("deals")
    deal = history.locator("#deals .deal", has_text=TITLE)
    expect(deal.locator("summary")).to_contain_text("まだ始めないでください")
    expect(history.locator("#sums")).to_contain_text("33,000円")
    deal.locator("summary").click()
    expect(deal.locator(".steps li.seen")).to_contain_text("仮払い待ち")
    expect(deal.locator(".steps li.missed")).to_contain_text("合意")
    expect(deal.locator(".steps li.ahead")).to_have_count(4)
    deal.get_by_role("button", name="通報の準備をする").click()
    expect(deal.locator(".report")).to_contain_text("Kobanはどこにも送りません")
    expect(deal.locator(".report textarea")).to_have_value(re.compile("クラウドワークスの事務局 ご担当者様"))
    with history.expect_download() as saved:
        deal.get_by_role("button", name="証拠を1つのファイルに保存").click()
    assert saved.value.suggested_filename == "koban-report.zip"
    with zipfile.ZipFile(saved.value.path()) as bundle:
        named = {each["name"] for each in json.loads(bundle.read("manifest.json"))["files"]}
        assert named | {"manifest.json"} == set(bundle.namelist())
        assert NOTE not in "".join(bundle.read(name).decode() for name in bundle.namelist())
    history.get_by_role("searchbox").fill("バナー")
    expect(history.locator("#deals .deal")).to_have_count(1)
    history.close()


def test_the_popup_reports_one_warning_or_the_deal_as_one_chooses(window: View, koban: Koban, remembered: None) -> None:
    page = judged_thread(window)
    settle(koban)
    popup = window.popup(page)
    warned = popup.locator(".finding", has_text="直接契約の誘いです")
    warned.locator("summary").click()
    warned.get_by_role("button", name="通報の準備をする").click()
    told = warned.locator("textarea")
    expect(told).to_have_value(re.compile("直接契約の誘いです"))
    seen = told.input_value().partition("確認したこと\n")[2]
    assert len(re.findall(r"^    \d{4}-.*のメッセージ：「", seen, re.MULTILINE)) == 1, "quoted, at the message's time"
    expect(warned.locator(".way")).to_contain_text("「違反報告をする」")
    about = popup.get_by_role("combobox", name="通報すること")
    about.select_option(label="この取引")
    popup.locator(".to-report button").first.click()
    expect(popup.locator(".to-report textarea")).to_have_value(re.compile("仮払い待ち"))
    popup.close()
    page.close()


def test_ux_01_the_page_prepares_a_report_by_the_same_button(window: View, remembered: None) -> None:
    page = window.page(THREAD)
    eventually(lambda: words(page, "koban-banner"), lambda text: "通報の準備をする" in text)
    click(page, "koban-banner", ".fold")
    with window.context.expect_page() as opened:
        press(page, "koban-banner", "root => root.querySelector('.report-button')")
    report = opened.value
    expect(report.locator(".way")).to_contain_text("「違反報告をする」")
    expect(report.locator("textarea")).to_have_value(re.compile("のメッセージ：「"))
    report.close()
    page.close()


def test_all_of_it_is_exported_and_a_client_deleted(window: View, remembered: None) -> None:
    history = window.own("deals")
    with history.expect_download() as saved:
        history.get_by_role("button", name="すべて書き出す（CSV）").click()
    with zipfile.ZipFile(io.BytesIO(saved.value.path().read_bytes())) as archive:
        assert "k_works2026" in archive.read("client.csv").decode()
    client = history.locator("#clients .client", has_text="k_works2026")
    client.locator("summary").click()
    client.get_by_role("button", name="この発注者の記録を消す").click()
    client.get_by_role("button", name="もう一度押すと").click()
    expect(history.locator("#clients .client", has_text="k_works2026")).to_have_count(0)
    history.close()


def test_what_is_kept_is_changed_where_it_is_seen(window: View, koban: Koban, remembered: None) -> None:
    history = window.own("deals")
    history.get_by_role("combobox").select_option("183")
    eventually(lambda: koban.settings.current.history.days, lambda days: days == 183)
    history.get_by_role("switch", name="取引と発注者を記録する").click()
    expect(history.locator(".trouble")).to_contain_text("記録を止めています")
    eventually(lambda: not koban.settings.current.history.enabled)
    history.close()


def test_due_dates_are_saved_as_a_calendar(window: View, remembered: None) -> None:
    history = window.own("deals")
    with history.expect_download() as saved:
        history.locator("#today .ics").click()
    assert saved.value.suggested_filename == "koban.ics"
    assert "BEGIN:VEVENT" in saved.value.path().read_text()
    history.close()


def test_a_client_of_before_is_told_of_in_the_page_and_in_the_popup(window: View, remembered: None) -> None:
    page = window.page(THREAD)
    line = eventually(lambda: words(page, "koban-banner"), lambda text: "この発注者：はじめて見た日" in text)
    assert "メモあり" in line
    popup = window.popup(page)
    expect(popup.locator(".past textarea")).to_have_value(NOTE)
    popup.locator(".past textarea").fill("返事は早い")
    popup.locator(".past textarea").blur()
    expect(popup.locator(".past")).to_contain_text("保存しました")
    page.bring_to_front()
    click(page, "koban-banner", ".fold")
    press(page, "koban-banner", CLIENT)
    note = "root => root.querySelector('.known p')?.dataset.note ?? ''"
    eventually(lambda: within(page, "koban-banner", note), lambda text: text == "返事は早い")
    popup.locator(".to-report button").click()
    expect(popup.locator(".to-report .report")).to_contain_text("188")
    popup.close()
    page.close()


def test_nothing_is_told_of_a_client_who_was_never_seen_before_this_visit(window: View, koban: Koban) -> None:
    page = window.page(DONE)
    eventually(lambda: words(page, "koban-banner"))
    settle(koban)
    page.reload()
    eventually(lambda: words(page, "koban-banner"))
    popup = window.popup(page)
    expect(popup.locator(".past")).to_contain_text("はじめて見た日")
    assert "この発注者" not in words(page, "koban-banner")
    popup.close()
    page.close()


FINDS = "text => { getSelection().removeAllRanges(); return find(text, false, false, true) }"


DRAWN = "root => getComputedStyle(root.querySelector('.known p') ?? root.host, '::before').content"


def test_a_page_cannot_read_the_users_note(window: View, remembered: None) -> None:
    page = window.context.new_page()
    page.add_init_script(OVERRIDES)
    page.goto(HOST + THREAD)
    eventually(lambda: words(page, "koban-banner"), lambda text: "メモあり" in text)
    click(page, "koban-banner", ".fold")
    for unfolded in (False, True):
        if unfolded:
            press(page, "koban-banner", CLIENT)
            eventually(lambda: within(page, "koban-banner", DRAWN), lambda text: NOTE in text)
        held = page.evaluate("""() => {
            getSelection().selectAllChildren(document.documentElement);
            const [all, ours] = [document.documentElement, document.querySelector("koban-banner")];
            const selected = getSelection().toString();
            return JSON.stringify([all.outerHTML, all.innerText, selected, window.heard, ours.shadowRoot]);
        }""")
        assert NOTE not in held
        assert page.evaluate(FINDS, NOTE) is False
    assert page.evaluate(FINDS, "メモあり") is True, "what stands there as text a page finds: the test would tell"
    page.close()


def test_what_is_due_is_on_the_button_of_tabs_without_warnings_and_in_every_popup(
    window: View, due_tomorrow: None
) -> None:
    # Of a tab that is no marketplace's the extension is told no address.
    elsewhere = window.context.new_page()
    elsewhere.bring_to_front()
    here = "async () => (await chrome.tabs.query({active: true})).findLast(tab => tab.url === undefined)?.id ?? null"
    tab = eventually(lambda: window.in_background(here, None))
    popup = window.context.new_page()
    popup.goto(f"chrome-extension://{window.opened.extension_id}/popup.html?tab={tab}")
    expect(popup.locator(".due .dues")).to_contain_text(TITLE)
    expect(popup.locator(".due .dues")).to_contain_text("明日")
    text, colour, title = (
        f"tabId => chrome.action.get{what}({{tabId}})" for what in ("BadgeText", "BadgeBackgroundColor", "Title")
    )
    eventually(lambda: window.in_background(text, tab), lambda shown: shown == "期日")
    eventually(lambda: window.in_background(title, tab), lambda shown: TITLE in shown)
    page = window.page(THREAD)
    eventually(lambda: window.badge(page), lambda shown: shown.isdigit())
    # What is set last of a button.
    eventually(lambda: window.button_title(page), lambda shown: TITLE in shown)
    assert window.in_background(colour, tab) != window.in_background(colour, window.tab_id(page))
    for each in (popup, page, elsewhere):
        each.close()


def test_a_notice_comes_once_a_day_also_where_the_background_was_ended(
    playwright: Playwright, koban: Koban, due_tomorrow: None, tmp_path: Path
) -> None:
    # A browser's question for leave cannot be answered by a test: this build has it from the start.
    build = tmp_path / "extension"
    shutil.copytree(EXTENSIONS / "chrome-mv3", build)
    manifest = json.loads((build / "manifest.json").read_text("utf-8"))
    manifest["permissions"] += manifest.pop("optional_permissions")
    (build / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with window_on_stage(playwright, koban, tmp_path / "profile", extension=build) as window:
        told = "async () => (await chrome.storage.local.get('told')).told ?? ''"
        eventually(lambda: window.in_background(told, None))
        shown = "async () => Object.keys(await chrome.notifications.getAll())"
        # The day is stored before the notice is shown.
        eventually(lambda: window.in_background(shown, None) == ["koban-due"])
        window.in_background("() => chrome.notifications.clear('koban-due')", None)
        own = window.own("options")
        expect(own.get_by_role("switch", name="今日・明日の期日")).to_be_checked()
        own.close()
        window.in_background("() => chrome.alarms.create('due', {when: Date.now()})", None)
        window.page(THREAD).wait_for_timeout(1_500)
        assert window.in_background(shown, None) == []


@pytest.fixture
def visited(bare_window: View, remembered: None, koban: Koban) -> Iterator[Page]:
    """The page as Koban serves it, in a window without the extension."""
    link = koban.history_link()
    assert link is not None
    page = bare_window.context.new_page()
    page.goto(link)
    expect(page.locator("#deals .deal").first).to_be_visible()
    yield page
    page.close()


def test_koban_serves_the_page_itself_to_who_has_its_link(visited: Page, koban: Koban) -> None:
    assert "#" not in visited.url, "the code is out of the address"
    expect(visited.locator("#deals .deal", has_text=TITLE)).to_be_visible()
    visited.reload()
    expect(visited.locator("#deals .deal", has_text=TITLE)).to_be_visible()
    visited.get_by_role("combobox", name="表示言語").select_option("en")
    expect(visited.get_by_role("heading", level=1)).to_have_text("Your deals so far")
    other = visited.context.new_page()
    other.goto(visited.url)
    expect(other.get_by_role("status")).to_contain_text(re.compile("koban history --web"))
    other.close()


def test_another_page_gets_nothing_of_it(visited: Page, bare_window: View, koban: Koban) -> None:
    token = visited.evaluate("sessionStorage.getItem('koban-session')")
    base = f"http://127.0.0.1:{koban.api_port}"
    stranger = bare_window.page(THREAD)
    tried = stranger.evaluate(
        """async ([base, token]) => {
        const headers = {Authorization: "Bearer " + token};
        const attempts = [["/v1/history", {headers}], ["/history", {}], ["/v1/history", {method: "DELETE", headers}],
            ["/v1/history", {mode: "no-cors"}]];
        return Promise.all(attempts.map(([path, how]) => fetch(base + path, how)
            .then(async answer => (await answer.text()).length, () => "refused")));
    }""",
        [base, token],
    )
    assert all(answer in ("refused", 0) for answer in tried), tried
    framed = stranger.evaluate(
        """base => new Promise(done => {
        const frame = document.createElement("iframe");
        frame.src = base + "/history"; frame.onload = () => setTimeout(done, 300, true); document.body.append(frame);
        setTimeout(done, 3000, false);
    })""",
        base,
    )
    assert framed is not None
    assert all("deals" not in frame.content() for frame in stranger.frames[1:])
    stranger.close()
    visited.reload()
    expect(visited.locator("#deals .deal", has_text=TITLE)).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (extension/node_modules)")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing_in_the_served_page(visited: Page, language: str) -> None:
    visited.locator("header select").select_option(language)
    expect(visited.locator("html")).to_have_attribute("lang", language)
    # What was unfolded before stays so in another language.
    visited.locator("#deals .deal").first.evaluate("deal => { deal.open = true }")
    visited.locator("#deals .deal .reporting button").first.click()
    expect(visited.locator("#deals .report textarea")).to_be_visible()
    for scheme in SCHEMES:
        visited.emulate_media(color_scheme=scheme)
        assert found_in_own_page(visited) == [], scheme
    for width in (320, 400, 640):
        visited.set_viewport_size({"width": width, "height": 600})
        assert visited.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_used_by_keyboard_alone(visited: Page) -> None:
    visited.get_by_role("searchbox").focus()
    visited.keyboard.press("Tab")
    assert visited.evaluate("document.activeElement.localName") == "summary"
    visited.keyboard.press("Enter")
    expect(visited.locator("#deals .deal").first.locator(".steps")).to_be_visible()
    for _ in range(12):
        visited.keyboard.press("Tab")
        if visited.evaluate("document.activeElement.textContent") == "通報の準備をする":
            break
    visited.keyboard.press("Enter")
    expect(visited.locator("#deals .report").first).to_contain_text("Kobanはどこにも送りません")


def test_what_is_folded_is_printed_too(visited: Page) -> None:
    visited.evaluate("dispatchEvent(new Event('beforeprint'))")
    visited.emulate_media(media="print")
    expect(visited.locator("#deals .deal .steps").first).to_be_visible()
    expect(visited.get_by_role("searchbox")).to_be_hidden()
    visited.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visited.locator("details[open]").count() == 0
