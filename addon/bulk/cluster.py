"""The engine `daft`: the tasks of a run as rows of a table, done by Daft's processes here or on a cluster of Ray.

It comes with the extra `koban[cluster]`. Tasks, parts and markers are those of the local engine, so every machine has
to see the same files under the same names. Both report their use to their makers unless they are asked not to before
they are imported: `daft/scarf_telemetry.py`, `ray/_common/usage/usage_lib.py`.
"""

import json
import os
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from addon.bulk.local import MOST_TRIES, Lost, RunFailed, Task
from addon.bulk.plan import Slice
from addon.bulk.task import Done, Job, done_before, run_task
from addon.resource_limits import ONE_CORE

if TYPE_CHECKING:
    from addon.bulk.run import Engine

SILENT = {
    "DAFT_ANALYTICS_ENABLED": "0",
    "DAFT_PROGRESS_BAR": "0",
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""What Daft and Ray ask of the environment before they keep their use to themselves."""


class NoDaft(Exception):
    """The extra is not installed."""


def daft_engine(address: str | None = None) -> "Engine":
    """Returns the engine. address: of a cluster of Ray; None runs in processes of this machine. Raises NoDaft."""
    daft = _imported()
    if address is not None:
        _connect(address)
        daft.set_runner_ray()

    def engine(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        yield from _run(daft, tasks, job, processes)

    return engine


def _imported() -> Any:
    """Returns the module, which is told to report nothing. Raises NoDaft."""
    os.environ.update(SILENT)
    try:
        import daft
    except ImportError:
        raise NoDaft from None
    return daft


def _connect(address: str) -> None:
    """Connect to a cluster of Ray, whose processes for this run keep their use to themselves, and to one core, too:
    each imports Daft, and none has the environment of this one. Raises NoDaft."""
    try:
        import ray
    except ImportError:
        raise NoDaft from None
    ray.init(address=address, runtime_env={"env_vars": {**SILENT, **ONE_CORE}}, log_to_driver=False)


def _run(daft: Any, tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
    remaining_tasks = list(tasks)
    known_numbers = set(done_before(job.out))
    for _ in range(MOST_TRIES):
        if not remaining_tasks:
            return
        problem = _attempt(daft, remaining_tasks, job, processes)
        done_slices = done_before(job.out)
        yield from (one for number, one in done_slices.items() if number not in known_numbers)
        known_numbers = set(done_slices)
        remaining_tasks = [
            rest for task in remaining_tasks if (rest := tuple(one for one in task if one.number not in known_numbers))
        ]
        if remaining_tasks and problem is None:
            raise RunFailed("Daft ended without an error, and before all was done")
    if problem is not None and remaining_tasks:
        # Which slice it was is not said: all that is left can be resumed.
        raise RunFailed(problem)


def _attempt(daft: Any, tasks: Sequence[Task], job: Job, processes: int) -> str | None:
    """Have Daft do tasks. Returns why it ended before they were done, if it did."""
    runner = _runner(daft, processes)(job.model_dump_json())
    task_texts = [json.dumps([one.model_dump(mode="json") for one in task]) for task in tasks]
    table = daft.from_pydict({"task": task_texts})
    # A task at a time for each process: on a cluster by partitions, which the runner of one machine does not have.
    table = (
        table.into_batches(1) if daft.get_or_infer_runner_type() == "native" else table.into_partitions(len(task_texts))
    )
    try:
        problems = table.select(runner.run(daft.col("task")).alias("problem")).to_pydict()["problem"]
    except Exception as error:
        return f"Daft: {type(error).__name__}"
    return next(filter(None, problems), None)


def _runner(daft: Any, processes: int) -> Any:
    """Returns the class of which Daft makes one in each of its processes: a task as JSON to its problem, or nothing."""

    class Runner:
        def __init__(self, job: str) -> None:
            self._job = Job.model_validate_json(job)

        @daft.method(return_dtype=daft.DataType.string())  # type: ignore[untyped-decorator]
        def run(self, task: str) -> str:
            try:
                for _ in run_task([Slice.model_validate(one) for one in json.loads(task)], self._job):
                    pass
            except Exception as error:
                return type(error).__name__
            return ""

    return daft.cls(Runner, use_process=True, max_concurrency=processes)
