"""Routes that judge pages and show verdicts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import Response, StreamingResponse

from addon.api.deps import Feed, KeyName, Running, problem
from addon.api.models import MAX_ADDRESS_CHARACTERS, ArrivalRequest, CheckRequest, TextRequest, ViewName
from addon.judging.protocol import Visit
from addon.koban import Koban
from addon.verdicts.log import PageVerdict
from addon.verdicts.settle import apply_settings
from extractors import site_at
from extractors.page import Page
from rules.model import Verdict

PING_SECONDS = 15.0
"""Often enough that neither a browser nor a laptop's sleep mistakes silence for a broken line."""

router = APIRouter()


@router.get("/v1/verdicts", responses=problem(404, "That page was not judged."))
async def verdict(
    url: Annotated[str, Query(max_length=MAX_ADDRESS_CHARACTERS)],
    koban: Running,
    view: Annotated[ViewName | None, Query()] = None,
) -> PageVerdict:
    """The verdict of a page that passed, or passes now, with the settings of now applied.

    With `view`: of what an open page shows, as it was handed over under that name.
    """
    verdicts = koban.verdicts
    page_verdict = verdicts.shown_or_pending(url) if view is None else verdicts.shown(url, view)
    if page_verdict is None:
        raise HTTPException(404, "that page was not judged")
    return page_verdict


@router.post("/v1/check")
async def check(request: CheckRequest, koban: Running, second_feed: Feed) -> PageVerdict:
    """Judge a page as the browser shows it, where it did not pass through the proxy."""
    page = Page(
        url=request.url,
        body=request.body.encode("utf-8", "replace"),
        content_type=request.content_type,
        received_at=datetime.now(UTC),
        feed="extension",
    )
    if site_at(page.url) is None:
        raise HTTPException(422, "url: not a page of a marketplace that Koban knows")
    if not request.keep:
        result = await koban.wait_for_judge(koban.judge.check, Visit(page, keep=False))
        shown_verdict = apply_settings(result, koban.settings.current, now=page.received_at)
        return PageVerdict(url=page.url, judged_at=page.received_at, feed="extension", verdict=shown_verdict)
    result = await koban.wait_for_judge(second_feed.check, page)
    return koban.verdicts.record(
        page.url,
        result,
        "extension",
        page.received_at,
        view=request.view,
        is_rewritten=request.view is not None and request.rewritten,
    )


@router.post("/v1/texts")
async def check_text(request: TextRequest, koban: Running) -> Verdict:
    """Judge a text by itself, whether or not Koban is paused. Nothing of it is kept."""
    page = Page(
        url="about:blank",
        body=request.text.encode("utf-8", "replace"),
        content_type="text/plain; charset=utf-8",
        received_at=datetime.now(UTC),
        feed="extension",
    )
    result = await koban.wait_for_judge(koban.judge.check, Visit(page, keep=False, bare=request.kind))
    settings = koban.settings.current.model_copy(update={"paused_until": None})
    return apply_settings(result, settings, now=page.received_at)


@router.get(
    "/v1/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "`verdict` and `settings` events."}},
)
async def events(koban: Running, key: KeyName, inserts: bool = False) -> Response:
    """Verdicts, and settings as they or packs change: `verdict` events hold a PageVerdict, `settings` the Settings.

    With `inserts`: this extension puts the element with the state into pages that come without it, so that they may
    pass as the marketplace sent them.
    """
    return StreamingResponse(_stream(koban, key, inserts=inserts), media_type="text/event-stream")


@router.post("/v1/arrivals", status_code=204, responses=problem(404, "No open connection has that ticket."))
async def arrived(request: ArrivalRequest, koban: Running, key: KeyName) -> Response:
    """Say that a page came to this extension's browser, whose pages then need not wait for their verdicts.

    That holds for the connection that the page came by, while the extension has its stream of events open.
    """
    if not koban.audience.admit(request.ticket, key):
        raise HTTPException(404, "no open connection has that ticket")
    return Response(status_code=204)


async def _stream(koban: Koban, key: str, *, inserts: bool) -> AsyncIterator[str]:
    # Subscribed first, so that nobody counts as following who could miss a verdict.
    async with koban.verdicts.subscribe_written() as queue:
        with koban.audience.following(key, inserts=inserts):
            # At once, so that the other side knows that it is connected.
            yield ": connected\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), PING_SECONDS)
                except TimeoutError:
                    yield ": ping\n\n"
                    continue
                # JSON holds no bare line break, so one `data:` line carries it whole.
                yield f"event: {event.name}\ndata: {event.data}\n\n"
