"""The real cards, the pasted messages and the shapes of Coconala at ../shared; corrections; what a redesign does."""

from pathlib import Path

import pytest

from extractors import PageChanged, extract
from extractors.records import Contract, Job, Thread
from tests.extractors.saved_pages import PAGES, Case, dumped, page

LIST = Case(PAGES / "coconala/job-list/three-budgets")
DETAIL = Case(PAGES / "coconala/job/new-requester")
ROOM = Case(PAGES / "coconala/talkroom/under-way")


def fixture(shared: Path, name: str, url: str) -> tuple[object, ...]:
    return extract(page((shared / "sites" / "fixtures" / name).read_bytes(), url, "")).records


def test_the_real_cards(shared: Path) -> None:
    first, second = fixture(shared, "coconala/requestlist-1.html", "https://coconala.com/requests?keyword=x")
    assert isinstance(first, Job)
    assert isinstance(second, Job)
    assert (first.id, first.title) == ("5251556", "［完全在宅！］ECサイトBUYMAにて簡単な画像加工、入力作業")
    assert first.pay is not None
    assert first.pay.min is not None
    assert first.pay.max is not None
    assert (first.pay.min.amount, first.pay.max.amount) == (5000, 10000)
    assert (first.category, first.applicants, first.open) == ("ECサイト運用代行", 0, True)
    assert (str(first.posted_at), str(first.closes_at)) == ("2026-09-04 11:02:00+09:00", "2026-09-11")
    assert first.client is not None
    assert first.client.name == "client_a"
    assert first.body is not None
    assert first.body.endswith("質問２：お住まいの都道府県")
    assert (second.id, second.applicants, second.open) == ("5250376", 28, False)
    assert second.pay is not None
    assert (second.pay.min, second.pay.max) == (None, None)


def test_the_pasted_messages(shared: Path) -> None:
    name = "coconala/talkroom-dm-1.html"
    (thread,) = fixture(shared, name, "https://coconala.com/mypage/direct_message/5")
    assert isinstance(thread, Thread)
    assert [message.author_name for message in thread.messages] == ["buyer_a", "seller_a"]
    # The page does not say which of the two is the freelancer.
    assert [message.author_role for message in thread.messages] == [None, None]
    contract, thread = fixture(shared, name, "https://coconala.com/talkrooms/5")
    assert isinstance(contract, Contract)
    assert contract.state is None
    assert isinstance(thread, Thread)
    assert [(message.id, message.author_role) for message in thread.messages] == [("214213467", "freelancer")]


def test_the_shapes(shared: Path) -> None:
    name = "shapes/coconala-request-talkroom-shape.html"
    (job,) = fixture(shared, name, "https://coconala.com/requests/5030575")
    assert isinstance(job, Job)
    assert (job.title, job.applicants, str(job.closes_at), str(job.posted_at)) == (
        "TITLE",
        68,
        "2026-05-21",
        "2026-05-14",
    )
    assert job.client is not None
    assert (job.client.job_offers_posted, job.client.identity_verified) == (0, True)
    contract, _ = fixture(shared, name, "https://coconala.com/talkrooms/77")
    assert isinstance(contract, Contract)
    assert contract.state == "escrow-funded"


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("進行中", "escrow-funded"),
        ("納品送付", "delivered"),
        ("納品確認待ち", "delivered"),
        ("取引完了", "paid"),
        ("新しい段階", None),
    ],
)
def test_steps(step: str, state: str | None) -> None:
    body = ROOM.body.decode().replace('label-current">進行中', f'label-current">{step}')
    contract = extract(page(body, ROOM.page.url)).records[0]
    assert isinstance(contract, Contract)
    assert contract.state == state


@pytest.mark.parametrize(
    ("case", "removed", "put", "field"),
    [
        (LIST, 'class="c-searchItem_detailLink"', 'class="x"', "id"),
        (LIST, 'class="d-requestBudget"', 'class="c-itemTileLine_budget"', "pay"),
        (DETAIL, 'class="c-requestContentsDetail"', 'class="x"', "body"),
        (DETAIL, "emphasis-proposalsLink", "emphasis-proposals", "applicants"),
        (DETAIL, "c-requestTitle_heading", "x", "title"),
    ],
)
def test_the_next_place_answers_for_the_first(case: Case, removed: str, put: str, field: str) -> None:
    body = case.body.decode()
    assert removed in body
    read = dumped(extract(page(body.replace(removed, put), case.page.url)).records)
    assert [record.get(field) for record in read] == [record.get(field) for record in case.expected]


@pytest.mark.parametrize(
    ("case", "removed"),
    [
        (LIST, 'class="c-searchItemWrapper'),
        (DETAIL, "c-requestOutlineRow"),
        (ROOM, "d-normalMessage"),
        (Case(PAGES / "coconala/thread/before-purchase"), "thread"),
        (Case(PAGES / "coconala/inbox/two-rooms"), "c-layoutMypage"),
    ],
)
def test_a_page_without_what_makes_it_one_has_changed(case: Case, removed: str) -> None:
    body = case.body.decode()
    assert removed in body
    changed = body.replace(removed, removed[:-4] + "-new").replace("見本.pdf", "").replace("tooltip-content", "x")
    with pytest.raises(PageChanged):
        extract(page(changed, case.page.url))


def test_each_card_can_be_found_again() -> None:
    for record in extract(LIST.page).records:
        assert isinstance(record, Job)
        assert record.sources["job"] == f'.c-searchItemWrapper:has(a[href$="/requests/{record.id}"])'
