"""Every refusal of the API is a problem of one form, and none repeats what was sent."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from addon.api.app import create_app, described
from addon.api.history_app import without_guard
from addon.api.models import Problem
from addon.koban import HistoryParts
from tests.addon.api.caller import ORIGIN
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR
from tests.catalog import shipped_catalog

BASE = "http://127.0.0.1:8789"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    koban = koban_in(tmp_path, CLEAR)
    koban.api_port = 8789
    transport = httpx.ASGITransport(create_app(koban, shipped_catalog()), client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers={"Origin": ORIGIN}) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/v1/status", 401, "unauthorized"),
        ("GET", "/v1/nothing-here", 401, "unauthorized"),
        ("POST", "/v1/pair", 415, "invalid"),
    ],
)
async def test_a_refusal_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int, error: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert Problem.model_validate(answer.json()).error == error


async def test_a_body_of_another_form_is_named_by_its_field_and_not_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/pair", json={"by": "振込先は普通1234567", "nonce": "x", "proof": "y"})
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    assert "1234567" not in answer.text
    assert "body.by" in answer.json()["detail"]


def test_what_is_described_is_what_is_routed() -> None:
    paths = described("1.0").openapi()["paths"]
    assert {"/v1/status", "/v1/check", "/v1/history", "/v1/lessons", "/v1/pair"} <= set(paths)


@pytest.mark.slow
def test_what_is_seldom_asked_for_is_not_imported_before_it_is() -> None:
    heavy = {"addon.history.report.make", "click", "icalendar", "rules.engine", "sqlalchemy"}
    program = f"import sys, addon.api.server; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


async def test_what_many_ask_of_the_history_at_once_is_answered_by_one_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[FastAPI]()

    def noted(parts: HistoryParts) -> FastAPI:
        made.append(without_guard(parts))
        return made[-1]

    monkeypatch.setattr("addon.api.history_app.without_guard", noted)
    koban = koban_in(tmp_path, CLEAR)
    transport = httpx.ASGITransport(create_app(koban, shipped_catalog()), client=("127.0.0.1", 50_000))
    headers = {"Authorization": f"Bearer {koban.visits.enter(koban.visits.open_code())}"}
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
        assert made == []
        answers = await asyncio.gather(*(client.get("/v1/history/today") for _ in range(3)))
        assert [answer.json() for answer in answers] == [[], [], []]
        missing = await client.get("/v1/history/nothing-here")
        assert (missing.status_code, missing.json()["error"]) == (404, "not-found")
    assert len(made) == 1
