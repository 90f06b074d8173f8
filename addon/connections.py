"""Open connections of one port of this machine, in time and number: any user of it can open them.

Who connects and says nothing keeps a file of this process open, and with a thousand of them (an ordinary limit)
nobody else gets in. So a connection has a while for its first head, and where there are too many the one that has
waited longest goes first.
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic

HEAD_SECONDS = 60.0
"""For the first byte and all of the head. Browsers open connections in advance, and open others where one is gone."""
OTHER_FILES = 256
"""For the history, the judging and whatever else is no connection."""
FILES_EACH = 4
"""A connection of a browser's with those to sites that come with it."""

Later = Callable[[float, Callable[[], None]], object]


@dataclass(slots=True)
class _Connection:
    close: Callable[[], None]
    used_at: Callable[[], float]
    due: float | None
    """When its head must be whole; None where it is."""


class Connections:
    """The connections that are open. To be used from one event loop.

    most: at once. patience: seconds for a head. clock, later: how seconds are counted, and how something is done after
    some of them.
    """

    def __init__(
        self,
        most: int,
        patience: float = HEAD_SECONDS,
        clock: Callable[[], float] = monotonic,
        later: Later = lambda seconds, do: asyncio.get_running_loop().call_later(seconds, do),
    ) -> None:
        self._most = most
        self._patience = patience
        self._clock = clock
        self._later = later
        self._open: dict[Hashable, _Connection] = {}
        self._has_timer = False

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, key: Hashable, close: Callable[[], None], used_at: Callable[[], float] = lambda: 0.0) -> None:
        """A new connection, whose head is awaited. used_at: when something last passed on it."""
        self._open[key] = _Connection(close, used_at, None)
        self.awaited(key)
        if len(self._open) > self._most:
            self._close(self._least_missed())

    def awaited(self, key: Hashable) -> None:
        """Something that a head is for this connection must come now; one that is awaited already gets no new time."""
        connection = self._open.get(key)
        if connection is not None and connection.due is None:
            connection.due = self._clock() + self._patience
            self._watch()

    def heard(self, key: Hashable) -> None:
        """The head of a connection has come."""
        connection = self._open.get(key)
        if connection is not None:
            connection.due = None

    def closed(self, key: Hashable) -> None:
        """A connection has ended."""
        self._open.pop(key, None)

    def sweep(self) -> None:
        """Close what has waited too long."""
        now = self._clock()
        for key in [
            key for key, connection in self._open.items() if connection.due is not None and connection.due <= now
        ]:
            self._close(key)

    def _least_missed(self) -> Hashable:
        waiting = {key: connection.due for key, connection in self._open.items() if connection.due is not None}
        if len(waiting) > 1:
            return min(waiting, key=lambda key: waiting[key])
        # The newest waits, and has the right to.
        return min((key for key in self._open if key not in waiting), key=lambda key: self._open[key].used_at())

    def _close(self, key: Hashable) -> None:
        self._open.pop(key).close()

    def _watch(self) -> None:
        """Have the next one that is due looked at; without any, nothing wakes an idle machine."""
        due = [connection.due for connection in self._open.values() if connection.due is not None]
        if due and not self._has_timer:
            self._has_timer = True
            self._later(max(0.0, min(due) - self._clock()), self._look)

    def _look(self) -> None:
        self._has_timer = False
        self.sweep()
        self._watch()


def most_connections(files: int | None, most: int) -> int:
    """Returns the most connections of a port for a limit of open files (None: unknown); a few in any case."""
    return most if files is None else min(most, max(32, (files - OTHER_FILES) // FILES_EACH))
