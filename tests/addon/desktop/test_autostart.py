"""The entry by which a system starts Koban: made, read again and taken out. Windows and macOS are fakes here."""

import plistlib
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.desktop import autostart as entries
from addon.desktop import windows_registry
from addon.desktop.autostart import (
    LABEL,
    AutostartFile,
    OwnAutostart,
    RunKey,
    autostart,
    desktop_entry,
    is_there,
    launch_agent,
    own_program,
    program_of_agent,
    program_of_entry,
    program_of_line,
)

COMMAND = ["/home/花子/My Programs/koban", "start", "--browser", "none"]


class FakeRegistry:
    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}

    def text(self, key: str, name: str) -> str | None:
        return self.texts.get((key, name))

    def set_text(self, key: str, name: str, text: str) -> None:
        self.texts[key, name] = text

    def remove(self, key: str, name: str) -> None:
        self.texts.pop((key, name), None)


def test_reach_03_an_entry_of_linux_quotes_as_its_specification_has_it() -> None:
    """GLib starts the right program from the second: tried with `gio launch`."""
    lines = desktop_entry(COMMAND).splitlines()
    assert lines[0] == "[Desktop Entry]"
    assert 'Exec="/home/花子/My Programs/koban" "start" "--browser" "none"' in lines
    odd = desktop_entry(['/a b$c"d%e\\f`g/koban'])
    assert 'Exec="/a b\\\\$c\\\\"d%%e\\\\\\\\f\\\\`g/koban"\n' in odd


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_reach_03_the_program_of_an_entry_is_read_as_it_was_written(program: str) -> None:
    assert program_of_entry(desktop_entry([program, "start"])) == program
    assert program_of_agent(launch_agent([program, "start"])) == program


@pytest.mark.parametrize(
    ("more", "program"),
    [("", "koban"), ("Hidden=true\n", None), ("X-GNOME-Autostart-enabled=false\n", None), ("Hidden=false\n", "koban")],
)
def test_reach_03_an_entry_that_the_desktop_switched_off_is_off(more: str, program: str | None) -> None:
    assert program_of_entry(f"[Desktop Entry]\nExec=koban start\n{more}") == program


@pytest.mark.parametrize("data", [b"", b"<plist>", b"<plist><dict/></plist>", plistlib.dumps({"ProgramArguments": []})])
def test_reach_03_a_damaged_entry_is_none(data: bytes) -> None:
    assert program_of_agent(data) is None
    assert program_of_entry(data.decode()) is None
    assert program_of_line("") is None


def test_reach_03_an_agent_of_macos_runs_once_its_user_has_logged_in() -> None:
    agent = plistlib.loads(launch_agent(COMMAND))
    assert (agent["Label"], agent["ProgramArguments"], agent["RunAtLoad"]) == (LABEL, COMMAND, True)
    assert "KeepAlive" not in agent, "whoever closes the window has ended Koban"


@pytest.mark.parametrize(
    ("line", "program"),
    [(r'"C:\Program Files\koban-window.exe" start', r"C:\Program Files\koban-window.exe"), ("koban start", "koban")],
)
def test_reach_03_the_program_of_a_line_of_windows(line: str, program: str) -> None:
    assert program_of_line(line) == program


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_reach_03_it_is_off_until_it_is_switched_on_and_off_again_without_a_trace(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = FakeRegistry()
    monkeypatch.setattr(windows_registry, "system", lambda: registry)
    monkeypatch.setattr(entries, "user_config_path", lambda: tmp_path / ".config")
    entry = autostart(tmp_path, platform)
    assert isinstance(entry, RunKey if platform == "win32" else AutostartFile)
    for command in (["/an/earlier/koban", "start"], COMMAND):
        entry.set(command)
        assert entry.program() == command[0]
    entry.remove()
    entry.remove()
    assert entry.program() is None
    assert registry.texts == {}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("bundle", "place"),
    [
        ("linux/uninstall", "/autostart/koban.desktop"),
        ("windows/koban.nsi", r'DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Koban"'),
    ],
)
def test_reach_03_the_uninstallers_take_the_entry_out(bundle: str, place: str) -> None:
    assert place in (Path(__file__).parents[3] / "bundle" / bundle).read_text("utf-8")
    assert entries.ENTRY_FILE == "koban.desktop"
    assert (entries.RUN_KEY, entries.RUN_VALUE) == (r"Software\Microsoft\Windows\CurrentVersion\Run", "Koban")


@pytest.mark.parametrize(
    ("argument", "executable", "is_frozen", "platform", "program"),
    [
        ("koban", "/opt/koban-program/koban", True, "linux", ("/opt/koban-program/koban",)),
        ("koban", "/opt/koban/koban.exe", True, "win32", ("/opt/koban/koban-window.exe",)),
        ("/nowhere/koban/__main__.py", "/usr/bin/python3", False, "linux", ("/usr/bin/python3", "-m", "koban")),
    ],
)
def test_reach_03_the_same_koban_is_started_again(
    argument: str, executable: str, is_frozen: bool, platform: str, program: Sequence[str]
) -> None:
    assert own_program(argument, executable, is_frozen=is_frozen, platform=platform) == program


def test_reach_03_a_script_is_started_again_by_its_link_which_an_update_keeps(tmp_path: Path) -> None:
    script = tmp_path / ("koban.bat" if sys.platform == "win32" else "koban")
    (tmp_path / "koban-1.2.3").write_text("")
    (tmp_path / "koban-1.2.3").chmod(0o755)
    script.symlink_to("koban-1.2.3")
    assert own_program(str(script), "/usr/bin/python3", is_frozen=False) == (str(script),)
    assert is_there(str(script))
    assert not is_there(str(tmp_path / "gone"))


def test_reach_03_a_switch_says_what_the_entry_does(tmp_path: Path) -> None:
    switch = OwnAutostart(AutostartFile(tmp_path / "koban.desktop"), [sys.executable, "start"])
    assert switch.state() == "off"
    switch.turn(on=True)
    assert switch.state() == "on"
    switch.entry.set(["/nowhere/koban", "start"])
    assert switch.state() == "gone"
    switch.turn(on=False)
    assert switch.state() == "off"
