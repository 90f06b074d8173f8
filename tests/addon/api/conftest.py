"""A running API, and who asks it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn

from addon.api.app import create_app
from addon.credentials.pairing import Pairing
from addon.credentials.proof import Claims
from addon.credentials.visits import Visits
from addon.history.access import HistoryAccess
from addon.history.health import Health
from addon.history.store import History
from addon.judging.enclosures import Enclosures
from addon.judging.pack_watch import PackWatch
from addon.judging.protocol import Judge
from addon.judging.second_feed import SecondFeed
from addon.koban import Koban
from addon.pictures.process import PictureProcess
from addon.state.authority import ensure_authority
from addon.state.bypass import Bypass
from addon.state.lessons import LessonStore
from addon.state.options import ServeOptions
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog
from rules.model import Verdict
from rules.sites import SHIPPED_TERMS
from tests.addon.api.caller import ORIGIN, Proofs, Proven, paired
from tests.addon.findings import finding
from tests.addon.history.new import new_history
from tests.catalog import shipped_catalog

__all__ = ["ORIGIN"]

PAGE = "https://crowdworks.jp/public/jobs/1"


class Api:
    """The running API, and clients for it."""

    def __init__(self, koban: Koban, port: int) -> None:
        self.koban = koban
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.key = paired(koban.pairing, port)

    async def proofs(self, key: str | None = None, origin: str = ORIGIN) -> Proofs:
        """What the extension that has a key proves with, having greeted Koban."""
        return await asyncio.to_thread(Proofs, key or self.key, self.port, origin)

    async def ask(self, method: str, path: str, key: str | None = None, **kwargs: object) -> httpx.Response:
        """The answer to a request of the paired extension: proven, but where its `Authorization` is given."""
        given: dict[str, str | None] = kwargs.pop("headers", {})  # type: ignore[assignment]
        headers = {k: v for k, v in ({"Origin": ORIGIN} | given).items() if v is not None}
        auth = None if "Authorization" in given else Proven(await self.proofs(key))
        async with httpx.AsyncClient(trust_env=False, base_url=self.base, timeout=60) as client:
            return await client.request(method, path, headers=headers, auth=auth, **kwargs)  # type: ignore[arg-type]


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None: ...


def koban_in(folder: Path, judge: Judge) -> Koban:
    """A Koban without a proxy, with its files in a folder."""
    settings = SettingsStore(folder / "settings.json")
    history = History(new_history(folder / "history.db"))
    verdicts = VerdictLog(settings)
    pairing = Pairing(folder / "paired.json")
    return Koban(
        options=ServeOptions(state_dir=folder),
        judge=judge,
        second_feed=SecondFeed(judge, verdicts.client),
        settings=settings,
        verdicts=verdicts,
        enclosures=Enclosures(judge, verdicts, PictureProcess().read, is_on=lambda: settings.current.pictures is True),
        packs=PackWatch(lambda: None, judge, verdicts),
        pairing=pairing,
        claims=Claims(pairing.key_of),
        lessons=LessonStore(folder / "lessons.json"),
        history=HistoryAccess(lambda: history, lambda: Health(remembers=True)),
        visits=Visits(),
        terms=lambda: SHIPPED_TERMS,
        bypass=Bypass(),
        authority=ensure_authority(folder / "authority", ["crowdworks.jp"]),
        proxy_port=8788,
        proxy_listens=lambda: True,
    )


@pytest.fixture
async def api(tmp_path: Path, judge: Judge) -> AsyncIterator[Api]:
    koban = koban_in(tmp_path, judge)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(koban, shipped_catalog()), log_level="warning", ws="none", timeout_graceful_shutdown=1
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([listener]))
    koban.api_port = listener.getsockname()[1]
    yield Api(koban, koban.api_port)
    server.should_exit = True
    await asyncio.wait({task}, timeout=5)
    listener.close()


def record(api: Api, *findings: str, url: str = PAGE) -> None:
    verdict = Verdict(state="danger", findings=tuple(map(finding, findings)), checked=("x",), site="crowdworks")
    api.koban.verdicts.record(url, verdict, "proxy", datetime.now(UTC))
