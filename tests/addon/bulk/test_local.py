"""Processes over tasks: one that is killed loses nothing and doubles nothing. The work here is no judging."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.bulk.inputs import InputFile
from addon.bulk.local import Lost, RunFailed, Task, run_local
from addon.bulk.plan import Slice
from addon.bulk.reading import BEGIN
from addon.bulk.task import Done, Job

FILE = InputFile(path="a.jsonl", form="jsonl")


def slices(*numbers: int) -> Task:
    return tuple(Slice(number=number, file=FILE, place=BEGIN, rows=1, first=number) for number in numbers)


def job_in(folder: Path) -> Job:
    return Job(out=folder, salt="00", now=datetime(2026, 11, 27, tzinfo=UTC))


def done_of(one: Slice) -> Done:
    return Done(slice=one.number, rows=1, errors=0, states={}, findings=0, seconds=os.getpid())


def work(task: Task, job: Job) -> Iterator[Done]:
    """Dies at slice 3 the first time, and at slice 7 each time."""
    for one in task:
        first = not (job.out / f"seen-{one.number}").exists()
        (job.out / f"seen-{one.number}").touch()
        if one.number == 7 or (one.number == 3 and first):
            os.kill(os.getpid(), signal.SIGKILL)
        yield done_of(one)


def failing(task: Task, job: Job) -> Iterator[Done]:
    yield done_of(task[0])
    raise OSError(28, "No space left on device")


@pytest.mark.slow
def test_a_killed_process_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    tasks = [slices(0), slices(1, 2, 3, 4), slices(5), slices(6, 7, 8)]
    results = list(run_local(tasks, job_in(tmp_path), 2, work=work))
    done = [one.slice for one in results if isinstance(one, Done)]
    assert sorted(done) == [0, 1, 2, 3, 4, 5, 6, 8]
    assert [one.number for one in results if isinstance(one, Lost)] == [7], "the slice that kills each is given up"


@pytest.mark.slow
def test_a_run_that_cannot_write_ends_with_the_reason_and_its_processes(tmp_path: Path) -> None:
    results = run_local([slices(0), slices(1)], job_in(tmp_path), 1, work=failing)
    first = next(results)
    assert isinstance(first, Done)
    with pytest.raises(RunFailed, match="No space left"):
        next(results)
    with pytest.raises(ProcessLookupError):
        os.kill(int(first.seconds), 0)


def test_nothing_to_do_begins_no_process(tmp_path: Path) -> None:
    assert list(run_local([], job_in(tmp_path), 2)) == []
