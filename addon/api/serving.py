"""How an app of Koban's own is served: quietly, to this machine, without a word on what serves it."""

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
        ws="none",
        timeout_keep_alive=30,
        # Event streams never end by themselves.
        timeout_graceful_shutdown=1,
    )


class Server(uvicorn.Server):
    """A server that leaves signals alone: they are for the program, not for one of its parts."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
