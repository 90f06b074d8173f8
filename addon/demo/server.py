"""Serves the offline marketplace over TLS on a loopback port, under the real host names.

Whoever resolves a marketplace's host to this port (`--resolve`) and trusts `authority` gets the demo's
pages in the real pages' place. Nothing listens beyond this machine.
"""

import asyncio
import contextlib
import gzip
import socket
import tempfile
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from addon.demo.site import HERE, Answer, DemoSite, page
from addon.loopback import LOOPBACK

JST = timezone(timedelta(hours=9), "JST")
ASSETS = {
    "board.js": "text/javascript; charset=utf-8",
    "room.js": "text/javascript; charset=utf-8",
    "inbox.js": "text/javascript; charset=utf-8",
    "panel.js": "text/javascript; charset=utf-8",
    "demo.css": "text/css; charset=utf-8",
    "talk.js": "text/javascript; charset=utf-8",
    "thread.js": "text/javascript; charset=utf-8",
}
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"
"""A policy of the strict kind that real sites send: whatever is put into the page has to cope with it."""


def japanese_time() -> datetime:
    return datetime.now(JST)


class DemoServer:
    """The running marketplace. Use as an asynchronous context manager; `port` and `authority` are then set.

    Raises OSError on entering where no loopback port or no temporary folder can be had.
    """

    port: int
    authority: Path
    """PEM file of the demo's own authority, made for this run; its key is nowhere on disk."""

    def __init__(self, sites: Sequence[DemoSite], clock: Callable[[], datetime] = japanese_time) -> None:
        self._sites = sites
        self._by_host = {host: site for site in sites for host in site.hosts}
        self._clock = clock
        self._folder = tempfile.TemporaryDirectory(prefix="koban-demo-", ignore_cleanup_errors=True)

    @property
    def hosts(self) -> Sequence[str]:
        return tuple(self._by_host)

    async def __aenter__(self) -> Self:
        folder = Path(self._folder.name)
        self.authority, leaf = folder / "authority.pem", folder / "server.pem"
        self.authority.write_bytes(_issue(self.hosts, leaf))
        listener = socket.create_server((LOOPBACK, 0))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._respond,
            interface="asgi3",
            ssl_certfile=leaf,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
        )
        # Loaded here, so that a failure is raised to the caller. The socket listens already: whoever
        # comes before the server accepts is kept waiting by the system.
        config.load()
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.should_exit = self._server.force_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await self._serving
        self._folder.cleanup()

    def answer(self, method: str, host: str, target: str) -> Answer:
        """Returns the answer for an address; a page of its own where there is none."""
        location = urlsplit(target)
        if method not in ("GET", "HEAD"):
            return Answer(page("templates/missing.html").body, status=405)
        if asset := ASSETS.get(location.path.removeprefix("/koban-demo/")):
            return Answer((HERE / "assets" / location.path.rsplit("/", 1)[1]).read_bytes(), asset)
        site = self._by_host.get(host)
        if site is not None and location.path == "/":
            return page("templates/index.html", sites=self._sites)
        answer = site.answer(location, self._clock()) if site is not None else None
        return answer or Answer(page("templates/missing.html").body, status=404)

    async def _respond(self, scope: dict[str, Any], _receive: object, send: Callable[..., Any]) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        target = scope["path"] + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
        host = headers.get(b"host", "").partition(":")[0].lower()
        answer = self.answer(scope["method"], host, target)
        body = answer.body
        response_headers = [
            (b"content-type", answer.content_type.encode()),
            (b"cache-control", b"max-age=0, private, must-revalidate"),
            (b"content-security-policy", POLICY.encode()),
            (b"vary", b"accept-encoding"),
        ]
        if "gzip" in headers.get(b"accept-encoding", ""):
            body = gzip.compress(body, 6)
            response_headers.append((b"content-encoding", b"gzip"))
        response_headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": response_headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # Ctrl-C is for the program that the marketplace runs in.
        yield


def _issue(hosts: Sequence[str], leaf: Path) -> bytes:
    """Write a certificate for the hosts, with its key, to `leaf`; return the authority's (PEM)."""
    now = datetime.now(UTC)
    only_these = x509.NameConstraints([x509.DNSName(host) for host in hosts], excluded_subtrees=None)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Koban demo, this run only")])
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(authority_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .add_extension(only_these, critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])]))
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    leaf.touch(mode=0o600)
    leaf.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return authority.public_bytes(serialization.Encoding.PEM)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
