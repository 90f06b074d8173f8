"""What is deleted: of a client, of words, and of all that was not seen for long."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, or_, select, update

from addon.history.schema import (
    CLIENT,
    CLOCK,
    CONTRACT,
    FINDING,
    JOB,
    MESSAGE,
    PAGE_COPY,
    SAMPLE,
    STEP,
    THREAD,
    TOKEN,
    VERDICT,
)

LONGEST_STEP = timedelta(days=31)
"""Between two looks at what is to be forgotten; a clock further on is believed once a day has confirmed it."""


def client(db: Connection, site: str, ident: str) -> None:
    """Delete all of a client, the user's note too. Raises SQLAlchemyError."""
    own = and_(CONTRACT.c.site == site, CONTRACT.c.client_id == ident)
    deals = list(db.execute(select(CONTRACT.c.id).where(own)).scalars())
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


def words(db: Connection) -> None:
    """Delete the words of messages and the copies of pages; deals and warnings stay. Raises SQLAlchemyError."""
    db.execute(delete(PAGE_COPY))
    db.execute(update(MESSAGE).values(body=None))
    for row in db.execute(select(FINDING.c.site, FINDING.c.key, FINDING.c.told)).all():
        told = json.loads(row.told)
        if told.pop("quotes", None) is not None:
            this = and_(FINDING.c.site == row.site, FINDING.c.key == row.key)
            db.execute(update(FINDING).where(this).values(told=json.dumps(told, ensure_ascii=False)))


def old(db: Connection, before: datetime) -> int:
    """Delete what was last seen before a moment, and return how many rows.

    What the user wrote stays: clients with a note, deals whose number of revisions they set. A deal keeps all of
    its steps, and a conversation all of its messages, for as long as it is kept itself. Raises SQLAlchemyError.
    """
    deal = and_(CONTRACT.c.site == STEP.c.site, CONTRACT.c.id == STEP.c.contract_id)
    talk = and_(THREAD.c.site == MESSAGE.c.site, THREAD.c.id == MESSAGE.c.thread_id)
    gone = 0
    for these in (
        delete(CONTRACT).where(and_(CONTRACT.c.last_seen < before, CONTRACT.c.revisions_set.is_(None))),
        delete(STEP).where(and_(STEP.c.last_seen < before, ~select(CONTRACT.c.id).where(deal).exists())),
        delete(THREAD).where(THREAD.c.last_seen < before),
        delete(MESSAGE).where(and_(MESSAGE.c.last_seen < before, ~select(THREAD.c.id).where(talk).exists())),
        *(delete(table).where(table.c.last_seen < before) for table in (JOB, VERDICT, FINDING, PAGE_COPY)),
        *(delete(table).where(table.c.first_seen < before) for table in (SAMPLE, TOKEN)),
        delete(CLIENT).where(and_(CLIENT.c.last_seen < before, CLIENT.c.note.is_(None))),
    ):
        gone += db.execute(these).rowcount
    return gone


def clock_holds(db: Connection, now: datetime) -> bool:
    """Whether the clock may be believed that so much time has passed that something is to be forgotten.

    A clock that is a month or more ahead of the last look is believed only a day later, if it still says so: one
    that jumps, and comes back, costs nothing. Raises SQLAlchemyError.
    """
    noted = {row.name: row.at for row in db.execute(select(CLOCK))}
    last, doubted = noted.get("looked"), noted.get("doubted")
    holds = last is not None and now - last <= LONGEST_STEP
    if not holds and doubted is not None:
        holds = timedelta(days=1) <= now - doubted <= LONGEST_STEP
    if holds or last is None:
        db.execute(delete(CLOCK))
        db.execute(CLOCK.insert().values(name="looked", at=now))
    elif doubted is None or not timedelta(0) <= now - doubted <= LONGEST_STEP:
        db.execute(delete(CLOCK).where(CLOCK.c.name == "doubted"))
        db.execute(CLOCK.insert().values(name="doubted", at=now))
    return holds
