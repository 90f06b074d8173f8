"""The routes of the history as an app: by itself for `koban history --web`, else part of the API.

With it comes SQLAlchemy: `addon.api.app` imports it late.
"""

import logging

from fastapi import FastAPI, Request
from starlette.responses import Response

from addon.api import history_page
from addon.api.base import guarded, problem_answer, routed
from addon.api.history_page import Bundle
from addon.api.routers import files, history, settings
from addon.history.database import Unanswered
from addon.koban import HistoryParts
from addon.version import version

log = logging.getLogger("koban.api")

ROUTERS = (history.router, files.router, settings.history_router, history_page.router)


def create_history_app(parts: HistoryParts, bundle: Bundle) -> FastAPI:
    """Returns the page of the history and what it asks for, alone: with or without a running Koban beside it."""
    return guarded(without_guard(parts), parts, None, bundle)


def without_guard(parts: HistoryParts) -> FastAPI:
    """Returns what the page of the history asks for, to be part of an app that has a guard."""
    app = routed(version(), *ROUTERS)
    app.state.parts = parts

    @app.exception_handler(Unanswered)
    async def unanswered(_: Request, error: Unanswered) -> Response:
        # What it says may quote what was asked for.
        log.warning("the history does not answer: %s", type(error).__name__)
        return problem_answer(503, "busy", "the history does not answer")

    return app
