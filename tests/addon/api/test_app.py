"""Every refusal of the API is a problem of one form, and none repeats what was sent."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from addon.api.app import create_app, described
from addon.api.models import Problem
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
