"""The API of a running Koban, and the history that it reads."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from addon.api.app import Service, create_app
from addon.api.history_page import history_link, read_bundle
from addon.api.models import HealthLink, ProxyStatus, Recording
from addon.api.pairing import Pairing
from addon.api.serving import Server, serving
from addon.api.visits import Visits
from addon.desktop.window import built_extension
from addon.history.database import Unusable, open_history
from addon.history.store import History
from addon.judging.process import Judge, JudgingProcess
from addon.state.catalog import usable_catalog, user_rules_dir
from addon.state.lessons import FILE, LessonStore
from addon.state.options import ServeOptions
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog

log = logging.getLogger("koban.server")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API speaks for.

    health: told the port of the API and how the remembering goes. judge: a process, or in tests anything that judges.
    """

    version: str
    options: ServeOptions
    settings: SettingsStore
    log: VerdictLog
    pairing: Pairing
    judge: Judge
    proxy: Callable[[], ProxyStatus]
    health: Callable[[int, Recording], list[HealthLink]]


@dataclass(frozen=True, slots=True)
class Served:
    """The API while it is served."""

    port: int
    visits: Visits | None
    """None where the page of the history cannot be served."""
    recording: Callable[[], Recording]

    def history_link(self) -> str | None:
        """A new link that opens the page of the history in a browser, good once; None where it cannot be served."""
        if self.visits is None:
            return None
        return history_link(self.port, self.visits)


@contextlib.asynccontextmanager
async def served(parts: Parts, listen: Callable[[], socket.socket]) -> AsyncIterator[Served]:
    """The API for as long as the context lasts. Raises CatalogError, and what `listen` raises.

    listen: opens the socket, last of all: an extension that tries again and again would else be kept waiting.
    """
    with contextlib.closing(_Kept(parts.options, parts.judge)) as kept:
        visits, bundle = Visits(), read_bundle(built_extension(None))
        usable = bundle is not None and await asyncio.to_thread(kept.history) is not None
        listening: list[int] = []
        service = Service(
            version=parts.version,
            catalog=usable_catalog(user_rules_dir(parts.options.state_dir))[0],
            judge=parts.judge,
            settings=parts.settings,
            log=parts.log,
            pairing=parts.pairing,
            history=kept.history,
            visits=visits,
            bundle=bundle,
            recording=kept.recording,
            health=lambda: parts.health(listening[0], kept.recording()),
            proxy=parts.proxy,
            lessons=LessonStore(parts.options.state_dir / FILE),
            judged_again=parts.judge.again if isinstance(parts.judge, JudgingProcess) else tuple,
        )
        server = Server(serving(create_app(service)))
        with listen() as listener:
            listening.append(listener.getsockname()[1])
            task = asyncio.create_task(server.serve([listener]))
            try:
                yield Served(listening[0], visits if usable else None, kept.recording)
            finally:
                server.end()
                await asyncio.wait({task}, timeout=5)


class _Kept:
    """The history as the API reads it; the judging process has brought it up to date, and writes it."""

    def __init__(self, options: ServeOptions, judge: Judge) -> None:
        self._options = options
        self._process = judge if isinstance(judge, JudgingProcess) else None
        self._history: History | None = None
        self._aside: str | None = None

    def history(self) -> History | None:
        """None where it cannot be used."""
        if self._process is None or not self._process.health.remembers:
            return None
        aside = self._process.health.set_aside
        if aside != self._aside:
            # The file turned out to be broken, and another is written now.
            self._aside = aside
            self.close()
        if self._history is None:
            try:
                state_dir, url = self._options.state_dir, self._options.history_url
                self._history = History(open_history(state_dir, url, checked=True)[0])
            except (Unusable, OSError) as error:
                log.warning("the history cannot be read: %s", error)
        return self._history

    def recording(self) -> Recording:
        """How the remembering goes."""
        if self._process is None:
            return Recording()
        health = self._process.health
        return Recording(
            usable=health.remembers,
            lost=health.lost,
            trouble=health.trouble,
            set_aside=health.set_aside,
            silent=health.silent,
        )

    def close(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history = None
