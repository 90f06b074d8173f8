"""PeoplePerHour: what a person counts in the real list at ../shared, and the traps of the notes on its pages."""

import json
from pathlib import Path
from typing import Any

import pytest

from extractors import PageChanged, UnknownPage, extract
from extractors.peopleperhour.jobs import job_number
from extractors.peopleperhour.state import state_in
from extractors.records import Job
from tests.extractors.saved_pages import PAGES, Case, dumped, page

LIST = "https://www.peopleperhour.com/freelance-jobs"
BOTH = Case(PAGES / "peopleperhour/job-list/data-and-cards")
DRAWN = Case(PAGES / "peopleperhour/job-list/another-page-drawn")


def jobs_in(body: bytes | str, url: str = LIST) -> list[Job]:
    records = extract(page(body, url)).records
    assert all(isinstance(record, Job) for record in records)
    return [record for record in records if isinstance(record, Job)]


def script(*projects: dict[str, Any]) -> str:
    """A page with the data of some projects, and other statements behind it."""
    numbered = {str(row["proj_id"]): {"attributes": row} for row in projects}
    state = {
        "freelanceJobs": {"main": {"data": [{"id": number} for number in numbered]}},
        "entities": {"projects": numbered},
    }
    assigned = f"window.PPHReact={{}};window.PPHReact.initialState={json.dumps(state)};"
    return f"<body><script>{assigned}window.PPHReact.data={{f:function(){{}}}};</script>"


def test_a_real_list_as_a_person_counts_it(shared: Path) -> None:
    jobs = jobs_in((shared / "sites/fixtures/peopleperhour/jobs-1.html").read_bytes())
    assert len(jobs) == 6
    assert [job.pay and job.pay.kind for job in jobs].count("hourly") == 2
    pays = [record["pay"]["max"] for record in dumped(tuple(jobs))]
    assert [(bound["amount"], bound["currency"]) for bound in pays] == [
        (40, "GBP"),
        (300, "GBP"),
        (600, "USD"),
        (275, "GBP"),
        (6, "GBP"),
        (40, "GBP"),
    ]
    assert [job.applicants for job in jobs] == [4, 17, 14, 10, 26, 41]
    assert all(job.open for job in jobs)
    assert str(jobs[0].posted_at) == "2026-09-17 09:02:26+00:00"
    assert {job.client and job.client.name for job in jobs} == {"Client C."}


def test_trap_the_price_of_a_card_is_in_the_viewers_currency_and_is_not_read() -> None:
    assert "$54/hr" in BOTH.body.decode()
    (first, *_) = dumped(tuple(jobs_in(BOTH.body)))
    assert first["pay"]["max"] == {"amount": 40, "currency": "GBP"}
    without = BOTH.body.decode().replace("window.PPHReact.initialState", "window.PPHReact.other")
    assert [job.pay for job in jobs_in(without)] == [None, None]


def test_prefunded_is_no_amount_that_is_held() -> None:
    prefunded = jobs_in(BOTH.body)[1]
    assert "prefunded" not in prefunded.model_dump_json()
    assert prefunded.client is not None
    assert prefunded.client.deposit_made is None


def test_the_data_is_read_up_to_its_end_and_nothing_behind_it_is_run() -> None:
    (job,) = jobs_in(script({"proj_id": 4600001, "title": 'A};window.x={"b"'}))
    assert job.title == 'A};window.x={"b"'
    assert state_in('window.PPHReact={};window.PPHReact.initialState={"a": 1};window.PPHReact.data={x:1}') == {"a": 1}
    assert state_in(' window.PPHReact = {} ;\n window.PPHReact.initialState = {"a": [1, 2]}') == {"a": [1, 2]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "window.PPHReact.initialState=",
        "window.PPHReact.initialState=null;",
        "window.PPHReact.initialState=[1];",
        "window.PPHReact.initialState={a:1};",
        'window.PPHReact.initialState={"a":1',
        'window.PPHReact.initialState={"a":' * 3000,
        'window.PPHReact.initialState={"a":' + "[" * 100_000,
        'var words = "window.PPHReact.initialState={}";',
        '{"text": "window.PPHReact.initialState={}"}',
    ],
)
def test_what_is_no_data(text: str) -> None:
    assert state_in(text) is None


def test_what_a_client_writes_is_not_taken_for_the_data() -> None:
    posting = '<script type="application/ld+json">{"d": "window.PPHReact.initialState={}"}</script>'
    (job,) = jobs_in(posting + script({"proj_id": 4600001, "title": "Edit a Guide"}))
    assert job.title == "Edit a Guide"


@pytest.mark.parametrize(
    ("attributes", "pay"),
    [
        ({"budget": 40, "currency": "GBP", "project_type": "hourly"}, ("hourly", 40, "GBP")),
        ({"budget": 0, "currency": "GBP", "project_type": "hourly"}, ("hourly", None, None)),
        ({"budget": None, "project_type": "fixed_price"}, ("fixed", None, None)),
        ({"budget": 40, "project_type": "hourly"}, None),
        ({"currency": "GBP", "project_type": "hourly"}, None),
        ({"budget": 40, "currency": "GBP", "project_type": "offer"}, None),
        ({"budget": 40, "currency": "GBP"}, None),
    ],
)
def test_budgets(attributes: dict[str, Any], pay: tuple[str, int | None, str | None] | None) -> None:
    (job,) = jobs_in(script({"proj_id": 4600001, "title": "Edit a Guide", **attributes}))
    found = (
        None
        if job.pay is None
        else (job.pay.kind, job.pay.max and job.pay.max.amount, job.pay.max and job.pay.max.currency)
    )
    assert found == pay


def test_the_cards_of_another_page_count_alone() -> None:
    assert [job.id for job in jobs_in(DRAWN.body, DRAWN.page.url)] == ["4600021", "4600022"]


def test_advertised_jobs_are_no_part_of_the_list() -> None:
    assert "4600009" in BOTH.body.decode()
    assert "4600009" not in [job.id for job in jobs_in(BOTH.body)]


@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/seller", "/workstream/1", "/site/login", "/"])
def test_pages_of_which_nothing_is_known_are_not_pretended(path: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page("<p>Escrow account: deposit requested</p>", f"https://www.peopleperhour.com{path}"))


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/freelance-jobs/design/logo-design/sign-for-a-bakery-4600002", "4600002"),
        ("https://www.peopleperhour.com/job/sign-for-a-bakery-4600002?ref=x", "4600002"),
        ("/freelance-jobs", None),
        ("/freelance-jobs/design/logo-design", None),
        ("https://www.peopleperhour.com.example/job/sign-4600002", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_of_jobs(address: str | None, number: str | None) -> None:
    assert job_number(address) == number


@pytest.mark.parametrize(
    ("name", "removed"),
    [
        ("job-list/data-and-cards", ("initialState", "item--container")),
        ("job-list/data-and-cards", ("initialState", "/freelance-jobs/")),
        ("job-list/another-page-drawn", ("item--container",)),
        ("job/old-page", ("<h1",)),
        ("job/old-page", ("project-description",)),
        ("job/by-its-data", ("proj_desc",)),
    ],
)
def test_a_page_without_what_makes_it_one_has_changed(name: str, removed: tuple[str, ...]) -> None:
    case = Case(PAGES / "peopleperhour" / name)
    body = case.body.decode()
    for words in removed:
        assert words in body
        body = body.replace(words, words[0] + words[1:][::-1])
    with pytest.raises(PageChanged) as changed:
        extract(page(body, case.page.url))
    assert changed.value.kind == case.kind
