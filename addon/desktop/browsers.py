"""Finds the browsers of this machine: on the path, in the usual places, as snap and as flatpak."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Name = Literal["chromium", "chrome", "edge", "brave", "firefox"]
Confinement = Literal["none", "snap", "flatpak"]


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that can be started.

    command: the program that starts it, without Koban's arguments. confinement: its packaging, which decides which
    folders it may read. package: its snap's or flatpak's name.
    """

    name: Name
    command: Sequence[str]
    confinement: Confinement = "none"
    package: str = ""

    @property
    def title(self) -> str:
        return _KNOWN[self.name].title

    @property
    def is_firefox(self) -> bool:
        return self.name == "firefox"


@dataclass(frozen=True, slots=True)
class _Known:
    title: str
    programs: Sequence[str]
    """Names on the path (Linux, and Homebrew's on macOS)."""
    bundle: str
    """Below an Applications folder (macOS)."""
    windows: str
    """Below a Program Files folder, or the user's local application data (Windows)."""
    flatpak: str


_KNOWN: Mapping[Name, _Known] = {
    "chromium": _Known(
        "Chromium",
        ("chromium", "chromium-browser"),
        "Chromium.app/Contents/MacOS/Chromium",
        "Chromium/Application/chrome.exe",
        "org.chromium.Chromium",
    ),
    "chrome": _Known(
        "Google Chrome",
        ("google-chrome-stable", "google-chrome", "chrome"),
        "Google Chrome.app/Contents/MacOS/Google Chrome",
        "Google/Chrome/Application/chrome.exe",
        "com.google.Chrome",
    ),
    "edge": _Known(
        "Microsoft Edge",
        ("microsoft-edge-stable", "microsoft-edge"),
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "Microsoft/Edge/Application/msedge.exe",
        "com.microsoft.Edge",
    ),
    "brave": _Known(
        "Brave",
        ("brave-browser", "brave-browser-stable", "brave"),
        "Brave Browser.app/Contents/MacOS/Brave Browser",
        "BraveSoftware/Brave-Browser/Application/brave.exe",
        "com.brave.Browser",
    ),
    "firefox": _Known(
        "Firefox",
        ("firefox", "firefox-esr"),
        "Firefox.app/Contents/MacOS/firefox",
        "Mozilla Firefox/firefox.exe",
        "org.mozilla.firefox",
    ),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Folders to search for browsers."""

    programs: Sequence[Path] = ()
    applications: Sequence[Path] = ()
    program_files: Sequence[Path] = ()
    flatpak_exports: Sequence[Path] = ()

    @classmethod
    def of_this_machine(cls, environ: Mapping[str, str] | None = None) -> "Places":
        """Returns this system's folders."""
        environ = os.environ if environ is None else environ
        home = Path.home()
        if sys.platform == "win32":
            folders = (environ.get(v) for v in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
            return cls(program_files=[Path(folder) for folder in folders if folder])
        programs = [Path(folder) for folder in environ.get("PATH", os.defpath).split(os.pathsep) if folder]
        if sys.platform == "darwin":
            return cls(programs, applications=[Path("/Applications"), home / "Applications"])
        flatpak = [home / ".local/share/flatpak/exports/bin", Path("/var/lib/flatpak/exports/bin")]
        return cls([*programs, Path("/snap/bin")], flatpak_exports=flatpak)


def find_browsers(places: Places | None = None) -> tuple[Browser, ...]:
    """Returns the installed browsers, at most one of each name, best first."""
    places = places if places is not None else Places.of_this_machine()
    browsers = (next(_candidates(name, places), None) for name in _KNOWN)
    return tuple(browser for browser in browsers if browser is not None)


def _candidates(name: Name, places: Places) -> Iterator[Browser]:
    locations = _KNOWN[name]
    path = os.pathsep.join(str(folder) for folder in places.programs)
    for program in locations.programs:
        if path and (command := shutil.which(program, path=path)):
            snap = _snap_behind(Path(command))
            yield Browser(name, (command,), "snap", snap) if snap else Browser(name, (command,))
    for folder, below in [
        *((folder, locations.bundle) for folder in places.applications),
        *((folder, locations.windows) for folder in places.program_files),
    ]:
        if (folder / below).is_file():
            yield Browser(name, (str(folder / below),))
    for folder in places.flatpak_exports:
        if (folder / locations.flatpak).exists():
            yield Browser(name, ("flatpak", "run"), "flatpak", locations.flatpak)


def _snap_behind(command: Path) -> str:
    """Returns the name of the snap that a command starts, or "" if it is none.

    Ubuntu keeps `/usr/bin/firefox` and `/usr/bin/chromium-browser` as scripts that start the snap.
    """
    if command.parent == Path("/snap/bin"):
        return command.name
    try:
        with command.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return ""
    if not head.startswith(b"#!") or b"/snap/bin/" not in head:
        return ""
    return head.split(b"/snap/bin/", 1)[1].split(maxsplit=1)[0].strip(b"\"';").decode("ascii", "replace")


def has_display(environ: Mapping[str, str] | None = None) -> bool:
    """Returns whether a window can be opened here."""
    environ = os.environ if environ is None else environ
    return sys.platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
