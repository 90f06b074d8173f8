"""Files of the whole history: harmless to open in a spreadsheet."""

import csv
import json
from pathlib import Path

import pytest

from addon.history.export import EXPORTED_TABLES, _cell, export
from addon.history.store import History
from extractors.records import Client, Contract
from tests.addon.history.conftest import seen


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1", "@SUM(1)", "＝HYPERLINK(1)", "＋1+1", "－1", "＠SUM(1)", "﹦1", "﹢1", "﹣1", "﹫x"),
        *(" =1", "　＝1", "\t=1", "\r=1", "\n=1", "\nx", "​=1", "‮＝1"),
    ],
)
def test_attack_22_no_cell_begins_like_a_formula(cell: str) -> None:
    assert _cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["直接契約", "a=b", "1-1", "", "ー", "〜", "円", 5, None])
def test_attack_22_other_cells_stay_as_they_are(cell: object) -> None:
    assert _cell(cell) == cell


@pytest.fixture
def filled(history: History) -> History:
    history.record(seen(Contract(id="7", state="delivered", client=Client(id="52", name="=1+1"), title="記事")))
    return history


def test_each_table_is_a_file_and_a_row_a_line_of_json(filled: History, tmp_path: Path) -> None:
    export(filled, tmp_path / "out", "jsonl")
    assert {file.stem for file in (tmp_path / "out").iterdir()} == {table.name for table in EXPORTED_TABLES}
    (client,) = (json.loads(line) for line in (tmp_path / "out/client.jsonl").read_text("utf-8").splitlines())
    assert (client["id"], client["name"]) == ("52", "=1+1")


def test_a_spreadsheet_gets_a_head_and_no_formula(filled: History, tmp_path: Path) -> None:
    export(filled, tmp_path / "out", "csv")
    with (tmp_path / "out/client.csv").open(encoding="utf-8", newline="") as file:
        (client,) = csv.DictReader(file)
    assert client["name"] == "'=1+1"
    with (tmp_path / "out/message.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1, "an empty table has its head"


def test_a_folder_that_is_there_already_is_not_written_into(filled: History, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        export(filled, tmp_path, "csv")
