"""The queue of judged pages: what is let into it, what is tried again, and what is counted as lost."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from addon.history.recorder import Recorder
from addon.history.store import History
from addon.history.writer import JudgedPage
from addon.state.settings import HistorySettings, Settings
from extractors.page import Page
from extractors.records import Contract
from rules.model import Verdict
from tests.addon.findings import finding
from tests.addon.history.conftest import extraction

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
PAGE = Page("https://crowdworks.jp/contracts/1", b"<p>", "text/html", NOW, feed="proxy")
SEEN = extraction(Contract(id="1", state="agreed"))
DANGER = Verdict(state="danger", findings=(finding("direct-contract"),), site="crowdworks", kind="contract")
BROKEN = DatabaseError("insert", None, Exception("database disk image is malformed"))
BUSY = OperationalError("insert", None, Exception("database is locked"))


class FakeHistory:
    """Keeps what it is given, or fails as it is told to."""

    silent = False

    def __init__(self) -> None:
        self.pages: list[JudgedPage] = []
        self.failures: list[Exception] = []
        self.pruned: list[datetime] = []
        self.holds = threading.Event()
        self.holds.set()

    def record(self, page: JudgedPage) -> None:
        assert self.holds.wait(60)
        if self.failures:
            raise self.failures.pop(0)
        self.pages.append(page)

    def replace_corrupt(self) -> Path | None:
        return None

    def clock_holds(self, _: datetime) -> bool:
        return True

    def prune(self, before: datetime) -> None:
        self.pruned.append(before)

    def close(self) -> None: ...


Make = Callable[..., Recorder]


@pytest.fixture
def fake() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def made(fake: FakeHistory) -> Iterator[Make]:
    recorders: list[Recorder] = []

    def make(settings: Settings | None = None, most_waiting: int = 100) -> Recorder:
        chosen = settings if settings is not None else Settings()
        recorder = Recorder(cast(History, fake), lambda: chosen, lambda: NOW, most_waiting, again=(0, 0))
        recorders.append(recorder)
        return recorder

    yield make
    fake.holds.set()
    for recorder in recorders:
        recorder.close()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(history=HistorySettings(enabled=False)),
        Settings(paused_until=NOW + timedelta(hours=1)),
        Settings.model_validate({"sites": {"crowdworks": {"enabled": False}}}),
    ],
    ids=["history off", "paused", "site off"],
)
def test_nothing_is_queued_that_the_user_does_not_want_remembered(
    made: Make, fake: FakeHistory, settings: Settings
) -> None:
    recorder = made(settings)
    recorder.take(SEEN, DANGER, PAGE)
    recorder.settle()
    assert (fake.pages, recorder.health.lost_pages) == ([], 0)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_page_is_copied_with_leave_and_with_a_warning_alone(made: Make, fake: FakeHistory, wanted: bool) -> None:
    recorder = made(Settings(history=HistorySettings(pages=wanted)))
    recorder.take(SEEN, DANGER, PAGE)
    recorder.take(SEEN, Verdict(state="clear", site="crowdworks"), PAGE)
    recorder.settle()
    assert [page.source is not None for page in fake.pages] == [wanted, False]


def test_a_reason_that_may_pass_is_waited_for(made: Make, fake: FakeHistory) -> None:
    fake.failures = [BUSY, BUSY]
    recorder = made()
    recorder.take(SEEN, DANGER, PAGE)
    recorder.settle()
    assert (len(fake.pages), recorder.health.lost_pages) == (1, 0)


@pytest.mark.parametrize(
    ("failures", "why"),
    [
        ([BUSY, BUSY, BUSY], "Exception"),
        ([IntegrityError("insert", None, ValueError("of the page"))], "ValueError"),
        ([RuntimeError("of the page")], "RuntimeError"),
        ([BROKEN, BROKEN], "Exception"),
        ([BUSY, BUSY, BROKEN, BUSY], "Exception"),
    ],
    ids=["busy", "refused", "bug", "broken", "broken at last"],
)
def test_a_page_that_is_lost_is_counted_and_the_next_is_written(
    made: Make, fake: FakeHistory, failures: list[Exception], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.failures = failures
    recorder = made()
    recorder.take(SEEN, DANGER, PAGE)
    recorder.take(SEEN, DANGER, PAGE)
    recorder.settle()
    assert (len(fake.pages), recorder.health.lost_pages, recorder.health.trouble) == (1, 1, why)
    assert "of the page" not in caplog.text


@pytest.mark.parametrize("failures", [[BROKEN], [BUSY, BUSY, BROKEN]], ids=["at once", "at last"])
def test_a_page_that_met_a_broken_file_is_written_to_the_new_one(
    made: Make, fake: FakeHistory, failures: list[Exception]
) -> None:
    fake.failures = failures
    recorder = made()
    recorder.take(SEEN, DANGER, PAGE)
    recorder.settle()
    assert (len(fake.pages), recorder.health.lost_pages) == (1, 0)


def test_a_page_that_cannot_be_queued_is_counted(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Verdict:
        raise RuntimeError("of the page")

    monkeypatch.setattr("addon.history.recorder.apply_switches", fail)
    recorder = made()
    recorder.take(SEEN, DANGER, PAGE)
    assert (recorder.health.lost_pages, recorder.health.trouble) == (1, "RuntimeError")


def test_a_full_queue_loses_pages_and_no_time(made: Make, fake: FakeHistory) -> None:
    fake.holds.clear()
    recorder = made(most_waiting=1)
    for _ in range(5):
        recorder.take(SEEN, DANGER, PAGE)
    assert recorder.health.lost_pages >= 3, "one is being written, one waits"
    fake.holds.set()
    recorder.settle()
    assert len(fake.pages) + recorder.health.lost_pages == 5


def test_what_is_too_old_is_forgotten_once_a_day(made: Make, fake: FakeHistory) -> None:
    recorder = made(Settings(history=HistorySettings(days=30)))
    for _ in range(3):
        recorder.take(SEEN, DANGER, PAGE)
    recorder.settle()
    assert fake.pruned == [NOW - timedelta(days=30)]


def test_after_the_end_a_page_counts_as_lost(made: Make) -> None:
    recorder = made()
    recorder.close()
    recorder.take(SEEN, DANGER, PAGE)
    assert recorder.health.lost_pages == 1
