"""A history, and pages for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.history.database import open_file
from addon.history.store import History, Seen
from extractors import SITES, Extraction
from extractors.records import AnyRecord, Client
from rules.model import ClientRef, Finding, Verdict

CROWDWORKS = next(site for site in SITES if site.id == "crowdworks")
START = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)

Page = Callable[..., Seen]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    engine, aside = open_file(tmp_path / "history.db")
    assert aside is None
    history = History(engine)
    yield history
    history.close()


def extraction(*records: AnyRecord, kind: str = "contract") -> Extraction:
    extractor = next(each for each in CROWDWORKS.pages if each.kind == kind)
    return Extraction(CROWDWORKS, extractor, records)


def seen(
    *records: AnyRecord,
    at: datetime = START,
    page: str = "https://crowdworks.jp/contracts/1",
    kind: str = "contract",
    texts: bool = False,
    findings: tuple[Finding, ...] = (),
) -> Seen:
    """A page with records, judged."""
    clients = [r if isinstance(r, Client) else getattr(r, "client", None) for r in records]
    known = [client for client in clients if client is not None and client.id]
    who = ClientRef(id=known[0].id or "", name=known[0].name) if known else None
    state = "danger" if findings else "clear"
    verdict = Verdict(state=state, findings=findings, site="crowdworks", kind=kind, client=who)
    return Seen(extraction(*records, kind=kind), verdict, page, at, texts)
