"""The loopback API: what the extension asks, and what it is told as it happens."""

import asyncio
import importlib.metadata
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from addon.api.guard import Guard
from addon.api.history import Shown, add_history
from addon.api.history_files import add_history_files
from addon.api.history_page import PATH, Bundle, add_history_page
from addon.api.lessons import add_lessons
from addon.api.models import (
    CheckRequest,
    Greeting,
    GreetingRequest,
    HealthLink,
    PairAnswer,
    PairRequest,
    Problem,
    ProxyStatus,
    Recording,
    RuleInfo,
    ServiceStatus,
    SiteStatus,
)
from addon.api.pair_page import PAIR_PAGE, PAIR_STYLE
from addon.api.pairing import Offer, Pairing, TooOften
from addon.api.proof import Claims
from addon.api.second_feed import SecondFeed
from addon.api.visits import Visits
from addon.history.database import Unanswered
from addon.history.store import History
from addon.judging.process import Judge, JudgedAgain
from addon.state.lessons import LessonStore
from addon.state.settings import InvalidSettings, Settings, SettingsStore
from addon.verdicts.log import Event, PageVerdict, VerdictLog
from addon.verdicts.settle import settled
from extractors import SITES, site_for
from extractors.page import Page
from rules.loader import Catalog
from rules.model import Text
from rules.placeholders import spoken
from rules.rule import Rule

PING_SECONDS = 15.0
"""Often enough that neither a browser nor a laptop's sleep mistakes silence for a broken line."""

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


@dataclass(frozen=True, slots=True)
class Service:
    """What the API speaks for: the parts of one running Koban."""

    version: str
    catalog: Catalog
    judge: Judge
    settings: SettingsStore
    log: VerdictLog
    pairing: Pairing
    proxy: Callable[[], ProxyStatus]
    lessons: LessonStore
    judged_again: Callable[[], Sequence[JudgedAgain]] = tuple
    """Judges the pages of late anew."""
    health: Callable[[], list[HealthLink]] = list
    history: Callable[[], History | None] = lambda: None
    recording: Callable[[], Recording] = Recording
    visits: Visits = field(default_factory=Visits)
    bundle: Bundle | None = None


@cache
def tracker() -> str | None:
    """Where the project takes bug reports, by the package's own URLs; None where it names none."""
    try:
        named = importlib.metadata.metadata("koban").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    urls = {label.strip().casefold(): url.strip() for label, _, url in (each.partition(",") for each in named)}
    # https://packaging.python.org/specifications/well-known-project-urls/
    return next((urls[label] for label in ("issues", "bugs", "issue", "tracker", "bug tracker") if label in urls), None)


def create_app(service: Service) -> FastAPI:
    """The API as an ASGI app. Everything it says needs a proof of the paired key, but for pairing."""
    # Asked for at each request: what describes the API has no pairing.
    claims = Claims(lambda name: service.pairing.key_of(name))
    second_feed = SecondFeed(lambda: service.judge, lambda url: service.log.client(url))
    app = _bare(service.version, claims, service.visits, service.bundle)

    @app.get("/v1/status")
    async def status() -> ServiceStatus:
        """How Koban itself is doing."""
        settings = service.settings.current
        return ServiceStatus(
            version=service.version,
            paused=settings.is_paused(datetime.now(UTC)),
            tracker=tracker(),
            proxy=service.proxy(),
            sites=[
                SiteStatus(
                    id=site.id,
                    name=Text(ja=site.name.ja, en=site.name.en),
                    operator=Text(ja=site.operator.ja, en=site.operator.en),
                    hosts=list(site.hosts),
                    enabled=settings.is_on(site.id),
                )
                for site in SITES
            ],
        )

    @app.get("/v1/health")
    async def health() -> list[HealthLink]:
        """Every link of the chain, with the repair for each that is broken: what `koban doctor` says."""
        return await asyncio.to_thread(service.health)

    @app.get("/v1/rules")
    async def rules() -> list[RuleInfo]:
        """Every rule of the catalog, with the user's switches."""
        return rule_infos(service.catalog, service.settings.current)

    @app.get("/v1/settings")
    async def settings() -> Settings:
        """What the user has switched."""
        return service.settings.current

    @app.patch("/v1/settings")
    async def change_settings(change: dict[str, Any]) -> Settings:
        """Change settings by a JSON merge patch (RFC 7396): `null` removes, objects merge."""
        try:
            return await asyncio.to_thread(service.settings.patch, change)
        except InvalidSettings as error:
            raise HTTPException(422, str(error)) from None
        except OSError as error:
            raise HTTPException(507, f"settings could not be written: {error.strerror}") from None

    @app.get("/v1/verdicts", responses={404: {"model": Problem, "description": "That page was not judged."}})
    async def verdict(url: Annotated[str, Query(max_length=4_000)]) -> PageVerdict:
        """What Koban says of a page that passed, as the settings let it be shown now."""
        shown = service.log.shown(url)
        if shown is None:
            raise HTTPException(404, "that page was not judged")
        return shown

    @app.post("/v1/check")
    async def check(request: CheckRequest) -> PageVerdict:
        """Judge a page as the browser shows it, where it did not pass through the proxy."""
        page = Page(
            url=request.url,
            body=request.body.encode("utf-8", "replace"),
            content_type=request.content_type,
            received_at=datetime.now(UTC),
            feed="extension",
        )
        try:
            known = site_for(page.location.hostname or "")
        except ValueError:
            known = None
        if known is None:
            raise HTTPException(422, "url: not a page of a marketplace that Koban knows")
        if not request.keep:
            result = await asyncio.to_thread(service.judge.check, page, keep=False)
            shown = settled(result, service.settings.current, now=page.received_at)
            return PageVerdict(url=page.url, judged_at=page.received_at, feed="extension", verdict=shown)
        result = await asyncio.to_thread(second_feed.check, page)
        return service.log.record(page.url, result, "extension", page.received_at)

    def act_on_lessons() -> None:
        for again in service.judged_again():
            service.log.judged_again(again.url, again.verdict, again.part_of)

    add_lessons(app, lambda: service.lessons, lambda: service.catalog, act_on_lessons)

    def shown_page(page: str) -> PageVerdict | None:
        return service.log.shown(page)

    _add_history(app, service.history, service.recording, service.settings, service.visits, service.bundle, shown_page)

    @app.get(
        "/v1/events",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}, "description": "`verdict` and `settings` events."}},
    )
    async def events() -> Response:
        """Verdicts and settings as they change: `verdict` events hold a PageVerdict, `settings` events the Settings."""
        return StreamingResponse(_stream(service.log), media_type="text/event-stream")

    @app.post("/v1/greeting")
    async def greeting(request: GreetingRequest, http: Request) -> Greeting:
        """Have Koban prove itself, before anything is said to whoever listens here."""
        port = http.scope["server"][1]
        greeted = claims.greet(request.key, request.nonce, http.headers["origin"], port)
        if greeted is None:
            raise HTTPException(401, "pair the extension first")
        return Greeting(start=greeted[0], proof=greeted[1])

    @app.post("/v1/pair")
    async def pair(request: PairRequest, http: Request) -> PairAnswer:
        """Come to share a key, by proving to each other to know the code of a pairing link, or a number."""
        port = http.scope["server"][1]
        offer = Offer(request.by, request.nonce, request.proof, http.headers["origin"], port)
        try:
            taken = await asyncio.to_thread(service.pairing.pair, offer)
        except OSError as error:
            raise HTTPException(507, f"the pairing could not be written: {error.strerror}") from None
        if taken is None:
            raise HTTPException(403, "the link was used already or is too old; make a new one")
        return PairAnswer(nonce=taken.nonce, proof=taken.proof)

    @app.post("/v1/pairing/number", status_code=204, responses={429: {"model": Problem, "description": "Too often."}})
    async def pairing_number(http: Request) -> Response:
        """Have Koban show its user a number, for an extension without a link, which then proves to know it."""
        try:
            service.pairing.open_number(http.headers["origin"])
        except TooOften:
            raise HTTPException(429, "too many numbers were asked for; use the pairing link, or wait an hour") from None
        return Response(status_code=204)

    @app.delete("/v1/pairing", status_code=204)
    async def unpair(http: Request) -> Response:
        """Forget the extension that asks: its key is good for nothing from now on."""
        try:
            await asyncio.to_thread(service.pairing.revoke, http.headers["origin"])
        except OSError as error:
            raise HTTPException(507, f"the pairing could not be written: {error.strerror}") from None
        return Response(status_code=204)

    @app.get("/pair", include_in_schema=False)
    async def pair_page() -> Response:
        return HTMLResponse(PAIR_PAGE)

    @app.get("/pair.css", include_in_schema=False)
    async def pair_style() -> Response:
        return Response(PAIR_STYLE, media_type="text/css")

    return app


def create_history_app(
    version: str, history: History, settings: SettingsStore, visits: Visits, bundle: Bundle
) -> FastAPI:
    """The page of the history and what it asks for, alone: where no Koban runs, or beside one that does."""
    app = _bare(version, None, visits, bundle)
    _add_history(app, lambda: history, lambda: Recording(usable=True), settings, visits, bundle, lambda _: None)
    return app


def _add_history(
    app: FastAPI,
    history: Callable[[], History | None],
    recording: Callable[[], Recording],
    settings: SettingsStore,
    visits: Visits,
    bundle: Bundle | None,
    shown: Shown,
) -> None:
    add_history(app, history, recording, shown)
    add_history_files(app, history, settings, shown)
    add_history_page(app, visits, bundle)


def _bare(version: str, claims: Claims | None, visits: Visits, bundle: Bundle | None) -> FastAPI:
    """An app behind its guard, without a route yet."""
    app = FastAPI(
        title="Koban",
        version=version,
        description=_DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
        generate_unique_id_function=lambda route: route.name,
    )
    pages = bundle.files if bundle is not None else [PATH]
    app.add_middleware(Guard, claims=claims, visits=visits, pages=pages)

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


def rule_infos(catalog: Catalog, settings: Settings) -> list[RuleInfo]:
    """The catalog's rules with the switches of settings."""
    return [
        RuleInfo(
            id=rule.id,
            topic=rule.topic,
            risk=rule.risk,
            severity=rule.severity,
            confidence=rule.confidence,
            status=rule.status,
            subject=rule.subject,
            title=rule.title,
            reason=spoken(rule.reason),
            advice=spoken(rule.advice),
            report=rule.report,
            sources=list(rule.sources),
            example=example_of(rule),
            enabled=settings.rules.get(rule.id, rule.status == "stable"),
            sites={site: own.rules[rule.id] for site, own in settings.sites.items() if rule.id in own.rules},
        )
        for rule in catalog.rules
    ]


LONGEST_EXAMPLE = 120


def example_of(rule: Rule) -> str | None:
    """Words that a rule warns of: the first text in its examples; None where it looks at numbers and dates alone."""
    for example in rule.examples.fires:
        for record in example.records:
            for name in ("body", "title"):
                text = getattr(record, name, None)
                if isinstance(text, str) and text.strip():
                    said = " ".join(text.split())
                    return said if len(said) <= LONGEST_EXAMPLE else said[: LONGEST_EXAMPLE - 1] + "…"
    return None


async def _stream(log: VerdictLog) -> AsyncIterator[str]:
    async with log.subscribe() as queue:
        # At once, so that the other side knows that it is connected.
        yield ": connected\n\n"
        while True:
            try:
                event: Event = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except TimeoutError:
                yield ": ping\n\n"
                continue
            name = "settings" if isinstance(event, Settings) else "verdict"
            # JSON holds no bare line break, so one `data:` line carries it whole.
            yield f"event: {name}\ndata: {event.model_dump_json()}\n\n"


def _problem(status: int, error: Any, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(Problem(error=error, detail=detail).model_dump(), status, headers)
