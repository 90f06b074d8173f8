"""Warnings stay one each, with the time when they were first seen, though what names them changes."""

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from addon.history.copies import copies
from addon.history.schema import FINDING, PAGE_COPY
from addon.history.store import History
from addon.history.warnings import Warned, warnings_given
from extractors.records import Client, Contract, Message, Thread
from tests.addon.findings import finding
from tests.addon.history.conftest import START, rows, seen
from tests.addon.history.story import DAY

PAGE = "https://crowdworks.jp/messages/88"
WARNING = finding("a")
BOSS = Client(id="52")
DEAL = Contract(id="7", client=BOSS)


def _talk(contract: str | None) -> Thread:
    return Thread(id="88", contract_id=contract, client=BOSS, messages=(Message(thread_id="88", body="x"),))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _record_as_formerly(
    history: History, *records: Contract | Thread, page: str = PAGE, anchor: str | None = None
) -> None:
    """Record a page with a warning as the versions before 2026-11-30 did."""
    warning = WARNING.model_copy(update={"anchor": anchor})
    history.record(seen(*records, page=page, findings=(warning,), source=b"first"))
    key = _hash(json.dumps(["a", "message", anchor, []]))
    with history.engine.begin() as db:
        db.execute(update(FINDING).values(key=key))
        db.execute(update(PAGE_COPY).values(warned=_hash(key)))


def _warned(history: History) -> list[tuple[str | None, int]]:
    """The deal of each warning, and the days between the first time that it was seen and the last."""

    def days(warned: Warned) -> int:
        return (warned.last_seen - warned.first_seen).days

    return [(warned.deal, days(warned)) for warned in warnings_given(history)]


@pytest.mark.parametrize("anchor", [None, "main .message"])
@pytest.mark.parametrize("deal", [None, "7"])
def test_a_warning_of_an_older_version_is_not_written_twice(
    history: History, deal: str | None, anchor: str | None
) -> None:
    _record_as_formerly(history, _talk(deal), page=f"{PAGE}#end", anchor=anchor)
    warning = WARNING.model_copy(update={"anchor": anchor})
    for day in (1, 2):
        history.record(seen(_talk(deal), page=PAGE, at=START + day * DAY, findings=(warning,), source=b"later"))
        assert _warned(history) == [(deal, day)]
    assert [copy.body for copy in copies(history.engine, "crowdworks", client="52")] == [b"first"]


def test_a_warning_of_an_older_version_is_the_same_at_another_address_of_its_deal(history: History) -> None:
    _record_as_formerly(history, DEAL)
    other = "https://crowdworks.jp/contracts/7"
    for address in (other, PAGE):
        history.record(seen(DEAL, page=address, at=START + DAY, findings=(WARNING,), source=b"later"))
    assert _warned(history) == [("7", 1)]
    stored = {(copy.address, copy.body) for copy in copies(history.engine, "crowdworks", client="52")}
    assert stored == {(PAGE, b"first"), (other, b"later")}


@pytest.mark.parametrize(
    ("deal", "page"), [("8", PAGE), ("8", f"{PAGE}9"), (None, f"{PAGE}9")], ids=["deal", "both", "page"]
)
def test_a_warning_of_an_older_version_of_another_place_stays(history: History, deal: str | None, page: str) -> None:
    _record_as_formerly(history, DEAL)
    other = DEAL.model_copy(update={"id": deal})
    history.record(seen(other, page=page, at=START + DAY, findings=(WARNING,)))
    assert sorted(_warned(history), key=str) == sorted([("7", 0), (deal, 0)], key=str)


def test_a_warning_is_one_before_its_deal_is_known_and_after(history: History) -> None:
    for day, deal in enumerate((None, "7", "7")):
        history.record(seen(_talk(deal), page=PAGE, at=START + day * DAY, findings=(WARNING,), source=b"%d" % day))
        assert _warned(history) == [(deal, day)]
    assert [copy.body for copy in copies(history.engine, "crowdworks", client="52")] == [b"0"]


def test_a_warning_in_what_a_script_fetched_is_one_before_its_page_is_judged_and_after(history: History) -> None:
    fetched = replace(seen(page=f"{PAGE}.json", findings=(WARNING,)), part_of=PAGE)
    history.record(fetched)
    history.record(seen(DEAL, page=PAGE))
    history.record(replace(fetched, at=START + DAY))
    assert _warned(history) == [("7", 1)]


def test_a_row_that_has_the_current_key_already_is_left_alone(history: History) -> None:
    history.record(seen(_talk(None), page=PAGE, findings=(WARNING,)))
    history.record(seen(DEAL, page="https://crowdworks.jp/contracts/7", findings=(WARNING,)))
    history.record(seen(_talk("7"), page=PAGE, at=START + DAY, findings=(WARNING,)))
    assert len(rows(history, "finding")) == 2
