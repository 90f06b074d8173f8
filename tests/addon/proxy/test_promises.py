"""Promises of docs/security.md that no other test holds Koban to."""

import json
import logging
import re
import resource
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from addon.cli.commands import COMMANDS
from addon.cli.main import load
from addon.decoding import MOST_UNPACKED
from addon.desktop.window import EXTENSIONS
from addon.state.options import ServeOptions
from extractors.descriptor import descriptors
from tests.addon.proxy.conftest import HOST, NAVIGATION, Start
from tests.addon.proxy.test_upstream_honesty import seen_through
from tests.addon.proxy.upstream import Answer
from tests.addon.test_decoding import bomb

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CANARIES = ["canary-in-text", "canary-in-cookie", "canary-in-address", "canary-in-header", "canary-in-json"]


async def test_nothing_of_a_page_is_logged_or_left_on_disk(
    bench: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "koban")
    page = f"<!doctype html><p>{CANARIES[0]} 手数料がもったいないので直接契約でお願いします。</p>".encode()
    headers = NAVIGATION | {"Cookie": f"s={CANARIES[1]}", "X-Own": CANARIES[3]}
    async with bench() as b, b.client() as client:
        for answer in (
            Answer([page], [("Content-Type", "text/html"), ("Set-Cookie", f"s={CANARIES[1]}")]),
            Answer([b"\xff\x00" + page], [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]),
            Answer([f'{{"messages": "{CANARIES[4]}"}}'.encode()], [("Content-Type", "application/json")]),
            Answer(framing="hang-up"),
        ):
            b.answer(answer)
            try:
                await client.get(f"https://{HOST}/public/jobs/{CANARIES[2]}?q={CANARIES[2]}", headers=headers)
            except Exception:
                assert answer.framing == "hang-up" or answer.chunks[0].startswith(b"\xff")
    written = "".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file())
    for canary in CANARIES:
        assert canary not in written
        assert canary.encode() not in kept


async def test_a_leaf_is_for_one_name_and_short_lived(bench: Start) -> None:
    async with bench() as b:
        shown = await seen_through(b.koban)
    assert shown is not None
    leaf = x509.load_der_x509_certificate(shown)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [HOST]
    assert names.get_values_for_type(x509.IPAddress) == []
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=200), "Chromium's bound"


def test_no_option_turns_the_verification_off() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "addon").rglob("*.py"))
    assert "ssl_insecure" not in sources
    assert "CERT_NONE" not in sources
    fields = set(ServeOptions.__dataclass_fields__)
    assert not [name for name in fields if re.search("insecure|verify|ssl", name)]
    # `koban report --verify` looks at files.
    commands = [load(name) for name in COMMANDS if name != "report"]
    commands += [command for group in commands for command in getattr(group, "commands", {}).values()]
    options = [option for command in commands for param in command.params for option in param.opts]
    assert "--upstream-ca" in options
    assert not [option for option in options if re.search("insecure|verify", option)]


def test_no_key_is_in_the_project() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    marks = (b"-----BEGIN " + kind + b"PRIVATE KEY-----" for kind in (b"", b"RSA ", b"EC ", b"ENCRYPTED "))
    found = tuple(marks)
    for name in listed.stdout.decode().splitlines():
        path = ROOT / name
        if path.is_file():
            assert not any(mark in path.read_bytes() for mark in found), name


@pytest.mark.parametrize(
    ("lock", "least"),
    [("requirements.lock", 50), ("benchmarks/requirements.lock", 10), ("docs/requirements.lock", 9)],
)
def test_every_package_is_pinned_by_hash(lock: str, least: int) -> None:
    lines = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", " "))]
    assert len(packages) > least
    assert all("==" in line and "--hash=sha256:" in line for line in packages)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_page_that_swells_keeps_memory_bounded(bench: Start, encoding: str) -> None:
    packed = bomb(encoding, b"<p>")
    async with bench(Answer([packed], [("Content-Type", "text/html"), ("Content-Encoding", encoding)])) as b:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        async with b.client() as client, client.stream("GET", f"https://{HOST}/", headers=NAVIGATION) as got:
            size = 0
            async for part in got.aiter_raw():
                size += len(part)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        shown = b.koban.verdicts.shown(f"https://{HOST}/")
    assert size <= MOST_UNPACKED + len(packed)
    assert grown < 260_000, "kilobytes: less than what it swells to, on both sides of the connection"
    assert shown is not None
    assert shown.verdict.state == "not-checked"


def test_every_promise_of_the_security_page_has_its_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^ *(?:async )?def (test_\w+)\(", sources, re.MULTILINE))
    assert len(named) > 50
    assert named <= defined, sorted(named - defined)


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_the_extension_asks_for_no_more_than_it_needs(browser: str) -> None:
    built = EXTENSIONS / f"{browser}-mv3" / "manifest.json"
    if not built.is_file():
        pytest.skip("the extension is not built")
    manifest = json.loads(built.read_text("utf-8"))
    # `scripting`: the same scripts on an optional site, once its user gave leave for it.
    assert manifest["permissions"] == ["storage", "alarms", "scripting", "activeTab"]
    assert manifest["optional_permissions"] == ["notifications"]
    hosts = {f"https://{host}/*" for site in descriptors().values() if not site.optional for host in site.hosts}
    optional = {f"https://{host}/*" for site in descriptors().values() if site.optional for host in site.hosts}
    assert set(manifest["host_permissions"]) == hosts | {"http://127.0.0.1/*"}
    assert set(manifest["optional_host_permissions"]) == optional
    assert not {"web_accessible_resources", "externally_connectable", "content_security_policy"} & manifest.keys()
