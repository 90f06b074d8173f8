"""The engine `daft`: silent before it is imported, the local engine's verdicts, and no connection but loopback."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from addon.bulk.cluster import SILENT, NoDaft, daft_engine
from addon.judging.check import Checker
from addon.resource_limits import ONE_CORE
from tests.addon.bulk.made import json_lines, read_table, rows, run_here

ROOT = Path(__file__).parents[3]
NEEDS_DAFT = pytest.mark.skipif(
    importlib.util.find_spec("daft") is None, reason="koban[cluster] is not in requirements.lock: 300 MB"
)
# In each process of the run, whatever begins it: Python imports `sitecustomize` as it starts.
WATCHES_CONNECTIONS = """
import os, sys
def watch(event, arguments):
    # An address of a net is a tuple; a socket of this machine's own files is named by a path.
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        with open(os.environ["CONNECTIONS"], "a") as file:
            file.write(repr(arguments[1]) + "\\n")
    elif event == "socket.getaddrinfo":
        with open(os.environ["CONNECTIONS"], "a") as file:
            file.write(repr(arguments[:2]) + "\\n")
sys.addaudithook(watch)
"""
FAKE_DAFT = """
import json, os, sys
with open(os.environ["SEEN"], "w") as file:
    json.dump({name: os.environ.get(name) for name in json.loads(os.environ["ASKED"])}, file)
"""


def python(tmp_path: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *script.split("\0")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.mark.slow
def test_reporting_is_switched_off_before_daft_is_imported(tmp_path: Path) -> None:
    """Whatever the user's environment says; with a stand-in that looks at it as it is imported."""
    (tmp_path / "daft.py").write_text(FAKE_DAFT, "utf-8")
    done = python(
        tmp_path,
        "-c\0from addon.bulk.cluster import daft_engine; daft_engine()",
        SEEN=str(tmp_path / "seen"),
        ASKED=json.dumps(list(SILENT)),
        DAFT_ANALYTICS_ENABLED="1",
        RAY_USAGE_STATS_ENABLED="1",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "seen").read_text("utf-8")) == dict(SILENT)


FAKE_RAY = """
import json, os
def init(**given):
    with open(os.environ["SEEN_BY_RAY"], "w") as file:
        json.dump(given, file)
"""
FAKE_RUNNER = """
import os
def set_runner_ray():
    assert os.path.exists(os.environ["SEEN_BY_RAY"]), "Daft would connect by itself, and tell its processes nothing"
"""


@pytest.mark.slow
def test_reporting_is_switched_off_in_the_processes_of_a_cluster_too(tmp_path: Path) -> None:
    """Each imports Daft, which asks its maker's host there: so it was seen on a cluster of Ray 2.60.0."""
    (tmp_path / "daft.py").write_text(FAKE_RUNNER, "utf-8")
    (tmp_path / "ray.py").write_text(FAKE_RAY, "utf-8")
    script = "-c\0from addon.bulk.cluster import daft_engine; daft_engine('127.0.0.1:6379')"
    done = python(tmp_path, script, SEEN_BY_RAY=str(tmp_path / "seen"))
    assert done.returncode == 0, done.stderr
    given = json.loads((tmp_path / "seen").read_text("utf-8"))
    environment = {"env_vars": {**SILENT, **ONE_CORE}}
    assert given == {"address": "127.0.0.1:6379", "runtime_env": environment, "log_to_driver": False}


def test_its_absence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "daft", None)
    for name in SILENT:
        monkeypatch.setenv(name, "")
    with pytest.raises(NoDaft):
        daft_engine()


@NEEDS_DAFT
@pytest.mark.slow
def test_daft_finds_what_one_process_finds_and_connects_to_nothing_else(tmp_path: Path, checker: Checker) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCHES_CONNECTIONS, "utf-8")
    connections = tmp_path / "connections"
    connections.touch()
    (tmp_path / "x.jsonl").write_bytes(json_lines(rows(25)) + b"{broken\n")
    arguments = f"-m\0koban\0scan\0--table\0{tmp_path}/x.jsonl\0--out\0{tmp_path}/daft\0--engine\0daft"
    done = python(tmp_path, arguments, CONNECTIONS=str(connections))
    assert done.returncode == 2, done.stderr
    run_here(checker, tmp_path / "here", tmp_path / "x.jsonl")
    for table, columns in (
        ("texts", "row, id, state, findings, checked, text, line"),
        ("findings", "row, rule, severity, confidence, evidence"),
        ("errors", "line, reason"),
    ):
        assert read_table(tmp_path / "daft", table, columns) == read_table(tmp_path / "here", table, columns)
    outside = [line for line in connections.read_text("utf-8").splitlines() if "127.0.0.1" not in line]
    assert outside == []
