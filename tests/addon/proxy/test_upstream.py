"""The context of connections to sites: no weaker than a browser's."""

import ssl
from pathlib import Path

import pytest

from addon.proxy.upstream import UpstreamCheck, upstream_context
from addon.state.authority import ensure_authority


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    return ensure_authority(tmp_path / "authority", ["crowdworks.jp"]).certificate


def test_a_site_is_verified_and_old_tls_is_not_spoken(trusted: Path) -> None:
    context = upstream_context(trusted)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not context.hostname_checks_common_name
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_no_cipher_is_offered_that_browsers_have_given_up(trusted: Path) -> None:
    names = " ".join(cipher["name"] for cipher in upstream_context(trusted).get_ciphers())
    for weak in ("RC4", "3DES", "NULL", "EXPORT", "MD5"):
        assert weak not in names
    assert "ECDHE" in names


def test_only_what_is_named_is_trusted(trusted: Path, tmp_path: Path) -> None:
    assert len(upstream_context(trusted).get_ca_certs()) == 1
    (tmp_path / "broken.pem").write_text("x", "utf-8")
    with pytest.raises(ssl.SSLError):
        upstream_context(tmp_path / "broken.pem")


class Nowhere:
    """Addresses of names that lead nowhere; counts."""

    asked = 0

    async def of(self, *_: object) -> str:
        self.asked += 1
        raise OSError


async def test_a_host_that_cannot_be_reached_is_tried_again(trusted: Path) -> None:
    addresses = Nowhere()
    check = UpstreamCheck(trusted, {}, addresses)  # type: ignore[arg-type]
    assert await check.trouble("crowdworks.jp", 443) == "unreachable"
    assert await check.trouble("crowdworks.jp", 443) == "unreachable"
    assert addresses.asked == 2


@pytest.mark.parametrize(("resets", "trouble", "asked"), [(1, None, 2), (2, "refused", 2)])
async def test_a_connection_that_is_reset_once_is_a_mishap_and_twice_a_refusal(
    trusted: Path, monkeypatch: pytest.MonkeyPatch, resets: int, trouble: str | None, asked: int
) -> None:
    left = resets
    count = 0

    class Writer:
        async def start_tls(self, *_: object, **__: object) -> None:
            nonlocal left
            if left:
                left -= 1
                raise ConnectionResetError

        def close(self) -> None:
            pass

    async def open_connection(*_: object) -> tuple[None, Writer]:
        nonlocal count
        count += 1
        return None, Writer()

    monkeypatch.setattr("asyncio.open_connection", open_connection)
    check = UpstreamCheck(trusted, {("crowdworks.jp", 443): ("192.0.2.1", 443)}, Nowhere())  # type: ignore[arg-type]
    assert await check.trouble("crowdworks.jp", 443) == trouble
    assert count == asked
