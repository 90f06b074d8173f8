"""Serves an app of Koban's own: quietly, to this machine, without naming the server."""

import asyncio
import contextlib
from collections.abc import Generator
from math import inf
from time import monotonic
from typing import Any

from fastapi import FastAPI
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server as AnyServer  # of `uvicorn` itself it would load what is put off

from addon.connections import Connections, most_connections
from addon.resource_limits import raise_file_limit

MOST_CONNECTIONS = 200
"""An extension and the page of the history have a handful each."""


def serving(app: FastAPI) -> Config:
    """Nothing of a request is logged, and an open stream of events does not hold up the end."""
    return Config(
        app,
        # Its own class for HTTP, and not whichever is installed: this one bounds heads.
        http=_bounded(Connections(most_connections(raise_file_limit(), MOST_CONNECTIONS))),
        log_level="warning",
        access_log=False,
        server_header=False,
        # Set with the other headers, at each answer.
        date_header=False,
        ws="none",
        timeout_keep_alive=30,
        # Event streams never end by themselves.
        timeout_graceful_shutdown=1,
    )


def _bounded(connections: Connections) -> type[asyncio.Protocol]:
    """HTTP/1.1 on connections that are closed where no head comes, and of which there are only so many."""

    class Bounded(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._heard_at = monotonic()
            connections.opened(self, transport.close, self._used_at)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            self._heard_at = monotonic()
            super().data_received(data)
            cycle: Any = self.cycle
            if cycle is not None and not cycle.response_complete:
                connections.heard(self)
            else:
                # The beginning of a further head, say; between two requests uvicorn's own limit holds.
                connections.awaited(self)

        def _used_at(self) -> float:
            # A stream of events is in use until it ends, though nothing more is heard on it.
            cycle: Any = self.cycle
            return inf if cycle is not None and not cycle.response_complete else self._heard_at

    return Bounded


class Server(AnyServer):
    """A server that leaves signals alone: they are for the program, not for one of its parts."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Have `serve` come to its end."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        # uvicorn's own looks ten times a second whether it is to end, and so keeps an idle machine awake.
        await self._ending.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
