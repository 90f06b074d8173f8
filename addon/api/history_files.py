"""The part of the API that hands the history out and minds it: a report's sheet and bundle, exports, what is kept."""

import asyncio
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from addon.api.history import NOT_KNOWN, ReportRequest, Shown
from addon.api.models import Body, Problem
from addon.history.export import ExportFormat, export
from addon.history.places import HELP, Help, Place, place_on
from addon.history.report.bundle import File
from addon.history.report.facts import NothingKnown
from addon.history.report.make import NEXT
from addon.history.store import History
from addon.state.settings import HistorySettings, InvalidSettings, SettingsStore
from rules.model import Text

ZIP = {"content": {"application/zip": {}}, "description": "The files, in one."}


class ReportSheet(BaseModel):
    """All that a user needs to report: Koban itself sends nothing."""

    place: Place
    text: Text | None = Field(description="to the operator; null where nothing of it is remembered")
    files: list[str] = Field(description="what the bundle holds")
    next: list[Text]
    help: list[Help]


class HistoryChange(Body):
    """What is to change of how the history is kept; what is left out stays."""

    enabled: bool | None = None
    texts: bool | None = None
    pages: bool | None = None
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None


def add_history_files(
    app: FastAPI, history_of: Callable[[], History | None], settings: SettingsStore, shown: Shown
) -> None:
    """Add the routes."""

    def files_of(about: ReportRequest) -> list[File]:
        history = history_of()
        if history is None:
            raise NothingKnown
        return about.files(history, shown)

    @app.post("/v1/history/report/sheet", responses=NOT_KNOWN)
    async def report_sheet(about: ReportRequest) -> ReportSheet:
        """Where to report, what to write, what to do next. Also where nothing is remembered, without the text."""
        place = place_on(about.site, about.page)
        if place is None:
            raise HTTPException(404, "no such marketplace")
        try:
            files = await asyncio.to_thread(files_of, about)
        except NothingKnown:
            files = []
        texts = {file.name: file.text for file in files}
        return ReportSheet(
            place=place,
            text=Text(ja=texts["report-ja.txt"], en=texts["report-en.txt"]) if files else None,
            files=[file.name for file in files],
            next=list(NEXT),
            help=list(HELP),
        )

    @app.post("/v1/history/report/bundle", response_class=Response, responses={200: ZIP, **NOT_KNOWN})
    async def report_bundle(about: ReportRequest) -> Response:
        """The files of a report as one archive."""

        def packed() -> bytes:
            whole = io.BytesIO()
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in files_of(about):
                    archive.writestr(file.name, file.text)
            return whole.getvalue()

        try:
            return Response(await asyncio.to_thread(packed), media_type="application/zip")
        except NothingKnown:
            raise HTTPException(404, "nothing of it is remembered") from None

    @app.get("/v1/history/export", response_class=FileResponse, responses={200: ZIP, **NOT_KNOWN})
    async def export_history(form: Annotated[ExportFormat, Query()] = "jsonl") -> Response:
        """The whole history, each table a file of its own, as one archive."""
        history = history_of()
        if history is None:
            raise HTTPException(404, "the history cannot be used")
        # On disk, for a history of years is larger than memory should hold; deleted once it was sent.
        folder = tempfile.TemporaryDirectory(prefix="koban-export-")

        def packed() -> Path:
            tables, whole = Path(folder.name) / "koban-history", Path(folder.name) / "koban-history.zip"
            export(history, tables, form)
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
                for table in sorted(tables.iterdir()):
                    archive.write(table, table.name)
            return whole

        try:
            whole = await asyncio.to_thread(packed)
        except OSError as error:
            folder.cleanup()
            raise HTTPException(507, f"the export could not be written: {error.strerror}") from None
        return FileResponse(whole, media_type="application/zip", background=BackgroundTask(folder.cleanup))

    @app.get("/v1/history/settings")
    async def history_settings() -> HistorySettings:
        """What is remembered, and for how long."""
        return settings.current.history

    @app.patch("/v1/history/settings", responses={507: {"model": Problem, "description": "It could not be written."}})
    async def change_history_settings(change: HistoryChange) -> HistorySettings:
        """Change what is remembered, and for how long."""
        try:
            wanted = {"history": change.model_dump(exclude_none=True)}
            return (await asyncio.to_thread(settings.patch, wanted)).history
        except InvalidSettings as error:
            raise HTTPException(422, str(error)) from None
        except OSError as error:
            raise HTTPException(507, f"settings could not be written: {error.strerror}") from None
