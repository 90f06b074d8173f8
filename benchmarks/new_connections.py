"""Time to the first byte over new connections to a marketplace that is far away, HTTP/1.1 and HTTP/2.

Asked at once, and opened some time before, as browsers open connections before the click. What counts is how many
round trips a request waits for, so each of them takes `ROUND_TRIP` here; on this machine alone they take nothing.
"""

import asyncio
import itertools
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.client import Newcomer
from benchmarks.measuring import Figure, Record, in_turns, rounded, run
from benchmarks.proxies import STREAMING, koban, mitmdump
from benchmarks.upstream import Marketplace, marketplace

ROUNDS = 15
ROUND_TRIP = 0.15
"""Seconds: from Europe to Tokyo it takes more, from Osaka less."""
AHEAD = 4 * ROUND_TRIP
"""Seconds for which a connection that is opened ahead waits for its request."""
LIMIT = 1.02
CHUNK = 65_536


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, half a round trip later and in its order."""
    loop = asyncio.get_running_loop()
    coming = asyncio.Queue[tuple[float, bytes]]()

    async def deliver() -> None:
        while True:
            due, data = await coming.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)

    delivering = asyncio.create_task(deliver())
    data = b"."
    while data:
        try:
            data = await reader.read(CHUNK)
        except ConnectionError:
            data = b""
        coming.put_nowait((loop.time() + ROUND_TRIP / 2, data))
    await delivering


@contextmanager
def distant(market: Marketplace) -> Iterator[Marketplace]:
    """The same marketplace a round trip away. Connecting itself takes nothing: loopback has nobody to delay it."""
    loop, ready, end_event = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    ports: list[int] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", market.tls_port)
        await asyncio.gather(_carry(reader, back), _carry(there, writer))

    async def serve() -> None:
        server = await asyncio.start_server(take, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await end_event.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield replace(market, tls_port=ports[0])
    finally:
        loop.call_soon_threadsafe(end_event.set)
        thread.join(10)


def measure(quick: bool) -> Record:
    record = Record("new_connections")
    numbers = itertools.count()
    record.note(f"each round trip to the marketplace takes {ROUND_TRIP * 1000:.0f} ms; each page has a new connection")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        far = stack.enter_context(distant(stack.enter_context(marketplace(folder))))
        proxies = [stack.enter_context(koban(far, folder)), stack.enter_context(mitmdump(far, folder))]
        for http2, pause in itertools.product((False, True), (0.0, AHEAD)):
            newcomers = {p.name: Newcomer(p.by_http2() if http2 else p.route, pause) for p in proxies}
            visits = {
                name: partial(lambda newcomer: newcomer.fetch(far.address(next(numbers))), newcomer)
                for name, newcomer in newcomers.items()
            }
            pages = in_turns(visits, 2 if quick else ROUNDS)
            assert all(page.state for page in pages["koban"]), "Koban's pages came without a verdict"
            version, how = "2" if http2 else "1.1", "opened ahead" if pause else "asked at once"
            ident = f"new.http{version.replace('.', '')}.{'ahead' if pause else 'at-once'}"
            for since, label in {"from_connect": "from connect on", "once_connected": "once connected"}.items():
                figure = Figure(
                    f"{ident}.{since.replace('_', '-')}",
                    f"first byte, HTTP/{version}, new connection {how}, {label}",
                    "ms",
                    {side: rounded([getattr(page, since) for page in own]) for side, own in pages.items()},
                )
                record.compare(record.add(figure), "koban", STREAMING, LIMIT)
    return record


if __name__ == "__main__":
    raise SystemExit(run("new_connections", measure))
