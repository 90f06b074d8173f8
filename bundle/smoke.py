"""Tries a bundle as on a new account: `python -m bundle.smoke ARCHIVE` unpacks it, asks for its version, judges a text,
a picture and the offline marketplace with it, has it start with the computer and no longer, and takes out the
certificate; on Linux it is installed as well, and taken out without a trace. Ends with 1 and the output of a failure.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

TEXT = "仮払いの手続きが遅れていますが、先に作業を始めてください。"
PICTURE = Path(__file__).parent / "picture.png"
PATIENCE = 600
"""Seconds that a command may take on a busy machine."""
_KEPT = ("PATH", "SYSTEMROOT", "COMSPEC", "DISPLAY", "LANG")
"""Variables of the environment without which a system's own programs fail."""


class Failure(Exception):
    """A command of the bundle did not do what it should; the text has its output."""


def run(program: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Returns what a command prints. Raises Failure where it does not end well."""
    command = [str(program), *arguments]
    ended = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False
    )
    if ended.returncode:
        raise Failure(f"{' '.join(arguments)}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def account(home: Path) -> dict[str, str]:
    """Returns the environment of an account that has nothing of Koban's."""
    folders = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "TMPDIR"), str(home))
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | folders | {"PYTHONUTF8": "1"}


def unpacked(archive: Path, folder: Path) -> Path:
    """Returns the program of an archive, unpacked into a folder."""
    if archive.name.endswith(".zip"):
        shutil.unpack_archive(archive, folder)
    else:
        shutil.unpack_archive(archive, folder, filter="data")
    return folder / "koban" / ("koban.exe" if sys.platform == "win32" else "koban")


def try_picture(program: Path, folder: Path, environment: Mapping[str, str], *, is_read: bool) -> None:
    """Has a picture with a messenger's name looked into, which only a bundle with the extra can. Raises Failure."""
    shutil.copy(PICTURE, folder / PICTURE.name)
    command = [str(program), "scan", str(folder / PICTURE.name), "--json"]
    output = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False
    ).stdout
    if ("contact-in-picture" in output) is not is_read:
        raise Failure(f"a picture, {'not' if is_read else 'all the same'} read\n{output}")


def try_autostart(program: Path, environment: Mapping[str, str]) -> None:
    """Tries the switch by which the system starts Koban, which is off before and after. Raises Failure."""
    for words, mark in ((["status"], "○"), (["on"], ""), (["status"], "●"), (["off"], ""), (["status"], "○")):
        if mark not in (output := run(program, ["autostart", *words], environment)):
            raise Failure(f"autostart {words[0]}: no {mark}\n{output}")


def try_installation(bundle: Path, home: Path, environment: Mapping[str, str]) -> None:
    """Installs the folder of a bundle for Linux, has it start with the computer, and takes it out. Raises Failure."""
    run(bundle / "install", [], environment)
    run(home / ".local/bin/koban", ["autostart", "on"], environment)
    run(home / ".local/share/koban-program/uninstall", ["--all"], environment)
    leftovers = [path for folder in home.glob(".*") for path in folder.rglob("*koban*")]
    if leftovers:
        raise Failure(f"left after the uninstaller: {', '.join(map(str, leftovers))}")


def smoke(archive: Path, folder: Path) -> None:
    """Tries everything. Raises Failure."""
    program, environment = unpacked(archive, folder), account(folder)
    version = run(program, ["--version"], environment).strip()
    if f"koban-{version}-" not in archive.name:
        raise Failure(f"version {version} inside of {archive.name}")
    texts = folder / "texts.jsonl"
    texts.write_text(json.dumps({"id": "1", "kind": "message", "text": TEXT}, ensure_ascii=False) + "\n", "utf-8")
    if "work-before-escrow" not in (output := run(program, ["scan", "--jsonl", str(texts), "--json"], environment)):
        raise Failure(f"no warning on a text that asks to work before escrow\n{output}")
    try_picture(program, folder, environment, is_read="-pictures." in archive.name)
    run(program, ["demo", "--browser", "none", "--once"], environment)
    try_autostart(program, environment)
    run(program, ["untrust"], environment)
    if sys.platform == "linux":
        try_installation(program.parent, folder, environment)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            smoke(Path(arguments[0]), Path(folder))
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
