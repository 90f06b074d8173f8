"""A page that polls: what it costs is bounded, and nothing that was warned of is lost."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from addon.state.settings import Settings, SettingsStore
from addon.verdicts import parts as verdicts
from addon.verdicts.broadcast import Broadcast
from addon.verdicts.log import PageVerdict, VerdictLog
from addon.verdicts.parts import MOST_FINDINGS, MOST_PARTS, MOST_VIEWS, Rejudged
from addon.verdicts.settle import not_checked
from rules.model import Evidence, Finding, Verdict
from tests.addon.findings import finding

PAGE = "https://crowdworks.jp/message/threads/9"
DATA = "https://crowdworks.jp/message/threads/9/messages.json"
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> VerdictLog:
    return VerdictLog(SettingsStore(tmp_path / "settings.json"), clock=lambda: NOW)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was read of all that is kept, each time that it was."""
    read: list[bytes] = []
    whole = verdicts._read.__wrapped__

    def counted(written: bytes) -> Verdict:
        read.append(written)
        return whole(written)

    monkeypatch.setattr(verdicts, "_read", lru_cache(2 * MOST_PARTS)(counted))
    return read


def danger(number: int) -> Verdict:
    return Verdict(state="danger", findings=(said(number),), checked=("message.body",), site="crowdworks")


def said(number: int) -> Finding:
    evidence = Evidence(field="message.body", quote=f"直接契約でお願いします {number}")
    return finding("direct-contract").model_copy(update={"evidence": (evidence,), "subject_id": str(number)})


CLEAR = Verdict(state="clear", checked=("message.body",), site="crowdworks")


def quotes(log: VerdictLog) -> set[str]:
    shown = log.shown(PAGE)
    assert shown is not None
    return {evidence.quote for one in shown.verdict.findings for evidence in one.evidence}


def kept(log: VerdictLog) -> int:
    return len(log._pages[PAGE])


def test_attack_12_polls_that_say_the_same_are_one_part(log: VerdictLog, reads: list[bytes]) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    for number in range(1_000):
        log.record(f"{DATA}?_={number}", danger(1), "proxy", NOW + timedelta(seconds=number), page_url=PAGE)
    assert kept(log) == 2
    assert len(reads) <= 2, "and not all of them at each"
    assert len(quotes(log)) == 1


@pytest.mark.slow
def test_attack_12_answers_that_differ_are_bounded_and_their_union_is_kept(log: VerdictLog, reads: list[bytes]) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    for number in range(100):
        log.record(f"{DATA}?page={number}", danger(number), "proxy", NOW + timedelta(seconds=number), page_url=PAGE)
    assert kept(log) == MOST_PARTS
    assert len(quotes(log)) == 100
    assert len(reads) < 3 * 100, "the new one, and the union of the oldest"
    shown = log.shown(PAGE)
    assert shown is not None
    assert shown.verdict.state == "danger"


@pytest.mark.slow
def test_attack_12_the_union_is_bounded_too(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    for number in range(2 * MOST_FINDINGS):
        log.record(f"{DATA}?page={number}", danger(number), "proxy", NOW + timedelta(seconds=number), page_url=PAGE)
    assert len(quotes(log)) <= MOST_FINDINGS + MOST_PARTS
    assert max(len(part.verdict_json) for part in log._pages[PAGE].values()) < 1_000 * MOST_FINDINGS


def test_attack_12_the_newest_answer_of_an_address_wins(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    log.record(DATA, danger(1), "proxy", NOW, page_url=PAGE)
    log.record(DATA, CLEAR, "proxy", NOW + timedelta(seconds=5), page_url=PAGE)
    assert quotes(log) == set()
    assert kept(log) == 2


def test_attack_12_a_warning_of_long_ago_outlasts_a_flood_of_clear_answers(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    log.record(f"{DATA}?page=1", danger(1), "proxy", NOW, page_url=PAGE)
    for number in range(100):
        other = CLEAR.model_copy(update={"checked": (f"message.{number}",)})
        log.record(f"{DATA}?_={number}", other, "proxy", NOW + timedelta(seconds=number), page_url=PAGE)
    assert len(quotes(log)) == 1
    assert kept(log) == MOST_PARTS


def test_attack_12_what_could_not_be_read_stays_unread_in_the_union(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    changed = Verdict(state="not-checked", reason="page-changed", site="crowdworks")
    log.record(f"{DATA}?page=1", changed, "proxy", NOW, page_url=PAGE)
    for number in range(100):
        other = CLEAR.model_copy(update={"checked": (f"message.{number}",)})
        log.record(f"{DATA}?_={number}", other, "proxy", NOW + timedelta(seconds=number), page_url=PAGE)
    shown = log.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.reason) == ("not-checked", "page-changed")


def test_a_page_loaded_anew_forgets_what_its_scripts_had_fetched(log: VerdictLog) -> None:
    for _ in range(2):
        log.record(PAGE, CLEAR, "proxy", NOW)
        assert quotes(log) == set()
        for number in range(2 * MOST_PARTS):
            log.record(f"{DATA}?page={number}", danger(number), "proxy", NOW, page_url=PAGE)
        assert len(quotes(log)) == 2 * MOST_PARTS


def test_the_stage_of_a_page_outlasts_its_polls(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR.model_copy(update={"stage": "agreed-unfunded"}), "proxy", NOW)
    for number in range(2 * MOST_PARTS):
        log.record(f"{DATA}?page={number}", danger(number), "proxy", NOW, page_url=PAGE)
    assert log.stage(PAGE) == "agreed-unfunded"


def test_attack_12_a_late_verdict_of_the_page_leaves_what_its_scripts_fetched_meanwhile(log: VerdictLog) -> None:
    log.record(f"{DATA}?page=1", danger(1), "proxy", NOW - timedelta(seconds=5), page_url=PAGE)
    log.record(PAGE, not_checked("too-slow"), "proxy", NOW)
    assert quotes(log) == set(), "what was fetched before is of the page before"
    log.record(f"{DATA}?page=2", danger(2), "proxy", NOW + timedelta(seconds=1), page_url=PAGE)
    log.record(PAGE, CLEAR, "proxy", NOW, late=True)
    shown = log.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, len(shown.verdict.findings)) == ("danger", 1)


def test_attack_12_a_late_verdict_of_a_page_that_was_loaded_anew_counts_for_nothing(log: VerdictLog) -> None:
    log.record(PAGE, not_checked("too-slow"), "proxy", NOW)
    log.record(PAGE, danger(1), "proxy", NOW + timedelta(seconds=2))
    shown = log.record(PAGE, CLEAR, "proxy", NOW, late=True)
    assert shown.verdict.state == "danger"


def test_attack_12_a_clock_that_jumps_back_keeps_no_page_from_its_verdict(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    assert log.record(PAGE, danger(1), "proxy", NOW - timedelta(hours=1)).verdict.state == "danger"


def test_ux_15_a_warning_that_is_called_wrong_goes_at_once_alone_and_comes_back(tmp_path: Path) -> None:
    settings = SettingsStore(tmp_path / "settings.json")
    log = VerdictLog(settings, clock=lambda: NOW)
    both = danger(1).model_copy(update={"findings": (said(1), said(2))})
    log.record(PAGE, both, "proxy", NOW)
    key = "direct-contract@crowdworks@1"
    settings.patch({"wrong": {key: "2026-11-26"}})
    assert quotes(log) == {"直接契約でお願いします 2"}, "the next message that says it is warned of"
    settings.patch({"wrong": {"direct-contract@crowdworks@2": "2026-11-26"}})
    shown = log.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.findings) == ("clear", ())
    settings.patch({"wrong": {key: None}})
    assert quotes(log) == {"直接契約でお願いします 1"}


def test_ux_15_a_warning_on_what_has_no_name_is_called_wrong_by_its_page(tmp_path: Path) -> None:
    settings = SettingsStore(tmp_path / "settings.json")
    log = VerdictLog(settings, clock=lambda: NOW)
    nameless = danger(1).model_copy(update={"findings": (said(1).model_copy(update={"subject_id": None}),)})
    for page in (PAGE, f"{PAGE}9"):
        log.record(page, nameless, "proxy", NOW)
    settings.patch({"wrong": {f"direct-contract@crowdworks@{PAGE}": "2026-11-26"}})
    assert quotes(log) == set()
    other = log.shown(f"{PAGE}9")
    assert other is not None
    assert other.verdict.state == "danger"


def shown_in(log: VerdictLog, view: str) -> tuple[str, set[str]]:
    shown = log.shown(PAGE, view)
    assert shown is not None
    return shown.verdict.state, {evidence.quote for one in shown.verdict.findings for evidence in one.evidence}


def test_field_14_what_passes_later_is_none_of_a_view_that_shows_something_else(log: VerdictLog) -> None:
    log.record(f"{DATA}?page=1", danger(1), "proxy", NOW, page_url=PAGE)
    asked = log.record(PAGE, danger(2), "extension", NOW + timedelta(seconds=1), view="one", is_rewritten=True)
    assert len(asked.verdict.findings) == 2, "what its scripts fetched before is of it"
    # A service worker fetches anew what it has just shown.
    passed = log.record(PAGE, CLEAR, "proxy", NOW + timedelta(seconds=5))
    assert passed.verdict.state == "clear"
    assert shown_in(log, "one") == ("danger", {"直接契約でお願いします 1", "直接契約でお願いします 2"})
    log.record(f"{DATA}?page=3", danger(3), "proxy", NOW + timedelta(seconds=6), page_url=PAGE)
    assert len(shown_in(log, "one")[1]) == 3, "nor is what they fetch later lost to it"
    again = log.record(PAGE, CLEAR, "extension", NOW + timedelta(seconds=7), view="one", is_rewritten=True)
    assert len(again.verdict.findings) == 2, "the page as it is shown now takes the place of what it was"
    assert log.shown(PAGE, "another") is None
    assert log.shown(DATA, "one") is None


def test_field_14_a_view_says_nothing_of_the_page_that_passed_before_it(log: VerdictLog) -> None:
    log.record(PAGE, danger(1), "proxy", NOW)
    as_shown = log.record(PAGE, CLEAR, "extension", NOW + timedelta(seconds=1), view="one", is_rewritten=True)
    assert as_shown.verdict.state == "clear"
    assert quotes(log) == {"直接契約でお願いします 1"}
    assert shown_in(log, "one")[0] == "clear"


def test_field_14_only_so_many_views_of_an_address_are_kept(log: VerdictLog) -> None:
    for number in range(MOST_VIEWS + 1):
        log.record(PAGE, danger(number), "extension", NOW, view=str(number))
    assert log.shown(PAGE, "0") is None
    assert shown_in(log, str(MOST_VIEWS))[0] == "danger"


def test_a_tab_shows_what_it_was_judged_by_whatever_another_of_its_address_shows(log: VerdictLog) -> None:
    log.record(PAGE, danger(1), "extension", NOW, view="newer")
    log.record(PAGE, CLEAR, "extension", NOW + timedelta(seconds=1), view="older")
    assert (quotes(log), shown_in(log, "newer")[0], shown_in(log, "older")[0]) == (set(), "danger", "clear")
    log.record(DATA, CLEAR, "proxy", NOW + timedelta(seconds=2), page_url=PAGE)
    both = (log.shown(PAGE), log.shown(PAGE, "newer"))
    assert [each and each.feed for each in both] == ["extension", "extension"], (
        "that a script fetched makes it no other"
    )


def test_a_tab_that_is_still_asked_about_is_kept_whatever_others_are_loaded_again(log: VerdictLog) -> None:
    log.record(PAGE, danger(0), "extension", NOW, view="open")
    for number in range(2 * MOST_VIEWS):
        log.record(PAGE, CLEAR, "extension", NOW, view=str(number))
        assert shown_in(log, "open")[0] == "danger"


def test_field_14_views_go_with_their_page(tmp_path: Path) -> None:
    log = VerdictLog(SettingsStore(tmp_path / "settings.json"), capacity=1, clock=lambda: NOW)
    log.record(PAGE, danger(1), "extension", NOW, view="one")
    log.record(f"{PAGE}9", CLEAR, "proxy", NOW)
    assert (log.shown(PAGE), log.shown(PAGE, "one")) == (None, None)


def test_field_14_what_is_judged_again_is_what_was_judged_before(log: VerdictLog) -> None:
    later = NOW + timedelta(seconds=5)
    log.record(PAGE, danger(1), "extension", NOW, view="one")
    log.record(PAGE, danger(2), "proxy", later)
    log.judged_again([Rejudged(PAGE, None, CLEAR, later)])
    assert (quotes(log), shown_in(log, "one")[0]) == (set(), "danger")
    log.judged_again([Rejudged(PAGE, None, danger(3), NOW)])
    assert (quotes(log), shown_in(log, "one")[1]) == (set(), {"直接契約でお願いします 3"})


def test_a_page_loaded_again_awaits_what_was_warned_of_before(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    log.record(f"{DATA}?_=1", danger(1), "proxy", NOW + timedelta(seconds=1), page_url=PAGE)
    log.record(f"{PAGE}/notes.json", CLEAR, "proxy", NOW + timedelta(seconds=1), page_url=PAGE)
    again = NOW + timedelta(minutes=1)
    assert log.record(PAGE, not_checked("pending"), "proxy", again, late=True).awaits
    shown = log.record(PAGE, CLEAR, "proxy", again, late=True)
    assert (shown.verdict.state, shown.awaits) == ("clear", True), (
        "as long as nobody has looked, it is no more than that"
    )
    assert log.record(f"{PAGE}/notes.json", CLEAR, "proxy", again + timedelta(seconds=1), page_url=PAGE).awaits
    data = log.record(f"{DATA}?_=2", CLEAR, "proxy", again + timedelta(seconds=1), page_url=PAGE)
    assert (data.verdict.state, data.awaits) == ("clear", False)
    assert not log.record(PAGE, CLEAR, "proxy", again + timedelta(minutes=1)).awaits, "nothing was warned of"


def test_a_page_that_was_overtaken_by_its_data_awaits_nothing(log: VerdictLog) -> None:
    log.record(DATA, danger(1), "proxy", NOW, page_url=PAGE)
    log.record(DATA, danger(1), "proxy", NOW + timedelta(seconds=9), page_url=PAGE)
    assert not log.record(PAGE, CLEAR, "proxy", NOW + timedelta(seconds=8)).awaits


async def test_speed_1_a_page_that_passes_untouched_is_pending_until_its_verdict_is_there(log: VerdictLog) -> None:
    assert log.shown_or_pending(PAGE) is None
    log.pass_untouched(f"{PAGE}#part", NOW)
    pending = log.shown_or_pending(PAGE)
    assert pending is not None
    assert (pending.verdict.state, pending.verdict.reason) == ("not-checked", "pending")
    assert (pending.judged_at, pending.untouched_since, pending.feed) == (NOW, NOW, "proxy")
    assert log.shown(PAGE) is None, "nothing is known of it"
    recorded = log.record(PAGE, CLEAR, "proxy", NOW)
    assert log.shown_or_pending(PAGE) == recorded
    assert (recorded.verdict.state, recorded.untouched_since) == ("clear", NOW)


def test_speed_1_what_is_known_of_a_page_stands_while_it_passes_untouched_again(log: VerdictLog) -> None:
    log.record(PAGE, danger(1), "proxy", NOW)
    again = NOW + timedelta(seconds=1)
    log.pass_untouched(PAGE, again)
    before = log.shown_or_pending(PAGE)
    assert before is not None
    assert (before.verdict.state, before.judged_at, before.untouched_since) == ("danger", NOW, again)


async def test_speed_1_who_was_told_that_a_verdict_is_to_come_is_told_where_none_will(log: VerdictLog) -> None:
    log.pass_untouched(PAGE, NOW)
    async with log.subscribe() as events:
        log.give_up(PAGE, NOW - timedelta(seconds=1))
        assert log.shown_or_pending(PAGE) is not None, "another passes meanwhile"
        log.give_up(PAGE, NOW)
        assert log.shown_or_pending(PAGE) is None
        event = await asyncio.wait_for(events.get(), 60)
        assert isinstance(event, PageVerdict)
        assert (event.url, event.verdict.reason) == (PAGE, "failed")


async def test_speed_1_a_warning_of_before_stands_where_no_verdict_will_come(log: VerdictLog) -> None:
    log.record(PAGE, danger(1), "proxy", NOW)
    log.pass_untouched(PAGE, NOW)
    async with log.subscribe() as events:
        log.give_up(PAGE, NOW)
        log.send_settings()
        assert isinstance(await asyncio.wait_for(events.get(), 60), Settings), "of the page nothing was said"


def test_speed_1_only_so_many_pages_are_remembered_to_have_passed_untouched(tmp_path: Path) -> None:
    log = VerdictLog(SettingsStore(tmp_path / "settings.json"), capacity=2)
    for number in range(3):
        log.pass_untouched(f"{PAGE}/{number}", NOW)
    assert [log.shown_or_pending(f"{PAGE}/{number}") is None for number in range(3)] == [True, False, False]


async def test_what_is_sent_last_is_what_is_known_last(log: VerdictLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.record(PAGE, danger(1), "proxy", NOW)
    is_sending, may_send = threading.Event(), threading.Event()
    send_page = VerdictLog._send_page

    def slow(own: VerdictLog, *page: Any) -> None:
        if threading.current_thread() is judging_again:
            is_sending.set()
            may_send.wait(1)
        send_page(own, *page)

    monkeypatch.setattr(VerdictLog, "_send_page", slow)
    judging_again = threading.Thread(target=lambda: log.judged_again([Rejudged(PAGE, None, CLEAR, NOW)]))
    async with log.subscribe() as events:
        judging_again.start()
        assert await asyncio.to_thread(is_sending.wait, 60)
        await asyncio.to_thread(log.record, DATA, danger(2), "proxy", NOW, PAGE)
        may_send.set()
        judging_again.join(60)
        sent = [await asyncio.wait_for(events.get(), 60) for _ in range(2)]
    assert sent[-1] == log.shown(PAGE)
    assert quotes(log) == {"直接契約でお願いします 2"}


async def test_who_asks_for_a_verdict_does_not_wait_for_another_that_is_sent(
    log: VerdictLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record(PAGE, danger(1), "proxy", NOW)
    is_sending, may_send = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        is_sending.set()
        may_send.wait(60)

    monkeypatch.setattr(Broadcast, "send", slow)
    sending = threading.Thread(target=lambda: log.keep(PAGE, CLEAR, "proxy", NOW))
    async with log.subscribe():
        sending.start()
        try:
            assert await asyncio.to_thread(is_sending.wait, 60)
            assert await asyncio.wait_for(asyncio.to_thread(quotes, log), 10) == set(), "what is known by now"
        finally:
            may_send.set()
            sending.join(60)


def test_what_is_judged_again_first_is_shown_first(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    is_judging, may_end = threading.Event(), threading.Event()

    def first() -> list[Rejudged]:
        is_judging.set()
        may_end.wait(1)
        return [Rejudged(PAGE, None, danger(1), NOW)]

    judging = threading.Thread(target=log.judge_again, args=(first,))
    judging.start()
    assert is_judging.wait(60)
    log.judge_again(lambda: [Rejudged(PAGE, None, danger(2), NOW)])
    may_end.set()
    judging.join(60)
    assert quotes(log) == {"直接契約でお願いします 2"}
    assert log.judge_again(lambda: None) is None, "not ready yet"


def test_a_verdict_that_comes_after_its_page_was_judged_again_is_the_older_one(log: VerdictLog) -> None:
    log.record(PAGE, CLEAR, "proxy", NOW)
    later = NOW + timedelta(seconds=5)
    log.judged_again([Rejudged(PAGE, None, danger(1), later), Rejudged(DATA, PAGE, danger(2), later)])
    assert quotes(log) == set(), "it is of a visit that is not known yet"
    log.record(PAGE, CLEAR, "proxy", later)
    assert quotes(log) == {"直接契約でお願いします 1"}
    log.record(DATA, CLEAR, "proxy", later, PAGE)
    assert len(quotes(log)) == 2
    log.record(PAGE, CLEAR, "proxy", later + timedelta(seconds=5))
    assert quotes(log) == set(), "another visit"
