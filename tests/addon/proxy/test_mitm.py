"""mitmproxy's few addons without the others, and the whole of it for whoever asks later."""

import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from mitmproxy import exceptions, options
from mitmproxy.proxy.layers.http._hooks import HttpResponseHook
from mitmproxy.test import tflow

from addon.proxy.mitm import Master, alone

HEAVY = {
    "flask",
    "ldap3",
    "werkzeug",
    "mitmproxy.addons.onboarding",
    "aioquic.quic.connection",
    "pyparsing.core",
    "ruamel.yaml.main",
}


def said(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_what_koban_never_runs_is_not_imported() -> None:
    assert said(f"import sys, addon.proxy.server; print(*{HEAVY} & set(sys.modules))") == ""


@pytest.mark.slow
def test_what_is_asked_for_all_the_same_is_there() -> None:
    program = """
import addon.proxy.server
from mitmproxy.addons.tlsconfig import CipherSuite, H3_ALPN
from mitmproxy.command import unquote
from mitmproxy.proxy.layers import QuicStreamLayer
from mitmproxy.proxy.layers.http import Http3Client, quic
from mitmproxy.proxy.layers.quic import QuicStreamDataReceived
event = QuicStreamDataReceived(None, 0, b"", False)
print(isinstance(event, quic.QuicStreamEvent), isinstance(event, Http3Client), isinstance(1, QuicStreamLayer))
print(unquote("'x'"), list(H3_ALPN), CipherSuite["AES_128_GCM_SHA256"].value)
"""
    assert said(program).splitlines() == ["True False False", "x ['h3'] 4865"]


@pytest.mark.slow
def test_a_proxy_that_runs_needs_nothing_of_it(tmp_path: Path) -> None:
    program = f"""
import asyncio, sys
from addon.proxy import mitm
from mitmproxy import options
from addon.imports import PostponedModule
async def main():
    master = mitm.Master(options.Options())
    server = mitm.proxyserver.Proxyserver()
    master.addons.add(mitm.core.Core(), server, mitm.next_layer.NextLayer(), mitm.tlsconfig.TlsConfig())
    master.options.update(listen_host="127.0.0.1", listen_port=0, confdir={str(tmp_path)!r})
    running = asyncio.create_task(master.run())
    while not server.listen_addrs():
        await asyncio.sleep(0.01)
    master.shutdown()
    await running
asyncio.run(main())
print(*sorted(name for name, module in sys.modules.items() if isinstance(module, PostponedModule)))
"""
    assert said(program).split() == [
        "aioquic.h3.connection",
        "aioquic.tls",
        "mitmproxy.command_lexer",
        "mitmproxy.proxy.layers.http._http3",
        "mitmproxy.proxy.layers.quic",
        "pyparsing",
        "ruamel.yaml",
    ]


@pytest.mark.slow
def test_who_asks_for_all_addons_later_gets_them_and_the_same_modules() -> None:
    program = """
from addon.proxy import mitm
import mitmproxy.addons
import mitmproxy.addons.core
print(mitmproxy.addons.core is mitm.core, len(mitmproxy.addons.default_addons()) > 20)
"""
    assert said(program) == "True True"


@pytest.mark.slow
def test_where_all_were_imported_before_nothing_changes() -> None:
    program = """
import mitmproxy.addons
before = mitmproxy.addons
from addon.proxy import mitm
import sys
print(sys.modules["mitmproxy.addons"] is before, before.core is mitm.core)
"""
    assert said(program) == "True True"


@pytest.mark.parametrize("name", ["no_such_package", "json.decoder"])
def test_what_is_no_package_is_said(name: str) -> None:
    sys.modules.pop(name, None)
    with pytest.raises(ImportError), alone(name):
        pass


class Addon:
    """Notes each answer that it is given; then does as it is told."""

    def __init__(self, name: str, calls: list[str], error: Exception | None = None) -> None:
        self.name = name
        self._calls = calls
        self._error = error

    async def response(self, _flow: object) -> None:
        self._calls.append(self.name)
        if self._error is not None:
            raise self._error


async def test_each_addon_is_called_in_its_order_also_one_that_was_added_later() -> None:
    master, calls = Master(options.Options()), list[str]()
    master.addons.add(Addon("first", calls), SimpleNamespace(name="without handlers"))
    await master.addons.handle_lifecycle(HttpResponseHook(tflow.tflow(resp=True)))
    assert calls == ["first"]
    master.addons.add(Addon("second", calls))
    await master.addons.handle_lifecycle(HttpResponseHook(tflow.tflow(resp=True)))
    assert calls == ["first", "first", "second"]


async def test_an_addon_that_fails_keeps_no_other_from_its_turn_and_quotes_no_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    master, calls = Master(options.Options()), list[str]()
    master.addons.add(Addon("first", calls, ValueError("text of a page")), Addon("second", calls))
    with caplog.at_level(logging.ERROR, "koban.proxy"):
        await master.addons.handle_lifecycle(HttpResponseHook(tflow.tflow(resp=True)))
    assert calls == ["first", "second"]
    assert "response failed: ValueError" in caplog.text
    assert "text of a page" not in caplog.text


async def test_an_addon_may_keep_the_others_from_their_turn() -> None:
    master, calls = Master(options.Options()), list[str]()
    master.addons.add(Addon("first", calls, exceptions.AddonHalt()), Addon("second", calls))
    await master.addons.handle_lifecycle(HttpResponseHook(tflow.tflow(resp=True)))
    assert calls == ["first"]


async def test_who_listens_to_changes_of_flows_is_told_of_each() -> None:
    master, changes = Master(options.Options()), list[int]()
    master.addons.add(SimpleNamespace(name="view", update=lambda flows: changes.append(len(flows))))
    await master.addons.handle_lifecycle(HttpResponseHook(tflow.tflow(resp=True)))
    assert changes == [1]
