"""The description of Koban's browser window, the folders that it needs, and its errors."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from addon.desktop.browsers import Browser
from addon.desktop.existing_window import profile_owner
from addon.language import say

EXTENSIONS = Path(__file__).parents[2] / "extension" / ".output"
"""The folder of the extension's builds, in the source tree and in the installed package alike."""


class BrowserError(Exception):
    """A browser could not be started or refused a request; the text is in the terminal's language."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(say(ja, en))
        self.ja = ja
        self.en = en


@dataclass(frozen=True, slots=True)
class Window:
    """A window to open.

    profile: the folder of its own profile, kept between starts. pac: the text of its proxy file.
    authority: PEM of Koban's authority. spki: hash of the authority's key, as Chromium takes it to trust that
    key in this window alone; None where the user's own store trusts the authority already.
    extension: the unpacked extension, or None to go without. language: such as `ja`; None leaves the
    browser's own. extra: further arguments.
    """

    profile: Path
    pac: str
    authority: Path
    spki: str | None
    extension: Path | None = None
    language: str | None = None
    headless: bool = False
    extra: Sequence[str] = ()


def built_extension(browser: Browser | None) -> Path | None:
    """Returns the extension's build for a browser, or any build for its pages alone. None if it was not built."""
    if browser is None:
        names: tuple[str, ...] = ("chrome-mv3", "firefox-mv3")
    else:
        names = ("firefox-mv3", "firefox-mv2") if browser.is_firefox else ("chrome-mv3",)
    for name in names:
        if (EXTENSIONS / name / "manifest.json").is_file():
            return EXTENSIONS / name
    return None


def reachable(browser: Browser, state_dir: Path, extension: Path | None) -> tuple[Path, Path | None]:
    """Returns folders for the profile and the extension that this browser may read.

    A snap sees no hidden folder of the home but its own: there the extension is copied beside the profile. A window
    that is open runs from its profile's copy, which then stays.
    """
    name = browser.name
    if browser.confinement != "snap":
        return state_dir / "browsers" / name, extension
    profile = Path.home() / "snap" / browser.package / "common" / "koban" / state_dir.name / name
    if extension is None:
        return profile, None
    copy = profile.with_name(f"{name}-koban-extension")
    if profile_owner(browser, profile) is None or not copy.is_dir():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(extension, copy)
    return profile, copy


def entering_every_site(window: Window) -> Window:
    """Returns the window with a copy of its extension that enters the optional marketplaces without asking for leave.

    The copy stands beside the profile, in place of an earlier one. Its manifest alone differs: the hosts that the build
    may ask for are among those that it has, and the background registers its scripts for them as for hosts that a user
    gave leave for.
    Raises OSError where the copy cannot be written.
    """
    if window.extension is None:
        return window
    copy = window.profile.with_name(f"{window.profile.name}-extension")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(window.extension, copy)
    file = copy / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    manifest["host_permissions"] += manifest.pop("optional_host_permissions")
    file.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return replace(window, extension=copy)


def command_of(browser: Browser, window: Window) -> list[str]:
    """Returns the command that starts the browser, with the permissions that its packaging needs for the folders."""
    if browser.confinement != "flatpak":
        return list(browser.command)
    folders = [window.profile] if window.extension is None else [window.profile, window.extension]
    return [*browser.command, *(f"--filesystem={folder}" for folder in folders), browser.package]
