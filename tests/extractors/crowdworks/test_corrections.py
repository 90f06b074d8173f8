"""What real pages taught: each of these was once read wrongly by somebody's program."""

import html
import json
from typing import Any

import pytest

from extractors import PageChanged, extract
from extractors.records import Job
from tests.extractors.saved_pages import page

LIST = "https://crowdworks.jp/public/jobs?order=new"
DETAIL = "https://crowdworks.jp/public/jobs/22000001"


def row(**parts: Any) -> dict[str, Any]:
    offer = {"id": 22000001, "title": "表の整理", "description_digest": "表を整えます。", "status": "released"}
    return {
        "job_offer": offer | parts.pop("offer", {}),
        "payment": parts.pop("payment", {"fixed_price_payment": {"min_budget": None, "max_budget": None}}),
        "entry": {
            "project_entry": {"num_contracts": 0, "project_contract_hope_number": 1, "num_application_conditions": 0}
        },
        "client": {"user_id": 5, "username": "すみれ"} | parts.pop("client", {}),
    } | parts


def listed(*rows: dict[str, Any], **slots: list[dict[str, Any]]) -> tuple[Job, ...]:
    body = json.dumps({"searchResult": {"job_offers": list(rows), **slots}})
    return extract(page(f'<div id="vue-container" data="{html.escape(body)}"></div>', LIST)).records  # type: ignore[return-value]


def fixed(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    (job,) = listed(row(payment={"fixed_price_payment": {"min_budget": low, "max_budget": high}}))
    assert job.pay is not None
    assert job.pay.kind == "fixed"
    return tuple(None if money is None else float(money.amount) for money in (job.pay.min, job.pay.max))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1_000_000.0, 0.0, (1_000_000, None)),  # 1: 0.0 is no upper bound
        (0.0, 5000.0, (None, 5000)),  # 9: nor a lower one
        (None, 1100.0, (1100, 1100)),  # 17, 37: null and X is exactly X
        (None, 22.0, (22, 22)),  # 15: and X may be the price of a piece
        (None, 1.0, (1, 1)),
        (None, None, (None, None)),
        (0.0, 0.0, (None, None)),
        (None, 0.0, (None, None)),
        (5000.0, None, (5000, None)),
        (10_000.0, 30_000.0, (10_000, 30_000)),
        (10_000.0, 10_000.0, (10_000, 10_000)),
    ],
)
def test_correction_1_9_15_17_37_fixed_prices(
    low: float | None, high: float | None, expected: tuple[float | None, float | None]
) -> None:
    assert fixed(low, high) == expected


def test_correction_2_the_order_of_the_page_is_kept_whatever_the_dates() -> None:
    first = row(offer={"id": 1, "last_released_at": "2026-08-21T10:00:00+09:00"})
    last = row(offer={"id": 2, "last_released_at": "2026-08-26T10:00:00+09:00"})
    assert [job.id for job in listed(first, last)] == ["1", "2"]


def test_correction_7_a_job_that_stands_twice_is_one() -> None:
    jobs = listed(row(), row(), pr_gold=[row()])
    assert [job.id for job in jobs] == ["22000001"]


def test_correction_14_titles_are_trimmed_and_names_keep_their_wide_blank() -> None:
    (job,) = listed(
        row(
            offer={"title": "表の整理  ", "description_digest": "書き方の例）\r\n表"},
            client={"username": "株式会社　すみれ"},
        )
    )
    assert job.title == "表の整理"
    assert job.body == "書き方の例）\n表"
    assert job.client is not None
    assert job.client.name == "株式会社　すみれ"


def test_correction_38_options_may_be_set() -> None:
    assert len(listed(row(offer={"options": ["urgent"]}))) == 1


def test_correction_39_both_layers_of_escaping_are_undone() -> None:
    offer = r'"job_offer":{"id":1,"title":"\u003cb\u003e A\u0026B"}'
    client = r'"client":{"user_id":2,"username":"smile\u0026smile"}'
    data = '{"searchResult":{"job_offers":[{' + offer + "," + client + "}]}}"
    (job,) = extract(page(f'<div id="vue-container" data="{html.escape(data)}"></div>', LIST)).records
    assert isinstance(job, Job)
    assert job.title == "<b> A&B"
    assert job.client is not None
    assert job.client.name == "smile&smile"


def test_correction_40_41_paid_slots_are_read_and_the_size_of_a_page_is_no_limit() -> None:
    slot = row(offer={"id": 9, "last_released_at": "2026-01-01T10:00:00+09:00"})
    body = {"searchResult": {"job_offers": [row()], "pr_gold": [slot], "page": {"size": 1, "total_entries": 1}}}
    jobs = extract(page(json.dumps(body), LIST)).records
    assert [job.id for job in jobs if isinstance(job, Job)] == ["22000001", "9"]


def detail(client: dict[str, Any] | None, *, h1: str = "表の整理", body: str = "表を整えます。", rest: str = "") -> str:
    data = html.escape(json.dumps(client)) if client else ""
    status = "".join(
        f"<tr><th>{label}</th><td>{value} 人</td></tr>"
        for label, value in (("応募した人", 3), ("契約した人", 5), ("募集人数", 2))
    )
    crumb = '<a href="/public/jobs/category/16">Web開発・システム設計の仕事・求人</a>'
    return f"""<html><body><ol class="cw-breadcrumb"><li>{crumb}</li></ol>
<div id="job_offer_detail"><h1>{h1}</h1>
<table class="cw-table summary"><tr><th>固定報酬制</th><td>{rest or "1,100円"}</td></tr>
<tr><th>納品希望日</th><td>-</td></tr></table>
<table class="job_offer_detail_table"><tr><td class="confirm_outside_link">{body}</td></tr></table>
<table class="application_status_table">{status}</table>
<div id="client_detail_information_container" data="{data}"></div></div></body></html>"""


def client_of(**facts: Any) -> Any:
    base = {"userId": 5, "userDisplayName": "すみれ", "jobOfferAchievementCount": 1}
    (job,) = extract(page(detail(base | facts), DETAIL)).records
    assert isinstance(job, Job)
    assert job.client is not None
    return job.client


def test_correction_18_the_first_offer_counts_as_one() -> None:
    assert client_of(jobOfferAchievementCount=1).job_offers_posted == 1


@pytest.mark.parametrize(
    ("rate", "score", "expected"),
    [
        (0, 0, (None, None)),  # 19: none yet, not 0 %
        (0, 0.0, (None, None)),
        (86, 0, (0.86, None)),
        (0, 3.5, (0.0, 3.5)),
        (100, 4.80093, (1.0, 4.80093)),  # 20: as exactly as the page has it
    ],
)
def test_correction_19_20_no_rating_yet(rate: float, score: float, expected: tuple[float | None, float | None]) -> None:
    client = client_of(projectFinishedRate=rate, averageScore=score)
    assert (client.completion_rate, client.rating) == expected


def test_correction_21_unverified_is_said_as_it_is() -> None:
    client = client_of(isIdentityVerified=False, isEmployerRuleCheckSucceeded=True)
    assert (client.identity_verified, client.rules_acknowledged) == (False, True)
    assert client_of().identity_verified is None


def test_correction_22_the_category_in_the_heading_is_no_part_of_the_title() -> None:
    heading = '…を探しています！<span class="subtitle"><a>その他業務AI化支援</a>の仕事の依頼</span>'
    (job,) = extract(page(detail({"userId": 5}, h1=heading), DETAIL)).records
    assert isinstance(job, Job)
    assert job.title == "…を探しています！"
    # Not the breadcrumb's, which names another one more often than not.
    assert job.category == "その他業務AI化支援"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("10,000円  〜  50,000円", (10_000, 50_000)),
        ("ワーカーと相談する", (None, None)),
        ("1,100円", (1100, 1100)),
        ("〜  5,000円", (None, 5000)),
        ("1,000,000円  〜", (1_000_000, None)),
    ],
)
def test_correction_23_all_forms_of_a_reward(words: str, expected: tuple[int | None, int | None]) -> None:
    (job,) = extract(page(detail({"userId": 5}, rest=words), DETAIL)).records
    assert isinstance(job, Job)
    assert job.pay is not None
    assert tuple(None if m is None else int(m.amount) for m in (job.pay.min, job.pay.max)) == expected


@pytest.mark.parametrize(("label", "characters"), [("記事単価", None), ("ライティング", None), ("文字単価", 1)])
def test_words_for_the_pay_of_an_article_do_not_say_how_long_it_is(label: str, characters: int | None) -> None:
    (job,) = extract(page(detail({"userId": 5}, rest="900円").replace("固定報酬制", label), DETAIL)).records
    assert isinstance(job, Job)
    assert job.pay is not None
    assert (job.pay.kind, job.pay.characters_min, job.pay.characters_max) == ("per-character", characters, characters)


def test_correction_24_no_wish_for_a_day_is_no_day_and_the_other_days_are_read() -> None:
    days = "<tr><th>掲載日</th><td>2026年11月18日</td></tr><tr><th>応募期限</th><td>2026年12月02日</td></tr>"
    body = detail({"userId": 5}).replace("<tr><th>納品希望日", f"{days}<tr><th>納品希望日")
    (job,) = extract(page(body, DETAIL)).records
    assert isinstance(job, Job)
    assert (str(job.posted_at), str(job.closes_at)) == ("2026-11-18", "2026-12-02")
    (bare,) = extract(page(detail({"userId": 5}), DETAIL)).records
    assert isinstance(bare, Job)
    assert (bare.posted_at, bare.closes_at) == (None, None)


def test_correction_25_a_hidden_job_shows_its_title_alone_and_is_not_read_as_zeros() -> None:
    with pytest.raises(PageChanged) as changed:
        extract(page("<html><body><h1>社内の仕組みづくり</h1></body></html>", DETAIL))
    assert changed.value.kind == "job"
    assert "job.body" in changed.value.missing
    assert "社内" not in str(changed.value)


def test_correction_26_more_hires_than_openings_is_no_mistake() -> None:
    (job,) = extract(page(detail({"userId": 5}), DETAIL)).records
    assert isinstance(job, Job)
    assert (job.hires, job.openings) == (5, 2)


def test_correction_27_the_profile_text_of_the_client() -> None:
    assert (
        client_of(companyProfileDescription="はじめまして。\r\nすみれです。").profile == "はじめまして。\nすみれです。"
    )


def test_correction_28_a_posting_may_say_where_the_work_is_done() -> None:
    posting = {"@type": "JobPosting", "jobLocationType": "TELECOMMUTE", "datePosted": "2026-11-18 23:22:02 +0900"}
    script = f'<script type="application/ld+json">{json.dumps(posting)}</script>'
    (job,) = extract(page(detail({"userId": 5}).replace("<body>", f"<body>{script}"), DETAIL)).records
    assert isinstance(job, Job)
    assert str(job.posted_at) == "2026-11-18 23:22:02+09:00"
