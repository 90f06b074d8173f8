"""The worker answers what it is sent, and one word where it cannot."""

import threading
from multiprocessing import Pipe

import pytest

from addon.pictures import reading, worker
from addon.pictures.bounds import Bounds
from extractors.records import Contents, TextLine
from tests.addon.pictures.drawn import picture


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, object]:
    """What reading gives for some bytes: contents, or an error to raise."""
    by_data: dict[bytes, object] = {}

    def read(data: bytes, _: Bounds) -> Contents:
        answer = by_data[data]
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Contents)
        return answer

    monkeypatch.setattr(reading, "read", read)
    monkeypatch.setattr(worker, "confine", lambda *_: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return by_data


def test_each_file_has_an_answer(answers: dict[bytes, object], caplog: pytest.LogCaptureFixture) -> None:
    answers |= {
        b"good": Contents(kind="png", codes=(TextLine(text="x"),)),
        b"large": reading.NotLookedAt("too-large"),
        b"bad": ValueError("words of the file"),
        b"bare": ModuleNotFoundError("PIL"),
        b"poor": ImportError("failed to map segment from shared object"),
    }
    ours, theirs = Pipe()
    thread = threading.Thread(target=worker.work, args=(theirs, 0, Bounds()), daemon=True)
    thread.start()
    replies = []
    for data in (b"good", b"large", b"bad", b"bare", b"poor"):
        ours.send((data, None))
        replies.append(ours.recv())
    assert replies == [Contents(kind="png", codes=(TextLine(text="x"),)), "too-large", "failed", "absent", "failed"]
    ours.send((picture("x"), ((0, 0, 20, 20),)))
    assert list(ours.recv()) == [(0, 0, 20, 20)], "crops, where places are named"
    ours.send((b"%PDF-1.4", ((0, 0, 20, 20),)))
    assert ours.recv() == {}, "of pictures alone"
    assert "words of the file" not in caplog.text
    ours.close()
    thread.join(60)
    assert not thread.is_alive(), "it ends when the other side is gone"


def test_a_process_out_of_memory_ends(answers: dict[bytes, object]) -> None:
    answers[b"x"] = MemoryError()
    ours, theirs = Pipe()
    ours.send((b"x", None))
    with pytest.raises(SystemExit):
        worker.work(theirs, 0, Bounds())
