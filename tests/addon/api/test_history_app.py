"""The app of the history says that a history does not answer, and nothing of what was asked for."""

import logging
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from addon.api.history_app import without_guard
from addon.history.access import HistoryAccess
from addon.history.health import Health
from addon.history.store import History
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR


async def test_a_history_that_does_not_answer_is_said_without_the_question(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> History:
        raise OperationalError("SELECT 青山", None, Exception("青山"))

    koban = koban_in(tmp_path, CLEAR)
    koban.history = HistoryAccess(fail, lambda: Health(remembers=True))
    transport = httpx.ASGITransport(without_guard(koban))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        with caplog.at_level(logging.WARNING, "koban.api"):
            answer = await client.get("/v1/history/today")
    assert (answer.status_code, answer.json()["error"]) == (503, "busy")
    assert "OperationalError" in caplog.text
    assert "青山" not in caplog.text + answer.text
