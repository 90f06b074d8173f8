"""What a confined process cannot do. Each is tried in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="limits of the kernel")]

ROOT = Path(__file__).resolve().parents[3]


def confined(script: str, memory: int = 500_000_000) -> subprocess.CompletedProcess[str]:
    program = f"from addon.pictures.limits import confine\nconfine({memory})\n{script}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)


def test_memory_is_bounded() -> None:
    assert "MemoryError" in confined("bytearray(600_000_000)").stderr


def test_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "written"
    assert "OSError" in confined(f"open({str(target)!r}, 'wb', buffering=0).write(b'x')").stderr
    assert target.stat().st_size == 0


def test_nothing_is_fetched() -> None:
    assert "no connection" in confined("import urllib.request as r\nr.urlopen('http://127.0.0.1:9/')").stderr


def test_it_runs_below_all_others() -> None:
    assert confined("import os\nprint(os.nice(0))").stdout.strip() == "19"
