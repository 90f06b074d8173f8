"""A browser's process: its end is waited for, its output is in a file, and it can be stopped."""

import os
import signal
import sys
from pathlib import Path

import pytest

from addon.desktop.process import spawn
from addon.desktop.window import BrowserError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs are spawned otherwise on Windows")


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def test_its_end_comes_with_its_code_and_its_output_lies_in_a_private_file(tmp_path: Path) -> None:
    log = tmp_path / "browser.log"
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    process = spawn(python(code), log=log)
    assert await process.wait() == 3
    assert not process.running
    assert sorted(log.read_text("utf-8").split()) == ["err", "out"]
    assert log.stat().st_mode & 0o077 == 0


async def test_it_is_in_a_group_of_its_own_and_hears_nothing_on_stdin(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = spawn(python("import os, sys; print(os.getpgid(0) == os.getpid(), sys.stdin.read() == '')"), log=log)
    assert await process.wait() == 0
    assert log.read_text("utf-8").split() == ["True", "True"]


async def test_it_inherits_the_descriptors_that_it_is_given(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    process = spawn(python("import os; os.write(7, b'hello')"), log=tmp_path / "log", descriptors={7: writing})
    assert await process.wait() == 0
    os.close(writing)
    assert os.read(reading, 9) == b"hello"
    os.close(reading)


async def test_one_that_is_stopped_ends_by_the_signal(tmp_path: Path) -> None:
    process = spawn(python("import signal; signal.pause()"), log=tmp_path / "log")
    process.stop(patience=60)
    assert await process.wait() == -signal.SIGTERM
    process.stop()


def test_what_cannot_be_started_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="no-such-browser"):
        spawn([str(tmp_path / "no-such-browser")], log=tmp_path / "log")
