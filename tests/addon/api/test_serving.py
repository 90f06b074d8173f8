"""An app of Koban's own is served quietly, within bounds, and ends when it is told to."""

import asyncio

from fastapi import FastAPI

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
