"""Clients, with counts of the jobs, deals and warnings seen with each. Nothing here writes."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Select, and_, func, select

from addon.history.deals import DEALS, Deal, deals, read_deals
from addon.history.schema import CLIENT, CONTRACT, FINDING, JOB
from addon.history.search import Newest, newest
from addon.history.shown_words import day_forms
from addon.history.store import History
from addon.history.warnings import CLIENT_ID, FINDINGS, of_clients
from rules.model import WARNING_LEVELS
from rules.sites import SHIPPED_TERMS

MOST_CLIENTS = 300
"""Shown of a long history; a search reaches the rest."""

_ANY_TERMS = SHIPPED_TERMS
"""Deals are only counted here, which no term of a site changes."""
_CLIENTS = select(CLIENT).order_by(CLIENT.c.last_seen.desc())
_JOBS = select(JOB.c.site, JOB.c.client_id, func.count()).group_by(JOB.c.site, JOB.c.client_id)
_WARNINGS = (
    select(FINDING.c.site, CLIENT_ID, func.count())
    .select_from(FINDINGS)
    .where(FINDING.c.severity.in_(WARNING_LEVELS))
    .group_by(FINDING.c.site, CLIENT_ID)
)


class Known(BaseModel):
    """A client and the user: what was between them so far."""

    site: str
    id: str
    name: str | None
    first_seen: datetime
    last_seen: datetime
    jobs: int
    deals: int
    paid: int
    owed: int
    warnings: int
    note: str | None


def client_record(history: History, site: str, client: str) -> Known | None:
    """Returns the user's record with one client, or None if that client was never seen. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        row = db.execute(select(CLIENT).where(and_(CLIENT.c.site == site, CLIENT.c.id == client))).first()
        if row is None:
            return None
        jobs, warnings = (numbers[site, client] for numbers in _counts(db, [site], [client]))
    return _record(row, deals(history, (site, client), terms=_ANY_TERMS), jobs, warnings)


def newest_clients(history: History, search: str | None = None, limit: int = MOST_CLIENTS) -> Newest[Known]:
    """Returns the most recently seen clients matching every search word. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        texts = (CLIENT.c.name, CLIENT.c.id, CLIENT.c.note)
        key, facts = (CLIENT.c.site, CLIENT.c.id), (CLIENT.c.first_seen,)
        rows, more = newest(db, _CLIENTS, search, limit, key=key, texts=texts, facts=facts, words_of=day_forms)
        sites, idents = {row.site for row in rows}, [row.id for row in rows]
        by_client: dict[tuple[str, str | None], list[Deal]] = {}
        theirs = and_(CONTRACT.c.site.in_(sites), CONTRACT.c.client_id.in_(idents))
        for deal in read_deals(db, db.execute(DEALS.where(theirs)).all(), _ANY_TERMS, words=False):
            by_client.setdefault((deal.site, deal.client), []).append(deal)
        jobs, warnings = _counts(db, sites, idents)
    records = [
        _record(row, by_client.get((row.site, row.id), []), jobs[row.site, row.id], warnings[row.site, row.id])
        for row in rows
    ]
    return Newest(records, more)


def _counts(
    db: Connection, sites: Collection[str], clients: Collection[str]
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Returns the numbers of jobs and of warnings by site and client; notices are no warnings."""
    jobs = _JOBS.where(and_(JOB.c.site.in_(sites), JOB.c.client_id.in_(clients)))
    warnings = _WARNINGS.where(of_clients(sites, clients))
    return _by_client(db, jobs), _by_client(db, warnings)


def _by_client(db: Connection, query: Select[Any]) -> Counter[tuple[str, str]]:
    return Counter({(site, client): number for site, client, number in db.execute(query)})


def _record(row: Any, theirs: Sequence[Deal], jobs: int, warnings: int) -> Known:
    return Known(
        site=row.site,
        id=row.id,
        name=row.name,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        jobs=jobs,
        deals=len(theirs),
        paid=sum(deal.state == "paid" for deal in theirs),
        owed=sum(deal.owed for deal in theirs),
        warnings=warnings,
        note=row.note,
    )
