"""A process that answers messages: whatever it does, nobody waits for it longer than he said."""

import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from addon.worker_process import WorkerProcess

pytestmark = pytest.mark.slow

LONG = 600.0


def work(pipe: Connection, notes: Path) -> None:
    """Echo messages until None comes; note the end. It gets stuck on a number: for so many seconds."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    pipe.send("ready")
    try:
        while (message := pipe.recv()) is not None:
            if isinstance(message, float):
                time.sleep(message)
            pipe.send(message)
    finally:
        time.sleep(0.5)
        notes.write_text("ended by itself")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def worker(notes: Path) -> Iterator[WorkerProcess]:
    worker = WorkerProcess("koban-test", work, notes)
    with worker.lock:
        worker.begin()
        assert worker.received(60) == "ready"
    yield worker
    worker.close()


def runs(worker: WorkerProcess) -> bool:
    """Whether its process does, asked or not."""
    return worker.pid in {process.pid for process in multiprocessing.active_children()}


def test_it_ends_by_itself_where_it_has_time_to(worker: WorkerProcess, notes: Path) -> None:
    with worker.lock:
        assert worker.ask("a", 60) == "a"
    worker.close(60, 60)
    assert not runs(worker)
    assert notes.read_text() == "ended by itself"


def test_one_that_does_not_answer_in_time_is_replaced(worker: WorkerProcess) -> None:
    before = worker.pid
    with worker.lock:
        with pytest.raises(TimeoutError):
            worker.ask(LONG, 0.1)
        worker.begin()
        assert worker.received(60) == "ready"
        assert worker.ask("a", 60) == "a"
    assert worker.pid != before


def test_one_that_the_system_does_not_end_is_replaced_too(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting_process = worker._process
    assert lasting_process is not None
    with worker.lock, monkeypatch.context() as patch:
        with pytest.raises(TimeoutError):
            worker.ask(LONG, 0)
        patch.setattr(lasting_process, "kill", lambda: None)
        patch.setattr(lasting_process, "join", lambda _: None)
        worker.end()
        assert lasting_process.is_alive()
        assert not worker.is_alive, "nobody can ask it any more"
        worker.begin()
        assert worker.received(60) == "ready"
    lasting_process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="a process there has no time to end by itself")
@pytest.mark.parametrize(("patience", "budget"), [(3, LONG), (60, 2.0), (3, 3.2)])
def test_its_end_waits_for_no_message_that_it_is_stuck_on_and_what_waits_is_written(
    worker: WorkerProcess, notes: Path, patience: float, budget: float
) -> None:
    """budget: of whoever asks; it is used up never, before the process is told to end, or while it writes."""
    troubles: list[BaseException] = []
    is_asking = threading.Event()

    def ask() -> None:
        with worker.lock:
            is_asking.set()
            try:
                worker.ask(LONG, budget)
            except (EOFError, TimeoutError) as error:
                troubles.append(error)
            with pytest.raises(InterruptedError):
                worker.begin()

    asking = threading.Thread(target=ask)
    asking.start()
    assert is_asking.wait(60)
    closed_at = time.monotonic()
    worker.close(patience, 60)
    assert time.monotonic() - closed_at < 60
    asking.join(60)
    assert not asking.is_alive()
    assert len(troubles) == 1
    assert notes.read_text() == "ended by itself"
    assert not runs(worker), "it is not begun anew"


def test_once_it_is_closed_nobody_is_answered(worker: WorkerProcess) -> None:
    worker.close()
    with worker.lock:
        with pytest.raises(EOFError):
            worker.ask("a", 60)
        with pytest.raises(InterruptedError):
            worker.begin()
