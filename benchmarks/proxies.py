"""Koban and what one would pick instead, each started as its user starts it, in a process of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.client import Route
from benchmarks.follower import Follower, following, pair
from benchmarks.measuring import ROOT
from benchmarks.upstream import Marketplace

BIN = Path(sys.executable).parent
FOLLOWED = "koban with the extension"
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
    command: Sequence[str], port: int, folder: Path, *, env: Mapping[str, str] | None = None, patience: float = 120
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens at a port. Raises Absent where it ends first, or does not come to listen."""
    output_file = folder / f"{Path(command[0]).name}-{port}.txt"
    with output_file.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=dict(env or os.environ)
        )
    try:
        until = time.monotonic() + patience
        while not accepts(port):
            if process.poll() is not None or time.monotonic() > until:
                last = output_file.read_text(errors="replace").strip().splitlines()[-1:]
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


def koban_command(
    market: Marketplace, folder: Path, port: int, *, state: str = "koban", api_port: int | None = None
) -> list[str]:
    """`koban serve` as a user runs it; only the marketplace is found, and trusted, elsewhere."""
    return [
        *(str(BIN / "koban"), "serve", "--state-dir", str(folder / state)),
        *("--listen-port", str(port), "--api-port", str(api_port or free_port())),
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


def koban_route(folder: Path, port: int, *, state: str = "koban") -> Route:
    return Route(port, folder / state / "authority/koban-authority.pem")


def mitmdump_route(market: Marketplace, folder: Path, port: int) -> Route:
    there = f"{market.host}:443:127.0.0.1:{market.tls_port}"
    return Route(port, folder / "mitmdump/mitmproxy-ca-cert.pem", connect_to=there)


@contextmanager
def koban(market: Marketplace, folder: Path, wrapper: Sequence[str] = ()) -> Iterator[Proxy]:
    """Koban. wrapper: a command that runs the rest of its line."""
    port = free_port()
    command = koban_command(market, folder, port)
    with started([*wrapper, *command], port, folder) as process:
        yield Proxy("koban", port, process.pid, koban_route(folder, port))


@contextmanager
def followed_koban(market: Marketplace, folder: Path) -> Iterator[tuple[Proxy, Follower]]:
    """Koban with a paired extension that follows its events, so that a page's end need not wait for its verdict."""
    port, api_port, state = free_port(), free_port(), "koban-followed"
    key = pair(folder / state, api_port)
    command = koban_command(market, folder, port, state=state, api_port=api_port)
    with started(command, port, folder) as process, following(key, api_port) as follower:
        yield Proxy(FOLLOWED, port, process.pid, koban_route(folder, port, state=state)), follower


@contextmanager
def mitmdump(
    market: Marketplace, folder: Path, *, streaming: bool = True, wrapper: Sequence[str] = ()
) -> Iterator[Proxy]:
    """mitmdump; with `streaming`, told to send bodies on as they come."""
    port = free_port()
    command = mitmdump_command(market, folder, port, streaming=streaming)
    with started([*wrapper, *command], port, folder) as process:
        name = STREAMING if streaming else BUFFERING
        yield Proxy(name, port, process.pid, mitmdump_route(market, folder, port))


def _authority(folder: Path) -> tuple[Path, Path]:
    """A certificate and a key for a peer that makes none itself."""
    from cryptography.hazmat.primitives import serialization

    from tests.addon.proxy.upstream import Authority

    authority = Authority.make("benchmark interceptor")
    certificate, key = authority.save(folder / "interceptor-ca.pem"), folder / "interceptor-key.pem"
    key.write_bytes(
        authority.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key


def _by_name(market: Marketplace) -> str:
    return f"https://localhost:{market.tls_port}"


@contextmanager
def proxy_py(market: Marketplace, folder: Path) -> Iterator[Proxy]:
    """proxy.py, looking into TLS, one worker. Raises Absent."""
    program = BIN / "proxy"
    if not program.exists():
        raise Absent("proxy.py is not installed")
    own = folder / "proxy.py"
    own.mkdir()
    certificate, key = _authority(own)
    port = free_port()
    command = [str(program), "--hostname", "127.0.0.1", "--port", str(port), "--num-workers", "1", "--log-level", "e"]
    command += ["--num-acceptors", "1", "--ca-cert-file", str(certificate), "--ca-key-file", str(key)]
    command += ["--ca-signing-key-file", str(key), "--ca-cert-dir", str(own), "--ca-file", str(market.authority)]
    with started(command, port, own) as process:
        yield Proxy("proxy.py", port, process.pid, Route(port, certificate, origin=_by_name(market)))


@contextmanager
def privoxy(market: Marketplace, folder: Path) -> Iterator[Proxy]:
    """Privoxy with its own filters on every page, over plain HTTP: by TLS it reads none. Raises Absent."""
    program = installed("privoxy")
    own = folder / "privoxy"
    own.mkdir()
    port = free_port()
    filters = re.findall(r"^FILTER: (\S+)", Path("/etc/privoxy/default.filter").read_text(errors="replace"), re.M)
    (own / "all.action").write_text("{" + " ".join(f"+filter{{{one}}}" for one in filters) + "}\n/\n")
    lines = [f"confdir {own}", f"listen-address 127.0.0.1:{port}", "actionsfile all.action", "keep-alive-timeout 300"]
    lines += ["filterfile /etc/privoxy/default.filter", "buffer-limit 16384", "templdir /etc/privoxy/templates"]
    # Redirected here, since the marketplace's name leads elsewhere.
    lines += [f"forward / 127.0.0.1:{market.http_port}", "connection-sharing 1", "default-server-timeout 300"]
    (own / "config").write_text("\n".join(lines) + "\n")
    with started([program, "--no-daemon", str(own / "config")], port, own) as process:
        yield Proxy(
            "Privoxy, plain HTTP", port, process.pid, Route(port, market.authority, origin=f"http://{market.host}")
        )


def _squid_bumping(program: str, market: Marketplace, own: Path, port: int) -> tuple[list[str], Path]:
    """The lines of a configuration that looks into TLS, and its authority's certificate. Raises Absent."""
    helper = Path(program).parent.parent / "lib/squid/security_file_certgen"
    if not helper.exists():
        raise Absent("this Squid is built without TLS interception (Debian: squid-openssl)")
    certificate, key = _authority(own)
    both = own / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    result = subprocess.run([helper, "-c", "-s", own / "certificates", "-M", "4MB"], capture_output=True)
    if result.returncode:
        raise Absent("security_file_certgen does not start")
    lines = [
        f"http_port 127.0.0.1:{port} ssl-bump generate-host-certificates=on tls-cert={both}",
        f"sslcrtd_program {helper} -s {own / 'certificates'} -M 4MB",
        f"tls_outgoing_options cafile={market.authority}",
        "acl first at_step SslBump1",
        "ssl_bump peek first",
        "ssl_bump bump all",
    ]
    return lines, certificate


@contextmanager
def squid(market: Marketplace, folder: Path, *, bumping: bool = True) -> Iterator[Proxy]:
    """Squid: looking into TLS, or with `bumping` off a tunnel that reads nothing. Raises Absent."""
    program = installed("squid")
    own = folder / ("squid-tls" if bumping else "squid")
    own.mkdir()
    port = free_port()
    lines = [f"pid_filename {own / 'squid.pid'}", "cache deny all", "access_log none", "http_access allow all"]
    lines += [
        f"cache_log {own / 'cache.log'}",
        "shutdown_lifetime 0 seconds",
        "pinger_enable off",
        "netdb_filename none",
    ]
    lines += [f"coredump_dir {own}", "workers 1", "cache_effective_user proxy"]
    ports, authority = [f"http_port 127.0.0.1:{port}"], market.authority
    if bumping:
        ports, authority = _squid_bumping(program, market, own, port)
    lines += ports
    route = Route(port, authority, origin=_by_name(market))
    (own / "squid.conf").write_text("\n".join(lines) + "\n")
    shutil.chown(own, "proxy") if os.getuid() == 0 else None
    for path in own.rglob("*"):
        if os.getuid() == 0:
            shutil.chown(path, "proxy")
    folder.chmod(0o755)
    with started([program, "-N", "-f", str(own / "squid.conf")], port, own) as process:
        yield Proxy("Squid" if bumping else "Squid, tunnel", port, process.pid, route)


def installed(name: str) -> str:
    """Where a program of Debian's is. Raises Absent."""
    program = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise Absent(f"{name} is not installed")
    return program


def version_of(program: str, option: str = "--version") -> str:
    """Returns the version as a program names it."""
    result = subprocess.run([program, option], capture_output=True, text=True)
    version_match = re.search(r"\d+(?:\.\d+)+", result.stdout + result.stderr)
    return version_match[0] if version_match else "?"
