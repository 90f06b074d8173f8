"""What the doctor sees besides Koban: a stranger on its port, a folder that takes nothing, a full disk."""

import os
import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from addon.api.pair_page import pair_html
from addon.api.presence import who_listens
from addon.cli.doctor import Link, examine
from addon.proxy import server
from addon.proxy.server import CannotStart
from addon.state.options import ServeOptions

ANSWERS = {
    "koban": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + pair_html().encode(),
    "stranger": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<h1>another</h1>",
    "no web server": b"220 mail ready\r\n",
}


@pytest.fixture(params=ANSWERS)
def listener(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """A program on a port of its own, and which."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4_096)
            self.request.sendall(ANSWERS[request.param])

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield request.param, serving.server_address[1]
        serving.shutdown()


def links(state_dir: Path, port: int = 1) -> list[Link]:
    return list(examine(ServeOptions(listen_port=port, api_port=port, state_dir=state_dir)))


def test_ux_terminal_the_doctor_tells_koban_from_another_program(listener: tuple[str, int], tmp_path: Path) -> None:
    name, port = listener
    assert who_listens(port) == ("koban" if name == "koban" else "stranger")
    strangers = [link for link in links(tmp_path, port) if "別のプログラム" in link.ja]
    assert len(strangers) == (0 if name == "koban" else 2)
    assert all(link.holds is False and link.repair_ja for link in strangers)


def test_ux_terminal_a_taken_port_says_whether_koban_runs(listener: tuple[str, int]) -> None:
    name, port = listener
    with pytest.raises(CannotStart) as refused:
        server._listener(port, "--api-port")
    assert ("もう動いています" in str(refused.value)) == (name == "koban")
    assert ("--api-port" in str(refused.value)) == (name != "koban")


def test_ux_terminal_nobody_listens() -> None:
    assert who_listens(1) == "nobody"


def test_ux_terminal_the_doctor_sees_a_folder_that_takes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not [link for link in links(tmp_path) if "書き込めません" in link.ja]
    monkeypatch.setattr(os, "access", lambda *_: False)
    (link,) = [link for link in links(tmp_path) if "書き込めません" in link.ja]
    assert (link.holds, bool(link.repair_en)) == (False, True)


class Usage(NamedTuple):
    free: int


def test_ux_terminal_the_doctor_sees_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free=2_000_000))
    (link,) = [link for link in links(tmp_path) if "ディスク" in link.ja]
    assert "残り 2 MB" in link.ja
