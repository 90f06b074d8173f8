"""Crashes, full disks, broken files, other versions, two processes: nothing stored is lost, and the rest goes on."""

import io
import json
import os
import random
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from addon.app import running
from addon.cli.serve import tell
from addon.history.copies import copies
from addon.history.database import LONGEST_LOG, open_file, open_url
from addon.history.deals import deals
from addon.history.file import Unusable, set_aside_files
from addon.history.recorder import Recorder
from addon.history.salvage import salvage
from addon.history.store import History
from addon.history.writer import JudgedPage
from addon.koban import Koban
from addon.state.options import ServeOptions
from addon.state.settings import SettingsStore
from extractors.page import Page
from extractors.records import Client, Contract
from rules.sites import SHIPPED_TERMS
from tests.addon.findings import finding
from tests.addon.health_parts import links_of
from tests.addon.history.conftest import START, extraction, rows, seen

pytestmark = pytest.mark.slow

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


def start(path: Path | str, number: int) -> "subprocess.Popen[str]":
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


def write_together(where: str) -> set[int]:
    """Two processes at once, from nothing on: what they said that they wrote."""
    writers = [start(where, 1_000_000), start(where, 2_000_000)]
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
    return told


def test_two_processes_write_one_file(tmp_path: Path) -> None:
    told = write_together(str(tmp_path / "history.db"))
    assert told <= contracts(tmp_path / "history.db")


def test_two_processes_write_one_database_of_a_household(shared: str) -> None:
    told = write_together(shared)
    history = History(open_url(shared))
    written = {int(row["id"]) for row in rows(history, "contract")}
    assert told <= written
    assert {int(row["id"]) for row in rows(history, "client")} == {number % 50 for number in written}
    history.close()


def test_two_who_show_one_deal_at_once_see_each_step_once(shared: str) -> None:
    histories = [History(open_url(shared)) for _ in range(2)]
    for number, state in enumerate(("agreed", "escrow-funded", "delivered", "accepted")):
        at = START + timedelta(days=number)
        page = seen(Contract(id="7", state=state, client=Client(id="52")), at=at)  # type: ignore[arg-type]
        writers = [threading.Thread(target=history.record, args=(page,)) for history in histories for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    assert [row["state"] for row in rows(histories[0], "step")] == ["agreed", "escrow-funded", "delivered", "accepted"]
    for history in histories:
        history.close()


def test_two_who_show_the_same_deals_in_another_order_do_not_wait_for_each_other(shared: str) -> None:
    deals = [Contract(id=str(number), client=Client(id=str(number))) for number in range(40)]
    lost: list[Exception] = []

    def write(history: History, order: list[Contract]) -> None:
        for turn in range(12):
            try:
                history.record(seen(*order, at=START + timedelta(minutes=turn), kind="contract-list"))
            except SQLAlchemyError as error:
                lost.append(error)

    histories = [History(open_url(shared)) for _ in range(2)]
    orders = (deals, deals[::-1])
    writers = [
        threading.Thread(target=write, args=(history, order)) for history, order in zip(histories, orders, strict=True)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for history in histories:
        history.close()
    assert lost == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://koban@localhost/koban", "not postgresql"),
        ("postgresql://koban:secret@127.0.0.1:1/koban", "OperationalError"),
        ("no address", "ArgumentError"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(url: str, why: str) -> None:
    with pytest.raises(Unusable, match=why) as raised:
        open_url(url)
    assert "secret" not in str(raised.value)


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


def left_in_the_log(path: Path) -> set[int]:
    """A history whose writer was killed: what it wrote last stands in the log alone."""
    writer = start(path, 1)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    told = {int(writer.stdout.readline()) for _ in range(30)}
    writer.kill()
    told |= {int(line) for line in writer.communicate()[0].split()}
    assert path.with_name("history.db-wal").stat().st_size > 50_000
    return told


def test_a_broken_beginning_is_mended_from_the_log(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    told = left_in_the_log(path)
    data = bytearray(path.read_bytes())
    data[:16] = b"something else!!"
    path.write_bytes(data)
    open_file(path)[0].dispose()
    assert told <= contracts(path)


def test_what_stands_in_the_log_alone_is_saved_too(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    told = left_in_the_log(path)
    files = [path, path.with_name("history.db-wal")]
    before = [file.read_bytes() for file in files]
    salvage(path, tmp_path / "saved.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "saved.jsonl").read_text(encoding="utf-8").splitlines()]
    assert told <= {int(row["id"]) for row in rows if row["table"] == "contract"}
    assert [file.read_bytes() for file in files] == before, "the evidence of what went wrong stays as it was"


def test_two_who_meet_a_broken_file_set_it_aside_once(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(b"not a database at all, but some text")
    opened: list[Path | None] = []

    def open_it() -> None:
        engine, aside = open_file(path)
        history = History(engine)
        history.record(seen(deal(len(opened))))
        opened.append(aside)
        history.close()

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([aside for aside in opened if aside is not None]) == 1
    assert len(opened) == 6
    assert [file.suffix for file in set_aside_files(path)] == [".db", ".jsonl"]


def test_a_history_of_a_newer_koban_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    left_in_the_log(path)
    newer = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "c.execute('UPDATE alembic_version SET version_num = 9999'); c.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", newer, path], check=True)
    # Its log too: the newer one may have reasons of its own to write it into the file, or not.
    files = [path, path.with_name("history.db-wal")]
    before = [file.read_bytes() for file in files]
    assert len(before[1]) > 0
    for _ in range(2):
        with pytest.raises(Unusable, match="newer"):
            open_file(path)
    assert [file.read_bytes() for file in files] == before


def test_a_shared_history_of_a_newer_koban_is_left_as_it_is(shared: str) -> None:
    engine = open_url(shared)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unusable, match="newer"):
        open_url(shared)
    engine.dispose()


def test_a_history_of_the_first_version_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parent / "r0001.sql").read_text(encoding="utf-8"))
        before = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        }
    engine, aside = open_file(path)
    assert aside is None
    history = History(engine)
    with closing(sqlite3.connect(path)) as connection:
        after = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() for name in before}
    assert after == before
    past = history.past(extraction(Contract(id="7", state="in-revision", client=Client(id="52"))))
    assert past is not None
    assert [step.state for step in past.steps] == ["agreed", "escrow-funded"]
    assert [word.asks_revision for word in past.words] == [False, True]
    assert past.revisions_agreed == 2
    assert {step.feed for one in deals(history, terms=SHIPPED_TERMS) for step in one.steps} == {None}, (
        "nobody knows how they came"
    )
    history.record(seen(deal(1), findings=(finding("direct-contract"),), source=b"<p>page</p>"))
    assert [copy.body for copy in copies(history.engine, "crowdworks", client="52")] == [b"<p>page</p>"]
    history.close()


def test_a_history_from_before_the_first_migration_ended_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    engine, aside = open_file(path)
    assert aside is None
    History(engine).record(seen(deal(1)))
    engine.dispose()
    assert contracts(path) == {1}


def test_the_log_of_changes_does_not_grow_without_end(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history = History(open_file(path)[0])
    longest = 0
    for number in range(600):
        history.record(seen(Contract(id=str(number), title="題" * 4_000, state="agreed")))
        longest = max(longest, path.with_name("history.db-wal").stat().st_size)
    assert longest <= LONGEST_LOG
    assert path.stat().st_size > 1_000_000, "it was written into the file meanwhile"
    history.close()


def recorder_of(tmp_path: Path, **more: Any) -> tuple[History, Recorder, SettingsStore]:
    history = History(open_file(tmp_path / "history.db")[0])
    settings = SettingsStore(tmp_path / "settings.json")
    return history, Recorder(history, lambda: settings.current, **more), settings


def fail_for_want_of_room(_: object) -> None:
    raise OperationalError("CREATE TABLE", None, Exception("database or disk is full"))


def take(recorder: Recorder, page: JudgedPage, body: bytes = b"") -> None:
    recorder.take(page.extraction, page.verdict, Page(page.page, body, "text/html", page.at))


def test_attack_21_a_page_is_remembered_with_the_way_that_it_came(tmp_path: Path) -> None:
    history, recorder, _ = recorder_of(tmp_path)
    page = seen(deal(1))
    recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at, feed="extension"))
    recorder.settle()
    assert [step.feed for one in deals(history, terms=SHIPPED_TERMS) for step in one.steps] == ["extension"]
    recorder.close()


def on_a_full_disk(folder: Path, kind: str, mode: str) -> dict[str, Any]:
    script = [sys.executable, "-m", "tests.addon.history.full_disk", str(folder), kind, mode]
    command = " ".join(map(shlex.quote, script))
    if kind == "disk":
        # A disk of its own, in a namespace of its own: seen by nobody else, and gone with it.
        here = shlex.quote(str(folder))
        mount = f"mount -t tmpfs -o size=6m tmpfs {here} && head -c 4500000 /dev/zero > {here}/ballast"
        kept = f"cp {here}/history.db* {shlex.quote(str(folder.parent))}/"
        script = ["unshare", "-Urm", "sh", "-c", f"{mount} && {command} && {kept}"]
    ran = subprocess.run(script, capture_output=True, text=True, timeout=200)
    if kind == "disk" and ran.stdout == "":
        pytest.skip(f"no disk of one's own to be had here: {ran.stderr.strip()[-200:]}")
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@pytest.mark.skipif(sys.platform != "linux", reason="limits and namespaces are Linux's")
@pytest.mark.parametrize("kind", ["disk", "limit"])
@pytest.mark.parametrize("mode", ["stays", "passes"])
def test_a_full_disk_loses_only_what_it_says_and_the_next_page_is_kept(tmp_path: Path, kind: str, mode: str) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    told = on_a_full_disk(folder, kind, mode)
    kept = contracts((tmp_path if kind == "disk" else folder) / "history.db")
    assert len(kept) == 70 - told["lost"]
    assert set(range(5)) | set(range(65, 70)) <= kept, "from before it was full, and after"
    assert told["lost_later"] == 0
    if mode == "passes":
        assert told["lost"] == 0, "what waits is written when there is room again"
    else:
        assert told["lost"] > 0
        assert told["trouble"] == "OperationalError"


def test_a_file_that_breaks_while_it_is_used_is_set_aside_and_said(tmp_path: Path) -> None:
    history, recorder, _ = recorder_of(tmp_path)
    for number in range(50):
        take(recorder, seen(deal(number)))
    recorder.settle()
    path = tmp_path / "history.db"
    # What a connection has read it does not read again.
    history.engine.dispose()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    take(recorder, seen(deal(99)))
    recorder.settle()
    assert recorder.health.lost_pages == 0
    assert recorder.health.set_aside is not None
    assert (tmp_path / recorder.health.set_aside).read_bytes() == bytes(data)
    take(recorder, seen(deal(100)))
    recorder.close()
    assert contracts(path) == {99, 100}


def test_a_file_that_breaks_on_a_full_disk_is_begun_anew_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, recorder, _ = recorder_of(tmp_path, again=())
    take(recorder, seen(deal(0)))
    recorder.settle()
    path = tmp_path / "history.db"
    # What a connection has read it does not read again.
    history.engine.dispose()
    path.write_bytes(b"not a database at all, but some text")
    with monkeypatch.context() as full_disk:
        full_disk.setattr("addon.history.database.create", fail_for_want_of_room)
        for number in (1, 2):
            take(recorder, seen(deal(number)))
        recorder.settle()
        assert recorder.health.lost_pages == 2
    broken_files = set_aside_files(path)
    assert recorder.health.set_aside in [file.name for file in broken_files], "it has its new name already"
    take(recorder, seen(deal(3)))
    recorder.close()
    assert contracts(path) == {3}
    assert recorder.health.lost_pages == 2
    assert set_aside_files(path) == broken_files


def test_what_comes_after_the_end_or_from_a_dead_thread_is_counted(tmp_path: Path) -> None:
    _, recorder, _ = recorder_of(tmp_path)
    take(recorder, seen(deal(1)))
    recorder.close()
    take(recorder, seen(deal(2)))
    assert (recorder.health.lost_pages, recorder.health.trouble) == (1, "the recording has ended")
    assert contracts(tmp_path / "history.db") == {1}


def test_a_database_that_never_answers_does_not_keep_the_program_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addon.history.recorder.LAST_WAIT", 0.3)
    history, recorder, _ = recorder_of(tmp_path, most_waiting=3)
    begun, held = threading.Event(), threading.Event()
    real = history.record

    def hangs(page: JudgedPage) -> None:
        begun.set()
        held.wait(60)
        real(page)

    monkeypatch.setattr(history, "record", hangs)
    take(recorder, seen(deal(0)))
    assert begun.wait(60)
    for number in range(1, 4):
        take(recorder, seen(deal(number)))
    recorder.close()
    assert recorder.health.lost_pages >= 3
    assert recorder.health.trouble == "the program ended"
    held.set()


def test_a_queue_that_is_full_is_said_and_nothing_waits(tmp_path: Path) -> None:
    history, recorder, _ = recorder_of(tmp_path, most_waiting=3)
    held = threading.Event()
    real = history.record
    history.record = lambda page: (held.wait(60), real(page))[1]  # type: ignore[method-assign]
    for number in range(10):
        page = seen(deal(number))
        recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at))
    assert recorder.health.lost_pages >= 6
    held.set()
    recorder.close()
    assert recorder.health.trouble == "too many pages at once"
    assert len(contracts(tmp_path / "history.db")) == 10 - recorder.health.lost_pages


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


def test_only_warnings_that_are_shown_are_remembered_and_pages_only_with_leave(tmp_path: Path) -> None:
    history, recorder, settings = recorder_of(tmp_path)
    page = seen(deal(1), findings=(finding("direct-contract"), finding("tried-out", status="experimental")))
    take(recorder, page, b"<p>one</p>")
    recorder.settle()
    assert [row["rule"] for row in rows(history, "finding")] == ["direct-contract"]
    assert copies(history.engine, "crowdworks", client="52") == []
    settings.patch({"history": {"pages": True}})
    take(recorder, page, b"<p>one</p>")
    recorder.settle()
    assert [copy.body for copy in copies(history.engine, "crowdworks", client="52")] == [b"<p>one</p>"]
    settings.patch({"rules": {"direct-contract": False}})
    take(recorder, seen(deal(2), findings=(finding("direct-contract"),)), b"<p>two</p>")
    recorder.close()
    assert len(copies(open_file(tmp_path / "history.db")[0], "crowdworks", client="52")) == 1


def said(koban: Koban) -> str:
    """What `koban serve` says at its start."""
    console = Console(file=io.StringIO(), width=1_000)
    tell(koban, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def test_a_history_that_cannot_be_used_is_said_and_stops_nothing(tmp_path: Path) -> None:
    open_file(tmp_path / "history.db")[0].dispose()
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    options = ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path)
    async with running(options) as koban:
        recording = koban.history.health
        told = said(koban)
    assert not recording.remembers
    assert recording.trouble is not None
    assert "newer" in recording.trouble
    assert f"nothing is remembered: {recording.trouble}" in told
    assert [link.holds for link in links_of(options) if link.what.ja.startswith("記録: この")] == [False]


async def test_a_file_set_aside_at_the_start_is_said(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"not a database at all, but some text")
    options = ServeOptions(listen_port=0, api_port=0, state_dir=tmp_path)
    async with running(options) as koban:
        recording = koban.history.health
        told = said(koban)
    assert recording.remembers
    aside = recording.set_aside
    assert aside is not None
    assert f"is kept as {aside}" in told
    assert [link for link in links_of(options) if aside in link.what.ja]
