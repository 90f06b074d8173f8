"""How a demonstration begins: with the browser asked for, else in the terminal, and apart from the user's own."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from addon.demo import session
from addon.demo.server import DemoServer
from addon.demo.session import SITES, DemoOptions, switch_on_optional_sites
from addon.desktop.window import BrowserError
from addon.loopback import LOOPBACK
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR


def _fails(_: object) -> None:
    raise BrowserError("画面がありません。", "There is no display.")


def test_a_browser_that_nobody_asked_for_gives_way_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "choose", _fails)
    out = io.StringIO()
    console = Console(file=out, width=200)
    assert session._browser(DemoOptions(Path("x"), browser="none"), console) is None
    assert session._browser(DemoOptions(Path("x"), once=True), console) is None
    assert out.getvalue() == ""
    assert session._browser(DemoOptions(Path("x")), console) is None
    assert "画面がありません。ここに表示します。" in out.getvalue()
    with pytest.raises(BrowserError):
        session._browser(DemoOptions(Path("x"), browser="firefox"), console)


def test_it_keeps_apart_and_reaches_no_host_beyond_this_machine(tmp_path: Path) -> None:
    market = DemoServer(SITES)
    market.port, market.authority = 4433, tmp_path / "authority.pem"
    served = session._served(DemoOptions(tmp_path), tmp_path / "demo", market)
    assert served.is_demo
    assert served.state_dir == tmp_path / "demo"
    assert {resolve.host for resolve in served.resolve} == set(market.hosts)
    assert {(resolve.address, resolve.address_port) for resolve in served.resolve} == {(LOOPBACK, 4433)}


def test_sites_that_are_off_until_wanted_are_on_in_it(tmp_path: Path) -> None:
    koban = koban_in(tmp_path, CLEAR)
    assert not koban.settings.current.is_on("upwork")
    switch_on_optional_sites(koban)
    assert all(koban.settings.current.is_on(site.id) for site in SITES)
