import shutil
from pathlib import Path

import pytest

from addon.desktop import window as windows
from addon.desktop.browsers import Browser, Places, find_browsers, has_display
from addon.desktop.window import Window, command_of, reachable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def install(path: Path, content: bytes = b"\x7fELF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def test_nothing_installed_is_nothing_found(folder: Path) -> None:
    assert find_browsers(Places([folder])) == ()
    assert find_browsers(Places()) == ()


def test_the_path_is_searched_by_every_name(folder: Path) -> None:
    install(folder / "chromium")
    install(folder / "google-chrome")
    install(folder / "microsoft-edge")
    install(folder / "brave-browser")
    install(folder / "firefox-esr")
    found = find_browsers(Places([folder]))
    assert [b.name for b in found] == ["chromium", "chrome", "edge", "brave", "firefox"]
    assert found[1].command == (str(folder / "google-chrome"),)


def test_a_file_that_cannot_be_run_is_no_browser(folder: Path) -> None:
    install(folder / "chromium").chmod(0o644)
    assert find_browsers(Places([folder])) == ()


def test_a_script_that_starts_a_snap_is_one(folder: Path) -> None:
    install(folder / "firefox", b'#!/bin/sh\nexec /snap/bin/firefox "$@"\n')
    (browser,) = find_browsers(Places([folder]))
    assert (browser.confinement, browser.package) == ("snap", "firefox")


def test_a_wrapper_script_of_a_package_is_not_a_snap(folder: Path) -> None:
    install(folder / "chromium", b'#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n')
    (browser,) = find_browsers(Places([folder]))
    assert browser.confinement == "none"


def test_bundles_and_program_files_are_searched(tmp_path: Path) -> None:
    install(tmp_path / "Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    install(tmp_path / "Program Files/Microsoft/Edge/Application/msedge.exe")
    places = Places(
        applications=[tmp_path / "Applications"], program_files=[tmp_path / "none", tmp_path / "Program Files"]
    )
    assert [b.name for b in find_browsers(places)] == ["chrome", "edge"]


def test_a_flatpak_is_given_our_folders(tmp_path: Path) -> None:
    install(tmp_path / "org.chromium.Chromium")
    (browser,) = find_browsers(Places(flatpak_exports=[tmp_path]))
    window = Window(tmp_path / "profile", "", tmp_path, "", extension=tmp_path / "extension")
    assert command_of(browser, window) == [
        "flatpak",
        "run",
        f"--filesystem={tmp_path}/profile",
        f"--filesystem={tmp_path}/extension",
        "org.chromium.Chromium",
    ]


@pytest.fixture
def snap(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Chromium as a snap, beside a built extension."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    install(folder / "chromium", b'#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    install(tmp_path / "extension/manifest.json", b"{}")
    (browser,) = find_browsers(Places([folder]))
    return browser


def test_a_snap_is_served_from_its_own_folder(snap: Browser, tmp_path: Path) -> None:
    profile, extension = reachable(snap, tmp_path / "koban", tmp_path / "extension")
    own = tmp_path / "home/snap/chromium/common"
    assert profile.is_relative_to(own)
    assert extension is not None
    assert extension.is_relative_to(own)
    assert (extension / "manifest.json").read_bytes() == b"{}"


def test_a_snaps_copy_stays_while_a_window_runs_from_it(
    snap: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile, copy = reachable(snap, tmp_path / "koban", tmp_path / "extension")
    assert copy is not None
    (tmp_path / "extension/manifest.json").write_bytes(b'{"version": "2"}')
    monkeypatch.setattr(windows, "profile_owner", lambda _, owned: 5 if owned == profile else None)
    assert reachable(snap, tmp_path / "koban", tmp_path / "extension") == (profile, copy)
    assert (copy / "manifest.json").read_bytes() == b"{}"
    monkeypatch.setattr(windows, "profile_owner", lambda *_: None)
    reachable(snap, tmp_path / "koban", tmp_path / "extension")
    assert (copy / "manifest.json").read_bytes() == b'{"version": "2"}'


def test_a_snaps_copy_is_of_one_state_folder_alone(
    snap: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_profile, open_copy = reachable(snap, tmp_path / "koban", tmp_path / "extension")
    assert open_copy is not None
    monkeypatch.setattr(windows, "profile_owner", lambda _, owned: 5 if owned == open_profile else None)
    (tmp_path / "extension/manifest.json").write_bytes(b'{"version": "2"}')
    _, demo_copy = reachable(snap, tmp_path / "koban-demo", tmp_path / "extension")
    assert demo_copy is not None
    assert (open_copy / "manifest.json").read_bytes() == b"{}", "the window that is open runs from it"
    assert (demo_copy / "manifest.json").read_bytes() == b'{"version": "2"}'
    shutil.rmtree(open_copy)
    assert reachable(snap, tmp_path / "koban", tmp_path / "extension") == (open_profile, open_copy)
    assert (open_copy / "manifest.json").is_file()


def test_other_browsers_keep_their_profile_with_the_state(folder: Path, tmp_path: Path) -> None:
    install(folder / "chromium")
    (browser,) = find_browsers(Places([folder]))
    extension = tmp_path / "extension"
    assert reachable(browser, tmp_path / "koban", extension) == (tmp_path / "koban/browsers/chromium", extension)


def test_no_display_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert not has_display({})
    assert has_display({"DISPLAY": ":0"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})
