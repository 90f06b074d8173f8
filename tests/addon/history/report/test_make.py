"""Reports to an operator."""

import hashlib
import html
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from addon.history.copies import copies
from addon.history.report.bundle import File, verify, write
from addon.history.report.facts import NothingKnown
from addon.history.report.make import report
from addon.history.store import History
from addon.history.warnings import warnings_given
from addon.verdicts.log import PageVerdict
from extractors.records import Client, Contract, Money
from rules.model import ClientRef, Evidence, Finding, Source, Text, Verdict
from rules.sites import DESCRIPTORS, SHIPPED_TERMS, Terms
from tests.addon.findings import finding
from tests.addon.history.conftest import START, foreign, seen
from tests.addon.history.story import DAY, PAGE, deal, story


def test_a_report_holds_facts_evidence_and_the_page_itself(history: History, tmp_path: Path) -> None:
    story(history)
    files = {file.name: file.text for file in report(history, START, site="crowdworks", deal="7", terms=SHIPPED_TERMS)}
    assert "修正の依頼がありました（2回目" in files["report-ja.txt"]
    assert files["page-1.txt"].encode() == PAGE
    (page,) = json.loads(files["evidence.json"])["pages"]
    assert page["sha256_as_received"] == hashlib.sha256(PAGE).hexdigest()
    assert "<script" not in files["report.html"]
    write(report(history, START, site="crowdworks", deal="7", terms=SHIPPED_TERMS), tmp_path / "bundle")
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
    (warned,) = warnings_given(history)
    of_one = {
        file.name: file.text
        for file in report(history, START, site="crowdworks", finding=warned.key, terms=SHIPPED_TERMS)
    }
    assert of_one["page-1.txt"].encode() == PAGE
    assert len(json.loads(of_one["evidence.json"])["warnings"]) == 1
    assert {file.name for file in report(history, START, site="crowdworks", client="52", terms=SHIPPED_TERMS)} == set(
        of_one
    )
    with pytest.raises(NothingKnown):
        report(history, START, site="crowdworks", finding="none", terms=SHIPPED_TERMS)


def test_a_report_tells_what_happened_in_its_order_with_the_sites_own_terms(history: History) -> None:
    source = {"url": "https://crowdworks.jp/faq", "checked": "2026-11-24"}
    ours = Source(name=Text(ja="クラウドワークス「違反のお仕事とは」", en="CrowdWorks: rules"), **source)
    law = Source(name=Text(ja="フリーランス・事業者間取引適正化等法 第4条", en="Freelance Act"), **source)
    others = Source(name=Text(ja="ランサーズ「サイト外取引行為とは」", en="Lancers: rules"), **source)
    story(history)
    warned = finding("work-before-escrow").model_copy(update={"sources": (ours, law, others), "report": True})
    history.record(seen(deal("delivered"), at=START + 8 * DAY, findings=(warned,)))
    files = {
        file.name: file.text
        for file in report(history, START + 9 * DAY, site="crowdworks", deal="7", terms=SHIPPED_TERMS)
    }
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

    def told(**about: Any) -> str:
        return report(history, START, site="crowdworks", **about, terms=SHIPPED_TERMS)[0].text

    assert told(page="https://crowdworks.jp/contracts/1#top") == told(deal="7")
    one = told(page="https://crowdworks.jp/messages/1", rule="direct-contract")
    (warned,) = warnings_given(history)
    assert one == told(finding=str(warned.key))
    for about in ({"rule": "none", "page": "https://crowdworks.jp/messages/1"}, {"page": "https://crowdworks.jp/none"}):
        with pytest.raises(NothingKnown):
            told(**about)


def open_page(*findings: Finding) -> PageVerdict:
    verdict = Verdict(state="danger", findings=findings, site="crowdworks", kind="thread", client=ClientRef(id="52"))
    return PageVerdict(url="https://crowdworks.jp/messages/1", judged_at=START + 9 * DAY, feed="proxy", verdict=verdict)


def report_on(history: History, shown: PageVerdict) -> list[File]:
    """A report on the one warning of an open page."""
    return report(
        history,
        START,
        site="crowdworks",
        page=shown.url,
        rule="direct-contract",
        page_verdict=shown,
        terms=SHIPPED_TERMS,
    )


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
    quiet = finding("little-known-client").model_copy(update={"title": Text(ja="情報の少ない発注者です", en="Little")})
    shown = open_page(warned, warned.model_copy(update={"subject_id": "4"}), quiet)
    ja, en = (
        file.text
        for file in report(
            history,
            START + 9 * DAY,
            site="crowdworks",
            page=shown.url,
            rule="direct-contract",
            page_verdict=shown,
            terms=SHIPPED_TERMS,
        )[:2]
    )
    assert "2026-11-04 12:00 のメッセージ：「直接契約でお願いします」" in ja
    assert "message of 2026-11-05 12:00: 「直接契約でお願いします」" in en
    assert ja.count("  直接契約の誘いです\n") == 1, "a title once, with all its times"
    whole = report(
        history, START + 9 * DAY, site="crowdworks", page=shown.url, page_verdict=shown, terms=SHIPPED_TERMS
    )[0].text
    assert "情報の少ない" not in whole, "what is not worth a report is not told in the user's name"


def test_a_report_names_the_site_s_own_time_to_answer_where_no_page_showed_its_first_day(history: History) -> None:
    history.record(foreign("upwork", Contract(id="7", state="escrow-funded", demand="refund", demand_by="client")))
    ja, en = (file.text for file in report(history, START + DAY, site="upwork", deal="7", terms=SHIPPED_TERMS)[:2])
    assert "  返金の申請に返答する期限は、受け取った日から7日です（その日は画面に表示されていません）。\n" in ja
    assert "  The answer to a request for a refund is due 7 days from the day on which it was received" in en
    none = Terms({"upwork": DESCRIPTORS["upwork"].model_copy(update={"deadlines": ()})})
    assert "refund" not in report(history, START + DAY, site="upwork", deal="7", terms=none)[1].text


def test_ux_16_a_report_can_be_made_of_an_open_page_alone(history: History) -> None:
    warned = finding("direct-contract").model_copy(update={"report": True})
    with pytest.raises(NothingKnown):
        report(history, START, site="crowdworks", page="https://crowdworks.jp/messages/1", terms=SHIPPED_TERMS)
    shown = open_page(warned)
    text = report_on(history, shown)[0].text
    assert "（ID 52）" in text
    assert "2026-11-10 12:00 のページ" in text


def test_a_report_on_a_page_of_nobody_shows_no_other_pages(history: History) -> None:
    other = seen(page="https://crowdworks.jp/public/jobs/other", kind="job-list", source=PAGE, texts=True)
    other = replace(other, verdict=other.verdict.model_copy(update={"state": "danger"}))
    history.record(other)
    assert copies(history.engine, "crowdworks")
    warned = finding("direct-contract").model_copy(update={"report": True})
    shown = open_page(warned)
    shown = shown.model_copy(update={"verdict": shown.verdict.model_copy(update={"client": None})})
    files = report_on(history, shown)
    assert not [file.name for file in files if file.name.startswith("page-")]


def test_ux_16_a_term_stands_once_however_many_warnings_rest_on_it(history: History) -> None:
    term = Source(
        name=Text(ja="クラウドワークス「違反」", en="CrowdWorks: rules"),
        url="https://crowdworks.jp/faq/1",
        checked="2026-11-24",
    )
    warned = [finding(rule).model_copy(update={"report": True, "sources": (term,)}) for rule in ("a", "b")]
    shown = open_page(*warned)
    text = report(history, START, site="crowdworks", page=shown.url, page_verdict=shown, terms=SHIPPED_TERMS)[0].text
    assert text.count("https://crowdworks.jp/faq/1") == 1


def test_a_report_says_until_when_the_site_waits_for_an_answer(history: History) -> None:
    asked = Contract(id="7", state="escrow-funded", demand="refund", demand_by="client", demanded_at=date(2026, 11, 20))
    history.record(foreign("upwork", asked))
    files = {file.name: file.text for file in report(history, START, site="upwork", deal="7", terms=SHIPPED_TERMS)}
    assert files["report-ja.txt"].startswith("Upworkのサポート ご担当者様")
    assert "2026-11-27：相手の申請に返答する期限です。" in files["report-ja.txt"]
    assert "2026-11-27: An answer to the other side is due." in files["report-en.txt"]


FRENCH = """À l’attention du support d’Upwork

Je vous signale ce qui suit et vous prie de bien vouloir l’examiner.

Client\u00a0: Northwind (ID 9)

Mission\u00a0: - (ID 7)
  2026-11-01 12:00  fonds sous séquestre  1 200 USD  https://www.upwork.com/contracts/7
  Le délai pour répondre à une demande de remboursement est de 7 jours à compter du jour de sa réception, \
qu’aucune page n’affiche.

Ce que j’ai constaté
  Demande de payer avant de gagner
    page du 2026-11-01 12:00\u00a0: «\u00a0Pay the fee first.\u00a0»
      https://www.upwork.com/contracts/7

Les dates et heures sont celles du Japon\u00a0: ouverture de la page, ou envoi du message.
"""


def foreign_deal(history: History, *titles: Text) -> None:
    """A deal on Upwork that the client wants money back from, with a warning for each title."""
    pay = Money(amount=Decimal(1_200), currency="USD")
    who = Client(id="9", name="Northwind")
    asked = Contract(id="7", state="escrow-funded", amount=pay, client=who, demand="refund", demand_by="client")
    said = (Evidence(field="message.body", quote="Pay the fee first."),)
    page = foreign("upwork", asked)
    update = {"report": True, "evidence": said}
    warned = [
        finding("fee-upfront").model_copy(update={**update, "title": title, "subject_id": str(number)})
        for number, title in enumerate(titles)
    ]
    verdict = page.verdict.model_copy(update={"findings": tuple(warned), "state": "danger"})
    history.record(replace(page, verdict=verdict, texts=True))


UPFRONT = Text(ja="報酬の前にお金を求められています", en="Asked to pay before you earn")


def test_issue_21_a_report_abroad_is_in_the_language_asked_for_too(history: History) -> None:
    foreign_deal(history, UPFRONT)
    plain = {
        file.name: file.text for file in report(history, START + DAY, site="upwork", deal="7", terms=SHIPPED_TERMS)
    }
    files = {
        file.name: file.text
        for file in report(history, START + DAY, site="upwork", deal="7", language="fr", terms=SHIPPED_TERMS)
    }
    assert list(files)[:3] == ["report-ja.txt", "report-en.txt", "report-fr.txt"]
    assert files["report-fr.txt"] == FRENCH
    unchanged = ("report-ja.txt", "report-en.txt", "evidence.json")
    assert [files[name] for name in unchanged] == [plain[name] for name in unchanged]
    printed = files["report.html"]
    assert html.escape(FRENCH) in printed
    for said in ("報告先 / Where to report / Où signaler", '<span lang="fr">Koban n’envoie ce signalement nulle part.'):
        assert said in printed
    assert "report-fr.txt" not in plain
    assert 'lang="fr"' not in plain["report.html"]


def test_issue_21_a_japanese_operator_is_written_to_as_before_in_any_language(history: History) -> None:
    story(history)
    before = report(history, START, site="crowdworks", deal="7", terms=SHIPPED_TERMS)
    assert report(history, START, site="crowdworks", deal="7", language="fr", terms=SHIPPED_TERMS) == before


def test_issue_21_a_warning_given_before_and_after_a_language_was_chosen_has_one_title(history: History) -> None:
    foreign_deal(history, UPFRONT, UPFRONT.also("es", "Petición de pagar antes de ganar"))
    ja, en, es = (
        f.text for f in report(history, START + DAY, site="upwork", deal="7", language="es", terms=SHIPPED_TERMS)[:3]
    )
    assert [ja.count(UPFRONT.ja), en.count(UPFRONT.en), es.count("Petición de pagar")] == [1, 1, 1]
    assert en.count("page of 2026-11-01") == 2, "each warning by itself below it"
