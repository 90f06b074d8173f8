"""Copies of pages with a warning, stored as evidence where the user permits it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag

import zstandard
from sqlalchemy import Connection, Engine, and_, delete, select, update

from addon.history.schema import PAGE_COPY

MOST_COPIES = 300
"""Copies stored, the newest; of at most MOST_COPIED bytes each."""
MOST_COPIED = 2_000_000


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page's bytes as received."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class PageCopy:
    """A stored copy of a page. sha256: of its bytes as received."""

    address: str
    content_type: str
    sha256: str
    at: datetime
    body: bytes


def copy_row(source: PageSource, page: str, warnings: Iterable[str]) -> dict[str, Any]:
    """Returns the columns for a copy of a page; one copy is stored for each set of warnings (keys) on a page."""
    address = urldefrag(page).url
    return {
        "page": address,
        "warned": _warned(warnings),
        "address": address,
        "content_type": source.content_type[:200],
        "sha256": hashlib.sha256(source.body).hexdigest(),
        "size": len(source.body),
        "body": zstandard.compress(source.body),
    }


def _warned(warnings: Iterable[str]) -> str:
    return hashlib.sha256("".join(sorted(warnings)).encode()).hexdigest()[:32]


def rename_copy(db: Connection, site: str, page: str, warnings: Sequence[Iterable[str]]) -> None:
    """Have a page's copy that is stored for former keys of its warnings stand for the current ones.

    warnings: their keys, the current ones first, then former ones of all of them. Raises SQLAlchemyError.
    """
    hashes = list(dict.fromkeys(map(_warned, warnings)))
    if len(hashes) < 2:
        return
    of_current, *of_former = hashes
    of_page = and_(PAGE_COPY.c.site == site, PAGE_COPY.c.page == urldefrag(page).url)
    is_one = and_(of_page, PAGE_COPY.c.warned.in_(hashes))
    stored_for = set(db.execute(select(PAGE_COPY.c.warned).where(is_one)).scalars())
    former = next((each for each in of_former if each in stored_for), None)
    if former is not None and of_current not in stored_for:
        db.execute(update(PAGE_COPY).where(and_(of_page, PAGE_COPY.c.warned == former)).values(warned=of_current))


def delete_excess(db: Connection) -> None:
    """Delete the oldest copies beyond MOST_COPIES. Raises SQLAlchemyError."""
    key = (PAGE_COPY.c.site, PAGE_COPY.c.page, PAGE_COPY.c.warned)
    excess = select(*key).order_by(PAGE_COPY.c.last_seen.desc()).offset(MOST_COPIES)
    for row in db.execute(excess).all():
        is_row = and_(*(column == value for column, value in zip(key, row, strict=True)))
        db.execute(delete(PAGE_COPY).where(is_row))


def copies(engine: Engine, site: str, *, client: str | None = None, deal: str | None = None) -> list[PageCopy]:
    """Returns the copies of a deal's pages, or else of a client's, the newest first. Raises SQLAlchemyError."""
    subject = PAGE_COPY.c.contract_id == deal if deal is not None else PAGE_COPY.c.client_id == client
    query = select(PAGE_COPY).where(and_(PAGE_COPY.c.site == site, subject)).order_by(PAGE_COPY.c.last_seen.desc())
    with engine.connect() as db:
        rows = db.execute(query).all()
    return [
        PageCopy(
            row.address,
            row.content_type,
            row.sha256,
            row.first_seen,
            zstandard.decompress(row.body, max_output_size=MOST_COPIED),
        )
        for row in rows
    ]
