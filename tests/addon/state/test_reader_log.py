"""A redesign is noticed: the first reader that used to answer has stopped."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.state.options import ServeOptions
from addon.state.reader_log import ReaderLog
from extractors import extract
from extractors.page import Page
from rules.engine import Engine
from rules.sites import SHIPPED_TERMS
from tests.addon.health_parts import links_of
from tests.extractors.saved_pages import PAGES, Case, page

DETAIL = Case(PAGES / "lancers/job/with-schedule")
MOVED = page(DETAIL.body.decode().replace('class="p-work-detail-schedule__item"', 'class="new"'), DETAIL.page.url)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


def test_a_first_reader_that_stops_is_told_by_doctor(tmp_path: Path, clock: Clock, engine: Engine) -> None:
    path = tmp_path / "readers.json"
    readers = ReaderLog(path, clock)
    judge = LocalJudge(engine, notes=[readers.note], terms=SHIPPED_TERMS)
    judge.check(Visit(DETAIL.page))
    assert readers.signs() == []
    clock.now += timedelta(days=1)
    judge.check(Visit(MOVED))
    readers.keep()
    assert {(sign.page, sign.field) for sign in ReaderLog(path, clock).signs()} == {
        ("lancers/job", "job.closes_at"),
        ("lancers/job", "job.posted_at"),
    }
    options = ServeOptions(listen_port=1, api_port=1, state_dir=tmp_path)
    told = [link for link in links_of(options) if link.holds is False and "job.closes_at" in link.what.ja]
    assert len(told) == 1
    assert told[0].repair is not None


def test_it_is_over_once_the_first_reader_answers_again(tmp_path: Path, clock: Clock) -> None:
    readers = ReaderLog(tmp_path / "readers.json", clock)
    for number, seen in enumerate((DETAIL.page, MOVED, DETAIL.page)):
        clock.now += timedelta(days=number)
        readers.note(extract(Page(seen.url, seen.body, seen.content_type, clock.now)))
    assert readers.signs() == []


def test_lists_put_their_place_before_the_readers_own(tmp_path: Path, clock: Clock) -> None:
    readers = ReaderLog(tmp_path / "readers.json", clock)
    for case in ("crowdworks/job-list/all-pay-kinds", "crowdworks/job/known-client", "lancers/job-list/all-cards"):
        readers.note(extract(Case(PAGES / case).page))
    clock.now += timedelta(days=1)
    for case in ("crowdworks/job-list/all-pay-kinds", "crowdworks/job/known-client", "lancers/job-list/all-cards"):
        readers.note(extract(Case(PAGES / case).page))
    assert readers.signs() == []


def test_a_broken_file_is_set_aside_and_old_days_go(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "readers.json"
    path.write_text("{")
    readers = ReaderLog(path, clock)
    assert [p.name[:14] for p in tmp_path.iterdir()] == ["readers.broken"]
    readers.note(extract(DETAIL.page))
    clock.now += timedelta(days=60)
    readers.note(extract(DETAIL.page))
    readers.keep()
    assert path.read_text().count('"first": 1') == path.read_text().count('"later": 0') > 0
    assert "見本" not in path.read_text()
