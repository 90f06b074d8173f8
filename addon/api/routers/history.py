"""Routes that read and change the history."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response

from addon.api.deps import Parts, Responses, problem
from addon.api.models import MAX_ADDRESS_CHARACTERS, Body, Recording
from addon.api.translated import translated
from addon.history.calendar import calendar
from addon.history.clients import Known, client_record, newest_clients
from addon.history.deals import Deal, due_soon, newest_deals
from addon.history.dues import Due
from addon.history.report.bundle import File
from addon.history.report.facts import NothingKnown
from addon.history.report.make import report
from addon.history.store import History
from addon.history.warnings import Warned, newest_warnings
from addon.koban import HistoryParts
from rules.past import JST
from rules.translations import translations

router = APIRouter()

WEEK = 7
Ident = Annotated[str, Field(min_length=1, max_length=200)]
UNANSWERED: Responses = problem(503, "The history does not answer.")
NOT_KNOWN: Responses = {**problem(404, "Nothing of it is remembered."), **UNANSWERED}


def _usable_history(parts: Parts) -> History:
    history = parts.history.current()
    if history is None:
        raise HTTPException(404, "the history cannot be used")
    return history


UsableHistory = Annotated[History, Depends(_usable_history)]
"""The history; without one the route answers 404."""


class More(BaseModel):
    """Counts of what is not shown."""

    deals: int = 0
    clients: int = 0
    warnings: int = 0


class HistoryView(BaseModel):
    """Content of the history page: the newest entries, or those that match all words of a search."""

    recording: Recording
    today: list[Due]
    deals: list[Deal]
    clients: list[Known]
    warnings: list[Warned]
    more: More = Field(default_factory=More)


class ClientNote(Body):
    site: Ident
    client: Ident
    note: Annotated[str, Field(max_length=4_000)] | None


class OfClient(Body):
    site: Ident
    client: Ident


class AgreedRevisions(Body):
    site: Ident
    deal: Ident
    revisions: Annotated[int, Field(ge=0, le=100)] | None


class ReportRequest(Body):
    """On a deal, on a client, on one warning, or on what a page shows."""

    site: Ident
    deal: Ident | None = None
    client: Ident | None = None
    finding: Ident | None = Field(default=None, description="a warning's `key`")
    page: Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS_CHARACTERS)] | None = Field(
        default=None, description="address of a page: the deal that it is of, or a rule's warning on it"
    )
    rule: Ident | None = Field(default=None, description="with `page` alone")

    @model_validator(mode="after")
    def _one(self) -> "ReportRequest":
        if sum(subject is not None for subject in (self.deal, self.client, self.finding, self.page)) != 1:
            raise ValueError("either a deal, a client, a warning or a page")
        if self.rule is not None and self.page is None:
            raise ValueError("a rule goes with a page")
        return self

    def files(self, history: History, parts: HistoryParts) -> list[File]:
        """Returns the files of the report, of open pages too. Raises NothingKnown, SQLAlchemyError, CatalogError."""
        return report(
            history,
            datetime.now(UTC),
            site=self.site,
            deal=self.deal,
            client=self.client,
            finding=self.finding,
            page=self.page,
            rule=self.rule,
            page_verdict=parts.verdicts.shown(self.page) if self.page is not None else None,
            ways=parts.report_ways,
            terms=parts.terms(),
            language=parts.settings.current.language,
        )


class CalendarFile(BaseModel):
    text: str


def _due(parts: HistoryParts, days: int) -> list[Due]:
    history, today = parts.history.current(), datetime.now(UTC).astimezone(JST).date()
    return due_soon(history, today, days, terms=parts.terms()) if history is not None else []


def _view(parts: HistoryParts, search: str | None) -> HistoryView:
    history, recording = parts.history.current(), Recording.of(parts.history.health)
    if history is None:
        return HistoryView(recording=recording, today=[], deals=[], clients=[], warnings=[])
    deals, clients = newest_deals(history, search, terms=parts.terms()), newest_clients(history, search)
    warnings = newest_warnings(history, search)
    return HistoryView(
        recording=recording,
        today=_due(parts, WEEK),
        deals=deals.rows,
        clients=clients.rows,
        warnings=warnings.rows,
        more=More(deals=deals.more, clients=clients.more, warnings=warnings.more),
    )


@router.get("/v1/history", responses=UNANSWERED)
async def whole_history(parts: Parts, search: Annotated[str | None, Query(max_length=200)] = None) -> HistoryView:
    """Deals with their steps and due dates, clients and warnings, the newest first, and how many more there are."""
    view = await asyncio.to_thread(_view, parts, search)
    return translated(view, translations(parts.settings.current.language))


@router.get("/v1/history/today", responses=UNANSWERED)
async def due_today(parts: Parts) -> list[Due]:
    """Due dates within a week, and overdue ones."""
    dues = await asyncio.to_thread(_due, parts, WEEK)
    return translated(dues, translations(parts.settings.current.language))


@router.get("/v1/history/calendar", responses=UNANSWERED)
async def due_calendar(parts: Parts) -> CalendarFile:
    """All due dates as an iCalendar file (RFC 5545)."""
    dues = await asyncio.to_thread(_due, parts, 3_650)
    language = parts.settings.current.language
    return CalendarFile(text=calendar(translated(dues, translations(language)), datetime.now(UTC), language))


@router.get("/v1/history/client", responses=NOT_KNOWN)
async def one_client(
    site: Annotated[str, Query(max_length=200)], client: Annotated[str, Query(max_length=200)], history: UsableHistory
) -> Known:
    """The user's record with one client."""
    record = await asyncio.to_thread(client_record, history, site, client)
    if record is None:
        raise HTTPException(404, "that client was never seen")
    return record


@router.patch("/v1/history/client", status_code=204, responses=NOT_KNOWN)
async def note_client(note: ClientNote, history: UsableHistory) -> Response:
    """Keep the user's own note on a client; null takes it away."""
    if not await asyncio.to_thread(history.set_note, note.site, note.client, note.note):
        raise HTTPException(404, "that client was never seen")
    return Response(status_code=204)


@router.delete("/v1/history/client", status_code=204, responses=NOT_KNOWN)
async def forget_client(of: OfClient, history: UsableHistory) -> Response:
    """Delete all that is remembered of a client."""
    await asyncio.to_thread(history.forget_client, of.site, of.client)
    return Response(status_code=204)


@router.delete("/v1/history", status_code=204, responses=NOT_KNOWN)
async def forget_all(history: UsableHistory) -> Response:
    """Delete the whole history."""
    await asyncio.to_thread(history.forget_all)
    return Response(status_code=204)


@router.patch("/v1/history/deal", status_code=204, responses=NOT_KNOWN)
async def agree_revisions(agreement: AgreedRevisions, history: UsableHistory) -> Response:
    """Keep how many revisions were agreed for a deal; null takes it away."""
    if not await asyncio.to_thread(history.set_revisions, agreement.site, agreement.deal, agreement.revisions):
        raise HTTPException(404, "that deal was never seen")
    return Response(status_code=204)


@router.post("/v1/history/report", responses=NOT_KNOWN)
async def make_report(about: ReportRequest, history: UsableHistory, parts: Parts) -> list[File]:
    """Texts, evidence, a page to print and a manifest, on a deal, a client or a warning. They are sent nowhere."""
    try:
        return await asyncio.to_thread(about.files, history, parts)
    except NothingKnown:
        raise HTTPException(404, "nothing of it is remembered") from None
