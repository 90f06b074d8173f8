"""The engine of the packs in use, made ready beside the judging where they change."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from addon.packs.layers import CatalogInUse, catalog_in_use
from addon.packs.store import PackStore
from addon.redact import error_location
from addon.state.paths import FilePatternCache
from extractors.page import MarkupChanges
from rules.engine import Engine
from rules.meaning.reader import MeaningReader, shipped
from rules.sites import Terms

log = logging.getLogger("koban.judging")


@dataclass(frozen=True, slots=True)
class PackEngine:
    """An engine of the rules in use, its reader of what texts mean, and what packs say of sites.

    terms: of all sites. markup: by site, what has changed of it. meaning: its models are loaded when they are first
    needed, or by `load` before.
    """

    engine: Engine
    terms: Terms
    markup: Mapping[str, MarkupChanges] = field(default_factory=dict)
    meaning: MeaningReader = field(default_factory=shipped)


def engine_in_use(state_dir: Path) -> PackEngine:
    """Returns the engine of the packs in use; problems of the user's own rules are logged. Raises CatalogError."""
    used = catalog_in_use(state_dir)
    for problem in used.own_problems:
        log.warning("own rules passed over: %s", problem)
    for trouble in used.packs.troubles:
        log.warning("pack of %s: %s", trouble.channel, trouble.kind)
    return engine_of(used)


def engine_of(used: CatalogInUse, *, marks: bool = True) -> PackEngine:
    """Returns the engine of a catalog in use, rules on trial too. marks: as for `Engine.build`. Raises CatalogError."""
    meaning = used.meaning()
    engine = Engine.build(used.catalog, cache=FilePatternCache(), experimental=True, meaning=meaning, marks=marks)
    return PackEngine(engine, used.terms(), used.markup(), meaning)


class Engines:
    """The engine of a state directory's packs, and the next one where they have changed. For one thread.

    build: makes an engine of the packs as they are on disk; it may raise, and the engine before stays in use.
    """

    def __init__(self, state_dir: Path, build: Callable[[Path], PackEngine] = engine_in_use) -> None:
        """Raises CatalogError."""
        self._state_dir = state_dir
        self._build = build
        self._store = PackStore(state_dir, read_only=True)
        # Taken before reading: packs that change in between are then made ready again.
        self._stamp = self._store.stamp
        self._thread: threading.Thread | None = None
        self._next: PackEngine | None = None
        self.current = build(state_dir)

    def renew(self) -> bool:
        """Begin to make the next engine ready where packs have changed, and put it into use where it is ready.

        Returns whether `current` is of the packs as they are on disk, or as good as they allow. Never waits.
        """
        if self._thread is not None:
            if self._thread.is_alive():
                return False
            self._thread = None
            if self._next is not None:
                self.current, self._next = self._next, None
        stamp = self._store.stamp
        if stamp == self._stamp:
            return True
        self._stamp = stamp
        self._thread = threading.Thread(target=self._prepare, name="koban-packs", daemon=True)
        self._thread.start()
        return False

    def settle(self) -> None:
        """Wait until the engine that is being made ready is, if one is."""
        if self._thread is not None:
            self._thread.join()

    def _prepare(self) -> None:
        try:
            packs = self._build(self._state_dir)
            packs.meaning.load()
            self._next = packs
        except Exception as error:
            log.error("packs not taken: %s", error_location(error))
