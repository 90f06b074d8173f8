"""The local authority: good for the marketplaces, for nothing else, and for a while."""

import os
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from addon.state.authority import ensure_authority, spki_hash

DOMAINS = ["crowdworks.jp", "lancers.jp"]


def certificate(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "koban-authority.pem").read_bytes())


def test_it_is_constrained_short_lived_and_of_this_installation(tmp_path: Path) -> None:
    first = ensure_authority(tmp_path / "a", DOMAINS)
    second = ensure_authority(tmp_path / "b", DOMAINS)
    assert first.spki_hash != second.spki_hash
    made = certificate(first.folder)
    constraints = made.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert [n.value for n in constraints.value.permitted_subtrees or []] == DOMAINS
    assert {str(n.value) for n in constraints.value.excluded_subtrees or []} == {"0.0.0.0/0", "::/0"}
    basic = made.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=366)
    assert spki_hash(made) == first.spki_hash


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_the_key_is_its_users_alone(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path / "a", DOMAINS)
    assert authority.folder.stat().st_mode & 0o777 == 0o700
    assert (authority.folder / "mitmproxy-ca.pem").stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in authority.certificate.read_bytes()


def test_it_stays_the_same_until_it_must_change(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    first = ensure_authority(tmp_path, DOMAINS, now)
    assert ensure_authority(tmp_path, reversed(DOMAINS), now + timedelta(days=300)).spki_hash == first.spki_hash  # type: ignore[arg-type]
    renewed = ensure_authority(tmp_path, DOMAINS, now + timedelta(days=340))
    assert (renewed.reason_made, renewed.spki_hash) == ("life", first.spki_hash), "a window may trust this key alone"
    assert renewed.until > first.until
    secret = (tmp_path / "mitmproxy-ca.pem").read_bytes()
    for keeps_key in (True, False):
        later = ensure_authority(tmp_path, DOMAINS, renewed.until, keeps_key=keeps_key)
        assert (later.spki_hash == first.spki_hash) is keeps_key
        assert later.until > renewed.until
        (tmp_path / "mitmproxy-ca.pem").write_bytes(secret)


def test_other_domains_take_the_same_key_name_and_last_day(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    first = ensure_authority(tmp_path, DOMAINS, now)
    older = certificate(tmp_path)
    wider = ensure_authority(tmp_path, [*DOMAINS, "upwork.com"], now + timedelta(days=100))
    newer = certificate(tmp_path)
    assert (wider.reason_made, wider.spki_hash) == ("domains", first.spki_hash)
    assert (wider.covers("www.upwork.com"), first.covers("www.upwork.com")) == (True, False)
    assert not wider.covers("notupwork.com")
    assert (newer.subject, newer.not_valid_after_utc) == (older.subject, older.not_valid_after_utc)
    assert newer.serial_number != older.serial_number
    narrower = ensure_authority(tmp_path, DOMAINS, now + timedelta(days=101))
    assert (narrower.domains, narrower.spki_hash) == (frozenset(DOMAINS), first.spki_hash)


@pytest.mark.parametrize(("host", "good"), [("crowdworks.jp", True), ("www.upwork.com", False)])
def test_who_has_the_older_certificate_alone_goes_on_with_the_older_sites(
    tmp_path: Path, host: str, good: bool
) -> None:
    authority = ensure_authority(tmp_path / "a", DOMAINS)
    older = tmp_path / "older.pem"
    older.write_bytes(authority.certificate.read_bytes())
    ensure_authority(tmp_path / "a", [*DOMAINS, "upwork.com"])
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(signed_with(authority.folder, x509.DNSName(host)))
    for trusted, taken in ((older, good), (authority.certificate, True)):
        command = ["openssl", "verify", "-CAfile", str(trusted), str(leaf)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == taken, done.stdout + done.stderr


def test_a_broken_key_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "mitmproxy-ca.pem").write_text("torn")
    assert ensure_authority(tmp_path, DOMAINS).spki_hash == spki_hash(certificate(tmp_path))


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("crowdworks.jp", True),
        ("www.lancers.jp", True),
        ("bank.example", False),
        ("notcrowdworks.jp", False),
        ("crowdworks.jp.evil.example", False),
    ],
)
def test_openssl_refuses_what_it_signs_for_others(tmp_path: Path, host: str, good: bool) -> None:
    authority = ensure_authority(tmp_path / "a", DOMAINS)
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(signed_with(authority.folder, x509.DNSName(host)))
    command = ["openssl", "verify", "-CAfile", str(authority.certificate), str(leaf)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == good, done.stdout + done.stderr
    if not good:
        assert "permitted subtree violation" in done.stdout + done.stderr


def signed_with(folder: Path, name: x509.GeneralName) -> bytes:
    """What a thief of the key would make."""
    pem = (folder / "mitmproxy-ca.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    issuer = x509.load_pem_x509_certificate(pem)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    now = datetime.now(UTC)
    leaf = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return leaf.public_bytes(serialization.Encoding.PEM)


def test_pythons_own_tls_takes_it(tmp_path: Path) -> None:
    ssl.create_default_context(cafile=str(ensure_authority(tmp_path, DOMAINS).certificate))
