"""Deletion: of a client, of words, of everything, and of rows not seen for long."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, delete, or_, select, update

from addon.history.schema import (
    CLIENT,
    CLOCK,
    CONTRACT,
    FINDING,
    JOB,
    MESSAGE,
    METADATA,
    PAGE_COPY,
    SAMPLE,
    STEP,
    THREAD,
    TOKEN,
    VERDICT,
)

LONGEST_STEP = timedelta(days=31)
"""Between two prunings; a clock that is further ahead is trusted once a day has confirmed it."""


def delete_client(db: Connection, site: str, ident: str) -> None:
    """Delete all rows of a client, the user's note too. Raises SQLAlchemyError."""
    own = and_(CONTRACT.c.site == site, CONTRACT.c.client_id == ident)
    deals = list(db.execute(select(CONTRACT.c.id).where(own)).scalars())
    is_their_job = and_(JOB.c.site == site, JOB.c.client_id == ident)
    jobs = list(db.execute(select(JOB.c.id).where(is_their_job)).scalars())
    theirs = or_(THREAD.c.client_id == ident, THREAD.c.contract_id.in_(deals))
    talks = list(db.execute(select(THREAD.c.id).where(and_(THREAD.c.site == site, theirs))).scalars())
    db.execute(delete(STEP).where(and_(STEP.c.site == site, STEP.c.contract_id.in_(deals))))
    db.execute(delete(MESSAGE).where(and_(MESSAGE.c.site == site, MESSAGE.c.thread_id.in_(talks))))
    db.execute(delete(CLIENT).where(and_(CLIENT.c.site == site, CLIENT.c.id == ident)))
    for table in (CONTRACT, JOB, SAMPLE, TOKEN):
        db.execute(delete(table).where(and_(table.c.site == site, table.c.client_id == ident)))
    for table in (THREAD, VERDICT, FINDING, PAGE_COPY):
        of_them = or_(table.c.client_id == ident, table.c.contract_id.in_(deals))
        db.execute(delete(table).where(and_(table.c.site == site, of_them)))
    # A list may have shown a job without its client.
    of_jobs = and_(FINDING.c.client_id.is_(None), FINDING.c.subject == "job", FINDING.c.subject_id.in_(jobs))
    db.execute(delete(FINDING).where(and_(FINDING.c.site == site, of_jobs)))


def delete_words(db: Connection) -> None:
    """Delete the words of messages and the copies of pages; deals and warnings stay. Raises SQLAlchemyError."""
    db.execute(delete(PAGE_COPY))
    db.execute(update(MESSAGE).values(body=None))
    for row in db.execute(select(FINDING.c.site, FINDING.c.key, FINDING.c.told)).all():
        words = json.loads(row.told)
        if words.pop("quotes", None) is not None:
            this = and_(FINDING.c.site == row.site, FINDING.c.key == row.key)
            db.execute(update(FINDING).where(this).values(told=json.dumps(words, ensure_ascii=False)))


def delete_all(db: Connection) -> None:
    """Delete every row. Raises SQLAlchemyError."""
    for table in reversed(METADATA.sorted_tables):
        db.execute(delete(table))


def truncate_log(engine: Engine) -> None:
    """Checkpoint and truncate the write-ahead log, so deleted rows do not survive in it. Raises SQLAlchemyError."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as db:
            db.connection.commit()
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def delete_old(db: Connection, before: datetime) -> int:
    """Delete rows last seen before a moment. Returns their number.

    Clients with a note and deals whose number of revisions the user set stay. Steps go only with their deal, and
    messages only with their conversation. Raises SQLAlchemyError.
    """
    deal = and_(CONTRACT.c.site == STEP.c.site, CONTRACT.c.id == STEP.c.contract_id)
    talk = and_(THREAD.c.site == MESSAGE.c.site, THREAD.c.id == MESSAGE.c.thread_id)
    deletions = (
        delete(CONTRACT).where(and_(CONTRACT.c.last_seen < before, CONTRACT.c.revisions_set.is_(None))),
        delete(STEP).where(and_(STEP.c.last_seen < before, ~select(CONTRACT.c.id).where(deal).exists())),
        delete(THREAD).where(THREAD.c.last_seen < before),
        delete(MESSAGE).where(and_(MESSAGE.c.last_seen < before, ~select(THREAD.c.id).where(talk).exists())),
        *(delete(table).where(table.c.last_seen < before) for table in (JOB, VERDICT, FINDING, PAGE_COPY)),
        *(delete(table).where(table.c.first_seen < before) for table in (SAMPLE, TOKEN)),
        delete(CLIENT).where(and_(CLIENT.c.last_seen < before, CLIENT.c.note.is_(None))),
    )
    return sum(db.execute(deletion).rowcount for deletion in deletions)


def clock_holds(db: Connection, now: datetime) -> bool:
    """Returns whether the clock may be trusted that enough time has passed for rows to be deleted.

    A clock that is a month or more ahead of the last pruning is trusted only a day later, if it is still ahead: one
    that jumps and comes back deletes nothing. Raises SQLAlchemyError.
    """
    times = {row.name: row.at for row in db.execute(select(CLOCK))}
    last, doubted_at = times.get("looked"), times.get("doubted")
    is_trusted = last is not None and now - last <= LONGEST_STEP
    if not is_trusted and doubted_at is not None:
        is_trusted = timedelta(days=1) <= now - doubted_at <= LONGEST_STEP
    if is_trusted or last is None:
        db.execute(delete(CLOCK))
        db.execute(CLOCK.insert().values(name="looked", at=now))
    elif doubted_at is None or not timedelta(0) <= now - doubted_at <= LONGEST_STEP:
        db.execute(delete(CLOCK).where(CLOCK.c.name == "doubted"))
        db.execute(CLOCK.insert().values(name="doubted", at=now))
    return is_trusted
