"""The real cards, the pasted messages and the shapes of Coconala at ../shared; corrections; what a redesign does."""

from decimal import Decimal
from pathlib import Path

import pytest

from extractors import PageChanged, UnknownPage, extract
from extractors.coconala.job_list import pay_of
from extractors.records import Contract, Job, Money, Pay, Thread
from tests.extractors.saved_pages import PAGES, Case, dumped, page

COCONALA = PAGES / "coconala"
LIST = Case(COCONALA / "job-list/three-budgets")
DETAIL = Case(COCONALA / "job/new-requester")
OPEN = Case(COCONALA / "job/open-with-summary")
ROOM = Case(COCONALA / "talkroom/under-way")
DELIVERED = Case(COCONALA / "talkroom/delivered")
DIRECT = Case(COCONALA / "thread/before-purchase")
INBOX = Case(COCONALA / "inbox/two-rooms")
ORDERS = Case(COCONALA / "contract-list/two-orders")


def yen(amount: int) -> Money:
    return Money(amount=Decimal(amount))


def fixture(shared: Path, name: str, url: str) -> tuple[object, ...]:
    return extract(page((shared / "sites" / "fixtures" / name).read_bytes(), url, "")).records


def test_the_real_cards(shared: Path) -> None:
    first, second = fixture(shared, "coconala/requestlist-1.html", "https://coconala.com/requests?keyword=x")
    assert isinstance(first, Job)
    assert isinstance(second, Job)
    assert (first.id, first.url) == ("5251556", "https://coconala.com/requests/5251556")
    assert first.title == "［完全在宅！］ECサイトBUYMAにて簡単な画像加工、入力作業"
    assert first.pay == Pay(kind="fixed", min=yen(5000), max=yen(10000))
    assert (first.category, first.applicants, first.open) == ("ECサイト運用代行", 0, True)
    assert (str(first.posted_at), str(first.closes_at)) == ("2026-09-04 11:02:00+09:00", "2026-09-11")
    assert first.client is not None
    assert first.client.name == "client_a"
    assert first.body is not None
    lines = first.body.splitlines()
    assert (lines[0], lines[-1]) == (
        "この度は求人をご覧頂き誠にありがとうございます。",
        "質問２：お住まいの都道府県",
    )
    assert "5,000円-15,000円/月（1件40円:1日5件〜)" in lines
    assert second.title == "【至急】WordPressサイトのデータ移行をやってくださる方を探しています"
    assert (second.id, second.applicants, second.category) == ("5250376", 28, "ホームページ作成・サイト制作")
    assert str(second.posted_at) == "2026-09-03 18:11:00+09:00"
    assert second.pay == Pay(kind="fixed")
    assert second.client is not None
    assert second.client.name == "client_b"


def test_correction_11_ended_requests_stand_in_the_list(shared: Path) -> None:
    jobs = fixture(shared, "coconala/requestlist-1.html", "https://coconala.com/requests?keyword=x")
    assert [(job.open, job.closes_at is None) for job in jobs if isinstance(job, Job)] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("5千 円未満", None, 5000),
        ("5千 円 〜 1万 円", 5000, 10000),
        ("10万 円 〜", 100_000, None),
        ("3万円", 30000, 30000),
        ("見積り希望", None, None),
    ],
)
def test_correction_10_a_budget_is_read_whole(said: str, low: int | None, high: int | None) -> None:
    bounds = [None if amount is None else yen(amount) for amount in (low, high)]
    assert pay_of(said) == Pay(kind="fixed", min=bounds[0], max=bounds[1])


def test_a_budget_that_is_no_amount_is_not_shown() -> None:
    assert pay_of("ご相談のうえ決めます") is None


def test_the_pasted_messages(shared: Path) -> None:
    name = "coconala/talkroom-dm-1.html"
    url = "https://coconala.com/mypage/direct_message/5"
    # What was pasted does not say which of the two is the freelancer.
    with pytest.raises(PageChanged, match="author_role"):
        fixture(shared, name, url)
    own = b'<div class="sidebar-profile"><a href="/users/2">seller_a</a></div>'
    body = (shared / "sites" / "fixtures" / name).read_bytes()
    (thread,) = extract(page(body.replace(b"</body>", own + b"</body>"), url, "")).records
    assert isinstance(thread, Thread)
    first, second = thread.messages
    assert [message.author_name for message in thread.messages] == ["buyer_a", "seller_a"]
    assert [str(message.sent_at) for message in thread.messages] == [
        "2026-05-30 13:12:29+09:00",
        "2026-05-30 15:55:46+09:00",
    ]
    assert first.body is not None
    assert first.body.splitlines()[0] == "こんにちは。"
    assert len(first.body.splitlines()) == 3
    assert second.body is not None
    assert second.body.splitlines()[-1] == "よろしくお願いいたします。"
    assert [message.author_role for message in thread.messages] == ["client", "freelancer"]
    contract, talk = fixture(shared, name, "https://coconala.com/talkrooms/5")
    assert isinstance(contract, Contract)
    assert contract.state is None
    assert isinstance(talk, Thread)
    assert [(message.id, message.author_role, message.body, str(message.sent_at)) for message in talk.messages] == [
        (None, "system", "■ 購入にあたってのお願い\nご購入前にDMにご連絡ください．", "2026-05-29 21:43:00+09:00"),
        (
            "214213467",
            "freelancer",
            "ご購入ありがとうございます。引き続きよろしくお願いいたします。",
            "2026-05-29 22:15:00+09:00",
        ),
    ]


def test_the_shapes(shared: Path) -> None:
    name = "shapes/coconala-request-talkroom-shape.html"
    (job,) = fixture(shared, name, "https://coconala.com/requests/5030575")
    assert isinstance(job, Job)
    assert (job.title, job.category, job.body, job.applicants) == ("TITLE", "ホームページ作成", "本文", 68)
    assert (str(job.closes_at), str(job.posted_at), job.open) == ("2026-05-21", "2026-05-14", True)
    assert job.pay == Pay(kind="fixed", min=yen(50000), max=yen(80000))
    assert job.client is not None
    assert (job.client.job_offers_posted, job.client.identity_verified) == (0, True)
    contract, thread = fixture(shared, name, "https://coconala.com/talkrooms/77")
    assert isinstance(contract, Contract)
    assert contract.state == "escrow-funded"
    assert isinstance(thread, Thread)
    (message,) = thread.messages
    assert (message.id, message.author_role, message.body) == ("214213467", "client", "本文")


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
    ("notice", "state"),
    [
        ("購入者の入金待ちです", None),
        ("お支払い待ち", None),
        ("入金確認待ち", None),
        ("お支払いは完了しています", "escrow-funded"),
        ("売上の振込についてのご案内", "escrow-funded"),
    ],
)
def test_a_room_that_speaks_of_a_payment_to_come_is_not_taken_for_paid(notice: str, state: str | None) -> None:
    body = ROOM.body.decode().replace("<h1>", f"<p>{notice}</p><h1>")
    contract = extract(page(body, ROOM.page.url)).records[0]
    assert isinstance(contract, Contract)
    assert contract.state == state


def test_words_of_people_about_steps_and_payments_prove_nothing() -> None:
    words = "取引完了です。入金待ちです。正式な納品です。納品予定日：2027/03/03"
    body = ROOM.body.decode().replace("承知しました。", words)
    contract = dumped(extract(page(body, ROOM.page.url)).records)[0]
    assert contract == ROOM.expected[0]


def test_an_unmarked_side_is_not_guessed() -> None:
    body = ROOM.body.decode().replace(" d-talkroomMessage-isOthers", "")
    with pytest.raises(PageChanged, match="author_role"):
        extract(page(body, ROOM.page.url))


@pytest.mark.parametrize(
    ("case", "removed", "put", "field"),
    [
        (LIST, 'class="c-searchItem_detailLink"', 'class="x"', "id"),
        (LIST, 'class="d-requestBudget"', 'class="c-itemTileLine_budget"', "pay"),
        (LIST, 'class="d-requestBudget"', 'class="d-requestPrice_emphasis"', "pay"),
        (LIST, 'class="d-requestBudget"', 'class="c-itemTileLine_emphasis-budget"', "pay"),
        (DETAIL, 'class="c-requestContentsDetail"', 'class="x"', "body"),
        (OPEN, 'class="c-requestContentsDetail"', 'class="x"', "body"),
        (OPEN, 'class="c-requestContentsDetail"', 'class="x"', "links"),
        (DETAIL, "emphasis-proposalsLink", "emphasis-proposals", "applicants"),
        (DETAIL, 'class="c-requestOutlineRow_content"', 'class="c-requestOutlineRowContent_budget"', "pay"),
        (DETAIL, "c-requestTitle_heading", "x", "title"),
        (ROOM, 'class="d-normalMessage"', 'class="x"', "messages"),
        (DELIVERED, "d-attachedFileName", "tooltip-content", "messages"),
        (
            ROOM,
            '"d-talkroomMessage d-talkroomMessage-isOthers',
            '"d-talkroomMessage d-talkroomMessage-isOthers y',
            "client",
        ),
        (DIRECT, "js-translateMessageOriginalMessage", "x", "messages"),
        (DIRECT, 'id="threadWrapper" ', "", "messages"),
        (ORDERS, "d-providerTalkroomCassetteSpHeading_title", "x", "id"),
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
        (LIST, ("c-searchItemWrapper",)),
        (LIST, ("/requests/7",)),
        (DETAIL, ("c-requestOutlineRow",)),
        (DETAIL, ("c-requestContentsDetail", "c-detailRowContentText")),
        (Case(COCONALA / "service/title"), ("h1",)),
        (ROOM, ("d-talkroomMessage", "d-messageForm")),
        (ROOM, ("d-normalMessage", "d-talkroomMessage_main", "d-talkroomMessage_attachedFilesItem")),
        (DIRECT, ("threadColomun", "threadWrapper", "thread-wrapper")),
        (DIRECT, ("sidebar-profile",)),
        (DIRECT, ("threadUser",)),
        (DIRECT, ("js-translateMessageOriginalMessage", "threadMessage")),
        (INBOX, ("c-layoutMypage",)),
        (INBOX, ("/talkrooms/", "c-messageItemWrap")),
        (ORDERS, ("d-providerTalkroomCassette",)),
        (Case(COCONALA / "inbox/empty"), ("メッセージはありません",)),
    ],
)
def test_a_page_without_what_makes_it_one_has_changed(case: Case, removed: tuple[str, ...]) -> None:
    body = case.body.decode()
    for name in removed:
        assert name in body
        body = body.replace(name, f"new-{name[::-1]}")
    with pytest.raises(PageChanged) as changed:
        extract(page(body, case.page.url))
    assert changed.value.kind == case.kind


def test_the_page_of_a_request_that_is_gone_is_no_request() -> None:
    gone = "<title>ご指定のページが見つかりませんでした</title><h1>ご指定のページが見つかりませんでした</h1>"
    with pytest.raises(PageChanged):
        extract(page(gone, "https://coconala.com/requests/5030575"))


def test_other_addresses_are_not_read() -> None:
    for path in ("/requests/add", "/talkrooms", "/mypage/direct_message/", "/services/abc", "/messages"):
        with pytest.raises(UnknownPage):
            extract(page("<h1>x</h1>", f"https://coconala.com{path}"))


def test_each_card_can_be_found_again() -> None:
    for record in extract(LIST.page).records:
        assert isinstance(record, Job)
        assert record.sources["job"] == f'.c-searchItemWrapper:has(a[href$="/requests/{record.id}"])'
    for order in extract(ORDERS.page).records:
        assert isinstance(order, Contract)
        assert order.sources["contract"] == f'.d-providerTalkroomCassette:has(a[href$="/talkrooms/{order.id}"])'
    assert [record.sources["thread"] for record in extract(INBOX.page).records] == [
        'main.c-layoutMypage a[href*="/talkrooms/9000001"]',
        'main.c-layoutMypage a[href*="/talkrooms/9000002"]',
        'main.c-layoutMypage a[href*="/mypage/direct_message/9000001"]',
    ]


def test_each_message_tells_where_it_stands() -> None:
    thread = extract(ROOM.page).records[1]
    assert isinstance(thread, Thread)
    assert thread.messages[1].sources["message"] == "#js-talkroomMessage-31001"
    assert thread.messages[1].sources["body"] == "#js-talkroomMessage-31001 .d-normalMessage"
    (direct,) = extract(DIRECT.page).records
    assert isinstance(direct, Thread)
    assert [message.sources["message"] for message in direct.messages] == [
        '.threadColomun[data-message-id="70001"]',
        '.threadColomun[id="message-70002"]',
    ]


def test_an_id_that_would_break_a_selector_is_none() -> None:
    body = DIRECT.body.decode().replace('data-message-id="70001"', "data-message-id='7\"],a[b=\"1'")
    (thread,) = extract(page(body, DIRECT.page.url)).records
    assert isinstance(thread, Thread)
    assert thread.messages[0].id is None
    assert "message" not in thread.messages[0].sources


def test_a_name_that_claims_to_be_verified_is_not_believed() -> None:
    case = Case(PAGES / "coconala/job/open-with-summary")
    (job,) = extract(page(case.body.decode().replace(">うぐいす堂<", ">本人確認 済<"), case.page.url)).records
    assert isinstance(job, Job)
    assert job.client is not None
    assert (job.client.name, job.client.identity_verified) == ("本人確認 済", False)
