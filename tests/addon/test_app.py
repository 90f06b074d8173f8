"""The order in which a Koban gets ready, and that it ends whole wherever it is broken off."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from addon import app
from addon.app import running
from addon.judging.enclosures import Enclosures
from addon.judging.pack_watch import PackWatch
from addon.judging.process import JudgingProcess
from addon.koban import Koban
from addon.loopback import CannotStart, listen
from addon.state.options import ServeOptions
from addon.state.settings import Settings
from addon.state.storage import StorageTrouble
from rules.model import Verdict
from tests.addon.judges import CLEAR

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def _options(state_dir: Path, api_port: int = 0) -> ServeOptions:
    return ServeOptions(state_dir=state_dir, listen_port=0, api_port=api_port)


@pytest.mark.slow
async def test_ux_23_the_proxy_is_there_before_the_api(tmp_path: Path) -> None:
    async with running(_options(tmp_path), CLEAR, waits=False) as koban:
        assert koban.proxy_listens()
        assert (koban.proxy_port > 0, koban.api_port) == (True, 0), "a window can open now"
        await koban.ready()
        assert f":{koban.api_port}/pair#" in koban.pairing_link()
        assert koban.api_port > 0


async def test_it_ends_though_the_api_is_not_served_yet(tmp_path: Path) -> None:
    async with running(_options(tmp_path), CLEAR, waits=False) as koban:
        pass
    assert koban.serving is not None
    assert koban.serving.cancelled()
    assert koban.api_port == 0


async def test_settings_of_a_newer_koban_that_are_not_understood_are_no_matter_of_rights(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"schema_version": 99, "sites": 5}')
    with pytest.raises(CannotStart, match="Update Koban") as refused:
        async with running(_options(tmp_path), CLEAR):
            pass
    assert "permissions" not in str(refused.value)


async def _start(options: ServeOptions, started: list[Koban], *, waits: bool) -> None:
    async with running(options, CLEAR, waits=waits) as koban:
        started.append(koban)
        await koban.ready()


@pytest.mark.slow
@pytest.mark.parametrize("waits", [True, False])
async def test_a_taken_port_of_the_api_is_the_reason_that_it_does_not_start(tmp_path: Path, waits: bool) -> None:
    started: list[Koban] = []
    with listen(0, "--api-port") as taken:
        options = _options(tmp_path, api_port=taken.getsockname()[1])
        with pytest.raises(CannotStart, match="--api-port"):
            await _start(options, started, waits=waits)
    assert bool(started) is not waits


@pytest.mark.slow
async def test_ux_disk_who_shows_a_page_learns_that_it_may_not_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[StorageTrouble | None] = [None, "full", "full", None]
    monkeypatch.setattr(app, "storage_trouble", lambda _: troubles.pop(0))
    async with running(_options(tmp_path), CLEAR) as koban, koban.verdicts.subscribe() as events:
        for told in (2, 1, 2):
            koban.verdicts.record("https://crowdworks.jp/public/jobs/1", Verdict(state="clear"), "proxy", NOW)
            came = [await events.get() for _ in range(told)]
            assert [isinstance(event, Settings) for event in came] == [False, True][:told]
        assert events.empty()


def opens_without_end(pipe: Connection, *_: object) -> None:
    with pipe:
        pipe.recv()
        pipe.poll(600)


@pytest.mark.slow
async def test_its_end_does_not_wait_for_a_picture_that_is_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addon.pictures.process._work", opens_without_end)
    url = "https://crowdworks.jp/attachments/1.png"
    async with running(_options(tmp_path), CLEAR) as koban:
        koban.settings.patch({"pictures": True})
        koban.enclosures.claimed(Verdict(state="clear", enclosures=(url,)))
        opening = koban.enclosures.offered(url, b"a picture")
        await asyncio.sleep(0.5)
        assert not opening.done()
        ended_at = time.monotonic()
    assert opening.result(5) is False
    assert time.monotonic() - ended_at < 20


@pytest.mark.slow
async def test_its_end_does_not_wait_for_threads_that_wait_for_the_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_parts: list[str] = []
    for part in (PackWatch, Enclosures, JudgingProcess):
        monkeypatch.setattr(part, "close", _noted(part, closed_parts))
    async with running(_options(tmp_path), waits=False):
        pass
    assert closed_parts[0] == "JudgingProcess"
    assert {*closed_parts} == {"PackWatch", "Enclosures", "JudgingProcess"}


def _noted(part: Any, closed_parts: list[str]) -> Callable[[Any], None]:
    """Returns how a part is closed, which is noted."""
    close = part.close

    def noted(own: Any) -> None:
        closed_parts.append(part.__name__)
        close(own)

    return noted
