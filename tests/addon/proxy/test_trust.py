"""Whom Koban believes about a site: what this machine's browsers believe, wherever that is kept."""

import asyncio
import hashlib
import plistlib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from addon.app import running
from addon.health import HealthLink
from addon.proxy import trust
from addon.proxy.trust import certificates_of, upstream_trust
from addon.state.authority import Authority as Own
from addon.state.authority import ensure_authority
from addon.state.bypass import BYPASS_FILE, LASTS, Bypass, troubles_in
from addon.state.options import Resolve, ServeOptions
from tests.addon.health_parts import links_of, links_with
from tests.addon.proxy.conftest import HOST
from tests.addon.proxy.test_upstream_honesty import leaf_of, seen_through
from tests.addon.proxy.upstream import Authority, Upstream

BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return ensure_authority(tmp_path / "authority", [HOST])


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """A system whose file holds one authority."""
    authority = Authority.make("system")
    path = authority.save(tmp_path / "system.pem")
    monkeypatch.setattr(trust, "_bundle", lambda: path)
    return authority


def der(authority: Authority) -> bytes:
    return authority.certificate.public_bytes(Encoding.DER)


def believed(path: Path) -> set[bytes]:
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(str(path))
    return set(certificates_of(path.read_bytes()))


def test_where_nothing_is_added_the_systems_file_is_taken_as_it_is(tmp_path: Path, own: Own) -> None:
    assert upstream_trust(tmp_path, None, own, {}, "linux") == tmp_path / "system.pem"


def test_field_17_a_file_that_other_programs_are_told_of_counts(tmp_path: Path, own: Own, system: Authority) -> None:
    company = Authority.make("company")
    environment = {"REQUESTS_CA_BUNDLE": str(company.save(tmp_path / "company.pem"))}
    assert believed(upstream_trust(tmp_path, None, own, environment, "linux")) == {der(system), der(company)}


@pytest.mark.parametrize(
    "content", [None, b"", b"rubbish", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_field_17_a_file_that_is_none_spoils_nothing(tmp_path: Path, own: Own, content: bytes | None) -> None:
    path = tmp_path / "named.pem"
    if content is not None:
        path.write_bytes(content)
    for named in (path, tmp_path):
        found = upstream_trust(tmp_path, None, own, {"REQUESTS_CA_BUNDLE": str(named)}, "linux")
        assert found == tmp_path / "system.pem"


def test_kobans_own_authorities_are_never_believed(tmp_path: Path, own: Own, system: Authority) -> None:
    earlier = ensure_authority(tmp_path / "earlier", [HOST])
    path = tmp_path / "system.pem"
    path.write_bytes(path.read_bytes() + own.certificate.read_bytes())
    assert believed(upstream_trust(tmp_path, None, own, {}, "linux")) == {der(system)}
    found = upstream_trust(tmp_path, earlier.certificate, own, {}, "linux")
    assert believed(found) == {der(system)}


def test_field_17_what_windows_trusts_is_believed(tmp_path: Path, own: Own, system: Authority) -> None:
    company, mail, other, denied = (Authority.make(name) for name in ("company", "mail", "other", "denied"))
    held: dict[str, list[tuple[bytes, str, Any]]] = {
        "ROOT": [
            (der(company), "x509_asn", True),
            (der(other), "x509_asn", {"1.3.6.1.5.5.7.3.1"}),
            (der(mail), "x509_asn", {"1.3.6.1.5.5.7.3.4"}),
            (der(mail), "x509_asn", False),
            (b"rubbish", "pkcs_7_asn", True),
            (der(denied), "x509_asn", True),
        ],
        "Disallowed": [(der(denied), "x509_asn", True)],
    }
    found = upstream_trust(tmp_path, None, own, {}, "win32", windows_store=lambda name: held[name])
    assert believed(found) == {der(system), der(company), der(other)}


class Mac:
    """A pretended `security`."""

    def __init__(self, keychains: dict[str, list[Authority]], settings: dict[str, dict[str, Any]]) -> None:
        self.keychains = keychains
        self.settings = settings

    def __call__(self, command: Sequence[str]) -> bytes:
        if command[1] == "find-certificate":
            keychain = command[4] if len(command) > 4 else "login"
            return b"".join(one.certificate.public_bytes(Encoding.PEM) for one in self.keychains.get(keychain, []))
        assert command[1] == "trust-settings-export"
        settings = self.settings.get("admin" if "-d" in command else "user")
        if settings is not None:
            Path(command[-1]).write_bytes(plistlib.dumps({"trustList": settings, "trustVersion": 1}))
        return b""


def digest(authority: Authority) -> str:
    return hashlib.sha1(der(authority)).hexdigest().upper()


def test_field_17_what_macos_is_told_to_trust_is_believed(tmp_path: Path, own: Own, system: Authority) -> None:
    names = ("company", "scanner", "mail", "denied", "unsaid", "narrow", "overruled")
    company, scanner, mail, denied, unsaid, narrow, overruled = (Authority.make(name) for name in names)
    ssl_policy = {"kSecTrustSettingsPolicyName": "sslServer"}
    mac = Mac(
        {
            "login": [scanner, mail, unsaid, narrow],
            "/Library/Keychains/System.keychain": [company, denied, overruled],
        },
        {
            "user": {
                digest(scanner): {"trustSettings": [ssl_policy | {"kSecTrustSettingsResult": 2}]},
                digest(mail): {"trustSettings": [{"kSecTrustSettingsPolicyName": "SMIME"}]},
                digest(narrow): {"trustSettings": [ssl_policy | {"kSecTrustSettingsPolicyString": "one.example"}]},
                digest(overruled): {"trustSettings": [{"kSecTrustSettingsResult": 3}]},
            },
            "admin": {
                digest(company): {"trustSettings": []},
                digest(denied): {"trustSettings": [ssl_policy | {"kSecTrustSettingsResult": 3}]},
                digest(overruled): {"trustSettings": []},
            },
        },
    )
    found = upstream_trust(tmp_path, None, own, {}, "darwin", run=mac)
    assert believed(found) == {der(system), der(company), der(scanner)}


def test_field_17_a_mac_that_says_nothing_is_taken_at_its_files(tmp_path: Path, own: Own) -> None:
    assert upstream_trust(tmp_path, None, own, {}, "darwin", run=Mac({}, {})) == tmp_path / "system.pem"


@pytest.mark.slow
async def test_field_17_a_site_behind_a_companys_root_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = Authority.make("company")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(company.save(tmp_path / "company.pem")))
    certificate = company.issue(tmp_path, HOST)
    async with Upstream(certificate) as upstream:
        resolve = (Resolve(HOST, 443, "127.0.0.1", upstream.port),)
        options = ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path / "state", resolve=resolve)
        async with running(options) as koban:
            assert await seen_through(koban) != leaf_of(certificate)
            assert koban.bypass.current() == []


def left_alone(state_dir: Path, now: datetime) -> list[HealthLink]:
    """What the doctor says of the hosts in the file of a running Koban."""
    return links_with(troubles=troubles_in(state_dir / BYPASS_FILE, now))


@pytest.mark.slow
async def test_field_17_the_doctor_names_who_is_left_alone(tmp_path: Path) -> None:
    certificate = Authority.make("company").issue(tmp_path, HOST)
    async with Upstream(certificate) as upstream:
        resolve = (Resolve(HOST, 443, "127.0.0.1", upstream.port),)
        options = ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path / "state", resolve=resolve)
        async with running(options) as koban:
            await seen_through(koban)
            here = ServeOptions(listen_port=koban.proxy_port, api_port=koban.api_port, state_dir=options.state_dir)
            # Beside the loop, which answers what the doctor asks of its port.
            links = await asyncio.to_thread(links_of, here)
            (link,) = [link for link in links if HOST in link.what.ja]
            bypassed = koban.bypass.get(HOST)
    assert bypassed is not None
    assert link.holds is False
    assert f"{bypassed.until.astimezone():%H:%M}" in link.what.ja
    assert "確かめられません" in link.what.ja
    assert "cannot be verified" in link.what.en
    assert link.repair is not None
    assert "start Koban again" in link.repair.en
    assert not [link for link in links_of(here) if HOST in link.what.ja], (
        "nobody is left alone by a Koban that has ended"
    )


@pytest.mark.slow
async def test_field_17_a_site_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    certificate = Authority.make("company").issue(tmp_path, HOST)
    upstream = Upstream(certificate)
    async with upstream:
        resolve = (Resolve(HOST, 443, "127.0.0.1", upstream.port),)
    options = ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path / "state", resolve=resolve)
    async with running(options) as koban:
        await seen_through(koban)
        (link,) = left_alone(options.state_dir, datetime.now(UTC))
        assert koban.bypass.current() == []
    assert (link.holds, link.what.ja) == (False, f"{HOST}: つながりませんでした")


def test_each_reason_is_told_until_it_has_passed(tmp_path: Path) -> None:
    now = NOW
    bypass = Bypass(lambda: now, tmp_path / BYPASS_FILE)
    bypass.add("lancers.jp", "bot-check")
    bypass.add("crowdworks.jp", "upstream-tls")
    bypass.mark_unreachable("coconala.com")
    told = {one.host: one.reason for one in troubles_in(tmp_path / BYPASS_FILE, now)}
    assert told == {"lancers.jp": "bot-check", "crowdworks.jp": "upstream-tls", "coconala.com": "unreachable"}
    assert [link.holds for link in left_alone(tmp_path, now)] == [False, None, False]
    bypass.mark_reachable("coconala.com")
    assert [link.holds for link in left_alone(tmp_path, now)] == [False, None]
    assert [link.holds for link in left_alone(tmp_path, now + LASTS["upstream-tls"])] == [None]
    assert left_alone(tmp_path, now + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"troubles": [{"host": "x"}]}', b'[{"host": 1, "reason": 2, "until": "x"}]']
)
def test_a_file_that_cannot_be_read_names_nobody(tmp_path: Path, content: bytes) -> None:
    (tmp_path / BYPASS_FILE).write_bytes(content)
    assert left_alone(tmp_path, NOW) == []


def test_a_new_session_begins_with_nobody_left_alone(tmp_path: Path) -> None:
    Bypass(lambda: NOW, tmp_path / BYPASS_FILE).add(HOST, "refused")
    Bypass(lambda: NOW, tmp_path / BYPASS_FILE)
    assert troubles_in(tmp_path / BYPASS_FILE, NOW) == []


def test_a_file_that_cannot_be_written_does_not_keep_anyone_from_stepping_aside(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    bypass = Bypass(lambda: NOW, tmp_path / "file" / BYPASS_FILE)
    bypass.add(HOST, "refused")
    assert bypass.get(HOST) is not None
