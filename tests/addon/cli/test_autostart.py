"""`koban autostart`, with the entry in a folder of the test's."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from addon.cli import autostart as command
from addon.cli.main import app
from addon.desktop.autostart import AutostartFile


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AutostartFile:
    entry = AutostartFile(tmp_path / "autostart/koban.desktop")
    monkeypatch.setattr(command, "autostart", lambda _: entry)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "nowhere/__main__.py")])
    return entry


def _koban(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["autostart", *arguments])
    assert result.exit_code == 0
    return result.output


def test_reach_03_it_is_off_until_it_is_asked_for(entry: AutostartFile) -> None:
    assert "○" in _koban("status")
    assert "koban autostart off" in _koban("on")
    assert 'Exec="' + sys.executable in entry.path.read_text("utf-8")
    shown = _koban("status")
    assert "●" in shown
    assert sys.executable in shown.replace("\n", "")
    _koban("off")
    assert "○" in _koban("status")
    assert not entry.path.exists()


def test_reach_03_browser_and_folder_are_those_that_were_named(entry: AutostartFile, tmp_path: Path) -> None:
    assert "ウィンドウを開かずに" in _koban("on", "--browser", "none", "--state-dir", str(tmp_path))
    assert f'"start" "--browser" "none" "--state-dir" "{tmp_path}"' in entry.path.read_text("utf-8")


def test_reach_03_a_program_that_is_gone_is_said_so(entry: AutostartFile) -> None:
    entry.set(["/nowhere/koban", "start"])
    shown = _koban("status")
    assert "■" in shown
    assert "/nowhere/koban" in shown


def test_reach_03_what_cannot_be_written_is_one_line(entry: AutostartFile) -> None:
    entry.path.parent.write_text("a file where the folder should be")
    result = CliRunner().invoke(app, ["autostart", "on"])
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert not isinstance(result.exception, OSError)
    unknown = CliRunner().invoke(app, ["autostart", "on", "--browser", "lynx"])
    assert unknown.exit_code != 0
