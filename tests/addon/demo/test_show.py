"""`koban demo` in the terminal: the real proxy before the real marketplace."""

import asyncio
import io
import json
import shlex
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import SplitResult

import pytest
import pytest_asyncio
from rich.console import Console

from addon.demo import SITES, DemoOptions, run
from addon.demo.server import DemoServer
from addon.demo.session import switch_on_optional_sites
from addon.demo.show import Viewer, look, show, told_as_referer
from addon.demo.site import Answer, DemoSite, Stop
from addon.demo.template_site import TemplateSite
from addon.desktop.window import BrowserError
from addon.koban import Koban
from addon.state.options import Resolve, ServeOptions
from addon.verdicts.log import PageVerdict
from addon.verdicts.settle import not_checked
from rules.model import Verdict
from tests.addon.packs.making import manifest, pack, store_of
from tests.addon.packs.test_site_changes import WAY
from tests.unhurried import running_unhurried

pytestmark = pytest.mark.slow

CONTRACT = "https://crowdworks.jp/contracts/64120311"
(CROWDWORKS,) = (site for site in SITES if site.id == "crowdworks")
NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's end waits for its verdict, and a viewer for that of its data, however busy the machine is."""
    monkeypatch.setattr("addon.demo.session.running", running_unhurried)
    monkeypatch.setattr("addon.demo.show.PATIENCE", 60.0)
    monkeypatch.setattr("addon.demo.show.ARRIVAL", 200.0)


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=160, force_terminal=False), out


@asynccontextmanager
async def served(state_dir: Path, sites: Sequence[DemoSite]) -> AsyncIterator[Koban]:
    """Koban before a marketplace of these sites."""
    async with DemoServer(sites) as market:
        options = ServeOptions(
            listen_port=0,
            api_port=0,
            state_dir=state_dir,
            upstream_ca=market.authority,
            resolve=tuple(Resolve(host, 443, "127.0.0.1", market.port) for host in market.hosts),
        )
        async with running_unhurried(options) as koban:
            switch_on_optional_sites(koban)
            yield koban


def viewer(koban: Koban) -> Viewer:
    return Viewer(koban.proxy_port, koban.authority.certificate)


def test_once_shows_every_page_and_ends_well(tmp_path: Path) -> None:
    where, out = console()
    assert run(DemoOptions(tmp_path, browser="none", once=True), where) == 0
    text = out.getvalue()
    for stop in (stop for site in SITES for stop in site.tour):
        assert stop.url in text
    assert {"● 確認済み", "▲ 注意", "■ 危険"} <= {word for word in ("● 確認済み", "▲ 注意", "■ 危険") if word in text}
    assert "直接契約にしませんか" in text, "what the thread's script fetched is shown with its page"
    assert not (tmp_path / "settings.json").exists(), "the user's own state is left alone"


def test_a_browser_that_is_not_there_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addon.desktop.launch.find_browsers", lambda: ())
    monkeypatch.setattr("addon.desktop.launch.has_display", lambda: True)
    with pytest.raises(BrowserError, match="edge"):
        run(DemoOptions(tmp_path, browser="edge"), console()[0])
    assert not list(tmp_path.iterdir())


def test_without_a_display_it_is_shown_in_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ended() -> None:
        return None

    monkeypatch.setattr("addon.desktop.launch.has_display", lambda: False)
    monkeypatch.setattr("addon.demo.session.wait_for_end", ended)
    monkeypatch.setattr("addon.demo.session.SITES", [CROWDWORKS])
    where, out = console()
    assert run(DemoOptions(tmp_path), where) == 0
    assert "There is no display" in out.getvalue()
    assert CONTRACT in out.getvalue()


def test_a_verdict_that_came_too_late_for_its_page_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the popup shows it then: the first page after a start is often that late."""
    stop = Stop("https://crowdworks.jp/public/jobs/13502033", "", "")
    element = b'<koban-verdict lang="ja" data-state="not-checked">'
    monkeypatch.setattr(Viewer, "fetch", lambda *_: element)
    late = Verdict(state="danger", site="crowdworks")
    verdicts = iter([not_checked("too-slow"), not_checked("too-slow"), late])
    seen = look(
        Viewer(0, Path()), stop, lambda url: PageVerdict(url=url, judged_at=NOW, feed="proxy", verdict=next(verdicts))
    )
    assert (seen.banner, seen.verdict and seen.verdict.verdict) == ("not-checked", late)


def test_a_page_tells_another_host_its_origin_only_as_browsers_do() -> None:
    page = "https://app.shufti.jp/jobs/search?page=1#top"
    assert told_as_referer(page, "https://internal.shufti.jp/api/v1/guest/jobs") == "https://app.shufti.jp/"
    assert told_as_referer(page, "https://app.shufti.jp/data.json") == "https://app.shufti.jp/jobs/search?page=1"


# Not one for the whole file: where several run at once, mitmproxy serves the latest.
@pytest_asyncio.fixture(scope="class", loop_scope="class")
async def koban(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Koban]:
    async with served(tmp_path_factory.mktemp("state"), SITES) as koban:
        yield koban


@pytest.mark.asyncio(loop_scope="class")
class TestOfOneKoban:
    """What one Koban before all sites shows."""

    async def test_the_page_and_the_verdict_agree(self, koban: Koban) -> None:
        stop = Stop("https://crowdworks.jp/public/jobs/13502033", "", "")
        seen = await asyncio.to_thread(look, viewer(koban), stop, koban.verdicts.shown)
        assert seen.banner == "danger"
        assert seen.verdict is not None
        assert seen.verdict.verdict.state == "danger"

    async def test_the_drawn_page_tells_what_its_data_cannot(self, koban: Koban) -> None:
        """The data of another host comes with an origin for its page, so only the page as shown is judged as itself."""
        (stop,) = (stop for site in SITES for stop in site.tour if "app.shufti.jp/jobs/search" in stop.url)
        seen = await asyncio.to_thread(look, viewer(koban), stop, koban.verdicts.shown)
        assert seen.verdict is not None
        assert seen.verdict.verdict.state == "danger"

    async def test_a_page_that_does_not_arrive_is_told(self, koban: Koban, monkeypatch: pytest.MonkeyPatch) -> None:
        class Broken:
            id = name_ja = name_en = "broken"
            hosts: Sequence[str] = ("crowdworks.jp",)
            tour: Sequence[Stop] = (Stop("https://crowdworks.jp/no/such/page", "ない", "none"),)

            def answer(self, *_: object) -> None:
                return None

        where, out = console()
        assert not await asyncio.to_thread(show, where, [Broken()], viewer(koban), lambda _: None)
        assert "404" in out.getvalue()

    @pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
    async def test_the_curl_line_works_as_it_stands(self, koban: Koban) -> None:
        command = shlex.split(viewer(koban).curl(CONTRACT))
        done = await asyncio.to_thread(
            subprocess.run, [command[0], "--silent", *command[1:]], capture_output=True, check=True, timeout=60
        )
        assert b"<koban-verdict" in done.stdout


class Redesigned(DemoSite):
    """A site of the demo with other markup. changes: pieces of its pages, and what stands there now."""

    def __init__(self, site: DemoSite, changes: Mapping[str, str]) -> None:
        self.id, self.name_ja, self.name_en = site.id, site.name_ja, site.name_en
        self.hosts, self.tour = site.hosts, site.tour
        self._site = site
        self._changes = changes

    def answer(self, location: SplitResult, now: datetime) -> Answer | None:
        answer = self._site.answer(location, now)
        if answer is None:
            return None
        body = answer.body
        for before, after in self._changes.items():
            body = body.replace(before.encode(), after.encode())
        return replace(answer, body=body)


async def test_a_changed_site_is_mended_by_a_pack_alone_while_koban_runs(tmp_path: Path) -> None:
    offer = "https://www.lancers.jp/work/detail/6100002"
    stop = Stop(offer, "募集", "an offer")
    markup = json.dumps({"moved": {"h1": ".offer"}})
    sites = json.dumps({"report_ways": [WAY | {"ja": "新しい「知らせる」を押してください。"}]})
    renewed = threading.Event()
    headings = {"<h1>": '<p class="offer">', "</h1>": "</p>"}
    async with served(tmp_path, [Redesigned(TemplateSite("lancers"), headings)]) as koban:
        koban.packs.listeners.add(renewed.set)
        seen = await asyncio.to_thread(look, viewer(koban), stop, koban.verdicts.shown)
        assert seen.banner == "not-checked"
        assert seen.verdict is not None
        assert seen.verdict.verdict.reason == "page-changed"

        store = store_of(tmp_path)
        store.take(
            manifest(),
            pack(more={"markup/lancers.json": markup, "sites/lancers.json": sites}),
            datetime(2027, 2, 1, tzinfo=UTC),
        )
        assert await asyncio.to_thread(renewed.wait, 120)
        again = koban.verdicts.shown(offer)
        assert again is not None
        assert again.verdict.state == "danger", "the open page is judged again"
        seen = await asyncio.to_thread(look, viewer(koban), stop, koban.verdicts.shown)
        assert seen.banner == "danger"
        page = await asyncio.to_thread(viewer(koban).fetch, offer)
        assert "新しい「知らせる」を押してください。" in unescape(page.decode()), "the way to report is the pack's"


async def test_labels_that_a_site_renames_are_mended_by_a_pack_alone_while_koban_runs(tmp_path: Path) -> None:
    offer = "https://crowdworks.jp/public/jobs/13501902"
    stop = Stop(offer, "募集", "an offer")
    markup = json.dumps({"renamed": {"th": {"応募した人": "応募者数"}}})
    renewed = threading.Event()
    async with served(tmp_path, [Redesigned(CROWDWORKS, {"<th>応募した人</th>": "<th>応募者数</th>"})]) as koban:
        koban.packs.listeners.add(renewed.set)
        seen = await asyncio.to_thread(look, viewer(koban), stop, koban.verdicts.shown)
        assert seen.banner == "not-checked"
        assert seen.verdict is not None
        assert seen.verdict.verdict.reason == "page-changed"

        files = pack(more={"markup/crowdworks.json": markup})
        store_of(tmp_path).take(manifest(), files, datetime(2027, 2, 1, tzinfo=UTC))
        assert await asyncio.to_thread(renewed.wait, 120)
        again = koban.verdicts.shown(offer)
        assert again is not None
        assert again.verdict.state == "clear", "the open page is read again"
        seen = await asyncio.to_thread(look, viewer(koban), stop, koban.verdicts.shown)
        assert seen.banner == "clear"
