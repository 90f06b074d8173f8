"""Redesign drill: without the region that a field is read from, the fallback answers or the page is refused."""

import json
import re
from typing import Any

import pytest

from extractors import PageChanged, extract
from tests.extractors.saved_pages import PAGES, Case, dumped, page

CROWDWORKS = PAGES / "crowdworks"
TABLES = """<section class="client_detail_information"><a href="/public/employers/701">みずうみ編集部</a>
<span class="average-score">4.8</span>
<span class="identity_verified"></span><span class="employer_rule_check_succeeded"></span>
<table class="client_detail_table"><tr><th>募集実績</th><td>45 件</td></tr>
<tr><th>プロジェクト完了率</th><td>90 %</td></tr></table></section></body>"""


def without(body: str, *patterns: str) -> str:
    for pattern in patterns:
        shorter = re.sub(pattern, "", body, count=1, flags=re.DOTALL)
        assert shorter != body, f"nothing to remove: {pattern}"
        body = shorter
    return body


def renamed(body: str, *names: str) -> str:
    for name in names:
        assert name in body
        body = body.replace(name, f"new-{name[::-1]}")
    return body


def read(case: Case, body: str) -> list[dict[str, Any]]:
    return dumped(extract(page(body, case.page.url)).records)


JOB = Case(CROWDWORKS / "job" / "known-client")
BODY = JOB.body.decode()
CLIENT = r'<div id="client_detail_information_container".*?</div>'
POSTING = r'<script type="application/ld\+json">.*?</script>'


def test_without_the_clients_data_its_tables_answer() -> None:
    (job,) = read(JOB, without(BODY, CLIENT).replace("</body>", TABLES))
    (whole,) = JOB.expected
    # The tables round the rating, and hold no profile.
    whole["client"] = {k: v for k, v in whole["client"].items() if k != "profile"} | {"rating": 4.8}
    assert job == whole


def test_without_the_clients_data_and_tables_the_header_still_names_the_client() -> None:
    (job,) = read(JOB, without(BODY, CLIENT))
    assert job["client"] == {
        "id": "701",
        "name": "みずうみ編集部",
        "url": "https://crowdworks.jp/public/employers/701",
    }


def test_what_a_client_writes_is_not_read_as_what_the_site_says_of_them() -> None:
    claimed = "クライアント情報<br>うその名<br>本人確認済み<br>募集実績<br>999 件<br>この仕事の募集は終了しています"
    body = without(BODY, CLIENT).replace("月に4本ほどの記事です。", claimed)
    (job,) = read(JOB, body)
    assert job["client"].keys() == {"id", "name", "url"}
    assert job["client"]["name"] == "みずうみ編集部"
    assert "open" not in job


def test_without_any_client_the_page_is_refused() -> None:
    with pytest.raises(PageChanged) as changed:
        read(JOB, without(BODY, CLIENT, r'<div class="client_information">.*?</div>'))
    assert changed.value.missing == ("job.client",)


def test_without_the_machine_readable_dates_the_labels_answer() -> None:
    (job,) = read(JOB, without(BODY, POSTING))
    assert (job["posted_at"], job["closes_at"]) == ("2026-11-18", "2026-12-02")
    assert {k: v for k, v in job.items() if k != "posted_at"} == {
        k: v for k, v in JOB.expected[0].items() if k != "posted_at"
    }


@pytest.mark.parametrize(
    "names",
    [
        ('class="cw-table summary"',),
        ('class="application_status_table"', 'class="application_status"'),
        ('id="job_offer_detail"',),
        ('class="job_offer_detail_table"', 'class="detail_information"'),
        ('class="job_offer_summary"', 'class="cw-breadcrumb"', 'class="client_information"'),
    ],
)
def test_with_other_class_names_the_labels_answer(names: tuple[str, ...]) -> None:
    assert read(JOB, renamed(BODY, *names)) == JOB.expected


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        (r"<h1>.*?</h1>", "job.title"),
        (r'<table class="job_offer_detail_table">.*?</table>', "job.body"),
        (r'<table class="cw-table summary">.*?</table>', "job.pay"),
        (r'<section class="application_status">.*?</section>', "job.applicants"),
    ],
)
def test_without_a_required_region_the_page_is_refused(pattern: str, missing: str) -> None:
    with pytest.raises(PageChanged) as changed:
        read(JOB, without(BODY, pattern, POSTING))
    assert missing in changed.value.missing


def test_the_reader_that_answered_is_kept() -> None:
    (first,) = extract(JOB.page).records
    (second,) = extract(page(without(BODY, POSTING), JOB.page.url)).records
    assert first.sources["posted_at"] == 'script[type="application/ld+json"] .datePosted'
    assert second.sources["posted_at"].startswith("#job_offer_detail table.summary")


LIST = Case(CROWDWORKS / "job-list" / "all-pay-kinds")


@pytest.mark.parametrize(
    "names", [('id="vue-container"',), (' data="',), ("&quot;searchResult&quot;",), ("&quot;job_offers&quot;",)]
)
def test_a_list_without_its_data_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(PageChanged):
        read(LIST, renamed(LIST.body.decode(), *names))


def test_a_list_without_its_data_but_with_drawn_cards_is_read_from_the_cards() -> None:
    drawn = Case(CROWDWORKS / "job-list" / "drawn-by-the-browser")
    both = drawn.body.decode().replace("<body>", '<body><div id="vue-container" data="{broken"></div>')
    assert read(drawn, both) == drawn.expected


def test_rows_without_ids_are_refused() -> None:
    value = {"searchResult": {"job_offers": [{"job_offer": {"number": 1, "title": "表の整理"}}]}}
    with pytest.raises(PageChanged) as changed:
        read(LIST, json.dumps(value))
    assert changed.value.missing == ("job.id",)


@pytest.mark.parametrize(
    ("kind", "case", "names"),
    [
        ("client", "established", ("employer_profile_json", "public_employer_page_json")),
        ("client", "established", ("job_offer_achievement_count",)),
        ("thread", "messages-json", ('"messages"',)),
        ("thread", "messages-json", ('"body"',)),
        ("thread", "drawn-page", ("pack-message-thread", "_messageItem_")),
        ("contract-list", "four-states", ("/contracts/",)),
        ("contract-list", "four-states", ("仮払い待ち", "進行中", "検収中", "完了")),
        ("proposal-list", "two", ('class="proposals"',)),
        ("inbox", "answer", ('"items"',)),
        ("contract", "running-text", ("契約名", "契約金額", "仮払い")),
    ],
)
def test_without_its_region_a_page_is_refused(kind: str, case: str, names: tuple[str, ...]) -> None:
    saved = Case(CROWDWORKS / kind / case)
    with pytest.raises(PageChanged) as changed:
        read(saved, renamed(saved.body.decode(), *names))
    assert changed.value.kind == kind


def test_another_generation_of_hashed_class_names_changes_nothing() -> None:
    saved = Case(CROWDWORKS / "thread" / "drawn-page")
    assert read(saved, re.sub(r"_q1w2e_(\d)", r"_zz9yx_1\1", saved.body.decode())) == saved.expected
