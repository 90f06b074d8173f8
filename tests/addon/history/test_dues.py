"""Due dates."""

from datetime import UTC, date, datetime
from decimal import Decimal

from addon.history.deals import deals, due_soon, newest_deals
from addon.history.store import History
from extractors.records import Contract, Money
from rules.sites import DESCRIPTORS, SHIPPED_TERMS, Terms
from tests.addon.history.conftest import START, foreign, seen
from tests.addon.history.story import DAY, deal


def test_days_of_due_dates_are_japans(history: History) -> None:
    # Midnight in Japan is the day before in Greenwich.
    history.record(seen(deal("delivered", delivered_at=datetime(2026, 12, 31, 15, 30, tzinfo=UTC)), at=START))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert {due.kind: due.day for due in one.dues} == {"ask": date(2027, 1, 15), "law": date(2027, 3, 1)}


def test_ux_popup_a_due_date_urges_no_delivery_before_the_escrow(history: History) -> None:
    history.record(seen(deal("escrow-requested", due=date(2026, 11, 20)), at=START))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    (due,) = one.dues
    assert "まだ始めないでください" in due.what.ja
    history.record(seen(deal("escrow-funded", due=date(2026, 11, 20)), at=START + DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert [due.what.ja for due in one.dues] == ["納品の期限です"]


def test_due_dates_are_found_of_deals_that_were_not_seen_for_long(history: History) -> None:
    history.record(seen(deal("escrow-funded", due=date(2027, 6, 1)), at=START))
    history.record(seen(Contract(id="8", state="delivered"), at=START, page="https://crowdworks.jp/contracts/8"))
    history.record(seen(Contract(id="9", state="agreed"), at=START, page="https://crowdworks.jp/contracts/9"))
    assert [(due.deal, due.kind) for due in due_soon(history, date(2027, 5, 30), terms=SHIPPED_TERMS)] == [
        ("7", "work")
    ]
    lawful = [("8", "law", START.date() + 59 * DAY)]
    assert [
        (due.deal, due.kind, due.day) for due in due_soon(history, START.date() + 85 * DAY, terms=SHIPPED_TERMS)
    ] == lawful
    assert due_soon(history, START.date() + 95 * DAY, terms=SHIPPED_TERMS) == []


def dues(history: History, site: str, contract: Contract) -> dict[str, date]:
    history.record(foreign(site, contract))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    return {due.kind: due.day for due in one.dues}


def test_another_amount_moves_no_day(history: History) -> None:
    first = dues(history, "freelancer", Contract(id="7", state="disputed"))
    changed = Contract(id="7", state="disputed", amount=Money(amount=Decimal(100), currency="USD"))
    history.record(foreign("freelancer", changed, START + 3 * DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert len(one.steps) == 2
    assert {due.kind: due.day for due in one.dues} == first
    assert first


def test_a_request_for_a_refund_is_to_be_answered_in_the_site_s_own_time(history: History) -> None:
    asked = Contract(id="7", state="escrow-funded", demand="refund", demand_by="client", demanded_at=date(2026, 11, 20))
    assert dues(history, "upwork", asked) == {"answer": date(2026, 11, 27)}
    assert [(due.kind, due.what.ja) for due in due_soon(history, date(2026, 11, 25), terms=SHIPPED_TERMS)] == [
        ("answer", "相手の申請に返答する期限です")
    ]


def test_a_demand_whose_day_no_page_showed_has_the_site_s_own_time_in_place_of_a_day(history: History) -> None:
    asked = Contract(id="7", state="escrow-funded", demand="refund", demand_by="client")
    assert dues(history, "upwork", asked) == {}
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert one.undated is not None
    assert one.undated.ja.startswith("返金の申請に返答する期限は、受け取った日から7日です")
    assert "due 7 days from the day on which it was received" in one.undated.en
    history.record(foreign("upwork", Contract(id="7", demanded_at=date(2026, 11, 20)), START + DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert (one.undated, [due.day for due in one.dues]) == (None, [date(2026, 11, 27)])


def test_a_demand_of_one_s_own_without_a_day_is_the_other_side_s_to_answer(history: History) -> None:
    asked = Contract(id="7", state="disputed", demand="dispute", demand_by="freelancer")
    assert dues(history, "upwork", asked) == {}
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert one.undated is not None
    assert one.undated.ja.startswith("こちらが出した異議の申し立てに相手が返答する期限は、出した日から5営業日です")


def test_nothing_is_said_of_a_time_that_no_term_sets_or_of_a_deal_that_is_over(history: History) -> None:
    assert dues(history, "guru", Contract(id="7", state="escrow-funded", demand="refund")) == {}
    history.record(foreign("upwork", Contract(id="7", state="escrow-funded", demand="refund")))
    history.record(foreign("upwork", Contract(id="7", state="paid"), START + DAY))
    assert [deal.undated for deal in deals(history, terms=SHIPPED_TERMS)] == [None, None]


def test_a_demand_of_one_s_own_is_the_client_s_to_answer(history: History) -> None:
    asked = Contract(id="7", state="disputed", demand="dispute", demand_by="freelancer", demanded_at=date(2026, 11, 20))
    assert dues(history, "upwork", asked) == {"answer": date(2026, 11, 27)}
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert [due.what.en for due in one.dues] == ["The other side's answer is due"]


def test_a_dispute_runs_from_the_day_on_which_it_was_first_seen(history: History) -> None:
    assert dues(history, "freelancer", Contract(id="7", state="disputed")) == {"answer": START.date() + 4 * DAY}


def test_a_demand_ends_with_the_deal_and_is_none_where_no_term_sets_a_time(history: History) -> None:
    asked = Contract(id="7", state="escrow-funded", demand="refund", demanded_at=date(2026, 11, 20))
    assert dues(history, "guru", asked) == {}
    history.record(foreign("upwork", asked))
    history.record(foreign("upwork", Contract(id="7", state="cancelled"), START + DAY))
    assert [due for deal in deals(history, terms=SHIPPED_TERMS) if deal.site == "upwork" for due in deal.dues] == []


CANCELLATION = Contract(id="7", state="escrow-funded", demand="cancellation", demand_by="client")
DISPUTE = Contract(id="7", state="disputed")


def test_a_demand_that_was_withdrawn_hides_no_later_dispute(history: History) -> None:
    asked = CANCELLATION.model_copy(update={"demand_by": "freelancer"})
    for days, contract in enumerate((asked, Contract(id="7", state="escrow-funded"), DISPUTE, DISPUTE)):
        history.record(foreign("freelancer", contract, START + days * DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert [(due.kind, due.day) for due in one.dues] == [("answer", START.date() + 6 * DAY)]
    assert one.dues[0].what.ja == "相手の申請に返答する期限です", "the dispute is not of the side that withdrew"


def test_a_dispute_counts_whatever_time_the_demand_before_it_had(history: History) -> None:
    both = (deadline for site in ("freelancer", "fiverr") for deadline in DESCRIPTORS[site].deadlines)
    terms = Terms({"freelancer": DESCRIPTORS["freelancer"].model_copy(update={"deadlines": tuple(both)})})
    asked = CANCELLATION.model_copy(update={"demanded_at": START.date()})
    for days, contract in enumerate((asked, DISPUTE)):
        history.record(foreign("freelancer", contract, START + days * DAY))
    assert [due.day for deal in deals(history, terms=terms) for due in deal.dues] == [START.date() + 5 * DAY]


def test_a_demand_without_a_time_hides_no_dispute_beside_it(history: History) -> None:
    asked = CANCELLATION.model_copy(update={"state": "disputed"})
    assert dues(history, "freelancer", asked) == {"answer": START.date() + 4 * DAY}


def test_another_demand_has_neither_the_side_nor_the_day_of_the_one_before(history: History) -> None:
    own = {"demand": "dispute", "demand_by": "freelancer", "demanded_at": date(2026, 11, 20)}
    assert dues(history, "upwork", DISPUTE.model_copy(update=own)) == {"answer": date(2026, 11, 27)}
    refund = Contract(id="7", state="disputed", demand="refund")
    history.record(foreign("upwork", refund, START + DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert one.dues == []
    assert one.undated is not None
    assert one.undated.ja.startswith("返金の申請に返答する期限は、受け取った日から7日です")


def test_a_demand_stays_on_a_page_that_shows_less(history: History) -> None:
    mediation = Contract(id="7", state="disputed", demand="mediation", demand_by="client", demanded_at=START.date())
    history.record(foreign("workana", mediation))
    another_amount = Money(amount=Decimal(100), currency="USD")
    for days, contract in enumerate((DISPUTE, DISPUTE.model_copy(update={"amount": another_amount})), 1):
        history.record(foreign("workana", contract, START + days * DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert [due.day for due in one.dues] == [START.date() + DAY]


def test_delivered_work_counts_as_accepted_when_the_site_says_and_japan_s_law_stays_at_home(history: History) -> None:
    delivered = Contract(id="7", state="delivered", delivered_at=date(2026, 11, 20))
    assert dues(history, "fiverr", delivered) == {"acceptance": date(2026, 11, 23)}


def test_due_dates_follow_from_the_terms_that_are_given(history: History) -> None:
    asked = Contract(id="7", state="escrow-funded", demand="refund", demand_by="client", demanded_at=date(2026, 11, 20))
    assert dues(history, "upwork", asked) == {"answer": date(2026, 11, 27)}
    none = Terms({"upwork": DESCRIPTORS["upwork"].model_copy(update={"deadlines": ()})})
    assert [deal.dues for deal in deals(history, terms=none)] == [[]]
    assert [deal.dues for deal in newest_deals(history, terms=none).rows] == [[]]
    assert due_soon(history, date(2026, 11, 25), terms=none) == []
