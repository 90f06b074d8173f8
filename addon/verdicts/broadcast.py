"""Events for the subscribers of this session: verdicts and settings as they change."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

BACKLOG = 100
"""Events that a subscriber may leave unread; then the oldest go, since the newest count."""


@dataclass(slots=True)
class _Subscriber[Event]:
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Event]


class Broadcast[Event]:
    """Sends each event to every subscriber. `send` is safe to use from several threads, and never waits."""

    def __init__(self) -> None:
        self._subscribers: list[_Subscriber[Event]] = []

    @property
    def is_heard(self) -> bool:
        """Whether anybody subscribes now."""
        return bool(self._subscribers)

    @contextlib.asynccontextmanager
    async def subscribe(self) -> AsyncIterator[asyncio.Queue[Event]]:
        """A queue of events, for as long as the context lasts."""
        subscriber = _Subscriber[Event](asyncio.get_running_loop(), asyncio.Queue(BACKLOG))
        self._subscribers.append(subscriber)
        try:
            yield subscriber.queue
        finally:
            self._subscribers.remove(subscriber)

    def send(self, event: Event) -> None:
        """Send an event."""
        for subscriber in tuple(self._subscribers):
            with contextlib.suppress(RuntimeError):  # its loop has ended
                subscriber.loop.call_soon_threadsafe(_offer, subscriber.queue, event)


def _offer[Event](queue: asyncio.Queue[Event], event: Event) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(event)
