"""Every file of CrowdWorks at ../shared: real pages, exports of real pages, and shapes of pages never seen."""

import html
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors import PageChanged, extract
from extractors.records import AnyRecord, Contract, Job, Money, Thread
from tests.extractors.saved_pages import page

NEWEST = "https://crowdworks.jp/public/jobs?order=new"


@pytest.fixture(scope="session")
def real(shared: Path) -> Path:
    return shared / "sites" / "fixtures" / "crowdworks"


@pytest.fixture(scope="session")
def shapes(shared: Path) -> Path:
    return shared / "sites" / "fixtures" / "shapes"


def read(path: Path, url: str) -> tuple[AnyRecord, ...]:
    return extract(page(path.read_bytes(), url, "")).records


def jobs_of(path: Path, url: str = NEWEST) -> dict[str, Job]:
    records = read(path, url)
    assert all(isinstance(record, Job) for record in records)
    return {job.id: job for job in records if isinstance(job, Job) and job.id}


def bounds(job: Job) -> tuple[str, int | None, int | None]:
    assert job.pay is not None

    def whole(money: Money | None) -> int | None:
        return None if money is None else int(money.amount)

    return job.pay.kind, whole(job.pay.min), whole(job.pay.max)


def test_all_jobs_of_the_real_list(real: Path) -> None:
    found = jobs_of(real / "joblist-1.json")
    rows = json.loads((real / "joblist-1.json").read_text("utf-8"))["searchResult"]
    shown = [row for name in ("job_offers", "pr_diamond", "pr_platinum", "pr_gold") for row in rows[name]]
    assert len(rows["job_offers"]) == 50
    assert list(found) == [str(row["job_offer"]["id"]) for row in shown]
    for row in shown:
        job = found[str(row["job_offer"]["id"])]
        assert job.client is not None
        assert (job.client.id, job.client.name) == (str(row["client"]["user_id"]), row["client"]["username"])
        assert job.pay is not None
        assert job.title == row["job_offer"]["title"].strip()
        assert job.body
        assert job.posted_at is not None
        assert job.closes_at is not None
        assert job.open is True
    assert Counter(job.pay.kind for job in found.values() if job.pay) == {
        "fixed": 39,
        "per-task": 7,
        "hourly": 5,
        "per-character": 5,
        "contest": 1,
    }


def test_pay_of_the_real_list_by_hand(real: Path) -> None:
    found = jobs_of(real / "joblist-1.json")
    assert bounds(found["13086634"]) == ("per-character", 600, 600)
    assert found["13086634"].pay is not None
    assert found["13086634"].pay.characters_min == found["13086634"].pay.characters_max == 500
    assert bounds(found["13086632"]) == ("fixed", None, 5000)  # 0.0 / 5000.0
    assert bounds(found["13086627"]) == ("fixed", None, None)  # null / null
    assert bounds(found["13086623"]) == ("fixed", 3300, 3300)  # null / 3300.0
    assert bounds(found["13086561"]) == ("fixed", 1, 1)  # null / 1.0
    assert bounds(found["13086615"]) == ("contest", 6600, 6600)
    assert bounds(found["13086610"]) == ("per-task", 7, 7)
    assert found["13086610"].pay is not None
    assert (found["13086610"].pay.minutes, found["13086610"].quantity) == (19, 47)
    assert bounds(found["13074136"]) == ("hourly", 700, 1000)
    job = found["13070531"]
    assert (job.hires, job.openings, job.applicants) == (1, 1, 2)


def test_the_real_saved_page(real: Path) -> None:
    found = jobs_of(real / "joblist-2.html", "https://crowdworks.jp/public/jobs/category/16")
    assert list(found) == ["13426523", "13423464", "13235890"]
    assert bounds(found["13426523"]) == ("fixed", 100_000, 150_000)
    assert bounds(found["13423464"]) == ("fixed", None, None)
    job = found["13426523"]
    assert job.title == "ウェブサイトの新規コーディング"
    assert (job.hires, job.openings, job.applicants) == (0, 2, 27)
    assert str(job.posted_at) == "2026-09-03 16:41:21+09:00"
    assert str(job.closes_at) == "2026-09-17"
    assert job.sources["pay"] == "#vue-container[data] .searchResult.job_offers[].payment"
    assert "13426523" in job.sources["job"]


SCRAPED = {
    # id: pay, hires, openings, posted, closes; read from the cards' text
    "12156271": (("fixed", None, None), 0, 1, "2025-06-05", "2025-06-12"),
    "11895158": (("fixed", None, 5000), 3, 5, "2025-06-05", "2025-06-18"),
    "12155324": (("hourly", 1000, 1500), 0, 1, "2025-06-04", "2025-06-18"),
    "12155322": (("fixed", None, None), 0, 3, "2025-06-04", "2025-06-18"),
    "12131254": (("fixed", 250_000, 300_000), 72, 21, "2025-05-28", "2025-06-11"),
    "12146187": (("hourly", 2000, 3000), 4, 5, "2025-06-02", "2025-06-16"),
    "12156312": (("fixed", None, None), 0, 1, "2025-06-05", "2025-06-19"),
    "12155261": (("fixed", 11_000, 11_000), 0, 3, "2025-06-05", "2025-06-11"),
    "12154968": (("fixed", 8250, 8250), 0, 2, "2025-06-05", "2025-06-09"),
}


def test_scraped_lists(real: Path) -> None:
    found = jobs_of(real / "joblist-scraped-1.json") | jobs_of(real / "joblist-scraped-2.json")
    assert len(found) == 10
    for job_id, (pay, hires, openings, posted, closes) in SCRAPED.items():
        job = found[job_id]
        assert bounds(job) == pay
        assert (job.hires, job.openings) == (hires, openings)
        assert (str(job.posted_at), str(job.closes_at)) == (posted, closes)
        # The collector put the hires where the applicants belong, and made the client up.
        assert job.applicants is None
        assert job.client is None


def test_exported_details(real: Path) -> None:
    path = real / "details-221-anonymised.json"
    found = jobs_of(path)
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    assert len(found) == len(entries) == 221
    for entry in entries:
        job = found[str(entry["id"])]
        assert (job.pay is None) is (entry["reward"] is None)
        assert job.applicants == entry["application_count"]
        assert job.openings == entry["recruitment_count"]
        assert job.hires == entry["contract_count"]
        if entry["client"] is None:
            continue
        client = job.client
        assert client is not None
        assert client.job_offers_posted == entry["client"]["jobs_posted_count"] >= 1
        assert client.rating == (entry["client"]["rating"] or None)
        none_yet = entry["client"]["rating"] == 0 and entry["client"]["project_finished_rate"] == 0
        rate = None if none_yet else entry["client"]["project_finished_rate"] / 100
        assert client.completion_rate == rate
    forms = Counter((kind, low is None, high is None, low == high) for kind, low, high in map(bounds, paid(found)))
    assert forms == {
        ("fixed", False, False, False): 107,
        ("fixed", True, True, True): 46,
        ("hourly", False, False, False): 34,
        ("fixed", False, False, True): 20,
        ("fixed", True, False, False): 7,
        ("fixed", False, True, False): 4,
        ("hourly", False, True, False): 2,
    }


def paid(jobs: dict[str, Job]) -> list[Job]:
    return [job for job in jobs.values() if job.pay is not None]


def test_shape_of_the_job_page(shapes: Path) -> None:
    (job,) = read(shapes / "crowdworks-jobdetail-shape.html", "https://crowdworks.jp/public/jobs/13000000")
    assert isinstance(job, Job)
    assert (job.title, job.category, job.body) == ("TITLE", "CATEGORY", "本文\n本文")
    assert bounds(job) == ("fixed", 10_000, 50_000)
    assert (job.applicants, job.hires, job.openings) == (71, 0, 8)
    assert (str(job.posted_at), str(job.closes_at)) == ("2026-06-10 23:22:02+09:00", "2026-06-15")
    client = job.client
    assert client is not None
    assert (client.id, client.name, client.job_offers_posted) == ("3108232", "CLIENT", 1)
    # The data says "no rating yet", so the stars beside it are not asked.
    assert (client.rating, client.completion_rate) == (None, None)
    assert (client.identity_verified, client.rules_acknowledged) == (False, False)


def test_shape_of_the_client_as_text(shapes: Path) -> None:
    lines = (shapes / "crowdworks-clientinfo-text.txt").read_text("utf-8").splitlines()
    shape = (shapes / "crowdworks-jobdetail-shape.html").read_text("utf-8")
    start = shape.index('<div id="client_detail_information_container"')
    head = shape.index('<div class="client_information">')
    table = shape.index('<table class="cw-table summary">')
    text = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    body = shape[:head] + shape[table:start] + text + "</body></html>"
    (job,) = extract(page(body, "https://crowdworks.jp/public/jobs/13000000")).records
    assert isinstance(job, Job)
    client = job.client
    assert client is not None
    assert (client.name, client.rating, client.job_offers_posted) == ("TMY_STO", 4.9, 45)
    assert (client.identity_verified, client.rules_acknowledged) == (False, False)


@pytest.mark.parametrize("container", [None, "div", "tag"])
def test_shape_of_the_profile(shapes: Path, container: str | None) -> None:
    value = (shapes / "crowdworks-employer-shape.json").read_text("utf-8")
    bodies = {
        None: value,
        "div": f'<div id="vue-container" data="{html.escape(value)}"></div>',
        "tag": f'<vue-container data="{html.escape(value)}"></vue-container>',
    }
    client, *jobs = extract(page(bodies[container], "https://crowdworks.jp/public/employers/1")).records
    assert client.model_dump(exclude={"sources"}, exclude_none=True) == {
        "id": "1",
        "name": "CLIENT",
        "url": "https://crowdworks.jp/public/employers/1",
        "job_offers_posted": 45,
        "contracts_made": 22,
        "completion_rate": 0.9,
        "rating": 4.9,
        "reviews": 12,
        "identity_verified": False,
        "rules_acknowledged": False,
    }
    assert [job.id for job in jobs if isinstance(job, Job)] == ["1"]


def test_shape_of_the_messages(shapes: Path) -> None:
    value = json.loads((shapes / "crowdworks-messages-shape.json").read_text("utf-8"))
    url = "https://crowdworks.jp/message/threads/304340335/messages.json"
    for body in (json.dumps(value["b_messages_json"]), json.dumps(value)):
        (thread,) = extract(page(body, url)).records
        assert isinstance(thread, Thread)
        assert thread.id == "304340335"
        assert [(m.id, m.author_role, m.body) for m in thread.messages] == [
            ("426426361", "client", "buyer"),
            ("427573234", "client", "correction"),
        ]
        assert str(thread.messages[0].sent_at) == "2026-09-10 11:22:00+09:00"
    for body in (json.dumps(value["c_inbox"]), json.dumps(value)):
        (row,) = extract(page(body, "https://crowdworks.jp/api/v3/message/list?page=1")).records
        assert isinstance(row, Thread)
        assert (row.id, row.title) == ("303996182", "JOB TITLE")


def contract_shape(shapes: Path) -> dict[str, str]:
    """The alternatives of the contract shape, by the word that its comment begins with."""
    text = (shapes / "crowdworks-contract-shape.html").read_text("utf-8")
    parts = [part.partition("-->") for part in text.split("<!--")[2:]]
    return {comment.split()[0]: body for comment, _, body in parts}


def test_shape_of_the_contract_list(shapes: Path) -> None:
    records = read(shapes / "crowdworks-contract-shape.html", "https://crowdworks.jp/e/contracts?status=active")
    found = [(r.id, r.title, r.state, r.client.name if r.client else None) for r in records if isinstance(r, Contract)]
    assert found == [
        ("63568785", "教材フィードバック", "escrow-requested", "CLIENT"),
        ("63570481", "Webデザイン業務", "escrow-funded", "CLIENT2"),
        ("63570999", "入力作業", "delivered", "CLIENT3"),
    ]


def test_shape_of_the_contract_states(shapes: Path) -> None:
    parts = contract_shape(shapes)

    def contract(name: str, url: str) -> Contract:
        record = extract(page(parts[name], url)).records[0]
        assert isinstance(record, Contract)
        return record

    unfunded = contract("/contracts/63568785", "https://crowdworks.jp/contracts/63568785")
    assert (unfunded.state, unfunded.title) == ("escrow-requested", "教材フィードバック")
    assert unfunded.amount == Money(amount=Decimal(300))
    assert unfunded.client is not None
    assert unfunded.client.name == "CLIENT"
    assert contract("/contracts/63570481", "https://crowdworks.jp/contracts/63570481").state == "escrow-funded"
    assert contract("inspection", "https://crowdworks.jp/contracts/63570999").state == "delivered"
    proposal = contract("/proposals/{id}", "https://crowdworks.jp/proposals/371240103")
    assert (proposal.state, proposal.amount) == ("proposed", Money(amount=Decimal(12)))
    assert str(proposal.due) == "2026-09-30"


def test_a_shape_read_as_another_kind_is_no_page_of_that_kind(shapes: Path) -> None:
    with pytest.raises(PageChanged):
        read(shapes / "crowdworks-messages-shape.json", "https://crowdworks.jp/public/jobs/13000000")
    with pytest.raises(PageChanged):
        read(shapes / "crowdworks-jobdetail-shape.html", "https://crowdworks.jp/public/employers/1")
