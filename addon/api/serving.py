"""How an app of Koban's own is served: quietly, to this machine, without a word on what serves it."""

import asyncio
import contextlib
from collections.abc import Generator

import uvicorn
from fastapi import FastAPI


def serving(app: FastAPI) -> uvicorn.Config:
    """Nothing of a request is logged, and an open stream of events does not hold up the end."""
    return uvicorn.Config(
        app,
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


class Server(uvicorn.Server):
    """A server that leaves signals alone: they are for the program, not for one of its parts."""

    def __init__(self, config: uvicorn.Config) -> None:
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
