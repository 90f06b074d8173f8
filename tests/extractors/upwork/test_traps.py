"""The traps that real pages of Upwork hold for a reader, by the numbers of the notes on the site."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from addon.judging.check import Checker
from extractors import PageChanged, UnknownPage, Unreadable, extract
from extractors.records import Client, Contract, Job, Message, Money, Pay, Thread, unread_in
from extractors.upwork.amounts import dollars, usd
from extractors.upwork.countries import country
from tests.extractors.saved_pages import PAGES, RECEIVED_AT, Case, page

UPWORK = PAGES / "upwork"
SEARCH = "https://www.upwork.com/nx/search/jobs/?q=shop"
USER_SEARCH = "https://www.upwork.com/api/graphql/v1?alias=userJobSearch"
DETAILS = "https://www.upwork.com/api/graphql/v1?alias=gql-query-get-auth-job-details-v2"
CONTRACTS = "https://www.upwork.com/api/graphql/v1?alias=vendorContracts"
ROOMS = "https://www.upwork.com/api/v3/rooms/rooms"
STORY = {"storyId": "s1", "userId": "11", "message": "Hello", "created": 1789000000000}
NUMBER = "1900000000000000001"
JOB = f"https://www.upwork.com/jobs/Shop-theme_~02{NUMBER}/"


def jobs(body: object, url: str) -> list[Job]:
    text = body if isinstance(body, str) else json.dumps(body)
    return [record for record in extract(page(text, url)).records if isinstance(record, Job)]


def client(body: object, url: str) -> Client:
    (job,) = jobs(body, url)
    assert job.client is not None
    return job.client


def money(amount: str | int) -> Money:
    return Money.model_validate({"amount": amount, "currency": "USD"})


def saved(name: str) -> Case:
    return Case(UPWORK / name)


def tile(*facts: str, title: str = "Theme for a shop") -> str:
    """A tile of 2026 with one link and whatever is said of the client."""
    return (
        f'<article data-ev-job-uid="{NUMBER}" class="job-tile"><h2 class="job-tile-title">'
        f'<a href="/jobs/Shop-theme_~02{NUMBER}/?x=1">{title}</a></h2><ul>{"".join(facts)}</ul></article>'
    )


def state(row: Mapping[str, Any]) -> str:
    """A page of search results that has a state alone."""
    whole = {"uid": NUMBER, "ciphertext": f"~02{NUMBER}", "title": "Theme", "type": 1, **row}
    return (
        f"<body><p>Jobs</p><script>window.__NUXT__={json.dumps({'state': {'jobsSearch': {'jobs': [whole]}}})};</script>"
    )


def answer(client: Mapping[str, Any], **row: Any) -> dict[str, Any]:
    """An answer to a search, of one row."""
    whole = {"id": NUMBER, "title": "Theme", "upworkHistoryData": {"client": client}, **row}
    return {"data": {"search": {"universalSearchNuxt": {"userJobSearchV1": {"results": [whole]}}}}}


def details(buyer: Mapping[str, Any] | None = None, **job: Any) -> dict[str, Any]:
    """An answer on one job."""
    opening = {"description": "Words.", "info": {"id": NUMBER, "title": "Theme", "type": "FIXED"}, **job}
    return {"data": {"jobAuthDetails": {"opening": {"job": opening}, "buyer": buyer or {}}}}


def about(*facts: str) -> str:
    """A job's page whose box on the client holds some facts."""
    words = '<div data-test="Description"><p>Words.</p></div>'
    return f'<body><h1>Theme</h1>{words}<div data-test="AboutClientUser">{"".join(facts)}</div>'


@pytest.mark.parametrize("place", ["payment-verified", "payment-verification-status"])
@pytest.mark.parametrize(
    ("words", "verified"),
    [
        ("Payment verified", True),
        ("Payment unverified", False),
        ("PAYMENT  UNVERIFIED", False),
        ('<span class="sr-only">Verified</span> Payment unverified', False),
        ("", None),
        ("Payment", None),
        ("Payment verified soon", None),
    ],
)
def test_upwork_trap_01_a_tile_of_either_kind_has_the_same_mark_and_its_words_count(
    place: str, words: str, verified: bool | None
) -> None:
    drawn = tile(f'<li data-test="{place}">{words}</li>', '<li data-test="location">Kenya</li>')
    assert client(drawn, SEARCH).payment_verified is verified


@pytest.mark.parametrize(
    ("words", "verified"),
    [
        ("Payment method verified", True),
        ("Payment method not verified", False),
        ("Phone number verified", None),
        ("Payment method verified</strong></div><div><strong>Payment method not verified", None),
    ],
)
def test_upwork_trap_02_the_class_of_the_mark_stands_beside_a_telephone_number_too(
    words: str, verified: bool | None
) -> None:
    mark = f'<div><div class="payment-verified"></div> <strong>{words}</strong></div>'
    place = '<ul><li data-qa="client-location"><strong>India</strong></li></ul>'
    assert client(about(mark, place), JOB).payment_verified is verified


def test_upwork_trap_02_a_verified_telephone_beside_an_unverified_payment() -> None:
    both = client(
        saved("job/user-unverified").body.decode().replace("window.__NUXT__", "x"), saved_url("job/user-unverified")
    )
    assert both.payment_verified is False


def saved_url(name: str) -> str:
    return saved(name).page.url


UNVERIFIED = {
    "state of a search": (state({"client": {"isPaymentVerified": False}}), SEARCH, False),
    "answer to a search": (answer({"paymentVerificationStatus": None, "country": "India"}), USER_SEARCH, False),
    "answer on a job": (details({"isPaymentMethodVerified": False}), DETAILS, False),
    "words of a tile": (tile('<li data-test="payment-verified">Payment unverified</li>'), SEARCH, False),
    "words of a page": (about("<span>Payment method not verified</span>"), JOB, False),
    "no key in the state": (state({"client": {"totalReviews": 3}}), SEARCH, None),
    "null in the state": (state({"client": {"isPaymentVerified": None, "totalReviews": 3}}), SEARCH, None),
    "no key in an answer to a search": (answer({"country": "India"}), USER_SEARCH, None),
    "another word in it": (answer({"paymentVerificationStatus": "PENDING", "country": "India"}), USER_SEARCH, None),
    "no key in an answer on a job": (details({"info": {"stats": {"feedbackCount": 3}}}), DETAILS, None),
    "null in it": (details({"isPaymentMethodVerified": None, "info": {"stats": {"feedbackCount": 3}}}), DETAILS, None),
}


@pytest.mark.parametrize(("body", "url", "verified"), UNVERIFIED.values(), ids=list(UNVERIFIED))
def test_upwork_trap_03_unverified_has_four_spellings_and_a_missing_key_is_none(
    body: object, url: str, verified: bool | None
) -> None:
    assert client(body, url).payment_verified is verified


@pytest.mark.parametrize(
    ("facts", "spent"),
    [
        ({"totalSpent": "0.0", "hasFinancialPrivacy": True}, None),
        ({"totalSpent": "250.0", "hasFinancialPrivacy": True}, None),
        ({"totalSpent": "0.0", "hasFinancialPrivacy": False}, "0"),
        ({"totalSpent": "0.0"}, None),
        ({"totalSpent": "250.0", "hasFinancialPrivacy": False}, "250"),
        ({"totalSpent": None, "hasFinancialPrivacy": False}, None),
        ({"hasFinancialPrivacy": False}, None),
        ({"totalSpent": "much", "hasFinancialPrivacy": False}, None),
    ],
)
def test_upwork_trap_04_what_is_hidden_or_not_given_is_not_zero(facts: dict[str, object], spent: str | None) -> None:
    of_state = client(state({"client": {**facts, "totalReviews": 1}}), SEARCH)
    total = facts.get("totalSpent")
    of_answer = client(
        answer({**facts, "totalReviews": 1, "totalSpent": {"amount": total} if "totalSpent" in facts else None}),
        USER_SEARCH,
    )
    expected = None if spent is None else money(spent)
    assert of_state.total_spent == of_answer.total_spent == expected


def test_upwork_trap_04_a_job_page_whose_sum_is_null_says_nothing_of_it() -> None:
    assert client(details({"info": {"stats": {"totalCharges": None, "feedbackCount": 0}}}), DETAILS).total_spent is None


@pytest.mark.parametrize(("reviews", "shown"), [(3, False), (0, True), (None, True)])
def test_upwork_trap_04_a_zero_of_a_client_who_was_rated_is_hidden(reviews: int | None, shown: bool) -> None:
    stats = {"totalCharges": {"amount": 0}, "feedbackCount": reviews}
    spent = client(details({"info": {"stats": stats}}), DETAILS).total_spent
    assert (spent == money("0")) is shown
    assert (spent is None) is not shown


def test_upwork_trap_04_a_tile_that_draws_no_sum_is_not_one_of_nothing() -> None:
    assert client(tile('<li data-test="location">Kenya</li>'), SEARCH).total_spent is None
    assert client(tile('<li data-test="total-spent">$0 spent</li>'), SEARCH).total_spent == money(0)


def test_upwork_trap_05_a_verified_client_may_have_no_history() -> None:
    first = jobs(saved("job-list/search-2026").body.decode(), SEARCH)[0].client
    assert first is not None
    assert (first.payment_verified, first.reviews, first.rating) == (True, 0, None)
    assert first.total_spent == money(0)
    assert first.job_offers_posted is None


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("H^Full^H H^Stack^H work", "Full Stack work"),
        ("H^full^H-H^stack^H", "full-stack"),
        ('a <span class="highlight">fixed</span> price', "a fixed price"),
        ("2H^2 and 3H^3", "2H^2 and 3H^3"),
        ("H^one", "H^one"),
        ("^H", "^H"),
        ("<span>fixed</span>", "<span>fixed</span>"),
    ],
)
def test_upwork_trap_06_the_marks_of_a_search_are_not_the_clients_words(marked: str, plain: str) -> None:
    (job,) = jobs(answer({}, title=marked, description=marked), USER_SEARCH)
    assert (job.title, job.body) == (plain, plain)
    (job,) = jobs(state({"title": marked, "description": marked}), SEARCH)
    assert (job.title, job.body) == (plain, plain)


def test_upwork_trap_06_a_mark_within_an_address_leaves_the_address() -> None:
    (job,) = jobs(answer({}, description="See https://H^shop^H.example.com/x now"), USER_SEARCH)
    assert [link.url for link in job.links or ()] == ["https://shop.example.com/x"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("United States", "United States"),
        ("USA", "United States"),
        ("United States of America", "United States"),
        ("GBR", "United Kingdom"),
        ("ARE", "United Arab Emirates"),
        ("NLD", "Netherlands"),
        (" Viet  Nam ", "Vietnam"),
        ("Atlantis", "Atlantis"),
        ("", None),
    ],
)
def test_upwork_trap_07_a_country_has_one_name(written: str, name: str | None) -> None:
    assert country(written) == name
    if name is not None:
        assert client(answer({"country": written}), USER_SEARCH).country == name
        assert client(state({"client": {"location": {"country": written}}}), SEARCH).country == name
        assert client(tile(f'<li data-test="location"><span>Location {written}</span></li>'), SEARCH).country == name
        box = about(f'<li data-qa="client-location"><strong>{written}</strong><div>Town 8:40 AM</div></li>')
        assert client(box, JOB).country == name


def test_upwork_trap_08_the_day_that_the_page_draws_counts_before_the_data() -> None:
    case = saved("job/user-unverified")
    assert "2024-09-03T00:00:00.000Z" in case.body.decode()
    assert client(case.body.decode(), case.page.url).member_since == date(2024, 9, 2)
    # Without the drawn day that of the data counts.
    assert client(case.body.decode().replace("Member since", "Here since"), case.page.url).member_since == date(
        2024, 9, 3
    )


@pytest.mark.parametrize(
    ("posted", "with_hires", "rate"),
    [(45, 26, 26 / 45), (14, 13, 13 / 14), (1, 0, 0.0), (0, 0, None), (2, 3, None), (None, 3, None), (3, None, None)],
)
def test_upwork_trap_09_the_hire_rate_is_of_jobs_and_not_of_hires(
    posted: int | None, with_hires: int | None, rate: float | None
) -> None:
    info = {
        "stats": {"totalAssignments": 99, "totalJobsWithHires": with_hires},
        "jobs": {"postedCount": posted, "openCount": 50},
    }
    found = client(details({"info": info}), DETAILS)
    assert (found.hire_rate, found.job_offers_posted, found.contracts_made) == (rate, posted, 99)


def test_upwork_trap_09_more_may_be_open_than_were_posted() -> None:
    case = saved("job/user-unverified")
    drawn = re.sub(r"<script>.*</script>", "", case.body.decode(), flags=re.DOTALL)
    for body in (case.body.decode(), drawn):
        found = client(body, case.page.url)
        assert (found.job_offers_posted, found.hire_rate) == (1, 0.0)


OVERLAYS = [
    '<span class="air3-popper" style="display:none;"><p>{}</p></span>',
    '<span class="air3-popper air3-popover"><div>{}</div></span>',
    '<span data-test="popper transition"><p>{}</p></span>',
    '<div style="color: red; display : NONE">{}</div>',
    '<div style="visibility:hidden">{}</div>',
    "<div hidden>{}</div>",
    '<ul class="air3-menu-list"><li>{}</li></ul>',
    "<template>{}</template>",
]


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize(
    "said", ["Payment method not verified", "Payment method verified", "99 hires, 9 active", "1.00 of 99 reviews"]
)
def test_upwork_trap_10_what_only_a_pointer_brings_up_is_not_read(overlay: str, said: str) -> None:
    shown = about(overlay.format(said), '<ul><li data-qa="client-location"><strong>India</strong></li></ul>')
    found = client(shown, JOB)
    assert (found.payment_verified, found.contracts_made, found.reviews, found.rating) == (None, None, None, None)
    # Nor beside what is shown.
    found = client(
        about("<strong>Payment method verified</strong>", overlay.format("Payment method not verified")), JOB
    )
    assert found.payment_verified is True
    mark = f'<li data-test="payment-verified">Payment verified {overlay.format("Payment unverified")}</li>'
    assert client(tile(mark), SEARCH).payment_verified is True


def test_upwork_trap_10_sentences_of_the_site_on_clients_are_nobodys() -> None:
    for name in ("job/user-verified", "job/user-unverified", "job-list/feed"):
        for record in extract(saved(name).page).records:
            assert "suspended" not in repr(record)
            assert "Poor reviews" not in repr(record)
            assert "Learn how" not in repr(record)


@pytest.mark.slow
@pytest.mark.parametrize("word", ["escrow", "project funds", "milestone"])
@pytest.mark.parametrize(
    ("text", "is_warned"), [("Please start today. I will add the {} later.", True), ("The {} are in.", False)]
)
def test_upwork_trap_11_escrow_and_project_funds_are_one_thing(
    word: str, text: str, is_warned: bool, checker: Checker
) -> None:
    stories = {"stories": [STORY | {"message": text.format(word), "isSystemStory": 0}]}
    verdict = checker.check(page(json.dumps(stories), f"{ROOMS}/room_0a/stories/simplified"))
    rules = {finding.rule for finding in verdict.findings}
    assert bool(rules & {"work-before-escrow", "work-while-unfunded"}) is is_warned


MILESTONE = {"id": "4001", "description": "Sketches", "depositAmount": {"rawValue": "200.00", "currency": "USD"}}


def milestone(**amounts: str | None) -> Contract:
    row = MILESTONE | {
        name: None if value is None else {"rawValue": value, "currency": "USD"} for name, value in amounts.items()
    }
    body = {"data": {"vendorContracts": [{"id": "1", "terms": {"fixedPriceTerms": [{"milestones": [row]}]}}]}}
    (record,) = extract(page(json.dumps(body), CONTRACTS)).records
    assert isinstance(record, Contract)
    return record


@pytest.mark.parametrize(
    ("amounts", "state", "funded"),
    [
        ({"fundedAmount": "200.00", "currentEscrowAmount": "200.00", "paid": "0.00"}, "escrow-funded", "200"),
        ({"fundedAmount": "200.00", "currentEscrowAmount": None}, "escrow-funded", "200"),
        ({"fundedAmount": None, "currentEscrowAmount": "200.00"}, "escrow-funded", "200"),
        # Part of it alone.
        ({"fundedAmount": "80.00", "currentEscrowAmount": "80.00", "paid": "0.00"}, "escrow-funded", "80"),
        ({"fundedAmount": "0.00", "currentEscrowAmount": "0.00", "paid": "0.00"}, "agreed", "0"),
        ({"fundedAmount": "0.00", "currentEscrowAmount": None}, "agreed", "0"),
        ({"fundedAmount": None, "currentEscrowAmount": None}, None, None),
        ({"fundedAmount": None, "currentEscrowAmount": "0.00"}, None, None),
        ({"fundedAmount": "200.00", "currentEscrowAmount": "0.00", "paid": "200.00"}, "paid", None),
        # Funded once, and held no longer: paid in part, or returned.
        ({"fundedAmount": "200.00", "currentEscrowAmount": "0.00", "paid": "50.00"}, None, None),
        ({"fundedAmount": "200.00", "currentEscrowAmount": "0.00"}, None, None),
        ({"fundedAmount": "much", "currentEscrowAmount": "-5"}, None, None),
    ],
)
def test_upwork_funded_is_proven_by_an_amount_of_that_milestone_alone(
    amounts: dict[str, str | None], state: str | None, funded: str | None
) -> None:
    found = milestone(**amounts)
    assert (found.state, found.funded_amount) == (state, funded and money(funded))
    assert found.amount == money(200)
    assert found.unread is None


def test_upwork_a_milestone_without_any_word_of_money_is_not_clear() -> None:
    assert milestone().unread == ("funded_amount",)


@pytest.mark.parametrize("state", ["ACTIVE", "Active & funded", "FUNDED", None])
def test_upwork_the_name_of_a_state_proves_nothing(state: str | None) -> None:
    row = MILESTONE | {"state": state, "fundedAmount": None, "currentEscrowAmount": None}
    body = {"data": {"vendorContracts": [{"terms": {"fixedPriceTerms": [{"milestones": [row]}]}}]}}
    (record,) = extract(page(json.dumps(body), CONTRACTS)).records
    assert isinstance(record, Contract)
    assert record.state is None


def latest(context: object, **story: object) -> Message:
    room = {"roomId": "room_0a", "latestStory": STORY | story, "context": context}
    (thread,) = extract(page(json.dumps({"rooms": [room]}), f"{ROOMS}/simplified")).records
    assert isinstance(thread, Thread)
    return thread.messages[0]


@pytest.mark.parametrize(
    ("context", "story", "role"),
    [
        ({"clientId": "11", "freelancerId": "22"}, {}, "client"),
        ({"clientId": "33", "freelancerId": "11"}, {}, "freelancer"),
        ({"clientId": 11, "freelancerId": 22}, {"userId": 11}, "client"),
        ({"clientId": "33", "freelancerId": "22"}, {}, None),
        ({"clientId": "11", "freelancerId": "11"}, {}, None),
        ({"clientId": "11"}, {}, "client"),
        ({}, {}, None),
        (None, {}, None),
        ({"clientId": "11", "freelancerId": "22"}, {"userId": None}, None),
        ({"clientId": "11", "freelancerId": "22"}, {"isSystemStory": 1}, "system"),
        ({"clientId": "11", "freelancerId": "22"}, {"isSystemStory": 0}, "client"),
    ],
)
def test_upwork_who_speaks_is_told_by_the_context_of_the_room(
    context: object, story: dict[str, object], role: str | None
) -> None:
    assert latest(context, **story).author_role == role


@pytest.mark.parametrize(
    "path",
    [
        "/nx/wm/workroom/30000001/overview",
        "/nx/wm/workroom/30000001/messages",
        "/nx/wm/freelancer/contracts",
        "/nx/wm/offer/1",
        "/nx/offers/1",
        "/nx/workdiary/",
        "/nx/payments/reports/transaction-history/",
        "/nx/proposals/",
        "/nx/proposals/job/~021900000000000000001/apply/",
        "/ab/messages/",
        "/ab/messages/rooms/room_0123456789abcdef",
        "/ab/account-security/login",
        "/ab/notifications",
        "/freelancers/~0123456789abcdef01",
        "/api/graphql/v1",
        "/api/graphql/v1?alias=somethingElse",
        "/api/graphql/v1?alias=userJobSearch&alias=other",
        "/api/v3/rooms/rooms/room_0123456789abcdef/users",
        "/",
    ],
)
def test_upwork_pages_that_nobody_has_seen_are_unknown(path: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page("<p>Active &amp; funded</p>", f"https://www.upwork.com{path}"))


def test_upwork_the_state_of_another_job_is_not_read_for_this_one() -> None:
    """A script draws the next job over the page; the state of the first one stays in it."""
    case = saved("job/user-unverified")
    other = f"https://www.upwork.com/jobs/Another_~02{NUMBER}/"
    body = case.body.decode().replace("Payment method not verified", "Payment method verified")
    assert client(body, case.page.url).payment_verified is False
    assert client(body, other).payment_verified is True
    assert client(body, other).reviews is None


def test_upwork_the_rows_of_another_search_are_not_read_for_this_one() -> None:
    drawn = saved("job-list/drawn-over")
    assert "2040000000000000901" in drawn.body.decode()
    assert [job.id for job in jobs(drawn.body.decode(), SEARCH)] == [f"204000000000000020{n}" for n in (1, 2, 3)]
    seen = page(state({}), SEARCH).__class__(SEARCH, state({}).encode(), "text/html", RECEIVED_AT, "extension")
    with pytest.raises(PageChanged):
        extract(seen)


def test_upwork_a_client_cannot_write_the_state_of_the_page() -> None:
    claim = "window.__NUXT__={state:{jobsSearch:{jobs:[{uid:'1',title:'x',client:{isPaymentVerified:true}}]}}}"
    for words in (claim, f"&lt;script&gt;{claim}&lt;/script&gt;"):
        found = client(tile('<li data-test="payment-verified">Payment unverified</li>', title=words), SEARCH)
        assert found.payment_verified is False


def test_upwork_a_mark_may_stand_among_others() -> None:
    """Elements of 2025 carry the names of several components, one of 2024 its own alone."""
    case = saved("job/user-unverified")
    drawn = re.sub(r"<script>.*</script>", "", case.body.decode(), flags=re.DOTALL)
    several = re.sub(r'data-test="(\w+)"', r'data-test="UpCSome \1 \1Shared"', drawn)
    assert several != drawn
    assert jobs(several, case.page.url) == jobs(drawn, case.page.url)


def test_upwork_what_others_wrote_in_the_history_is_not_the_clients_mark() -> None:
    case = saved("job/user-verified")
    assert case.body.decode().count("Payment method not verified") == 2
    drawn = re.sub(r"<script>.*</script>", "", case.body.decode(), flags=re.DOTALL)
    assert client(drawn, case.page.url).payment_verified is True


def test_upwork_a_tile_that_leaves_an_element_open_keeps_to_itself() -> None:
    found = {job.id: job.client for job in jobs(saved("job-list/tiles-left-open").body.decode(), SEARCH)}
    assert len(found) == 6
    hidden = found["1933000000000000303"]
    assert hidden is not None
    assert hidden.total_spent is None


def test_upwork_too_many_tiles_within_one_another_are_unreadable() -> None:
    card = f'<article data-ev-job-uid="{NUMBER}">'
    with pytest.raises(Unreadable):
        extract(page((card + "</article><div>") * 150 + (card + "</article>") * 400 + card + card, SEARCH))


def test_upwork_rows_that_say_one_long_text_over_and_over_are_unreadable() -> None:
    row = "{uid:'%d',ciphertext:'~02%d',title:'x',description:a}"
    rows = ",".join(row % (int(NUMBER) + n, int(NUMBER) + n) for n in range(200))
    script = (
        f"window.__NUXT__=(function(a){{return {{state:{{jobsSearch:{{jobs:[{rows}]}}}}}}}}('{'words ' * 20_000}'));"
    )
    with pytest.raises(Unreadable):
        extract(page(f"<body><p>Jobs</p><script>{script}</script>", SEARCH))


def test_upwork_a_feed_that_is_still_to_be_drawn_is_empty_and_another_list_has_changed() -> None:
    feed = "https://www.upwork.com/nx/find-work/most-recent"
    sent = page("<body><nav>Find work</nav>", feed)
    arrived = sent.__class__(feed, sent.body, sent.content_type, RECEIVED_AT, "proxy")
    assert extract(arrived).records == ()
    for url in (feed, SEARCH):
        with pytest.raises(PageChanged):
            extract(page("<body><nav>Find work</nav>", url))
    assert extract(page('<body><div data-test="job-tile-placeholder">&nbsp;</div>', feed)).records == ()
    empty = "<body><p>Jobs</p><script>window.__NUXT__={state:{jobsSearch:{jobs:[]}}};</script>"
    assert extract(page(empty, SEARCH)).records == ()


@pytest.mark.parametrize(
    ("name", "removed"),
    [
        ("job-list/answer", '"results"'),
        ("job-list/feed", "data-ev-opening_uid"),
        ("job/answer-v2", '"jobAuthDetails"'),
        ("inbox/rooms", '"rooms"'),
        ("messages/stories", '"stories"'),
        ("messages/stories", '"message"'),
        ("contract-list/milestones", '"milestones"'),
    ],
)
def test_upwork_a_page_without_what_makes_it_one_has_changed(name: str, removed: str) -> None:
    case = saved(name)
    assert removed in case.body.decode()
    with pytest.raises(PageChanged) as changed:
        extract(page(case.body.decode().replace(removed, removed[::-1]), case.page.url))
    assert changed.value.kind == case.kind


def test_upwork_a_room_whose_latest_words_are_not_found_names_them_as_unread() -> None:
    rooms = [{"roomId": "room_0a"}, {"roomId": "room_0b", "latestStory": None}]
    rooms += [
        {"roomId": f"room_1{n}", "latestStory": story} for n, story in enumerate(({"storyId": "1"}, {"message": ""}))
    ]
    found = extract(page(json.dumps({"rooms": rooms}), f"{ROOMS}/simplified")).records
    assert list(unread_in(found)) == ["thread.messages", "message.body"]


@pytest.mark.parametrize("url", [USER_SEARCH, DETAILS, CONTRACTS])
def test_upwork_an_answer_that_the_site_refuses_is_no_change_of_it(url: str) -> None:
    refused = {"errors": [{"message": "Too many requests", "path": ["search"]}], "data": None}
    assert extract(page(json.dumps(refused), url)).records == ()
    with pytest.raises(PageChanged):
        extract(page(json.dumps({"data": None}), url))


def test_upwork_a_job_without_its_words_or_without_its_client_names_them_as_unread() -> None:
    case = saved("job/visitor")
    body = case.body.decode()
    (job,) = jobs(body.replace('data-test="Description"', ""), case.page.url)
    assert (job.unread, job.body, job.client is not None) == (("body",), None, True)
    (job,) = jobs(body.replace("cfe-about-client-v2", "").replace("AboutClientVisitor", ""), case.page.url)
    assert (job.unread, job.client) == (("client",), None)
    both = (
        body.replace('data-test="Description"', "").replace("cfe-about-client-v2", "").replace("AboutClientVisitor", "")
    )
    with pytest.raises(PageChanged):
        extract(page(both, case.page.url))


@pytest.mark.parametrize(
    ("job", "pay"),
    [
        ({"info": {"type": "FIXED"}, "budget": {"amount": 0.0}}, Pay(kind="fixed")),
        ({"info": {"type": "FIXED", "hideBudget": True}, "budget": {"amount": 50}}, Pay(kind="fixed")),
        ({"info": {"type": "WEEKLY_RETAINER"}, "budget": {"amount": 50}}, None),
        (
            {"info": {"type": "HOURLY"}, "extendedBudgetInfo": {"hourlyBudgetMin": 40, "hourlyBudgetMax": 20}},
            Pay(kind="hourly"),
        ),
        ({"info": {"type": True}}, None),
    ],
)
def test_upwork_a_budget_of_zero_is_none(job: dict[str, Any], pay: Pay | None) -> None:
    (found,) = jobs(details(**job), DETAILS)
    assert found.pay == pay


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$0", 0),
        ("$26K", 26_000),
        ("$3.8K", 3_800),
        ("$60K+", 60_000),
        ("$1.5M", 1_500_000),
        ("$2,000.00", 2_000),
        ("$ 5", 5),
    ],
)
def test_amounts_as_pages_write_them(text: str, amount: int) -> None:
    assert usd(text) == money(amount)


@pytest.mark.parametrize("text", ["", "26K", "$", "$1,00", "$5/hr", "$-5", "$1e9", "€5", "$26K spent", "$" + "9" * 500])
def test_other_texts_are_no_amounts(text: str) -> None:
    assert usd(text) is None


@pytest.mark.parametrize("value", [None, True, -1, "-1", "", "x", float("nan"), float("inf"), 1e30, [], {}])
def test_other_values_are_no_amounts(value: object) -> None:
    assert dollars(value) is None


def test_the_box_about_the_client_is_found_by_the_name_that_it_had_in_late_2025() -> None:
    case = saved("job/slider")
    body = case.body.decode()
    later = body.replace("about-client-container AboutClientUserShared AboutClientUser", "about-client-container")
    later = later.replace("cfe-ui-job-about-client", "")
    assert later != body
    assert "AboutClientUser" not in later
    assert client(later, case.page.url) == client(body, case.page.url)


def test_the_questions_are_found_by_the_line_above_them_too() -> None:
    case = saved("job/user-verified")
    drawn = re.sub(r"<script>window\.__NUXT__.*?</script>", "", case.body.decode(), flags=re.DOTALL)
    assert "__NUXT__" not in drawn
    (before,) = jobs(drawn, case.page.url)
    (after,) = jobs(drawn.replace(' data-test="Questions"', ""), case.page.url)
    assert before.body is not None
    assert "\n\n" in before.body
    assert after.body == before.body
