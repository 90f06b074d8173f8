"""The proxy between the browser and the marketplaces: mitmproxy with Koban's addons."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mitmproxy import options

from addon.connections import Connections, most_connections
from addon.garbage import Collecting
from addon.koban import Koban, Renewal
from addon.language import say
from addon.loopback import LOOPBACK, CannotStart
from addon.proxy import bounds, http_layers, mitm, preconnect
from addon.proxy.addresses import Addresses
from addon.proxy.crashes import ending_crashed
from addon.proxy.failure_page import FailurePages
from addon.proxy.files import Files
from addon.proxy.gate import Gate, allow_patterns, redirections
from addon.proxy.injection import PATIENCE, Injection, Patience
from addon.proxy.refusals import RefusalDetector
from addon.proxy.upstream import CIPHERS, UpstreamCheck
from addon.resource_limits import raise_file_limit
from addon.state.reach import hosts_of, reached_sites
from addon.state.settings import Settings
from extractors import SITES

_SITES = {host: site for site in SITES for host in site.hosts}


@contextlib.asynccontextmanager
async def proxying(koban: Koban, trusted_roots: Path, patience: Patience | None = None) -> AsyncIterator[None]:
    """The proxy on `koban.proxy_port`, for as long as the context lasts. Raises CannotStart.

    trusted_roots: a PEM file with the authorities that may sign for a marketplace. patience: how long a page's end
    waits for its verdict; None: `PATIENCE`.
    """
    # Its lines name addresses, and some of its warnings quote what a server sent.
    logging.getLogger("mitmproxy").setLevel(logging.CRITICAL)
    http_layers.install()
    preconnect.install()
    bounds.install()
    master = mitm.Master(options.Options())
    server = mitm.proxyserver.Proxyserver()
    addresses = Addresses()
    upstream = UpstreamCheck(trusted_roots, redirections(koban.options.resolve), addresses)
    gate = Gate(_decrypted_hosts(koban), koban.options.resolve, koban.bypass, upstream, _is_off(koban), addresses)
    master.addons.add(*_addons(koban, gate, server, patience or PATIENCE))
    master.options.update(**_mitmproxy_options(koban, trusted_roots))
    _follow_authority(koban, master, gate)
    koban.proxy_listens = lambda: not master.should_exit.is_set()
    task = asyncio.create_task(master.run())
    try:
        with ending_crashed(lambda: list(server.connections.values())):
            await _listening(server, task)
            yield
    finally:
        master.shutdown()
        await asyncio.wait({task}, timeout=5)


def _addons(koban: Koban, gate: Gate, server: mitm.proxyserver.Proxyserver, patience: Patience) -> tuple[object, ...]:
    """Returns the addons in the order of their calls; of mitmproxy's own only the necessary ones."""
    is_off = _is_off(koban)
    connections = Connections(most_connections(raise_file_limit(), bounds.MOST_CONNECTIONS))
    refusal_detector = RefusalDetector(
        _SITES, koban.bypass, koban.verdicts, lambda: server.connections.values(), is_off
    )
    _follow_settings(koban, refusal_detector.settings_changed)
    return (
        mitm.core.Core(),
        Collecting(),
        gate,
        Injection(
            _SITES,
            koban.judge,
            koban.verdicts,
            koban.settings,
            patience=patience,
            report_way=koban.report_ways,
            audience=koban.audience,
        ),
        Files(_SITES, koban.enclosures.passed, lambda host: koban.enclosures.is_on and not is_off(host)),
        refusal_detector,
        FailurePages(_SITES, koban.bypass, is_off, lambda: koban.settings.current.language),
        mitm.strip_dns_https_records.StripDnsHttpsRecords(),
        mitm.disable_h2c.DisableH2C(),
        server,
        mitm.next_layer.NextLayer(),
        bounds.Doorkeeping(connections, lambda: server.connections),
        mitm.tlsconfig.TlsConfig(),
    )


def _mitmproxy_options(koban: Koban, trusted_roots: Path) -> dict[str, Any]:
    return {
        "listen_host": LOOPBACK,
        "listen_port": koban.proxy_port,
        "confdir": str(koban.authority.folder),
        "allow_hosts": allow_patterns(_decrypted_hosts(koban)),
        # Names copied from upstream would break the authority's constraints; a leaf is for the asked name only.
        "upstream_cert": False,
        "connection_strategy": "lazy",
        "ssl_verify_upstream_trusted_ca": str(trusted_roots),
        "tls_version_server_min": "TLS1_2",
        "tls_version_client_min": "TLS1_2",
        "ciphers_server": CIPHERS,
        "store_streamed_bodies": False,
        "validate_inbound_headers": True,
        "showhost": False,
    }


def _decrypted_hosts(koban: Koban) -> frozenset[str]:
    """Returns the hosts in reach that browsers would take the authority's certificate for."""
    sites = reached_sites(koban.settings.current, is_demo=koban.options.is_demo)
    return frozenset(host for host in hosts_of(sites) if koban.authority.covers(host))


def _follow_authority(koban: Koban, master: mitm.Master, gate: Gate) -> None:
    """Sign with each new certificate of the authority, and decrypt what it covers, from the moment it is issued."""
    loop = asyncio.get_running_loop()

    def use() -> None:
        hosts = _decrypted_hosts(koban)
        # Read again although its path is the same: mitmproxy has the older certificate in memory.
        master.options.update(confdir=str(koban.authority.folder), allow_hosts=allow_patterns(hosts))
        gate.read(hosts)

    def renewed(_: Renewal) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(use)

    koban.renewal_listeners.add(renewed)


def _is_off(koban: Koban) -> Callable[[str], bool]:
    """Returns a function: whether the user has switched a host's site off, or paused everything."""

    def is_off(host: str) -> bool:
        if koban.options.is_demo:
            return False
        settings = koban.settings.current
        return settings.is_paused(datetime.now(UTC)) or not settings.is_on(_SITES[host].id)

    return is_off


def _follow_settings(koban: Koban, listener: Callable[[], None]) -> None:
    """Call `listener` in the running event loop after each change of the settings."""
    loop = asyncio.get_running_loop()

    def settings_changed(_: Settings) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(listener)

    koban.settings.listen(settings_changed)


async def _listening(server: mitm.proxyserver.Proxyserver, task: "asyncio.Task[None]") -> None:
    for _ in range(500):
        if server.listen_addrs():
            return
        if task.done():
            task.result()
            break
        await asyncio.sleep(0.01)
    raise CannotStart(say("通信を確認するしくみを始められません", "the proxy does not start"))
