"""The history in a database: pages are written once as they pass, and read as facts for the next ones."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, and_, update

from addon.history import forgetting
from addon.history.database import replace_corrupt
from addon.history.file import set_aside_files
from addon.history.recall import past
from addon.history.schema import CLIENT, CONTRACT
from addon.history.timed_query import TimedQuery
from addon.history.writer import JudgedPage, Writer
from extractors import Extraction
from rules.past import Past


class History:
    """The history in a database. Safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._use(engine)

    def _use(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        # A file answers at once, also during a write.
        is_remote = engine.dialect.name != "sqlite"
        self._timed_query = TimedQuery(lambda extraction: past(engine, extraction)) if is_remote else None

    @property
    def engine(self) -> Engine:
        """For the queries of this package's other modules."""
        return self._engine

    @property
    def _file(self) -> Path | None:
        """The database's file; None where it is none."""
        name = self._engine.url.database
        return Path(name) if self._engine.dialect.name == "sqlite" and name else None

    def close(self) -> None:
        """Close the database's connections."""
        self._engine.dispose()

    def replace_corrupt(self) -> Path | None:
        """Move a corrupt database file aside and start a new one. Returns the moved file's path.

        Returns None if the database is no file, or another process has moved it already. Raises Unusable, OSError.
        """
        path = self._file
        if path is None:
            return None
        self._engine.dispose()
        engine, broken_file = replace_corrupt(path)
        self._use(engine)
        return broken_file

    def record(self, page: JudgedPage) -> None:
        """Write a page, all of it or nothing. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            Writer(db, page).write()

    def past(self, extraction: Extraction) -> Past | None:
        """Returns the stored facts about the one deal and the one client of a page.

        None also for a while after a remote database did not answer: see `silent`. Raises SQLAlchemyError, NoAnswer.
        """
        return past(self._engine, extraction) if self._timed_query is None else self._timed_query.past(extraction)

    @property
    def silent(self) -> bool:
        """Whether a remote database is left alone for now, since it did not answer."""
        return self._timed_query is not None and self._timed_query.paused

    def set_note(self, site: str, client: str, note: str | None) -> bool:
        """Store the user's note on a client. Returns False if the client was never seen. Raises SQLAlchemyError."""
        is_client = and_(CLIENT.c.site == site, CLIENT.c.id == client)
        with self._writing.begin() as db:
            return db.execute(update(CLIENT).where(is_client).values(note=note)).rowcount > 0

    def set_revisions(self, site: str, contract: str, count: int | None) -> bool:
        """Store the number of revisions agreed. Returns False if the deal was never seen. Raises SQLAlchemyError."""
        is_deal = and_(CONTRACT.c.site == site, CONTRACT.c.id == contract)
        with self._writing.begin() as db:
            return db.execute(update(CONTRACT).where(is_deal).values(revisions_set=count)).rowcount > 0

    def forget_client(self, site: str, client: str) -> None:
        """Delete all rows of a client, the user's note too. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            forgetting.delete_client(db, site, client)
        forgetting.truncate_log(self._engine)

    def forget_words(self) -> None:
        """Delete the words of messages and the copies of pages; deals and warnings stay. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            forgetting.delete_words(db)
        forgetting.truncate_log(self._engine)

    def forget_all(self) -> None:
        """Delete everything, files that were set aside too. Raises SQLAlchemyError, OSError."""
        with self._writing.begin() as db:
            forgetting.delete_all(db)
        forgetting.truncate_log(self._engine)
        for file in set_aside_files(self._file) if self._file is not None else ():
            file.unlink(missing_ok=True)

    def prune(self, before: datetime) -> int:
        """Delete rows last seen before a moment, except what the user wrote. Returns the number of rows.

        Raises SQLAlchemyError.
        """
        with self._writing.begin() as db:
            return forgetting.delete_old(db, before)

    def clock_holds(self, now: datetime) -> bool:
        """Returns whether the clock may be trusted for `prune`. Raises SQLAlchemyError."""
        with self._writing.begin() as db:
            return forgetting.clock_holds(db, now)
