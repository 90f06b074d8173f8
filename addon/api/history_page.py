"""The page of the history as Koban itself serves it, for a browser without the extension.

It is the extension's own page, from the extension's build: what differs is how it reaches the API.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from addon.api.guard import ENTRANCE
from addon.api.models import Body, Problem, SessionToken
from addon.api.visits import Visits
from addon.templating import render

PATH = "/history"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
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
        wanted = _NAMED.findall(page.decode())
        while wanted:
            path = wanted.pop()
            if path in files:
                continue
            body = (build / path.removeprefix("/")).read_bytes()
            files[path] = body, _TYPES[Path(path).suffix]
            if path.endswith(".js"):
                wanted += [f"/chunks/{name}" for name in _IMPORTED.findall(body.decode())]
    except (OSError, UnicodeError, KeyError):
        return None
    return Bundle({PATH: (page, "text/html; charset=utf-8"), **files})


def history_link(port: int, visits: Visits) -> str:
    """A new link that opens the page in a browser, good once."""
    return f"http://127.0.0.1:{port}{PATH}#{visits.open_code()}"


def add_history_page(app: FastAPI, visits: Visits, bundle: Bundle | None) -> None:
    """Add the page, what it loads, and the exchange of its one-time code."""

    @app.post(ENTRANCE[1], responses={403: {"model": Problem, "description": "Used already, or too old."}})
    async def open_history(request: HistoryCode) -> SessionToken:
        """Exchange the one-time code of a link to the history for a token that is good for the history alone."""
        token = visits.enter(request.code)
        if token is None:
            raise HTTPException(403, "the link was used already or is too old; make a new one")
        return SessionToken(token=token)

    def served(path: str, body: bytes, media_type: str) -> None:
        async def file() -> Response:
            return Response(body, media_type=media_type, headers=headers)

        headers = {"Content-Security-Policy": POLICY, "Cross-Origin-Opener-Policy": "same-origin"}
        app.add_api_route(path, file, include_in_schema=False, name=f"file {path}")

    if bundle is None:

        @app.get(PATH, include_in_schema=False)
        async def not_built() -> Response:
            return HTMLResponse(render("history_not_built.html"), 503)

        return
    for path, (body, media_type) in bundle.files.items():
        served(path, body, media_type)
