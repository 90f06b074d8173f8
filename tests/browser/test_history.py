"""What is remembered, as its user reads it: in the popup, and on a page of its own."""

import json
import re

import pytest
from playwright.sync_api import Download, expect

from addon.judging import JudgingProcess
from addon.proxy.server import Running
from tests.browser.stage import View

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium")]

THREAD = "/contracts/64120311"
DONE = "/contracts/64118820"


def test_a_deal_is_remembered_noted_and_reported(window: View, koban: Running) -> None:
    assert isinstance(koban.judge, JudgingProcess)
    for path in (THREAD, DONE):
        window.page(path).close()
    koban.judge.settle()
    history = window.own("deals")
    deal = history.locator("#deals .deal", has_text="ネットショップ商品データの入力")
    expect(deal.locator("summary")).to_contain_text("着手しない")
    expect(history.locator("#sums")).to_contain_text("33,000 JPY")
    deal.locator("summary").click()
    expect(deal.locator(".steps li")).to_have_count(1)
    expect(deal.locator(".steps li")).to_contain_text("仮払い待ち")
    deal.get_by_role("button", name="報告文と証拠をそろえる").click()
    expect(deal.locator(".report textarea")).to_have_value(re.compile("クラウドワークスの事務局 御中"))
    saved: list[Download] = []
    history.on("download", lambda download: saved.append(download))
    deal.get_by_role("button", name="証拠のファイルを保存").click()
    history.wait_for_timeout(1_500)
    assert {"koban-report.html", "koban-manifest.json", "koban-evidence.json"} <= {
        each.suggested_filename for each in saved
    }
    manifest = next(each for each in saved if each.suggested_filename == "koban-manifest.json")
    assert len(json.loads(manifest.path().read_text())["files"]) == 4
    history.get_by_role("searchbox").fill("バナー")
    expect(history.locator("#deals .deal")).to_have_count(1)
    history.get_by_role("searchbox").fill("")
    client = history.locator("#clients .client", has_text="k_works2026")
    client.locator("summary").click()
    client.get_by_role("textbox").fill("仮払いを渋る")
    client.get_by_role("textbox").blur()
    expect(client).to_contain_text("メモを残しました")
    behind = window.page(THREAD)
    popup = window.popup(behind)
    expect(popup.locator(".past")).to_contain_text("仕事")
    expect(popup.locator(".past textarea")).to_have_value("仮払いを渋る")
    client.get_by_role("button", name="この発注者の記録を消す").click()
    client.get_by_role("button", name="もう一度押すと").click()
    expect(history.locator("#clients .client", has_text="k_works2026")).to_have_count(0)
    for page in (popup, behind, history):
        page.close()


def test_due_dates_are_saved_as_a_calendar(window: View, koban: Running) -> None:
    assert isinstance(koban.judge, JudgingProcess)
    window.page(THREAD).close()
    koban.judge.settle()
    history = window.own("deals")
    expect(history.locator("#today .dues li").first).to_be_visible()
    with history.expect_download() as saved:
        history.locator("#today .ics").click()
    assert saved.value.suggested_filename == "koban.ics"
    assert "BEGIN:VEVENT" in saved.value.path().read_text()
    history.close()
