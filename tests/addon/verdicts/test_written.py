"""A verdict as JSON: handed on unread, it says what the verdict that is read would say."""

import asyncio
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from addon.state.settings import Settings, SettingsStore
from addon.verdicts import parts
from addon.verdicts.log import PageVerdict, VerdictLog, WrittenEvent
from addon.verdicts.parts import Rejudged
from addon.verdicts.settle import apply_settings, not_checked
from addon.verdicts.written import WrittenVerdict
from rules.model import ClientRef, Evidence, Verdict
from tests.addon.findings import finding

NOW = datetime(2026, 11, 26, 3, 4, 5, 678, tzinfo=UTC)
PAGE = 'https://crowdworks.jp/public/jobs/1?q=仕事"\\'
DATA = "https://crowdworks.jp/public/jobs/1.json"
FOUND = finding("direct-contract").model_copy(
    update={"evidence": (Evidence(field="job.body", quote="「直接契約」\u2028\n\x7f で"),)}
)
CLIENT = ClientRef(id="7", name="見本")
VERDICTS = [
    Verdict(state="clear", checked=("job.title",), site="crowdworks", kind="job"),
    Verdict(
        state="danger", findings=(FOUND,), site="crowdworks", client=ClientRef(id="7", name="見本"), stage="funded"
    ),
    Verdict(state="clear", site="crowdworks", enclosures=("https://crowdworks.jp/attachments/1",)),
    not_checked("unreadable", site="crowdworks"),
]
CHANGES: list[dict[str, Any]] = [
    {},
    {"rules": {"direct-contract": False}},
    {"clients": {"crowdworks:7": {"muted": True}}},
]


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def log(settings: SettingsStore) -> VerdictLog:
    return VerdictLog(settings, clock=lambda: NOW)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads a verdict that is kept fails."""

    def read(_: bytes) -> Verdict:
        raise AssertionError("it was read")

    monkeypatch.setattr(parts, "_read", read)


def under(verdict: Verdict, settings: Settings) -> WrittenVerdict:
    return WrittenVerdict.under(verdict, settings, now=NOW, page=PAGE)


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.state)
def test_what_is_asked_of_a_verdict_is_answered_unread(verdict: Verdict) -> None:
    written = WrittenVerdict.of(verdict)
    assert written.read() == verdict
    assert (written.state, written.warns, written.stage) == (verdict.state, verdict.warns, verdict.stage)
    assert written.enclosures == verdict.enclosures
    assert written.shown_under(Settings()) is None, "nobody has applied any"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.state)
def test_what_is_shown_is_what_the_settings_let_be_shown(verdict: Verdict, change: dict[str, Any]) -> None:
    settings = Settings.model_validate(change)
    shown = under(verdict, settings).shown_under(settings)
    assert shown is not None
    assert Verdict.model_validate_json(shown) == apply_settings(verdict, settings, now=NOW, page=PAGE)


def test_other_settings_and_a_pause_are_none_that_it_was_written_under() -> None:
    settings, pause = Settings(), Settings(paused_until=NOW + timedelta(hours=1))
    assert under(VERDICTS[0], settings).shown_under(Settings()) is None
    assert under(VERDICTS[0], pause).shown_under(pause) is None, "it has an end"


def test_what_is_shown_as_it_was_judged_goes_through_a_pipe_once() -> None:
    written = under(VERDICTS[1], Settings())._replace(settings=None)
    received = pickle.loads(pickle.dumps(written))
    assert received == written
    assert received.shown_text is received.text


async def heard(log: VerdictLog, url: str, verdict: WrittenVerdict, page_url: str | None = None) -> WrittenEvent:
    async with log.subscribe_written() as events:
        log.keep(url, verdict, "proxy", NOW, page_url)
        return await asyncio.wait_for(events.get(), 60)


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.state)
async def test_speed_1_an_event_is_what_the_verdict_that_is_read_would_say(
    log: VerdictLog, settings: SettingsStore, verdict: Verdict, change: dict[str, Any]
) -> None:
    current = settings.patch(change)
    for since in (None, NOW):
        if since is not None:
            log.pass_untouched(PAGE, since)
        event = await heard(log, PAGE, under(verdict, current))
        shown = apply_settings(verdict, current, now=NOW, page=PAGE)
        page_verdict = PageVerdict(url=PAGE, judged_at=NOW, feed="proxy", verdict=shown, untouched_since=since)
        assert event == ("verdict", page_verdict.model_dump_json())


async def test_speed_1_where_settings_or_parts_have_come_since_it_is_read(
    log: VerdictLog, settings: SettingsStore
) -> None:
    danger = under(VERDICTS[1], settings.current)
    settings.patch(CHANGES[1])
    event = await heard(log, PAGE, danger)
    assert PageVerdict.model_validate_json(event.data).verdict.findings == ()
    event = await heard(log, DATA, under(VERDICTS[0], settings.current), PAGE)
    shown = log.shown(PAGE)
    assert shown is not None
    assert event.data == shown.model_dump_json()
    assert shown.verdict.stage == "funded"


async def test_all_that_subscribers_hear_is_written_too(log: VerdictLog, settings: SettingsStore) -> None:
    log.record(PAGE, VERDICTS[1], "proxy", NOW)
    async with log.subscribe() as events, log.subscribe_written() as written:
        settings.patch(CHANGES[1])
        log.send_settings()
        log.judged_again([Rejudged(PAGE, None, VERDICTS[0])])
        log.pass_untouched(DATA, NOW)
        log.give_up(DATA, NOW)
        said = [await asyncio.wait_for(events.get(), 60) for _ in range(4)]
        assert [(await asyncio.wait_for(written.get(), 60)).data for _ in said] == [e.model_dump_json() for e in said]
    assert [type(event) for event in said] == [Settings, Settings, PageVerdict, PageVerdict]
