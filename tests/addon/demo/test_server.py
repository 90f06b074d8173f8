"""The offline marketplace: real host names, an authority for them alone, and a page for every address."""

import ssl
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from addon.demo.server import ASSETS, JST, DemoServer, _issue
from addon.demo.session import SITES

NOW = datetime(2026, 11, 30, 12, tzinfo=JST)


@pytest.fixture
def server() -> DemoServer:
    return DemoServer(SITES, lambda: NOW)


def test_the_authority_is_for_these_hosts_and_its_key_is_nowhere(tmp_path: Path) -> None:
    leaf = tmp_path / "server.pem"
    authority = x509.load_pem_x509_certificate(_issue(["crowdworks.jp", "www.lancers.jp"], leaf))
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert constraints.value.permitted_subtrees == [x509.DNSName("crowdworks.jp"), x509.DNSName("www.lancers.jp")]
    assert leaf.stat().st_mode & 0o077 == 0
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(leaf)
    assert b"PRIVATE KEY" not in authority.public_bytes(Encoding.PEM)
    assert [path.name for path in tmp_path.iterdir()] == ["server.pem"], "the authority's key is written nowhere"
    assert leaf.read_text().count("BEGIN PRIVATE KEY") == 1


@pytest.mark.parametrize(
    ("method", "host", "target", "status"),
    [
        ("GET", "crowdworks.jp", "/public/jobs", 200),
        ("HEAD", "crowdworks.jp", "/", 200),
        ("GET", "crowdworks.jp", "/no/such/page", 404),
        ("GET", "example.com", "/", 404),
        ("POST", "crowdworks.jp", "/public/jobs", 405),
        ("GET", "crowdworks.jp", "/koban-demo/../../server.py", 404),
        ("GET", "crowdworks.jp", "/koban-demo/no-such-file.js", 404),
    ],
)
def test_every_address_has_an_answer(server: DemoServer, method: str, host: str, target: str, status: int) -> None:
    answer = server.answer(method, host, target)
    assert answer.status == status
    assert answer.body


def test_its_own_files_come_with_their_type(server: DemoServer) -> None:
    for name, kind in ASSETS.items():
        answer = server.answer("GET", "crowdworks.jp", f"/koban-demo/{name}")
        assert (answer.status, answer.content_type) == (200, kind)


def test_the_first_page_lists_every_site(server: DemoServer) -> None:
    text = server.answer("GET", "crowdworks.jp", "/").body.decode()
    assert all(site.name_ja in text for site in SITES)
