"""The plan of a run: slices that cover each row once."""

from pathlib import Path

import pytest

from addon.bulk.inputs import InputFile, input_files
from addon.bulk.plan import Plan, plan
from addon.bulk.reading import records
from tests.addon.bulk.made import FORMS, rows, write_table


def ids_of(planned: Plan) -> list[str]:
    """What the slices read, in their order."""
    found: list[str] = []
    for one in planned.slices:
        values = [record.values() for record in records(one.file, one.place, rows=one.rows)]
        found += [str(value["id"]) for value in values if isinstance(value, dict)]
    return found


@pytest.mark.parametrize("pack", ["", ".gz"])
@pytest.mark.parametrize("form", FORMS)
def test_slices_cover_each_row_once_in_order(tmp_path: Path, form: str, pack: str) -> None:
    if form == "parquet" and pack:
        return
    for name in ("a", "b"):
        write_table(tmp_path / name, form, rows(25), pack)
    planned = plan(input_files([str(tmp_path)]), grain=10)
    assert [one.rows for one in planned.slices] == [10, 10, 5, 10, 10, 5]
    assert [one.first for one in planned.slices] == [0, 10, 20, 25, 35, 45]
    assert ids_of(planned) == [row["id"] for row in rows(25)] * 2
    assert planned.rows == 50


def test_large_tables_have_large_slices(tmp_path: Path) -> None:
    write_table(tmp_path, "jsonl", rows(390))
    planned = plan(input_files([str(tmp_path)]), grain=2)
    assert {one.rows for one in planned.slices} == {6}
    assert ids_of(planned) == [row["id"] for row in rows(390)]


def test_a_packed_file_is_one_task_and_another_is_several(tmp_path: Path) -> None:
    write_table(tmp_path / "a", "jsonl", rows(25), ".gz")
    write_table(tmp_path / "b", "jsonl", rows(25))
    planned = plan(input_files([str(tmp_path)]), grain=10)
    assert numbers_of(planned, set()) == [[0, 1, 2], [3], [4], [5]]
    assert numbers_of(planned, {1, 3, 4, 5}) == [[0, 2]]


def test_tasks_are_large_at_first_and_small_in_the_end(tmp_path: Path) -> None:
    write_table(tmp_path / "a", "parquet", rows(24))
    write_table(tmp_path / "b", "parquet", rows(8))
    planned = plan(input_files([str(tmp_path)]), grain=2)
    sizes = [[len(task) for task in planned.tasks(frozenset(), processes)] for processes in (1, 2, 100)]
    assert sizes == [[8, 4, 2, 1, 1], [4, 3, 2, 1, 1, 1, 1, 1, 1, 1], [1] * 16]
    assert numbers_of(planned, {1, 2}) == [[0, 3, 4, 5, 6, 7, 8], [9, 10, 11], [12, 13], [14], [15]]


def numbers_of(planned: Plan, done_numbers: set[int]) -> list[list[int]]:
    """The numbers of the slices of each task."""
    return [[one.number for one in task] for task in planned.tasks(frozenset(done_numbers))]


def test_a_file_that_cannot_be_read_says_why_and_from_which_line(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a", "csv", rows(25), ".bz2")
    path.write_bytes(path.read_bytes()[:-20])
    write_table(tmp_path / "b", "jsonl", rows(2))
    gone = InputFile(path=str(tmp_path / "gone.csv"), form="csv")
    damaged, missing, good = plan([*input_files([str(path)]), gone, *input_files([str(tmp_path / "b")])]).files
    assert (damaged.rows, damaged.problem, damaged.problem_line) == (0, "damaged, or not of its kind (EOFError)", None)
    assert missing.problem == "No such file or directory"
    assert (good.rows, good.problem) == (2, None)


def test_a_file_that_has_changed_since_is_seen(tmp_path: Path) -> None:
    path = write_table(tmp_path, "jsonl", rows(2))
    planned = plan(input_files([str(path)]))
    assert planned.changed_files() == []
    path.write_bytes(path.read_bytes() + b"\n")
    assert planned.changed_files() == [str(path)]
    path.unlink()
    assert planned.changed_files() == [str(path)]
