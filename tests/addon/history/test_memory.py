"""The memory of the judging: a history, or the reason why there is none."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from addon.history import memory as memory_module
from addon.history.file import set_aside_files
from addon.history.memory import Memory
from addon.state.settings import HistorySettings, Settings
from extractors.page import Page
from extractors.records import Contract
from tests.addon.history.conftest import seen
from tests.addon.history.relay import Relay

SEEN = seen(Contract(id="7", state="agreed"))


def take(memory: Memory) -> None:
    memory.take(SEEN.extraction, SEEN.verdict, Page(SEEN.page, b"", "text/html", SEEN.at))


def trying_again() -> threading.Thread:
    """The thread that tries again, looked for while it cannot have ended: what it waits for is still away."""
    (trying,) = (thread for thread in threading.enumerate() if thread.name == "koban-history-again")
    return trying


def test_what_was_taken_is_recalled(tmp_path: Path) -> None:
    memory = Memory(tmp_path, None, Settings)
    take(memory)
    memory.settle()
    assert memory.past(SEEN.extraction) is not None
    assert memory.health.remembers
    memory.close()


def test_a_history_that_cannot_be_used_is_said_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    memory = Memory(tmp_path, None, Settings)
    take(memory)
    memory.settle()
    memory.close()
    assert memory.past(SEEN.extraction) is None
    assert not memory.health.remembers
    assert memory.health.trouble is not None


@pytest.mark.slow
def test_ux_disk_a_file_that_could_not_be_used_at_the_start_is_used_once_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "AGAIN_HERE", 0.05)
    (tmp_path / "history.db").mkdir()
    memory = Memory(tmp_path, None, Settings)
    take(memory)
    unusable = memory.health
    assert (unusable.remembers, unusable.lost_pages) == (False, 1)
    trying = trying_again()
    (tmp_path / "history.db").rmdir()
    trying.join(60)
    take(memory)
    memory.settle()
    assert memory.past(SEEN.extraction) is not None
    assert memory.health.remembers
    assert (memory.health.lost_pages, memory.health.trouble) == (1, unusable.trouble), "what was not kept is said"
    memory.close()


def test_a_file_set_aside_on_a_full_disk_is_named_before_a_new_one_is_begun_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OperationalError("CREATE TABLE", None, Exception("database or disk is full"))

    monkeypatch.setattr(memory_module, "AGAIN_HERE", 0.05)
    path = tmp_path / "history.db"
    path.write_bytes(b"not a database at all, but some text")
    with monkeypatch.context() as full_disk:
        full_disk.setattr("addon.history.database.create", fail)
        memory = Memory(tmp_path, None, Settings)
        broken_files = [file.name for file in set_aside_files(path) if file.suffix == ".db"]
        unusable = memory.health
        assert (unusable.remembers, [unusable.set_aside]) == (False, broken_files)
        trying = trying_again()
    trying.join(60)
    assert memory.health.remembers
    assert [memory.health.set_aside] == broken_files
    memory.close()


def test_what_the_user_does_not_want_remembered_is_not_lost_without_a_history(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    settings = Settings(history=HistorySettings(enabled=False))
    memory = Memory(tmp_path, None, lambda: settings)
    take(memory)
    assert memory.health.lost_pages == 0
    settings = Settings()
    memory.take(SEEN.extraction, SEEN.verdict, Page(SEEN.page, b"", "text/html", SEEN.at), again=True)
    assert memory.health.lost_pages == 0, "it was counted when it was judged first"
    take(memory)
    assert memory.health.lost_pages == 1
    memory.close()


@pytest.mark.slow
def test_a_database_that_was_not_there_at_the_start_is_used_once_it_is(
    relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "AGAIN", 0.05)
    relay.die()
    memory = Memory(tmp_path, relay.url, Settings)
    take(memory)
    assert memory.past(SEEN.extraction) is None
    assert (memory.health.remembers, memory.health.trouble) == (False, "ConnectionTimeout")
    trying = trying_again()
    relay.revive()
    trying.join(60)
    assert memory.health.remembers
    take(memory)
    memory.settle()
    assert memory.past(SEEN.extraction) is not None
    memory.close()
