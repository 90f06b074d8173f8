"""A history, and pages for it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from addon.history import export
from addon.history.copies import PageSource
from addon.history.schema import METADATA
from addon.history.store import History
from addon.history.writer import JudgedPage
from extractors import SITES, Extraction
from extractors.page import Feed
from extractors.page_kinds import PageKind
from extractors.records import AnyRecord, Client, Contract
from rules.model import ClientRef, Finding, Verdict
from tests.addon.history.new import new_history
from tests.addon.history.postgres import Unavailable, alone, new_shared_history, server
from tests.addon.history.relay import Relay

CROWDWORKS = next(site for site in SITES if site.id == "crowdworks")
START = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)

Page = Callable[..., JudgedPage]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server; skipped where there is none, unless one is required."""
    try:
        with server() as url:
            yield url
    except Unavailable as missing:
        if os.environ.get("KOBAN_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"KOBAN_REQUIRE_POSTGRES is set, but {missing}")
        pytest.skip(str(missing))


@pytest.fixture
def shared(postgres: str) -> str:
    """The URL of an empty database on it: always the same one, since a hundred of them are 30,000 files to delete."""
    with alone(postgres) as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return postgres


@pytest.fixture
def relay(shared: str) -> Iterator[Relay]:
    """What stands between Koban and that database, and can die."""
    relay = Relay(shared)
    yield relay
    relay.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[History]:
    """A new history, in each database that it can be kept in."""
    if request.param == "sqlite":
        engine = new_history(tmp_path / "history.db")
    else:
        engine = new_shared_history(request.getfixturevalue("postgres"))
    history = History(engine)
    yield history
    history.close()


@pytest.fixture
def db() -> Iterator[Connection]:
    """A connection to the empty tables of a history, in memory."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def rows(history: History, table: str) -> list[dict[str, Any]]:
    """The rows of a table, as an export has them."""
    return list(export.rows(history, METADATA.tables[table]))


def extraction(*records: AnyRecord, kind: str = "contract") -> Extraction:
    extractor = next(each for each in CROWDWORKS.pages if each.kind == kind)
    return Extraction(CROWDWORKS, extractor, records)


def seen(
    *records: AnyRecord,
    at: datetime = START,
    page: str = "https://crowdworks.jp/contracts/1",
    kind: PageKind = "contract",
    texts: bool = False,
    findings: tuple[Finding, ...] = (),
    source: bytes | None = None,
    feed: Feed | None = None,
) -> JudgedPage:
    """A page with records, judged."""
    clients = [r if isinstance(r, Client) else getattr(r, "client", None) for r in records]
    known = [client for client in clients if client is not None and client.id]
    who = ClientRef(id=known[0].id or "", name=known[0].name) if known else None
    verdict = Verdict(
        state="danger" if findings else "clear", findings=findings, site="crowdworks", kind=kind, client=who
    )
    kept = PageSource(source, "text/html; charset=utf-8") if source is not None else None
    return JudgedPage(extraction(*records, kind=kind), verdict, page, at, texts, feed=feed, source=kept)


def foreign(site_id: str, contract: Contract, at: datetime = START) -> JudgedPage:
    """A page of another marketplace."""
    site = next(each for each in SITES if each.id == site_id)
    page = seen(contract, at=at, page=f"https://{site.hosts[0]}/contracts/7")
    verdict = page.verdict.model_copy(update={"site": site.id})
    return replace(page, extraction=replace(page.extraction, site=site), verdict=verdict)
