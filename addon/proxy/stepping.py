"""Notices when a site turns a proxy away, and steps aside for it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mitmproxy import http, tls
from mitmproxy.proxy.server import ConnectionHandler

from addon.proxy.aside import Aside, Reason
from addon.proxy.challenges import MOST_BODY, SUSPECT, is_challenge
from addon.proxy.decoding import DecodingFailed, decoder_for
from addon.proxy.documents import asks_for_document
from addon.shown import not_checked
from addon.verdicts import VerdictLog
from extractors.page import Site

REFUSALS = 2
"""Pages in a row without an answer that make a refusal of a mishap …"""
WITHIN = timedelta(minutes=1)
"""… within this time."""
LAST_WORD = 1.0
"""Seconds that the challenge itself has to arrive before the connections that carry it are closed."""

_SNIFFED = "koban.sniffed"


@dataclass(slots=True)
class Stepping:
    """mitmproxy addon; stands after Injection.

    connections: those that are open, so that a browser opens new ones and reaches the site itself.
    """

    sites: Mapping[str, Site]
    aside: Aside
    log: VerdictLog
    connections: Callable[[], Iterable[ConnectionHandler]]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _refused: dict[str, deque[datetime]] = field(default_factory=dict)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Look at an answer that may be a robot check."""
        response = flow.response
        if response is None or not self._is_page(flow):
            return
        self._refused.pop(flow.request.host.lower(), None)
        if is_challenge(response.status_code, response.headers):
            self._step(flow, "bot-check")
        elif response.status_code in SUSPECT and response.stream is True:
            sniffed = bytearray()
            flow.metadata[_SNIFFED] = sniffed

            def beside(data: bytes) -> bytes:
                if len(sniffed) < MOST_BODY:
                    sniffed.extend(data[:MOST_BODY])
                return data

            response.stream = beside

    def response(self, flow: http.HTTPFlow) -> None:
        """The suspect answer has passed: was it a robot check?"""
        sniffed: Any = flow.metadata.pop(_SNIFFED, None)
        response = flow.response
        if sniffed is None or response is None:
            return
        decoder = decoder_for(response.headers.get("content-encoding", ""))
        try:
            body = decoder.decode(bytes(sniffed)) if decoder is not None else b""
        except DecodingFailed:
            return
        if is_challenge(response.status_code, response.headers, body):
            self._step(flow, "bot-check")

    def error(self, flow: http.HTTPFlow) -> None:
        """A page without any answer: a mishap once, a refusal when it goes on."""
        if flow.response is not None or not self._is_page(flow) or not _was_cut_off(flow):
            return
        host = flow.request.host.lower()
        times = self._refused.setdefault(host, deque(maxlen=REFUSALS))
        times.append(self.clock())
        if len(times) == REFUSALS and times[-1] - times[0] <= WITHIN:
            self._step(flow, "refused")

    def tls_failed_server(self, data: tls.TlsData) -> None:
        """The site was good when it was asked and is not now: the next connection is the browser's own."""
        host = (data.conn.sni or "").lower()
        if host in self.sites:
            certificate = "certificate" in (data.conn.error or "").lower()
            self.aside.step(host, "upstream-certificate" if certificate else "upstream-tls")

    def _is_page(self, flow: http.HTTPFlow) -> bool:
        request = flow.request
        known = request.scheme == "https" and request.host.lower() in self.sites
        return known and asks_for_document(request.method, request.headers)

    def _step(self, flow: http.HTTPFlow, reason: Reason) -> None:
        host = flow.request.host.lower()
        self.aside.step(host, reason)
        self.log.record(flow.request.url, not_checked(reason, site=self.sites[host].id), "proxy", self.clock())
        asyncio.get_running_loop().call_later(LAST_WORD, self._close, host)

    def _close(self, host: str) -> None:
        for handler in list(self.connections()):
            if (handler.client.sni or "").lower() == host and handler.client in handler.transports:
                handler.close_connection(handler.client)


def _was_cut_off(flow: http.HTTPFlow) -> bool:
    """Whether the site ended the connection, as opposed to the browser or the network."""
    text = flow.error.msg.lower() if flow.error is not None else ""
    return "reset" in text or "server closed" in text or "closed by server" in text or "server disconnected" in text
