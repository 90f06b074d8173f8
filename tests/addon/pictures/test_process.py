"""Whatever a file does, the next one is read."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from addon.pictures.process import PictureProcess
from addon.pictures.reading import NotLookedAt, Trouble
from extractors.records import Contents
from tests.addon.pictures.drawn import code, picture, written
from tests.addon.pictures.hostile import HOSTILE

pytestmark = pytest.mark.slow

CODE = written(code("https://lin.ee/abc"))


def codes_of(contents: Contents) -> list[str]:
    return [code.text for code in contents.codes]


@pytest.fixture(scope="module")
def process() -> Iterator[PictureProcess]:
    # Patient: what is tried here is that hostile files end by their bounds, not how soon.
    process = PictureProcess(longest=120, beginning=120, niceness=0)
    yield process
    process.close()


def test_a_file_is_read_and_known_again(process: PictureProcess) -> None:
    contents = process.read(CODE)
    assert codes_of(contents) == ["https://lin.ee/abc"]
    assert process.read(bytes(CODE)) is contents, "by its hash"


def test_crops_come_of_places_that_were_asked_for_and_never_an_error(process: PictureProcess) -> None:
    box = (0, 0, 40, 40)
    assert list(process.crops(CODE, [box])) == [box]
    assert process.crops(b"nothing", [box]) == {}
    poor = PictureProcess(memory=1, longest=120, beginning=120, niceness=0)
    assert poor.crops(CODE, [box]) == {}
    poor.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_no_other_its_reading(process: PictureProcess, name: str) -> None:
    with contextlib.suppress(NotLookedAt):
        assert not process.read(HOSTILE[name]()).codes
    next_one = written(code("https://t.me/next"), comment=name)
    assert codes_of(process.read(next_one)) == ["https://t.me/next"]


def test_a_process_that_ends_is_begun_again(process: PictureProcess) -> None:
    process.read(CODE)
    assert process.pid is not None
    os.kill(process.pid, 9)
    with contextlib.suppress(NotLookedAt):  # unless its end is noticed before the file is sent
        process.read(written(code("https://lin.ee/after")))
    assert codes_of(process.read(written(code("https://lin.ee/later")))) == ["https://lin.ee/later"]


def test_a_file_that_takes_too_long_is_not_looked_at() -> None:
    impatient = PictureProcess(longest=0, beginning=0)
    with pytest.raises(NotLookedAt, match="failed"):
        impatient.read(picture("x"))
    assert impatient.pid is None, "it was ended"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_file_that_takes_too_much_of_a_processor_is_not_looked_at() -> None:
    impatient = PictureProcess(seconds=0.001, longest=120, beginning=120)
    with pytest.raises(NotLookedAt, match="failed"):
        impatient.read(picture("many", "words", size=(1_000, 1_000)))
    impatient.close()


@pytest.mark.parametrize("second", ["failed", "png"])
def test_a_file_that_failed_is_tried_once_more_at_its_next_sight(monkeypatch: pytest.MonkeyPatch, second: str) -> None:
    process, tries = PictureProcess(), list[bytes]()

    def ask(data: bytes) -> Contents | Trouble:
        tries.append(data)
        return "failed" if len(tries) == 1 or second == "failed" else Contents(kind=second)

    monkeypatch.setattr(process, "_ask", ask)
    for number in range(4):
        with pytest.raises(NotLookedAt) if number == 0 or second == "failed" else contextlib.nullcontext():
            process.read(b"one")
    assert tries == [b"one", b"one"]


def test_a_process_without_memory_looks_at_nothing() -> None:
    poor = PictureProcess(memory=1, longest=120, beginning=120, niceness=0)
    with pytest.raises(NotLookedAt, match="failed"):
        poor.read(picture("x"))
    poor.close()


def test_without_files_there_is_no_process() -> None:
    process = PictureProcess()
    assert process.pid is None
    with pytest.raises(NotLookedAt, match="too-large"):
        process.read(b"\0" * 20_000_000)
    assert process.pid is None
    process.close()


def opens_without_end(pipe: Connection, *_: object) -> None:
    pipe.recv()
    time.sleep(600)


def test_its_end_does_not_wait_for_a_file_that_is_being_opened(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("addon.pictures.process._work", opens_without_end)
    process, troubles = PictureProcess(longest=120, beginning=120), list[str]()

    def read() -> None:
        for data in (b"being opened", b"next"):
            try:
                process.read(data)
            except NotLookedAt as reason:
                troubles.append(reason.trouble)

    reader = threading.Thread(target=read)
    reader.start()
    while process.pid is None:
        time.sleep(0.01)
    closed_at = time.monotonic()
    process.close()
    reader.join(60)
    assert time.monotonic() - closed_at < 30
    assert troubles == ["failed", "failed"]
    assert len(caplog.messages) == 1, "of the file that was being opened"
    assert process.pid is None, "no other is begun"
