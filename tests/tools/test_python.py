"""`tools/python` and what make does with it, on machines made of a few programs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = (
    "bash",
    "env",
    "dirname",
    "awk",
    "mktemp",
    "rm",
    "sed",
    "sort",
    "mkdir",
    "ln",
    "touch",
    "test",
    "find",
    "make",
)

pytestmark = pytest.mark.skipif(
    os.name != "posix" or any(shutil.which(program) is None for program in PROGRAMS), reason="make is for POSIX"
)


class Machine:
    """A checkout on a machine that has these programs and no Python but those that are put there."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        for program in PROGRAMS:
            (self.bin / program).symlink_to(str(shutil.which(program)))
        self.checkout = folder / "koban"
        (self.checkout / "extension").mkdir(parents=True)
        shutil.copytree(ROOT / "tools", self.checkout / "tools")
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.checkout)
        self.env = {"PATH": str(self.bin), "HOME": str(folder / "home")}

    def put(self, name: str, script: str) -> Path:
        """A program that is a shell script."""
        path = self.bin / name
        path.write_text("#!/usr/bin/env bash\n" + script)
        path.chmod(0o755)
        return path

    def python(self, name: str, version: tuple[int, int, int]) -> Path:
        """A Python that says it is of this version; another can neither make an environment nor use pip."""
        path = self.put(name, "")
        answers = [f'exec "{sys.executable}" -c "import collections, sys']
        answers.append(f"sys.version_info = collections.namedtuple('V', 'major minor micro')(*{version})")
        answers.append(f"sys.executable = '{path}'")
        answers.append('$2"')
        return self.put(name, '[ "$1" = -c ] || exit 1\n' + "\n".join(answers) + "\n")

    def run(self, *command: str, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=self.checkout, env=self.env | env, capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.slow
def test_the_newest_is_taken_and_the_oldest_is_told(machine: Machine) -> None:
    machine.python("python3", (3, 11, 7))
    old, new = machine.python("python3.12", (3, 12, 1)), machine.python("python3.13", (3, 13, 0))
    assert machine.run("tools/python").stdout == f"{new}\n"
    assert machine.run("tools/python", "oldest").stdout == f"{old}\n"


def test_one_that_has_no_wheels_for_what_is_needed_is_not_taken(machine: Machine) -> None:
    machine.python("python3", (3, 14, 0))
    only = machine.python("python3.12", (3, 12, 1))
    assert machine.run("tools/python").stdout == f"{only}\n"


def test_one_behind_a_shim_that_refuses_is_found(machine: Machine, tmp_path: Path) -> None:
    machine.put("python3.13", 'echo "pyenv: python3.13: command not found" >&2; exit 127\n')
    hidden = machine.python("python3.13-real", (3, 13, 0))
    place = tmp_path / "home/.pyenv/versions/3.13.0/bin/python"
    place.parent.mkdir(parents=True)
    place.symlink_to(hidden)
    done = machine.run("tools/python")
    assert (done.stdout, done.stderr) == (f"{hidden}\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("old", [True, False], ids=["an old one", "none at all"])
def test_issue_17_where_none_is_to_be_had_one_line_says_so_and_no_shell_does(machine: Machine, old: bool) -> None:
    if old:
        machine.python("python3", (3, 11, 7))
    done = machine.run("make", ".venv/ready")
    assert done.returncode == 2
    fetching, japanese, english, make = done.stderr.splitlines()
    assert "fetching" in fetching
    assert "make PYTHON=" in japanese
    assert "見つからず" in japanese
    assert english.startswith("No Python 3.12 or 3.13 was found")
    assert make.startswith("make: ***")
    assert not (machine.checkout / ".venv").exists()


def test_issue_17_where_there_is_none_one_is_fetched_into_the_checkout(machine: Machine) -> None:
    fetched = machine.python("fetched", (3, 13, 5))
    # What uv does: the folder of a version below the one that it was told.
    machine.put(
        "uv",
        '[ "$1 $2" = "python install" ] || exit 2\n'
        'mkdir -p "$UV_PYTHON_INSTALL_DIR/cpython-3.13.5-linux/bin"\n'
        f'ln -s "{fetched}" "$UV_PYTHON_INSTALL_DIR/cpython-3.13.5-linux/bin/python3"\n',
    )
    assert machine.run("tools/python").stdout == f"{fetched}\n"
    assert (machine.checkout / ".cache/python/cpython-3.13.5-linux").is_dir()
    again = machine.run("tools/python")
    assert (again.stdout, again.stderr) == (f"{fetched}\n", ""), "it is there now"


def test_issue_17_one_without_venv_is_named_with_what_it_lacks(machine: Machine) -> None:
    bare = machine.put("python3.12", '[ "$1" = -c ] || exit 1\ncase "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac\n')
    done = machine.run("tools/python")
    assert done.returncode == 1
    _, japanese, english = done.stderr.splitlines()
    assert f"{bare} に venv がありません" in japanese
    assert english.startswith(f"{bare} has no venv")


def test_a_python_that_was_named_and_cannot_be_used_is_not_replaced(machine: Machine) -> None:
    machine.python("python3.13", (3, 13, 0))
    old = machine.python("python3", (3, 11, 7))
    done = machine.run("tools/python", PYTHON=str(old))
    assert done.returncode == 1
    assert [f"PYTHON={old}" in line for line in done.stderr.splitlines()] == [True, True]
