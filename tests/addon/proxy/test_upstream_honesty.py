"""A site's bad certificate or weak TLS is never hidden behind a good one of ours: the browser judges it itself.

The kinds are those of badssl.com, made here. Each server is reached through a running Koban, and the client
must see that server's own certificate, or fail as it would without Koban.
"""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dh, ec, rsa
from cryptography.x509.oid import NameOID

from addon.app import running
from addon.koban import Koban
from addon.state.authority import ensure_authority
from addon.state.options import Resolve, ServeOptions
from extractors import SITES
from rules.model import LeftAlone
from tests.addon.judges import CLEAR
from tests.addon.proxy.conftest import HOST
from tests.addon.proxy.upstream import Authority, Upstream

pytestmark = pytest.mark.slow

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
NOW = datetime.now(UTC)


@dataclass
class Leaf:
    """A server's certificate; the defaults are good."""

    host: str = HOST
    san: bool = True
    starts: timedelta = timedelta(days=-10)
    ends: timedelta = timedelta(days=10)
    key: Callable[[], Key] = lambda: ec.generate_private_key(ec.SECP256R1())

    def issue(self, folder: Path, authority: Authority | None) -> Path:
        key = self.key()
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.host)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(authority.certificate.subject if authority else name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + self.starts)
            .not_valid_after(NOW + self.ends)
        )
        if self.san:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(self.host)]), critical=False)
        signer = authority.key if authority else key
        certificate = builder.sign(signer, hashes.SHA256())
        path = folder / "leaf.pem"
        path.write_bytes(pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
        return path


def pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@contextlib.asynccontextmanager
async def served(
    tmp_path: Path, certificate: Path, trusted: Authority, server: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Koban, Upstream]]:
    """A running Koban that trusts one authority, before a server with this certificate."""
    async with Upstream(certificate, context=server) as upstream:
        options = ServeOptions(
            listen_port=0,
            api_port=0,
            state_dir=tmp_path / "state",
            upstream_ca=trusted.save(tmp_path / "trusted.pem"),
            resolve=(Resolve(HOST, 443, "127.0.0.1", upstream.port),),
        )
        async with running(options, CLEAR) as koban:
            yield koban, upstream


async def seen_through(koban: Koban, *, weak: bool = False) -> bytes | None:
    """The certificate (DER) that a client which accepts anything is shown; None where no TLS comes about."""
    reader, writer = await asyncio.open_connection("127.0.0.1", koban.proxy_port)
    writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
    assert b" 200 " in await reader.readline()
    while (await reader.readline()).strip():
        pass
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if weak:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    try:
        await asyncio.wait_for(writer.start_tls(context, server_hostname=HOST), 60)
        return writer.get_extra_info("ssl_object").getpeercert(binary_form=True)  # type: ignore[no-any-return]
    except (ssl.SSLError, ConnectionError):
        return None
    finally:
        writer.close()


def leaf_of(path: Path) -> bytes:
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(serialization.Encoding.DER)


def rsa_key(bits: int) -> Callable[[], Key]:
    return lambda: rsa.generate_private_key(65537, bits)


BAD_CERTIFICATES = {
    "expired": Leaf(ends=timedelta(days=-1)),
    "not yet valid": Leaf(starts=timedelta(days=1)),
    "wrong host": Leaf(host="lancers.jp"),
    "a name that only ends alike": Leaf(host=f"not{HOST}"),
    "no alternative name": Leaf(san=False),
    "a short key": Leaf(key=rsa_key(1024)),
}


@pytest.mark.parametrize("kind", BAD_CERTIFICATES)
async def test_a_bad_certificate_reaches_the_browser(tmp_path: Path, kind: str) -> None:
    authority = Authority.make()
    certificate = BAD_CERTIFICATES[kind].issue(tmp_path, authority)
    server = _server("ALL:@SECLEVEL=0")
    async with served(tmp_path, certificate, authority, server) as (koban, upstream):
        assert await seen_through(koban, weak=True) == leaf_of(certificate)
        bypassed = koban.bypass.get(HOST)
        assert bypassed is not None
        assert bypassed.reason in ("upstream-certificate", "upstream-tls")
        assert not upstream.requests


async def test_a_signature_over_sha1_reaches_the_browser(tmp_path: Path) -> None:
    # The library makes none any more; OpenSSL does.
    authority = Authority.make()
    (tmp_path / "ca.key").write_bytes(pem(authority.key))
    authority.save(tmp_path / "ca.pem")
    (tmp_path / "san").write_text(f"subjectAltName=DNS:{HOST}\nauthorityKeyIdentifier=none\n")
    for command in (
        f"openssl req -new -newkey rsa:2048 -nodes -keyout key.pem -subj /CN={HOST} -out request.pem",
        "openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -sha1 -days 5 -extfile san -out made.pem",
    ):
        await asyncio.to_thread(subprocess.run, command.split(), cwd=tmp_path, check=True, capture_output=True)
    certificate = tmp_path / "leaf.pem"
    certificate.write_bytes((tmp_path / "key.pem").read_bytes() + (tmp_path / "made.pem").read_bytes())
    async with served(tmp_path, certificate, authority, _server("ALL:@SECLEVEL=0")) as (koban, _):
        assert await seen_through(koban, weak=True) == leaf_of(certificate)
        assert _reason(koban) in ("upstream-certificate", "upstream-tls")


@pytest.mark.parametrize("kind", ["self-signed", "untrusted root", "Koban's own authority"])
async def test_a_certificate_that_nobody_vouches_for_reaches_the_browser(tmp_path: Path, kind: str) -> None:
    authority = Authority.make()
    if kind == "Koban's own authority":
        # As if its key had been stolen, and its user had put it among the system's authorities.
        (tmp_path / "state").mkdir()
        stolen = _own_authority(tmp_path / "state")
        certificate = Leaf().issue(tmp_path, stolen)
    else:
        certificate = Leaf().issue(tmp_path, None if kind == "self-signed" else Authority.make("stranger"))
    async with served(tmp_path, certificate, authority) as (koban, _):
        assert await seen_through(koban) == leaf_of(certificate)
        assert _reason(koban) == "upstream-certificate"


def _own_authority(state: Path) -> Authority:
    made = ensure_authority(state / "authority", [domain for site in SITES for domain in site.domains])
    return Authority.of_koban(made.folder)


def _server(ciphers: str, *, most: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if most is not None:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = most
    context.set_ciphers(ciphers)
    return context


OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
"""1,024 bits (RFC 2409, 6.2)."""


def _dh(tmp_path: Path) -> ssl.SSLContext:
    context = _server("DHE:@SECLEVEL=0", most=ssl.TLSVersion.TLSv1_2)
    path = tmp_path / "dh.pem"
    group = dh.DHParameterNumbers(OAKLEY_2, 2).parameters()
    path.write_bytes(group.parameter_bytes(serialization.Encoding.PEM, serialization.ParameterFormat.PKCS3))
    context.load_dh_params(str(path))
    return context


WEAK_TLS: dict[str, Callable[[Path], ssl.SSLContext]] = {
    "TLS 1.0": lambda _: _server("ALL:@SECLEVEL=0", most=ssl.TLSVersion.TLSv1),
    "TLS 1.1": lambda _: _server("ALL:@SECLEVEL=0", most=ssl.TLSVersion.TLSv1_1),
    "no encryption": lambda _: _server("eNULL:@SECLEVEL=0", most=ssl.TLSVersion.TLSv1_2),
    "a short Diffie-Hellman group": _dh,
}


@pytest.mark.parametrize("kind", WEAK_TLS)
async def test_weak_tls_is_left_to_the_browser(tmp_path: Path, kind: str) -> None:
    authority = Authority.make()
    certificate = Leaf(key=rsa_key(2048)).issue(tmp_path, authority)
    async with served(tmp_path, certificate, authority, WEAK_TLS[kind](tmp_path)) as (koban, _):
        seen = await seen_through(koban, weak=True)
        # Where this machine's OpenSSL takes it at all, what is seen is the site's own.
        assert seen in (None, leaf_of(certificate))
        assert _reason(koban) in ("upstream-tls", "refused")


async def test_a_good_site_is_asked_once(tmp_path: Path) -> None:
    authority = Authority.make()
    certificate = authority.issue(tmp_path, HOST)
    async with served(tmp_path, certificate, authority) as (koban, upstream):
        seen = await asyncio.gather(*(seen_through(koban) for _ in range(5)))
        assert leaf_of(certificate) not in seen
        assert len(set(seen)) == 1, "Koban's own leaf"
        assert koban.bypass.current() == []
        assert upstream.connections == 1, "five connections, one question, and nothing sent"


async def test_a_site_that_cannot_be_reached_is_not_stepped_aside_for(tmp_path: Path) -> None:
    authority = Authority.make()
    certificate = authority.issue(tmp_path, HOST)
    async with served(tmp_path, certificate, authority) as (koban, upstream):
        upstream.stop()
        await seen_through(koban)
        assert koban.bypass.current() == []


async def test_old_tls_is_refused_towards_the_browser_too(tmp_path: Path) -> None:
    authority = Authority.make()
    async with served(tmp_path, authority.issue(tmp_path, HOST), authority) as (koban, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", koban.proxy_port)
        writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
        while (await reader.readline()).strip():
            pass
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await writer.start_tls(context, server_hostname=HOST)
        writer.close()


def _reason(koban: Koban) -> LeftAlone | None:
    bypassed = koban.bypass.get(HOST)
    return bypassed.reason if bypassed is not None else None
