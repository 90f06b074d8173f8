"""Routes by which an extension pairs with Koban, and Koban proves itself to it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from starlette.responses import HTMLResponse, Response

from addon.api.deps import Origin, Port, Proven, Running, problem, writing
from addon.api.models import Greeting, GreetingRequest, PairAnswer, PairRequest
from addon.api.pair_page import PAIR_STYLE, pair_html
from addon.credentials.pairing import Offer, TooOften
from addon.page_languages import page_languages

router = APIRouter()


@router.post("/v1/greeting")
async def greeting(request: GreetingRequest, claims: Proven, origin: Origin, port: Port) -> Greeting:
    """Have Koban prove itself, before anything is said to whoever listens here."""
    answer = claims.greet(request.key, request.nonce, origin, port)
    if answer is None:
        raise HTTPException(401, "pair the extension first")
    return Greeting(start=answer[0], proof=answer[1])


@router.post("/v1/pair")
async def pair(request: PairRequest, koban: Running, origin: Origin, port: Port) -> PairAnswer:
    """Come to share a key, by proving to each other to know the code of a pairing link, or a number."""
    offer = Offer(request.by, request.nonce, request.proof, origin, port)
    with writing("the pairing"):
        answer = await asyncio.to_thread(koban.pairing.pair, offer)
    if answer is None:
        raise HTTPException(403, "the link was used already or is too old; make a new one")
    return PairAnswer(nonce=answer.nonce, proof=answer.proof)


@router.post("/v1/pairing/number", status_code=204, responses=problem(429, "Too often."))
async def pairing_number(koban: Running, origin: Origin) -> Response:
    """Have Koban show its user a number, for an extension without a link, which then proves to know it."""
    try:
        koban.pairing.open_number(origin)
    except TooOften:
        raise HTTPException(429, "too many numbers were asked for; use the pairing link, or wait an hour") from None
    return Response(status_code=204)


@router.delete("/v1/pairing", status_code=204)
async def unpair(koban: Running, origin: Origin) -> Response:
    """Forget the extension that asks: its key is good for nothing from now on."""
    with writing("the pairing"):
        await asyncio.to_thread(koban.pairing.revoke, origin)
    return Response(status_code=204)


@router.get("/pair", include_in_schema=False)
async def pair_page(koban: Running, accept_language: Annotated[str, Header()] = "") -> Response:
    return HTMLResponse(pair_html(page_languages(koban.settings.current.language, accept_language)))


@router.get("/pair.css", include_in_schema=False)
async def pair_style() -> Response:
    return Response(PAIR_STYLE, media_type="text/css")
