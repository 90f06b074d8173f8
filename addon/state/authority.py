"""The local certificate authority: one per installation, and valid for marketplaces alone.

The constraint is in the root itself and critical (RFC 5280, 4.2.1.10): with a stolen key nobody can sign
for a bank. IP addresses are excluded as a whole, since a constraint on names leaves them open.

Where the user switches an optional site on or off, the certificate is issued again over the same key, under the same
name and until the same day: what the older one vouched for stays good wherever only that is known, and a window that
trusts the key goes on. One that ends soon is issued again over the same key too, for another year: a window may have
stayed open when Koban ended. A certificate that is broken, or has ended as Koban starts, is replaced by one with
another key.
"""

import base64
import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from addon.state.paths import make_private, write_atomically, write_where_new

LIFE = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)
BACKDATING = timedelta(days=2)
"""For clocks that are a little slow."""

NAME = "Koban local authority (marketplaces only)"
CERTIFICATE_FILE = "koban-authority.pem"
"""The public part, in the authority's folder."""
KEY_FILE = "mitmproxy-ca.pem"
"""The same with the key, under the name by which mitmproxy looks for it."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority of a state directory.

    folder: mitmproxy's `confdir`. certificate: the public part as a PEM file.
    spki_hash: base64 of the SHA-256 of the public key, as Chromium's `--ignore-certificate-errors-spki-list`
    takes it; mitmproxy signs every leaf over this same key.
    """

    folder: Path
    certificate: Path
    spki_hash: str
    domains: frozenset[str]
    """The domains that it may sign for, with their subdomains."""
    until: datetime
    """The moment at which the certificate ends."""
    reason_made: Literal["first", "domains", "life", "broken"] | None = None
    """The reason why it was made by this call; None if it existed already."""

    def ends_soon(self, now: datetime) -> bool:
        """Whether it is time for another certificate."""
        return now >= self.until - RENEW_BEFORE

    def covers(self, host: str) -> bool:
        """Whether a browser that trusts it takes its certificate for a host."""
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def ensure_authority(
    folder: Path, domains: Sequence[str], now: datetime | None = None, *, keeps_key: bool = False
) -> Authority:
    """Returns the authority in `folder`, created or renewed if it is missing, ends soon, or has other domains.

    For other domains the key and the last day stay the same. keeps_key: where it has ended, the key stays too, since a
    window is open that trusts this key alone.
    Raises OSError if the folder cannot be written.
    """
    now = now or datetime.now(UTC)
    make_private(folder)
    with_key = folder / KEY_FILE
    key, certificate = _read(with_key)
    renewal_reason = _reason_to_renew(certificate, with_key, domains, now)
    if key is None or certificate is None or renewal_reason is not None:
        if key is not None and certificate is not None and renewal_reason == "domains":
            certificate = _issue(key, domains, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
        else:
            has_ended = certificate is None or now >= certificate.not_valid_after_utc
            if key is None or renewal_reason != "life" or (has_ended and not keeps_key):
                key = ec.generate_private_key(ec.SECP256R1())
            certificate = _issue(key, domains, now - BACKDATING, now - BACKDATING + LIFE)
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_atomically(with_key, secret + pem, mode=0o600)
    public = folder / CERTIFICATE_FILE
    write_where_new(public, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return Authority(
        folder,
        public,
        spki_hash(certificate),
        permitted_domains(certificate),
        certificate.not_valid_after_utc,
        renewal_reason,
    )


def permitted_domains(certificate: x509.Certificate) -> frozenset[str]:
    """Returns the domains that an authority may sign for; empty where it names none."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(str(name.value) for name in constraints.permitted_subtrees or ())


def spki_hash(certificate: x509.Certificate) -> str:
    """Base64 of the SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469, 2.4)."""
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | tuple[None, None]:
    try:
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (OSError, ValueError):
        return None, None
    return (key, certificate) if isinstance(key, ec.EllipticCurvePrivateKey) else (None, None)


def _reason_to_renew(
    certificate: x509.Certificate | None, path: Path, domains: Sequence[str], now: datetime
) -> Literal["first", "domains", "life", "broken"] | None:
    if certificate is None:
        return "broken" if path.exists() else "first"
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE:
        return "life"
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return "broken"
    return None if constraints.critical and constraints.value == _constraints(domains) else "domains"


def _constraints(domains: Sequence[str]) -> x509.NameConstraints:
    return x509.NameConstraints(
        # A permitted name covers its subdomains.
        permitted_subtrees=[x509.DNSName(domain) for domain in sorted(set(domains))],
        excluded_subtrees=[
            x509.IPAddress(ipaddress.ip_network("0.0.0.0/0")),
            x509.IPAddress(ipaddress.ip_network("::/0")),
        ],
    )


def _issue(
    key: ec.EllipticCurvePrivateKey, domains: Sequence[str], begins: datetime, ends: datetime
) -> x509.Certificate:
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, NAME), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Koban")]
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_constraints(domains), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
