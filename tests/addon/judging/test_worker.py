"""The judging process from within: whatever callable raises, a page gets its verdict."""

import inspect
import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from addon.history.memory import Memory
from addon.judging import check, local
from addon.judging import worker as worker_module
from addon.judging.protocol import Flush, Opened, Rejudge, Submission, Visit
from addon.judging.sides import Sides
from addon.judging.worker import Taught, Worker
from addon.state import notes
from addon.state.json_file import JsonFile
from addon.state.market_log import MarketLog
from addon.state.reader_log import ReaderLog
from addon.state.settings import HistorySettings, Settings
from addon.verdicts.written import WrittenVerdict
from extractors.page import Page
from extractors.records import Contents, TextLine
from rules.engine import Engine
from rules.meaning.reader import MeaningReader
from rules.model import Verdict
from tests.extractors.saved_pages import cases

SECRET = "ここだけの話"
# A list of jobs has a going rate, and messages have a past.
PAGES = [
    next(case.page for case in cases() if case.name.startswith(f"crowdworks/{kind}/"))
    for kind in ("job-list", "thread")
]

_TOTAL = {"read", "not_checked", "_failed", "error_location"}
"""Functions of `check` that raise nothing; what they call is in the list."""
_OF_TEXTS = {"NamedTuple", "facts_of_text", "record_of"}
"""Functions of `check` that only texts by themselves need; a test below and test_check.py break these."""
_BESIDE = {"details_of"}
"""Functions of `check` without whose answer a page is judged all the same."""
_EFFECTS: list[tuple[Any, str]] = [
    (owner, name)
    for owner in (ReaderLog, MarketLog, Memory, Taught, Sides)
    for name in "note rate keep keep_if_due past take health settle close lessons applied".split()
    if hasattr(owner, name)
]
_STEPS: list[tuple[Any, str]] = [
    (check, name) for name, value in vars(check).items() if inspect.isfunction(value) and name not in _TOTAL | _OF_TEXTS
]
_OF_OTHER_MESSAGES = {"_shows_any", "enclosures_in", "_decoded", "decoded", "_remembered", "client_of"}
"""Functions of `local` that no such page is judged with: those of opened files (below), and of pages that are not
decoded yet or whose client is known (test_local.py)."""
_OF_LOCAL: list[tuple[Any, str]] = [
    (local, name)
    for name, value in vars(local).items()
    if inspect.isfunction(value) and value.__module__.startswith(("addon.", "extractors.", "rules."))
    if name not in _TOTAL | _OF_TEXTS | _OF_OTHER_MESSAGES | {"guarded"}
]
CALLABLES = [*_EFFECTS, *_OF_LOCAL, *_STEPS, (Engine, "judge")]


def ids(callables: list[tuple[Any, str]]) -> list[str]:
    return [f"{owner.__name__}.{name}" for owner, name in callables]


def breaking(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, error: Exception) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    is_property = isinstance(inspect.getattr_static(owner, name), property)
    monkeypatch.setattr(owner, name, property(broken) if is_property else broken)


@pytest.fixture
def shared_engine(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """A worker takes the engine that all tests share."""
    monkeypatch.setattr(Engine, "build", lambda *_, **__: engine)


def replies(worker: Worker, messages: list[Any]) -> Iterator[Any]:
    ours, theirs = multiprocessing.Pipe()
    serving = threading.Thread(target=worker.serve, args=(theirs,), daemon=True)
    serving.start()
    for message in messages:
        ours.send(message)
        assert ours.poll(60), "the worker has ended"
        reply = ours.recv().content
        yield reply.read() if isinstance(reply, WrittenVerdict) else reply
    ours.send(None)
    serving.join(60)
    assert not serving.is_alive()


@pytest.mark.usefixtures("shared_engine")
def test_a_model_that_fails_as_it_is_loaded_is_told_with_the_next_reply(tmp_path: Path) -> None:
    worker = Worker(tmp_path, None)
    empty = MeaningReader(tmp_path)
    worker._engines.current = replace(worker._engines.current, meaning=empty)
    ours, theirs = multiprocessing.Pipe()
    threading.Thread(target=worker.serve, args=(theirs,), daemon=True).start()
    for message, count in ((Flush(), 0), (Flush(), 1)):
        ours.send(message)
        assert len(ours.recv().meaning_problems) == count
        empty.load(["english"])
    ours.send(None)
    worker.close()


@pytest.mark.usefixtures("shared_engine")
def test_a_page_has_its_verdict_before_what_was_noted_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_verdict = threading.Event()
    writes: list[bool] = []

    def write(*_: object) -> None:
        writes.append(has_verdict.wait(20))
        raise OSError(28, "a full disk")

    monkeypatch.setattr(notes, "KEEP_EVERY", 2)
    monkeypatch.setattr(JsonFile, "write", write)
    worker = Worker(tmp_path, None)
    for number, _ in enumerate(replies(worker, [Submission(Visit(PAGES[0]), Settings())] * 5), 1):
        if number == 2:
            has_verdict.set()
    assert writes == [True] * 4, "each log after two pages, and where that failed after two more"
    worker.close()


@pytest.mark.slow
@pytest.mark.usefixtures("shared_engine")
@pytest.mark.parametrize(("owner", "name"), CALLABLES, ids=ids(CALLABLES))
def test_house_02_whatever_callable_raises_the_verdict_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, owner: Any, name: str
) -> None:
    submissions = [Submission(Visit(page), Settings()) for page in PAGES]
    breaking(monkeypatch, owner, name, OSError(28, SECRET))
    worker = Worker(tmp_path, None)
    got = list(replies(worker, [*submissions, Flush(), Rejudge(Settings()), *submissions]))
    worker.close()
    verdicts = [*got[:2], *got[4:]]
    assert all(isinstance(verdict, Verdict) for verdict in verdicts)
    if owner is Engine or (owner is check and name not in _BESIDE):
        assert {(verdict.state, verdict.reason) for verdict in verdicts} == {("not-checked", "failed")}
    else:
        assert all(verdict.state != "not-checked" for verdict in verdicts), "only a step of the judging decides"
    assert "OSError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("shared_engine")
@pytest.mark.parametrize("name", ["lessons", "translations", "record_of", "derive"])
def test_house_02_whatever_callable_raises_a_text_by_itself_has_its_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    owners = {"lessons": Taught, "translations": worker_module}
    breaking(monkeypatch, owners.get(name, check), name, OSError(28, SECRET))
    page = Page("about:blank", "次回は直接契約で。".encode(), "text/plain", datetime(2026, 11, 24, tzinfo=UTC))
    text = Submission(Visit(page, keep=False, bare="message"), Settings())
    worker = Worker(tmp_path, None)
    verdicts = list(replies(worker, [text, text]))
    worker.close()
    expected = ("caution", None) if name in owners else ("not-checked", "failed")
    assert {(verdict.state, verdict.reason) for verdict in verdicts} == {expected}
    assert "OSError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("shared_engine")
def test_issue_21_a_verdict_is_said_in_the_language_of_the_settings_and_follows_them(tmp_path: Path) -> None:
    visit = Submission(Visit(PAGES[0]), Settings(language="fr"))
    worker = Worker(tmp_path, None)
    verdict, (again,), plain = replies(worker, [visit, Rejudge(Settings()), Submission(visit.visit, Settings())])
    worker.close()
    assert verdict.findings
    for finding in verdict.findings:
        assert all(text.further("fr") for text in (finding.title, finding.seen, finding.reason, finding.advice))
        assert all(source.name.further("fr") for source in finding.sources)
    assert again.verdict == plain
    assert all(finding.title.further("fr") is None for finding in plain.findings)


THREAD_WITH_A_FILE = """<!DOCTYPE html><html><body>
<div id="pack-message-thread"><div class="_messageItem_q"><div class="_messageBody_q">
<a class="_senderName_q" href="/public/employers/701">見本</a><time datetime="2026年11月20日 10:05"></time>
<p>よろしくお願いします</p><a href="/attachments/7">資料</a></div></div></div></body></html>"""
READ = Contents(kind="png", lines=(TextLine(text="LINE ID: mihon_0000"),))


@pytest.mark.usefixtures("shared_engine")
def test_what_a_picture_adds_to_a_verdict_is_written_to_the_same_rows_of_the_history(tmp_path: Path) -> None:
    host = "https://crowdworks.jp"
    page = Page(
        f"{host}/message/threads/5", THREAD_WITH_A_FILE.encode(), "text/html", datetime(2026, 11, 24, tzinfo=UTC)
    )
    settings = Settings(history=HistorySettings(pages=True))
    opened = Opened({f"{host}/attachments/7": READ})
    rows = []
    worker = Worker(tmp_path, None)
    for messages in ([Submission(Visit(page), settings)], [opened, opened]):
        list(replies(worker, [*messages, Flush()]))
        with sqlite3.connect(tmp_path / "history.db") as db:
            rows.append(
                [
                    db.execute(f"SELECT {column} FROM {table} ORDER BY 1").fetchall()
                    for column, table in (
                        ("state", "verdict"),
                        ("rule", "finding"),
                        ("key", "message"),
                        ("sha256", "page_copy"),
                    )
                ]
            )
    worker.close()
    before, after = rows
    assert before[:2] == [[("clear",)], []]
    assert (after[0], ("contact-in-picture",) in after[1]) == ([("danger",)], True)
    assert len(after[1]) == len(set(after[1]))
    assert after[2] == before[2]
    assert (before[3], len(after[3])) == ([], 1), "a page that warns is copied, by its bytes"


@pytest.mark.usefixtures("shared_engine")
def test_a_worker_that_cannot_tell_which_pages_show_a_file_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaking(monkeypatch, local, "enclosures_in", OSError(28, SECRET))
    visit = Submission(Visit(PAGES[1]), Settings())
    worker = Worker(tmp_path, None)
    verdict, again, after = replies(worker, [visit, Opened({"https://crowdworks.jp/attachments/7": READ}), visit])
    worker.close()
    assert list(again) == []
    assert after.state == verdict.state != "not-checked"
    assert "a page was not judged again with its files" in caplog.text
    assert SECRET not in caplog.text
