"""Koban's own window on Windows, found by the message window of its browser; Windows itself is a fake here."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from addon.desktop.browsers import Browser
from addon.desktop.existing_window import ExistingProcess, profile_owner
from addon.desktop.windows_api import STILL_ACTIVE, process_runs, profile_owner_pid, system

CHROME = Browser(name="chrome", command=("chrome",))
FIREFOX = Browser(name="firefox", command=("firefox",))


@dataclass
class FakeWindows:
    """windows: handles of message windows, by class and title. owners: process ids by handle. codes: by process id."""

    windows: dict[tuple[str, str], int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    codes: dict[int, int] = field(default_factory=dict)

    def find_message_window(self, class_name: str, title: str) -> int:
        return self.windows.get((class_name, title), 0)

    def process_of_window(self, handle: int) -> int:
        return self.owners.get(handle, 0)

    def exit_code(self, pid: int) -> int | None:
        return self.codes.get(pid)


def one_window(profile: Path, *, code: int = STILL_ACTIVE) -> FakeWindows:
    return FakeWindows({("Chrome_MessageWindow", str(profile.absolute())): 7}, {7: 4711}, {4711: code})


def test_ux_08_an_open_window_is_found_by_its_profile(tmp_path: Path) -> None:
    assert profile_owner_pid(tmp_path, one_window(tmp_path)) == 4711
    assert profile_owner_pid(tmp_path / "another", one_window(tmp_path)) is None


def test_ux_08_a_process_that_has_ended_has_no_window(tmp_path: Path) -> None:
    assert profile_owner_pid(tmp_path, one_window(tmp_path, code=0)) is None
    assert profile_owner_pid(tmp_path, FakeWindows({("Chrome_MessageWindow", str(tmp_path)): 7})) is None
    assert not process_runs(4711, FakeWindows())


@pytest.mark.parametrize("browser", [CHROME, FIREFOX], ids=["chrome", "firefox"])
def test_ux_08_windows_is_asked_there_and_no_signal_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    windows = one_window(tmp_path)

    def kill(*_: object) -> None:
        # There a signal of 0 is Ctrl-C.
        pytest.fail("a signal was sent")

    monkeypatch.setattr("os.kill", kill)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("addon.desktop.windows_api.system", lambda: windows)
    assert profile_owner(browser, tmp_path) == (None if browser.is_firefox else 4711)
    assert ExistingProcess(4711).running
    windows.codes[4711] = 0
    assert not ExistingProcess(4711).running


@pytest.mark.skipif(sys.platform == "win32", reason="it is Windows")
def test_another_system_has_no_such_calls() -> None:
    with pytest.raises(NotImplementedError):
        system()
