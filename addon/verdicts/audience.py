"""Which connections of the proxy are of a browser whose paired extension shows verdicts as they come.

The end of a page need not wait there. Nothing is said of it on the way to the marketplace: a request header that the
extension adds would leave the machine wherever a page goes past Koban. Instead the element at a page's end carries a
random ticket of its connection, the extension hands the ticket back over the API by a proven request, and from then on
the connection is known to be of that extension's browser: browsers share none between profiles, nor with private
windows. It counts while the extension has its stream of events open. One that inserts the element into its pages by
itself says so as it opens that stream: then they may pass as the marketplace sent them.
"""

import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Connection:
    """A connection that a ticket was made for. key: the name of the key that the ticket was handed back with."""

    ticket: str
    key: str | None = None


class Audience:
    """The open connections with a ticket, in memory. Thread-safe.

    Connections go by the ids that the proxy gives them, extensions by the names of their keys
    (`addon.credentials.proof.key_id`).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams = Counter[str]()
        self._needy_streams = Counter[str]()
        """Those of extensions that do not insert the element."""
        self._connections: dict[str, _Connection] = {}
        self._by_ticket: dict[str, _Connection] = {}

    @contextmanager
    def following(self, key: str, *, inserts: bool = False) -> Iterator[None]:
        """The extension with that key has a stream of events open for as long as the context lasts.

        inserts: it puts the element into pages that come without one.
        """
        with self._lock:
            self._streams[key] += 1
            self._needy_streams[key] += not inserts
        try:
            yield
        finally:
            with self._lock:
                self._streams[key] -= 1
                self._needy_streams[key] -= not inserts
                self._streams += Counter()
                self._needy_streams += Counter()

    def ticket(self, connection: str) -> str | None:
        """Returns the ticket of a connection; None while no extension follows, so that no page then carries one."""
        with self._lock:
            if not self._streams:
                return None
            entry = self._connections.get(connection)
            if entry is None:
                entry = self._connections[connection] = _Connection(secrets.token_hex(16))
                self._by_ticket[entry.ticket] = entry
            return entry.ticket

    def admit(self, ticket: str, key: str) -> bool:
        """Take a ticket that an extension hands back. Returns whether it is that of an open connection."""
        with self._lock:
            connection = self._by_ticket.get(ticket)
            if connection is not None:
                connection.key = key
            return connection is not None

    def follows(self, connection: str) -> bool:
        """Whether a connection is of a browser whose extension has its stream of events open now."""
        with self._lock:
            entry = self._connections.get(connection)
            return entry is not None and entry.key is not None and self._streams[entry.key] > 0

    def inserts(self, connection: str) -> bool:
        """Whether that extension follows and puts the element into its pages by itself."""
        with self._lock:
            entry = self._connections.get(connection)
            key = entry.key if entry is not None else None
            return key is not None and self._streams[key] > 0 and not self._needy_streams[key]

    def leave(self, connection: str) -> None:
        """Forget a connection that has ended."""
        with self._lock:
            entry = self._connections.pop(connection, None)
            if entry is not None:
                del self._by_ticket[entry.ticket]
