"""Any app of the API answers errors in one form, also for paths and methods that it does not have."""

import httpx
import pytest
from fastapi import APIRouter

from addon.api.base import routed
from addon.api.models import Problem
from addon.version import version

router = APIRouter()


@router.get("/double")
async def double(number: int) -> int:
    """Returns twice a number."""
    return 2 * number


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/nothing-here", 404, "not-found"),
        ("PUT", "/double", 405, "invalid"),
        ("GET", "/double?number=secret", 422, "invalid"),
        ("GET", "/docs", 404, "not-found"),
        ("GET", "/openapi.json", 404, "not-found"),
    ],
)
async def test_an_error_is_a_problem_without_what_was_sent(method: str, path: str, status: int, error: str) -> None:
    app = routed(version(), router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        assert (await client.get("/double?number=21")).json() == 42
        answer = await client.request(method, path)
    assert answer.status_code == status
    assert Problem.model_validate(answer.json()).error == error
    assert "secret" not in answer.text
