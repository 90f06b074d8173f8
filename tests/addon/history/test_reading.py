"""What the user reads of their history: a deal's course, due dates, a report with its evidence."""

import hashlib
import json
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from addon.cli.main import app
from addon.history.database import open_file
from addon.history.places import HELP, place_on
from addon.history.reading import (
    calendar,
    deals,
    due_soon,
    dues,
    known,
    newest_clients,
    newest_deals,
    newest_warnings,
    warnings,
)
from addon.history.report import NothingKnown, report, verify, write
from addon.history.store import MOST_COPIED, MOST_COPIES, History
from addon.verdicts.log import PageVerdict
from extractors import SITES
from extractors.records import Client, Contract, Message, Money, Thread
from rules.model import ClientRef, Evidence, Finding, Source, Text, Verdict
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen

DAY = timedelta(days=1)
BOSS = Client(id="52", name="青空企画制作所")
PAGE = "<p>直接契約でお願いします</p><script>alert(1)</script>".encode()


def deal(state: Any, **more: Any) -> Contract:
    return Contract(id="7", state=state, client=BOSS, title="商品データの入力", **more)


def story(history: History) -> None:
    """Agreed, delivered and asked for revisions of; funding was never seen."""
    history.record(seen(deal("agreed", amount=Money(amount=Decimal(30_000))), at=START))
    talk = Thread(
        id="t1",
        contract_id="7",
        client=BOSS,
        messages=tuple(
            Message(id=str(number), author_role=role, body=body, sent_at=START + number * DAY)
            for number, (role, body) in enumerate(
                [
                    ("client", "修正は2回まででお願いします。"),
                    ("freelancer", "納品しました。"),
                    ("client", "色を修正してください。文字も直してください。"),
                    ("client", "余白も修正をお願いします。"),
                    ("freelancer", "修正しました。"),
                    ("client", "もう一度修正をお願いします。"),
                ],
                1,
            )
        ),
    )
    found = finding("direct-contract").model_copy(update={"report": True})
    page = "https://crowdworks.jp/messages/1"
    history.record(seen(talk, kind="thread", at=START + 6 * DAY, page=page, findings=(found,), source=PAGE, texts=True))
    history.record(seen(deal("delivered"), at=START + 7 * DAY))


def test_a_deals_course_has_its_evidence_and_says_what_was_not_seen(history: History) -> None:
    story(history)
    (one,) = deals(history)
    assert [(step.state, step.page) for step in one.steps] == [
        ("agreed", "https://crowdworks.jp/contracts/1"),
        ("delivered", "https://crowdworks.jp/contracts/1"),
    ]
    assert one.unseen == ["proposed", "escrow-requested", "escrow-funded"], "not seen is not the same as not done"
    assert [(word.what, word.round) for word in one.words] == [
        ("handed-over", None),
        ("asks-revision", 1),
        ("asks-revision", 2),
    ]
    assert one.revision_requests == 2


def test_attack_21_what_a_page_showed_is_told_from_what_the_site_sent(history: History) -> None:
    found = finding("direct-contract").model_copy(update={"report": True})
    history.record(seen(deal("agreed"), at=START, feed="proxy"))
    history.record(seen(deal("escrow-funded"), at=START + DAY, feed="extension", findings=(found,)))
    history.record(seen(deal("delivered"), at=START + 2 * DAY))
    (one,) = deals(history)
    assert [step.feed for step in one.steps] == ["proxy", "extension", None]
    assert [warned.feed for warned in warnings(history)] == ["extension"]
    files = {file.name: file.text for file in report(history, START, site="crowdworks", deal="7")}
    funded = next(line for line in files["report-ja.txt"].splitlines() if "仮払い済み" in line)
    assert funded.endswith("https://crowdworks.jp/contracts/1（画面の表示から）")
    assert files["report-ja.txt"].count("（画面の表示から）") == 2
    assert files["report-en.txt"].count(" (as the browser showed it)") == 2


def test_attack_21_what_the_site_has_sent_too_is_the_sites(history: History) -> None:
    history.record(seen(deal("agreed"), at=START, feed="extension"))
    history.record(seen(deal("agreed"), at=START + DAY, feed="proxy"))
    history.record(seen(deal("agreed"), at=START + 2 * DAY, feed="extension"))
    assert [step.feed for step in deals(history)[0].steps] == ["proxy"]


def test_days_of_due_dates_are_japans(history: History) -> None:
    # Midnight in Japan is the day before in Greenwich.
    history.record(seen(deal("delivered", delivered_at=datetime(2026, 12, 31, 15, 30, tzinfo=UTC)), at=START))
    (one,) = deals(history)
    assert {due.kind: due.day for due in one.dues} == {"ask": date(2027, 1, 15), "law": date(2027, 3, 2)}


def test_ux_popup_a_due_date_urges_no_delivery_before_the_escrow(history: History) -> None:
    history.record(seen(deal("escrow-requested", due=date(2026, 11, 20)), at=START))
    (one,) = deals(history)
    (due,) = one.dues
    assert "まだ始めないでください" in due.what.ja
    history.record(seen(deal("escrow-funded", due=date(2026, 11, 20)), at=START + DAY))
    (one,) = deals(history)
    assert [due.what.ja for due in one.dues] == ["納品の期限です"]


def test_a_calendar_reads_back_whole(history: History) -> None:
    title = "とても長い題名の商品データの入力、分類、確認、登録のお仕事; 二行目\nと, 記号" * 4
    due = Contract(id="8", state="escrow-funded", client=BOSS, title=title, due=date(2026, 11, 20))
    history.record(seen(due, page="https://crowdworks.jp/contracts/8"))
    text = calendar(dues(deals(history), date(2026, 11, 18)), START)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "RFC 5545, 3.1"
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 11, 20)
    assert str(event["summary"]).startswith("納品の期限です：とても長い題名の")
    assert title.replace("\n", " ") in str(event["summary"]), "a title is one line"


def test_a_report_holds_facts_evidence_and_the_page_itself(history: History, tmp_path: Path) -> None:
    story(history)
    files = {file.name: file.text for file in report(history, START, site="crowdworks", deal="7")}
    assert "修正の依頼がありました（2回目" in files["report-ja.txt"]
    assert files["page-1.txt"].encode() == PAGE
    (page,) = json.loads(files["evidence.json"])["pages"]
    assert page["sha256_as_received"] == hashlib.sha256(PAGE).hexdigest()
    assert "<script" not in files["report.html"]
    write(report(history, START, site="crowdworks", deal="7"), tmp_path / "bundle")
    assert verify(tmp_path / "bundle") == []
    (tmp_path / "bundle" / "page-1.txt").write_bytes(PAGE + b" ")
    (tmp_path / "bundle" / "evidence.json").unlink()
    (tmp_path / "bundle" / "added.txt").touch()
    assert verify(tmp_path / "bundle") == ["added.txt", "evidence.json", "page-1.txt"]
    (tmp_path / "bundle" / "manifest.json").write_text("[]")
    with pytest.raises(ValueError, match="indices"):
        verify(tmp_path / "bundle")


def test_a_report_on_one_warning_and_on_a_client(history: History) -> None:
    story(history)
    (warned,) = warnings(history)
    of_one = {file.name: file.text for file in report(history, START, site="crowdworks", finding=warned.key)}
    assert of_one["page-1.txt"].encode() == PAGE
    assert len(json.loads(of_one["evidence.json"])["warnings"]) == 1
    assert {file.name for file in report(history, START, site="crowdworks", client="52")} == set(of_one)
    with pytest.raises(NothingKnown):
        report(history, START, site="crowdworks", finding="none")


def test_a_report_tells_what_happened_in_its_order_with_the_sites_own_terms(history: History) -> None:
    source = {"url": "https://crowdworks.jp/faq", "checked": "2026-11-24"}
    ours = Source(name=Text(ja="クラウドワークス「違反のお仕事とは」", en="CrowdWorks: rules"), **source)
    law = Source(name=Text(ja="フリーランス・事業者間取引適正化等法 第4条", en="Freelance Act"), **source)
    others = Source(name=Text(ja="ランサーズ「サイト外取引行為とは」", en="Lancers: rules"), **source)
    story(history)
    warned = finding("work-before-escrow").model_copy(update={"sources": (ours, law, others), "report": True})
    history.record(seen(deal("delivered"), at=START + 8 * DAY, findings=(warned,)))
    files = {file.name: file.text for file in report(history, START + 9 * DAY, site="crowdworks", deal="7")}
    ja, en = files["report-ja.txt"], files["report-en.txt"]
    days = re.findall(r"^  (\d{4}-\d\d-\d\d) \d\d:\d\d  ", ja.partition("確認したこと")[0], re.MULTILINE)
    assert days == sorted(days)
    assert len(days) == 5
    assert "合意  30,000円" in ja
    assert "agreed  30,000 JPY" in en
    assert (
        "関係する規約・法律\n  クラウドワークス「違反のお仕事とは」  https://crowdworks.jp/faq（2026-11-24に確認）"
        in ja
    )
    assert "\n  Freelance Act\n" in en
    assert "ランサーズ" not in ja
    for name in ("report-ja.txt", "evidence.json"):
        assert hashlib.sha256(files[name].encode()).hexdigest() in files["report.html"]


def test_a_report_is_asked_for_by_the_page_that_one_looks_at(history: History) -> None:
    story(history)

    def told(**about: str) -> str:
        return report(history, START, site="crowdworks", **about)[0].text

    assert told(page="https://crowdworks.jp/contracts/1#top") == told(deal="7")
    one = told(page="https://crowdworks.jp/messages/1", rule="direct-contract")
    (warned,) = warnings(history)
    assert one == told(finding=str(warned.key))
    for about in ({"rule": "none", "page": "https://crowdworks.jp/messages/1"}, {"page": "https://crowdworks.jp/none"}):
        with pytest.raises(NothingKnown):
            told(**about)


def test_copies_of_pages_are_kept_once_bounded_and_go_with_their_client(history: History) -> None:
    for day in range(3):
        history.record(seen(deal("agreed"), at=START + day * DAY, findings=(finding("a"),), source=b"%d" % day))
    assert [copy.body for copy in history.copies("crowdworks", client="52")] == [b"0"], "the same warnings, once"
    history.record(seen(deal("agreed"), at=START + 3 * DAY, findings=(finding("b"),), source=b"3"))
    history.record(seen(deal("agreed"), at=START, findings=(finding("c"),), source=bytes(MOST_COPIED + 1)))
    assert [copy.body for copy in history.copies("crowdworks", deal="7")] == [b"3", b"0"]
    for number in range(MOST_COPIES):
        page = f"https://crowdworks.jp/contracts/{number + 100}"
        other = Contract(id=str(number), state="agreed", client=Client(id="53"))
        history.record(seen(other, at=START + 9 * DAY, page=page, findings=(finding("a"),), source=b"x"))
    assert history.copies("crowdworks", client="52") == [], "the oldest went"
    assert len(history.copies("crowdworks", client="53")) == MOST_COPIES
    history.forget_client("crowdworks", "53")
    assert history.copies("crowdworks", client="53") == []


def test_words_and_pages_are_deleted_and_warnings_stay(history: History) -> None:
    story(history)
    assert warnings(history)[0].quotes == []
    history.forget_words()
    assert history.copies("crowdworks", client="52") == []
    assert [row["body"] for row in history.rows("message")] == [None] * 6
    assert len(warnings(history)) == 1


def test_what_was_deleted_is_in_no_file(tmp_path: Path) -> None:
    history = History(open_file(tmp_path / "history.db")[0])
    story(history)
    secret = "青空企画制作所".encode()
    assert any(secret in file.read_bytes() for file in tmp_path.iterdir())
    history.forget_client("crowdworks", "52")
    history.close()
    assert not any(secret in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("site", [site.id for site in SITES])
def test_every_place_has_all_its_parts(site: str) -> None:
    place = place_on(site, None)
    assert place is not None
    assert all(
        (text.ja and text.en) for text in (place.name, place.operator, place.by, *([place.path] if place.path else []))
    )
    assert date(2026, 1, 1) <= place.verified
    assert (place.source is None) == (place.path is None), "a way is told with where it is published"
    for address in (place.url, place.source):
        assert address is None or urlsplit(address).path.strip("/"), "a front page takes no reports"


@pytest.mark.parametrize(
    ("site", "page", "button"),
    [
        ("crowdworks", "https://crowdworks.jp/public/jobs/1", "このページにある「この仕事を通報する」"),
        ("crowdworks", "https://crowdworks.jp/contracts/1", "「違反報告をする」"),
        ("lancers", "https://www.lancers.jp/work/detail/1", "このページにある「違反申告」"),
        ("coconala", "https://coconala.com/requests/1", None),
        ("craudia", "https://www.craudia.com/", None),
        ("crowdworks", "https://elsewhere.example/public/jobs/1", "仕事のページの「この仕事を通報する」か"),
    ],
)
def test_ux_01_a_report_names_the_button_of_the_page_that_is_open(site: str, page: str, button: str | None) -> None:
    place = place_on(site, page)
    assert place is not None
    assert (place.path is None) if button is None else (place.path is not None and button in place.path.ja)
    assert place.url is None, "no form was verified"


def open_page(*findings: Finding) -> PageVerdict:
    verdict = Verdict(state="danger", findings=findings, site="crowdworks", kind="thread", client=ClientRef(id="52"))
    return PageVerdict(url="https://crowdworks.jp/messages/1", judged_at=START + 9 * DAY, feed="proxy", verdict=verdict)


def test_ux_16_a_report_quotes_the_open_page_at_the_messages_time(history: History) -> None:
    story(history)  # keeps no words of warnings
    said = (Evidence(field="message.body", quote="直接契約でお願いします"),)
    warned = finding("direct-contract").model_copy(
        update={
            "report": True,
            "title": Text(ja="直接契約の誘いです", en="Direct"),
            "subject_id": "3",
            "evidence": said,
        }
    )
    quiet = finding("little-known-client").model_copy(
        update={"title": Text(ja="情報の少ない発注者です", en="Little")}
    )
    shown = open_page(warned, warned.model_copy(update={"subject_id": "4"}), quiet)
    ja, en = (
        file.text
        for file in report(
            history, START + 9 * DAY, site="crowdworks", page=shown.url, rule="direct-contract", shown=shown
        )[:2]
    )
    assert "2026-11-04 12:00 のメッセージ：「直接契約でお願いします」" in ja
    assert "message of 2026-11-05 12:00: 「直接契約でお願いします」" in en
    assert ja.count("  直接契約の誘いです\n") == 1, "a title once, with all its times"
    whole = report(history, START + 9 * DAY, site="crowdworks", page=shown.url, shown=shown)[0].text
    assert "情報の少ない" not in whole, "what is not worth a report is not told in the user's name"


def test_ux_16_a_report_can_be_made_of_an_open_page_alone(history: History) -> None:
    warned = finding("direct-contract").model_copy(update={"report": True})
    with pytest.raises(NothingKnown):
        report(history, START, site="crowdworks", page="https://crowdworks.jp/messages/1")
    shown = open_page(warned)
    text = report(history, START, site="crowdworks", page=shown.url, rule="direct-contract", shown=shown)[0].text
    assert "（ID 52）" in text
    assert "2026-11-10 12:00 のページ" in text


def test_ux_16_a_term_stands_once_however_many_warnings_rest_on_it(history: History) -> None:
    term = Source(
        name=Text(ja="クラウドワークス「違反」", en="CrowdWorks: rules"),
        url="https://crowdworks.jp/faq/1",
        checked="2026-11-24",
    )
    warned = [finding(rule).model_copy(update={"report": True, "sources": (term,)}) for rule in ("a", "b")]
    shown = open_page(*warned)
    text = report(history, START, site="crowdworks", page=shown.url, shown=shown)[0].text
    assert text.count("https://crowdworks.jp/faq/1") == 1


def test_every_help_has_all_its_parts() -> None:
    assert [each.reach for each in HELP] == ["https://freelance110.mhlw.go.jp/", "188", "#9110"]
    for each in HELP:
        assert each.url.startswith("https://")
        assert date(2026, 1, 1) <= each.verified
        assert all((each.name.ja, each.name.en, each.for_what.ja, each.for_what.en, each.by.ja, each.by.en))


def koban(*arguments: str, folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--state-dir", str(folder)])
    return result.exit_code, result.output


class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        history = History(open_file(tmp_path / "history.db")[0])
        story(history)
        history.set_note("crowdworks", "52", "返事が早い")
        history.close()
        return tmp_path

    def test_deals_clients_and_a_search(self, folder: Path) -> None:
        code, told = koban("history", folder=folder)
        assert (code, "crowdworks:7" in told, "青空企画" in told) == (0, True, True)
        code, told = koban("history", "--search", "商品ﾃﾞｰﾀ", folder=folder)
        assert "crowdworks:7" in told
        code, told = koban("history", "--search", "ない言葉", folder=folder)
        assert "crowdworks:7" not in told
        assert "見つかりません" in told

    def test_nothing_is_said_to_be_nothing(self, tmp_path: Path) -> None:
        code, told = koban("history", folder=tmp_path)
        assert (code, told.splitlines()) == (0, ["まだ何も記録していません / nothing is remembered yet"])

    def test_a_large_file_that_breaks_inside_is_said_without_a_trace(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("addon.history.database.CHECKED_WHOLE", 0)
        with closing(sqlite3.connect(folder / "history.db")) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            roots = [root for (root,) in file.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'contract'")]
        with (folder / "history.db").open("r+b") as broken:
            for root in roots:
                broken.seek((root - 1) * 4_096)
                broken.write(b"\xff" * 4_096)
        code, told = koban("history", folder=folder)
        assert (code, "the history fails: DatabaseError" in told, "Traceback" in told) == (2, True, False)

    def test_of_a_long_history_it_is_said_how_much_more_there_is(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(History(open_file(folder / "history.db")[0])) as history:
            many(history)
        monkeypatch.setattr("addon.cli.history.MOST_SHOWN", 2)
        _, told = koban("history", folder=folder)
        assert "ほか 4 件（--search で探せます）" in told
        _, told = koban("history", "--search", "入力 0", folder=folder)
        assert "crowdworks:0" in told

    def test_one_deal_and_one_client(self, folder: Path) -> None:
        code, told = koban("history", "--deal", "crowdworks:7", folder=folder)
        assert (code, "仮払い済み / escrow funded" in told, "（取り決め: 2）" in told) == (0, True, True)
        code, told = koban("history", "--client", "crowdworks:52", folder=folder)
        assert (code, "返事が早い" in told) == (0, True)
        assert koban("history", "--deal", "crowdworks:none", folder=folder)[0] == 2
        assert koban("history", "--deal", "7", folder=folder)[0] == 2

    @pytest.mark.parametrize("form", ["jsonl", "csv"])
    def test_all_of_it_is_written_out(self, folder: Path, form: str) -> None:
        assert koban("history", "--export", str(folder / "out"), "--form", form, folder=folder)[0] == 0
        text = (folder / "out" / f"message.{form}").read_text(encoding="utf-8")
        assert "納品しました。" in text
        assert len(text.splitlines()) == (6 if form == "jsonl" else 7)

    def test_remembering_is_stopped_and_goes_on(self, folder: Path) -> None:
        settings = folder / "settings.json"
        settings.write_text(json.dumps({"serve": {"api_port": 1}}))
        assert koban("history", "--pause", folder=folder)[0] == 0
        assert json.loads(settings.read_text())["history"]["enabled"] is False
        assert koban("history", "--resume", folder=folder)[0] == 0
        assert json.loads(settings.read_text())["history"]["enabled"] is True

    def test_forgetting_all_takes_what_was_set_aside_too(self, folder: Path) -> None:
        (folder / "history.broken-20260101T000000000000Z.db").write_bytes(b"broken")
        assert koban("history", "--forget", "all", "--yes", folder=folder)[0] == 0
        assert not list(folder.glob("history.broken-*"))

    @pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium")
    def test_a_report_as_pdf_is_named_in_the_manifest(self, folder: Path) -> None:
        to = folder / "report"
        assert koban("report", "--deal", "crowdworks:7", "--pdf", "--to", str(to), folder=folder)[0] == 0
        assert (to / "report.pdf").read_bytes().startswith(b"%PDF")
        assert "report.pdf" in {file["name"] for file in json.loads((to / "manifest.json").read_text())["files"]}
        assert koban("report", "--verify", str(to), folder=folder)[0] == 0
        (to / "report.pdf").write_bytes(b"%PDF another")
        assert koban("report", "--verify", str(to), folder=folder)[0] == 1

    def test_without_a_browser_it_is_said(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("addon.desktop.printing.find_browsers", lambda: ())
        code, told = koban("report", "--deal", "crowdworks:7", "--pdf", "--to", str(folder / "r"), folder=folder)
        assert (code, "report.html" in told) == (2, True)
        assert verify(folder / "r") == [], "the rest is there"


def test_the_page_on_the_history_names_every_table_and_column() -> None:
    from addon.history.schema import METADATA

    text = (Path(__file__).parents[3] / "docs" / "history.md").read_text(encoding="utf-8")
    told = {
        name: set(re.findall(r"`(\w+)`", columns))
        for name, columns in re.findall(r"^\| `(\w+)` \|.*?\| (.*) \|$", text, re.MULTILINE)
    }
    assert told == {table.name: {column.name for column in table.columns} for table in METADATA.tables.values()}


def many(history: History) -> None:
    """Five deals with five clients and a warning each, the last of them seen last."""
    for number in range(5):
        who = Client(id=str(number), name=f"発注者{number}")
        found = finding("direct-contract").model_copy(
            update={"evidence": (Evidence(field="message.body", quote=f"直接で {number}"),)}
        )
        page = f"https://crowdworks.jp/contracts/{number}"
        contract = Contract(
            id=str(number), state="agreed", client=who, title=f"ＡＢＣ商会の入力 {number}", due=START.date()
        )
        history.record(seen(contract, at=START + number * DAY, page=page, findings=(found,), texts=True))


def test_of_a_long_history_the_newest_are_shown_and_a_search_reaches_the_rest(history: History) -> None:
    many(history)
    found = newest_deals(history, limit=2)
    assert ([deal.id for deal in found.rows], found.more) == (["4", "3"], 3)
    who = newest_clients(history, limit=2)
    assert ([(each.id, each.deals, each.warnings) for each in who.rows], who.more) == ([("4", 1, 1), ("3", 1, 1)], 3)
    told = newest_warnings(history, limit=2)
    assert ([each.deal for each in told.rows], told.more) == (["4", "3"], 3)
    assert newest_deals(history, limit=5).more == 0
    assert [deal.id for deal in newest_deals(history, "abc 入力　0", limit=2).rows] == ["0"]
    assert [each.id for each in newest_clients(history, "発注者0", limit=2).rows] == ["0"]
    assert [each.deal for each in newest_warnings(history, "直接で ０", limit=2).rows] == ["0"]
    every = newest_deals(history, "商会", limit=2)
    assert ([deal.id for deal in every.rows], every.more) == (["4", "3"], 3)
    assert newest_warnings(history, "quotes", limit=2) == ([], 0), "what is searched is what is shown"


def test_due_dates_are_found_of_deals_that_were_not_seen_for_long(history: History) -> None:
    history.record(seen(deal("escrow-funded", due=date(2027, 6, 1)), at=START))
    history.record(seen(Contract(id="8", state="delivered"), at=START, page="https://crowdworks.jp/contracts/8"))
    history.record(seen(Contract(id="9", state="agreed"), at=START, page="https://crowdworks.jp/contracts/9"))
    assert [(due.deal, due.kind) for due in due_soon(history, date(2027, 5, 30))] == [("7", "work")]
    lawful = [("8", "law", START.date() + 60 * DAY)]
    assert [(due.deal, due.kind, due.day) for due in due_soon(history, START.date() + 85 * DAY)] == lawful
    assert due_soon(history, START.date() + 95 * DAY) == []


def test_a_client_is_known(history: History) -> None:
    story(history)
    who = known(history, "crowdworks", "52")
    assert who is not None
    assert (who.deals, who.paid, who.owed, who.warnings) == (1, 0, 1, 1)
