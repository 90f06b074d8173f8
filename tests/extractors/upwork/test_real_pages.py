"""Every file of Upwork at ../shared, as a person counts it there: with the page's data, and by what is drawn alone."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from extractors import extract
from extractors.records import Client, Contract, Job, Thread
from tests.extractors.saved_pages import page

SITE = "https://www.upwork.com"
SEARCH = f"{SITE}/nx/search/jobs/?q=x"
SLIDER = f"{SITE}/nx/search/jobs/details/~021900000000000000001"
VISITORS = f"{SITE}/freelance-jobs/apply/x_~021900000000000000001/"
UNVERIFIED = f"{SITE}/jobs/Engineer_~021862546399160652343/"
VERIFIED = f"{SITE}/jobs/Developer_~0143ef12fa7071784f/"
API = f"{SITE}/api/graphql/v1?alias="


@pytest.fixture(scope="session")
def fixtures(shared: Path) -> Path:
    return shared / "sites" / "fixtures"


def records(path: Path, url: str, *, drawn: bool = False) -> tuple[Any, ...]:
    """The records of a file. drawn: without the data that the page carries for its scripts."""
    body = path.read_text("utf-8")
    return extract(page(body.replace("__NUXT__", "__OTHER__") if drawn else body, url)).records


def jobs(fixtures: Path, name: str, url: str, *, drawn: bool = False) -> list[Job]:
    found = records(fixtures / "upwork" / name, url, drawn=drawn)
    assert all(isinstance(record, Job) for record in found)
    return list(found)


def clients(offers: list[Job]) -> list[Client]:
    return [offer.client for offer in offers if offer.client is not None]


def bounds(job: Job) -> tuple[str, float | None, float | None]:
    assert job.pay is not None
    assert {money.currency for money in (job.pay.min, job.pay.max) if money is not None} <= {"USD"}
    low, high = (None if money is None else float(money.amount) for money in (job.pay.min, job.pay.max))
    return job.pay.kind, low, high


def spent(client: Client) -> float | None:
    return None if client.total_spent is None else float(client.total_spent.amount)


@pytest.mark.parametrize("drawn", [False, True])
def test_search_of_2024(fixtures: Path, drawn: bool) -> None:
    found = jobs(fixtures, "job-search-user-unverified-1.html", SEARCH, drawn=drawn)
    assert len(found) == 6
    assert Counter(client.payment_verified for client in clients(found)) == {True: 4, False: 2}
    fixed = [bounds(job)[1] for job in found if bounds(job)[0] == "fixed"]
    assert sorted(price for price in fixed if price is not None) == [200, 2000, 2500]
    assert [bounds(job)[1:] for job in found if bounds(job)[0] == "hourly"] == [(15, 30), (None, None), (40, 100)]
    assert [client.country for client in clients(found)] == [
        "Denmark",
        "Netherlands",
        "India",
        "India",
        "Germany",
        "India",
    ]
    assert all(job.body for job in found)
    assert "<span" not in (found[0].body or "")


def test_search_of_2024_by_its_data(fixtures: Path) -> None:
    found = clients(jobs(fixtures, "job-search-user-unverified-1.html", SEARCH))
    assert [(client.rating, client.reviews) for client in found] == [(4.85, 55), *[(None, 0)] * 4, (4.98, 17)]
    assert (spent(found[0]), spent(found[5])) == (69863.98, 837.83)


@pytest.mark.parametrize("drawn", [False, True])
def test_search_of_2025(fixtures: Path, drawn: bool) -> None:
    found = jobs(fixtures, "job-search-user-2025-1.html", SEARCH, drawn=drawn)
    assert len(found) == 4
    # The second client keeps to itself what was spent.
    assert [spent(client) for client in clients(found)] == (
        [30_000, None, 500, 0] if drawn else [33075.6, None, 500, 0]
    )
    assert [client.country for client in clients(found)] == ["United States", "Germany", "United States", "Vietnam"]
    assert clients(found)[1].reviews == (None if drawn else 99)


@pytest.mark.parametrize("drawn", [False, True])
def test_search_of_2026(fixtures: Path, drawn: bool) -> None:
    found = jobs(fixtures, "job-search-user-2026-1.html", SEARCH, drawn=drawn)
    assert [bounds(job) for job in found] == [
        ("hourly", 20, 45),
        ("hourly", 35, 80),
        ("fixed", 1000, 1000),
        ("fixed", 350, 350),
    ]
    assert [client.payment_verified for client in clients(found)] == [True] * 4
    assert [client.country for client in clients(found)] == ["Kenya", "Mexico", "Paraguay", "Australia"]
    assert [spent(client) for client in clients(found)][:2] == [0, 0]
    assert [client.reviews for client in clients(found)][:2] == ([None, None] if drawn else [0, 0])


def test_feed(fixtures: Path) -> None:
    found = jobs(fixtures, "feed-user-1.html", f"{SITE}/nx/find-work/most-recent")
    assert [bounds(job) for job in found] == [("fixed", 650, 650), ("fixed", 10, 10)]
    assert [(client.payment_verified, spent(client)) for client in clients(found)] == [(True, 0)] * 2
    assert [client.country for client in clients(found)] == ["United Arab Emirates", "Ukraine"]


@pytest.mark.parametrize("drawn", [False, True])
def test_a_job_page_of_an_unverified_client(fixtures: Path, drawn: bool) -> None:
    (job,) = jobs(fixtures, "job-detail-user-unverified-1.html", UNVERIFIED, drawn=drawn)
    assert job.title == "QA Engineer Miami Based Company"
    assert bounds(job) == ("hourly", 10, 10)
    assert job.unread is None
    client = job.client
    assert client is not None
    assert (client.payment_verified, client.job_offers_posted, client.hire_rate) == (False, 1, 0.0)
    assert (client.total_spent, client.rating, str(client.member_since)) == (None, None, "2024-09-02")
    assert client.country == "United States"


@pytest.mark.parametrize("drawn", [False, True])
def test_a_job_page_of_a_verified_client(fixtures: Path, drawn: bool) -> None:
    (job,) = jobs(fixtures, "job-detail-user-verified-1.html", VERIFIED, drawn=drawn)
    assert bounds(job) == ("hourly", 10, 50)
    assert job.attachments == ("Job description.docx",)
    assert (job.body or "").count("?") == 1
    assert (job.body or "").endswith("Describe your recent experience with similar projects")
    client = job.client
    assert client is not None
    assert (client.payment_verified, client.rating, client.reviews) == (True, 4.89, 14)
    assert (client.job_offers_posted, client.contracts_made, client.hire_rate) == (14, 22, 0.93)
    assert spent(client) == (26_000 if drawn else 26176.58)
    assert (client.country, str(client.member_since)) == ("Denmark", "2019-02-13")


def test_the_box_of_a_slider(fixtures: Path) -> None:
    (job,) = jobs(fixtures, "job-detail-slider-2025-1.html", SLIDER)
    assert job.unread == ("title", "body")
    client = job.client
    assert client is not None
    assert (client.payment_verified, client.rating, client.reviews) == (True, 5.0, 10)
    assert (client.job_offers_posted, client.contracts_made, client.hire_rate) == (63, 20, 0.31)
    assert (spent(client), client.country, str(client.member_since)) == (74_000, "United Kingdom", "2014-02-17")


@pytest.mark.parametrize(
    ("name", "country", "since", "total", "hires"),
    [
        ("job-detail-visitor-1.html", "Australia", "2025-08-01", None, None),
        ("job-detail-visitor-2.html", "Bangladesh", "2025-07-03", None, None),
        ("job-detail-visitor-3-established.html", "United States", "2024-08-01", 3_800, 80),
    ],
)
def test_what_visitors_see(
    fixtures: Path, name: str, country: str, since: str, total: float | None, hires: int | None
) -> None:
    (job,) = jobs(fixtures, name, VISITORS)
    client = job.client
    assert client is not None
    assert (client.country, str(client.member_since), spent(client), client.contracts_made) == (
        country,
        since,
        total,
        hires,
    )
    # Visitors are not shown whether a client has been verified.
    assert (client.payment_verified, client.job_offers_posted, client.rating) == (None, None, None)


def test_answers_to_searches(fixtures: Path) -> None:
    (job,) = jobs(fixtures, "gql-job-search-1.json", f"{API}userJobSearch")
    assert (bounds(job), job.applicants) == (("fixed", 75, 75), 13)
    found = jobs(fixtures, "gql-job-search-2.json", f"{API}userJobSearch")
    assert [client.payment_verified for client in clients(found)] == [True, True, True, False]
    assert not any("^" in (job.title or "") + (job.body or "") for job in found)
    assert found[0].title == "Senior Full Stack Developer for API Integration"
    assert clients(found)[0].country == "United States"


def test_answers_on_jobs(fixtures: Path) -> None:
    (job,) = jobs(fixtures, "gql-auth-job-details-1.json", f"{API}gql-query-get-auth-job-details")
    assert job.unread == ("title",)
    client = job.client
    assert client is not None
    assert (client.payment_verified, client.contracts_made, client.rating, client.reviews) == (True, 209, 4.99, 138)
    assert (client.hire_rate, client.job_offers_posted) == (None, None)
    (job,) = jobs(fixtures, "gql-auth-job-details-2.json", f"{API}gql-query-get-auth-job-details-v2")
    client = job.client
    assert client is not None
    assert (bounds(job), job.applicants, job.open) == (("hourly", 20, 40), 31, True)
    assert (client.job_offers_posted, client.contracts_made, client.hire_rate) == (45, 28, 26 / 45)
    assert (spent(client), str(client.member_since)) == (25158.39, "2022-03-17")


def test_shapes_of_rooms_and_messages(fixtures: Path) -> None:
    shapes = fixtures / "shapes"
    rooms = records(shapes / "upwork-rooms-shape.json", f"{SITE}/api/v3/rooms/rooms/simplified?limit=20")
    assert all(isinstance(room, Thread) for room in rooms)
    assert [[message.author_role for message in room.messages] for room in rooms] == [["client"], [None]]
    (thread,) = records(shapes / "upwork-stories-shape.json", f"{SITE}/api/v3/rooms/rooms/room_0a/stories/simplified")
    assert [(message.id, message.author_role) for message in thread.messages] == [
        ("story_a1", "system"),
        ("story_a2", None),
        ("story_a3", None),
    ]


def test_shape_of_milestones(fixtures: Path) -> None:
    found = records(fixtures / "shapes" / "upwork-contract-api-shape.json", f"{API}vendorContracts")
    assert all(isinstance(contract, Contract) for contract in found)
    assert [contract.state for contract in found] == ["escrow-funded", "agreed", None]
    assert [contract.funded_amount and float(contract.funded_amount.amount) for contract in found] == [200, 0, None]
