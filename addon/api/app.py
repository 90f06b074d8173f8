"""The loopback API: what the extension asks, and what it is told as it happens."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from addon.api.base import guarded, routed
from addon.api.guard import HISTORY
from addon.api.history_page import Bundle
from addon.api.routers import enclosures, lessons, pairing, settings, status, verdicts
from addon.koban import Koban
from addon.version import version
from rules.loader import Catalog

DOCUMENT_PATH = "/v1/openapi.json"

_ROUTERS = (status.router, settings.router, verdicts.router, enclosures.router, lessons.router)


def described(shown_version: str) -> FastAPI:
    """Returns the app with all routes that the OpenAPI document describes; it answers nothing yet."""
    from addon.api import history_app  # late: see `_LateApp`

    return routed(shown_version, *_ROUTERS, *history_app.ROUTERS, pairing.router)


def create_app(koban: Koban, catalog: Catalog, bundle: Bundle | None = None) -> FastAPI:
    """Returns the API as an ASGI app. All of it but pairing needs a proof of the paired key.

    bundle: the page of the history; None where the extension is not built.
    """
    app = routed(version(), *_ROUTERS, pairing.router)
    app.state.catalog = catalog

    def history() -> ASGIApp:
        from addon.api import history_app

        return history_app.without_guard(koban)

    app.router.routes.append(Route(f"{HISTORY}{{rest:path}}", _LateApp(history)))
    app.add_route(DOCUMENT_PATH, _document)
    return guarded(app, koban, koban.claims, bundle)


class _LateApp:
    """An app that is made, and what it needs imported, when it is first asked for something.

    With its routes the history brings SQLAlchemy and more into the proxy's process: 15 MB, which nobody needs who only
    looks at pages.

    make: returns the app; called once, in a thread, since the proxy goes on in this loop.
    """

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._lock:
            if self._app is None:
                self._app = await asyncio.to_thread(self._make)
        await self._app(scope, receive, send)


async def _document(_: object) -> Response:
    return JSONResponse(await asyncio.to_thread(lambda: described(version()).openapi()))
