"""The entry in the tray while Koban runs, with a tray that is a fake."""

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.judging.protocol import Judge
from addon.koban import Koban
from addon.state.instance import REQUEST_FILE
from addon.tray.entries import Action, TrayView
from addon.tray.tray import _opened, in_tray, perform
from addon.verdicts.parts import Rejudged
from rules.model import Verdict
from tests.addon.api.conftest import koban_in
from tests.addon.findings import finding

PAGE = "https://crowdworks.jp/public/jobs/1"


class FakeTray:
    def __init__(self) -> None:
        self.views: asyncio.Queue[TrayView] = asyncio.Queue()
        self.act: Callable[[Action], None] | None = None
        self.is_closed = False

    async def open(self, act: Callable[[Action], None], view: TrayView) -> "FakeTray":
        self.act = act
        self.show(view)
        return self

    def show(self, view: TrayView) -> None:
        self.views.put_nowait(view)

    def close(self) -> None:
        self.is_closed = True

    async def next(self) -> TrayView:
        return await asyncio.wait_for(self.views.get(), 60)


@pytest.fixture
def koban(tmp_path: Path, judge: Judge) -> Koban:
    return koban_in(tmp_path, judge)


def _judge(koban: Koban, *findings: str, url: str = PAGE) -> None:
    verdict = Verdict(
        state="danger" if findings else "clear",
        findings=tuple(map(finding, findings)),
        checked=("job.title",),
        site="crowdworks",
    )
    koban.verdicts.record(url, verdict, "proxy", datetime.now(UTC))


async def test_reach_03_it_shows_the_page_opened_last_and_follows_the_pause(koban: Koban) -> None:
    tray = FakeTray()
    async with in_tray(koban, tray.open):
        assert (await tray.next()).state == "not-checked"
        _judge(koban, "direct-contract")
        assert (await tray.next()).state == "danger"
        _judge(koban, url=f"{PAGE}0")
        assert (await tray.next()).state == "clear"
        assert tray.act is not None
        tray.act("pause-hour")
        paused = await tray.next()
        assert "一時停止中" in paused.line
        tray.act("resume")
        assert (await tray.next()).state == "clear"
    assert tray.is_closed


async def test_reach_03_a_page_of_before_that_is_judged_again_is_not_the_last_one(koban: Koban) -> None:
    tray = FakeTray()
    async with in_tray(koban, tray.open):
        await tray.next()
        _judge(koban)
        assert (await tray.next()).state == "clear"
        _judge(koban, "direct-contract", url=f"{PAGE}0")
        assert (await tray.next()).state == "danger"
        harmless = Verdict(state="clear", checked=("job.title", "job.body"), site="crowdworks")
        koban.verdicts.judged_again([Rejudged(PAGE, None, harmless)])
        assert tray.act is not None
        tray.act("pause-hour")
        assert "一時停止中" in (await tray.next()).line
        tray.act("resume")
        assert (await tray.next()).state == "danger"
        koban.verdicts.judged_again([Rejudged(f"{PAGE}0", None, harmless)])
        assert (await tray.next()).state == "clear"


async def test_reach_03_it_follows_the_users_settings(koban: Koban) -> None:
    tray = FakeTray()
    async with in_tray(koban, tray.open):
        await tray.next()
        _judge(koban, "direct-contract")
        assert (await tray.next()).state == "danger"
        koban.settings.patch({"rules": {"direct-contract": False}})
        assert (await tray.next()).state != "danger"


async def test_reach_03_a_pause_that_ends_by_itself_is_seen(koban: Koban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addon.tray.tray.LONGEST_WAIT", 0.01)
    tray = FakeTray()
    koban.settings.patch({"paused_until": "2100-01-01T00:00:00+00:00"})
    async with in_tray(koban, tray.open):
        assert "一時停止中" in (await tray.next()).line
        # Another process wrote them: nobody tells.
        (koban.options.state_dir / "settings.json").write_text('{"schema_version": 2}')
        assert "一時停止中" not in (await tray.next()).line


async def test_reach_03_a_tray_that_is_absent_or_fails_breaks_nothing(koban: Koban) -> None:
    async def absent(_: object, __: object) -> None:
        return None

    async def failing(_: object, __: object) -> None:
        raise RuntimeError("no such desktop")

    for opened in (absent, failing):
        async with in_tray(koban, opened):
            await asyncio.sleep(0)
            _judge(koban, "direct-contract")
            assert koban.verdicts.newest is not None


async def test_reach_03_opening_asks_as_a_second_start_does_and_quitting_ends_as_ctrl_c(koban: Koban) -> None:
    await perform("open", koban)
    assert (koban.options.state_dir / REQUEST_FILE).is_file()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, ended.set)
    try:
        await perform("quit", koban)
        await asyncio.wait_for(ended.wait(), 60)
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


async def test_reach_03_without_a_session_or_the_extra_there_is_none(
    koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    from addon.tray.entries import view_of

    view = view_of(None, koban.settings.current, datetime.now(UTC))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert await _opened(lambda _: None, view, "linux") is None
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert await _opened(lambda _: None, view, "win32") is None
