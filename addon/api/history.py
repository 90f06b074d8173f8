"""The part of the API that reads and changes the history."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response

from addon.api.models import Body, Problem, Recording
from addon.history.calendar import calendar
from addon.history.clients import Known, client_record, newest_clients
from addon.history.deals import Deal, due_soon, newest_deals
from addon.history.dues import Due
from addon.history.report.bundle import File
from addon.history.report.facts import NothingKnown
from addon.history.report.make import report
from addon.history.store import History
from addon.history.warnings import Warned, newest_warnings
from addon.verdicts.log import PageVerdict
from rules.past import JST

Shown = Callable[[str], PageVerdict | None]
"""What Koban says of a page that is open, by its address."""

WEEK = 7
Ident = Annotated[str, Field(min_length=1, max_length=200)]
UNANSWERED: dict[int | str, dict[str, Any]] = {503: {"model": Problem, "description": "The history does not answer."}}
NOT_KNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "Nothing of it is remembered."},
    **UNANSWERED,
}


class More(BaseModel):
    """How many there are besides those that are shown."""

    deals: int = 0
    clients: int = 0
    warnings: int = 0


class HistoryView(BaseModel):
    """What the page of the history shows: the newest, or those of it in which all words of a search stand."""

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
    page: Annotated[str, Field(min_length=1, max_length=4_000)] | None = Field(
        default=None, description="address of a page: the deal that it is of, or a rule's warning on it"
    )
    rule: Ident | None = Field(default=None, description="with `page` alone")

    @model_validator(mode="after")
    def _one(self) -> "ReportRequest":
        if sum(each is not None for each in (self.deal, self.client, self.finding, self.page)) != 1:
            raise ValueError("either a deal, a client, a warning or a page")
        if self.rule is not None and self.page is None:
            raise ValueError("a rule goes with a page")
        return self

    def files(self, history: History, shown: Shown = lambda _: None) -> list[File]:
        """The files of the report; shown: what Koban says of an open page. Raises NothingKnown, SQLAlchemyError."""
        return report(
            history,
            datetime.now(UTC),
            site=self.site,
            deal=self.deal,
            client=self.client,
            finding=self.finding,
            page=self.page,
            rule=self.rule,
            shown=shown(self.page) if self.page is not None else None,
        )


class CalendarFile(BaseModel):
    text: str


def add_history(
    app: FastAPI, history_of: Callable[[], History | None], recording: Callable[[], Recording], shown: Shown
) -> None:
    """Add the history's routes. Without a history they answer that nothing is known."""

    def usable() -> History:
        history = history_of()
        if history is None:
            raise HTTPException(404, "the history cannot be used")
        return history

    def due(days: int) -> list[Due]:
        history = history_of()
        return due_soon(history, datetime.now(UTC).astimezone(JST).date(), days) if history is not None else []

    @app.get("/v1/history", responses=UNANSWERED)
    async def whole_history(search: Annotated[str | None, Query(max_length=200)] = None) -> HistoryView:
        """Deals with their steps and due dates, clients and warnings, the newest first, and how many more there are."""

        def read() -> HistoryView:
            history = history_of()
            if history is None:
                return HistoryView(recording=recording(), today=[], deals=[], clients=[], warnings=[])
            deals, clients = newest_deals(history, search), newest_clients(history, search)
            warnings = newest_warnings(history, search)
            return HistoryView(
                recording=recording(),
                today=due(WEEK),
                deals=deals.rows,
                clients=clients.rows,
                warnings=warnings.rows,
                more=More(deals=deals.more, clients=clients.more, warnings=warnings.more),
            )

        return await asyncio.to_thread(read)

    @app.get("/v1/history/today", responses=UNANSWERED)
    async def due_today() -> list[Due]:
        """What is due within a week, or is overdue."""
        return await asyncio.to_thread(due, WEEK)

    @app.get("/v1/history/calendar", responses=UNANSWERED)
    async def due_calendar() -> CalendarFile:
        """All due dates as an iCalendar file (RFC 5545)."""

        def read() -> CalendarFile:
            return CalendarFile(text=calendar(due(3_650), datetime.now(UTC)))

        return await asyncio.to_thread(read)

    @app.get("/v1/history/client", responses=NOT_KNOWN)
    async def one_client(
        site: Annotated[str, Query(max_length=200)], client: Annotated[str, Query(max_length=200)]
    ) -> Known:
        """What was between the user and a client so far."""
        found = await asyncio.to_thread(client_record, usable(), site, client)
        if found is None:
            raise HTTPException(404, "that client was never seen")
        return found

    @app.patch("/v1/history/client", status_code=204, responses=NOT_KNOWN)
    async def note_client(note: ClientNote) -> Response:
        """Keep the user's own note on a client; null takes it away."""
        if not await asyncio.to_thread(usable().set_note, note.site, note.client, note.note):
            raise HTTPException(404, "that client was never seen")
        return Response(status_code=204)

    @app.delete("/v1/history/client", status_code=204, responses=NOT_KNOWN)
    async def forget_client(of: OfClient) -> Response:
        """Delete all that is remembered of a client."""
        await asyncio.to_thread(usable().forget_client, of.site, of.client)
        return Response(status_code=204)

    @app.delete("/v1/history", status_code=204, responses=NOT_KNOWN)
    async def forget_all() -> Response:
        """Delete the whole history."""
        await asyncio.to_thread(usable().forget_all)
        return Response(status_code=204)

    @app.patch("/v1/history/deal", status_code=204, responses=NOT_KNOWN)
    async def agree_revisions(agreed: AgreedRevisions) -> Response:
        """Keep how many revisions were agreed for a deal; null takes it away."""
        if not await asyncio.to_thread(usable().set_revisions, agreed.site, agreed.deal, agreed.revisions):
            raise HTTPException(404, "that deal was never seen")
        return Response(status_code=204)

    @app.post("/v1/history/report", responses=NOT_KNOWN)
    async def make_report(about: ReportRequest) -> list[File]:
        """Texts, evidence, a page to print and a manifest, on a deal, a client or a warning. They are sent nowhere."""
        try:
            return await asyncio.to_thread(about.files, usable(), shown)
        except NothingKnown:
            raise HTTPException(404, "nothing of it is remembered") from None
