"""Koban's window of Firefox: its settings as a file, and the program that it needs."""

import json
import re
from pathlib import Path

import pytest

from addon.desktop.browsers import Browser
from addon.desktop.firefox import preferences, second_start, trust, user_js
from addon.desktop.window import BrowserError, Window

WINDOW = Window(profile=Path("/p"), pac="function FindProxyForURL() {}", authority=Path("/a.pem"), spki=None)


def test_settings_are_lines_that_firefox_reads() -> None:
    written = user_js({"a.b": True, "c": 2, "d": '"quoted"\\'})
    lines = [re.fullmatch(r"user_pref\((.+), (.+)\);", line) for line in written.splitlines()]
    assert [(json.loads(line[1]), json.loads(line[2])) for line in lines if line] == [
        ("a.b", True),
        ("c", 2),
        ("d", '"quoted"\\'),
    ]


def test_its_way_is_the_proxy_file_and_nothing_is_said_of_driving() -> None:
    chosen = preferences(WINDOW)
    assert chosen["network.proxy.type"] == 2, "by a proxy file"
    assert str(chosen["network.proxy.autoconfig_url"]).startswith("data:")
    assert chosen["devtools.debugger.prompt-connection"] is False


def test_without_the_program_that_it_needs_it_says_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(BrowserError, match="certutil"):
        trust(tmp_path, tmp_path / "authority.pem")


def test_reach_03_firefox_is_started_so_that_a_second_start_finds_it() -> None:
    command = second_start(Browser(name="firefox", command=("firefox",)), WINDOW, "https://crowdworks.jp/")
    assert command == ["firefox", "--profile", "/p", "https://crowdworks.jp/"]
