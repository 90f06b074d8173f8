"""Guru: what a person counts in real pages at ../shared, and the traps of the notes on its pages."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from extractors import PageChanged, UnknownPage, extract
from extractors.guru.words import job_number, job_url, money, pay, posted, quotes
from extractors.records import Client, Job, Money
from tests.extractors.saved_pages import PAGES, RECEIVED_AT, Case, dumped, page

LIST = "https://www.guru.com/d/jobs/"
CARDS = Case(PAGES / "guru/job-list/cards-and-template")
POSTING = Case(PAGES / "guru/job/posting-and-table")
SHOWN = Case(PAGES / "guru/job/shown-alone")


def real(shared: Path, name: str) -> bytes:
    return (shared / "sites" / "fixtures" / "guru" / name).read_bytes()


def jobs_in(body: bytes | str, url: str) -> list[Job]:
    records = extract(page(body, url)).records
    assert all(isinstance(record, Job) for record in records)
    return [record for record in records if isinstance(record, Job)]


def client_of(job: Job) -> Client:
    assert job.client is not None
    return job.client


# Real pages.


def test_a_real_list_as_a_person_counts_it(shared: Path) -> None:
    jobs = jobs_in(real(shared, "jobs-visitor-1.html"), LIST)
    assert [job.id for job in jobs] == ["2120954", "2120953", "2120949"]
    assert [job.applicants for job in jobs] == [1, 5, 3]
    assert {str(job.closes_at) for job in jobs} == {"2026-10-19"}
    assert [record.get("pay") for record in dumped(tuple(jobs))] == [
        {"kind": "fixed", "min": {"amount": 1000, "currency": "USD"}, "max": {"amount": 2500, "currency": "USD"}},
        {"kind": "fixed"},
        None,
    ]
    clients = [client_of(job) for job in jobs]
    assert [client.payment_verified for client in clients] == [True, None, None]
    assert [client.identity_verified for client in clients] == [None, True, None]
    assert [client.total_spent and int(client.total_spent.amount) for client in clients] == [None, None, 635]
    assert [client.feedback for client in clients] == [None, None, 1.0]
    assert [client.country for client in clients] == ["United States", "United States", "Canada"]


@pytest.mark.parametrize("address", ["jobs/automation-test-selenium-with-c/2101732", "work/detail/2101732"])
def test_a_real_job_page_as_a_person_counts_it(shared: Path, address: str) -> None:
    (job,) = jobs_in(real(shared, "job-detail-visitor-1.html"), f"https://www.guru.com/{address}")
    (record,) = dumped((job,))
    assert record["pay"] == {
        "kind": "fixed",
        "min": {"amount": 250, "currency": "USD"},
        "max": {"amount": 500, "currency": "USD"},
    }
    assert (job.id, job.applicants, job.hires, str(job.closes_at)) == ("2101732", 16, 0, "2025-04-20")
    client = client_of(job)
    assert (client.reviews, client.feedback, client.job_offers_posted, client.jobs_paid) == (0, None, 2, 0)
    assert client.total_spent == Money(amount=Decimal(0), currency="USD")
    assert (client.payment_verified, client.country) == (None, "United States")
    assert job.body is not None
    assert job.body.splitlines()[-1] == "3. Test Automation for API testing"


# The traps of the notes, by their number.


def test_trap_1_a_client_without_an_icon_is_unknown() -> None:
    body = CARDS.body.decode()
    assert client_of(jobs_in(body, LIST)[0]).payment_verified is True
    spent = client_of(jobs_in(body, LIST)[2])
    assert (spent.payment_verified, spent.identity_verified, spent.feedback) == (None, None, 1.0)
    assert client_of(jobs_in(body.replace("Payment Method Verified", "Favourite"), LIST)[0]).payment_verified is None


def test_trap_2_the_hidden_template_of_cards_is_no_job() -> None:
    assert "Pay a fee to start" in CARDS.body.decode()
    assert [job.id for job in jobs_in(CARDS.body, LIST)] == ["2130001", "2130002", "2130003"]
    body = CARDS.body.decode()
    template = body[: body.index("<!-- SERVER SIDE")]
    with pytest.raises(PageChanged):
        extract(page(template, LIST))


@pytest.mark.parametrize(
    ("cell", "reviews", "feedback"),
    [
        ('<span v-if=" 0.0 === 0 ">No Feedback</span><span v-if=" 0.0 !== 0 "> 0.0% </span>', 0, None),
        ('<span v-if=" 88.5 === 0 ">No Feedback</span><span v-if=" 88.5 !== 0 "> 88.5% </span>', None, 0.885),
        ("<span>No Feedback</span>", 0, None),
        ("<span> 100% </span>", None, 1.0),
        ("<span> 0.0% </span>", None, 0.0),
        ("<span>New</span>", None, None),
        ("<span>No Feedback</span><span>soon</span>", None, None),
        ("", None, None),
    ],
)
def test_trap_3_of_two_branches_the_percentage_decides(cell: str, reviews: int | None, feedback: float | None) -> None:
    body = SHOWN.body.decode().replace("<span>No Feedback</span>", cell)
    client = client_of(jobs_in(body, SHOWN.page.url)[0])
    assert (client.reviews, client.feedback) == (reviews, feedback)


def test_trap_4_the_salary_of_a_year_in_the_posting_is_no_pay() -> None:
    body = POSTING.body.decode()
    assert '"unitText" :"YEAR"' in body
    (job,) = jobs_in(body, POSTING.page.url)
    assert job.pay is not None
    assert job.pay.kind == "fixed"
    (job,) = jobs_in(body.replace("jobHeading__budget", "jobHeading__x"), POSTING.page.url)
    assert job.pay is None


def test_an_accepted_agreement_or_a_workroom_is_not_pretended() -> None:
    for path in ("/pro/workroom/1", "/pro/messages", "/safePay/", "/work/agreement/1", "/jobs/", "/d/freelancers/"):
        with pytest.raises(UnknownPage):
            extract(page("<p>Agreement accepted. SafePay balance $500</p>", f"https://www.guru.com{path}"))


def test_the_wall_of_the_site_is_no_page_of_it() -> None:
    wall = (
        '<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><iframe src="/_Incapsula_Resource"></iframe>'
    )
    for url in (LIST, POSTING.page.url):
        with pytest.raises(PageChanged):
            extract(page(wall, url))


# Words.


@pytest.mark.parametrize(
    ("parts", "kind", "low", "high"),
    [
        (["Fixed Price", "$1k-$2.5k", "United States"], "fixed", 1000, 2500),
        (["Fixed Price", "$250-$500"], "fixed", 250, 500),
        (["Fixed Price", "Under $250"], "fixed", None, 250),
        (["Fixed Price", "$25k+"], "fixed", 25000, None),
        (["Fixed Price", "Over $1m"], "fixed", 1_000_000, None),
        (["Hourly", "$10 - $25", "10-30 hrs/wk", "1-3 months"], "hourly", 10, 25),
        (["Hourly", "$1,250.50"], "hourly", 1250.5, 1250.5),
        (["Fixed Price"], "fixed", None, None),
        (["Fixed Price", "India"], "fixed", None, None),
    ],
)
def test_budgets(parts: list[str], kind: str, low: float | None, high: float | None) -> None:
    found = pay(parts)
    assert found is not None
    assert found.kind == kind
    assert [bound and float(bound.amount) for bound in (found.min, found.max)] == [low, high]
    assert {bound.currency for bound in (found.min, found.max) if bound} <= {"USD"}


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [""],
        ["Fixed Price or Hourly"],
        ["Fixed Price", "C$250"],
        ["Fixed Price", "$500-$250"],
        ["Fixed Price", "$1", "$2"],
        ["Hourly", "$ten"],
        ["Fixed Price", "$1.2.3"],
        ["Fixed Price", "$1,23"],
        ["Weekly", "$10"],
    ],
)
def test_budgets_that_are_not_understood(parts: list[str]) -> None:
    assert pay(parts) is None


@pytest.mark.parametrize(
    ("text", "amount"), [("$0", 0), ("635", 635), ("$12,400", 12400), ("1.5k", 1500), (" $2M ", 2_000_000)]
)
def test_amounts(text: str, amount: int) -> None:
    assert money(text) == Money(amount=Decimal(amount), currency="USD")


@pytest.mark.parametrize("text", ["", "$", "much", "$1-$2", "-5", "9" * 300])
def test_what_is_no_amount(text: str) -> None:
    assert money(text) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("3 hrs ago", "2026-11-24 09:00:00+09:00"),
        ("1 hr ago", "2026-11-24 11:00:00+09:00"),
        ("20 mins ago", "2026-11-24 11:40:00+09:00"),
        ("35 Days Ago", "2026-10-20"),
        ("on Sep 17, 2026", "2026-09-17"),
        ("recently", "None"),
    ],
)
def test_times(text: str, when: str) -> None:
    assert str(posted(text, RECEIVED_AT)) == when


def test_numbers_and_addresses_of_jobs() -> None:
    assert job_number("/jobs/captions/2130001&SearchUrl=search.aspx?") == "2130001"
    assert job_url("/jobs/captions/2130001&SearchUrl=search.aspx?") == "https://www.guru.com/jobs/captions/2130001"
    assert job_url("/work/detail/2130001?apply=true") == "https://www.guru.com/work/detail/2130001"
    assert job_number("https://www.guru.com.example/jobs/captions/2130001") is None
    assert quotes("16 quotes received") == 16
    assert quotes("No quotes yet") is None


# Changes.


def test_a_row_that_was_renamed_beside_others_is_said() -> None:
    body = SHOWN.body.decode().replace("<td>Jobs Paid</td>", "<td>Jobs Settled</td>")
    assert client_of(jobs_in(body, SHOWN.page.url)[0]).unread == ("jobs_paid",)
    body = SHOWN.body.decode().replace("<tr><td>Jobs Paid</td><td> <strong>0</strong> </td></tr>", "")
    assert client_of(jobs_in(body, SHOWN.page.url)[0]).unread is None


def test_the_posting_of_another_job_is_not_read() -> None:
    body = POSTING.body.decode().replace('"Value" :"2130001"', '"Value" :"2130009"')
    body = body.replace('"title" :"Captions', '"title" :"Another').replace(
        '"description" :"Nine', '"description" :"Ten'
    )
    (job,) = jobs_in(body, POSTING.page.url)
    assert job.title == "Captions for Old Postcards"
    assert job.posted_at == date(2026, 11, 20)
    assert job.body is not None
    assert job.body.splitlines()[0] == "Nine hundred postcards of harbours, one line each."
    assert "Show more" not in job.body


@pytest.mark.parametrize(
    ("case", "removed"),
    [
        (CARDS, ("data-gid", "jobRecord")),
        (CARDS, ("jobRecord__title", "/jobs/")),
        (SHOWN, ("<h1",)),
        (SHOWN, ("jobDetails__description",)),
        (SHOWN, ("jobDetails__employer",)),
    ],
)
def test_a_page_without_what_makes_it_one_has_changed(case: Case, removed: tuple[str, ...]) -> None:
    body = case.body.decode()
    for words in removed:
        assert words in body
        body = body.replace(words, words[0] + words[1:][::-1])
    with pytest.raises(PageChanged) as changed:
        extract(page(body, case.page.url))
    assert changed.value.kind == case.kind


def test_a_card_without_its_number_is_known_by_its_link() -> None:
    body = CARDS.body.decode().replace(" data-gid=", " data-id=")
    assert [job.id for job in jobs_in(body, LIST)] == ["2130001", "2130002", "2130003"]


def test_no_job_found_is_an_empty_list() -> None:
    assert jobs_in("<h2>We have 0 freelance jobs online.</h2>", LIST) == []
