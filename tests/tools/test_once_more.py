"""Which failed tests are run once more, and what becomes of the run."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools import once_more

BROWSER = "tests/browser/test_options.py::test_axe_finds_nothing[popup]"


@pytest.mark.parametrize(
    ("failed", "worth"),
    [
        ([BROWSER], True),
        ([f"{BROWSER}{number}" for number in range(once_more.MOST)], True),
        ([f"{BROWSER}{number}" for number in range(once_more.MOST + 1)], False),
        ([BROWSER, "tests/rules/test_engine.py::test_a_rule"], False),
        ([], False),
    ],
)
def test_a_few_browser_tests_alone_are_run_again(failed: list[str], worth: bool) -> None:
    assert once_more.worth_another_run(failed) is worth


@pytest.fixture
def last_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "lastfailed"
    monkeypatch.setattr(once_more, "LAST_FAILED", path)
    return path


@pytest.mark.parametrize("status", [0, 1])
def test_the_second_run_decides_and_what_held_is_named(
    last_failed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    last_failed.write_text(json.dumps({BROWSER: True}))
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace(returncode=status)

    monkeypatch.setattr(subprocess, "run", run)
    assert once_more.main() == status
    assert commands[0][-1] == BROWSER
    assert ("UNSTEADY" in capsys.readouterr().out) is (status == 0)


def test_any_other_failure_fails_the_run_at_once(last_failed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subprocess, "run")
    assert once_more.main() == 1
    last_failed.write_text(json.dumps({BROWSER: True, "tests/pages/test_pages.py::test_it": True}))
    assert once_more.main() == 1
