"""Koban running: the proxy and the loopback API, in one process and one event loop; pages are judged in another."""

import asyncio
import contextlib
import importlib
import importlib.metadata
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mitmproxy import options

from addon.api.models import AsideStatus, HealthLink, ProxyStatus, Recording
from addon.api.pairing import Pairing
from addon.connections import Connections, most_connections, raise_file_limit
from addon.garbage import Collecting
from addon.judging.process import BEGINNING, Judge, JudgingProcess, NotReady
from addon.language import say
from addon.proxy import bounds, http_layers, mitm
from addon.proxy.addresses import Addresses
from addon.proxy.bypass import ASIDE_FILE, Aside
from addon.proxy.failure_page import FailurePages
from addon.proxy.gate import Gate, allow_patterns, decrypted_hosts, redirections
from addon.proxy.injection import PATIENCE, Injection, Patience
from addon.proxy.refusals import Stepping
from addon.proxy.trust import upstream_trust
from addon.proxy.upstream import CIPHERS, UpstreamCheck
from addon.state.authority import Authority, ensure_authority
from addon.state.options import ServeOptions
from addon.state.settings import Settings, SettingsStore
from addon.verdicts.log import VerdictLog
from extractors import SITES
from rules.model import Text

if TYPE_CHECKING:
    from addon.api.service import Served

LOOPBACK = "127.0.0.1"
SWITCH = 0.001
"""Seconds that a thread beside the event loop may compute before the loop gets its turn (Python's own: 0.005)."""


class CannotStart(Exception):
    """Koban cannot start; the text says why, in words for its user (Japanese / English)."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running Koban, for whoever started it."""

    proxy_port: int
    api: "Served"
    authority: Authority
    pairing: Pairing
    settings: SettingsStore
    log: VerdictLog
    aside: Aside
    judge: Judge

    @property
    def api_port(self) -> int:
        return self.api.port

    def pairing_link(self) -> str:
        """A new link that pairs one extension; good once, for ten minutes."""
        return f"http://{LOOPBACK}:{self.api_port}/pair#{self.pairing.open_code()}"


def version() -> str:
    """The installed version of Koban."""
    return importlib.metadata.version("koban")


@contextlib.asynccontextmanager
async def running(
    serve_options: ServeOptions, judge: Judge | None = None, patience: Patience = PATIENCE
) -> AsyncIterator[Running]:
    """Koban, for as long as the context lasts. Raises CannotStart, or CatalogError for a broken rule file.

    judge: another than a process with the catalog's rules, for tests; nothing is remembered then.
    patience: how long a page's end waits for its verdict.
    """
    sys.setswitchinterval(SWITCH)
    state = serve_options.state_dir
    async with contextlib.AsyncExitStack() as stack:
        try:
            state.mkdir(parents=True, exist_ok=True, mode=0o700)
            settings = SettingsStore(state / "settings.json")
            process = None
            if judge is None:
                # First, so that it gets ready beside all that follows.
                judge = process = JudgingProcess(state, serve_options.history_url, lambda: settings.current)
                stack.callback(process.close)
                process.begin()
            domains = [domain for site in SITES for domain in site.domains]
            authority = ensure_authority(state / "authority", domains)
            trusted = upstream_trust(state, serve_options.upstream_ca, authority)
            pairing = Pairing(state / "paired.json")
        except OSError as error:
            raise CannotStart(
                say(f"{state} を使えません: {error.strerror}", f"cannot use {state}: {error.strerror}")
            ) from None
        verdicts = VerdictLog(settings)
        aside = Aside(file=state / ASIDE_FILE)
        stack.callback(aside.end)
        proxy_port = _free_port(serve_options.listen_port, "--listen-port", serve_options.api_port)
        master = await stack.enter_async_context(
            _proxy(serve_options, proxy_port, authority, trusted, judge, verdicts, settings, aside, patience)
        )
        # It takes as long to import as the proxy, which listens meanwhile.
        await asyncio.to_thread(importlib.import_module, "addon.api.service")
        from addon.api.service import Parts, served

        if process is not None:
            try:
                await asyncio.to_thread(process.ready)
            except EOFError:
                raise CannotStart(say("ページを調べるしくみを始められません", "the judging does not start")) from None
            except NotReady:
                raise CannotStart(
                    say(
                        f"ページを調べるしくみの準備が{BEGINNING:.0f}秒たっても終わりません",
                        f"the judging is not ready after {BEGINNING:.0f} seconds",
                    )
                ) from None
        parts = Parts(
            version=version(),
            options=serve_options,
            settings=settings,
            log=verdicts,
            pairing=pairing,
            judge=judge,
            proxy=lambda: ProxyStatus(
                port=proxy_port,
                listening=not master.should_exit.is_set(),
                aside=[AsideStatus(host=one.host, reason=one.reason, until=one.until) for one in aside.now()],
            ),
            health=lambda port, recording: _health(
                replace(serve_options, listen_port=proxy_port, api_port=port), recording
            ),
        )
        listen = partial(_listener, serve_options.api_port, "--api-port")
        api = await stack.enter_async_context(served(parts, listen))
        yield Running(proxy_port, api, authority, pairing, settings, verdicts, aside, judge)


def _health(serve_options: ServeOptions, recording: Recording) -> list[HealthLink]:
    # The doctor looks for browsers, and opening those needs what is defined here.
    from addon.cli.doctor import examine, remembering

    return [
        HealthLink(
            holds=link.holds,
            what=Text(ja=link.ja, en=link.en),
            repair=Text(ja=link.repair_ja, en=link.repair_en) if link.holds is False else None,
        )
        for link in (*examine(serve_options), *remembering(recording))
    ]


@contextlib.asynccontextmanager
async def _proxy(
    serve_options: ServeOptions,
    port: int,
    authority: Authority,
    trusted: Path,
    judge: Judge,
    verdicts: VerdictLog,
    settings: SettingsStore,
    aside: Aside,
    patience: Patience,
) -> AsyncIterator[mitm.Master]:
    # Its lines name addresses, and some of its warnings quote what a server sent.
    logging.getLogger("mitmproxy").setLevel(logging.CRITICAL)
    http_layers.install()
    bounds.install()
    hosts = decrypted_hosts(SITES)
    sites = {host: site for site in SITES for host in site.hosts}

    def is_off(host: str) -> bool:
        if serve_options.is_demo:
            return False
        current = settings.current
        return current.is_paused(datetime.now(UTC)) or not current.is_on(sites[host].id)

    master = mitm.Master(options.Options())
    server = mitm.proxyserver.Proxyserver()
    stepping = Stepping(sites, aside, verdicts, lambda: server.connections.values(), is_off)
    loop = asyncio.get_running_loop()

    def settings_changed(_: Settings) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(stepping.settings_changed)

    settings.listen(settings_changed)
    addresses = Addresses()
    connections = Connections(most_connections(raise_file_limit(), bounds.MOST_CONNECTIONS))
    upstream = UpstreamCheck(trusted, redirections(serve_options.resolve), addresses)
    # Only what is needed of mitmproxy's addons: no scripts, no replay, no page of its own (mitm.it).
    master.addons.add(
        mitm.core.Core(),
        Collecting(),
        Gate(hosts, serve_options.resolve, aside, upstream, is_off, addresses),
        Injection(sites, judge.check, verdicts, settings, patience=patience),
        stepping,
        FailurePages(sites, aside, is_off),
        mitm.strip_dns_https_records.StripDnsHttpsRecords(),
        mitm.disable_h2c.DisableH2C(),
        server,
        mitm.next_layer.NextLayer(),
        bounds.Doorkeeping(connections, lambda: server.connections),
        mitm.tlsconfig.TlsConfig(),
    )
    master.options.update(
        listen_host=LOOPBACK,
        listen_port=port,
        confdir=str(authority.folder),
        allow_hosts=allow_patterns(hosts),
        # Names copied from upstream would break the authority's constraints; a leaf is for the asked name only.
        upstream_cert=False,
        connection_strategy="lazy",
        ssl_verify_upstream_trusted_ca=str(trusted),
        tls_version_server_min="TLS1_2",
        tls_version_client_min="TLS1_2",
        ciphers_server=CIPHERS,
        store_streamed_bodies=False,
        validate_inbound_headers=True,
        showhost=False,
    )
    task = asyncio.create_task(master.run())
    try:
        await _listening(server, task)
        yield master
    finally:
        master.shutdown()
        await asyncio.wait({task}, timeout=5)


async def _listening(server: mitm.proxyserver.Proxyserver, task: "asyncio.Task[None]") -> None:
    for _ in range(500):
        if server.listen_addrs():
            return
        if task.done():
            task.result()
            break
        await asyncio.sleep(0.01)
    raise CannotStart(say("通信を確認するしくみを始められません", "the proxy does not start"))


def _listener(port: int, option: str, api_port: int | None = None) -> socket.socket:
    """A socket that listens. api_port: where Koban's API would be, if it is Koban itself that has the port."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        from addon.api.presence import who_listens

        if who_listens(port if api_port is None else api_port) == "koban":
            raise CannotStart(
                say(
                    "Koban はもう動いています。その窓をお使いください。終えるには、始めた端末で Ctrl-C を押します。",
                    "Koban is running already: use its window. To end it, press Ctrl-C in the terminal it runs in.",
                )
            ) from None
        raise CannotStart(
            say(
                f"ポート {port} は使えません（{error.strerror}）。{option} で別の番号を選べます。",
                f"Port {port} cannot be used ({error.strerror}). Choose another with {option}.",
            )
        ) from None


def _free_port(port: int, option: str, api_port: int) -> int:
    with _listener(port, option, api_port) as listener:
        return int(listener.getsockname()[1])


async def wait_for_end(signals: Iterable[signal.Signals] = (signal.SIGINT, signal.SIGTERM)) -> None:
    """Wait until the user or the system ends the program."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in signals:
        try:
            loop.add_signal_handler(each, ended.set)
        except NotImplementedError:  # Windows
            signal.signal(each, lambda *_: loop.call_soon_threadsafe(ended.set))
    await ended.wait()
