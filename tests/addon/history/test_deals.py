"""Deals with their steps, and what a search finds."""

from decimal import Decimal

import pytest

from addon.history.clients import newest_clients
from addon.history.deals import deals, newest_deals
from addon.history.report.make import report
from addon.history.shown_words import MONTHS
from addon.history.store import History
from addon.history.warnings import newest_warnings, warnings_given
from extractors.records import Money
from rules.past import JST
from rules.sites import SHIPPED_TERMS
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen
from tests.addon.history.story import DAY, deal, many, story


def test_a_deals_course_has_its_evidence_and_says_what_was_not_seen(history: History) -> None:
    story(history)
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert [(step.state, step.page) for step in one.steps] == [
        ("agreed", "https://crowdworks.jp/contracts/1"),
        ("delivered", "https://crowdworks.jp/contracts/1"),
    ]
    assert one.unseen == ["proposed", "escrow-requested", "escrow-funded"], "not seen is not the same as not done"
    assert [(word.what, word.round) for word in one.words] == [
        ("handed-over", None),
        ("asks-revision", 1),
        ("asks-revision", 2),
    ]
    assert one.revision_requests == 2


def test_attack_21_what_a_page_showed_is_told_from_what_the_site_sent(history: History) -> None:
    found = finding("direct-contract").model_copy(update={"report": True})
    history.record(seen(deal("agreed"), at=START, feed="proxy"))
    history.record(seen(deal("escrow-funded"), at=START + DAY, feed="extension", findings=(found,)))
    history.record(seen(deal("delivered"), at=START + 2 * DAY))
    (one,) = deals(history, terms=SHIPPED_TERMS)
    assert [step.feed for step in one.steps] == ["proxy", "extension", None]
    assert [warned.feed for warned in warnings_given(history)] == ["extension"]
    files = {file.name: file.text for file in report(history, START, site="crowdworks", deal="7", terms=SHIPPED_TERMS)}
    funded = next(line for line in files["report-ja.txt"].splitlines() if "仮払い済み" in line)
    assert funded.endswith("https://crowdworks.jp/contracts/1（画面の表示から）")
    assert files["report-ja.txt"].count("（画面の表示から）") == 2
    assert files["report-en.txt"].count(" (as the browser showed it)") == 2


def test_attack_21_what_the_site_has_sent_too_is_the_sites(history: History) -> None:
    history.record(seen(deal("agreed"), at=START, feed="extension"))
    history.record(seen(deal("agreed"), at=START + DAY, feed="proxy"))
    history.record(seen(deal("agreed"), at=START + 2 * DAY, feed="extension"))
    assert [step.feed for step in deals(history, terms=SHIPPED_TERMS)[0].steps] == ["proxy"]


def test_of_a_long_history_the_newest_are_shown_and_a_search_reaches_the_rest(history: History) -> None:
    many(history)
    found = newest_deals(history, limit=2, terms=SHIPPED_TERMS)
    assert ([deal.id for deal in found.rows], found.more) == (["4", "3"], 3)
    who = newest_clients(history, limit=2)
    assert ([(each.id, each.deals, each.warnings) for each in who.rows], who.more) == ([("4", 1, 1), ("3", 1, 1)], 3)
    told = newest_warnings(history, limit=2)
    assert ([each.deal for each in told.rows], told.more) == (["4", "3"], 3)
    assert newest_deals(history, limit=5, terms=SHIPPED_TERMS).more == 0
    assert [deal.id for deal in newest_deals(history, "abc 入力　0", limit=2, terms=SHIPPED_TERMS).rows] == ["0"]
    assert [each.id for each in newest_clients(history, "発注者0", limit=2).rows] == ["0"]
    assert [each.deal for each in newest_warnings(history, "直接で ０", limit=2).rows] == ["0"]
    every = newest_deals(history, "商会", limit=2, terms=SHIPPED_TERMS)
    assert ([deal.id for deal in every.rows], every.more) == (["4", "3"], 3)
    assert newest_warnings(history, "quotes", limit=2) == ([], 0), "what is searched is what is shown"


@pytest.mark.parametrize("search", ["納品済み", "delivered", "livré", "納品 55,000円", "¥55,000", "55.000", "55 000"])
def test_a_search_finds_states_and_amounts_in_all_rows(history: History, search: str) -> None:
    history.record(seen(deal("agreed", amount=Money(amount=Decimal(55_000))), at=START))
    history.record(seen(deal("delivered"), at=START + DAY))
    many(history)
    assert "7" not in {each.id for each in newest_deals(history, limit=1, terms=SHIPPED_TERMS).rows}
    assert [each.id for each in newest_deals(history, search, limit=1, terms=SHIPPED_TERMS).rows] == ["7"]
    assert newest_deals(history, f"{search} 合意", limit=1, terms=SHIPPED_TERMS).rows == [], "it is no more"


@pytest.mark.parametrize("waits", ["まだ始めないで", "do not start yet", "no empieces todavía"])
def test_a_search_finds_the_mark_of_deals_that_wait_for_escrow(history: History, waits: str) -> None:
    many(history)
    history.record(seen(deal("agreed"), at=START))
    newest_first = [str(number) for number in reversed(range(5))]
    assert [each.id for each in newest_deals(history, waits, terms=SHIPPED_TERMS).rows] == [*newest_first, "7"]
    history.record(seen(deal("escrow-funded"), at=START + DAY))
    history.record(seen(deal("agreed"), at=START + 2 * DAY))
    assert [each.id for each in newest_deals(history, waits, terms=SHIPPED_TERMS).rows] == newest_first, (
        "its escrow was seen"
    )


@pytest.mark.parametrize("owed", ["支払い未確認", "payment not seen", "paiement non constaté"])
def test_a_search_finds_the_mark_of_deals_that_are_owed(history: History, owed: str) -> None:
    many(history)
    assert newest_deals(history, owed, terms=SHIPPED_TERMS).rows == []
    history.record(seen(deal("delivered"), at=START))
    assert [each.id for each in newest_deals(history, owed, limit=1, terms=SHIPPED_TERMS).rows] == ["7"]


def test_a_search_finds_days_and_the_states_of_warnings_in_all_rows(history: History) -> None:
    many(history)
    day = START.astimezone(JST).date()
    for search in (f"{day}", f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS['en'][day.month - 1]}"):
        assert newest_clients(history, search, limit=1).rows, search
        assert newest_warnings(history, f"{search} 危険", limit=1).rows, search
    assert newest_warnings(history, "direct-contract Danger", limit=1).rows
    assert newest_warnings(history, "注意", limit=1).rows == []
    assert newest_clients(history, "1999年", limit=1).rows == []
