"""Real browsers that trust Koban's authority refuse what its key signs for anyone but the marketplaces."""

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from addon.desktop.browsers import Browser
from addon.desktop.firefox import trust, user_js
from addon.desktop.trust import NssStore
from addon.state.authority import ensure_authority
from extractors import SITES
from tests.addon.proxy.upstream import Answer, Authority, Upstream
from tests.browser.stage import PATIENCE

pytestmark = pytest.mark.browser
PAGE = b"<!doctype html><title>t</title><p>shown</p><script>document.title = 'shown'</script>"
OURS, OTHERS = "crowdworks.jp", "bank.example"


@contextmanager
def served(certificate: Path) -> Iterator[int]:
    """A server with a certificate, for as long as the context lasts; its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    upstream = Upstream(certificate, lambda _: Answer([PAGE]))
    asyncio.run_coroutine_threadsafe(upstream.__aenter__(), loop).result(PATIENCE)
    try:
        yield upstream.port
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


@pytest.fixture
def key_holder(tmp_path: Path) -> Authority:
    """Whoever has the key of an installation."""
    made = ensure_authority(tmp_path / "authority", [domain for site in SITES for domain in site.domains])
    return Authority.of_koban(made.folder)


@pytest.mark.parametrize(("host", "taken"), [(OURS, True), (f"www.{OURS}", True), (OTHERS, False)])
def test_chromium(chromium_here: Browser, key_holder: Authority, tmp_path: Path, host: str, taken: bool) -> None:
    if shutil.which("certutil") is None:
        pytest.skip("certutil, which fills the trust store, was not found")
    home = tmp_path / "home"
    store = NssStore("test", home / ".pki/nssdb")
    assert store.add(tmp_path / "authority" / "koban-authority.pem")
    with served(key_holder.issue(tmp_path, host)) as port:
        shown = subprocess.run(
            [
                *chromium_here.command,
                *("--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"),
                *(f"--user-data-dir={home}/profile", f"--host-resolver-rules=MAP * 127.0.0.1:{port}"),
                *("--dump-dom", f"https://{host}/"),
            ],
            env=os.environ | {"HOME": str(home)},
            capture_output=True,
            timeout=2 * PATIENCE,
            check=False,
        )
    assert (b"<p>shown</p>" in shown.stdout) is taken


@pytest.mark.parametrize(("host", "taken"), [(OURS, True), (OTHERS, False)])
def test_firefox(firefox_here: Browser, key_holder: Authority, tmp_path: Path, host: str, taken: bool) -> None:
    from tests.browser.bidi import Driven, listening

    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(user_js({"network.dns.forceResolve": "127.0.0.1", "network.proxy.type": 0}))
    trust(profile, tmp_path / "authority" / "koban-authority.pem")
    log = tmp_path / "firefox.log"
    with served(key_holder.issue(tmp_path, host)) as port, log.open("wb") as written:
        process = subprocess.Popen(
            [
                *firefox_here.command,
                *("--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0", "about:blank"),
            ],
            stdout=written,
            stderr=written,
            env=os.environ | {"HOME": str(tmp_path)},
        )
        try:
            driven = Driven(listening(log))
            if taken:
                driven.go(f"https://{host}:{port}/")
                assert driven.value("document.title") == "shown"
            else:
                with pytest.raises(AssertionError, match=r"(?i)CERT|SEC_ERROR|certificate"):
                    driven.go(f"https://{host}:{port}/")
        finally:
            process.kill()
            process.wait()
