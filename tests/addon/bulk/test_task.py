"""A task: each row of its slices ends as a text or as an error, once, whenever it is interrupted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.bulk import task as task_module
from addon.bulk.inputs import input_files
from addon.bulk.parts import PartWriter
from addon.bulk.plan import Plan, plan
from addon.bulk.rows import TableText
from addon.bulk.tables import PartRows
from addon.bulk.task import Job, done_before, run_task
from addon.judging.check import Checker
from rules.model import Verdict
from tests.addon.bulk.made import json_lines, read_table, rows, scan_with, write_table

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def job_in(folder: Path, **choices: object) -> Job:
    return Job.model_validate({"out": folder / "out", "salt": "5a" * 32, "now": NOW, **choices})


def plan_of(path: Path, grain: int = 10) -> Plan:
    return plan(input_files([str(path)]), grain=grain)


@pytest.mark.slow
def test_a_slice_that_is_done_again_has_the_same_parts(tmp_path: Path, checker: Checker) -> None:
    planned = plan_of(write_table(tmp_path, "jsonl", rows(25)))
    job = job_in(tmp_path, by=("site", "month"))
    for _ in range(2):
        done = [one for task in planned.tasks(frozenset()) for one in run_task(task, job, scan_with(checker))]
    assert [one.rows for one in done] == [10, 10, 5]
    assert done_before(job.out) == {one.slice: one for one in done}
    assert [row["row"] for row in read_table(job.out, "texts", "row")] == list(range(25))
    assert (job.out / "texts/site=lancers/month=2026-01").is_dir()


def test_one_that_dies_between_its_parts_and_its_marker_leaves_nothing_twice(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = plan_of(write_table(tmp_path, "jsonl", rows(8))).slices
    job = job_in(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(task_module, "write_atomically", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            list(run_task([one], job, scan_with(checker)))
    assert done_before(job.out) == {}
    list(run_task([one], job, scan_with(checker)))
    assert [row["row"] for row in read_table(job.out, "texts", "row")] == list(range(8))


def test_broken_rows_are_errors_with_their_lines(tmp_path: Path, checker: Checker) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(json_lines(rows(2)) + b"\n{broken\n" + json_lines([{"id": 1}, *rows(1)]))
    job = job_in(tmp_path)
    (done,) = run_task(plan_of(path).slices, job, scan_with(checker))
    assert (done.rows, done.errors, sum(done.states.values())) == (5, 2, 3)
    assert [(row["line"], row["reason"][:8]) for row in read_table(job.out, "errors")] == [
        (4, "JSONではあり"),
        (5, "kind: Fi"),
    ]
    assert [(row["row"], row["line"]) for row in read_table(job.out, "texts")] == [(0, 1), (1, 2), (4, 6)]


@pytest.mark.slow
@pytest.mark.parametrize("pack", ["", ".gz"])
def test_rows_that_have_gone_since_the_plan_are_errors(tmp_path: Path, checker: Checker, pack: str) -> None:
    path = write_table(tmp_path, "jsonl", rows(25), pack)
    planned = plan_of(path)
    write_table(tmp_path, "jsonl", rows(12), pack)
    job = job_in(tmp_path)
    done = [one for task in planned.tasks(frozenset()) for one in run_task(task, job, scan_with(checker))]
    assert [(one.rows, one.errors) for one in done] == [(10, 0), (10, 8), (5, 5)]
    assert len(read_table(job.out, "texts")) == 12


def test_slices_of_a_packed_file_that_are_done_are_passed_over(tmp_path: Path, checker: Checker) -> None:
    planned = plan_of(write_table(tmp_path, "csv", rows(25), ".zst"))
    job = job_in(tmp_path)
    (task,) = planned.tasks(frozenset({1}))
    list(run_task(task, job, scan_with(checker)))
    assert [row["id"] for row in read_table(job.out, "texts", "id", "row")] == [
        row["id"] for at, row in enumerate(rows(25)) if at // 10 != 1
    ]


def test_a_text_whose_row_cannot_be_made_is_an_error_of_its_own(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = scan_with(checker)

    def scan(texts: Sequence[TableText], now: datetime) -> Sequence[Verdict | None]:
        return [None if text.id == "3" else verdict for text, verdict in zip(texts, good(texts, now), strict=True)]

    job = job_in(tmp_path)
    (done,) = run_task(plan_of(write_table(tmp_path, "jsonl", rows(8))).slices, job, scan)  # type: ignore[arg-type]
    assert (done.rows, done.errors) == (8, 1)
    (error,) = read_table(job.out, "errors")
    assert error["line"] == 4
    assert "AttributeError" in error["reason"]


def test_texts_wait_in_files_rather_than_in_memory(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_module, "BATCH", 2)
    monkeypatch.setattr(task_module, "MOST_WAITING", 4)
    most = 0
    add = PartWriter.add

    def counted(self: PartWriter, part: PartRows) -> None:
        nonlocal most
        most = max(most, len(part.rows["texts"]))
        add(self, part)

    monkeypatch.setattr(PartWriter, "add", counted)
    job = job_in(tmp_path)
    list(run_task(plan_of(write_table(tmp_path, "jsonl", rows(25)), 30).slices, job, scan_with(checker)))
    assert most == 4
    assert len(read_table(job.out, "texts")) == 25
