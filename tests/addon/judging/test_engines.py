"""The next engine is made ready beside the judging, and put into use between two pages."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.judging.engines import Engines, PackEngine
from addon.packs.manifest import read_manifest
from addon.packs.store import PackStore
from rules.meaning.reader import MeaningReader
from rules.sites import SHIPPED_TERMS
from tests.addon.packs.making import pack, store_of

UNTIL = datetime(2027, 2, 1, tzinfo=UTC)


class Builder:
    """Makes engines that are told apart; waits where it is held up, and fails where it shall."""

    def __init__(self) -> None:
        self.made: list[PackEngine] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.fails = False

    def __call__(self, folder: Path) -> PackEngine:
        assert self.may_go_on.wait(60)
        if self.fails:
            raise RuntimeError("broken in a way that nobody thought of")
        self.made.append(PackEngine(None, SHIPPED_TERMS, meaning=MeaningReader(folder)))  # type: ignore[arg-type]
        return self.made[-1]


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    """A store with a channel that has no pack yet."""
    return store_of(tmp_path)


def take(store: PackStore, version: int) -> None:
    files = pack(version)
    store.take(read_manifest(files["pack.json"]), files, UNTIL)


def test_an_engine_is_made_where_packs_change_and_the_one_before_judges_until_it_is_ready(
    tmp_path: Path, store: PackStore
) -> None:
    build = Builder()
    engines = Engines(tmp_path, build)
    first = engines.current
    assert engines.renew()
    assert engines.current is first

    take(store, 1)
    build.may_go_on.clear()
    assert not engines.renew()
    assert not engines.renew()
    assert engines.current is first
    build.may_go_on.set()
    engines.settle()
    assert engines.renew()
    assert engines.current is build.made[1]
    first_missing, missing = (made.meaning.problems for made in build.made)
    assert missing, "its models were loaded, or found to be missing, before it judges"
    assert not first_missing, "those of the start are loaded once pages can be judged"


def test_an_engine_that_cannot_be_made_leaves_the_one_before_in_use(tmp_path: Path, store: PackStore) -> None:
    build = Builder()
    engines = Engines(tmp_path, build)
    build.fails = True
    take(store, 1)
    assert not engines.renew()
    engines.settle()
    assert engines.renew()
    assert engines.current is build.made[0]


def test_packs_that_change_once_more_in_the_meantime_are_made_ready_again(tmp_path: Path, store: PackStore) -> None:
    build = Builder()
    engines = Engines(tmp_path, build)
    take(store, 1)
    engines.renew()
    take(store, 2)
    engines.settle()
    assert not engines.renew()
    engines.settle()
    assert engines.renew()
    assert engines.current is build.made[2]
