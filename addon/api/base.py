"""Common to the apps of the API: the form of their errors, their parts, and their guard."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import JSONResponse, Response

from addon.api.guard import Guard
from addon.api.history_page import Bundle, page_router
from addon.api.models import Problem
from addon.credentials.proof import Claims
from addon.koban import HISTORY_PATH, HistoryParts

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


def routed(shown_version: str, *routers: APIRouter) -> FastAPI:
    """Returns an app of these routes, which answers each error in the form of `Problem`."""
    app = FastAPI(
        title="Koban",
        version=shown_version,
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
        generate_unique_id_function=lambda route: route.name,
    )

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        # Names the field; never repeats what was sent, which may be a page.
        first = error.errors()[0]
        return problem_answer(422, "invalid", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    # Starlette's own is the base of FastAPI's, and what says that there is no such path, or no such method.
    @app.exception_handler(AnyHTTPException)
    async def refused(_: Request, error: AnyHTTPException) -> Response:
        return problem_answer(
            error.status_code, _CODES.get(error.status_code, "invalid"), str(error.detail), error.headers
        )

    for router in routers:
        app.include_router(router)
    return app


def guarded(app: FastAPI, parts: HistoryParts, claims: Claims | None, bundle: Bundle | None) -> FastAPI:
    """Returns the app with its parts, its guard and the page of the history.

    bundle: that page; None where the extension is not built.
    """
    app.state.parts = parts
    app.include_router(page_router(bundle))
    pages = bundle.files if bundle is not None else [HISTORY_PATH]
    app.add_middleware(Guard, claims=claims, visits=parts.visits, pages=pages)
    return app


def problem_answer(code: int, error: Any, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(Problem(error=error, detail=detail).model_dump(), code, headers)
