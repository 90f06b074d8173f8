"""`koban scan --table` and `koban report --table` as they are called; their work is tested in tests/addon/bulk."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.bulk import local
from addon.cli import report, scan
from addon.judging.check import Checker
from addon.packs.manifest import read_manifest
from tests.addon.bulk.made import engine_of, json_lines, rows, scan_with
from tests.addon.packs.making import pack, store_of


@pytest.fixture(autouse=True)
def within_this_process(checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "run_local", engine_of(scan_with(checker)))
    monkeypatch.setenv("KOBAN_STATE_DIR", str(tmp_path / "nothing"))
    monkeypatch.setenv("KOBAN_LANG", "en")


def koban_scan(*arguments: object) -> Result:
    return CliRunner().invoke(scan.app, ["scan", *map(str, arguments)])


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_table_is_judged_by_the_rules_in_force_and_the_report_has_their_titles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "run_local", engine_of())
    store = store_of(tmp_path / "state")
    store.take(read_manifest(pack()["pack.json"]), pack(), datetime(2099, 1, 1, tzinfo=UTC))
    (tmp_path / "state/rules").mkdir()
    (tmp_path / "state/rules/overrides.yaml").write_text(
        "no-such-rule: {severity: danger}\ndirect-contract: {severity: notice}\n", "utf-8"
    )
    invites = [{**row, "kind": "message", "text": "ツバメ通信に登録済みの方を歓迎します。"} for row in rows(2)]
    (tmp_path / "x.jsonl").write_bytes(json_lines(invites))
    state = ("--state-dir", tmp_path / "state")
    done = koban_scan("--table", tmp_path / "x.jsonl", "--out", tmp_path / "out", *state)
    assert done.exit_code == 0
    assert "the rules that ship, pack koban 1, rules of your own" in done.output
    assert "no-such-rule" in done.output
    assert json.loads((tmp_path / "out/manifest.json").read_bytes())["judged_by"] == ["shipped", "koban 1", "own"]
    assert CliRunner().invoke(report.app, ["--table", str(tmp_path / "out"), *map(str, state)]).exit_code == 0
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "Invited to a place outside" in page
    assert "pack koban 1" in page
    shipped = koban_scan("--table", tmp_path / "x.jsonl", "--out", tmp_path / "shipped", "--shipped", *state)
    assert "Rules used: the rules that ship\n" in shipped.output
    manifest = json.loads((tmp_path / "shipped/manifest.json").read_bytes())
    assert (manifest["judged_by"], manifest["findings"]) == (["shipped"], 0)


@pytest.mark.slow
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
