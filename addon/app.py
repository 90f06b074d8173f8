"""Koban running: the proxy and the loopback API, in one process and one event loop; pages are judged in another.

Here, and nowhere else, the parts are made and put together.
"""

import asyncio
import contextlib
import errno
import importlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from addon.credentials.pairing import PAIRED_FILE, Pairing
from addon.credentials.proof import Claims
from addon.credentials.visits import Visits
from addon.desktop.autostart import OwnAutostart, autostart
from addon.desktop.renewal import renew_in_time, renew_with_settings
from addon.desktop.trust import stores
from addon.health_words import REPAIRS
from addon.history.access import HistoryAccess
from addon.judging.enclosures import Enclosures
from addon.judging.pack_watch import PackWatch
from addon.judging.process import BEGINNING, JudgingProcess, NotReady, seconds_for
from addon.judging.protocol import Judge, Visit
from addon.judging.second_feed import SecondFeed
from addon.koban import Koban
from addon.language import OwnReason, say, system_reason
from addon.loopback import CannotStart, free_port
from addon.packs.sites_in_use import SitesInUse
from addon.packs.store import FILE as PACKS_FILE
from addon.packs.store import FOLDER, PackStore
from addon.pictures.process import PictureProcess
from addon.proxy.trust import COMBINED_FILE, upstream_trust
from addon.state.authority import CERTIFICATE_FILE, KEY_FILE, ensure_authority
from addon.state.bypass import BYPASS_FILE, Bypass
from addon.state.lessons import LESSONS_FILE, LessonStore
from addon.state.options import ServeOptions
from addon.state.paths import MARKET_FILE, READERS_FILE, remove_leftovers
from addon.state.reach import domains_of, reached_sites
from addon.state.settings import SETTINGS_FILE, SettingsStore
from addon.state.storage import StorageWatch, storage_trouble
from addon.verdicts.log import VerdictLog
from rules.model import Text

if TYPE_CHECKING:
    from addon.history.store import History
    from addon.proxy.injection import Patience

SWITCH = 0.001
"""Seconds that a thread beside the event loop may compute before the loop gets its turn (Python's own: 0.005)."""
_OWN_FILES: Mapping[str, frozenset[str]] = {
    ".": frozenset(
        (SETTINGS_FILE, LESSONS_FILE, BYPASS_FILE, PAIRED_FILE, READERS_FILE, MARKET_FILE, COMBINED_FILE),
    ),
    "authority": frozenset((CERTIFICATE_FILE, KEY_FILE)),
    FOLDER: frozenset((PACKS_FILE,)),
}
"""The files that are replaced as a whole, by their folder in the state directory."""


@contextlib.asynccontextmanager
async def running(
    options: ServeOptions,
    judge: Judge | None = None,
    patience: "Patience | None" = None,
    budget: Callable[[Visit], float] = seconds_for,
    *,
    waits: bool = True,
) -> AsyncIterator[Koban]:
    """Koban, for as long as the context lasts. Raises CannotStart, or CatalogError for a broken rule file.

    judge: another than a process with the catalog's rules, for tests; nothing is remembered then.
    patience: how long a page's end waits for its verdict; None: as the proxy has it.
    budget: seconds that judging a page may take.
    waits: whether it waits until pages can be judged and the API is served. Else it waits for the proxy alone:
    `Koban.judging` and `Koban.serving` tell when the others are ready, and the caller sees to it that Koban ends where
    they never will be; pages that come before are judged late.
    """
    sys.setswitchinterval(SWITCH)
    async with contextlib.AsyncExitStack() as stack:
        with _usable_state(options.state_dir):
            settings = SettingsStore(options.state_dir / SETTINGS_FILE)
            process = None
            if judge is None:
                judge = process = _begin_process(options, settings, budget, stack)
            koban = _parts(options, settings, judge, stack)
            _release_waiters(koban, process, stack)
            renew = renew_with_settings(koban, lambda: stores(Path.home(), options.state_dir))
            trusted_roots = upstream_trust(options.state_dir, options.upstream_ca, koban.authority)
        koban.proxy_port = free_port(options.listen_port, "--listen-port", options.api_port)
        # What takes long to import is imported when the judging, in its own process, is under way.
        from addon.proxy.server import proxying

        await stack.enter_async_context(proxying(koban, trusted_roots, patience))
        _task(renew_in_time(renew), stack)
        if process is not None:
            koban.judging = _task(_ready(process), stack)
        koban.serving = _task(_serve(koban, stack, koban.judging if waits else None), stack)
        if waits:
            await koban.serving
        yield koban


def _task(work: Coroutine[None, None, None], stack: contextlib.AsyncExitStack) -> "asyncio.Task[None]":
    """Begin something that is broken off, and at its end, when the stack unwinds."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    stack.push_async_callback(end)
    return task


async def _serve(koban: Koban, stack: contextlib.AsyncExitStack, before: "asyncio.Task[None] | None") -> None:
    """Serve the API until the stack unwinds. before: is waited for. Raises CannotStart, CatalogError."""
    # It takes as long to import as the proxy, which listens in the meantime.
    await asyncio.to_thread(importlib.import_module, "addon.api.server")
    from addon.api.server import serving_api

    if before is not None:
        await before
    await stack.enter_async_context(serving_api(koban))


def _begin_process(
    options: ServeOptions,
    settings: SettingsStore,
    budget: Callable[[Visit], float],
    stack: contextlib.AsyncExitStack,
) -> JudgingProcess:
    """Begin the process first of all, so that it gets ready beside all that follows."""
    process = JudgingProcess(options.state_dir, options.history_url, lambda: settings.current, budget=budget)
    stack.callback(process.close)
    process.begin()
    return process


def _release_waiters(koban: Koban, process: JudgingProcess | None, stack: contextlib.AsyncExitStack) -> None:
    """At the end, end the judging before the threads that may wait for it are waited for."""
    if process is not None:
        stack.callback(process.close)
    stack.callback(koban.judge_waiters.shutdown, wait=False, cancel_futures=True)


def _parts(options: ServeOptions, settings: SettingsStore, judge: Judge, stack: contextlib.AsyncExitStack) -> Koban:
    state_dir = options.state_dir
    history = _history(options, judge, stack)
    bypass = Bypass(file=state_dir / BYPASS_FILE)
    stack.callback(bypass.clear)
    verdicts = VerdictLog(settings)
    # A page that is judged is what may not be kept: who shows it learns whether it is.
    storage = StorageWatch(lambda: storage_trouble(state_dir), verdicts.send_settings)
    verdicts.follow(lambda _: storage.look())
    packs = _pack_watch(state_dir, judge, verdicts, stack)
    sites = SitesInUse(state_dir)
    packs.listeners.add(sites.renew)
    pairing = Pairing(state_dir / PAIRED_FILE)
    return Koban(
        options=options,
        settings=settings,
        judge=judge,
        second_feed=SecondFeed(judge, verdicts.client),
        verdicts=verdicts,
        enclosures=_enclosures(settings, judge, verdicts, stack),
        packs=packs,
        autostart=OwnAutostart(autostart(Path.home()), options.again) if options.again else None,
        report_ways=sites.report_way,
        terms=sites.terms,
        history=history,
        visits=Visits(),
        pairing=pairing,
        claims=Claims(pairing.key_of),
        lessons=LessonStore(state_dir / LESSONS_FILE),
        bypass=bypass,
        authority=ensure_authority(
            state_dir / "authority", domains_of(reached_sites(settings.current, is_demo=options.is_demo))
        ),
    )


def _history(options: ServeOptions, judge: Judge, stack: contextlib.AsyncExitStack) -> HistoryAccess:
    def open_history() -> "History":
        # Not before the API asks for it: the proxy's process is to listen without waiting for SQLAlchemy.
        from addon.history.database import open_history
        from addon.history.store import History

        return History(open_history(options.state_dir, options.history_url, checked=True)[0])

    history = HistoryAccess(open_history, lambda: judge.health)
    stack.callback(history.close)
    return history


def _enclosures(
    settings: SettingsStore, judge: Judge, verdicts: VerdictLog, stack: contextlib.AsyncExitStack
) -> Enclosures:
    pictures = PictureProcess()
    enclosures = Enclosures(
        judge,
        verdicts,
        pictures.read,
        pictures.rest,
        crop=pictures.crops,
        is_on=lambda: settings.current.pictures is True,
    )
    enclosures.start()
    stack.callback(enclosures.close)
    # Before that, whose thread may be waiting for a file to be opened.
    stack.callback(pictures.close)
    return enclosures


def _pack_watch(state_dir: Path, judge: Judge, verdicts: VerdictLog, stack: contextlib.AsyncExitStack) -> PackWatch:
    store = PackStore(state_dir, read_only=True)
    packs = PackWatch(lambda: store.stamp, judge, verdicts)
    packs.start()
    stack.callback(packs.close)
    return packs


@contextlib.contextmanager
def _usable_state(state_dir: Path) -> Iterator[None]:
    """The state folder, made where it does not exist. Raises CannotStart for an OSError inside the block."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder, names in _OWN_FILES.items():
            remove_leftovers(state_dir / folder, names, datetime.now(UTC))
        yield
    except OSError as error:
        remedy = _remedy(error)
        texts = [system_reason(error), *([] if remedy is None else [remedy])]
        raise CannotStart(
            say(
                f"{state_dir} を使えません: {'。'.join(text.ja for text in texts)}",
                f"cannot use {state_dir}: {'. '.join(text.en for text in texts)}",
            )
        ) from None


def _remedy(error: OSError) -> Text | None:
    """The remedy for a folder that cannot be used; None where none is known."""
    if isinstance(error, OwnReason):
        return REPAIRS["settings-newer"]
    name = {errno.ENOSPC: "full", errno.EROFS: "read-only", errno.EACCES: "read-only", errno.EPERM: "read-only"}
    return REPAIRS.get(name.get(error.errno or 0, ""))


async def _ready(process: JudgingProcess) -> None:
    """Wait until pages can be judged. Raises CannotStart, CatalogError."""
    try:
        await asyncio.to_thread(process.ready)
    except EOFError:
        raise CannotStart(say("ページを調べるしくみを始められません", "the judging does not start")) from None
    except NotReady:
        raise CannotStart(
            say(
                f"ページを調べるしくみの準備が{BEGINNING:.0f}秒たっても終わりません",
                f"the judging is not ready after {BEGINNING:.0f} seconds",
            )
        ) from None
