"""The route by which the extension gives a picture or a file of a page as the browser has it."""

import asyncio
import base64
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import Response

from addon.api.deps import Running, problem
from addon.api.models import MAX_ADDRESS_CHARACTERS, EnclosureRequest, EnclosureStatus
from addon.koban import Koban
from extractors import site_at

PATIENCE = 120.0
"""Seconds after which nobody waits any more for a file to be opened; it is all the same when its turn comes."""

router = APIRouter()


@router.post("/v1/enclosures")
async def enclose(request: EnclosureRequest, koban: Running) -> EnclosureStatus:
    """Look into a picture or a file that a verdict names in `enclosures`; what it says comes with the page's verdict.

    Nothing is looked into that no page was seen to have, nor where the user has switched it off.
    """
    if not _is_wanted(koban, request.page):
        return EnclosureStatus(looked=False)
    try:
        data = base64.b64decode(request.data, validate=True)
    except ValueError:
        raise HTTPException(422, "data: not base64") from None
    opening = asyncio.wrap_future(koban.enclosures.offered(request.url, data, chosen=request.chosen))
    try:
        return EnclosureStatus(looked=await asyncio.wait_for(asyncio.shield(opening), PATIENCE))
    except TimeoutError:
        return EnclosureStatus(looked=False)


@router.delete("/v1/enclosures", status_code=204, responses=problem(404, "No file was chosen for that address."))
async def withdraw(url: Annotated[str, Query(max_length=MAX_ADDRESS_CHARACTERS)], koban: Running) -> Response:
    """Forget what a file held that its user chose for an address by mistake, and judge its pages again."""
    if not koban.enclosures.withdraw(url):
        raise HTTPException(404, "no file was chosen for that address")
    await koban.wait_for_judge(koban.enclosures.judge_withdrawn, url)
    return Response(status_code=204)


def _is_wanted(koban: Koban, page: str) -> bool:
    settings, site = koban.settings.current, site_at(page)
    return site is not None and settings.is_on(site.id) and not settings.is_paused(datetime.now(UTC))
