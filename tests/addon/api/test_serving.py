"""An app of Koban's own is served quietly, within bounds, and ends when it is told to."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from addon.api import serving as serving_module
from addon.api.serving import Server, serving


def test_it_names_no_server_logs_no_request_and_takes_no_sockets_of_the_web() -> None:
    config = serving(FastAPI())
    config.load()
    assert (config.server_header, config.date_header, config.access_log) == (False, False, False)
    assert config.ws_protocol_class is None
    assert config.timeout_graceful_shutdown == 1, "a stream of events never ends by itself"


def test_each_app_counts_its_own_connections() -> None:
    one, other = serving(FastAPI()), serving(FastAPI())
    assert one.http is not other.http


async def test_it_ends_at_once_when_told_to_and_not_before() -> None:
    server = Server(serving(FastAPI()))
    running = asyncio.create_task(server.main_loop())
    await asyncio.sleep(0)
    assert not running.done()
    server.end()
    await running
    assert server.should_exit


def test_signals_are_left_to_the_program() -> None:
    with Server(serving(FastAPI())).capture_signals():
        pass


async def test_too_many_connections_close_an_idle_one_and_no_stream_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "most_connections", lambda *_: 2)
    app = FastAPI()

    async def events() -> AsyncIterator[bytes]:
        yield b"event"
        await asyncio.Event().wait()

    @app.get("/events")
    async def stream() -> StreamingResponse:
        return StreamingResponse(events())

    @app.get("/")
    async def once() -> None:
        pass

    server = Server(serving(app))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve([listener]))
        opened = []
        for path in ("/events", "/", "/"):
            reader, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
            writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
            opened.append((reader, writer))
        (stream_reader, _), (idle_reader, _), _ = opened
        await asyncio.wait_for(idle_reader.read(), 5)
        assert idle_reader.at_eof()
        assert not stream_reader.at_eof()
        for _, writer in opened:
            writer.close()
        server.end()
        await asyncio.wait_for(task, 10)
