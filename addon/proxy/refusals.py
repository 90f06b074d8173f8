"""Detects sites that refuse the proxy, and bypasses them."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mitmproxy import http, tls
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy.layers.http._events import ErrorCode
from mitmproxy.proxy.server import ConnectionHandler

from addon.decoding import decoder_for
from addon.proxy.challenges import MOST_BODY, SUSPECT, is_challenge
from addon.proxy.copies import BodyCopy
from addon.proxy.documents import asks_for_document
from addon.proxy.http_layers import Failure, failure_of, let_connection_end
from addon.state.bypass import Bypass
from addon.verdicts.log import VerdictLog
from addon.verdicts.settle import not_checked
from extractors.page import Site
from rules.model import LeftAlone

log = logging.getLogger("koban.proxy")

REFUSALS = 2
"""Pages in a row without an answer that make a refusal of a mishap …"""
WITHIN = timedelta(minutes=1)
"""… within this time."""
LAST_WORD = 1.0
"""Seconds that what is under way has to arrive before connections are closed that do not end by themselves."""

_COPY = "koban.suspect"


@dataclass(slots=True)
class RefusalDetector:
    """mitmproxy addon; comes after Injection.

    connections: those that are open, so that a browser opens new ones and reaches the site itself.
    is_off: whether the user has switched a host's site off, or everything.
    """

    sites: Mapping[str, Site]
    bypass: Bypass
    verdicts: VerdictLog
    connections: Callable[[], Iterable[ConnectionHandler]]
    is_off: Callable[[str], bool]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _refusals: dict[str, deque[datetime]] = field(default_factory=dict)
    _off_hosts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._off_hosts = self._hosts_off()

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Examine an answer that may be a robot check."""
        response, host = flow.response, flow.request.host.lower()
        if self._is_known(flow) and (self.is_off(host) or self.bypass.get(host)):
            # Its traffic is not to be read any more: the next request goes past Koban.
            let_connection_end(flow)
        if response is None or not self._is_page(flow):
            return
        self._refusals.pop(host, None)
        if is_challenge(response.status_code, response.headers):
            self._bypass_host_of(flow, "bot-check")
            self._close_soon(host)
        elif response.status_code in SUSPECT and response.stream is True:
            decoder = decoder_for(response.headers.get("content-encoding", ""))
            if decoder is not None:
                flow.metadata[_COPY] = copy = BodyCopy(decoder, MOST_BODY, MOST_BODY)
                response.stream = copy.beside

    def response(self, flow: http.HTTPFlow) -> None:
        """Examine a suspect answer that has passed."""
        copy = flow.metadata.pop(_COPY, None)
        response = flow.response
        if response is None or not isinstance(copy, BodyCopy):
            return
        if is_challenge(response.status_code, response.headers, copy.take(), flow.request.url):
            self._bypass_host_of(flow, "bot-check")
            self._close_soon(flow.request.host.lower())

    def error(self, flow: http.HTTPFlow) -> None:
        """Count a page without an answer: a mishap once, a refusal if repeated, or at once if mitmproxy refuses it."""
        failure, host = failure_of(flow), flow.request.host.lower()
        if failure is None or failure.side == "browser" or not self._is_known(flow) or self.is_off(host):
            return
        if failure.code is ErrorCode.RESPONSE_VALIDATION_FAILED:
            # It would be refused each time, and what it belongs to stays broken. What else is under way may finish.
            self._bypass_host_of(flow, "refused")
            return
        if flow.response is not None or not self._is_page(flow) or not _was_cut_off(failure):
            return
        times = self._refusals.setdefault(host, deque(maxlen=REFUSALS))
        times.append(self.clock())
        if len(times) == REFUSALS and times[-1] - times[0] <= WITHIN:
            self._bypass_host_of(flow, "refused")
            self._close_soon(host)

    def tls_failed_server(self, data: tls.TlsData) -> None:
        """Bypass a site that was good when it was checked and is not now: the next connection is the browser's own."""
        host = (data.conn.sni or "").lower()
        # A browser that has gone took the connection to the site with it.
        if host in self.sites and data.context.client.state is not ConnectionState.CLOSED:
            certificate = "certificate" in (data.conn.error or "").lower()
            self._begin_bypass(host, "upstream-certificate" if certificate else "upstream-tls")

    def settings_changed(self) -> None:
        """Close the raw tunnels of a site that is on again, so that the browser comes through Koban again."""
        off_before, self._off_hosts = self._off_hosts, self._hosts_off()
        for handler in list(self.connections()):
            host = (handler.client.sni or "").lower()
            if host in off_before - self._off_hosts and _is_raw(handler) and self.bypass.get(host) is None:
                self._close_one(handler)

    def _hosts_off(self) -> frozenset[str]:
        return frozenset(host for host in self.sites if self.is_off(host))

    def _is_known(self, flow: http.HTTPFlow) -> bool:
        return flow.request.scheme == "https" and flow.request.host.lower() in self.sites

    def _is_page(self, flow: http.HTTPFlow) -> bool:
        return self._is_known(flow) and asks_for_document(flow.request.method, flow.request.headers)

    def _bypass_host_of(self, flow: http.HTTPFlow, reason: LeftAlone) -> None:
        host = flow.request.host.lower()
        self._begin_bypass(host, reason)
        let_connection_end(flow)
        if self._is_page(flow):
            self.verdicts.record(flow.request.url, not_checked(reason, site=self.sites[host].id), "proxy", self.clock())

    def _begin_bypass(self, host: str, reason: LeftAlone) -> None:
        bypass = self.bypass.add(host, reason)
        log.warning("%s: left to the browser until %s (%s)", host, f"{bypass.until:%H:%M}", reason)

    def _close_soon(self, host: str) -> None:
        asyncio.get_running_loop().call_later(LAST_WORD, self._close, host)

    def _close(self, host: str) -> None:
        for handler in list(self.connections()):
            # What the browser has opened by itself meanwhile is its own: the robot check may be under way in it.
            if (handler.client.sni or "").lower() == host and not _is_raw(handler):
                self._close_one(handler)

    def _close_one(self, handler: ConnectionHandler) -> None:
        if handler.client in handler.transports:
            handler.close_connection(handler.client)


def _is_raw(handler: ConnectionHandler) -> bool:
    """Whether a connection is a tunnel that Koban does not look into."""
    return handler.client.timestamp_tls_setup is None


def _was_cut_off(failure: Failure) -> bool:
    """Whether the site ended the connection or the stream; that it is not reached at all is the network's doing."""
    return failure.code in (ErrorCode.GENERIC_SERVER_ERROR, ErrorCode.CANCEL)
