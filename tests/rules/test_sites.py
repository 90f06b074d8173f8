"""What rules know of marketplaces comes from their descriptors."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.records import Client, Job, Message
from rules.derive import derive
from rules.loader import SHIPPED, load_catalog
from rules.problems import CatalogError
from rules.sites import ELSEWHERE, IMITABLE, OWN_DOMAINS, READ, SITE_IDS, acceptance_days, outside_contact
from rules.testing import site_named

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_house_05_sites_are_those_that_are_read_and_others_that_texts_name() -> None:
    assert {*READ, *ELSEWHERE, "unknown"} == SITE_IDS
    assert IMITABLE["crowdworks"] == READ["crowdworks"].own_domains
    assert IMITABLE["upwork"] == ("upwork.com",)
    assert "shufti" not in IMITABLE
    assert {"shufti.jp", "crowdworks.jp", "fiverr.com"} <= set(OWN_DOMAINS)


@pytest.mark.parametrize(
    ("site", "terms"),
    [("coconala", "forbidden"), ("lancers", "free-once-funded"), ("upwork", "on-request"), ("", "unknown")],
)
def test_house_05_the_terms_of_a_site_are_a_fact_and_no_list_of_sites(site: str, terms: str) -> None:
    assert outside_contact(site) == terms
    (facts,) = derive([Message(author_role="client", body="x")], site=site_named(site or "unknown"), now=NOW)
    assert facts.values["outside_contact"] == terms


@pytest.mark.parametrize(("site", "earlier"), [("crowdworks", 2), ("lancers", 3), ("unknown", 3)])
def test_house_05_the_present_offer_is_counted_as_the_site_counts_it(site: str, earlier: int) -> None:
    facts = derive([Job(client=Client(job_offers_posted=3))], site=site_named(site), now=NOW)
    assert {fact.values["client.earlier_offers"] for fact in facts} == {earlier}


def test_house_05_days_to_acceptance_are_those_of_the_descriptor() -> None:
    assert acceptance_days("shufti") == 14
    assert acceptance_days("crowdworks") is None
    assert acceptance_days("upwork") is None


def test_house_05_a_rule_about_terms_that_no_site_has_is_refused(tmp_path: Path) -> None:
    rule = Path(__file__).parents[2] / "rules/catalog/contact/messenger-link.yaml"
    text = rule.read_text(encoding="utf-8").replace("free-once-funded", "free-at-last")
    folder = tmp_path / "catalog" / "contact"
    folder.mkdir(parents=True)
    (folder / "messenger-link.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"outside_contact is none of .*: free-at-last"):
        load_catalog([SHIPPED, tmp_path])
