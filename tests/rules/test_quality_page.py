"""docs/quality.md says what the command measures now."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from addon.cli.main import app

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_page_is_fresh(shared: Path, tmp_path: Path) -> None:
    written = tmp_path / "quality.md"
    arguments = ["rules", "test", "--write", str(written), "--own", str(ROOT / "tests/rules/own_cases.jsonl")]
    arguments += ["--corpus", str(shared / "corpus" / "corpus.jsonl")]
    arguments += ["--offers", str(shared / "sites/fixtures/crowdworks/details-221-anonymised.json")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    committed = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    assert committed == written.read_text(encoding="utf-8"), "koban rules test … --write docs/quality.md"


def test_writing_needs_all_that_the_page_shows(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["rules", "test", "--write", str(tmp_path / "quality.md")])
    assert result.exit_code == 2
    assert not (tmp_path / "quality.md").exists()
