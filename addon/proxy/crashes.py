"""Faults in a connection's layers: mitmproxy logs them, with a text that may quote the page, and closes nothing.

Without an end the page would load for ever, and without a trace nobody could mend it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator

from mitmproxy.proxy.server import ConnectionHandler

from addon.redact import error_location

log = logging.getLogger("koban.proxy")

_MITMPROXY = logging.getLogger("mitmproxy.proxy.server")


class _CrashHandler(logging.Handler):
    """Logs where a fault arose, and closes the browser's connection in which it did."""

    def __init__(self, connections: Callable[[], Iterable[ConnectionHandler]]) -> None:
        super().__init__(logging.ERROR)
        self._connections = connections

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, Exception):
            return
        log.error("a connection failed: %s", error_location(error))
        client = getattr(record, "client", None)
        for handler in self._connections():
            if handler.client.peername == client and handler.client in handler.transports:
                # Not within the step that failed.
                asyncio.get_running_loop().call_soon(_close, handler)


def _close(handler: ConnectionHandler) -> None:
    if handler.client in handler.transports:
        handler.close_connection(handler.client)


@contextlib.contextmanager
def ending_crashed(connections: Callable[[], Iterable[ConnectionHandler]]) -> Iterator[None]:
    """Within it, a connection whose layers fail is closed, and the place of the fault is logged.

    connections: returns those that are open. To be entered in their event loop.
    """
    handler = _CrashHandler(connections)
    level, propagates = _MITMPROXY.level, _MITMPROXY.propagate
    _MITMPROXY.addHandler(handler)
    _MITMPROXY.setLevel(logging.ERROR)
    # Its own text stays unseen.
    _MITMPROXY.propagate = False
    try:
        yield
    finally:
        _MITMPROXY.removeHandler(handler)
        _MITMPROXY.setLevel(level)
        _MITMPROXY.propagate = propagates
