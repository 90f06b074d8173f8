"""Events for subscribers: all that come, in order, and the newest where one reads too slowly."""

import asyncio
import threading

import pytest

from addon.verdicts import broadcast as module
from addon.verdicts.broadcast import BACKLOG, Broadcast


async def test_each_subscriber_gets_each_event_in_order() -> None:
    broadcast = Broadcast[int]()
    async with broadcast.subscribe() as first, broadcast.subscribe() as second:
        for event in range(3):
            broadcast.send(event)
        assert [await first.get() for _ in range(3)] == [0, 1, 2]
        assert [await second.get() for _ in range(3)] == [0, 1, 2]


async def test_nothing_of_before_and_nothing_after_the_end() -> None:
    broadcast = Broadcast[str]()
    broadcast.send("before")
    async with broadcast.subscribe() as queue:
        broadcast.send("within")
        assert await queue.get() == "within"
    broadcast.send("after")
    await asyncio.sleep(0)
    assert queue.empty()


async def test_whether_anybody_hears() -> None:
    broadcast = Broadcast[str]()
    heard = [broadcast.is_heard]
    async with broadcast.subscribe():
        heard.append(broadcast.is_heard)
    assert [*heard, broadcast.is_heard] == [False, True, False]


async def test_of_too_many_the_oldest_go() -> None:
    broadcast = Broadcast[int]()
    async with broadcast.subscribe() as queue:
        for event in range(BACKLOG + 5):
            broadcast.send(event)
        assert await queue.get() == 5
        assert queue.qsize() == BACKLOG - 1


async def test_another_thread_may_send() -> None:
    broadcast = Broadcast[str]()
    async with broadcast.subscribe() as queue:
        thread = threading.Thread(target=broadcast.send, args=("from elsewhere",))
        thread.start()
        assert await queue.get() == "from elsewhere"
        thread.join()


async def test_a_subscriber_whose_loop_has_ended_holds_up_no_other() -> None:
    broadcast = Broadcast[str]()
    gone = asyncio.new_event_loop()
    gone.close()
    broadcast._subscribers.append(module._Subscriber(gone, asyncio.Queue()))
    async with broadcast.subscribe() as queue:
        broadcast.send("event")
        assert await queue.get() == "event"


async def test_an_error_of_a_subscriber_ends_its_subscription() -> None:
    broadcast = Broadcast[str]()
    with pytest.raises(KeyError):
        async with broadcast.subscribe():
            raise KeyError
    assert broadcast._subscribers == []
