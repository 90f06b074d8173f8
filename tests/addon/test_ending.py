"""A long-lived program waits until it is told to end."""

import asyncio
import os
import signal

import pytest

from addon.ending import wait_for_end

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends itself POSIX signals")


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGUSR2])
async def test_it_goes_on_until_one_of_its_signals_comes(number: signal.Signals) -> None:
    waiting = asyncio.create_task(wait_for_end((signal.SIGUSR1, signal.SIGUSR2)))
    await asyncio.sleep(0)
    assert not waiting.done()
    os.kill(os.getpid(), number)
    await asyncio.wait_for(waiting, 60)
