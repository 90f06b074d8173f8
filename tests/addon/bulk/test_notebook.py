"""The notebook of the documents: each of its cells runs on the tables of a run."""

import ast
import json
from pathlib import Path

import pytest

from addon.judging.check import Checker
from tests.addon.bulk.made import json_lines, rows, run_here

NOTEBOOK = Path(__file__).parents[3] / "docs/bulk.ipynb"


@pytest.mark.slow
def test_each_cell_runs(tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.jsonl").write_bytes(json_lines(rows(12)))
    run_here(checker, tmp_path / "result", tmp_path / "x.jsonl", by=("site", "month"))
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    cells = [cell for cell in json.loads(NOTEBOOK.read_bytes())["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        assert cell["outputs"] == []
        *statements, last = ast.parse(cell["source"]).body
        assert isinstance(last, ast.Expr), "a cell ends with what it shows"
        exec(compile(ast.Module(statements, []), "cell", "exec"), names)
        shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        if not isinstance(shown, dict):
            assert isinstance(shown.fetchall(), list)
    assert names["manifest"]["texts"] == 12  # type: ignore[index]
