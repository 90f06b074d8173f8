"""What rules know of marketplaces comes from their descriptors."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.records import Client, Contract, Demand, Job, Message
from rules.derive import derive, facts_of_text
from rules.engine import Engine
from rules.facts import SiteNames
from rules.loader import SHIPPED_RULES, load_catalog
from rules.model import Finding, Stage
from rules.problems import CatalogError
from rules.sites import DESCRIPTORS, ELSEWHERE, IMITABLE, OWN_DOMAINS, SHIPPED_TERMS, SITE_IDS, Terms
from rules.testing import site_named

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_house_05_sites_are_those_that_are_read_and_others_that_texts_name() -> None:
    assert {*DESCRIPTORS, *ELSEWHERE, "unknown"} == SITE_IDS
    assert IMITABLE["crowdworks"] == DESCRIPTORS["crowdworks"].own_domains
    assert IMITABLE["upwork"] == DESCRIPTORS["upwork"].own_domains
    assert not ELSEWHERE.keys() & DESCRIPTORS.keys()
    assert "shufti" not in IMITABLE
    assert {"shufti.jp", "crowdworks.jp", "fiverr.com"} <= set(OWN_DOMAINS)


@pytest.mark.parametrize(
    ("site", "terms"),
    [("coconala", "forbidden"), ("lancers", "free-once-funded"), ("malt", "allowed"), ("", "unknown")],
)
def test_house_05_the_terms_of_a_site_are_a_fact_and_no_list_of_sites(site: str, terms: str) -> None:
    assert SHIPPED_TERMS.outside_contact(site) == terms
    (facts,) = derive([Message(author_role="client", body="x")], site=site_named(site or "unknown"), now=NOW)
    assert facts.values["outside_contact"] == terms


@pytest.mark.parametrize(("site", "earlier"), [("crowdworks", 2), ("lancers", 3), ("unknown", 3)])
def test_house_05_the_present_offer_is_counted_as_the_site_counts_it(site: str, earlier: int) -> None:
    facts = derive([Job(client=Client(job_offers_posted=3))], site=site_named(site), now=NOW)
    assert {fact.values["client.earlier_offers"] for fact in facts} == {earlier}


def test_house_05_the_time_to_acceptance_is_that_of_the_descriptor() -> None:
    limits = {
        site: SHIPPED_TERMS.acceptance(site) for site in ("shufti", "upwork", "fiverr", "crowdworks", "skima", "")
    }
    assert {site: limit.days for site, limit in limits.items() if limit is not None} == {
        "shufti": 14,
        "upwork": 14,
        "fiverr": 3,
    }


def test_the_later_of_two_times_to_acceptance_counts() -> None:
    limit = SHIPPED_TERMS.acceptance("peopleperhour")
    assert limit is not None
    # An Offer is accepted after 7 days, a project after 15, and a page does not say which it is.
    assert limit.days == 15


@pytest.mark.parametrize(
    ("site", "before", "agreed", "funded"),
    [
        ("fiverr", "forbidden", "forbidden", "forbidden"),
        ("workana", "forbidden", "forbidden", "forbidden"),
        ("upwork", "not-yet", "free", "free"),
        ("peopleperhour", "not-yet", "free", "free"),
        ("lancers", "not-yet", "not-yet", "free"),
        ("crowdworks", "not-yet", "not-yet", "on-request"),
        ("freelancer", "discouraged", "discouraged", "discouraged"),
        ("guru", "unstated", "free", "free"),
        ("malt", "free", "free", "free"),
        ("craudia", "unstated", "unstated", "unstated"),
        ("", "unknown", "unknown", "unknown"),
    ],
)
def test_contact_outside_is_judged_by_site_and_stage(site: str, before: str, agreed: str, funded: str) -> None:
    assert [SHIPPED_TERMS.contact_now(site, stage) for stage in ("browsing", "applying", "unknown")] == [before] * 3
    assert SHIPPED_TERMS.contact_now(site, "agreed-unfunded") == agreed
    assert [SHIPPED_TERMS.contact_now(site, stage) for stage in ("funded", "delivered", "done")] == [funded] * 3


WHATSAPP = "Please contact me on WhatsApp to discuss the job, my number is +1 509 785 0000"
CALL = "Can we have a call on Zoom tomorrow? What is your phone number?"
PAYPAL = "I can pay you via PayPal outside the platform, it is faster"


@pytest.mark.parametrize(
    ("site", "stage", "says", "is_rule_broken"),
    [
        ("fiverr", "funded", "Fiverr forbids", True),
        ("workana", "funded", "Workana forbids", True),
        ("upwork", "applying", "Before a contract", True),
        ("freelancer", "applying", "Freelancer.com asks to talk and to pay", False),
        ("guru", "browsing", "protected by SafePay", False),
        ("malt", "applying", "Malt allows talks outside", False),
    ],
)
def test_an_invitation_to_a_messenger_names_the_terms_of_the_site(
    engine: Engine, site: str, stage: Stage, says: str, *, is_rule_broken: bool
) -> None:
    (finding,) = [f for f in findings(engine, WHATSAPP, site, stage) if f.rule == "messenger-invitation"]
    assert says in finding.reason.en
    assert ("forbid" in finding.reason.en or "breaks the rules" in finding.reason.en) == is_rule_broken
    assert {source.site for source in finding.sources} <= {site}
    assert finding.sources, "the term is cited"


@pytest.mark.parametrize("site", ["upwork", "peopleperhour", "guru"])
def test_once_a_contract_has_begun_contact_outside_is_free_there_and_payment_is_not(engine: Engine, site: str) -> None:
    assert not [f for f in findings(engine, WHATSAPP, site, "agreed-unfunded") if f.risk == "off-platform-contact"]
    assert [f.severity for f in findings(engine, PAYPAL, site, "funded") if f.rule == "direct-contract"] == ["danger"]


def test_a_call_breaks_no_rule_on_malt_and_payment_outside_does(engine: Engine) -> None:
    assert {f.severity for f in findings(engine, CALL, "malt", "applying")} <= {"notice"}
    (finding,) = [f for f in findings(engine, PAYPAL, "malt", "applying") if f.rule == "direct-contract"]
    assert finding.severity == "danger"
    assert [source.name.en for source in finding.sources] == ["Malt: Freelancer code of conduct"]


def test_no_rule_is_said_to_be_broken_where_no_term_on_payment_is_known(engine: Engine) -> None:
    assert {site: SHIPPED_TERMS.outside_payment(site) for site in ("guru", "malt", "skima", "")} == {
        "guru": "unstated",
        "malt": "forbidden",
        "skima": "unstated",
        "": "unknown",
    }
    (finding,) = [f for f in findings(engine, PAYPAL, "guru", "funded") if f.rule == "direct-contract"]
    assert "forbid" not in finding.reason.en
    assert "SafePay" in finding.reason.en


def findings(engine: Engine, words: str, site: str, stage: Stage) -> tuple[Finding, ...]:
    names = DESCRIPTORS[site]
    of_site = SiteNames(
        id=site, ja=names.name.ja, en=names.name.en, operator_ja=names.operator.ja, operator_en=names.operator.en
    )
    message = Message(author_role="client", body=words)
    return engine.judge(derive([message], site=of_site, stage=stage, now=NOW)).findings


@pytest.mark.parametrize(
    ("site", "demand", "by", "begin", "end"),
    [
        ("upwork", "refund", "client", date(2026, 11, 20), date(2026, 11, 27)),
        ("upwork", "hours-dispute", "client", date(2026, 11, 26), date(2026, 12, 1)),
        ("upwork", "hours-dispute", None, date(2026, 11, 28), date(2026, 12, 2)),
        ("upwork", "dispute", "freelancer", date(2026, 11, 20), date(2026, 11, 27)),
        ("fiverr", "cancellation", "client", date(2026, 11, 20), date(2026, 11, 22)),
        ("fiverr", "cancellation", "freelancer", date(2026, 11, 20), date(2026, 11, 22)),
        ("freelancer", "dispute", "client", date(2026, 11, 20), date(2026, 11, 24)),
        ("freelancer", "dispute", "freelancer", date(2026, 11, 20), date(2026, 12, 4)),
        ("workana", "mediation", "client", date(2026, 11, 20), date(2026, 11, 21)),
        ("peopleperhour", "refund", "client", date(2026, 11, 20), date(2026, 11, 23)),
        ("malt", "dispute", "client", date(2026, 11, 20), date(2027, 1, 4)),
    ],
)
def test_a_demand_is_to_be_answered_within_the_site_s_own_time(
    site: str, demand: Demand, by: str | None, begin: date, end: date
) -> None:
    own = SHIPPED_TERMS.deadline(site, demand, by)
    assert own is not None
    assert own.ends(begin) == end


def test_no_time_is_made_up() -> None:
    assert SHIPPED_TERMS.deadline("upwork", "dispute", "client") is None
    assert SHIPPED_TERMS.deadline("guru", "refund") is None
    assert SHIPPED_TERMS.deadline("crowdworks", "dispute") is None
    assert SHIPPED_TERMS.deadline("", "refund") is None


def test_japan_s_law_is_no_term_of_a_foreign_marketplace() -> None:
    contract = Contract(state="delivered", delivered_at=date(2026, 11, 1), payment_due=date(2027, 3, 1))
    (at_home,) = derive([contract], site=site_named("lancers"), now=NOW)
    (abroad,) = derive([contract], site=site_named("upwork"), now=NOW)
    assert {"contract.days_to_pay", "contract.days_to_payment"} <= at_home.values.keys()
    assert not {"contract.days_to_pay", "contract.days_to_payment"} & abroad.values.keys()
    assert abroad.values["contract.days_to_acceptance"] == -11


def test_house_05_a_rule_about_terms_that_no_site_has_is_refused(tmp_path: Path) -> None:
    rule = Path(__file__).parents[2] / "rules/catalog/contact/messenger-link.yaml"
    text = rule.read_text(encoding="utf-8").replace("contact_now: free\n", "contact_now: free-at-last\n")
    folder = tmp_path / "catalog" / "contact"
    folder.mkdir(parents=True)
    (folder / "messenger-link.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"contact_now is none of .*: free-at-last"):
        load_catalog([SHIPPED_RULES, tmp_path])


def test_other_terms_count_where_they_are_given_and_nowhere_else() -> None:
    shipped = DESCRIPTORS["upwork"]
    before = SHIPPED_TERMS.limits("upwork")
    assert before
    other = Terms({"upwork": shipped.model_copy(update={"outside_contact": "allowed", "deadlines": ()})})
    terms = (other.contact_now("upwork", "applying"), other.acceptance("upwork"), dict(other.limits("upwork")))
    assert terms == ("free", None, {})
    assert DESCRIPTORS["upwork"] is shipped
    assert other.outside_payment("upwork") == shipped.outside_payment
    assert other.limits("malt") == SHIPPED_TERMS.limits("malt") != {}
    assert (SHIPPED_TERMS.acceptance("upwork"), SHIPPED_TERMS.limits("upwork")) == (shipped.acceptance, before)


def test_the_facts_of_a_page_are_by_the_terms_that_it_is_judged_by() -> None:
    delivered = Contract(state="delivered", delivered_at=date(2026, 11, 1), demand="refund", demanded_at=NOW)
    other = Terms(
        {"upwork": DESCRIPTORS["upwork"].model_copy(update={"outside_contact": "forbidden", "deadlines": ()})}
    )
    for terms, contact, is_limited in ((SHIPPED_TERMS, "not-yet", True), (other, "forbidden", False)):
        (facts,) = derive([delivered], site=site_named("upwork"), terms=terms, stage="applying", now=NOW)
        assert (facts.values["contact_now"], "limit.refund" in facts.values) == (contact, is_limited)
        assert ("contract.days_to_acceptance" in facts.values) is is_limited
        text = facts_of_text("message", "x", site=site_named("upwork"), terms=terms, stage="applying")
        assert (text.values["contact_now"], "limit.refund" in text.values) == (contact, is_limited)
