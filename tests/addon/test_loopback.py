"""Ports of this machine, and which program has one."""

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from addon.api.pair_page import pair_html
from addon.health_parts import parts_from_files
from addon.loopback import CannotStart, answers, listen, who_listens
from addon.state.options import ServeOptions

ANSWERS = {
    "koban": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + pair_html().encode(),
    "stranger": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<h1>another</h1>",
    "no web server": b"220 mail ready\r\n",
}


class Listener(NamedTuple):
    name: str
    port: int


@pytest.fixture(params=ANSWERS)
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    """A program on a port of its own."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4_096)
            self.request.sendall(ANSWERS[request.param])

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield Listener(request.param, serving.server_address[1])
        serving.shutdown()


@pytest.mark.slow
def test_ux_terminal_the_doctor_tells_koban_from_another_program(listener: Listener, tmp_path: Path) -> None:
    assert who_listens(listener.port) == ("koban" if listener.name == "koban" else "stranger")
    parts = parts_from_files(ServeOptions(listen_port=listener.port, api_port=listener.port, state_dir=tmp_path))
    assert parts.api_port == parts.listen_port == (listener.port, "koban" if listener.name == "koban" else "stranger")


@pytest.mark.slow
def test_ux_terminal_a_taken_port_says_whether_koban_runs(listener: Listener) -> None:
    with pytest.raises(CannotStart) as refused:
        listen(listener.port, "--api-port")
    assert ("もう動いています" in str(refused.value)) == (listener.name == "koban")
    assert ("--api-port" in str(refused.value)) == (listener.name != "koban")


def test_ux_terminal_nobody_listens() -> None:
    assert who_listens(1) == "nobody"
    assert not answers(1)
