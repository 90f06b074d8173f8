"""Koban killed in the middle: the browser reaches the site all the same, and a new start has all settings back."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from addon.desktop.browsers import Browser
from addon.desktop.pac import pac, pac_url
from addon.state.authority import spki_hash
from addon.state.settings import SettingsStore
from tests.addon.proxy.upstream import Authority
from tests.browser.stage import PATIENCE, START_PATIENCE, eventually
from tests.browser.test_constraint import OURS, served

pytestmark = pytest.mark.browser


def started(state: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A Koban of its own process, and its proxy's port."""
    log = state / "said.txt"
    with log.open("wb") as said:
        command = [str(Path(sys.executable).parent / "koban"), "serve", "--state-dir", str(state)]
        process = subprocess.Popen(
            [*command, "--listen-port", "0", "--api-port", "0"],
            stdout=said,
            stderr=said,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    said_port = re.compile(r"proxy +http://127\.0\.0\.1:(\d+)")
    found = eventually(lambda: said_port.search(log.read_text()), patience=START_PATIENCE)
    assert found is not None
    return process, int(found[1])


def test_a_killed_koban_does_not_keep_anyone_from_the_site(chromium_here: Browser, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    SettingsStore(state / "settings.json").patch({"rules": {"direct-contract": False}, "guard": False})
    process, port = started(state)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    authority = Authority.make()
    certificate = authority.issue(tmp_path, OURS)
    with served(certificate) as site:
        shown = subprocess.run(
            [
                *chromium_here.command,
                *("--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"),
                *(f"--user-data-dir={tmp_path}/profile", f"--host-resolver-rules=MAP {OURS} 127.0.0.1:{site}"),
                f"--proxy-pac-url={pac_url(pac([OURS], port, direct_if_down=True))}",
                f"--ignore-certificate-errors-spki-list={spki_hash(_leaf(certificate))}",
                *("--dump-dom", f"https://{OURS}/"),
            ],
            env=os.environ | {"HOME": str(tmp_path)},
            capture_output=True,
            timeout=2 * PATIENCE,
            check=False,
        )
    assert b"<p>shown</p>" in shown.stdout
    again, _ = started(state)
    again.send_signal(signal.SIGKILL)
    again.wait(60)
    kept = json.loads((state / "settings.json").read_text())
    assert (kept["rules"], kept["guard"]) == ({"direct-contract": False}, False)


def _leaf(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())
