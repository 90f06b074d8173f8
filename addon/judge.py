"""The judging process from within: a `Checker`, and the logs and the history that it reads and writes."""

import contextlib
import gc
import logging
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from addon.catalog import local_catalog, user_rules_dir
from addon.check import Checker
from addon.history.database import Unusable, open_history
from addon.history.health import Health
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.judging import Asked, Begun
from addon.market import MarketLog
from addon.paths import FilePatternCache
from addon.reader_log import ReaderLog
from addon.settings import Settings
from extractors.document import warm
from rules.engine import Engine
from rules.problems import CatalogError

log = logging.getLogger("koban.judging")


class Worker:
    """What the process holds."""

    def __init__(self, state_dir: Path, history_url: str | None) -> None:
        catalog = local_catalog(user_rules_dir(state_dir))
        engine = Engine.build(catalog, cache=FilePatternCache(), experimental=True)
        self.settings = Settings()
        self._readers = ReaderLog(state_dir / "readers.json")
        self._market = MarketLog(state_dir / "market.json")
        self._unusable = Health()
        history, self.recorder = self._remembering(state_dir, history_url)
        self.checker = Checker(
            engine,
            (self._readers.note, self._market.note),
            self._market.rate,
            past=history.past if history is not None else lambda _: None,
            recorded=self.recorder.take if self.recorder is not None else lambda *_: None,
        )

    @property
    def health(self) -> Health:
        """How the remembering goes; where there is no history, why."""
        return self.recorder.health if self.recorder is not None else self._unusable

    def serve(self, pipe: Connection) -> None:
        """Judge what is asked for until the other side has enough."""
        with contextlib.suppress(EOFError, OSError):
            while (asked := pipe.recv()) is not None:
                if isinstance(asked, Asked):
                    self.settings = asked.settings
                    verdict = self.checker.check(asked.page, stage=asked.stage, keep=asked.keep, part_of=asked.part_of)
                else:
                    verdict = None
                    if self.recorder is not None:
                        self.recorder.settle()
                pipe.send((verdict, self.health))

    def _remembering(self, state_dir: Path, url: str | None) -> tuple[History | None, Recorder | None]:
        """The history and who writes it; neither where it cannot be used, which is said and stops nothing else."""
        try:
            engine, aside = open_history(state_dir, url)
        except (Unusable, OSError) as error:
            log.warning("nothing is remembered: %s", error)
            self._unusable = Health(trouble=str(error))
            return None, None
        history = History(engine)
        name = aside.name if aside is not None else None
        return history, Recorder(history, lambda: self.settings, set_aside=name)

    def close(self) -> None:
        self._readers.keep()
        self._market.keep()
        if self.recorder is not None:
            self.recorder.close()


def work(pipe: Connection, state_dir: Path, history_url: str | None) -> None:
    """Judge what comes through a pipe until the other side has enough, or is gone."""
    # Ctrl-C is for the whole program, which ends this process when it is done itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        worker = Worker(state_dir, history_url)
    except CatalogError as error:
        pipe.send(Begun(problems=tuple(error.problems)))
        return
    try:
        # What is here now stays: the collector need not look through it again and again.
        gc.freeze()
        pipe.send(Begun(remembers=worker.recorder is not None, health=worker.health))
        # While nobody waits for a page yet.
        warm()
        worker.serve(pipe)
    finally:
        worker.close()
