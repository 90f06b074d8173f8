"""A shared database that does not answer holds up no verdict, is not asked again for a while, and that is said."""

import asyncio
import socket
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from addon.app import running
from addon.history import timed_query
from addon.history.database import REMOTE_LIMITS, open_url
from addon.history.file import Unusable
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.history.timed_query import NoAnswer, TimedQuery
from addon.judging.process import JudgingProcess
from addon.judging.protocol import Visit
from addon.state.options import ServeOptions
from addon.state.settings import Settings
from extractors.page import Page
from extractors.records import Contract
from rules.past import Past
from tests.addon.api.caller import Proofs, Proven, paired
from tests.addon.history.conftest import extraction, seen
from tests.addon.history.relay import Relay

pytestmark = pytest.mark.slow

FACTS = Past(revisions_agreed=2)
ASKED = extraction(Contract(id="7", state="delivered"))
PAGE = Path(__file__).parents[2] / "pages/crowdworks/contract/escrow-requested/page.html"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed_query, "PATIENCE", 0.2)


def eventually(asks: TimedQuery) -> None:
    """Wait for the answer to the question that hung."""
    assert asks._late is not None
    asks._late.put(asks._late.get(timeout=60))


def test_one_that_fails_is_asked_again_only_after_a_pause() -> None:
    now, asked, broken = [0.0], [0], [True]

    def ask(_: object) -> Past:
        asked[0] += 1
        if broken[0]:
            raise OperationalError("SELECT", None, Exception("gone"))
        return FACTS

    asks = TimedQuery(ask, clock=lambda: now[0])
    with pytest.raises(OperationalError):
        asks.past(ASKED)
    broken[0] = False
    assert [asks.past(ASKED) for _ in range(3)] == [None, None, None]
    assert (asks.paused, asked) == (True, [1])
    now[0] += timed_query.PAUSE
    assert not asks.paused
    assert [asks.past(ASKED), asks.past(ASKED)] == [FACTS, FACTS]
    assert asked == [3]


def test_one_that_hangs_is_waited_for_once_and_no_second_question_hangs_beside(
    impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked, held = [0.0], [0], threading.Event()

    def ask(_: object) -> Past:
        asked[0] += 1
        held.wait(60)
        return FACTS

    asks = TimedQuery(ask, clock=lambda: now[0])
    with pytest.raises(NoAnswer):
        asks.past(ASKED)
    now[0] += timed_query.PAUSE
    assert asks.past(ASKED) is None, "the first still hangs"
    assert asks.paused
    assert asked == [1]
    held.set()
    eventually(asks)
    monkeypatch.setattr(timed_query, "PATIENCE", 60)
    now[0] += timed_query.PAUSE
    assert asks.past(ASKED) == FACTS
    assert not asks.paused


def test_a_database_that_goes_dead_is_asked_once_and_again_when_it_is_back(
    relay: Relay, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(History(open_url(relay.url))) as history:
        history.record(seen(Contract(id="7", state="agreed")))
        monkeypatch.setattr(timed_query, "PATIENCE", 60)
        assert history.past(ASKED) is not None
        assert not history.silent
        relay.die()
        monkeypatch.setattr(timed_query, "PATIENCE", 0.2)
        with pytest.raises(NoAnswer):
            history.past(ASKED)
        assert (history.silent, history.past(ASKED)) == (True, None)
        relay.revive()
        assert history._timed_query is not None
        eventually(history._timed_query)
        monkeypatch.setattr(timed_query, "PATIENCE", 60)
        history._timed_query._until = None
        assert history.past(ASKED) is not None
        assert not history.silent


def test_pages_are_judged_while_the_database_is_dead_and_it_is_said(relay: Relay, tmp_path: Path) -> None:
    def page(number: int) -> Page:
        return Page(
            f"https://crowdworks.jp/contracts/777000{number}", PAGE.read_bytes(), "text/html", datetime.now(UTC)
        )

    process = JudgingProcess(tmp_path, relay.url, Settings, budget=lambda _: 60)
    process.begin()
    try:
        process.ready()
        assert not process.health.silent
        pid = process.pid
        judged = process.check(Visit(page(0)))
        process.flush()
        relay.die()
        dead = [process.check(Visit(page(number))) for number in range(1, 5)]
        assert {verdict.state for verdict in dead} == {judged.state}
        assert (process.health.silent, process.pid) == (True, pid), "it did not get stuck"
    finally:
        relay.revive()
        process.close()


async def test_the_api_says_that_the_history_does_not_answer(shared: str, tmp_path: Path) -> None:
    relay = Relay(shared)
    options = ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path, history_url=relay.url)
    async with running(options) as koban:
        key = paired(koban.pairing, koban.api_port)
        proven = Proven(await asyncio.to_thread(Proofs, key, koban.api_port))
        async with httpx.AsyncClient(trust_env=False, auth=proven, timeout=60) as client:
            base = f"http://127.0.0.1:{koban.api_port}/v1/history"
            assert (await client.get(base)).status_code == 200
            relay.close()
            answer = await client.get(base)
    assert (answer.status_code, answer.json()["detail"]) == (503, "the history does not answer")


def test_what_a_database_that_is_gone_does_not_take_is_counted(relay: Relay) -> None:
    recorder = Recorder(History(open_url(relay.url)), Settings, again=(0.01,))
    for number in range(2):
        page = seen(Contract(id=str(number), state="agreed"))
        recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at))
        recorder.settle()
        assert recorder.health.lost_pages == number, "the first was kept, the second said to be lost"
        relay.close()
    assert recorder.health.trouble == "OperationalError"
    recorder.close()


def test_a_port_that_takes_connections_and_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addon.history.database.REMOTE_LIMITS", {**REMOTE_LIMITS, "connect_timeout": 2})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Unusable, match="ConnectionTimeout"):
            open_url(f"postgresql://koban@127.0.0.1:{port}/koban")
