"""What a confined process cannot do. Each is tried in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from addon.pictures.limits import limit_time

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="limits of the kernel")]

ROOT = Path(__file__).resolve().parents[3]


def confined(script: str, memory: int = 500_000_000, platform: str = "linux") -> subprocess.CompletedProcess[str]:
    program = f"import sys\nsys.platform = {platform!r}\n"
    program += f"from addon.pictures.limits import confine\nconfine({memory})\n{script}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)


def test_memory_is_bounded() -> None:
    assert "MemoryError" in confined("bytearray(600_000_000)").stderr


def test_where_the_kernel_does_not_hold_to_that_the_process_ends_itself() -> None:
    """Linux in the place of macOS: it counts resident memory in thousands of bytes, so that 1 is less than any."""
    assert confined("import threading\nthreading.Event().wait()", memory=1, platform="darwin").returncode == 70
    assert confined("", platform="darwin").returncode == 0


def test_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "written"
    assert "OSError" in confined(f"open({str(target)!r}, 'wb', buffering=0).write(b'x')").stderr
    assert target.stat().st_size == 0


def test_nothing_is_fetched() -> None:
    assert "no connection" in confined("import urllib.request as r\nr.urlopen('http://127.0.0.1:9/')").stderr


def test_it_runs_below_all_others() -> None:
    assert confined("import os\nprint(os.nice(0))").stdout.strip() == "19"


def test_memory_that_is_free_between_blocks_is_given_back() -> None:
    script = """
from pathlib import Path
from addon.pictures.limits import give_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
blocks = [b"x" * 4_000_000 for _ in range(40)]
kept, before = blocks[-1], resident()
del blocks
give_back()
print(before - resident() > 100_000_000)
"""
    assert confined(script, memory=1_000_000_000).stdout.strip() == "True"


def test_a_process_ends_after_so_many_seconds_of_a_processor_and_none_once_that_is_lifted() -> None:
    busy = "from addon.pictures.limits import limit_time\nlimit_time(0.05)\n{}while True: pass"
    assert confined(busy.format("")).returncode == -signal.SIGPROF
    lifted = busy.format("limit_time(0)\n").replace("while True", "for _ in range(3_000_000)")
    assert confined(lifted).returncode == 0


def test_where_the_system_has_no_such_clock_no_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.setattr("sys.platform", "win32")
    limit_time(0.05)
