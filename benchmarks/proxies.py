"""Koban and what one would pick instead, each started as its user starts it, in a process of its own."""

import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.client import Route
from benchmarks.measuring import ROOT
from benchmarks.upstream import Marketplace

BIN = Path(sys.executable).parent
STREAMING = "mitmdump streaming"
BUFFERING = "mitmdump default"


class Absent(Exception):
    """A peer is not on this machine, or does not start; the text says why."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy. process: its id (its children are its own)."""

    name: str
    port: int
    process: int
    route: Route

    def by_http2(self) -> Route:
        return replace(self.route, http2=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def started(
    command: Sequence[str], port: int, folder: Path, *, env: Mapping[str, str] | None = None, patience: float = 30
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens at a port. Raises Absent where it ends first, or does not come to listen."""
    said = folder / f"{Path(command[0]).name}-{port}.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=dict(env or os.environ)
        )
    try:
        until = time.monotonic() + patience
        while not accepts(port):
            if process.poll() is not None or time.monotonic() > until:
                last = said.read_text(errors="replace").strip().splitlines()[-1:]
                raise Absent(f"does not start: {' '.join(last)[:200]}")
            time.sleep(0.005)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def koban_command(market: Marketplace, folder: Path, port: int) -> list[str]:
    """`koban serve` as a user runs it; only the marketplace is found, and trusted, elsewhere."""
    return [
        *(str(BIN / "koban"), "serve", "--state-dir", str(folder / "koban")),
        *("--listen-port", str(port), "--api-port", str(free_port())),
        *("--upstream-ca", str(market.authority)),
        *("--resolve", f"{market.host}:443:127.0.0.1:{market.tls_port}"),
    ]


def mitmdump_command(market: Marketplace, folder: Path, port: int, *, streaming: bool) -> list[str]:
    """mitmdump without addons, quiet."""
    return [
        *(str(BIN / "mitmdump"), "--quiet", "--set", f"confdir={folder / 'mitmdump'}"),
        *("--listen-host", "127.0.0.1", "--listen-port", str(port)),
        *("--set", f"ssl_verify_upstream_trusted_ca={market.authority}"),
        *(("--set", "stream_large_bodies=1") if streaming else ()),
    ]


def koban_route(market: Marketplace, folder: Path, port: int) -> Route:
    return Route(port, folder / "koban/authority/koban-authority.pem")


def mitmdump_route(market: Marketplace, folder: Path, port: int) -> Route:
    there = f"{market.host}:443:127.0.0.1:{market.tls_port}"
    return Route(port, folder / "mitmdump/mitmproxy-ca-cert.pem", connect_to=there)


@contextmanager
def koban(market: Marketplace, folder: Path, wrapped: Sequence[str] = ()) -> Iterator[Proxy]:
    """Koban. wrapped: a command that runs the rest of its line."""
    port = free_port()
    command = koban_command(market, folder, port)
    with started([*wrapped, *command], port, folder) as process:
        yield Proxy("koban", port, process.pid, koban_route(market, folder, port))


@contextmanager
def mitmdump(
    market: Marketplace, folder: Path, *, streaming: bool = True, wrapped: Sequence[str] = ()
) -> Iterator[Proxy]:
    """mitmdump; with `streaming`, told to send bodies on as they come."""
    port = free_port()
    command = mitmdump_command(market, folder, port, streaming=streaming)
    with started([*wrapped, *command], port, folder) as process:
        name = STREAMING if streaming else BUFFERING
        yield Proxy(name, port, process.pid, mitmdump_route(market, folder, port))
