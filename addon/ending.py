"""The end of a long-lived program."""

import asyncio
import signal
from collections.abc import Iterable


async def wait_for_end(signals: Iterable[signal.Signals] = (signal.SIGINT, signal.SIGTERM)) -> None:
    """Wait until the user or the system ends the program."""
    end_event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in signals:
        try:
            loop.add_signal_handler(number, end_event.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end_event.set))
    await end_event.wait()
