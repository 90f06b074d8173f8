"""The engine of one machine: some processes, each with one task at a time and an engine of rules of its own.

A process that dies (killed, out of memory) takes along the slice it was at, which is done again by another; a slice
at which several died is given up and named, and the others go on.
"""

import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import cast

from addon.bulk.plan import Slice
from addon.bulk.task import Done, Job, run_task
from addon.redact import error_location
from rules.problems import CatalogError

MOST_TRIES = 3
"""Processes that may die at one slice."""
_SPAWN = multiprocessing.get_context("spawn")

Task = tuple[Slice, ...]
Work = Callable[[Task, Job], Iterator[Done]]


class RunFailed(Exception):
    """Nothing can be judged or written. The text says why, and quotes no row."""


class Lost(Exception):
    """A slice at which every process died. Its text is the slice's number."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


class _Ended:
    """Sent by a process at the end of its task. problem: why the whole run has to end, if it has to."""

    def __init__(self, problem: str | None = None) -> None:
        self.problem = problem


def run_local(
    tasks: Sequence[Task], job: Job, processes: int, *, work: Work = run_task
) -> Generator[Done | Lost, None, None]:
    """Do tasks in processes; yields each slice as it is done or given up, in no order.

    work: what a process does with a task; picklable. Ends its processes when it is closed. Raises RunFailed, OSError.
    """
    pool = _Pool(tasks, job, processes, work)
    try:
        while pool.begin():
            yield from pool.results()
    finally:
        pool.end()


class _Pool:
    """The processes of a run, and the tasks that none of them has yet."""

    def __init__(self, tasks: Sequence[Task], job: Job, processes: int, work: Work) -> None:
        self._waiting_tasks = deque(tasks)
        self._job = job
        self._processes = processes
        self._work = work
        self._workers: list[_Worker] = []
        self._deaths: Counter[int] = Counter()

    def begin(self) -> bool:
        """Begin processes while there are tasks for them. Returns whether any is at work."""
        while self._waiting_tasks and len(self._workers) < self._processes:
            self._workers.append(_Worker(self._job, self._work))
            self._workers[-1].begin(self._waiting_tasks.popleft())
        return bool(self._workers)

    def results(self) -> Iterator[Done | Lost]:
        """Wait for a process; yields what it and others have done by then, or have died at. Raises RunFailed."""
        ready = wait([worker.pipe for worker in self._workers])
        for worker in [one for one in self._workers if one.pipe in ready]:
            try:
                message = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._after_death(worker)
                continue
            if isinstance(message, Done):
                worker.task = tuple(one for one in worker.task if one.number != message.slice)
                yield message
            elif message.problem is not None:
                raise RunFailed(message.problem)
            elif self._waiting_tasks:
                worker.begin(self._waiting_tasks.popleft())
            else:
                self._remove(worker)

    def _after_death(self, worker: "_Worker") -> Iterator[Lost]:
        self._remove(worker)
        slices = worker.task
        if slices:
            number = slices[0].number
            self._deaths[number] += 1
            if self._deaths[number] >= MOST_TRIES:
                yield Lost(number)
                slices = slices[1:]
        if slices:
            self._waiting_tasks.append(slices)

    def _remove(self, worker: "_Worker") -> None:
        self._workers.remove(worker)
        worker.end()

    def end(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.end()


class _Worker:
    """One process. task: the slices of its task that are not done."""

    def __init__(self, job: Job, work: Work) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, job, work), daemon=True)
        self._process.start()
        theirs.close()
        self.task: Task = ()

    def begin(self, task: Task) -> None:
        """Hand over a task. One that died in the meantime is seen when it is waited for."""
        self.task = task
        try:
            self.pipe.send(task)
        except OSError:
            return

    def end(self) -> None:
        """End the process, whatever it does."""
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, job: Job, work: Work) -> None:
    # Ctrl-C reaches the whole group: the process that the user began ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task = cast(Task, pipe.recv())
        except (EOFError, OSError):
            return
        try:
            for result in work(task, job):
                pipe.send(result)
            pipe.send(_Ended())
        except BrokenPipeError:
            return
        except CatalogError as error:
            pipe.send(_Ended(str(error)))
        except OSError as error:
            pipe.send(_Ended(error.strerror or type(error).__name__))
        except Exception as error:
            pipe.send(_Ended(error_location(error)))
