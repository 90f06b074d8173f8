"""Crashes, full disks, broken files, other versions, two processes: nothing stored is lost, and the rest goes on."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from addon.history.database import Unusable, open_file
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.settings import SettingsStore
from extractors.page import Page
from extractors.records import Client, Contract
from tests.addon.history.conftest import START, seen

KILLS = int(os.environ.get("KOBAN_CRASHES", "8"))
"""1,000 in the run that docs/security.md records."""


def deal(number: int) -> Contract:
    return Contract(id=str(number), state="agreed", client=Client(id="52"))


def contracts(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        whole = {int(number) for (number,) in connection.execute("SELECT id FROM contract")}
        steps = {int(number) for (number,) in connection.execute("SELECT contract_id FROM step")}
    assert whole == steps, "a page is written whole or not at all"
    return whole


def start(path: Path, number: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.addon.history.writer", str(path), str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_what_was_written_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    told: set[int] = set()
    for kill in range(KILLS):
        writer = start(path, max(told, default=0) + 10)
        assert writer.stdout is not None
        writer.stdout.readline()
        for _ in range(random.randrange(1, 12)):
            told.add(int(writer.stdout.readline()))
        # Anywhere within the next page.
        time.sleep(random.random() * 0.01)
        writer.send_signal(signal.SIGKILL)
        told |= {int(line) for line in writer.communicate()[0].split()}
        if kill % 100 == 0:
            assert told <= contracts(path)
    assert told <= contracts(path)


def test_two_processes_write_one_history(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    writers = [start(path, 1_000_000), start(path, 2_000_000)]
    told: set[int] = set()
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdout is not None
        told |= {int(writer.stdout.readline()) for _ in range(40)}
    for writer in writers:
        writer.kill()
        told |= {int(line) for line in writer.communicate()[0].split()}
    assert told <= contracts(path)


@pytest.mark.parametrize(
    "broken", [b"", b"not a database at all, but some text", b"SQLite format 3\0" + b"\xff" * 5_000]
)
def test_a_broken_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(broken)
    engine, aside = open_file(path)
    history = History(engine)
    history.record(seen(deal(1)))
    history.close()
    if broken:
        assert aside is not None
        assert aside.read_bytes() == broken
    else:
        assert aside is None, "an empty file is a new one"
    assert contracts(path) == {1}


def test_what_can_be_read_of_a_broken_file_is_written_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history = History(open_file(path)[0])
    for number in range(400):
        history.record(seen(deal(number)))
    with history.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    history.close()
    data = bytearray(path.read_bytes())
    for page in range(len(data) // 4096 * 3 // 4, len(data) // 4096):
        data[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    engine, aside = open_file(path)
    engine.dispose()
    assert aside is not None
    assert aside.read_bytes() == bytes(data)
    rows = [json.loads(line) for line in aside.with_suffix(".jsonl").read_text().splitlines()]
    assert len(rows) > 100
    assert contracts(path) == set()


def test_a_history_of_a_newer_koban_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_file(path)[0].dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(Unusable, match="newer"):
        open_file(path)
    assert path.read_bytes() == before


def test_a_history_from_before_the_first_migration_ended_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    engine, aside = open_file(path)
    assert aside is None
    History(engine).record(seen(deal(1)))
    engine.dispose()
    assert contracts(path) == {1}


def recorder_of(tmp_path: Path, **more: int) -> tuple[History, Recorder, SettingsStore]:
    history = History(open_file(tmp_path / "history.db")[0])
    settings = SettingsStore(tmp_path / "settings.json")
    return history, Recorder(history, lambda: settings.current, **more), settings


def test_a_full_disk_loses_a_page_and_says_so_and_the_next_is_kept(tmp_path: Path) -> None:
    history, recorder, _ = recorder_of(tmp_path)
    page = seen(deal(1))
    recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at))
    recorder.settle()
    real = history.record

    def full(_: object) -> None:
        raise OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full"))

    history.record = full  # type: ignore[method-assign]
    later = seen(deal(2))
    recorder.take(later.extraction, later.verdict, Page(later.page, b"", "text/html", later.at))
    recorder.settle()
    assert (recorder.health.lost, recorder.health.trouble) == (1, "OperationalError")
    history.record = real  # type: ignore[method-assign]
    recorder.take(later.extraction, later.verdict, Page(later.page, b"", "text/html", later.at))
    recorder.close()
    assert contracts(tmp_path / "history.db") == {1, 2}


def test_a_queue_that_is_full_is_said_and_nothing_waits(tmp_path: Path) -> None:
    history, recorder, _ = recorder_of(tmp_path, most_waiting=3)
    held = threading.Event()
    real = history.record
    history.record = lambda page: (held.wait(10), real(page))[1]  # type: ignore[method-assign]
    for number in range(10):
        page = seen(deal(number))
        recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at))
    assert recorder.health.lost >= 6
    held.set()
    recorder.close()
    assert len(contracts(tmp_path / "history.db")) == 10 - recorder.health.lost


def test_nothing_is_remembered_while_it_is_switched_off_or_paused(tmp_path: Path) -> None:
    _, recorder, settings = recorder_of(tmp_path)
    page = seen(deal(1))
    for change in (
        {"history": {"enabled": False}},
        {"history": None, "sites": {"crowdworks": {"enabled": False}}},
        {"sites": None, "paused_until": START.replace(year=2030).isoformat()},
    ):
        settings.patch(change)
        recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at))
    recorder.close()
    assert contracts(tmp_path / "history.db") == set()
