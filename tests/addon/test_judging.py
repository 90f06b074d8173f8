"""Judging in a process of its own: it says what a checker says, and is begun anew where it ends or gets stuck."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon import judging
from addon.check import Checker
from addon.history.database import open_file
from addon.history.reading import deals
from addon.history.store import History
from addon.judging import JudgingProcess
from addon.settings import HistorySettings, Settings
from extractors.page import Page
from rules.model import Verdict

PAGES = Path(__file__).parents[1] / "pages/crowdworks/contract"
URL = "https://crowdworks.jp/contracts/7770001"


def page(case: str = "escrow-requested") -> Page:
    return Page(URL, (PAGES / case / "page.html").read_bytes(), "text/html; charset=utf-8", datetime.now(UTC))


class Kept:
    settings = Settings()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def process(tmp_path: Path, kept: Kept) -> Iterator[JudgingProcess]:
    process = JudgingProcess(tmp_path, None, lambda: kept.settings)
    process.begin()
    yield process
    process.close()


def pid(process: JudgingProcess) -> int:
    found = process.pid
    assert found is not None
    return found


def remembered(state_dir: Path) -> list[str]:
    history = History(open_file(state_dir / "history.db")[0])
    try:
        return [deal.id for deal in deals(history)]
    finally:
        history.close()


def test_it_says_what_a_checker_says_and_remembers_as_the_settings_have_it(
    process: JudgingProcess, checker: Checker, kept: Kept, tmp_path: Path
) -> None:
    process.ready()
    assert process.health.remembers
    kept.settings = Settings(history=HistorySettings(enabled=False))
    assert process.check(page()) == checker.check(page())
    process.settle()
    assert remembered(tmp_path) == []
    kept.settings = Settings()
    process.check(page(), keep=False)
    process.settle()
    assert remembered(tmp_path) == []
    process.check(page())
    process.settle()
    assert remembered(tmp_path) == ["7770001"]


def test_what_waits_is_written_at_the_end(tmp_path: Path) -> None:
    process = JudgingProcess(tmp_path, None, Settings)
    process.begin()
    process.check(page())
    process.close()
    assert remembered(tmp_path) == ["7770001"]


def test_an_end_before_it_is_ready_waits_for_nothing(tmp_path: Path) -> None:
    process = JudgingProcess(tmp_path, None, Settings)
    process.begin()
    begun = pid(process)
    asked: list[Verdict] = []
    asking = threading.Thread(target=lambda: asked.append(process.check(page())))
    asking.start()
    process.close()
    asking.join(60)
    assert [verdict.reason for verdict in asked] == ["failed"]
    assert process.pid == begun, "it is not begun anew"
    with pytest.raises(ProcessLookupError):
        os.kill(begun, 0)


def test_a_page_on_which_it_dies_is_not_checked_and_the_next_one_is(process: JudgingProcess) -> None:
    process.ready()
    os.kill(pid(process), signal.SIGKILL)
    died = process.check(page())
    assert (died.state, died.reason, died.site) == ("not-checked", "failed", "crowdworks")
    assert process.check(page()).state == "caution"


def test_a_page_on_which_it_gets_stuck_is_not_checked_and_the_next_one_is(
    process: JudgingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.ready()
    monkeypatch.setattr(judging, "LONGEST", 0.5)
    os.kill(pid(process), signal.SIGSTOP)
    stuck = process.check(page())
    assert (stuck.state, stuck.reason) == ("not-checked", "failed")
    monkeypatch.undo()
    assert process.check(page()).state == "caution"


def test_house_01_a_broken_rule_of_the_users_ends_no_guard(tmp_path: Path) -> None:
    rule = tmp_path / "rules/catalog/work/mine.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("status: neither\n")
    process = JudgingProcess(tmp_path, None, Settings)
    process.begin()
    try:
        process.ready()
        assert process.check(page()).state == "caution"
    finally:
        process.close()


def test_it_ends_with_a_koban_that_was_killed_and_writes_what_waits(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from addon.judging import JudgingProcess
from addon.settings import Settings
from tests.addon.test_judging import page
if __name__ == "__main__":
    process = JudgingProcess(Path(sys.argv[1]), None, Settings)
    process.begin()
    process.check(page())
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
    heavy = {"bs4", "hyperscan", "rules.engine", "sqlalchemy"}
    asked = f"import sys, addon.cli, addon.run; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
