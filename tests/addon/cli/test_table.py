"""`koban scan --table` and `koban report --table` as they are called; their work is tested in tests/addon/bulk."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.bulk import local
from addon.cli import report, scan
from addon.judging.check import Checker
from tests.addon.bulk.made import engine_of, json_lines, rows, scan_with


@pytest.fixture(autouse=True)
def within_this_process(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "run_local", engine_of(scan_with(checker)))
    monkeypatch.setenv("KOBAN_LANG", "en")


def koban_scan(*arguments: object) -> Result:
    return CliRunner().invoke(scan.app, ["scan", *map(str, arguments)])


def test_a_table_is_scanned_and_reported_on(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(json_lines([{**row, "body": row["text"], "text": None} for row in rows(4)]))
    out = tmp_path / "out"
    done = koban_scan("--table", tmp_path / "x.jsonl", "--out", out, "--column", "text=body", "--by", "site,month")
    assert (done.exit_code, "4 texts judged" in done.output) == (0, True)
    assert json.loads((out / "manifest.json").read_bytes())["choices"]["by"] == ["site", "month"]
    again = koban_scan("--table", tmp_path / "x.jsonl", "--out", out)
    assert again.exit_code == 2
    assert "--resume" in again.output
    reported = CliRunner().invoke(report.app, ["--table", str(out)])
    assert reported.exit_code == 0
    assert (out / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_rows_that_cannot_be_read_end_with_2_and_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(json_lines(rows(2)) + b"{broken\n")
    done = koban_scan("--table", tmp_path / "x.jsonl", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "rows that could not be read: 1" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--table", "x.jsonl"], "--out"),
        (["--out", "out"], "--table"),
        (["--keep-texts", "x.txt"], "--table"),
        (["--table", "x.jsonl", "--out", "out", "y.txt"], "no other input"),
        (["--table", "gone.jsonl", "--out", "out"], "gone.jsonl"),
        (["--table", "x.jsonl", "--out", "out", "--by", "client"], "--by: client"),
        (["--table", "x.jsonl", "--out", "out", "--column", "words=body"], "--column: words=body"),
        (["--table", "x.jsonl", "--out", "out", "--kind", "letter"], "--kind: letter"),
        (["--table", "x.jsonl", "--out", "out", "--engine", "spark"], "--engine: spark"),
        (["--table", "x.jsonl", "--out", "out", "--cluster", "ray://x"], "--engine daft"),
        (["--table", "x.jsonl", "--out", "out", "--resume"], "nothing here to go on with"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.jsonl").write_bytes(json_lines(rows(1)))
    done = koban_scan(*arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_run_has_no_report(tmp_path: Path) -> None:
    done = CliRunner().invoke(report.app, ["--table", str(tmp_path)])
    assert done.exit_code == 2
    assert "no run here" in done.output
