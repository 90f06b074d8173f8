"""`koban rules record|promote`: counts of this machine, and the status that a rule has earned by them."""

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli.main import app
from addon.history.store import History
from addon.packs.layers import catalog_in_use
from addon.state.lessons import LessonStore
from addon.state.settings import SettingsStore
from extractors.records import Contract
from rules.loader import SHIPPED_RULES
from rules.model import Status
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen
from tests.addon.history.new import new_history

OVERRIDES = "rules/overrides.yaml"


def rules(state: Path, *words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, ["rules", *words, "--state-dir", str(state)], input=said)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Eleven pages with a warning of a rule that is experimental here, called wrong once in popup and lesson."""
    with closing(History(new_history(tmp_path / "history.db"))) as history:
        for number in range(11):
            page = f"https://crowdworks.jp/contracts/{number}"
            deal = Contract(id=str(number), state="agreed")
            warning = finding("direct-contract").model_copy(update={"subject_id": f"{number}"})
            history.record(seen(deal, at=START, page=page, findings=(warning,)))
    SettingsStore(tmp_path / "settings.json").patch({"wrong": {"direct-contract@crowdworks@1": "2026-11-27"}})
    words = ["直接契約の解説記事をお願いします"]
    LessonStore(tmp_path / "lessons.json").teach(words, warns=False, day=date(2026, 11, 27), rule="direct-contract")
    (tmp_path / "rules").mkdir()
    (tmp_path / OVERRIDES).write_text("# mine\ndirect-contract: {status: experimental, severity: caution}\n")
    return tmp_path


def status(state: Path) -> Status:
    rule = catalog_in_use(state).catalog.rule("direct-contract")
    assert rule is not None
    return rule.status


def test_the_record_is_shown_and_only_counts_are_written_out_by_hand(state: Path) -> None:
    file = state / "record.jsonl"
    answer = rules(state, "record", "--export", str(file), said="n\n")
    assert answer.exit_code == 1
    assert "→ 試用" in answer.output
    assert not file.exists()
    assert rules(state, "record", "--export", str(file), "--yes").exit_code == 0
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"rule": "direct-contract", "status": "experimental", "pages": 11, "sites": 1, "days": 0, "wrong": 1}
    ]


@pytest.mark.slow
def test_a_rule_goes_up_as_it_has_earned_in_the_users_own_overrides(state: Path) -> None:
    assert rules(state, "promote", "direct-contract", said="n\n").exit_code == 1
    assert status(state) == "experimental"
    assert rules(state, "promote", "direct-contract", "--yes").exit_code == 0
    assert status(state) == "test"
    assert (state / OVERRIDES).read_text() == "# mine\ndirect-contract: {status: test, severity: caution}\n"
    answer = rules(state, "promote", "direct-contract", "--yes")
    assert answer.exit_code == 2
    assert "39 pages more" in answer.output
    assert rules(state, "promote", "direct-contract", "--to", "stable", "--yes").exit_code == 0
    assert status(state) == "stable"
    assert rules(state, "promote", "direct-contract", "--yes").exit_code == 2
    assert rules(state, "promote", "no-such-rule", "--yes").exit_code == 2


@pytest.mark.slow
def test_in_a_folder_of_rules_the_rule_itself_is_changed(state: Path, tmp_path: Path) -> None:
    rule = tmp_path / "source/catalog/contract/direct-contract.yaml"
    rule.parent.mkdir(parents=True)
    shipped = (SHIPPED_RULES / "catalog/contract/direct-contract.yaml").read_text()
    rule.write_text(shipped.replace("status: stable", "status: experimental", 1))
    words = ("promote", "direct-contract", "--rules-dir", str(tmp_path / "source"), "--yes")
    assert rules(state, *words).exit_code == 0
    assert rule.read_text() == shipped.replace("status: stable", "status: test", 1)
    assert status(state) == "experimental"


def test_a_machine_without_a_history_has_no_record(tmp_path: Path) -> None:
    answer = rules(tmp_path, "record", "--export", str(tmp_path / "file"))
    assert "Nothing was seen yet" in answer.output
    assert not (tmp_path / "file").exists()
