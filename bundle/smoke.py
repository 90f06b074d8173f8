"""Tries a bundle as on a new account: `python -m bundle.smoke ARCHIVE` unpacks it, asks for its version, judges a text,
a picture and the offline marketplace with it, has it start with the computer and no longer, and takes out the
certificate; on Linux it is installed as well, and taken out without a trace. Ends with 1 and the output of a failure.

`python -m bundle.smoke SETUP.exe` installs it with the installer of Windows, for the account that runs this, tries the
same with what was installed, and takes it out.

`python -m bundle.smoke IMAGE.dmg` tries the program within a disk image of macOS, where it lies, on a volume that
cannot be written to.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bundle.app import PROGRAM

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
    process = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False
    )
    if process.returncode:
        raise Failure(f"{' '.join(arguments)}: {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


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


def try_environment(program: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """Has certutil, which is the system's, started without the libraries of the bundle (Linux). Raises Failure."""
    environment_file, certutil = folder / "environment.txt", folder / "programs/certutil"
    certutil.parent.mkdir()
    certutil.write_text(f'#!/bin/sh\nenv >"{environment_file}"\n', "utf-8")
    certutil.chmod(0o755)
    database = folder / ".pki/nssdb/cert9.db"
    database.parent.mkdir(parents=True)
    database.touch()
    own = {"PATH": f"{certutil.parent}{os.pathsep}{environment['PATH']}", "LD_LIBRARY_PATH": "/of/the/user"}
    run(program, ["untrust"], {**environment, **own})
    database.unlink()
    paths = [line for line in environment_file.read_text("utf-8").splitlines() if line.startswith("LD_LIBRARY_PATH=")]
    if paths != ["LD_LIBRARY_PATH=/of/the/user"]:
        raise Failure(f"other programs are started with {paths}")


def try_installation(bundle: Path, home: Path, environment: Mapping[str, str]) -> None:
    """Installs the folder of a bundle for Linux, has it start with the computer, and takes it out. Raises Failure."""
    run(bundle / "install", [], environment)
    run(home / ".local/bin/koban", ["autostart", "on"], environment)
    run(home / ".local/share/koban-program/uninstall", ["--all"], environment)
    leftovers = [path for folder in home.glob(".*") for path in folder.rglob("*koban*")]
    if leftovers:
        raise Failure(f"left after the uninstaller: {', '.join(map(str, leftovers))}")


def try_program(program: Path, folder: Path, environment: Mapping[str, str], *, reads_pictures: bool) -> None:
    """Tries what needs no installation. Raises Failure."""
    texts = folder / "texts.jsonl"
    texts.write_text(json.dumps({"id": "1", "kind": "message", "text": TEXT}, ensure_ascii=False) + "\n", "utf-8")
    if "work-before-escrow" not in (output := run(program, ["scan", "--jsonl", str(texts), "--json"], environment)):
        raise Failure(f"no warning on a text that asks to work before escrow\n{output}")
    try_picture(program, folder, environment, is_read=reads_pictures)
    run(program, ["demo", "--browser", "none", "--once"], environment)
    try_autostart(program, environment)
    run(program, ["untrust"], environment)


def smoke(archive: Path, folder: Path) -> None:
    """Tries everything. Raises Failure."""
    program, environment = unpacked(archive, folder), account(folder)
    try_version(program, archive, environment)
    try_program(program, folder, environment, reads_pictures="-pictures." in archive.name)
    if sys.platform == "linux":
        try_environment(program, folder, environment)
        try_installation(program.parent, folder, environment)


def try_version(program: Path, file: Path, environment: Mapping[str, str]) -> None:
    """Raises Failure where a file is not named by the version of the program that came with it."""
    version = run(program, ["--version"], environment).strip()
    if f"koban-{version}-" not in file.name:
        raise Failure(f"version {version} inside of {file.name}")


def smoke_setup(setup: Path, folder: Path, environment: Mapping[str, str]) -> None:
    """Tries an installer of Windows. folder: for files of the trial. Raises Failure.

    environment: that of the account, since the installer asks Windows for its folders.
    """
    place = Path(environment["LOCALAPPDATA"]) / "Programs/Koban"
    shortcut = Path(environment["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs/交番 Koban.lnk"
    run(setup, ["/S"], environment)
    if not shortcut.is_file():
        raise Failure(f"no {shortcut}")
    try_version(place / "koban.exe", setup, environment)
    try_program(place / "koban.exe", folder, environment, reads_pictures=False)
    # A copy that is told where it belongs, as it would make itself one, but waited for.
    uninstaller = folder / "uninstall.exe"
    shutil.copy(place / "uninstall.exe", uninstaller)
    run(uninstaller, ["/S", f"_?={place}"], environment)
    leftovers = [path for path in (place, shortcut) if path.exists()]
    if leftovers:
        raise Failure(f"left after the uninstaller: {', '.join(map(str, leftovers))}")


@contextmanager
def mounted(image: Path, place: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yields the folder where a disk image is mounted: `place`, which is made. Raises Failure."""
    place.mkdir()
    run(Path("hdiutil"), ["attach", "-readonly", "-nobrowse", "-mountpoint", str(place), str(image)], environment)
    try:
        yield place
    finally:
        run(Path("hdiutil"), ["detach", str(place)], environment)


def smoke_image(image: Path, folder: Path) -> None:
    """Tries a disk image of macOS. folder: for files of the trial. Raises Failure."""
    environment = account(folder)
    with mounted(image, folder / "volume", environment) as volume:
        if not (volume / "Applications").is_symlink():
            raise Failure("nothing to drag the app into")
        try_version(volume / PROGRAM, image, environment)
        try_program(volume / PROGRAM, folder, environment, reads_pictures=False)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    file = Path(arguments[0])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            if file.suffix == ".exe":
                smoke_setup(file.absolute(), Path(folder), {**os.environ, "PYTHONUTF8": "1"})
            elif file.suffix == ".dmg":
                smoke_image(file.absolute(), Path(folder))
            else:
                smoke(file, Path(folder))
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
