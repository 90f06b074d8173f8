"""What passes between the two processes arrives as it was sent."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from addon.history.health import Health
from addon.judging.protocol import Flush, Message, Opened, Rejudge, Submission, Visit, WorkerReady
from addon.state.settings import Settings
from addon.verdicts.parts import Rejudged
from extractors.page import MarkupChanges, Page
from extractors.records import Contents
from rules.model import Verdict

PAGE = Page("https://crowdworks.jp/public/jobs/1", "<p>仕事".encode(), "text/html", datetime(2026, 11, 1, tzinfo=UTC))
VISIT = Visit(PAGE, stage="funded", part_of="https://crowdworks.jp/contracts/1", keep=False)


@pytest.mark.parametrize(
    "message",
    [
        Submission(VISIT, Settings(active_step=False)),
        Submission(replace(VISIT, bare="message", encoding="br"), None),
        Submission(Visit(PAGE.with_markup(MarkupChanges({".a": ".b"}))), None),
        Opened({"https://crowdworks.jp/files/1": Contents(kind="picture")}),
        Rejudge(Settings()),
        Flush(),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_to_the_worker_survives_the_pipe(message: Message) -> None:
    received = pickle.loads(pickle.dumps(message))
    assert received == message
    if isinstance(message, Submission):
        assert received.visit.page.markup == message.visit.page.markup


def test_a_reply_survives_the_pipe() -> None:
    reply = ([Rejudged(PAGE.url, None, Verdict(state="not-checked", reason="failed"))], Health(lost_pages=3))
    assert pickle.loads(pickle.dumps(reply)) == reply


def test_a_worker_that_says_nothing_of_problems_has_none() -> None:
    assert WorkerReady().problems == ()
    assert WorkerReady().health == Health()
