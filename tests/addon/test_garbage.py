"""When garbage is looked for: full collections only where nothing passes, and none while a program starts."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from addon.garbage import Collecting, give_back, in_small_parts, made_rare, put_off


class Cycle:
    """What only a collection takes away."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    yield
    gc.set_threshold(*thresholds)
    if not frozen:
        gc.unfreeze()
    gc.enable()


def test_nothing_is_looked_for_while_it_is_put_off_and_then_again() -> None:
    with put_off():
        assert not gc.isenabled()
        kept = Cycle()
    assert gc.isenabled()
    assert not any(each is kept for each in gc.get_objects()), "what was made there is not looked through later"


def test_it_is_made_rare_for_a_while_and_is_then_as_before() -> None:
    thresholds = gc.get_threshold()
    with made_rare():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > thresholds[0]
    assert gc.get_threshold() == thresholds


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(KeyError), put_off():
        raise KeyError
    assert gc.isenabled()


def test_small_parts_are_smaller_than_pythons_own() -> None:
    gc.set_threshold(2_000, 10, 10)
    in_small_parts()
    young, old, _ = gc.get_threshold()
    assert young * old < 2_000 * 10 / 5


class Clock:
    """The running loop's time, held by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time()
        monkeypatch.setattr(self._loop, "time", lambda: self._now)

    async def passes(self, seconds: float) -> None:
        """What is due by then has run."""
        self._now += seconds
        # A timer that is due becomes ready in one turn of the loop, and runs in it; what it sets, in the next.
        for _ in range(3):
            await asyncio.sleep(0)


@pytest.mark.slow
async def test_all_is_looked_through_once_nothing_passes_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    gc.disable()  # Python's own must not be what takes it away
    collecting = Collecting(pause=1)
    made = Cycle()
    gone = weakref.ref(made)
    del made
    gc.enable()
    for _ in range(5):
        collecting.response(None)
        await clock.passes(0.8)
        assert gone() is not None, "pages still pass"
    await clock.passes(1.1)
    assert gone() is None


@pytest.mark.slow
async def test_of_itself_it_wakes_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    loop = asyncio.get_running_loop()
    collecting = Collecting(pause=1)
    collecting.response(None)
    assert [handle for handle in loop._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
    await clock.passes(1.1)
    assert not [handle for handle in loop._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("platform", "library", "calls"),
    [
        ("linux", lambda calls: SimpleNamespace(malloc_trim=calls.append), [0]),
        ("linux", lambda _: SimpleNamespace(), []),
        ("darwin", lambda _: pytest.fail("asked"), []),
        ("win32", lambda _: pytest.fail("asked"), []),
    ],
)
def test_free_memory_is_given_back_where_the_allocator_can(
    platform: str, library: Callable[[list[int]], object], calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()
    monkeypatch.setattr("addon.garbage.sys", SimpleNamespace(platform=platform))
    monkeypatch.setattr("ctypes.CDLL", lambda _: library(asked))
    give_back()
    assert asked == calls
