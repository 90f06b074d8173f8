"""The real pages of Shufti, Mamaworks and Craudia at ../shared, and what corrections to public notes say of them."""

import json
from pathlib import Path

import pytest

from extractors import PageChanged, extract
from extractors.records import Job
from tests.extractors.saved_pages import PAGES, Case, dumped, page

SHUFTI = "https://internal.shufti.jp/api/v1/guest/jobs?page=1"
MAMAWORKS = "https://mamaworks.jp/jobs"
CRAUDIA = "https://www.craudia.com/work_list"


def real(shared: Path, name: str, url: str) -> list[Job]:
    records = extract(page((shared / "sites" / "fixtures" / "other" / name).read_bytes(), url, "")).records
    assert all(isinstance(record, Job) for record in records)
    return [record for record in records if isinstance(record, Job)]


def test_shufti(shared: Path) -> None:
    first, second = dumped(tuple(real(shared, "shufti-api-joblist-1.json", SHUFTI)))
    assert (first["id"], first["client"], first["closes_at"]) == (
        "386479",
        {"id": "1", "name": "client_1"},
        "2026-12-01",
    )
    assert first["pay"]["kind"] == "per-task"
    assert first["pay"]["max"]["amount"] == 100
    assert (second["pay"]["kind"], second["pay"]["max"]["amount"]) == ("fixed", 5000)
    assert "openings" not in first


def test_mamaworks(shared: Path) -> None:
    (job,) = real(shared, "mamaworks-joblist-1.html", MAMAWORKS)
    assert (job.id, job.url) == ("37742", "https://mamaworks.jp/job/37742")
    assert job.title is not None
    assert job.title.startswith("【経理/労務】ブランクOK")
    assert job.body is not None
    assert job.body.splitlines()[0] == "◆募集背景"
    assert (job.category, str(job.posted_at), str(job.closes_at)) == ("経理、労務", "2026-06-18", "2026-09-30")
    assert job.pay is not None
    assert job.pay.min is not None
    assert job.pay.max is not None
    assert (job.pay.kind, job.pay.min.amount, job.pay.max.amount, job.pay.tax_included) == ("hourly", 1500, 2500, True)
    assert job.client is not None
    assert job.client.id == "5970"


def test_craudia(shared: Path) -> None:
    asked, ended = real(shared, "craudia-joblist-1.html", CRAUDIA)
    assert (asked.id, asked.category, asked.applicants, asked.open) == ("fpp5936", "電話サポート", 0, True)
    assert asked.pay is not None
    assert (asked.pay.kind, asked.pay.min, asked.pay.max) == ("fixed", None, None)
    assert str(asked.closes_at) == "2026-12-20"
    assert (ended.id, ended.open, ended.closes_at, ended.quantity) == ("lut1018", False, None, 10)
    assert ended.client is not None
    assert (ended.client.id, ended.client.name) == ("bbbbbb", "client_b")


LISTS = {
    "shufti/job-list/two-jobs": '"name"',
    "mamaworks/job-list/two-postings": 'schema.org/JobPosting"',
    "craudia/job-list/all-kinds": "work-list__item",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_whose_cards_are_gone_has_changed(name: str) -> None:
    case = Case(PAGES / name)
    changed = case.body.decode().replace(LISTS[name], "renamed")
    with pytest.raises(PageChanged):
        extract(page(changed, case.page.url))


def test_mamaworks_counts_twice() -> None:
    case = Case(PAGES / "mamaworks/job-list/two-postings")
    with pytest.raises(PageChanged):
        extract(page(case.body.decode().replace("mamaworks.jp/job/6000", "mamaworks.jp/job/9000", 2), case.page.url))


@pytest.mark.parametrize(
    ("name", "removed", "field"),
    [
        ("mamaworks/job-list/two-postings", '<input name="recruit_id" type="hidden" value="60001">', "id"),
        ("mamaworks/job-list/two-postings", ' itemprop="title"', "title"),
    ],
)
def test_the_next_place_answers_for_the_first(name: str, removed: str, field: str) -> None:
    case = Case(PAGES / name)
    assert removed in case.body.decode()
    read = dumped(extract(page(case.body.decode().replace(removed, "", 1), case.page.url)).records)
    assert read[0][field] == case.expected[0][field]


def test_each_card_can_be_found_again_in_its_page() -> None:
    for name in ("mamaworks/job-list/two-postings", "craudia/job-list/all-kinds"):
        for record in extract(Case(PAGES / name).page).records:
            assert isinstance(record, Job)
            assert record.sources["job"].startswith("a[href$=")
            assert str(record.id) in record.sources["job"]


def test_an_empty_answer_is_an_empty_list() -> None:
    assert extract(page(json.dumps({"data": []}), SHUFTI)).records == ()
