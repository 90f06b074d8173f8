"""`tools/browser`: what it has apt install, on a machine made of a few programs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="for POSIX")


def run(folder: Path, *arguments: str, has: dict[str, str], **env: str) -> "subprocess.CompletedProcess[str]":
    for name in ("bash", "env", "grep"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, script in has.items():
        (folder / name).write_text("#!/usr/bin/env bash\n" + script)
        (folder / name).chmod(0o755)
    command = [str(ROOT / "tools/browser"), *arguments]
    return subprocess.run(command, env={"PATH": str(folder)} | env, capture_output=True, text=True, check=False)


APT = {"apt-get": 'echo "apt-get $*" >&2\n', "id": "echo 0\n"}


def installed(done: "subprocess.CompletedProcess[str]") -> set[str]:
    words = done.stdout.partition("installing: ")[2].split()
    return set(words)


def test_a_window_needs_a_browser_and_fonts(tmp_path: Path) -> None:
    assert installed(run(tmp_path, has=APT)) == {"chromium", "fonts-noto-cjk"}


def test_issue_17_the_tests_also_get_what_they_were_skipped_for(tmp_path: Path) -> None:
    done = run(tmp_path, "--tests", has={**APT, "chromium": "", "fc-list": "echo Noto\n"})
    assert installed(done) == {"firefox-esr", "libnss3-tools"}
    assert done.returncode == 0


def test_nothing_is_installed_where_all_is_there(tmp_path: Path) -> None:
    here = dict.fromkeys(("chromium", "firefox", "certutil"), "")
    done = run(tmp_path, "--tests", has={**APT, **here})
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_what_may_not_be_installed_is_said(tmp_path: Path) -> None:
    asks = {"id": "echo 1000\n", "sudo": "exit 1\n", "apt-get": "exit 9\n", "chromium": ""}
    done = run(tmp_path, "--tests", has=asks)
    assert "skipped: firefox-esr libnss3-tools" in done.stdout
    assert done.returncode == 0
