"""`koban start` with its own window still open, and when it says that all is well."""

import os
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console
from typer.testing import CliRunner

from addon.cli import serve as running
from addon.cli.main import app
from addon.desktop import trust
from addon.desktop.browsers import Browser
from addon.desktop.existing_window import ExistingWindow, profile_owner, read_port, write_port
from addon.desktop.launch import is_checked, print_existing
from addon.state.options import ServeOptions
from addon.state.settings import SettingsStore
from addon.verdicts.log import PageVerdict
from rules.model import Verdict

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows locks a profile otherwise")
CHROMIUM = Browser(name="chromium", command=("chromium",))
FIREFOX = Browser(name="firefox", command=("firefox",))


def locked(profile: Path, link: str, name: str) -> Path:
    profile.mkdir(parents=True, exist_ok=True)
    (profile / name).symlink_to(link)
    return profile


@posix
def test_ux_08_a_window_that_is_open_is_found_by_its_lock(tmp_path: Path) -> None:
    own = os.getpid()
    assert profile_owner(CHROMIUM, locked(tmp_path / "a", f"{socket.gethostname()}-{own}", "SingletonLock")) == own
    assert profile_owner(FIREFOX, locked(tmp_path / "b", f"127.0.1.1:+{own}", "lock")) == own
    assert profile_owner(CHROMIUM, locked(tmp_path / "c", f"another-host-{own}", "SingletonLock")) is None
    assert profile_owner(CHROMIUM, tmp_path / "none") is None


@posix
def test_ux_08_a_lock_that_outlived_its_browser_is_no_window(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    profile = locked(tmp_path / "a", f"{socket.gethostname()}-{ended.pid}", "SingletonLock")
    assert profile_owner(CHROMIUM, profile) is None


@posix
@pytest.mark.asyncio
async def test_ux_08_koban_ends_with_the_window_it_found(tmp_path: Path) -> None:
    browser = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)  # noqa: ASYNC220
    window = ExistingWindow(browser.pid)
    assert window.process.running
    window.close()
    assert window.process.running, "it is its user's"
    browser.communicate(b"\n")
    assert await window.process.wait() == 0


@pytest.mark.parametrize(
    ("opened_with", "told"), [(8788, "そのまま使えます"), (None, "そのまま使えます"), (9, "閉じてから")]
)
def test_ux_08_it_is_said_whether_the_open_window_finds_koban(
    opened_with: int | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_existing(CHROMIUM, opened_with, 8788, Console(width=200))
    assert told in capsys.readouterr().out


def test_ux_08_the_port_of_a_window_is_remembered(tmp_path: Path) -> None:
    assert read_port(tmp_path) is None
    write_port(tmp_path, 8788)
    assert read_port(tmp_path) == 8788


@pytest.mark.parametrize(
    ("verdict", "feed", "checked"),
    [
        (Verdict(state="clear"), "proxy", True),
        (Verdict(state="danger"), "proxy", True),
        (Verdict(state="not-checked", reason="unknown-page"), "proxy", False),
        (Verdict(state="clear"), "extension", False),
    ],
)
def test_ux_12_only_a_checked_page_counts(verdict: Verdict, feed: str, checked: bool) -> None:
    page = PageVerdict.model_validate(
        {"url": "https://crowdworks.jp/", "judged_at": datetime.now(UTC), "feed": feed, "verdict": verdict}
    )
    assert is_checked(page) is checked
    assert not is_checked(None)


@pytest.mark.parametrize(("arguments", "window"), [(["--browser", "none"], False), ([], True)])
def test_ux_terminal_no_browser_means_none(
    arguments: list[str], window: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[ServeOptions, bool]] = []

    def run(options: ServeOptions, _: Console, *, window: bool) -> int:
        asked.append((options, window))
        return 0

    monkeypatch.setattr(running, "run", run)
    result = CliRunner().invoke(app, ["start", *arguments, "--state-dir", str(tmp_path)])
    assert result.exit_code == 0
    assert re.match("準備しています", result.output), "the first line comes at once"
    assert [opened for _, opened in asked] == [window]


class Authority(NamedTuple):
    certificate: str = "koban.pem"


class Koban(NamedTuple):
    settings: SettingsStore
    authority: Authority = Authority()


class Store:
    def __init__(self, takes: bool) -> None:
        self.takes = takes
        self.held: list[str] = []

    def add(self, certificate: str) -> bool:
        if self.takes:
            self.held.append(certificate)
        return self.takes


@pytest.mark.parametrize(("takes", "came"), [(True, "done"), (False, "failed")])
def test_ux_10_the_key_is_registered_by_an_answer_on_the_start_page_alone(
    takes: bool, came: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(takes)
    monkeypatch.setattr(running, "store_of", lambda *_: store)
    for module in (running, trust):
        monkeypatch.setattr(module, "holds", lambda store, certificate: certificate in store.held)
    settings = SettingsStore(tmp_path / "settings.json")
    consent = running.Consent(CHROMIUM, Koban(settings))  # type: ignore[arg-type]
    assert (consent.question, consent.is_given) == ("ask", False)
    settings.patch({"trust": consent.question})
    assert store.held == [], "asked is not answered"
    settings.patch({"trust": "yes"})
    assert settings.current.trust == came
    assert store.held == (["koban.pem"] if takes else [])


def test_ux_10_who_refused_or_has_a_store_of_their_own_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "store_of", lambda *_: Store(True))
    monkeypatch.setattr(running, "holds", lambda *_: False)
    settings = SettingsStore(tmp_path / "settings.json")
    settings.patch({"trust_refused": True})
    refused = running.Consent(CHROMIUM, Koban(settings))  # type: ignore[arg-type]
    firefox = running.Consent(FIREFOX, Koban(settings))  # type: ignore[arg-type]
    assert (refused.question, firefox.question, firefox.is_given) == (None, None, True)
