"""Routes that hand the history out: a report's sheet and bundle, and exports."""

import asyncio
import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from addon.api.deps import Parts, writing
from addon.api.routers.history import NOT_KNOWN, ReportRequest, UsableHistory
from addon.api.translated import translated
from addon.history.export import ExportFormat, export
from addon.history.places import HELP, Help, Place, place_on
from addon.history.report.bundle import File
from addon.history.report.facts import NothingKnown
from addon.history.report.make import NEXT, text_file
from addon.history.store import History
from addon.koban import HistoryParts
from rules.model import FURTHER_LANGUAGES, Text
from rules.translations import translations

router = APIRouter()

ZIP = {"content": {"application/zip": {}}, "description": "The files, in one."}


class ReportSheet(BaseModel):
    """All that a user needs to report: Koban itself sends nothing."""

    place: Place
    text: Text | None = Field(description="to the operator; null where nothing of it is remembered")
    files: list[str] = Field(description="what the bundle holds")
    next: list[Text]
    help: list[Help]


def _files(parts: HistoryParts, about: ReportRequest) -> list[File]:
    """Returns the files of a report. Raises NothingKnown."""
    history = parts.history.current()
    if history is None:
        raise NothingKnown
    return about.files(history, parts)


def _bundle(parts: HistoryParts, about: ReportRequest) -> bytes:
    """Returns the files of a report as a ZIP archive. Raises NothingKnown."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _files(parts, about):
            archive.writestr(file.name, file.text)
    return whole.getvalue()


def _export_archive(history: History, folder: Path, form: ExportFormat) -> Path:
    """Write the history into a folder, as one ZIP archive. Returns its path. Raises OSError."""
    tables, whole = folder / "koban-history", folder / "koban-history.zip"
    export(history, tables, form)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in sorted(tables.iterdir()):
            archive.write(table, table.name)
    return whole


def _text(files: Mapping[str, str]) -> Text:
    """Returns the text to the operator in each language that a report has it in. files: their texts by name."""
    text = Text(ja=files[text_file("ja")], en=files[text_file("en")])
    for language in FURTHER_LANGUAGES:
        text = text.also(language, files.get(text_file(language)))
    return text


@router.post("/v1/history/report/sheet", responses=NOT_KNOWN)
async def report_sheet(about: ReportRequest, parts: Parts) -> ReportSheet:
    """Where to report, what to write, what to do next. Also where nothing is remembered, without the text."""
    place = place_on(about.site, about.page, parts.report_ways)
    if place is None:
        raise HTTPException(404, "no such marketplace")
    try:
        files = await asyncio.to_thread(_files, parts, about)
    except NothingKnown:
        files = []
    texts = {file.name: file.text for file in files}
    sheet = ReportSheet(
        place=place,
        text=_text(texts) if files else None,
        files=[file.name for file in files],
        next=list(NEXT),
        help=list(HELP),
    )
    return translated(sheet, translations(parts.settings.current.language))


@router.post("/v1/history/report/bundle", response_class=Response, responses={200: ZIP, **NOT_KNOWN})
async def report_bundle(about: ReportRequest, parts: Parts) -> Response:
    """The files of a report as one archive."""
    try:
        return Response(await asyncio.to_thread(_bundle, parts, about), media_type="application/zip")
    except NothingKnown:
        raise HTTPException(404, "nothing of it is remembered") from None


@router.get("/v1/history/export", response_class=FileResponse, responses={200: ZIP, **NOT_KNOWN})
async def export_history(history: UsableHistory, form: Annotated[ExportFormat, Query()] = "jsonl") -> Response:
    """The whole history, each table a file of its own, as one archive."""
    # On disk, from where the history page streams it (what is sealed for the extension is held in memory); deleted once
    # it was sent.
    folder = tempfile.TemporaryDirectory(prefix="koban-export-")
    try:
        with writing("the export"):
            whole = await asyncio.to_thread(_export_archive, history, Path(folder.name), form)
    except HTTPException:
        folder.cleanup()
        raise
    return FileResponse(whole, media_type="application/zip", background=BackgroundTask(folder.cleanup))
