"""Koban's window of Firefox: its settings as a file, and the program that it needs."""

import json
import re
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from addon.desktop.browsers import Browser
from addon.desktop.firefox import _Debugger, _end_listening, preferences, second_start, trust, user_js
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


class Firefox:
    """Firefox's side of its remote protocol: it answers what it is asked, after a notification of no matter."""

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")
        self.asked: list[dict[str, Any]] = []
        self._say({"from": "root", "applicationType": "browser"})

    def _say(self, packet: dict[str, Any]) -> None:
        data = json.dumps(packet).encode()
        self._stream.write(b"%d:%b" % (len(data), data))
        self._stream.flush()

    def serve(self, answers: Sequence[dict[str, Any]]) -> None:
        for answer in answers:
            length = b""
            while not length.endswith(b":"):
                length += self._stream.read(1)
            packet = json.loads(self._stream.read(int(length[:-1])))
            self.asked.append(packet)
            self._say({"from": packet["to"], "type": "somethingElse"})
            self._say({"from": packet["to"], **answer})
        self._say({"from": "console", "type": "evaluationResult", "result": {"type": "undefined"}})


def test_ux_b_the_debugger_is_closed_once_the_extension_is_there() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        firefox = Firefox(theirs)
        debugger = _Debugger(ours)
        answers: list[dict[str, Any]] = [
            {"processDescriptor": {"actor": "process"}},
            {"process": {"consoleActor": "console"}},
            {"resultID": "1"},
        ]
        serving = threading.Thread(target=firefox.serve, args=(answers,))
        serving.start()
        _end_listening(debugger)
        serving.join(60)
    assert [(each["to"], each["type"]) for each in firefox.asked] == [
        ("root", "getProcess"),
        ("process", "getTarget"),
        ("console", "evaluateJSAsync"),
    ]
    assert "closeAllSocketListeners" in firefox.asked[-1]["text"]
