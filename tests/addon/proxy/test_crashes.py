"""A fault within a connection's layers leaves a trace without words, and ends the page at once."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from addon.proxy.http_layers import RetryingHttpStream
from tests.addon.proxy.conftest import Start
from tests.addon.proxy.upstream import Answer

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("http2", [False, True])
async def test_a_page_whose_layers_fail_ends_and_the_next_one_comes(
    bench: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, http2: bool
) -> None:
    async with bench(lambda _: Answer([b"<p>page"])) as started:
        with monkeypatch.context() as patched:

            def failing(*_: Any) -> Iterator[None]:
                raise RuntimeError("the words of a client")

            patched.setattr(RetryingHttpStream, "state_wait_for_response_headers", failing)
            with pytest.raises(httpx.RemoteProtocolError):
                await asyncio.wait_for(started.page(http2=http2), 20)
        assert "a connection failed: RuntimeError at" in caplog.text
        assert "the words of a client" not in caplog.text
        assert (await started.page(http2=http2)).status_code == 200
