"""Starts Koban with the computer where its user wishes it: one entry of this user's own, made and taken out again.

Linux: a file as the Desktop Application Autostart Specification has it
(https://specifications.freedesktop.org/autostart-spec/latest/), with a command quoted as the Desktop Entry
Specification has it. macOS: a launch agent, launchd.plist(5). Windows: a value of the key `Run`
(https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys). The last two are untried.
"""

import plistlib
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from xml.parsers.expat import ExpatError

from platformdirs import user_config_path

from addon.desktop import windows_registry
from addon.desktop.windows_registry import Registry
from addon.state.paths import write_atomically

if TYPE_CHECKING:
    # The command line imports this module first of all; that one takes long.
    from addon.koban import AutostartState

LABEL = "koban.start"
"""The name of the launch agent (macOS), and of its file."""
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
RUN_VALUE = "Koban"
"""bundle/windows/koban.nsi takes it out as well."""
ENTRY_FILE = "koban.desktop"
"""bundle/linux/uninstall takes it out as well."""

_ENTRY = """\
[Desktop Entry]
Type=Application
Name=Koban
Name[ja]=交番 Koban
Exec={}
Icon=koban
Terminal=false
"""


class Autostart(Protocol):
    """The entry of this user by which the system starts Koban."""

    def program(self) -> str | None:
        """Returns the program that the system starts; None where there is no entry, or it is switched off."""
        ...

    def set(self, command: Sequence[str]) -> None:
        """Have a command started with the computer, in place of an earlier one. Raises OSError."""
        ...

    def remove(self) -> None:
        """Take the entry out. Does nothing where there is none. Raises OSError."""
        ...


def desktop_entry(command: Sequence[str]) -> str:
    """Returns the text of an autostart entry of Linux."""
    return _ENTRY.format(" ".join(map(_quoted, command)))


def _quoted(argument: str) -> str:
    # Quoted as an argument, then as a string of the file, where a backslash is two; a lone % would be a field code.
    escaped = re.sub(r'(["`$\\])', r"\\\1", argument).replace("\\", "\\\\").replace("%", "%%")
    return f'"{escaped}"'


def program_of_entry(text: str) -> str | None:
    """Returns the program of an autostart entry; None where it names none, or its user has switched it off."""
    values = dict(re.findall(r"^([A-Za-z-]+)[ \t]*=[ \t]*(.*)$", text, re.MULTILINE))
    if values.get("Hidden") == "true" or values.get("X-GNOME-Autostart-enabled") == "false":
        return None
    command = values.get("Exec", "").replace("\\\\", "\\").replace("%%", "%")
    match = re.match(r'"((?:[^"\\]|\\.)*)"|(\S+)', command)
    return None if match is None else re.sub(r"\\(.)", r"\1", match[1]) if match[2] is None else match[2]


def launch_agent(command: Sequence[str]) -> bytes:
    """Returns the property list of a launch agent of macOS, which runs once its user has logged in."""
    agent = {"Label": LABEL, "ProgramArguments": list(command), "RunAtLoad": True, "ProcessType": "Interactive"}
    return plistlib.dumps(agent)


def program_of_agent(data: bytes) -> str | None:
    """Returns the program of a launch agent; None where it names none."""
    try:
        agent = plistlib.loads(data)
        return str(agent["ProgramArguments"][0])
    except (plistlib.InvalidFileException, ExpatError, ValueError, KeyError, IndexError, TypeError):
        return None


def program_of_line(line: str) -> str | None:
    """Returns the program of a command line of Windows; None where it names none."""
    match = re.match(r'\s*(?:"([^"]+)"|(\S+))', line)
    return None if match is None else match[1] or match[2]


@dataclass(frozen=True, slots=True)
class AutostartFile:
    """The entry as a file: an autostart entry of Linux (`.desktop`) or a launch agent of macOS (`.plist`)."""

    path: Path

    def program(self) -> str | None:
        """Returns the program that the system starts, or None."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return None
        return program_of_agent(data) if self._is_agent else program_of_entry(data.decode("utf-8", "replace"))

    def set(self, command: Sequence[str]) -> None:
        """Have a command started with the computer. Raises OSError."""
        write_atomically(self.path, launch_agent(command) if self._is_agent else desktop_entry(command).encode())

    def remove(self) -> None:
        """Take the file away. Raises OSError."""
        self.path.unlink(missing_ok=True)

    @property
    def _is_agent(self) -> bool:
        return self.path.suffix == ".plist"


@dataclass(frozen=True, slots=True)
class RunKey:
    """The entry as a value of this user's registry (Windows)."""

    registry: Registry

    def program(self) -> str | None:
        """Returns the program that the system starts, or None."""
        line = self.registry.text(RUN_KEY, RUN_VALUE)
        return None if line is None else program_of_line(line)

    def set(self, command: Sequence[str]) -> None:
        """Have a command started with the computer. Raises OSError."""
        self.registry.set_text(RUN_KEY, RUN_VALUE, subprocess.list2cmdline(command))

    def remove(self) -> None:
        """Take the value out. Raises OSError."""
        self.registry.remove(RUN_KEY, RUN_VALUE)


def autostart(home: Path, platform: str = sys.platform) -> Autostart:
    """Returns the place of this user's entry, whether or not there is one."""
    if platform == "win32":
        return RunKey(windows_registry.system())
    if platform == "darwin":
        return AutostartFile(home / "Library/LaunchAgents" / f"{LABEL}.plist")
    return AutostartFile(user_config_path() / "autostart" / ENTRY_FILE)


def is_there(program: str) -> bool:
    """Whether a program that the system is to start exists."""
    return shutil.which(program) is not None


@dataclass(frozen=True, slots=True)
class OwnAutostart:
    """Whether the system starts this Koban, as a switch: the entry alone tells, whoever made it or took it away.

    command: what the system is to start.
    """

    entry: Autostart
    command: Sequence[str]

    def state(self) -> "AutostartState":
        """Returns what the system does when its user logs in next."""
        program = self.entry.program()
        if program is None:
            return "off"
        return "on" if is_there(program) else "gone"

    def turn(self, *, on: bool) -> None:
        """Have the system start this Koban, or nothing. Raises OSError."""
        if on:
            self.entry.set(self.command)
        else:
            self.entry.remove()


def own_program(argument: str, executable: str, *, is_frozen: bool, platform: str = sys.platform) -> tuple[str, ...]:
    """Returns the beginning of the command that starts this Koban again, from any folder.

    argument: as `sys.argv[0]`. executable: as `sys.executable`. is_frozen: whether it is a bundle, which on Windows
    has a second program that opens no terminal (bundle/koban.spec).
    """
    if is_frozen:
        program = Path(executable)
        return (str(program.with_name("koban-window.exe") if platform == "win32" else program),)
    # Links are not followed: pipx and uv point theirs to the newest.
    script = shutil.which(argument)
    if script is not None and Path(script).stem == "koban":
        return (str(Path(script).absolute()),)
    return (executable, "-m", "koban")
