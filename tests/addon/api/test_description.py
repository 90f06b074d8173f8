"""The API against its own description: whatever is sent, it answers as the OpenAPI document says, never with 500."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from addon.api.app import create_app
from addon.api.openapi import document
from addon.judging.protocol import Judge
from rules.model import Verdict
from tests.addon.api.caller import ORIGIN, Proofs, ProvenRequests, paired
from tests.addon.api.conftest import koban_in
from tests.catalog import shipped_catalog

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, judge: Judge) -> Iterator[tuple[str, ProvenRequests]]:
    """A running API: its address, and a key for it."""
    folder: Path = tmp_path_factory.mktemp("api")
    koban = koban_in(folder, judge)
    koban.verdicts.record("https://crowdworks.jp/", Verdict(state="clear"), "proxy", datetime.now(UTC))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(koban, shipped_catalog()), log_level="critical", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}", ProvenRequests(Proofs(paired(koban.pairing, port), port))
    server.should_exit = True
    thread.join(5)


LEFT_OUT = {"/v1/events", "/v1/pairing", "/v1/pairing/number"}
"""Paths that are not tried: the stream of events, which never ends, the end of the pairing, which would end the test,
and the number to pair by, which takes no body and is given out five times an hour."""
OPERATIONS = sorted(set(document()["paths"]) - LEFT_OUT)


@pytest.fixture(scope="module")
def described(base: tuple[str, ProvenRequests]) -> BaseSchema:
    """The API's description of itself, as the API gives it out."""
    address, auth = base
    own = {"Origin": ORIGIN, "Host": address.removeprefix("http://")}
    return schemathesis.openapi.from_url(f"{address}/v1/openapi.json", headers=own, auth=auth)


def operations(described: BaseSchema) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in described.get_all_operations():
        assert isinstance(result, Ok), "an operation that cannot be read"
        yield result.ok()


@pytest.mark.parametrize("path", OPERATIONS)
def test_it_answers_as_it_says(path: str, base: tuple[str, ProvenRequests], described: BaseSchema) -> None:
    address, auth = base
    own = {"Origin": ORIGIN, "Host": address.removeprefix("http://")}
    checks = [not_a_server_error, response_schema_conformance, status_code_conformance]

    for operation in operations(described.include(path=path)):

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def answers(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(base_url=address, headers=own, auth=auth, checks=checks, timeout=60)

        answers()


def test_every_operation_is_tried_or_left_out_on_purpose(described: BaseSchema) -> None:
    paths = {operation.path for operation in operations(described)}
    assert paths == {*OPERATIONS, *LEFT_OUT}
    assert len(OPERATIONS) > 20
