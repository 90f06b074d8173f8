"""Facts from the history about the deal and the client of a page, for its rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from itertools import batched
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Compiled,
    Connection,
    Dialect,
    Engine,
    Select,
    and_,
    bindparam,
    func,
    select,
    true,
    union_all,
)

from addon.history.likeness import ALIKE, BANDS, bands, likeness, signature
from addon.history.moments import parsed
from addon.history.schema import BAND, CLIENT, CONTRACT, JOB, MESSAGE, SAMPLE, STEP, THREAD, TOKEN
from addon.history.tokens import Token, bare_name, name_tokens, tokens
from extractors import Extraction
from extractors.records import AnyRecord, Client, Contract, Job, Thread
from rules.past import Alike, Past, Step, Word, day, moment_of

TEMPLATE_CLIENTS = 3
"""Other clients from which on a text, link or name counts as common, and identifies nobody."""
MOST_WORDS = 500
"""The newest messages of a deal that facts are derived from."""
MOST_IN_BAND = 500
"""Texts of a band that are looked at, the newest; those of the page's own client count for nothing."""
MOST_OF_CLIENT = 5
"""Texts of a client that are compared with one, those that share the most bands with it."""
MOST_CANDIDATES = 200
"""Texts that are compared with one."""
MOST_TOKENS = 16
"""Tokens that one statement asks SQLite for: a longer one takes it longer to prepare than several take to answer."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Another client who may be this one. job: the other client's job with the similar text."""

    what: str
    site: str
    client: str
    share: float
    at: datetime
    mine: str
    job: str | None = None


# Built once: SQLAlchemy takes longer to build a statement than SQLite to answer it.
_STEPS = (
    select(STEP)
    .where(and_(STEP.c.site == bindparam("of_site"), STEP.c.contract_id == bindparam("of_deal")))
    .order_by(STEP.c.number)
)
_AGREED = select(func.coalesce(CONTRACT.c.revisions_set, CONTRACT.c.revisions_agreed)).where(
    and_(CONTRACT.c.site == bindparam("of_site"), CONTRACT.c.id == bindparam("of_deal"))
)
_THREADS = select(THREAD.c.id).where(
    and_(THREAD.c.site == bindparam("of_site"), THREAD.c.contract_id == bindparam("of_deal"))
)
_MESSAGES = (
    select(MESSAGE)
    .where(
        and_(MESSAGE.c.site == bindparam("of_site"), MESSAGE.c.thread_id.in_(bindparam("of_threads", expanding=True)))
    )
    # By their own time, as `in_order`: who scrolls back sees old messages last.
    .order_by(
        func.coalesce(MESSAGE.c.sent_at, MESSAGE.c.first_seen).desc(),
        MESSAGE.c.first_seen.desc(),
        MESSAGE.c.place.desc(),
    )
    .limit(MOST_WORDS)
)

# Compiled once: SQLAlchemy takes longer to look up the compiled form, and to write a list of values into it, than
# SQLite to answer it.


def _of_others(token: ColumnElement[str]) -> Select[Any]:
    """Returns the query for a token's clients but the page's own.

    One more than identifies anybody, so that a common token takes no place of a rare one.
    """
    is_own = and_(TOKEN.c.site == bindparam("of_site"), TOKEN.c.client_id == bindparam("of_client"))
    return select(TOKEN).where(TOKEN.c.token == token, ~is_own).limit(TEMPLATE_CLIENTS + 1)


@cache
def _tokens_query(dialect: Dialect, count: int) -> Compiled:
    """Returns the query for those of `count` tokens, `token_0` and on, that are another client's."""
    token_params = (bindparam(f"token_{number}", type_=TOKEN.c.token.type) for number in range(count))
    rows = (select(_of_others(token).subquery()) for token in token_params)
    return union_all(*rows).compile(dialect=dialect)


@cache
def _array_query(dialect: Dialect) -> Compiled:
    """Returns the same query for an array of any number of tokens, `of_tokens`, which SQLite has none of."""
    tokens_param = bindparam("of_tokens", type_=ARRAY(TOKEN.c.token.type))
    token_row = func.unnest(tokens_param).table_valued("token").render_derived()
    rows = _of_others(token_row.c.token).lateral()
    return select(rows).select_from(token_row.join(rows, true())).compile(dialect=dialect)


@cache
def _samples_query(dialect: Dialect) -> Compiled:
    """Returns the query for the texts of other clients that share a band, of `band_0` and on, with one.

    Those that share the most bands come first, and of as many the newest; of each client only a few. A band that many
    texts share, as of a phrase that is common, takes no place of another.
    """
    is_own = and_(SAMPLE.c.site == bindparam("of_site"), SAMPLE.c.client_id == bindparam("of_client"))
    with_owner = BAND.join(SAMPLE, SAMPLE.c.number == BAND.c.sample)
    band_params = (bindparam(f"band_{number}", type_=BAND.c.band.type) for number in range(BANDS))
    in_band = (
        select(BAND.c.sample)
        .select_from(with_owner)
        .where(BAND.c.band == band, ~is_own)
        .order_by(BAND.c.sample.desc())
        .limit(MOST_IN_BAND)
        for band in band_params
    )
    hits = union_all(*(select(of_band.subquery()) for of_band in in_band)).subquery()
    band_counts = select(hits.c.sample, func.count().label("bands")).group_by(hits.c.sample).subquery()
    likeliest = (band_counts.c.bands.desc(), band_counts.c.sample.desc())
    place = func.row_number().over(partition_by=(SAMPLE.c.site, SAMPLE.c.client_id), order_by=likeliest)
    ranking = select(band_counts, place.label("place")).join(SAMPLE, SAMPLE.c.number == band_counts.c.sample).subquery()
    candidates = (
        select(SAMPLE)
        .join(ranking, ranking.c.sample == SAMPLE.c.number)
        .where(ranking.c.place <= MOST_OF_CLIENT)
        .order_by(ranking.c.bands.desc(), ranking.c.sample.desc())
        .limit(MOST_CANDIDATES)
    )
    return candidates.compile(dialect=dialect)


def _rows(db: Connection, query: Compiled, values: Mapping[str, Any]) -> Iterable[Any]:
    # Typed for statements that are not compiled yet only.
    return db.execute(query, values)  # type: ignore[call-overload, no-any-return]


def past(engine: Engine, extraction: Extraction) -> Past | None:
    """Returns the stored facts about the one deal and the one client of a page, or None if there are none.

    Raises SQLAlchemyError.
    """
    site = extraction.site.id
    contracts = [r.id for r in extraction.records if isinstance(r, Contract) and r.id]
    threads = [r for r in extraction.records if isinstance(r, Thread) and r.id]
    with engine.connect() as db:
        steps: tuple[Step, ...] = ()
        words: tuple[Word, ...] = ()
        agreed_revisions = None
        if not contracts and len(threads) == 1:
            contracts = _deal_of(db, site, threads[0])
        if len(contracts) == 1:
            here = {"of_site": site, "of_deal": contracts[0]}
            steps = tuple(_step_of(row) for row in db.execute(_STEPS, here))
            words = _words(db, here, [str(t.id) for t in threads])
            agreed_revisions = db.execute(_AGREED, here).scalar()
        alike = tuple(_alike(db, site, extraction.records))
    if not (steps or words or alike) and agreed_revisions is None:
        return None
    return Past(steps=steps, words=words, revisions_agreed=agreed_revisions, alike=alike)


def _deal_of(db: Connection, site: str, thread: Thread) -> list[str]:
    """Returns the deal of a conversation, if the page or an earlier one names it."""
    if thread.contract_id is not None:
        return [thread.contract_id]
    here = and_(THREAD.c.site == site, THREAD.c.id == thread.id, THREAD.c.contract_id.is_not(None))
    return list(db.execute(select(THREAD.c.contract_id).where(here)).scalars())


def _words(db: Connection, here: Mapping[str, str], threads: Sequence[str]) -> tuple[Word, ...]:
    # Two queries: with both in one, every message in the database would be scanned.
    of_deal = {*threads, *db.execute(_THREADS, here).scalars()}
    if not of_deal:
        return ()
    rows = db.execute(_MESSAGES, {"of_site": here["of_site"], "of_threads": sorted(of_deal)}).all()
    return tuple(in_order(rows))


def _alike(db: Connection, site: str, records: Sequence[AnyRecord]) -> Iterator[Alike]:
    """Yields other clients with the text, contact, link or name of this page's one client, the most similar first."""
    client, texts, marks = _of_one_client(records)
    if client is None or client.id is None:
        return
    candidates = _with_same_token(db, site, client.id, marks) if marks else []
    for text_ in texts:
        candidates += _with_similar_text(db, site, client.id, text_)
    order = {"contact": 0, "link": 1, "text": 2, "name": 3}
    candidates.sort(key=lambda candidate: (order[candidate.what], -candidate.share))
    best: dict[tuple[str, str], _Candidate] = {}
    for candidate in candidates:
        best.setdefault((candidate.site, candidate.client), candidate)
    for candidate in best.values():
        is_other = and_(CLIENT.c.site == candidate.site, CLIENT.c.id == candidate.client)
        name = db.execute(select(CLIENT.c.name).where(is_other)).scalar()
        own, other = bare_name(client.name or ""), bare_name(name or "")
        if candidate.site != site and own and own == other:
            continue  # A client who is on two sites under one name hides nothing.
        yield Alike(
            what=candidate.what,  # type: ignore[arg-type]
            client=candidate.client,
            name=name,
            likeness=candidate.share if candidate.what != "name" else SequenceMatcher(None, own, other).ratio(),
            seen=day(candidate.at),
            mine=candidate.mine,
            theirs=_title(db, candidate),
        )


def _title(db: Connection, candidate: _Candidate) -> str | None:
    """Returns the title of the other client's job with the similar text."""
    if candidate.job is None:
        return None
    is_job = and_(JOB.c.site == candidate.site, JOB.c.id == candidate.job)
    return db.execute(select(JOB.c.title).where(is_job)).scalar()


def _with_same_token(db: Connection, site: str, client: str, marks: Mapping[str, Token]) -> list[_Candidate]:
    by_token: dict[str, list[Any]] = {}
    for row in _token_rows(db, {"of_site": site, "of_client": client}, list(marks)):
        by_token.setdefault(row.token, []).append(row)
    return [
        _Candidate(row.what, row.site, row.client_id, 1.0, row.first_seen, marks[token].spelling)
        for token, rows in by_token.items()
        if len(rows) <= TEMPLATE_CLIENTS
        for row in rows
    ]


def _token_rows(db: Connection, here: Mapping[str, str], hashes: Sequence[str]) -> Iterator[Any]:
    """Yields the rows of tokens that are another client's, of each token a few."""
    if db.dialect.name != "sqlite":
        # All at once: each statement takes a journey to a database elsewhere.
        yield from _rows(db, _array_query(db.dialect), {**here, "of_tokens": hashes})
        return
    for some in batched(hashes, MOST_TOKENS):
        # A few counts, each compiled once; a place that is left is asked for nothing.
        count = 1 << (len(some) - 1).bit_length()
        values = dict.fromkeys((f"token_{number}" for number in range(count)), None)
        values |= {f"token_{number}": hashed for number, hashed in enumerate(some)}
        yield from _rows(db, _tokens_query(db.dialect, count), {**values, **here})


def _with_similar_text(db: Connection, site: str, client: str, text_: str) -> list[_Candidate]:
    text_signature = signature(text_)
    if text_signature is None:
        return []
    best: dict[tuple[str, str], _Candidate] = {}
    values = {f"band_{number}": band for number, band in enumerate(bands(text_signature))}
    query = _samples_query(db.dialect)
    for row in _rows(db, query, {**values, "of_site": site, "of_client": client}):
        share = likeness(text_signature, row.signature)
        if share >= ALIKE:
            previous = best.get((row.site, row.client_id))
            if previous is None or share > previous.share:
                job = row.subject_id if row.subject == "job" else None
                best[row.site, row.client_id] = _Candidate(
                    "text", row.site, row.client_id, share, row.first_seen, _beginning(text_), job
                )
    return list(best.values()) if len(best) <= TEMPLATE_CLIENTS else []


def in_order(rows: Sequence[Any]) -> Iterator[Word]:
    """Yields messages by time if all have one to the minute; else by day, then in the order of the pages."""
    dated_rows = [(parsed(row.sent_at) or row.first_seen, row) for row in rows]
    exact = all(isinstance(at, datetime) for at, _ in dated_rows)
    dated_rows.sort(key=lambda pair: (moment_of(pair[0] if exact else day(pair[0])), pair[1].first_seen, pair[1].place))
    for at, row in dated_rows:
        yield Word(
            role=row.role,
            at=at,
            asks_revision=row.asks_revision,
            delivers=row.delivers,
            hands_over=row.hands_over,
            revisions=row.revisions,
            key=row.key,
        )


def _beginning(text_: str) -> str:
    """Returns the beginning of a text's first line that is not blank, for the user to recognise it."""
    return next((line.strip()[:80] for line in text_.splitlines() if line.strip()), "")


def _of_one_client(records: Sequence[AnyRecord]) -> tuple[Client | None, list[str], dict[str, Token]]:
    """Returns the one client of a page with their texts and tokens; None if it shows several, or none with an id."""
    clients: dict[str, Client] = {}
    texts: list[str] = []
    marks: dict[str, Token] = {}
    for record in records:
        client = record if isinstance(record, Client) else getattr(record, "client", None)
        if client is not None and client.id:
            clients[client.id] = client
        bodies: list[tuple[str, Iterable[str]]] = []
        match record:
            case Job(body=body) if body:
                bodies = [(body, [link.url for link in record.links or ()])]
            case Thread():
                bodies = [
                    (m.body, [link.url for link in m.links or ()])
                    for m in record.messages
                    if m.body and m.author_role == "client"
                ]
        for body, links in bodies:
            texts.append(body)
            marks |= tokens(body, tuple(links))
    if len(clients) != 1 or sum(isinstance(r, Job) for r in records) > 1:
        return None, [], {}
    (client,) = clients.values()
    if client.name:
        marks |= name_tokens(client.name)
    if client.profile:
        texts.append(client.profile)
    return client, texts[-20:], marks


def _step_of(row: Any) -> Step:
    amount = Decimal(row.amount) if row.amount is not None else None
    return Step(
        state=row.state, at=row.first_seen, until=row.last_seen, amount=amount, currency=row.currency, page=row.page
    )
