"""Freelancer.com: what a person counts in real pages at ../shared, and the traps of the notes on its pages."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors import PageChanged, UnknownPage, extract, site_for
from extractors.freelancer.addresses import answer, project_path
from extractors.records import Client, Contract, Job, Money, Thread
from rules.lexicon import CONTRACT_STATES
from tests.extractors.saved_pages import PAGES, Case, dumped, page

LIST = "https://www.freelancer.com/jobs/software-testing/"
ACTIVE = "https://www.freelancer.com/api/projects/0.1/projects/active/?compact=true"
MESSAGES = "https://www.freelancer.com/api/messages/0.1/messages/?threads[]=100"
THREADS = "https://www.freelancer.com/api/messages/0.1/threads/"
MILESTONES = "https://www.freelancer.com/api/projects/0.1/milestones/?projects[]=4000001"
REQUESTS = "https://www.freelancer.com/api/projects/0.1/milestone_requests/?projects[]=4000001"
VISITOR = Case(PAGES / "freelancer/job/visitor")
CARDS = Case(PAGES / "freelancer/job-list/cards")
MEMBER = Case(PAGES / "freelancer/job/member-drawn")


def real(shared: Path, name: str) -> bytes:
    return (shared / "sites" / "fixtures" / name).read_bytes()


def jobs_in(body: bytes | str, url: str) -> list[Job]:
    records = extract(page(body, url)).records
    assert all(isinstance(record, Job) for record in records)
    return [record for record in records if isinstance(record, Job)]


def client_of(job: Job) -> Client:
    assert job.client is not None
    return job.client


def projects(*rows: dict[str, Any], users: object = None) -> str:
    named = ({"id": 40000001 + place, "title": "Captions", **row} for place, row in enumerate(rows))
    return json.dumps({"status": "success", "result": {"projects": list(named), "users": users}})


ASKED = "https://www.freelancer.com/api/projects/0.1/projects/"


def milestones(*rows: dict[str, Any], name: str = "milestones") -> list[Contract]:
    url = MILESTONES if name == "milestones" else REQUESTS
    entries = {str(place): row for place, row in enumerate(rows, 1)}
    records = extract(page(json.dumps({"status": "success", "result": {name: entries}}), url)).records
    assert all(isinstance(record, Contract) for record in records)
    return [record for record in records if isinstance(record, Contract)]


# Real pages.


def test_a_real_project_page_as_a_person_counts_it(shared: Path) -> None:
    url = "https://www.freelancer.com/projects/mobile-app-testing/astrology-app-tester-required"
    (job,) = jobs_in(real(shared, "freelancer/project-visitor-1.html"), url)
    (record,) = dumped((job,))
    assert record["pay"] == {
        "kind": "fixed",
        "min": {"amount": 12500, "currency": "INR"},
        "max": {"amount": 37500, "currency": "INR"},
    }
    assert (job.id, job.applicants, job.open) == ("40724221", 99, True)
    client = client_of(job)
    assert (client.country, client.rating, client.reviews) == ("India", None, 0)
    assert str(client.member_since)[:10] == "2026-09-21"
    assert (client.payment_verified, client.deposit_made, client.identity_verified) == (False, False, None)


def test_a_real_project_page_without_its_clients_data_is_read_from_the_box(shared: Path) -> None:
    url = "https://www.freelancer.com/projects/mobile-app-testing/astrology-app-tester-required"
    body = real(shared, "freelancer/project-visitor-1.html").decode().replace('"client":{', '"customer":{')
    client = client_of(jobs_in(body, url)[0])
    assert str(client.member_since) == "2026-09-21"
    assert (client.payment_verified, client.deposit_made) == (False, False)
    assert (client.rating, client.reviews) == (None, 0)


def test_a_real_list_as_a_person_counts_it(shared: Path) -> None:
    jobs = jobs_in(real(shared, "freelancer/jobs-visitor-1.html"), LIST)
    assert [job.applicants for job in jobs] == [16, 17]
    assert [job.client and job.client.payment_verified for job in jobs] == [True, None]
    assert [job.pay for job in jobs] == [None, None]
    assert [str(job.closes_at) for job in jobs] == ["2026-11-29", "2026-11-29"]


def test_real_projects_of_the_api_as_a_person_counts_them(shared: Path) -> None:
    jobs = jobs_in(real(shared, "freelancer/api-projects-active-1.json"), ACTIVE)
    rows = json.loads(real(shared, "freelancer/api-projects-active-1.json"))
    assert len(jobs) == 10
    for job, row in zip(jobs, rows, strict=True):
        assert job.pay is not None
        assert (job.pay.kind, job.applicants) == (row["type"], row["bid_stats"]["bid_count"])
        bounds = [job.pay.min, job.pay.max]
        assert [bound and int(bound.amount) for bound in bounds] == [row["budget"]["minimum"], row["budget"]["maximum"]]
        assert {bound and bound.currency for bound in bounds} == {row["currency"]["code"]}
        status = row["client"]["status"]
        client = client_of(job)
        assert client.payment_verified is status["payment_verified"]
        assert client.deposit_made is status["deposit_made"]
        assert client.identity_verified is status["identity_verified"]
        assert (client.rating, client.reviews, client.completion_rate) == (None, None, None)


@pytest.mark.parametrize("name", ["a_threads", "b_messages"])
def test_the_librarys_test_data_of_messages_is_read(shared: Path, name: str) -> None:
    shapes = json.loads(real(shared, "shapes/freelancer-messages-shape.json"))
    url = THREADS if name == "a_threads" else MESSAGES
    (thread,) = extract(page(json.dumps(shapes[name]), url)).records
    assert isinstance(thread, Thread)
    assert thread.id == "100"
    assert (thread.job_id, len(thread.messages)) == (("4000001", 0) if name == "a_threads" else (None, 2))


def test_the_librarys_test_data_of_milestones_is_read(shared: Path) -> None:
    shapes = json.loads(real(shared, "shapes/freelancer-milestones-shape.json"))
    cleared, unknown = extract(page(json.dumps(shapes["a_milestones"]), MILESTONES)).records
    assert isinstance(cleared, Contract)
    assert isinstance(unknown, Contract)
    assert (cleared.id, cleared.state, cleared.funded_amount) == ("101", "paid", None)
    assert (unknown.id, unknown.state, unknown.funded_amount) == ("102", None, None)
    (request,) = extract(page(json.dumps(shapes["b_milestone_requests"]), REQUESTS)).records
    assert isinstance(request, Contract)
    assert (request.state, request.title, request.funded_amount) == ("escrow-requested", "second half", None)


# The traps of the notes, by their number.


def in_box(*icons: tuple[str, str]) -> Client:
    """The client of the visitor's page, whose box has these icons: a label and a colour."""
    body = VISITOR.body.decode().replace('"client":{', '"customer":{')
    start, end = body.index("<fl-icon"), body.rindex("</fl-icon>")
    drawn = "".join(
        f'<fl-icon aria-label="{label}"><span data-color="{colour}" title="{label}"></span></fl-icon>'
        for label, colour in icons
    )
    return client_of(jobs_in(body[:start] + drawn + body[end:], VISITOR.page.url)[0])


@pytest.mark.parametrize("field", ["Payment verified", "Deposit made"])
@pytest.mark.parametrize(
    ("colour", "verified"), [("success", True), ("foreground", False), ("warning", None), ("", None)]
)
def test_trap_1_an_icon_answers_by_its_colour_since_its_label_is_the_same_for_both(
    field: str, colour: str, verified: bool | None
) -> None:
    client = in_box((field, colour))
    assert (client.payment_verified if field == "Payment verified" else client.deposit_made) is verified


def test_trap_1_no_icon_or_two_of_different_colours_answer_nothing() -> None:
    assert in_box(("Email verified", "success")).payment_verified is None
    assert in_box(("Payment verified", "success"), ("Payment verified", "foreground")).payment_verified is None


def test_trap_2_the_average_bid_on_a_card_is_no_budget() -> None:
    assert "$310" in CARDS.body.decode()
    assert all(job.pay is None for job in jobs_in(CARDS.body, LIST))


def test_trap_3_a_card_without_the_mark_is_unknown() -> None:
    with_mark, without, _ = jobs_in(CARDS.body, LIST)
    assert client_of(with_mark).payment_verified is True
    assert without.client is None
    # In another language the mark has another word, and one that is not known is none.
    (other, *_) = jobs_in(CARDS.body.decode().replace("</span> Verified", "</span> Vahvistettu"), LIST)
    assert other.client is None


def test_trap_4_zeros_of_a_freelancers_reputation_say_nothing_of_the_client() -> None:
    history = {"overall": 0, "reviews": 0, "all": 0, "completion_rate": 0}
    user = {"id": 5, "reputation": {"role": "freelancer", "entire_history": history}}
    (job,) = jobs_in(projects({"owner_id": 5}, users={"5": user}), ACTIVE)
    client = client_of(job)
    assert (client.rating, client.reviews, client.completion_rate) == (None, None, None)
    (job,) = jobs_in(
        projects({"owner_id": 5}, users={"5": user | {"employer_reputation": {"entire_history": history}}}), ACTIVE
    )
    assert (client_of(job).rating, client_of(job).reviews, client_of(job).completion_rate) == (None, 0, None)


def test_trap_5_what_compact_leaves_out_is_unknown_not_no() -> None:
    user = {"id": 5, "status": {"email_verified": True}}
    (job,) = jobs_in(projects({"owner_id": 5}, users={"5": user}), ACTIVE)
    client = client_of(job)
    assert (client.payment_verified, client.deposit_made, client.identity_verified) == (None, None, None)
    assert (job.pay, job.applicants, job.open) == (None, None, None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("false", False),
        ("False", False),
        (1, True),
        (0, False),
        ("0", False),
        (None, None),
        ("", None),
        ("yes", None),
        (2, None),
        ([], None),
        (0.0, None),
    ],
)
def test_trap_6_answers_as_texts_and_numbers(value: object, read: bool | None) -> None:
    assert answer(value) is read


def test_trap_7_other_freelancers_bids_are_not_the_clients_words() -> None:
    assert "Telegram" in VISITOR.body.decode()
    (job,) = extract(VISITOR.page).records
    assert "Telegram" not in job.model_dump_json()


# Money.


@pytest.mark.parametrize("status", ["in_progress", "In Progress", "pending", "frozen", "IN PROGRESS"])
def test_money_a_milestone_in_progress_is_funded_by_its_amount(status: str) -> None:
    funded, empty, nothing = milestones(
        {"status": status, "amount": 60, "currency": {"code": "GBP"}},
        {"status": status},
        {"status": status, "amount": 0, "currency": {"code": "GBP"}},
    )
    assert (funded.state, funded.funded_amount) == ("escrow-funded", Money(amount=Decimal(60), currency="GBP"))
    for one in (empty, nothing):
        assert (one.state, one.funded_amount) == (None, None)


@pytest.mark.parametrize("status", ["requested", "Requested"])
def test_money_a_requested_milestone_is_not_funded(status: str) -> None:
    (one,) = milestones({"status": status, "amount": 60, "currency": {"code": "GBP"}})
    assert (one.state, one.funded_amount) == ("escrow-requested", None)
    assert not CONTRACT_STATES["escrow-requested"].funded


def test_money_a_request_for_a_milestone_is_never_money() -> None:
    rows = ({"amount": 60, "currency": {"code": "GBP"}, "status": status} for status in (None, "requested", "pending"))
    for one in milestones(*rows, name="milestone_requests"):
        assert (one.state, one.funded_amount) == ("escrow-requested", None)
    (strange,) = milestones({"amount": 60, "status": "approved"}, name="milestone_requests")
    assert (strange.state, strange.unread) == (None, ("state",))
    # What was created of it stands among the milestones.
    answered = ({"amount": 60, "status": status} for status in ("created", "rejected", "deleted"))
    assert milestones(*answered, name="milestone_requests") == []


def test_money_a_client_who_wants_it_back_is_said() -> None:
    held = {"status": "frozen", "amount": 60, "currency": {"code": "GBP"}}
    asked, not_asked, given = milestones(
        held | {"cancellation_requested": True},
        held | {"cancellation_requested": False},
        held | {"status": "canceled", "cancellation_requested": True},
    )
    assert (asked.state, asked.demand, asked.demand_by) == ("escrow-funded", "cancellation", "client")
    assert [(one.demand, one.demand_by) for one in (not_asked, given)] == [(None, None)] * 2


def test_money_milestones_in_a_list_are_read_alike() -> None:
    row = {"transaction_id": 802, "status": "frozen", "amount": 60, "currency": {"code": "GBP"}}
    (one,) = extract(page(json.dumps({"result": {"milestones": [row, "x", {}]}}), MILESTONES)).records
    assert isinstance(one, Contract)
    assert (one.id, one.state) == ("802", "escrow-funded")


@pytest.mark.parametrize("status", ["held", "escrow", "cleared_out", "7"])
def test_money_a_state_that_nobody_knows_is_said_to_be_unread(status: str) -> None:
    (one,) = milestones({"status": status, "amount": 60, "currency": {"code": "GBP"}})
    assert (one.state, one.funded_amount, one.unread) == (None, None, ("state",))


def test_money_an_amount_without_a_currency_is_none_of_any() -> None:
    (one,) = milestones({"status": "in_progress", "amount": 60})
    assert (one.state, one.amount, one.funded_amount) == ("escrow-funded", None, None)


def test_money_no_milestone_is_an_empty_list() -> None:
    for empty in ("{}", "[]"):
        assert extract(page(f'{{"result": {{"milestones": {empty}}}}}', MILESTONES)).records == ()


# Who speaks.


def test_the_author_of_a_message_is_unknown_without_the_projects_owner() -> None:
    (first, second) = extract(Case(PAGES / "freelancer/messages/two-threads").page).records
    assert isinstance(first, Thread)
    assert isinstance(second, Thread)
    assert {message.author_role for message in (*first.messages, *second.messages)} == {None}


def test_no_message_is_an_empty_thread() -> None:
    (thread,) = extract(page('{"result": {"messages": []}}', MESSAGES)).records
    assert (thread.id, thread.messages) == ("100", ())  # type: ignore[union-attr]


# Pages of their kind, and others.


@pytest.mark.parametrize(
    "address",
    [
        "https://www.freelancer.com/messages/thread/100",
        "https://www.freelancer.com/dashboard",
        "https://www.freelancer.com/search/projects?q=php",
        "https://www.freelancer.com/u/keeperhouse",
        "https://www.freelancer.com/projects/translation/letters/proposals",
        "https://www.freelancer.com/contest/logo-1",
        "https://www.freelancer.com/manage/milestones",
    ],
)
def test_pages_of_which_nothing_is_known_are_not_pretended(address: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page("<p>Milestone: In Progress</p>", address))


@pytest.mark.parametrize(
    "host", ["www.freelancer.com", "www.fi.freelancer.com", "www.freelancer.in", "www.freelancer.ph"]
)
def test_the_hosts_of_other_languages_and_countries_are_read_alike(host: str) -> None:
    assert site_for(host) is not None
    (job, *_) = jobs_in(
        CARDS.body.decode().replace('href="/projects', f'href="https://{host}/projects'), f"https://{host}/jobs/php/"
    )
    assert job.url == "https://www.freelancer.com/projects/translation/letters-from-lighthouse"


@pytest.mark.parametrize(
    "host", ["www.de.freelancer.com", "freelancer.com", "www.freelancer.com.example", "freelancer.evil"]
)
def test_hosts_that_nobody_has_named_are_left_alone(host: str) -> None:
    assert site_for(host) is None


def test_another_project_drawn_over_the_data_of_the_first_is_not_read_as_it() -> None:
    with pytest.raises(PageChanged):
        extract(page(VISITOR.body, "https://www.freelancer.com/projects/php/another-one"))
    # The second document of the page, by its own address.
    (job,) = jobs_in(
        VISITOR.body, "https://www.freelancer.com/projects/mobile-app-testing/sailing-app-tester-40711112/details"
    )
    assert (job.id, job.title) == ("40711112", "Testers for a Sailing App")


def test_the_path_of_a_project_without_its_tabs_and_queries() -> None:
    assert project_path("/projects/php/fix-40711112/details?x=1") == "php/fix-40711112"
    assert project_path("https://www.dk.freelancer.com/projects/php/fix/") == "php/fix"
    assert project_path("https://www.freelancer.com.example/projects/php/fix") is None
    assert project_path("/projects/php") is None


@pytest.mark.parametrize(
    ("name", "removed"),
    [
        ("job-list/cards", ("data-project-card", "JobSearchCard-item-inner")),
        ("job-list/answer-with-users", ('"projects"',)),
        ("job-list/answer-with-users", ('"title"',)),
        ("job/visitor", ('"rawDocument"',)),
        ("job/visitor", ('"documents"',)),
        ("job/visitor", ('"seoUrl"',)),
        ("job/visitor", ('"description"',)),
        ("messages/two-threads", ('"messages"',)),
        ("messages/two-threads", ('"message"', '"filename"')),
        ("thread/threads", ('"threads"',)),
        ("contract-list/milestones", ('"milestones"',)),
        ("contract-list/requests", ('"milestone_requests"',)),
    ],
)
def test_a_page_without_what_makes_it_one_has_changed(name: str, removed: tuple[str, ...]) -> None:
    case = Case(PAGES / "freelancer" / name)
    body = case.body.decode()
    for words in removed:
        assert words in body
        body = body.replace(words, words[0] + words[1:-1][::-1] + words[-1])
    with pytest.raises(PageChanged) as changed:
        extract(page(body, case.page.url))
    assert changed.value.kind == case.kind


def test_a_list_of_nothing_is_empty_and_a_page_without_a_list_has_changed() -> None:
    assert jobs_in('<div id="project-list"></div>', LIST) == []
    with pytest.raises(PageChanged):
        extract(page("<p>Sign in</p>", LIST))


@pytest.mark.parametrize(
    "budget", [{"minimum": 250, "maximum": 30}, {}, {"minimum": 0}, {"minimum": "250"}, {"maximum": -5}]
)
def test_a_budget_that_is_not_understood_is_no_pay(budget: dict[str, Any]) -> None:
    (job,) = jobs_in(projects({"type": "fixed", "budget": budget, "currency": {"code": "USD"}}), ACTIVE)
    assert job.pay is None


# What a member's page fetches: assumed in its address, real in its form.


def test_issue_21_the_one_project_that_a_members_page_asks_for_is_its_job() -> None:
    (job,) = jobs_in(
        projects({"owner_id": 7, "description": "Pay first"}, users={"7": {"id": 7}, "8": {"id": 8}}), ASKED
    )
    assert (job.id, job.body, client_of(job).id, client_of(job).payment_verified) == (
        "40000001",
        "Pay first",
        "7",
        None,
    )
    alone = json.dumps({"status": "success", "result": {"id": 5, "title": "Captions", "description": "Pay first"}})
    (same,) = jobs_in(alone, f"{ASKED}5/?full_description=true")
    assert (same.id, same.body, same.client) == ("5", "Pay first", None)


@pytest.mark.parametrize("rows", [(), ({}, {})])
def test_issue_21_several_projects_are_not_the_pages_own(rows: tuple[dict[str, Any], ...]) -> None:
    assert jobs_in(projects(*rows), ASKED) == []


@pytest.mark.parametrize("body", ['{"result": {}}', '{"result": {"id": 5}}', '{"status": "error"}', "[]"])
def test_issue_21_an_answer_without_a_project_is_a_change(body: str) -> None:
    with pytest.raises(PageChanged):
        extract(page(body, f"{ASKED}5"))


def test_issue_21_a_members_page_says_what_is_drawn_and_nothing_of_the_client() -> None:
    (job,) = jobs_in(MEMBER.body, MEMBER.page.url)
    assert job.title == "Voices for a Puppet Play"
    assert job.client is None, "an icon's name is the same for both answers"
    assert jobs_in(MEMBER.body.replace(b"app-project-details-description", b"app-else"), MEMBER.page.url) == []
