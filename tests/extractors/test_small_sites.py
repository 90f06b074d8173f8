"""The real pages of Shufti, Mamaworks and Craudia at ../shared, and what corrections to public notes say of them."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from extractors import PageChanged, extract
from extractors.mamaworks.postings import pay_in
from extractors.records import Job, Money, Pay
from tests.extractors.saved_pages import PAGES, Case, dumped, page

SHUFTI = "https://internal.shufti.jp/api/v1/guest/jobs?page=1"
MAMAWORKS = "https://mamaworks.jp/jobs"
CRAUDIA = "https://www.craudia.com/work_list"

POSTINGS = Case(PAGES / "mamaworks/job-list/two-postings")
BY_TABLE = Case(PAGES / "mamaworks/job/by-its-table")
ITEMS = Case(PAGES / "craudia/job-list/all-kinds")
COUNTED = Case(PAGES / "craudia/job-list/kinds-by-word")


def yen(amount: int) -> Money:
    return Money(amount=Decimal(amount))


def real(shared: Path, name: str, url: str) -> list[Job]:
    return jobs_in((shared / "sites" / "fixtures" / "other" / name).read_bytes(), url)


def jobs_in(body: bytes | str, url: str) -> list[Job]:
    records = extract(page(body, url, "")).records
    assert all(isinstance(record, Job) for record in records)
    return [record for record in records if isinstance(record, Job)]


def test_shufti(shared: Path) -> None:
    first, second = dumped(tuple(real(shared, "shufti-api-joblist-1.json", SHUFTI)))
    assert first == {
        "type": "job",
        "id": "386479",
        "url": "https://app.shufti.jp/jobs/view/386479",
        "title": "【完全在宅・未経験OK】商品のリサーチ・価格チェック♪長期継続あり",
        "pay": {
            "kind": "per-task",
            "min": {"amount": 100, "currency": "JPY"},
            "max": {"amount": 100, "currency": "JPY"},
        },
        "closes_at": "2026-12-01",
        "client": {"id": "1", "name": "client_1"},
    }
    assert second["title"] == "【固定5,000円＋追加手当】完全在宅のテレアポ"
    assert (second["pay"]["kind"], second["pay"]["max"]["amount"]) == ("fixed", 5000)
    assert (second["closes_at"], second["client"]["name"]) == ("2026-12-03", "client_2")


@pytest.mark.parametrize(
    ("period", "closes"),
    [
        ("あと7日", "2026-12-01"),
        ("あと6時間", "2026-11-24 18:00:00+09:00"),
        ("あと 7 日", "2026-12-01"),
        ("募集終了", "None"),
        (None, "None"),
        (7, "None"),
    ],
)
def test_correction_13_periods_in_days_and_hours(period: object, closes: str) -> None:
    attributes = {"name": "名簿の確認", "price": "100", "unit_price": "100", "remaining_count": None, "period": period}
    answer = {"data": [{"type": "jobs", "id": 1, "attributes": attributes}]}
    (job,) = jobs_in(json.dumps(answer), SHUFTI)
    assert str(job.closes_at) == closes
    assert job.openings is None


@pytest.mark.parametrize("wage", [None, 394, "394"])
def test_correction_13_a_clients_wage_may_be_missing(wage: object) -> None:
    attributes = {"name": "名簿の確認", "price": "100", "unit_price": "100", "client_hourly_wage": wage}
    (job,) = jobs_in(json.dumps({"data": [{"type": "jobs", "id": 1, "attributes": attributes}]}), SHUFTI)
    assert job.pay == Pay(kind="fixed", min=yen(100), max=yen(100))


def test_mamaworks(shared: Path) -> None:
    (job,) = real(shared, "mamaworks-joblist-1.html", MAMAWORKS)
    assert (job.id, job.url) == ("37742", "https://mamaworks.jp/job/37742")
    assert job.title == "【経理/労務】ブランクOK・フルリモート・稼働時間自由なので家庭と両立しながら活躍できる♪/業托"
    assert job.body is not None
    assert len(job.body.splitlines()) == 3
    assert job.body.splitlines()[0] == "◆募集背景"
    assert (job.category, str(job.posted_at), str(job.closes_at)) == ("経理、労務", "2026-06-18", "2026-09-30")
    assert job.pay == Pay(kind="hourly", min=yen(1500), max=yen(2500), tax_included=True)
    assert job.client is not None
    assert (job.client.id, job.client.name) == ("5970", "レジリエント株式会社")


@pytest.mark.parametrize(
    ("said", "kind", "low", "high", "taxed"),
    [
        ("報酬：時給 1,500円〜2,500円 時間単価1,500円～2,500円（税込）", "hourly", 1500, 2500, True),
        ("報酬：時間単価：1,500円（税込）～2,000円（税込） ※経験によります", "hourly", 1500, 2000, True),
        ("報酬：時給 1,200 円 〜 1,800 円", "hourly", 1200, 1800, None),
        ("報酬：時給１，３００円〜", "hourly", 1300, None, None),
        ("報酬：固定 3万円（税抜）", "fixed", 30000, 30000, False),
        ("報酬：件単価 80円以下", "per-task", None, 80, None),
    ],
)
def test_wages(said: str, kind: str, low: int | None, high: int | None, taxed: bool | None) -> None:
    bounds = [None if amount is None else yen(amount) for amount in (low, high)]
    assert pay_in(said) == Pay.model_validate({"kind": kind, "min": bounds[0], "max": bounds[1], "tax_included": taxed})


@pytest.mark.parametrize(
    "said", ["報酬：月給 220,000円〜260,000円", "報酬：日給 9,000円", "報酬：応相談", "報酬：時給 応相談"]
)
def test_wages_by_month_and_day_are_no_pay_by_the_hour(said: str) -> None:
    assert pay_in(said) is None


def test_craudia(shared: Path) -> None:
    asked, ended = real(shared, "craudia-joblist-1.html", CRAUDIA)
    assert (asked.id, asked.url) == ("fpp5936", "https://www.craudia.com/work_detail/fpp5936")
    assert asked.title is not None
    assert asked.title.startswith("【即戦力募集】テレアポ経験1年以上")
    assert (asked.category, asked.applicants, asked.open) == ("電話サポート", 0, True)
    assert asked.pay == Pay(kind="fixed")
    assert str(asked.closes_at) == "2026-12-20"
    assert asked.client is not None
    assert (asked.client.id, asked.client.name) == ("aaaaaa", "client_a")
    assert (ended.id, ended.open, ended.closes_at, ended.quantity) == ("lut1018", False, None, 10)
    assert (ended.category, ended.applicants) == ("質問・アンケート", None)
    assert ended.title == "【看護師・元看護師の方限定】転職に関するカンタンアンケート（3〜5分）"
    assert ended.pay == Pay(kind="per-task", min=yen(30), max=yen(30))
    assert ended.client is not None
    assert (ended.client.id, ended.client.name) == ("bbbbbb", "client_b")


def craudia_item(kind: str, word: str, reward: str) -> Job:
    (job,) = jobs_in(
        f'<div class="work-list__item"><a class="work-list__title" href="/work_detail/aa1">件名</a>'
        f'<div class="work-list__work-type {kind}">{word}</div><div class="work-list__reward">{reward}</div></div>',
        CRAUDIA,
    )
    return job


@pytest.mark.parametrize(
    ("kind", "word", "reward", "pay"),
    [
        ("project", "プロジェクト", "10,000～50,000 円", ("fixed", 10000, 50000)),
        ("project", "プロジェクト", "～10,000 円", ("fixed", None, 10000)),
        ("project", "プロジェクト", "予算 別途相談", ("fixed", None, None)),
        ("task", "タスク", "30 円 / 件", ("per-task", 30, 30)),
    ],
)
def test_correction_16_forms_of_reward(
    kind: str, word: str, reward: str, pay: tuple[str, int | None, int | None]
) -> None:
    bounds = [None if amount is None else yen(amount) for amount in pay[1:]]
    expected = Pay.model_validate({"kind": pay[0], "min": bounds[0], "max": bounds[1]})
    assert craudia_item(kind, word, reward).pay == expected


def test_correction_16_work_is_counted_as_done_and_wanted() -> None:
    ended = next(job for job in jobs_in(ITEMS.body, CRAUDIA) if job.id == "aab1002")
    assert ended.quantity == 200


@pytest.mark.parametrize(("kind", "word"), [("time-work", "時間制"), ("", "時間制"), ("time-work", "")])
def test_correction_44_the_hour_stands_in_the_kind_not_in_the_amount(kind: str, word: str) -> None:
    assert craudia_item(kind, word, "1,100 円").pay == Pay(kind="hourly", min=yen(1100), max=yen(1100))


def test_a_reward_of_an_unknown_kind_is_not_guessed() -> None:
    assert craudia_item("novel", "新方式", "1,100 円").pay is None


def test_correction_42_the_second_count_of_addresses() -> None:
    body = POSTINGS.body.decode()
    assert len(jobs_in(body, MAMAWORKS)) == 2
    # One of the two on no card: half of them is read. Neither on a card: the page has changed.
    assert len(jobs_in(body.replace("mamaworks.jp/job/60001", "mamaworks.jp/job/90001", 1), MAMAWORKS)) == 2
    with pytest.raises(PageChanged):
        jobs_in(body.replace("mamaworks.jp/job/6000", "mamaworks.jp/job/9000", 2), MAMAWORKS)


def test_correction_43_the_cards_template_is_no_job() -> None:
    body = ITEMS.body.decode()
    assert 'id="workListTemplate"' in body
    assert all(job.id and job.title for job in jobs_in(body, CRAUDIA))
    template = body[body.index('<div id="workListTemplate"') :]
    with pytest.raises(PageChanged):
        jobs_in(f"<body>{template}", CRAUDIA)


def test_correction_45_jobs_of_one_title_and_client_are_two_and_cards_are_counted() -> None:
    same = [job.id for job in jobs_in(ITEMS.body, CRAUDIA) if job.title == "商品登録の補助"]
    assert same == ["aab1003", "aab1004"]
    body = COUNTED.body.decode()
    assert len(jobs_in(body, CRAUDIA)) == 3
    with pytest.raises(PageChanged):
        jobs_in(body.replace("16 - 18 件", "1 - 15 件"), CRAUDIA)


@pytest.mark.parametrize(
    ("name", "removed"),
    [
        ("shufti/job-list/two-jobs", ('"name"',)),
        ("shufti/job-list/two-jobs", ('"data"',)),
        ("shufti/job/alone", ('"attributes"',)),
        ("mamaworks/job-list/two-postings", ("schema.org/JobPosting", "p-recruit-index__result-box")),
        ("mamaworks/job-list/cards-by-class", ("p-recruit-index__result-box",)),
        ("mamaworks/job/posting", ("schema.org/JobPosting",)),
        ("mamaworks/job/by-its-table", ("仕事内容",)),
        ("mamaworks/job/by-its-table", ("p-recruit-show__text",)),
        ("craudia/job-list/all-kinds", ("work-list__item",)),
        ("craudia/job-list/all-kinds", ("/work_detail/",)),
        ("craudia/job-list/none", ("c-pagination",)),
        ("craudia/job/by-labels", ("h1",)),
        ("craudia/job/by-labels", ("仕事内容",)),
    ],
)
def test_a_page_without_what_makes_it_one_has_changed(name: str, removed: tuple[str, ...]) -> None:
    case = Case(PAGES / name)
    body = case.body.decode()
    for words in removed:
        assert words in body
        body = body.replace(words, words[::-1])
    with pytest.raises(PageChanged) as changed:
        extract(page(body, case.page.url))
    assert changed.value.kind == case.kind


@pytest.mark.parametrize(
    ("case", "removed", "put", "fields"),
    [
        (POSTINGS, '<input name="recruit_id" type="hidden" value="60001">', "", ("id",)),
        (POSTINGS, ' itemprop="title"', "", ("title",)),
        (POSTINGS, ' itemprop="description"', "", ("body", "links")),
        (POSTINGS, ' itemprop="name"', "", ("client",)),
        (POSTINGS, ' itemprop="hiringOrganization"', "", ("client",)),
        (POSTINGS, '<meta itemprop="validThrough" content="2027-01-31">', "", ("closes_at",)),
        (POSTINGS, "schema.org/JobPosting", "schema.org/Thing", ("id", "title", "body", "pay", "client", "closes_at")),
        (ITEMS, 'work-type time-work"', 'work-type"', ("pay",)),
        (ITEMS, 'work-type project"', 'work-type"', ("pay",)),
        (ITEMS, 'id="workListBlock"', "", ("id", "title", "pay", "client")),
    ],
)
def test_the_next_place_answers_for_the_first(case: Case, removed: str, put: str, fields: tuple[str, ...]) -> None:
    body = case.body.decode()
    assert removed in body
    read = dumped(extract(page(body.replace(removed, put), case.page.url)).records)
    for name in fields:
        assert [record.get(name) for record in read] == [record.get(name) for record in case.expected]


def test_a_page_of_one_job_is_not_read_from_another_jobs_card() -> None:
    body = BY_TABLE.body.decode().replace('<div class="p-recruit-show__text">', '<div class="x">')
    with pytest.raises(PageChanged):
        jobs_in(body, BY_TABLE.page.url)
    # The card's own job is read from it.
    (job,) = jobs_in(BY_TABLE.body, "https://mamaworks.jp/job/60022")
    assert (job.title, job.client and job.client.name) == ("ほかの仕事", "ほかの会社")


def test_each_card_can_be_found_again_in_its_page() -> None:
    for name in ("mamaworks/job-list/two-postings", "craudia/job-list/all-kinds", "shufti/job-list/two-jobs"):
        for record in extract(Case(PAGES / name).page).records:
            assert isinstance(record, Job)
            assert record.sources["job"].startswith("a[href$=")
            assert str(record.id) in record.sources["job"]


def test_an_empty_answer_is_an_empty_list() -> None:
    assert extract(page(json.dumps({"data": []}), SHUFTI)).records == ()


def test_days_count_from_the_moment_that_the_page_came() -> None:
    first = jobs_in(ITEMS.body, CRAUDIA)[0]
    assert first.closes_at == date(2026, 11, 30)
