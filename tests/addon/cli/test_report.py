"""`koban report`: files with their hashes, and a plain reason where there is nothing to write, or nowhere."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli.main import app
from addon.history.database import open_file
from addon.history.store import History
from addon.state.settings import SettingsStore
from extractors.records import Contract
from tests.addon.history.conftest import foreign
from tests.addon.history.new import new_history
from tests.addon.history.story import story


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    history = History(new_history(tmp_path / "history.db"))
    story(history)
    history.close()
    return tmp_path


def _report(state_dir: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["report", *words, "--state-dir", str(state_dir)])


def test_a_report_names_its_files_by_hash_and_is_told_from_a_changed_one(state_dir: Path) -> None:
    to = state_dir / "report"
    written = _report(state_dir, "--deal", "crowdworks:7", "--to", str(to))
    assert written.exit_code == 0
    for file in to.iterdir():
        assert file.name in written.stdout
    assert _report(state_dir, "--verify", str(to)).exit_code == 0
    (to / "report-ja.txt").write_text("別の文", "utf-8")
    changed = _report(state_dir, "--verify", str(to))
    assert changed.exit_code == 1
    assert "✗ report-ja.txt" in changed.output


def test_issue_21_a_report_abroad_is_in_the_language_of_the_settings_too(state_dir: Path) -> None:
    history = History(open_file(state_dir / "history.db")[0])
    history.record(foreign("workana", Contract(id="7", state="delivered")))
    history.close()
    SettingsStore(state_dir / "settings.json").patch({"language": "es"})
    assert _report(state_dir, "--deal", "workana:7", "--to", str(state_dir / "report")).exit_code == 0
    assert (state_dir / "report" / "report-es.txt").read_text("utf-8").startswith("Al soporte de Workana\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "--deal"),
        (("--deal", "crowdworks:7", "--client", "crowdworks:52"), "--deal"),
        (("--deal", "crowdworks:404"), "記録がありません"),
        (("--verify", "/no/such/folder"), "manifest.json"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(state_dir: Path, words: tuple[str, ...], reason: str) -> None:
    refused = _report(state_dir, *words, "--to", str(state_dir / "new"))
    assert refused.exit_code == 2
    assert reason in refused.output
    assert "Traceback" not in refused.output
    assert not (state_dir / "new").exists()


def test_nothing_is_written_over(state_dir: Path) -> None:
    to = state_dir / "report"
    to.mkdir()
    (to / "mine.txt").touch()
    refused = _report(state_dir, "--deal", "crowdworks:7", "--to", str(to))
    assert refused.exit_code == 2
    assert [file.name for file in to.iterdir()] == ["mine.txt"]
