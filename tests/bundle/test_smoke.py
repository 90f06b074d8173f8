import os
import shutil
import sys
import tarfile
from pathlib import Path

import pytest

from addon.desktop.trust import NssStore
from addon.state.authority import ensure_authority
from bundle import smoke
from bundle.build import ROOT
from bundle.smoke import (
    Failure,
    account,
    run,
    smoke_image,
    smoke_setup,
    try_autostart,
    try_environment,
    try_installation,
    unpacked,
)

PYTHON = Path(sys.executable)


def test_what_a_command_prints_comes_back() -> None:
    assert run(PYTHON, ["-c", "print('交番')"], account(Path.cwd())).strip() == "交番"


def test_a_command_that_fails_is_told_with_its_output() -> None:
    with pytest.raises(Failure, match="no such rule"):
        run(PYTHON, ["-c", "import sys; print('no such rule', file=sys.stderr); sys.exit(3)"], account(Path.cwd()))


def test_a_new_account_has_nothing_of_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_STATE_DIR", "/somewhere")
    environment = account(tmp_path)
    assert environment["HOME"] == str(tmp_path)
    assert "KOBAN_STATE_DIR" not in environment


@pytest.mark.skipif(sys.platform == "win32", reason="a tar archive is for the other systems")
def test_the_program_lies_in_the_folder_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "koban").mkdir()
    (tmp_path / "koban/koban").write_text("", "utf-8")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as packed:
        packed.add(tmp_path / "koban", "koban")
    assert unpacked(tmp_path / "a.tar.gz", tmp_path / "new").is_file()


PROGRAM = """\
#!/bin/sh
entry=$HOME/.config/autostart/koban.desktop
case "$*" in
  untrust) [ ! -e "$HOME/full-disk" ] ;;
  'autostart on') mkdir -p "$HOME/.config/autostart" && touch "$entry" ;;
  'autostart off') rm -f "$entry" ;;
  'autostart status') [ -e "$entry" ] && echo ● || echo ○ ;;
esac
"""


def a_bundle(folder: Path) -> Path:
    """A bundle whose installer and uninstaller are the real ones."""
    bundle = folder / "koban"
    shutil.copytree(ROOT / "bundle/linux", bundle)
    (bundle / "koban.png").touch()
    (bundle / "koban").write_text(PROGRAM, "utf-8")
    (bundle / "koban").chmod(0o755)
    return bundle


@pytest.mark.skipif(sys.platform != "linux", reason="these scripts are for Linux")
def test_reach_01_installed_and_taken_out_nothing_is_left(tmp_path: Path) -> None:
    bundle, environment = a_bundle(tmp_path), account(tmp_path)
    try_autostart(bundle / "koban", environment)
    try_installation(bundle, tmp_path, environment)
    (bundle / "uninstall").write_text("#!/bin/sh\n", "utf-8")
    with pytest.raises(Failure, match=r"autostart/koban\.desktop"):
        try_installation(bundle, tmp_path, environment)


@pytest.mark.skipif(sys.platform != "linux", reason="these scripts are for Linux")
def test_reach_01_the_program_stays_where_the_certificate_cannot_be_taken_out(tmp_path: Path) -> None:
    (tmp_path / "full-disk").touch()
    with pytest.raises(Failure, match="the program stays"):
        try_installation(a_bundle(tmp_path), tmp_path, account(tmp_path))
    assert (tmp_path / ".local/share/koban-program/koban").is_file()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="this script is for Linux")
@pytest.mark.skipif(shutil.which("certutil") is None, reason="libnss3-tools is not installed")
def test_reach_01_uninstall_stops_where_certutil_is_gone_and_the_certificate_is_not(tmp_path: Path) -> None:
    place, programs = tmp_path / ".local/share/koban-program", tmp_path / "programs"
    place.parent.mkdir(parents=True)
    a_bundle(tmp_path).rename(place)
    (place / "koban").write_text(f'#!/bin/sh\nexec "{PYTHON}" -m koban "$@"\n', "utf-8")
    programs.mkdir()
    for name in ("sh", "dirname", "rm"):
        (programs / name).symlink_to(str(shutil.which(name)))
    certificate = ensure_authority(tmp_path / "authority", ["crowdworks.jp"]).certificate
    assert NssStore("Chromium", tmp_path / ".pki/nssdb").add(certificate)
    environment = account(tmp_path) | {"PYTHONPATH": str(ROOT)}
    with pytest.raises(Failure, match=r"(?s)1 still there.*libnss3-tools.*the program stays"):
        run(place / "uninstall", [], environment | {"PATH": str(programs), "KOBAN_LANG": "both"})
    assert (place / "koban").is_file()
    run(place / "uninstall", [], environment)
    assert not place.exists()
    assert NssStore("Chromium", tmp_path / ".pki/nssdb").authorities() == []


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_reach_03_a_switch_without_effect_is_seen(tmp_path: Path) -> None:
    program = tmp_path / "koban"
    program.write_text(f"#!{sys.executable}\nprint('○')\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(Failure, match="autostart status"):
        try_autostart(program, account(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="the bootloader sets that variable on Linux")
def test_reach_01_libraries_of_the_bundle_before_those_of_the_system_are_seen(tmp_path: Path) -> None:
    program = tmp_path / "koban"
    for command in ("certutil -L", "LD_LIBRARY_PATH=/of/the/bundle certutil -L"):
        program.write_text(f"#!/bin/sh\n{command}\n", "utf-8")
        program.chmod(0o755)
        folder = tmp_path / command[:2]
        folder.mkdir()
        if command.startswith("certutil"):
            try_environment(program, folder, account(folder))
        else:
            with pytest.raises(Failure, match="/of/the/bundle"):
                try_environment(program, folder, account(folder))


SETUP = """\
#!/bin/sh
[ "$*" = /S ] || exit 2
mkdir -p "$LOCALAPPDATA/Programs/Koban" "$APPDATA/Microsoft/Windows/Start Menu/Programs"
cd "$LOCALAPPDATA/Programs/Koban"
printf '#!/bin/sh\necho 1.2.3\n' >koban.exe
cp "$APPDATA/uninstall.exe" .
chmod +x koban.exe
touch "$APPDATA/Microsoft/Windows/Start Menu/Programs/交番 Koban.lnk"
"""
UNINSTALLER = """\
#!/bin/sh
[ "$1" = /S ] && place=${2#_?=}
rm -r "$place"
[ -e "$APPDATA/forgetful" ] || rm "$APPDATA/Microsoft/Windows/Start Menu/Programs/交番 Koban.lnk"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_reach_01_what_the_installer_of_windows_leaves_behind_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoke, "try_program", lambda *_, **__: None)
    environment, setup = account(tmp_path), tmp_path / "koban-1.2.3-windows-setup.exe"
    for path, script in ((setup, SETUP), (tmp_path / "uninstall.exe", UNINSTALLER)):
        path.write_text(script, "utf-8")
        path.chmod(0o755)
    (tmp_path / "trial").mkdir()
    smoke_setup(setup, tmp_path / "trial", environment)
    assert not (tmp_path / "Programs/Koban").exists()
    with pytest.raises(Failure, match=r"version 1\.2\.3 inside of koban-2"):
        smoke_setup(setup.rename(tmp_path / "koban-2.0.0-windows-setup.exe"), tmp_path / "trial", environment)
    (tmp_path / "forgetful").touch()
    with pytest.raises(Failure, match="left after the uninstaller"):
        smoke_setup((tmp_path / "koban-2.0.0-windows-setup.exe").rename(setup), tmp_path / "trial", environment)


HDIUTIL = """\
#!/bin/sh
echo "$1" >>"$HOME/asked"
[ "$1" = attach ] || exit 0
mkdir -p "$5/Koban.app/Contents/MacOS"
[ -e "$HOME/no-link" ] || ln -s /Applications "$5/Applications"
printf '#!/bin/sh\\necho 1.2.3\\n' >"$5/Koban.app/Contents/MacOS/koban"
chmod +x "$5/Koban.app/Contents/MacOS/koban"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_reach_01_the_program_within_the_image_is_tried_and_the_image_unmounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []
    monkeypatch.setattr(smoke, "try_program", lambda program, *_, **__: tried.append(program))
    hdiutil = tmp_path / "programs/hdiutil"
    hdiutil.parent.mkdir()
    hdiutil.write_text(HDIUTIL, "utf-8")
    hdiutil.chmod(0o755)
    monkeypatch.setenv("PATH", f"{hdiutil.parent}:{os.environ['PATH']}")
    home = tmp_path / "home"
    home.mkdir()
    smoke_image(tmp_path / "koban-1.2.3-macos-arm64.dmg", home)
    assert tried == [home / "volume/Koban.app/Contents/MacOS/koban"]
    assert (home / "asked").read_text("utf-8").split() == ["attach", "detach"]
    for image, reason in (("koban-2.0.0-macos-arm64.dmg", r"version 1\.2\.3 inside of koban-2"), ("x.dmg", "drag")):
        home = tmp_path / image
        home.mkdir()
        if reason == "drag":
            (home / "no-link").touch()
        with pytest.raises(Failure, match=reason):
            smoke_image(tmp_path / image, home)
        assert (home / "asked").read_text("utf-8").split() == ["attach", "detach"], "not left mounted"
