"""Warnings given so far, and the pages and messages that they are about. Nothing here writes."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag

from pydantic import BaseModel, Field
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    Table,
    TypeDecorator,
    and_,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy import Text as SqlText

from addon.history.moments import parsed
from addon.history.schema import CLIENT, CONTRACT, FINDING, JOB, MESSAGE, VERDICT
from addon.history.search import Newest, newest
from addon.history.shown_words import day_forms, severity_forms
from addon.history.store import History
from extractors.page import Feed
from extractors.records import Moment
from rules.model import WARNING_LEVELS, Severity, Source, Text

MOST_WARNINGS = 500
"""Shown of a long history; a search reaches the rest."""

CLIENT_ID = func.coalesce(FINDING.c.client_id, JOB.c.client_id, CONTRACT.c.client_id)
"""The client of a row of FINDINGS: a list may show a job without its client, whom the job's own page names later."""
_SUBJECT_TITLE = func.coalesce(JOB.c.title, CONTRACT.c.title)
_OF_JOB = and_(FINDING.c.subject == "job", JOB.c.site == FINDING.c.site, JOB.c.id == FINDING.c.subject_id)
_OF_CONTRACT = and_(CONTRACT.c.site == FINDING.c.site, CONTRACT.c.id == FINDING.c.contract_id)
FINDINGS = FINDING.outerjoin(JOB, _OF_JOB).outerjoin(CONTRACT, _OF_CONTRACT)
"""Findings with the job or the deal that each is of."""
_WARNINGS = (
    select(
        FINDING,
        CLIENT.c.name.label("client_name"),
        CLIENT_ID.label("whom"),
        _SUBJECT_TITLE.label("subject_title"),
        func.coalesce(JOB.c.url, CONTRACT.c.url).label("subject_url"),
    )
    .select_from(FINDINGS.outerjoin(CLIENT, and_(CLIENT.c.site == FINDING.c.site, CLIENT.c.id == CLIENT_ID)))
    .where(FINDING.c.severity.in_(WARNING_LEVELS))
    .order_by(FINDING.c.last_seen.desc())
)


class Warned(BaseModel):
    """A warning that was given."""

    key: str | None = Field(default=None, description="what it is named by, for a report")
    site: str
    rule: str
    risk: str
    severity: Severity
    title: Text
    quotes: list[str] = Field(description="empty where the words of messages are not kept")
    sources: list[Source] = Field(default_factory=list, description="terms and laws that it rests on")
    report: bool = Field(default=True, description="worth a report; true for what was kept before that was remembered")
    subject_id: str | None = Field(default=None, description="the site's own id of the message that it is of")
    client: str | None
    client_name: str | None
    deal: str | None
    subject_title: str | None = Field(default=None, description="title of the job or deal that it is of, as last seen")
    subject_url: str | None = Field(default=None, description="page of that job or deal")
    page: str
    feed: Feed | None = Field(default=None, description="how that page came; null where that was not noted")
    first_seen: datetime
    last_seen: datetime


class _SearchedText(TypeDecorator[str]):
    """A warning's title and quotes, out of the column's JSON."""

    impl = SqlText
    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        words = json.loads(value)
        return "\n".join((*words["title"].values(), *words.get("quotes", ())))


def of_clients(sites: Collection[str], clients: Collection[str]) -> ColumnElement[bool]:
    """Returns the condition that a finding is of one of some clients (ids) of some sites."""

    def theirs(table: Table) -> Select[tuple[str, str]]:
        return select(table.c.site, table.c.id).where(and_(table.c.site.in_(sites), table.c.client_id.in_(clients)))

    # Not by CLIENT_ID: all findings of the sites are searched either way, by an index, but for it each would be joined
    # with its job and its deal. Here the client's jobs and deals are listed once.
    of_job = and_(FINDING.c.subject == "job", tuple_(FINDING.c.site, FINDING.c.subject_id).in_(theirs(JOB)))
    of_deal = tuple_(FINDING.c.site, FINDING.c.contract_id).in_(theirs(CONTRACT))
    by_subject = and_(FINDING.c.client_id.is_(None), or_(of_job, of_deal))
    return and_(FINDING.c.site.in_(sites), or_(FINDING.c.client_id.in_(clients), by_subject))


def warnings_given(
    history: History,
    *,
    client: tuple[str, str] | None = None,
    deal: tuple[str, str] | None = None,
    finding: tuple[str, str] | None = None,
    limit: int = MOST_WARNINGS,
) -> list[Warned]:
    """Returns warnings, the newest first; those of one client, deal or finding (site, id or key).

    Raises SQLAlchemyError.
    """
    query = _WARNINGS
    if client is not None:
        query = query.where(of_clients([client[0]], [client[1]]))
    if deal is not None:
        query = query.where(and_(FINDING.c.site == deal[0], FINDING.c.contract_id == deal[1]))
    if finding is not None:
        query = query.where(and_(FINDING.c.site == finding[0], FINDING.c.key == finding[1]))
    with history.engine.connect() as db:
        rows = db.execute(query.limit(limit)).all()
    return [_warning(row) for row in rows]


def newest_warnings(history: History, search: str | None = None, limit: int = MOST_WARNINGS) -> Newest[Warned]:
    """Returns the most recently given warnings matching every search word. Raises SQLAlchemyError."""
    with history.engine.connect() as db:
        told_column = type_coerce(FINDING.c.told, _SearchedText)
        texts = (told_column, CLIENT.c.name, _SUBJECT_TITLE, FINDING.c.page, FINDING.c.rule, FINDING.c.risk)
        key, facts = (FINDING.c.site, FINDING.c.key), (FINDING.c.severity, FINDING.c.last_seen)
        rows, more = newest(db, _WARNINGS, search, limit, key=key, texts=texts, facts=facts, words_of=_said)
    return Newest([_warning(row) for row in rows], more)


def _said(severity: Severity, last_seen: datetime) -> Iterator[str]:
    """Yields the words that a warning's row shows beside its texts."""
    yield from severity_forms(severity)
    yield from day_forms(last_seen)


def subjects_of_page(history: History, site: str, page: str, rule: str | None = None) -> tuple[str | None, str | None]:
    """Returns the key of the newest warning of a rule on a page, and the id of the one deal that the page shows.

    Either is None if there is none. Raises SQLAlchemyError.
    """
    bare = urldefrag(page).url
    on_page = or_(FINDING.c.page == bare, FINDING.c.page.startswith(f"{bare}#", autoescape=True))
    query = select(FINDING.c.key).where(and_(FINDING.c.site == site, FINDING.c.rule == rule, on_page))
    of_page = and_(VERDICT.c.page == bare, VERDICT.c.site == site)
    with history.engine.connect() as db:
        key = db.execute(query.order_by(FINDING.c.last_seen.desc()).limit(1)).scalar() if rule is not None else None
        return key, db.execute(select(VERDICT.c.contract_id).where(of_page)).scalar()


@dataclass(frozen=True, slots=True)
class RuleUse:
    """The pages on which warnings of a rule were shown, and the sites of these, as the history remembers them.

    The same words of the same subject are one warning, on the page where they were seen last.
    """

    pages: int
    sites: int
    first: datetime
    last: datetime


def use_of_rules(history: History) -> dict[str, RuleUse]:
    """Returns the use of each rule that was shown, by its id of then. A part of a page counts as its page.

    Raises SQLAlchemyError.
    """
    query = select(
        FINDING.c.rule, FINDING.c.site, FINDING.c.page, func.min(FINDING.c.first_seen), func.max(FINDING.c.last_seen)
    ).group_by(FINDING.c.rule, FINDING.c.site, FINDING.c.page)
    rows_by_rule: dict[str, list[tuple[str, str, datetime, datetime]]] = {}
    with history.engine.connect() as db:
        for rule, site, page, first, last in db.execute(query):
            rows_by_rule.setdefault(rule, []).append((site, urldefrag(page).url, first, last))
    return {
        rule: RuleUse(
            pages=len({(site, page) for site, page, _, _ in rows}),
            sites=len({site for site, _, _, _ in rows}),
            first=min(first for _, _, first, _ in rows),
            last=max(last for _, _, _, last in rows),
        )
        for rule, rows in rows_by_rule.items()
    }


def times_sent(history: History, site: str, messages: Collection[str]) -> dict[str, Moment]:
    """Returns the times of messages by the site's ids of them, without those whose time no page showed.

    Raises SQLAlchemyError.
    """
    query = select(MESSAGE.c.key, MESSAGE.c.sent_at).where(
        and_(MESSAGE.c.site == site, MESSAGE.c.key.in_(messages), MESSAGE.c.sent_at.is_not(None))
    )
    with history.engine.connect() as db:
        times = {row.key: parsed(row.sent_at) for row in db.execute(query)}
    return {key: at for key, at in times.items() if at is not None}


def _warning(row: Any) -> Warned:
    words: Mapping[str, Any] = json.loads(row.told)
    return Warned(
        key=row.key,
        site=row.site,
        rule=row.rule,
        risk=row.risk,
        severity=row.severity,
        title=Text(**words["title"]),
        quotes=words.get("quotes", []),
        sources=[Source(**source) for source in words.get("sources", [])],
        report=words.get("report", True),
        subject_id=row.subject_id if row.subject == "message" else None,
        client=row.whom,
        client_name=row.client_name,
        deal=row.contract_id,
        subject_title=row.subject_title,
        subject_url=row.subject_url,
        page=row.page,
        feed=row.feed,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )
