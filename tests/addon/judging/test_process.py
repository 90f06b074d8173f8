"""Judging in a process of its own: it says what a checker says, and is begun anew where it ends or gets stuck."""

import gzip
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.app import running
from addon.history.database import open_file
from addon.history.deals import deals
from addon.history.memory import Memory
from addon.history.store import History
from addon.history.timed_query import PATIENCE
from addon.judging import process as judging
from addon.judging.check import Checker
from addon.judging.process import JudgingProcess, NotReady, seconds_for
from addon.judging.protocol import Flush, Submission, Visit
from addon.judging.worker import Worker
from addon.loopback import CannotStart
from addon.state.options import ServeOptions
from addon.state.settings import HistorySettings, Settings
from addon.verdicts.written import WrittenVerdict
from extractors.encoding import MAX_PAGE_BYTES
from extractors.page import Page
from rules.model import Verdict
from rules.sites import SHIPPED_TERMS
from tests.addon.judging import light_worker
from tests.addon.packs.making import manifest, pack, store_of

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 28, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "pages/crowdworks/contract"
URL = "https://crowdworks.jp/contracts/7770001"


def page(url: str = URL) -> Page:
    body = (PAGES / "escrow-requested/page.html").read_bytes()
    return Page(url, body, "text/html; charset=utf-8", datetime.now(UTC))


class Kept:
    settings = Settings()
    budget = 60.0
    now = 0.0


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def supervision_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has processes begin that judge nothing; to be used before `process`."""
    monkeypatch.setattr(judging, "_work", light_worker.calls_all_caution)


@pytest.fixture
def process(tmp_path: Path, kept: Kept) -> Iterator[JudgingProcess]:
    process = JudgingProcess(
        tmp_path, None, lambda: kept.settings, budget=lambda _: kept.budget, clock=lambda: kept.now
    )
    process.begin()
    yield process
    process.close()


def pid(process: JudgingProcess) -> int:
    found = process.pid
    assert found is not None
    return found


def stop(process: JudgingProcess, kept: Kept) -> None:
    """Have it get stuck on the next page, which is waited for but briefly."""
    os.kill(pid(process), signal.SIGSTOP)
    kept.budget = 0.1


def remembered(state_dir: Path) -> list[str]:
    history = History(open_file(state_dir / "history.db")[0])
    try:
        return [deal.id for deal in deals(history, terms=SHIPPED_TERMS)]
    finally:
        history.close()


def test_what_fails_as_it_is_loaded_there_is_known_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_work", light_worker.of_a_damaged_model)
    process = JudgingProcess(tmp_path, None, Settings)
    process.begin()
    assert not process.meaning_problems
    process.flush()
    assert [*process.meaning_problems] == [light_worker.PROBLEM]
    process.close()


def test_it_says_what_a_checker_says_and_remembers_as_the_settings_have_it(
    process: JudgingProcess, checker: Checker, kept: Kept, tmp_path: Path
) -> None:
    process.ready()
    assert process.health.remembers
    kept.settings = Settings(history=HistorySettings(enabled=False))
    assert process.check(Visit(page())) == checker.check(page())
    process.flush()
    assert remembered(tmp_path) == []
    kept.settings = Settings()
    process.check(Visit(page(), keep=False))
    process.flush()
    assert remembered(tmp_path) == []
    process.check(Visit(page()))
    process.flush()
    assert remembered(tmp_path) == ["7770001"]


def test_speed_1_it_says_how_the_settings_of_the_moment_have_a_verdict_shown(
    process: JudgingProcess, checker: Checker, kept: Kept
) -> None:
    verdict = checker.check(page())
    rule = verdict.findings[0].rule
    for settings in (kept.settings, Settings(rules={rule: False}), Settings(rules={rule: True})):
        kept.settings = settings
        for _ in range(2):
            written = process.written(Visit(page()))
            assert written == WrittenVerdict.under(verdict, settings, now=NOW, page=URL)
            assert written.shown_under(settings) is not None
    assert process.rejudge()
    assert process.written(Visit(page())).settings is kept.settings
    os.kill(pid(process), signal.SIGKILL)
    assert process.written(Visit(page())).settings is None, "it was not judged"
    assert process.written(Visit(page())) == WrittenVerdict.under(verdict, kept.settings, now=NOW, page=URL), (
        "the one that was begun anew is told the settings"
    )


def test_what_waits_is_written_at_the_end(tmp_path: Path) -> None:
    process = JudgingProcess(tmp_path, None, Settings, budget=lambda _: 60)
    process.begin()
    process.check(Visit(page()))
    process.close()
    assert remembered(tmp_path) == ["7770001"]


def test_an_end_before_it_is_ready_waits_for_nothing(tmp_path: Path) -> None:
    process = JudgingProcess(tmp_path, None, Settings)
    process.begin()
    begun = pid(process)
    asked: list[Verdict] = []
    asking = threading.Thread(target=lambda: asked.append(process.check(Visit(page()))))
    asking.start()
    process.close()
    asking.join(60)
    assert [verdict.reason for verdict in asked] == ["failed"]
    assert process.pid == begun, "it is not begun anew"
    with pytest.raises(ProcessLookupError):
        os.kill(begun, 0)


def test_an_end_waits_for_no_page_that_it_is_stuck_on(process: JudgingProcess, kept: Kept) -> None:
    process.ready()
    kept.budget = 600
    os.kill(pid(process), signal.SIGSTOP)
    asked: list[Verdict] = []
    asking = threading.Thread(target=lambda: asked.append(process.check(Visit(page()))))
    asking.start()
    while not process._worker.lock.locked():
        time.sleep(0.01)
    closed_at = time.monotonic()
    process.close()
    assert time.monotonic() - closed_at < 60
    asking.join(60)
    assert [verdict.reason for verdict in asked] == ["failed"]


def test_an_end_waits_for_the_page_that_is_judged_and_none_behind_it(process: JudgingProcess, tmp_path: Path) -> None:
    process.ready()
    os.kill(pid(process), signal.SIGSTOP)
    verdicts: list[Verdict] = []
    asking = [threading.Thread(target=lambda: verdicts.append(process.check(Visit(page())))) for _ in range(4)]
    for thread in asking:
        thread.start()
    while not process._worker.lock.locked():
        time.sleep(0.01)
    closing = threading.Thread(target=process.close)
    closing.start()
    while not process._worker.is_closed:
        time.sleep(0.01)
    os.kill(pid(process), signal.SIGCONT)
    for thread in (*asking, closing):
        thread.join(60)
    assert sorted(verdict.state for verdict in verdicts) == ["caution", *["not-checked"] * 3]
    assert remembered(tmp_path) == ["7770001"]


def test_a_page_on_which_it_dies_is_not_checked_and_the_next_one_is(process: JudgingProcess) -> None:
    process.ready()
    os.kill(pid(process), signal.SIGKILL)
    died = process.check(Visit(page()))
    assert (died.state, died.reason, died.site) == ("not-checked", "failed", "crowdworks")
    assert process.check(Visit(page())).state == "caution"


@pytest.mark.usefixtures("supervision_alone")
def test_a_page_on_which_it_gets_stuck_is_not_checked_and_the_next_one_is(process: JudgingProcess, kept: Kept) -> None:
    process.ready()
    stop(process, kept)
    stuck = process.check(Visit(page()))
    assert (stuck.state, stuck.reason) == ("not-checked", "failed")
    kept.budget = 60
    assert process.check(Visit(page("https://crowdworks.jp/contracts/7770002"))).state == "caution"


@pytest.mark.usefixtures("supervision_alone")
def test_attack_09_a_process_that_does_not_get_ready_is_given_up_and_the_next_one_asked(
    process: JudgingProcess, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    os.kill(pid(process), signal.SIGSTOP)
    kept.now = judging.BEGINNING
    begun = pid(process)
    with pytest.raises(NotReady, match="not ready after 120 s"):
        process.ready()
    failed = process.check(Visit(page()))
    assert (failed.state, failed.reason, failed.site) == ("not-checked", "failed", "crowdworks")
    assert "not ready after 120 s" in caplog.text
    assert pid(process) != begun
    assert process.check(Visit(page())).state == "caution", "the time of the one that was begun anew is its own"


async def test_attack_09_a_koban_whose_judging_does_not_get_ready_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ready(_: JudgingProcess) -> None:
        raise NotReady("it is not ready")

    monkeypatch.setattr(JudgingProcess, "ready", ready)
    with pytest.raises(CannotStart, match="the judging is not ready"):
        async with running(ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path)):
            pass


async def test_ux_23_a_window_need_not_wait_until_pages_can_be_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def ready(_: JudgingProcess) -> None:
        assert released.wait(60)
        raise NotReady("it is not ready")

    monkeypatch.setattr(JudgingProcess, "ready", ready)
    async with running(ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path), waits=False) as koban:
        assert koban.judging is not None
        assert koban.serving is not None
        await koban.serving
        assert koban.api_port, "the API listens"
        assert not koban.judging.done()
        released.set()
        with pytest.raises(CannotStart, match="the judging is not ready"):
            await koban.judging


@pytest.mark.usefixtures("supervision_alone")
def test_attack_09_a_page_that_got_stuck_is_not_tried_again_at_once_and_others_go_on(
    process: JudgingProcess, kept: Kept
) -> None:
    process.ready()
    stop(process, kept)
    polled = [page(f"{URL}?_={number}") for number in range(3)]
    other = "https://crowdworks.jp/messages"
    process.check(Visit(polled[0], part_of=other))
    kept.budget = 60
    begun = pid(process)
    stuck = process.check(Visit(polled[1], part_of=other))
    assert (stuck.state, stuck.reason, stuck.site) == ("not-checked", "failed", "crowdworks")
    assert pid(process) == begun, "it was not asked, and so not ended"
    assert process.check(Visit(page("https://crowdworks.jp/contracts/7770002"))).state == "caution", "another page"
    assert process.check(Visit(page())).state == "caution", "the same address, but no part of that page"
    kept.now = judging.STUCK_FOR
    assert process.check(Visit(polled[2], part_of=other)).state == "caution", "the machine may have been slow"


@pytest.mark.usefixtures("supervision_alone")
def test_house_f11_where_one_page_after_the_other_gets_stuck_each_is_given_more_time(
    process: JudgingProcess, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(4):
        process.ready()
        stop(process, kept)
        process.check(Visit(page(f"https://crowdworks.jp/contracts/{number}")))
    assert re.findall(r"longer than (\S+) s", caplog.text) == ["0.1", "0.2", "0.4", "0.4"]
    kept.budget = 60
    process.check(Visit(page()))
    stop(process, kept)
    process.check(Visit(page("https://crowdworks.jp/contracts/9")))
    assert caplog.messages[-1].endswith("longer than 0.1 s")


def test_house_f11_only_the_page_on_which_it_ended_is_lost(process: JudgingProcess) -> None:
    process.ready()
    os.kill(pid(process), signal.SIGKILL)
    states: list[str] = []
    asking = [threading.Thread(target=lambda: states.append(process.check(Visit(page())).state)) for _ in range(3)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(60)
    assert sorted(states) == ["caution", "caution", "not-checked"]


def test_house_f11_a_page_may_take_many_times_what_the_benchmark_took() -> None:
    recorded = json.loads((Path(__file__).parents[3] / "benchmarks/results/reading.json").read_text())
    grown = [figure for figure in recorded["figures"] if figure["id"].startswith("growth.")]
    for figure in grown:
        for size, milliseconds in figure["values"].items():
            large = replace(page(), body=bytes(int(size.removesuffix(" KB")) * 1000))
            # Without the second that a database elsewhere may take.
            assert seconds_for(Visit(large)) - PATIENCE >= 5 * max(milliseconds) / 1000, (figure["what"], size)
    assert {figure["id"] for figure in grown} == {"growth.job", "growth.job-list"}
    assert seconds_for(Visit(page())) < 2.1, "an ordinary page holds the others up no longer than this"
    packed = Visit(replace(page(), body=gzip.compress(page().body)), encoding="gzip")
    assert seconds_for(packed) >= seconds_for(Visit(page())), "what it will be decoded to"
    bomb = Visit(replace(page(), body=bytes(MAX_PAGE_BYTES)), encoding="gzip")
    assert seconds_for(bomb) == seconds_for(replace(bomb, encoding="")), "more is not read"


def test_house_02_a_history_that_fails_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "the disk")

    for name in ("take", "past", "settle", "close"):
        monkeypatch.setattr(Memory, name, broken)
    monkeypatch.setattr(Memory, "health", property(broken))
    worker = Worker(tmp_path, None)
    ours, theirs = multiprocessing.Pipe()
    serving = threading.Thread(target=worker.serve, args=(theirs,))
    serving.start()
    asked = Submission(Visit(page()), Settings())
    answers = []
    for question in (asked, Flush(), asked):
        ours.send(question)
        assert ours.poll(60)
        answers.append(ours.recv())
    assert [answer.content and answer.content.state for answer in answers] == ["caution", None, "caution"]
    troubles = [answer.health and answer.health.trouble for answer in answers]
    assert troubles == ["OSError", None, None], "what is the same is not said again"
    ours.send(None)
    serving.join(60)
    assert not serving.is_alive()
    worker.close()
    assert (tmp_path / "readers.json").exists(), "what the history cannot write keeps nothing else from it"


def test_house_02_an_address_that_is_none_is_answered_for(process: JudgingProcess) -> None:
    assert process.check(Visit(page("https://["))).reason == "failed"


def test_house_04_a_broken_rule_of_the_users_ends_no_guard(tmp_path: Path) -> None:
    rule = tmp_path / "rules/catalog/work/mine.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("status: neither\n")
    process = JudgingProcess(tmp_path, None, Settings, budget=lambda _: 60)
    process.begin()
    try:
        process.ready()
        assert process.check(Visit(page())).state == "caution"
    finally:
        process.close()


def test_it_ends_with_a_koban_that_was_killed_and_writes_what_waits(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from addon.judging.process import JudgingProcess
from addon.judging.protocol import Visit
from addon.state.settings import Settings
from tests.addon.judging.test_process import page
if __name__ == "__main__":
    process = JudgingProcess(Path(sys.argv[1]), None, Settings, budget=lambda _: 60)
    process.begin()
    process.check(Visit(page()))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    script = tmp_path / "killed.py"
    script.write_text(program)
    state = tmp_path / "state"
    state.mkdir()
    # Its output is the judging process's too: it is at its end when both have ended.
    done = subprocess.run([sys.executable, str(script), str(state)], stdout=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert remembered(state) == ["7770001"]


def test_the_proxys_process_has_neither_readers_nor_rules() -> None:
    # They take as long to import as all else together, and are used in the process beside it.
    heavy = {"bs4", "hyperscan", "rules.engine", "rules.rule", "sqlalchemy", "yaml"}
    asked = f"import sys, addon.cli.main, addon.cli.serve, addon.app; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_packs_are_taken_between_two_pages_and_open_ones_judged_again(process: JudgingProcess, tmp_path: Path) -> None:
    """A new trap becomes known, and is then gone back from, while the process runs and pages are open."""
    store = store_of(tmp_path)
    thread = (PAGES.parent / "thread/drawn-page/page.html").read_bytes()
    lure = thread.replace("よろしくお願いします。".encode(), "ツバメ通信に登録済みの方を歓迎します。".encode(), 1)
    url = "https://crowdworks.jp/message/threads/5550001"
    visit = Visit(Page(url, lure, "text/html; charset=utf-8", datetime.now(UTC)))
    assert process.check(visit).state == "clear"

    def renewed() -> dict[str, str]:
        while (rejudged := process.renew()) is None:
            # Pages go on to be judged while the next engine is made ready.
            assert process.check(visit).state in ("clear", "danger")
        return {page.url: page.verdict.state for page in rejudged}

    files = pack()
    store.take(manifest(), files, datetime(2027, 2, 1, tzinfo=UTC))
    assert renewed() == {url: "danger"}
    assert process.check(visit).state == "danger"
    store.go_back("koban")
    assert renewed() == {url: "clear"}
