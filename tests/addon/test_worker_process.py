"""A process that answers messages: whatever it does, nobody waits for it longer than he said."""

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


def test_it_ends_by_itself_where_it_has_time_to(worker: WorkerProcess, notes: Path) -> None:
    with worker.lock:
        assert worker.ask("a", 60) == "a"
    worker.close(60, 60)
    assert not worker.is_alive
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


@pytest.mark.skipif(sys.platform == "win32", reason="a process there has no time to end by itself")
def test_its_end_waits_for_no_message_that_it_is_stuck_on_and_what_waits_is_written(
    worker: WorkerProcess, notes: Path
) -> None:
    troubles: list[BaseException] = []
    is_asking = threading.Event()

    def ask() -> None:
        with worker.lock:
            is_asking.set()
            try:
                worker.ask(LONG, LONG)
            except EOFError as error:
                troubles.append(error)
            with pytest.raises(InterruptedError):
                worker.begin()

    asking = threading.Thread(target=ask)
    asking.start()
    assert is_asking.wait(60)
    closed_at = time.monotonic()
    worker.close(10, 60)
    assert time.monotonic() - closed_at < 60
    asking.join(60)
    assert not asking.is_alive()
    assert [type(error) for error in troubles] == [EOFError]
    assert notes.read_text() == "ended by itself"
    assert not worker.is_alive, "it is not begun anew"


def test_once_it_is_closed_nobody_is_answered(worker: WorkerProcess) -> None:
    worker.close()
    with worker.lock:
        with pytest.raises(EOFError):
            worker.ask("a", 60)
        with pytest.raises(InterruptedError):
            worker.begin()
