"""Runs Koban or mitmdump with a probe in its event loop: `python -m benchmarks.probed OUT PROGRAM ARGUMENT…`.

The probe is no part of either. It notes how long each callback of the loop takes, by the clock and in time of the
loop's own thread (the rest of the clock's is waiting for the interpreter's lock, or for a processor), and how late a
timer fires. At SIGUSR1 all that was noted so far is forgotten; at SIGUSR2 it is written to OUT as JSON.
"""

import asyncio
import asyncio.events
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

TICK = 0.002
_LONGEST = 400_000


class Probe:
    """The notes: milliseconds, one entry a callback or a tick."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.clock: list[float] = []
        self.own: list[float] = []
        self.late: list[float] = []
        self.blocks: dict[str, int] = {}

    def install(self) -> None:
        """Note every callback of every loop, and let a timer tick in the first one that runs."""
        plain = asyncio.events.Handle._run
        ticking = False

        def run(handle: asyncio.events.Handle) -> None:
            nonlocal ticking
            if not ticking:
                ticking = True
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(signal.SIGUSR1, self.forget)
                loop.add_signal_handler(signal.SIGUSR2, self.write)
                loop.call_later(TICK, self._tick, loop, loop.time() + TICK)
            clock, own = time.perf_counter(), time.thread_time()
            plain(handle)
            clock, own = (time.perf_counter() - clock) * 1000, (time.thread_time() - own) * 1000
            if len(self.clock) < _LONGEST:
                self.clock.append(clock)
                self.own.append(own)
            if own > 5:
                name = _named(handle)
                self.blocks[name] = self.blocks.get(name, 0) + 1

        asyncio.events.Handle._run = run  # type: ignore[method-assign, assignment]

    def _tick(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = loop.time()
        self.late.append(max(0.0, now - due) * 1000)
        loop.call_later(TICK, self._tick, loop, now + TICK)

    def forget(self) -> None:
        for values in (self.clock, self.own, self.late, self.blocks):
            values.clear()

    def write(self) -> None:
        whole = {"clock": self.clock, "own": self.own, "late": self.late, "blocks": self.blocks}
        partly = self._out.with_suffix(".part")
        partly.write_text(json.dumps(whole))
        partly.replace(self._out)


def _named(handle: asyncio.events.Handle) -> str:
    # A task's step is a method of the task: its coroutine says more.
    callback: Any = handle._callback  # type: ignore[attr-defined]
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine: Any = task.get_coro()
        return str(getattr(coroutine, "__qualname__", coroutine))
    return str(getattr(callback, "__qualname__", callback))


def main() -> None:
    out, program, *arguments = sys.argv[1:]
    Probe(Path(out)).install()
    sys.argv = [program, *arguments]
    if Path(program).name == "mitmdump":
        from mitmproxy.tools.main import mitmdump

        mitmdump()
    else:
        from koban import main as koban

        koban()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main()
