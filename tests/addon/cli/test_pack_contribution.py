"""`koban packs contribute`: what it will write is shown first, and what it wrote is tried."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli.main import app
from addon.cli.pack_contribution import _write
from addon.packs.contribution import Addition, Plan
from addon.packs.manifest import PackRefused
from tests.addon.packs.making import RULE, RULE_FILE, lay, pack


def contribute(folder: Path, *words: str, said: str | None = None) -> Result:
    file = str(folder.parent / "koban-lessons.jsonl")
    return CliRunner().invoke(app, ["packs", "contribute", file, "--into", str(folder), *words], input=said)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [
        {"text": "ツバメ通信で[name]様の記事を書きます", "warns": False, "rule": "swallow-club", "risk": ""},
        {"text": "ツバメ通信にご登録を", "warns": True, "rule": "swallow-club", "risk": ""},
    ]
    (tmp_path / "koban-lessons.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return lay(tmp_path / "pack", pack())


@pytest.mark.slow
def test_it_is_shown_before_it_is_written(folder: Path) -> None:
    answer = contribute(folder, said="n\n")
    assert answer.exit_code == 1
    assert "  + - message: {author_role: client, body: ツバメ通信で小暮様の記事を書きます}" in answer.output
    assert "Nothing was written." in answer.output
    assert (folder / RULE_FILE).read_text() == RULE
    assert not (folder / "tests").exists()


@pytest.mark.slow
def test_it_is_written_and_the_examples_that_do_not_hold_yet_are_named(folder: Path) -> None:
    answer = contribute(folder, "--yes")
    assert answer.exit_code == 0, answer.output
    assert "swallow-club fires and should be silent" in answer.output
    assert "pass once the rules are mended: 1  koban rules test swallow-club" in answer.output
    assert (folder / RULE_FILE).read_text().startswith(RULE.partition("  silent:")[0])
    assert "ツバメ通信で小暮様" in (folder / "tests/clean.jsonl").read_text()
    assert "texts that are there already: 2" in contribute(folder, "--yes").output


def test_problems_are_said_and_nothing_is_written(folder: Path) -> None:
    (folder.parent / "koban-lessons.jsonl").write_text('{"text": "x", "warns": 3}')
    answer = contribute(folder, "--yes")
    assert answer.exit_code == 2
    assert "line 1: warns: Input should be a valid boolean" in answer.output
    (folder.parent / "koban-lessons.jsonl").unlink()
    assert contribute(folder, "--yes").exit_code == 2
    assert (folder / RULE_FILE).read_text() == RULE


def test_nothing_is_written_over_a_file_that_changed_after_it_was_shown(folder: Path) -> None:
    rule = folder / RULE_FILE
    with pytest.raises(PackRefused):
        _write(Plan((Addition(rule, (), b"as it was", b"new"),), (), 0, 0))
    assert rule.read_text() == RULE
