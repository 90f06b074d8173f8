"""The loopback API: what the extension asks, and what it is told as it happens."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import JSONResponse, Response

from addon.api import history_page
from addon.api.guard import Guard
from addon.api.history_page import Bundle, page_router
from addon.api.models import Problem
from addon.api.routers import enclosures, files, history, lessons, pairing, settings, status, verdicts
from addon.credentials.proof import Claims
from addon.history.database import Unanswered
from addon.koban import HISTORY_PATH, HistoryParts, Koban
from addon.version import version
from rules.loader import Catalog

log = logging.getLogger("koban.api")

_CODES = {401: "unauthorized", 403: "forbidden", 404: "not-found", 429: "busy"}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": description}
    for code, description in {
        401: "No proof of a paired key, or not of this start of Koban.",
        403: "Not the loopback address, or not a browser extension.",
        415: "The body is not announced as JSON.",
        422: "The request is not of the form described.",
    }.items()
}

_DESCRIPTION = """The loopback API between Koban and its browser extension.

Neither side sends the key that pairing gave both. A request says `Authorization: Koban key=…, start=…, nonce=…, body=…,
proof=…`: the name of the key, Koban's nonce from `POST /v1/greeting`, a nonce of its own that is good once, the SHA-256
of its body, and HMAC-SHA256 over the lines `koban request`, port, start, nonce, method, path with query, body. Every
answer to it says `Koban-Proof`, over `koban answer`, port, start, nonce, status, SHA-256 of the body (of a stream of
events: of nothing), and each event of a stream `proof:`, over `koban event`, port, start, nonce, its number from 0, its
name, SHA-256 of its data. What comes without is not Koban's."""


def described(shown_version: str) -> FastAPI:
    """Returns the app with all routes that its OpenAPI document describes; it answers nothing yet."""
    api = (status.router, settings.router, verdicts.router, enclosures.router, lessons.router)
    return _routed(shown_version, *api, *_HISTORY, pairing.router)


def create_app(koban: Koban, catalog: Catalog, bundle: Bundle | None = None) -> FastAPI:
    """Returns the API as an ASGI app. All of it but pairing needs a proof of the paired key.

    bundle: the page of the history; None where the extension is not built.
    """
    app = described(version())
    app.state.catalog = catalog
    return _guarded(app, koban, koban.claims, bundle)


def create_history_app(parts: HistoryParts, bundle: Bundle) -> FastAPI:
    """Returns the page of the history and what it asks for, alone: with or without a running Koban beside it."""
    return _guarded(_routed(version(), *_HISTORY), parts, None, bundle)


_HISTORY = (history.router, files.router, settings.history_router, history_page.router)


def _routed(shown_version: str, *routers: APIRouter) -> FastAPI:
    app = _bare(shown_version)
    for router in routers:
        app.include_router(router)
    return app


def _guarded(app: FastAPI, parts: HistoryParts, claims: Claims | None, bundle: Bundle | None) -> FastAPI:
    """Give an app its parts, its guard and the page of the history."""
    app.state.parts = parts
    app.include_router(page_router(bundle))
    pages = bundle.files if bundle is not None else [HISTORY_PATH]
    app.add_middleware(Guard, claims=claims, visits=parts.visits, pages=pages)
    return app


def _bare(shown_version: str) -> FastAPI:
    """Returns an app without routes, which answers each error in the form of `Problem`."""
    app = FastAPI(
        title="Koban",
        version=shown_version,
        description=_DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
        generate_unique_id_function=lambda route: route.name,
    )

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        # Names the field; never repeats what was sent, which may be a page.
        first = error.errors()[0]
        return _problem(422, "invalid", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    @app.exception_handler(Unanswered)
    async def unanswered(_: Request, error: Unanswered) -> Response:
        # What it says may quote what was asked for.
        log.warning("the history does not answer: %s", type(error).__name__)
        return _problem(503, "busy", "the history does not answer")

    # Starlette's own is the base of FastAPI's, and what says that there is no such path, or no such method.
    @app.exception_handler(AnyHTTPException)
    async def refused(_: Request, error: AnyHTTPException) -> Response:
        return _problem(error.status_code, _CODES.get(error.status_code, "invalid"), str(error.detail), error.headers)

    return app


def _problem(code: int, error: Any, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(Problem(error=error, detail=detail).model_dump(), code, headers)
