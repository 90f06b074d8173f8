"""The real cards and the shapes of Lancers at ../shared; corrections; what a redesign does."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from extractors import PageChanged, extract
from extractors.records import Client, Contract, Job, Thread
from tests.extractors.saved_pages import PAGES, Case, dumped, page

LIST = Case(PAGES / "lancers/job-list/all-cards")
DETAIL = Case(PAGES / "lancers/job/with-schedule")


SEARCH = "https://www.lancers.jp/work/search"
JOB = "https://www.lancers.jp/work/detail/6000200"


def job_in(cards: str) -> Job:
    (job,) = extract(page(cards, SEARCH)).records
    assert isinstance(job, Job)
    return job


def card(inner: str, *, number: int = 6000200, title: str = "納屋の帳面", tags: str = "", more: str = "") -> str:
    """A card of the list, with what a test is about."""
    return f"""<div onclick="goToLjpWorkDetail({number})" class="p-search-job-media c-media {more}">
<a class="p-search-job-media__title" href="/work/detail/{number}">{tags}{title}</a>
<span class="c-badge__text">プロジェクト</span>{inner}</div>"""


def detail(inner: str, *, client: str | None = None) -> Job:
    """The job of a page with a title, a description and a client, and what a test is about."""
    shown = client or '<div class="p-work-detail-client-box__inner"><span class="client_name"><a href="/client/naya">'
    text = "<dl><dt>依頼概要</dt><dd>帳面を写します。</dd></dl>"
    (job,) = extract(page(f"<body><h1>納屋の帳面</h1>{inner}{text}{shown}納屋の会</a></body>", JOB)).records
    assert isinstance(job, Job)
    return job


def bounds(job: Job) -> tuple[str, float | None, float | None]:
    assert job.pay is not None
    low, high = (None if money is None else float(money.amount) for money in (job.pay.min, job.pay.max))
    return job.pay.kind, low, high


def price(*parts: str) -> str:
    words = (
        f'<span class="p-search-job-media__number">{part}</span>'
        if part[0].isdigit()
        else f'<span class="c-media__job-unit">{part}</span>'
        for part in parts
    )
    return f'<span class="p-search-job-media__price">{"".join(words)}</span>'


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
    assert (first.pay.kind, first.pay.min.amount, first.pay.max.amount) == ("fixed", Decimal(20000), Decimal(50000))
    assert (first.hires, first.openings, first.open) == (0, 5, True)
    assert first.category == "テキスト入力・タイピング・キーパンチ"
    assert first.body is not None
    assert first.body.splitlines()[0] == "■ 依頼の目的・背景"
    # 「あと23時間」 counts from the moment that the page came.
    assert str(first.closes_at) == "2026-11-25 11:00:00+09:00"
    assert first.client is not None
    assert (first.client.id, first.client.job_offers_posted, first.client.rating) == ("client_a", 1, None)
    assert (first.client.url, first.client.identity_verified) == ("https://www.lancers.jp/client/client_a", True)
    assert (first.url, first.links, first.applicants) == ("https://www.lancers.jp/work/detail/5596677", (), None)
    assert (second.id, second.category) == ("5596502", "テキスト入力・タイピング・キーパンチ")
    assert second.title == "【隙間時間でお小遣い稼ぎ】バイマの出品作業をお手伝いしてくださる方大募集!!"
    assert bounds(second) == ("fixed", 20000, 50000)
    assert (second.hires, second.openings, second.open) == (0, 3, True)
    assert second.body is not None
    assert second.body.splitlines()[-2:] == ["<お仕事内容>", "1、出..."]
    assert second.client is not None
    assert (second.client.id, second.client.name) == ("client_b", "client_b")
    assert (second.client.job_offers_posted, second.client.rating, second.client.identity_verified) == (7, 3.6, True)
    assert str(second.closes_at) == "2026-11-30"


def test_the_shapes(shared: Path) -> None:
    name = "shapes/lancers-detail-client-shape.html"
    (job,) = fixture(shared, name, "https://www.lancers.jp/work/detail/555")
    assert isinstance(job, Job)
    assert (job.title, job.body, job.applicants) == ("TITLE", "本文", 49)
    assert str(job.closes_at) == "2026-06-13 22:10:00+09:00"
    assert (str(job.posted_at), bounds(job)) == ("2026-06-10", ("fixed", 10000, 20000))
    assert job.client is not None
    assert (job.client.id, job.client.name, job.client.reviews) == ("nick", "会社名", 12)
    assert (job.client.hire_rate, job.client.identity_verified) == (0.8, True)
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
    assert (board.job_id, board.title) == ("5605912", "…")
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
    for name in ("all-cards", "second-class-names"):
        for record in extract(Case(PAGES / "lancers/job-list" / name).page).records:
            assert isinstance(record, Job)
            link = f'a[href$="/work/detail/{record.id}"], a[href*="/work/detail/{record.id}?"]'
            assert record.sources["job"].endswith(f':is([onclick*="({record.id})"], :has({link}))')


def test_words_about_escrow_in_running_text_prove_nothing() -> None:
    (contract,) = extract(Case(PAGES / "lancers/project/terms-without-state").page).records
    assert isinstance(contract, Contract)
    assert contract.state is None


def test_correction_3_a_hidden_job_shows_neither_client_nor_state() -> None:
    note = (
        '<p class="p-search-job-media__avatar-note"></p><span class="p-search-job-media__avatar-subnote">発注 3</span>'
    )
    words = "(非公開オプションが設定されています)"
    job = job_in(card(f'<div class="js-job-show-description">{words}</div>{note}', title="限定公開の仕事"))
    assert (job.title, job.body, job.open, job.closes_at) == ("限定公開の仕事", words, None, None)
    assert job.client is not None
    assert (job.client.id, job.client.name, job.client.identity_verified) == (None, None, None)
    assert job.client.job_offers_posted == 3


def test_correction_4_a_client_is_known_by_the_address_not_by_the_name() -> None:
    note = '<p class="p-search-job-media__avatar-note"><a href="/client/ezo">担当者</a></p>'
    client = job_in(card(note)).client
    assert client is not None
    assert (client.id, client.name) == ("ezo", "担当者")


@pytest.mark.parametrize(
    "opening",
    [
        'data-external-modal-url="https://tech-agent.lancers.jp/x" class="p-search-job-media"',
        'class="p-search-job-media"',
    ],
)
def test_correction_5_an_agencys_advertisement_is_no_job(opening: str) -> None:
    link = '<a class="p-search-job-media__title" href="https://tech-agent.lancers.jp/jobs/9">設計の仕事</a>'
    # Even one that names a job of the site in its words.
    words = '<p>ほかに <a href="/work/detail/6000999">こちら</a></p>'
    wage = price("410,000", "円 ~", "880,000", "円 / 月 週3日･4日･5日")
    assert job_in(f"<div {opening}>{link}{words}{wage}</div>{card('')}").id == "6000200"


@pytest.mark.parametrize(
    ("parts", "kind", "low", "high"),
    [
        (("20,000", "円 ", "~", "50,000", "円 / 固定"), "fixed", 20000, 50000),
        (("~", "5,000", "円 / 固定"), "fixed", None, 5000),
        (("1,000", "円 ", "~", "1,500", "円 / 時間"), "hourly", 1000, 1500),
        (("33,000", "円"), "fixed", 33000, 33000),
    ],
)
def test_correction_6_forms_of_a_price(parts: tuple[str, ...], kind: str, low: int | None, high: int | None) -> None:
    assert bounds(job_in(card(price(*parts)))) == (kind, low, high)


def test_correction_7_a_job_that_stands_twice_is_one_and_says_all_that_its_cards_say() -> None:
    full = '<p class="p-search-job-media__avatar-note"><a href="/client/ezo">えぞ商店</a></p>' + price("300", "円")
    body = '<div class="js-job-show-description">帳面を写します。</div>'
    for cards in (card("") + card(full) + card(body), card(full) + card(body) + card("")):
        job = job_in(cards)
        assert bounds(job) == ("fixed", 300, 300)
        assert job.body == "帳面を写します。"
        assert job.client is not None
        assert job.client.name == "えぞ商店"
        assert {"body", "pay", "title"} <= job.sources.keys()


@pytest.mark.parametrize("tag", ["NEW", "急募", "限定公開", "提案非公開", "PR", "注目"])
def test_correction_8_12_36_tags_are_no_part_of_the_title(tag: str) -> None:
    tags = f'<ul class="p-search-job-media__tags"><li class="p-search-job-media__tag--middle">{tag}</li></ul>'
    assert job_in(f'<div class="p-search-job-medias">{card("", tags=tags, more="middle")}</div>').title == "納屋の帳面"


def test_correction_29_the_price_of_a_page_in_numbers_and_units() -> None:
    number = '<span class="price-number">{}</span><span class="price-unit">円</span>'
    assert bounds(detail(f'<div class="price-block">{number.format("20,000")} ~ {number.format("50,000")}</div>')) == (
        "fixed",
        20000,
        50000,
    )


def test_correction_30_the_client_beside_the_heading() -> None:
    links = '<a class="p-work-detail-sub-heading__avatar" href="/client/naya"><img alt=""></a><a href="/client/naya">'
    client = detail('<header><a href="/client/me">自分</a></header>', client=links).client
    assert client is not None
    assert client.id == "naya"


def test_a_page_that_names_several_clients_is_not_read_as_one_of_them() -> None:
    with pytest.raises(PageChanged):
        detail('<header><a href="/client/me">自分</a></header>', client='<p><a href="/client/naya">')


@pytest.mark.parametrize(
    "item",
    [
        '<div class="p-work-detail-schedule__item"><b class="p-work-detail-schedule__item__title">締切：</b>'
        '<b class="p-work-detail-schedule__text">2026年12月14日 22:56</b></div>',
        '<div class="workdetail-schedule__item">締切： 2026年12月14日 22:56</div>',
        "<p>開始： 2026年12月01日 締切： 2026年12月14日 22:56 希望納期： 2026年12月25日</p>",
    ],
)
def test_correction_31_46_the_days_of_the_schedule(item: str) -> None:
    assert str(detail(item).closes_at) == "2026-12-14 22:56:00+09:00"


@pytest.mark.parametrize(
    "status",
    [
        '<b class="work_detail__proposal-status-number">気になる 7人</b>'
        '<b class="work_detail__proposal-status-number">提案 8件</b>',
        '<b class="work_detail__proposal-status-number">提案: 8件</b>',
        '<div class="work_detail__proposal-status">提案 <b class="work_detail__proposal-status-number">8</b>件</div>',
    ],
)
def test_correction_32_how_many_have_proposed(status: str) -> None:
    assert detail(status).applicants == 8


def test_correction_33_all_that_the_client_wrote_is_the_description() -> None:
    later = (
        '<dl><dt class="p-work-detail-lancer__postscript-term">補足</dt>'
        '<dd class="p-work-detail-lancer__postscript-description">連絡はLINEで。</dd></dl>'
    )
    assert detail(later).body == "連絡はLINEで。\n\n帳面を写します。"


def test_correction_34_tags_of_a_page_are_no_description_and_an_icon_tells_pay_by_the_character() -> None:
    block = '<div class="price-block">1.5円</div>'
    icons = '<i class="p-work-detail-option-icon" data-url="/img/icn_words.png"></i>'
    tags = '<span class="p-work-detail-tag">継続依頼あり</span><span class="c-tag">依頼番号:6000200</span>'
    by_character = detail(block + icons + tags)
    assert bounds(by_character) == ("per-character", 1.5, 1.5)
    assert by_character.pay is not None
    assert by_character.pay.characters_min == 1
    assert bounds(detail(block + tags))[0] == "fixed"
    assert detail(block + tags).body == "帳面を写します。"


@pytest.mark.parametrize(("number", "takes"), [("6000200", True), ("6000201", None)])
def test_correction_35_a_page_that_offers_to_propose_is_open(number: str, takes: bool | None) -> None:
    button = (
        f'<a class="p-work-detail__righter-button" href="/work/propose_start/{number}?proposeReferer=">提案する</a>'
    )
    assert detail(button).open is takes


def test_what_a_client_writes_is_not_taken_for_the_sites_own_words() -> None:
    words = "認証済みのクライアントからの依頼 締切： 2030年01月01日 10:00"
    job = extract(Case(PAGES / "lancers/job/sections-and-other-jobs").page).records[0]
    assert isinstance(job, Job)
    assert job.client is not None
    assert job.client.identity_verified is None
    named = detail("", client=f'<p><a href="/client/naya">{words}')
    assert named.client is not None
    assert (named.client.identity_verified, named.closes_at) == (None, None)


def test_an_unverified_client_is_told_only_where_the_badge_is_known() -> None:
    note = '<p class="p-search-job-media__avatar-note"><a href="/client/ezo">えぞ</a></p>'
    badge = '<i class="p-search-job-media__avatar-badge is-verified"></i>'

    def verified(cards: str) -> list[bool | None]:
        jobs = extract(page(cards, SEARCH)).records
        return [job.client.identity_verified for job in jobs if isinstance(job, Job) and job.client]

    assert verified(card(note) + card(note + badge, number=6000201)) == [False, True]
    # A redesign that renames the badge makes nobody unverified.
    assert verified(card(note) + card(note, number=6000201)) == [None, None]


@pytest.mark.parametrize("name", ["all-cards", "carousel-and-paid-twice"])
def test_component_bug_1_a_card_that_ends_in_months_takes_no_list_away(name: str) -> None:
    case = Case(PAGES / "lancers/job-list" / name)
    body = case.body.decode()
    changed = re.sub(r"あと\d{1,2}(?:日|時間)", "あと6ヶ月", body)
    assert changed != body
    jobs = extract(page(changed, case.page.url)).records
    assert len(jobs) == len(case.expected)
    assert date(2027, 5, 24) in [job.closes_at for job in jobs if isinstance(job, Job)]
