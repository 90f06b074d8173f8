"""The parts of a running Koban. They are made in one place, `addon.app.running`, and given to all that need them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from addon.credentials.pairing import Pairing
from addon.credentials.proof import Claims
from addon.credentials.visits import Visits
from addon.history.access import HistoryAccess
from addon.history.places import Ways
from addon.judging.enclosures import Enclosures
from addon.judging.pack_watch import PackWatch
from addon.judging.protocol import Judge
from addon.judging.second_feed import SecondFeed
from addon.loopback import base_url
from addon.state.authority import Authority
from addon.state.bypass import Bypass
from addon.state.lessons import LessonStore
from addon.state.listeners import Listeners
from addon.state.options import ServeOptions
from addon.state.settings import SettingsStore
from addon.verdicts.audience import Audience
from addon.verdicts.log import VerdictLog
from extractors.page import Site
from rules.sites import Terms

if TYPE_CHECKING:
    # It imports what judges, which the proxy's process does without until the API is made ready.
    from addon.packs.replies import PackReply
    from addon.packs.site_changes import SiteChanges

HISTORY_PATH = "/history"
"""Where the API serves the page of the history."""


AutostartState = Literal["off", "on", "gone"]
"""Whether the system starts Koban when its user logs in. gone: it would, but the program is no longer there."""


class AutostartSwitch(Protocol):
    """Whether the system starts Koban when its user logs in: told by the system, changed there."""

    def state(self) -> AutostartState:
        """Returns what the system does when its user logs in next."""
        ...

    def turn(self, *, on: bool) -> None:
        """Have the system start Koban, or not. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Renewal:
    """A certificate of the authority that took the place of an older one while Koban runs.

    at: the moment. stores: titles of the trust stores that had the older one and now have this one. refusing_stores:
    titles of those that did not take it; they keep the older one.
    """

    at: datetime
    stores: Sequence[str]
    refusing_stores: Sequence[str]


@dataclass(kw_only=True, slots=True)
class HistoryParts:
    """The parts that show the history, which `koban history --web` has without a running Koban.

    verdicts: those of open pages; empty where no proxy runs. terms: returns those of sites. report_ways: how to report
    on sites. api_port: 0 until the API listens. serves_history: whether the page of the history can be served.
    """

    settings: SettingsStore
    verdicts: VerdictLog
    history: HistoryAccess
    visits: Visits
    terms: Callable[[], Terms]
    report_ways: Ways = Site.report_way
    api_port: int = 0
    serves_history: bool = False

    def history_link(self) -> str | None:
        """Returns a new link to the page of the history, good once; None where it would show nothing."""
        if not self.serves_history or not self.history.health.remembers:
            return None
        return f"{base_url(self.api_port)}{HISTORY_PATH}#{self.visits.open_code()}"


@dataclass(kw_only=True, slots=True)
class Koban(HistoryParts):
    """All parts of a running Koban.

    proxy_port: 0 until a port was found. proxy_listens: whether the proxy takes connections. rule_problems: the errors
    in the user's own rules, of which those files are not in use; as `file:line: reason`. unreadable_packs: the
    folders of packs whose rules cannot be read, which are not in use. judging: done once pages can be judged, with
    CannotStart or CatalogError where they never will be; None where no process judges them. serving: the same of the
    API, whose port and links are known from then on; None before the proxy listens. renewal: the last one of the
    authority's certificate in this run. newest: a version of Koban newer than this one that the project's pack names;
    None where it names none. autostart: None where this Koban is none that the system could start again. replies:
    those of the project's pack, by id. site_changes: what it says of sites, by their ids. renewal_listeners: called
    after each renewal, in the thread that made it. judge_waiters: threads for what waits for the judge; the judge takes
    one thing after the other, so more than one would only wait.
    """

    options: ServeOptions
    judge: Judge
    second_feed: SecondFeed
    pairing: Pairing
    claims: Claims
    lessons: LessonStore
    bypass: Bypass
    enclosures: Enclosures
    packs: PackWatch
    authority: Authority
    audience: Audience = field(default_factory=Audience)
    proxy_port: int = 0
    proxy_listens: Callable[[], bool] = lambda: False
    rule_problems: tuple[str, ...] = ()
    unreadable_packs: tuple[Path, ...] = ()
    judging: asyncio.Task[None] | None = None
    serving: asyncio.Task[None] | None = None
    renewal: Renewal | None = None
    newest: str | None = None
    autostart: AutostartSwitch | None = None
    replies: "Mapping[str, PackReply]" = field(default_factory=dict)
    site_changes: "Mapping[str, SiteChanges]" = field(default_factory=dict)
    renewal_listeners: Listeners[Renewal] = field(default_factory=Listeners)
    judge_waiters: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "koban-judge"))

    async def wait_for_judge[**Given, Answer](
        self, call: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Answer:
        """Returns what `call` does, which may wait for the judge, perhaps for long: beside the event loop, and not in
        its own threads either, since these look up the addresses of hosts."""
        return await asyncio.get_running_loop().run_in_executor(self.judge_waiters, partial(call, *args, **kwargs))

    def judge_again(self) -> None:
        """Have the verdicts of recent pages follow the user's lessons and language."""
        self.verdicts.judge_again(self.judge.rejudge)

    @property
    def beginnings(self) -> list[asyncio.Task[None]]:
        """`serving` and `judging`, as far as there are any: once both are done, Koban is ready."""
        return [task for task in (self.serving, self.judging) if task is not None]

    async def ready(self) -> None:
        """Wait until the API is served and pages can be judged. Raises CannotStart, CatalogError."""
        for task in self.beginnings:
            # The task is of all who wait for it.
            await asyncio.shield(task)

    def pairing_link(self) -> str:
        """Returns a new link that pairs one extension; good once, for ten minutes."""
        return f"{base_url(self.api_port)}/pair#{self.pairing.open_code()}"
