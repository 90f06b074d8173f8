"""The page of the history as Koban itself serves it, for a browser without the extension.

It is the extension's own page, from the extension's build: what differs is how it reaches the API.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from addon.api.deps import Parts, problem
from addon.api.guard import ENTRANCE
from addon.api.models import Body, SessionToken
from addon.koban import HISTORY_PATH
from addon.page_languages import page_languages
from addon.templating import render
from rules.model import Text

router = APIRouter()
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
NOT_BUILT = Text(ja="この画面の部品がありません", en="The parts of this page are missing")
BUILD_IT = Text(
    ja="拡張機能をビルドしてから、Koban を起動し直してください（extension フォルダーで npm run build）。"
    "端末では koban history で同じ記録を見られます。",
    en="Build the extension (npm run build in the folder extension) and start Koban again. "
    "In a terminal, koban history shows the same records.",
)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
_NAMED = re.compile(r"/(?:chunks|assets|icon)/[\w.-]+(?=\")")
_IMPORTED = re.compile(r"""["']\.{1,2}/(?:chunks/)?([\w.-]+\.js)["']""")


class HistoryCode(Body):
    code: Annotated[str, Field(min_length=1, max_length=100)] = Field(description="of a link to the history")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The page with all that it loads, in memory: path → body and media type. No other file can be asked for."""

    files: Mapping[str, tuple[bytes, str]]


def read_bundle(build: Path | None) -> Bundle | None:
    """The page from a build of the extension; None where there is none, or not all of it. Raises nothing.

    build: its folder, as `addon.desktop.window.built_extension` finds it.
    """
    if build is None:
        return None
    files: dict[str, tuple[bytes, str]] = {}
    try:
        page = (build / "deals.html").read_bytes()
        pending_paths = _NAMED.findall(page.decode())
        while pending_paths:
            path = pending_paths.pop()
            if path in files:
                continue
            body = (build / path.removeprefix("/")).read_bytes()
            files[path] = body, _TYPES[Path(path).suffix]
            if path.endswith(".js"):
                pending_paths += [f"/chunks/{name}" for name in _IMPORTED.findall(body.decode())]
    except (OSError, UnicodeError, KeyError):
        return None
    return Bundle({HISTORY_PATH: (page, "text/html; charset=utf-8"), **files})


@router.post(ENTRANCE[1], responses=problem(403, "Used already, or too old."))
async def open_history(request: HistoryCode, parts: Parts) -> SessionToken:
    """Exchange the one-time code of a link to the history for a token that is good for the history alone."""
    token = parts.visits.enter(request.code)
    if token is None:
        raise HTTPException(403, "the link was used already or is too old; make a new one")
    return SessionToken(token=token)


def page_router(bundle: Bundle | None) -> APIRouter:
    """Returns the routes of the page and of all that it loads; without a bundle, of a page that says so."""
    pages = APIRouter(include_in_schema=False)
    headers = {"Content-Security-Policy": POLICY, "Cross-Origin-Opener-Policy": "same-origin"}

    def add(path: str, body: bytes, media_type: str) -> None:
        async def file() -> Response:
            return Response(body, media_type=media_type, headers=headers)

        pages.add_api_route(path, file, name=f"file {path}")

    async def not_built(parts: Parts, accept_language: Annotated[str, Header()] = "") -> Response:
        languages = page_languages(parts.settings.current.language, accept_language)
        page = render("history_not_built.html", languages=languages, heading=NOT_BUILT, repair=BUILD_IT)
        return HTMLResponse(page, 503)

    if bundle is None:
        pages.add_api_route(HISTORY_PATH, not_built)
        return pages
    for path, (body, media_type) in bundle.files.items():
        add(path, body, media_type)
    return pages
