"""The facts that a report states: of a deal, a client, one warning or an open page, and of nothing else."""

from datetime import timedelta

import pytest

from addon.history.report.facts import Facts, NothingKnown, Subject, collect
from addon.history.store import History
from addon.history.warnings import warnings_given
from addon.verdicts.log import PageVerdict
from extractors.records import Client, Contract, Message, Thread
from rules.model import Evidence, Finding, Verdict
from rules.sites import SHIPPED_TERMS
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen

PAGE = "https://crowdworks.jp/contracts/7"
BOSS = Client(id="52", name="青空企画制作所")
OTHER = Client(id="53", name="別の会社")
DAY = timedelta(days=1)


def _warning(rule: str, *, report: bool = True, quote: str = "直接で") -> Finding:
    update = {"report": report, "subject_id": "m1", "evidence": (Evidence(field="message.body", quote=quote),)}
    return finding(rule).model_copy(update=update)


def _record(history: History, ident: str, client: Client, *findings: Finding, day: int = 0) -> None:
    contract = Contract(id=ident, state="agreed", client=client, title=f"取引{ident}")
    talk = Thread(id=f"t{ident}", contract_id=ident, client=client, messages=(Message(id="m1", sent_at=START - DAY),))
    page = f"https://crowdworks.jp/contracts/{ident}"
    history.record(seen(contract, talk, page=page, at=START + day * DAY, findings=findings, texts=True))


def _collect(history: History, shown: PageVerdict | None = None, **about: str) -> Facts:
    return collect(history, START + 9 * DAY, Subject("crowdworks", **about), shown, terms=SHIPPED_TERMS)


def test_a_deal_has_its_own_warnings_worth_a_report_at_the_time_of_their_message(history: History) -> None:
    _record(history, "7", BOSS, _warning("a"), _warning("b", report=False, quote="x"))
    _record(history, "8", OTHER, _warning("c", quote="y"), day=1)
    facts = _collect(history, deal="7")
    assert [warned.rule for warned in facts.warnings] == ["a"]
    assert [deal.id for deal in facts.deals] == ["7"]
    assert facts.client is not None
    assert facts.client.name == BOSS.name
    (sighting,) = facts.sightings
    assert (sighting.is_sent, sighting.at, sighting.quotes) == (True, START - DAY, ("直接で",))


def test_a_warning_named_by_its_key_is_in_it_whatever_its_worth(history: History) -> None:
    _record(history, "7", BOSS, _warning("b", report=False))
    (warned,) = warnings_given(history)
    assert [each.rule for each in _collect(history, finding=warned.key or "").warnings] == ["b"]


def test_an_open_page_shows_its_quotes_once(history: History) -> None:
    _record(history, "7", BOSS, _warning("a"))
    verdict = Verdict(state="danger", findings=(_warning("a"),), site="crowdworks", kind="contract")
    shown = PageVerdict(url=PAGE, judged_at=START + DAY, feed="proxy", verdict=verdict)
    facts = _collect(history, shown, page=PAGE, rule="a")
    assert [sighting.quotes for sighting in facts.sightings] == [("直接で",)]


def test_of_what_is_not_known_there_is_no_report(history: History) -> None:
    for about in (
        Subject("crowdworks", deal="7"),
        Subject("crowdworks", client="52"),
        Subject("crowdworks", page=PAGE),
    ):
        with pytest.raises(NothingKnown):
            collect(history, START, about, None, terms=SHIPPED_TERMS)
    _record(history, "7", BOSS)
    with pytest.raises(NothingKnown):
        collect(history, START, Subject("no-such-site", deal="7"), None, terms=SHIPPED_TERMS)
