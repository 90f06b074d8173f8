"""The authorities that sites are verified against: those that this machine trusts, its own stores included, and
never Koban's own.

OpenSSL reads files, and Windows and macOS keep what a company or a virus scanner has added elsewhere. Browsers look
there, so a site that they take would else be left alone, as if its certificate were bad.
"""

import base64
import hashlib
import os
import plistlib
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from addon.state.authority import NAME, Authority
from addon.state.paths import write_where_new

COMBINED_FILE = "upstream-trust.pem"
"""All roots that are trusted, in the state folder, where the system's own are not enough."""
Run = Callable[[Sequence[str]], bytes]
"""Runs a program and returns what it prints; raises OSError where it cannot be started."""
WindowsStore = Callable[[str], Iterable[tuple[bytes, str, Collection[str] | bool]]]
"""As `ssl.enum_certificates`: DER, its encoding, and the purposes that it is trusted for (True: all)."""

VARIABLES = ("REQUESTS_CA_BUNDLE",)
"""Files of authorities for other programs, named where a company inspects TLS. OpenSSL's own `SSL_CERT_FILE` is
followed too, in place of the system's file."""

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
_TRUSTED, _DENIED = (1, 2), 3
"""kSecTrustSettingsResult: TrustRoot, TrustAsRoot; Deny (Security framework, SecTrustSettings.h)."""


def run_program(command: Sequence[str]) -> bytes:
    return subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603


def upstream_trust(
    state: Path,
    extra: Path | None,
    own: Authority,
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    run: Run = run_program,
    windows_store: WindowsStore | None = None,
) -> Path:
    """Returns a file with the authorities that sites are verified against.

    Koban's own are never among them: a user may have put one among the system's, and a site that shows a certificate
    of it would be somebody who stole its key. extra: a file with more of them. Raises OSError.
    """
    bundle = _bundle()
    extra_ders = [*_named_by(environment), *([] if extra is None else certificates_of(extra.read_bytes()))]
    denied_ders: frozenset[bytes] = frozenset()
    if platform == "win32":
        roots, denied_ders = _of_windows(windows_store or ssl.enum_certificates)  # type: ignore[attr-defined,unused-ignore]
        extra_ders += roots
    elif platform == "darwin":
        roots, denied_ders = _of_macos(run)
        extra_ders += roots
    bundle_pem = bundle.read_bytes()
    mine = x509.load_pem_x509_certificate(own.certificate.read_bytes()).public_bytes(Encoding.DER)
    unwanted_ders = denied_ders | {mine}
    if not extra_ders and not any(_is_unwanted(der, unwanted_ders) for der in certificates_of(bundle_pem)):
        return bundle
    wanted_ders = dict.fromkeys(
        der for der in (*certificates_of(bundle_pem), *extra_ders) if not _is_unwanted(der, unwanted_ders)
    )
    combined_file = state / COMBINED_FILE
    pem = "".join(map(ssl.DER_cert_to_PEM_cert, wanted_ders)).encode()
    write_where_new(combined_file, pem, mode=0o600)
    return combined_file


def certificates_of(pem: bytes) -> list[bytes]:
    """Returns the certificates of a PEM file, as DER; broken ones and other content are skipped."""
    reader = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    certificates: list[bytes] = []
    for part in pem.split(_BEGIN)[1:]:
        block, end_mark, _ = part.partition(_END)
        try:
            der = base64.b64decode(block, validate=False) if end_mark else b""
            # It is OpenSSL that will read the whole file, and refuses all of it for one that is broken.
            reader.load_verify_locations(cadata=der)
        except (ValueError, ssl.SSLError):
            continue
        certificates.append(der)
    return certificates


def _is_unwanted(der: bytes, unwanted_ders: Collection[bytes]) -> bool:
    # An earlier installation's authority goes by the same name.
    return der in unwanted_ders or NAME.encode() in der


def _bundle() -> Path:
    """Returns the file of authorities that this machine trusts, or certifi's where there is no such file."""
    return Path(ssl.get_default_verify_paths().cafile or certifi.where())


def _named_by(environment: Mapping[str, str]) -> Iterator[bytes]:
    for name in VARIABLES:
        try:
            yield from certificates_of(Path(environment.get(name) or os.devnull).read_bytes())
        except OSError:
            continue  # a folder, or a file that is gone: those programs say so themselves


def _of_windows(store: WindowsStore) -> tuple[list[bytes], frozenset[bytes]]:
    """Returns the roots that are trusted for servers, and the certificates that are not to be trusted at all."""
    roots = [
        der
        for der, encoding, purposes in store("ROOT")
        if encoding == "x509_asn" and (purposes is True or (purposes and _SERVER_AUTH in purposes))
    ]
    return roots, frozenset(der for der, _, _ in store("Disallowed"))


def _of_macos(run: Run) -> tuple[list[bytes], frozenset[bytes]]:
    """Returns the certificates that the user or an administrator trusts for servers, and those that they deny.

    Apple's own roots are certifi's.
    """
    # The user's settings go before the administrator's (SecTrustSettings.h).
    settings = {**_trust_settings(run, "-d"), **_trust_settings(run)}
    keychains: tuple[list[str], ...] = ([], ["/Library/Keychains/System.keychain"])
    roots = [
        der
        for keychain in keychains
        for der in certificates_of(run(["security", "find-certificate", "-a", "-p", *keychain]))
    ]
    # The settings are keyed by this digest; nothing is signed with it.
    decisions = {
        der: _decision(settings.get(hashlib.sha1(der, usedforsecurity=False).hexdigest().upper())) for der in roots
    }
    return (
        [der for der, trusts in decisions.items() if trusts is True],
        frozenset(der for der, trusts in decisions.items() if trusts is False),
    )


def _trust_settings(run: Run, *domain: str) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.plist"
        run(["security", "trust-settings-export", *domain, str(path)])
        try:
            settings = plistlib.loads(path.read_bytes())["trustList"]
        except (OSError, ValueError, KeyError, TypeError, plistlib.InvalidFileException):
            return {}  # a domain without any
    return settings if isinstance(settings, dict) else {}


def _decision(entry: Any) -> bool | None:
    """Whether settings trust (True) or deny (False) a certificate for servers; None where they say neither."""
    if not isinstance(entry, dict):
        return None
    # Without any, it is a root for everything.
    usages = entry.get("trustSettings") or [{}]
    for usage in usages:
        narrowing_keys = {
            "kSecTrustSettingsPolicyString",
            "kSecTrustSettingsApplication",
            "kSecTrustSettingsAllowedError",
        }
        if narrowing_keys & usage.keys() or usage.get("kSecTrustSettingsPolicyName", "sslServer") != "sslServer":
            continue
        result = usage.get("kSecTrustSettingsResult", _TRUSTED[0])
        if result in _TRUSTED or result == _DENIED:
            return result in _TRUSTED
    return None
