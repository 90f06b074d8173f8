"""A marketplace's server for tests: real TLS under a real host name, and whatever answer a test asks for."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """A certificate authority that a test makes up."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, name: str = "test authority") -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return cls(key, _builder(subject, subject, key, key, ca=True).sign(key, hashes.SHA256()))

    @classmethod
    def of_koban(cls, folder: Path) -> Self:
        """The authority of a Koban installation, for whoever has got hold of its key."""
        both = (folder / "mitmproxy-ca.pem").read_bytes()
        key = serialization.load_pem_private_key(both, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(key, x509.load_pem_x509_certificate(both))

    def issue(self, folder: Path, *hosts: str, days: int = 30) -> Path:
        """A PEM file with key and certificate for hosts; `days` below zero: expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        certificate = (
            _builder(subject, self.certificate.subject, key, self.key, ca=False, days=days)
            .add_extension(names, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        path = folder / f"{hosts[0]}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def save(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
    days: int = 30,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(ca=ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]


@dataclass
class Answer:
    """chunks: sent one by one. framing: how the end of the body is told; `hang-up`: none.

    go_on: what is waited for between the first chunk and the second.
    """

    chunks: Sequence[bytes] = ()
    headers: Sequence[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),)
    status: str = "200 OK"
    framing: str = "length"
    go_on: asyncio.Event | None = None
    cut_after: int | None = None


@dataclass
class Upstream:
    """An HTTP/1.1 server that answers as `respond` says, and notes what it was asked."""

    certificate: Path
    respond: Callable[[Request], Answer] = lambda _: Answer([b"<p>"])
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    context: ssl.SSLContext | None = None
    connections: int = 0
    ended: int = 0
    take: Callable[[Request, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] | None = None
    """Answers by itself, for what is more than an answer; the connection is closed after it."""

    async def __aenter__(self) -> Self:
        context = self.context or ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.close()

    async def restart(self) -> None:
        """Come back on the same port, with the certificate of now."""
        self._server.close()
        await self.__aenter__()

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while (line := await reader.readline()).strip():
                method, target, _ = line.decode().split(" ", 2)
                headers: dict[str, str] = {}
                while header := (await reader.readline()).decode().strip():
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                request = Request(method, target, headers)
                self.requests.append(request)
                if self.take is not None:
                    await self.take(request, reader, writer)
                    break
                answer = self.respond(request)
                if answer.framing == "hang-up" or not await self._send(writer, answer, head=method == "HEAD"):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.ended += 1
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer, *, head: bool) -> bool:
        headers = list(answer.headers)
        if answer.framing == "length":
            headers.append(("Content-Length", str(sum(map(len, answer.chunks)))))
        elif answer.framing == "chunked":
            headers.append(("Transfer-Encoding", "chunked"))
        else:
            headers.append(("Connection", "close"))
        lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        writer.write("\r\n".join(lines).encode("latin-1"))
        await writer.drain()
        if head:
            return True
        for number, chunk in enumerate(answer.chunks):
            if answer.cut_after == number:
                return False
            if number == 1 and answer.go_on is not None:
                await answer.go_on.wait()
            writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk) if answer.framing == "chunked" else chunk)
            await writer.drain()
        if answer.framing == "chunked":
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        return answer.framing != "close"


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
