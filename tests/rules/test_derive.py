"""Facts that follow from records, and the ones that do not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from extractors.records import Client, Contract, Job, Message, Money, Pay, Thread
from rules.derive import derive, facts_of_text
from rules.engine import Engine
from rules.facts import Facts, TextKind, record_of
from rules.market import GoingRate
from rules.model import Stage
from rules.past import revision_rounds
from rules.testing import NOW, site_named
from rules.turns import word_of


def facts_of(*records: Job | Client | Message | Thread | Contract, site: str = "crowdworks") -> dict[str, Facts]:
    return {f.subject: f for f in derive(records, site=site_named(site), now=NOW)}


@pytest.mark.parametrize(
    ("site", "posted", "earlier"),
    [("crowdworks", 1, 0), ("crowdworks", 5, 4), ("crowdworks", 0, 0), ("lancers", 1, 1), ("crowdworks", None, None)],
)
def test_earlier_offers(site: str, posted: int | None, earlier: int | None) -> None:
    client = facts_of(Job(client=Client(job_offers_posted=posted)), site=site)["client"]
    assert client.values.get("client.earlier_offers") == earlier


@pytest.mark.parametrize(("rate", "posted", "hired"), [(0.1, 40, 4), (0, 12, 0), (0.15, 21, 3), (0.1, None, None)])
def test_a_hire_rate_is_said_in_offers(rate: float, posted: int | None, hired: int | None) -> None:
    client = facts_of(Client(hire_rate=rate, job_offers_posted=posted))["client"]
    assert client.values.get("client.job_offers_hired") == hired


def test_the_pay_that_is_compared_with_the_market_is_a_fact_with_it() -> None:
    rate = GoingRate(31, Decimal("0.5"), Decimal("0.05"), Decimal(5))
    pay = Pay(kind="per-character", max=Money(amount=Decimal(100)), characters_max=2000)
    (job,) = derive([Job(category="記事作成", pay=pay)], site=site_named("crowdworks"), market=lambda _: rate, now=NOW)
    assert (job.values["job.pay.compared"], job.values["job.pay.market_median"]) == (Decimal("0.05"), Decimal("0.5"))
    (job,) = derive([Job(category="記事作成", pay=pay)], site=site_named("crowdworks"), now=NOW)
    assert "job.pay.compared" not in job.values


def test_a_clients_own_page_shows_all_offers() -> None:
    assert facts_of(Client(job_offers_posted=1))["client"].values["client.earlier_offers"] == 1


@pytest.mark.parametrize(
    ("client", "unrated"),
    [
        (Client(job_offers_posted=21), True),
        (Client(job_offers_posted=21, feedback=0.965), False),
        (Client(job_offers_posted=2, reviews=0), True),
        (Client(feedback=1), False),
        (Client(), None),
    ],
)
def test_a_client_with_a_share_of_good_ratings_is_rated(client: Client, unrated: bool | None) -> None:
    facts = facts_of(Job(client=client), site="guru")["client"].values
    assert facts.get("client.unrated") is unrated
    assert facts.get("client.feedback") == client.feedback


@pytest.mark.parametrize(("site", "unrated"), [("crowdworks", True), ("lancers", True), ("coconala", None), ("", None)])
def test_who_has_no_rating_is_known_where_the_page_would_show_one(site: str, unrated: bool | None) -> None:
    client = Client(job_offers_posted=12)
    assert facts_of(Job(client=client), site=site)["client"].values.get("client.unrated") is unrated
    assert facts_of(client.model_copy(update={"reviews": 0}), site=site)["client"].values["client.unrated"] is True


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("proposed", "applying"),
        ("agreed", "agreed-unfunded"),
        ("escrow-requested", "agreed-unfunded"),
        ("escrow-funded", "funded"),
        ("in-revision", "funded"),
        ("delivered", "delivered"),
        ("paid", "done"),
        (None, "unknown"),
    ],
)
def test_stage_follows_from_the_contract(state: str | None, stage: Stage) -> None:
    contract = Contract.model_validate({"state": state})
    assert facts_of(contract)["contract"].stage == stage
    assert facts_of(contract, Message(body="a", author_role="client"))["message"].stage == stage


@pytest.mark.parametrize(
    ("state", "is_funded"), [("agreed", False), ("escrow-funded", True), ("paid", True), (None, None)]
)
def test_issue_19_whether_escrow_is_funded_follows_from_the_stage(state: str | None, is_funded: bool | None) -> None:
    facts = facts_of(Contract.model_validate({"state": state}))["contract"]
    assert facts.values.get("funded") is is_funded
    assert ("funded" in facts.values) is (is_funded is not None)


@pytest.mark.parametrize("state", ["delivered", "in-revision", "accepted", "disputed"])
@pytest.mark.parametrize("terms", ["direct", "invoice"])
def test_work_handed_over_is_no_sign_of_escrow_where_a_deal_goes_without(state: str, terms: str) -> None:
    said = Message(body="a", author_role="client")
    for contract in ({"payment_terms": terms}, {"client": {"payment_terms": terms}}):
        facts = facts_of(Contract.model_validate({"state": state, **contract}), said, site="workana")
        assert not any("funded" in facts[subject].values for subject in ("contract", "message"))
    facts = facts_of(Contract.model_validate({"state": state, "payment_terms": "escrow"}), said, site="workana")
    assert all(facts[subject].values["funded"] is True for subject in ("contract", "message"))
    for known, is_funded in (("agreed", False), ("escrow-funded", True), ("paid", True)):
        told = Contract.model_validate({"state": known, "payment_terms": terms})
        assert facts_of(told)["contract"].values["funded"] is is_funded


@pytest.mark.parametrize(
    ("site", "title", "is_in_japan"),
    [
        ("", "Write a blog post", False),
        ("", "ブログ記事の作成", True),
        ("", None, None),
        ("lancers", "Write a blog post", True),
        ("bizseek", "Write a blog post", True),
        ("upwork", "ブログ記事の作成", False),
    ],
)
def test_of_no_site_the_letters_tell_whether_a_deal_is_of_japan(
    site: str, title: str | None, is_in_japan: bool | None
) -> None:
    (job,) = derive([Job(title=title)], site=replace(site_named("upwork"), id=site), now=NOW)
    assert job.values.get("in_japan") is is_in_japan
    text = facts_of_text("job", title or "", site=replace(site_named("upwork"), id=site))
    assert text.values.get("in_japan") is is_in_japan


def test_an_english_text_of_no_site_is_not_told_of_japans_law(engine: Engine) -> None:
    text = "Can we skip the contract? We are a small shop."
    (finding,) = [
        each
        for each in engine.judge([facts_of_text("message", text, site=site_named(""))]).findings
        if each.rule == "no-contract-wanted"
    ]
    assert "Japan" not in finding.reason.en


def test_stage_without_contract() -> None:
    assert facts_of(Job(title="a"))["job"].stage == "browsing"
    assert facts_of(Message(body="a"))["message"].stage == "unknown"
    given = derive([Message(body="a")], site=site_named("lancers"), stage="funded", now=NOW)
    assert given[0].stage == "funded"


def test_each_contract_of_a_list_has_its_own_stage() -> None:
    contracts = [Contract(id="1", state="agreed"), Contract(id="2", state="escrow-funded")]
    facts = derive(contracts, site=site_named("crowdworks"), now=NOW)
    assert [f.stage for f in facts] == ["agreed-unfunded", "funded"]


def test_attack_04_who_is_not_known_may_be_the_client() -> None:
    roles = ["client", "freelancer", "system", None]
    messages = [Message.model_validate({"body": "a", "author_role": role}) for role in roles]
    assert [f.speaks for f in derive(messages, site=site_named(""), now=NOW)] == [True, False, False, True]


def test_card_of_a_list_is_anchored() -> None:
    job = Job(id="7", sources={"job": "#card-7"}, client=Client(name="a"))
    facts = facts_of(job)
    assert {f.anchor for f in facts.values()} == {"#card-7"}
    assert facts["client"].values["listed"] is True


def test_pay_is_spelled_out() -> None:
    hourly = Pay(kind="hourly", min=Money(amount=Decimal(1000)), max=Money(amount=Decimal(1500)))
    assert facts_of(Job(pay=hourly))["job"].values["job.pay.per_hour"] == 1500
    task = Pay(kind="per-task", max=Money(amount=Decimal(50)), minutes=5)
    assert facts_of(Job(pay=task))["job"].values["job.pay.per_hour"] == 600
    text = Pay(kind="per-character", max=Money(amount=Decimal(1000)), characters_max=2000)
    assert facts_of(Job(pay=text))["job"].values["job.pay.per_character"] == Decimal("0.5")
    assert "job.pay.min" not in facts_of(Job(pay=Pay(kind="fixed")))["job"].values


def test_no_pay_seems_lower_than_it_may_be() -> None:
    def values(body: str = "", /, **pay: Any) -> Mapping[str, Any]:
        return facts_of(Job(body=body, pay=Pay.model_validate(pay)))["job"].values

    lowest, highest = {"min": {"amount": 900}}, {"max": {"amount": 900}}
    for kind in ("hourly", "per-task", "per-character", "fixed"):
        from_on = values("3,000文字です。作業時間は約3時間です。", kind=kind, minutes=60, characters_max=3000, **lowest)
        assert not {"job.pay.per_hour", "job.pay.per_character", "job.pay.prefectures_above"} & from_on.keys(), kind
        assert from_on["job.pay.min"] == 900
    assert "job.pay.per_character" not in values(kind="per-character", **highest), "an article of unknown length"
    some = values(kind="per-character", characters_min=1000, characters_max=3000, **highest)
    assert some["job.pay.per_character"] == Decimal("0.9")


def test_a_lowest_pay_may_be_far_above_the_market_and_never_below_it() -> None:
    rate = GoingRate(31, Decimal(1000), Decimal(500), Decimal(5000))

    def values(amount: int) -> Mapping[str, Any]:
        job = Job(category="記事作成", pay=Pay(kind="fixed", min=Money(amount=Decimal(amount))))
        (facts,) = derive([job], site=site_named("crowdworks"), market=lambda _: rate, now=NOW)
        return facts.values

    assert values(6000)["job.pay.far_above_market"] is True
    assert "job.pay.far_below_market" not in values(100)


def test_days_of_a_contract() -> None:
    contract = Contract(delivered_at=date(2026, 11, 10), payment_due=datetime(2027, 1, 31, tzinfo=NOW.tzinfo))
    values = facts_of(contract)["contract"].values
    assert values["contract.days_since_delivery"] == 14
    assert values["contract.days_to_payment"] == 82


def talk(*lines: str) -> list[Message]:
    roles = {"C": "client", "F": "freelancer", "S": "system"}
    return [Message.model_validate({"author_role": roles[line[0]], "body": line[2:]}) for line in lines]


def test_revisions_are_counted_by_round() -> None:
    messages = talk(
        "F 納品しました", "C 修正をお願いします", "C ここも直してください", "F 承知しました", "C 色も変更してください",
        "F 修正版をお送りします", "C 再度修正をお願いします", "S 納品されました",
        "C ありがとうございます、修正はありません",
        "C もう一度修正をお願いします",
    )  # fmt: skip
    assert revision_rounds([word_of(m, NOW) for m in messages]) == [None, 1, 1, None, 1, None, 2, None, None, 3]


def test_agreed_revisions_count_from_the_contract() -> None:
    messages = talk("C 修正をお願いします")
    contract = Contract(state="in-revision", revisions_agreed=0)
    assert facts_of(*messages, contract)["message"].values["message.revisions_beyond"] == 1
    assert facts_of(*messages)["message"].values["message.revisions_beyond"] == -1


def usd(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


@pytest.mark.parametrize(
    ("amount", "funded", "open_part"),
    [
        (usd(500), usd(200), 300),
        (usd(500), usd(500), 0),
        (usd(500), usd(600), 0),
        (usd(500), Money(amount=Decimal(200), currency="EUR"), None),
        (usd(500), None, None),
        (None, usd(200), None),
    ],
)
def test_the_part_that_is_not_paid_in(amount: Money | None, funded: Money | None, open_part: int | None) -> None:
    values = facts_of(Contract(state="escrow-funded", amount=amount, funded_amount=funded))["contract"].values
    assert values.get("contract.unfunded_amount") == open_part
    assert ("contract.funded_amount" in values) == (funded is not None)


def test_a_demand_has_the_time_of_the_site_and_none_where_none_is_known() -> None:
    asked = Contract(state="escrow-funded", demand="refund", demand_by="client", demanded_at=date(2026, 11, 20))
    known = facts_of(asked, site="upwork")["contract"].values
    assert (known["contract.days_to_answer"], known["contract.limit"].en) == (3, "7 days")
    unknown = facts_of(asked, site="lancers")["contract"].values
    assert not {"contract.days_to_answer", "contract.limit", "contract.otherwise"} & unknown.keys()
    undated = facts_of(asked.model_copy(update={"demanded_at": None}), site="upwork")["contract"].values
    assert "contract.limit" in undated
    assert "contract.days_to_answer" not in undated


def test_a_dispute_is_a_demand_though_the_page_names_none() -> None:
    disputed = facts_of(Contract(state="disputed"), site="freelancer")["contract"].values
    assert (disputed["contract.demand"], disputed["contract.limit"].ja) == ("dispute", "4日")
    assert "contract.demand" not in facts_of(Contract(state="disputed"), site="lancers")["contract"].values


def test_a_demand_without_a_time_of_its_own_hides_no_dispute() -> None:
    cancelled = Contract(state="disputed", demand="cancellation", demand_by="client", demanded_at=date(2026, 11, 20))
    values = facts_of(cancelled, site="freelancer")["contract"].values
    assert values["contract.demand"] == "dispute"
    assert "contract.days_to_answer" not in values, "the day of the other demand is not the dispute's"


def test_texts_name_the_time_and_what_comes_of_silence_in_one_language_each(engine: Engine) -> None:
    asked = Contract(state="delivered", demand="hours-dispute", demanded_at=date(2026, 11, 23))
    (finding,) = engine.judge(derive([asked], site=site_named("upwork"), now=NOW)).findings
    assert finding.seen.ja == "作業時間への異議があります。返答の期限まであと2日です。"
    assert finding.reason.ja == "答えないままだと、お金が発注者に戻ることになります。"
    assert finding.seen.en == "There is an objection to hours. Days left to answer: 2."
    assert finding.reason.en == "Without an answer, the money goes back to the client."
    assert [source.site for source in finding.sources] == ["upwork", "upwork"]


def test_the_words_for_escrow_are_the_site_s_own(engine: Engine) -> None:
    said = {}
    for site in ("lancers", "guru", "workana"):
        (finding,) = engine.judge(derive([Contract(state="agreed")], site=site_named(site), now=NOW)).findings
        said[site] = (finding.seen.ja.partition("。")[0], finding.advice.en)
    assert said == {
        "lancers": ("まだ仮払いが済んでいません", "Do not start until the site shows that escrow is funded."),
        "guru": ("まだ仮払い（SafePay）が済んでいません", "Do not start until the SafePay balance shows the amount."),
        "workana": (
            "まだ仮払い（depósito em garantia）が済んでいません",
            "Do not start until the second notice says that the payment is in guarantee.",
        ),
    }


@pytest.mark.parametrize("kind", get_args(TextKind))
@pytest.mark.parametrize(
    "text", ["", "文字単価1円です。", "修正をお願いします。", "修正は1回まで。もう一度、修正をお願いします。"]
)
@pytest.mark.parametrize(("site", "stage"), [("crowdworks", None), ("upwork", "funded")])
def test_a_text_by_itself_has_the_facts_of_its_record(
    kind: TextKind, text: str, site: str, stage: Stage | None
) -> None:
    (whole,) = derive([record_of(kind, text)], site=site_named(site), stage=stage, now=NOW)
    assert facts_of_text(kind, text, site=site_named(site), stage=stage) == whole
