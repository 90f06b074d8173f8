"""The real cards and the shapes of Lancers at ../shared; corrections; what a redesign does."""

import json
from pathlib import Path

import pytest

from extractors import PageChanged, extract
from extractors.records import Client, Contract, Job, Thread
from tests.extractors.saved_pages import PAGES, Case, dumped, page

LIST = Case(PAGES / "lancers/job-list/all-cards")
DETAIL = Case(PAGES / "lancers/job/with-schedule")


def fixture(shared: Path, name: str, url: str) -> tuple[object, ...]:
    return extract(page((shared / "sites" / "fixtures" / name).read_bytes(), url, "")).records


def test_the_real_cards(shared: Path) -> None:
    first, second = fixture(shared, "lancers/joblist-1.html", "https://www.lancers.jp/work/search/task/input")
    assert isinstance(first, Job)
    assert isinstance(second, Job)
    assert (first.id, first.title) == ("5596677", "【隙間時間で簡単作業！】バイマで出品作業して頂ける方募集◎")
    assert first.pay is not None
    assert first.pay.min is not None
    assert first.pay.max is not None
    assert (first.pay.kind, first.pay.min.amount, first.pay.max.amount) == ("fixed", 20000, 50000)
    assert (first.hires, first.openings, first.open) == (0, 5, True)
    assert first.category == "テキスト入力・タイピング・キーパンチ"
    assert first.body is not None
    assert first.body.splitlines()[0] == "■ 依頼の目的・背景"
    # 「あと23時間」 counts from the moment that the page came.
    assert str(first.closes_at) == "2026-11-25 11:00:00+09:00"
    assert first.client is not None
    assert (first.client.id, first.client.job_offers_posted, first.client.rating) == ("client_a", 1, None)
    assert second.client is not None
    assert (second.client.job_offers_posted, second.client.rating, second.client.identity_verified) == (7, 3.6, True)
    assert str(second.closes_at) == "2026-11-30"


def test_the_shapes(shared: Path) -> None:
    name = "shapes/lancers-detail-client-shape.html"
    (job,) = fixture(shared, name, "https://www.lancers.jp/work/detail/555")
    assert isinstance(job, Job)
    assert (job.title, job.body, job.applicants) == ("TITLE", "本文", 49)
    assert str(job.closes_at) == "2026-06-13 22:10:00+09:00"
    (client,) = fixture(shared, name, "https://www.lancers.jp/client/nick")
    assert isinstance(client, Client)
    assert (client.name, client.job_offers_posted, client.reviews, client.hire_rate) == ("会社名", 19, 18, 0.25)
    (contract,) = fixture(shared, name, "https://www.lancers.jp/mypage/proposals/all/working")
    assert isinstance(contract, Contract)
    assert (contract.id, contract.state) == ("5605912", "escrow-requested")


def test_the_shape_of_messages(shared: Path) -> None:
    shape = json.loads((shared / "sites" / "fixtures" / "shapes" / "lancers-messages-shape.json").read_text("utf-8"))
    base = "https://www.lancers.jp/v1/message_api/boards/"
    (thread,) = extract(page(json.dumps(shape["messages"]), f"{base}7/messages")).records
    assert isinstance(thread, Thread)
    assert [(message.id, message.author_role) for message in thread.messages] == [("9", "client")]
    (board,) = extract(page(json.dumps(shape["board"]), f"{base}7")).records
    assert isinstance(board, Thread)
    assert board.job_id == "5605912"
    (listed,) = extract(page(json.dumps(shape["boards"]), base + "?limit=20")).records
    assert isinstance(listed, Thread)
    assert listed.id == "7"


@pytest.mark.parametrize(
    ("removed", "put", "field"),
    [
        ('class="price-block"', 'class="p-search-job-media__price"', "pay"),
        ('class="p-work-detail-schedule__item"', 'class="x"', "closes_at"),
        ('class="p-work-detail-client-box__inner"', 'class="x"', "client"),
    ],
)
def test_the_next_place_answers_for_the_first(removed: str, put: str, field: str) -> None:
    body = DETAIL.body.decode()
    assert removed in body
    (job,) = dumped(extract(page(body.replace(removed, put), DETAIL.page.url)).records)
    assert job[field] == DETAIL.expected[0][field]


@pytest.mark.parametrize("removed", ["<h1>", "依頼概要", 'href="/client/'])
def test_a_page_without_what_makes_it_one_has_changed(removed: str) -> None:
    body = DETAIL.body.decode()
    assert removed in body
    with pytest.raises(PageChanged):
        extract(page(body.replace(removed, "<i>"), DETAIL.page.url))


def test_a_list_without_its_cards_has_changed() -> None:
    with pytest.raises(PageChanged):
        extract(page(LIST.body.decode().replace('class="p-search-job-media ', 'class="renamed '), LIST.page.url))


def test_each_card_can_be_found_again() -> None:
    for record in extract(LIST.page).records:
        assert isinstance(record, Job)
        assert record.sources["job"].endswith(
            f':has(a[href$="/work/detail/{record.id}"], a[href*="/work/detail/{record.id}?"])'
        )


def test_words_about_escrow_in_running_text_prove_nothing() -> None:
    (contract,) = extract(Case(PAGES / "lancers/project/terms-without-state").page).records
    assert isinstance(contract, Contract)
    assert contract.state is None
