"""Who may talk to the loopback API: the paired extension, and Koban's own page of the history to that alone.

Checked before any route is.

The order matters: an address that was rebound to this machine (`Host`), a web page (`Origin`), a caller
that proves no key, then the size and the pace of the body, and whether it is the one that was proven. The lessons are
those of local services that other web pages could read or drive (DNS rebinding, echoed CORS, a token-less health
route). Every answer to a proven request is proven in turn, a refusal too.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from email.utils import formatdate
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from addon.api.models import MAX_PAGE_CHARACTERS, Problem
from addon.credentials.pairing import is_extension
from addon.credentials.proof import HEADER, Claims, Seal, claim_of, digest
from addon.credentials.visits import Visits
from addon.loopback import LOOPBACK, base_url

log = logging.getLogger("koban.api")

OPEN_PATHS = frozenset(
    {
        ("GET", "/pair"),
        ("GET", "/pair.css"),
        ("POST", "/v1/greeting"),
        ("POST", "/v1/pair"),
        ("POST", "/v1/pairing/number"),
    }
)
"""What needs no key: the page that a pairing link opens, the exchange itself, the asking for a number, and the
greeting, by which the extension has Koban prove itself first."""

HISTORY = "/v1/history"
ENTRANCE = ("POST", f"{HISTORY}/session")
"""Where the page of the history exchanges its code for a session's token."""

LARGE_BODIES = frozenset({"/v1/check", "/v1/enclosures"})
MAX_LARGE_BODY = 3 * MAX_PAGE_CHARACTERS
MAX_BODY = 64 * 1024
BODY_SECONDS = 10.0
MOST_REQUESTS = 64
"""Served at once. An extension makes a handful; event streams count, one a browser."""
MOST_STRANGERS = 32
"""The same for those who prove nothing: as many as there are, who has proven a key finds room."""
MOST_COMING = 32
"""Bodies still coming, of either."""
SEAL = "koban.seal"
"""Where a proven request's scope has what its answer is proven with."""

_NAMES = (LOOPBACK, "localhost", "[::1]")
_HARDENING = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """ASGI middleware around the whole app.

    claims: None where no extension is served. pages: paths that need no proof.
    """

    def __init__(
        self, app: ASGIApp, claims: Claims | None, visits: Visits | None = None, pages: Collection[str] = ()
    ) -> None:
        self._app = app
        self._claims = claims
        self._visits = visits
        self._pages = frozenset(pages)
        self._requests = _Room(lambda: MOST_REQUESTS)
        self._strangers = _Room(lambda: MOST_STRANGERS)
        self._coming = _Room(lambda: MOST_COMING)
        self._coming_strangers = _Room(lambda: MOST_COMING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            # No WebSocket is spoken here.
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._admit(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        send = _hardened(send, origin if is_extension(origin) else None)
        admission = self._refuse(scope, headers, origin)
        if isinstance(admission, Response):
            await admission(scope, receive, send)
            return
        seal, body_digest = admission
        if seal is not None:
            scope[SEAL] = seal
            send = _sealed(send, seal)
        is_known = seal is not None or self._is_visit(scope, headers)
        room, coming = (self._requests, self._coming) if is_known else (self._strangers, self._coming_strangers)
        body: bytes | Response = b""
        if scope["method"] in ("POST", "PATCH", "PUT", "DELETE"):
            if not coming.enter():
                await _busy(scope, receive, send)
                return
            try:
                body = await _body(scope, receive, headers)
            finally:
                coming.leave()
            if isinstance(body, bytes):
                receive = _replayed(body, receive)
        if isinstance(body, Response):
            await body(scope, receive, send)
        elif seal is not None and digest(body) != body_digest:
            await _refusal(401, "unauthorized", "the body is not the one that was proven")(scope, receive, send)
        elif not room.enter():
            await _busy(scope, receive, send)
        else:
            try:
                await _total(self._app)(scope, receive, send)
            finally:
                room.leave()

    def _refuse(self, scope: Scope, headers: Headers, origin: str | None) -> Response | tuple[Seal | None, str]:
        """The refusal of a request; else how its answer is proven (None: not at all) and which body it has to have."""
        port = scope["server"][1]
        # Exactly as a browser writes it: a duplicate, a trailing dot or another address is somebody else's.
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in {f"{name}:{port}" for name in _NAMES}:
            return _refusal(403, "forbidden", "Host is not this machine's loopback")
        open_to_all = None, ""
        if origin == base_url(port):
            return self._refuse_own_page(scope, headers) or open_to_all
        method, path = scope["method"], scope["path"]
        if origin is not None and not is_extension(origin):
            return _refusal(403, "forbidden", "Origin is not a browser extension")
        if method == "OPTIONS":
            return _preflight(headers, path) if origin is not None else _refusal(403, "forbidden", "no Origin")
        if method == "GET" and path in self._pages:
            return open_to_all
        if origin is None and self._is_visit(scope, headers):
            return open_to_all
        if method == "DELETE" and origin is None:
            return _refusal(403, "forbidden", "only a browser extension can be forgotten")
        if (method, path) in OPEN_PATHS:
            if method == "POST" and origin is None:
                return _refusal(403, "forbidden", "only a browser extension can be paired")
            return open_to_all
        claim = claim_of(headers.get("authorization", ""))
        if self._claims is not None and claim is not None:
            seal = self._claims.admit(claim, origin, port, method, _target(scope))
            if seal is not None:
                return seal, claim.body
        return _refusal(401, "unauthorized", "pair the extension first")

    def _refuse_own_page(self, scope: Scope, headers: Headers) -> Response | None:
        """A page of this very port asks: it may be the history's, and has that and nothing else."""
        method, path = scope["method"], scope["path"]
        if (method, path) == ENTRANCE or (method == "GET" and path in self._pages):
            return None
        if not _is_of_history(path) or method == "OPTIONS":
            return _refusal(403, "forbidden", "Origin is not a browser extension")
        if not self._is_visit(scope, headers):
            return _refusal(401, "unauthorized", "open the history anew")
        return None

    def _is_visit(self, scope: Scope, headers: Headers) -> bool:
        """Whether the history's page asks for the history, with its session's token.

        It sends no `Origin` where it only reads; another page's request would carry one, since it names a token.
        """
        if self._visits is None or not _is_of_history(scope["path"]):
            return False
        return headers.get("sec-fetch-site") in (None, "same-origin") and self._visits.admits(_token(headers))


class _Room:
    """A bound on simultaneous entries."""

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._within = 0

    def enter(self) -> bool:
        if self._within >= self._most():
            return False
        self._within += 1
        return True

    def leave(self) -> None:
        self._within -= 1


def _target(scope: Scope) -> str:
    """Path and query as they came, which is what the extension has proven."""
    query = scope["query_string"].decode("latin-1")
    path: str = scope["raw_path"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _total(app: ASGIApp) -> ASGIApp:
    """Wrap an app: its failure becomes an answer in the API's form, and one line in the log without the request."""

    async def total(scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def noticing_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await app(scope, receive, noticing_send)
        except Exception as error:
            log.warning("%s %s failed: %s", scope["method"], scope["path"][:40], type(error).__name__)
            if has_begun:
                raise ConnectionAbortedError from None
            await _refusal(500, "failed", "Koban could not do that")(scope, receive, send)

    return total


def _sealed(send: Send, seal: Seal) -> Send:
    """Wrap `send`: an answer carries its proof, and each event of a stream its own."""
    start: Message = {}
    body = bytearray()
    events = 0

    async def sealed(message: Message) -> None:
        nonlocal start, events
        if message["type"] == "http.response.start":
            start = message
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/event-stream"):
                headers[HEADER] = seal.of_answer(message["status"], b"")
                await send(message)
                start = {}
        elif not start:
            chunk = message.get("body", b"")
            if chunk.startswith(b"event: "):
                name, data = (line.partition(": ")[2] for line in chunk.decode().split("\n")[:2])
                line = f"proof: {seal.of_event(events, name, data)}\n".encode()
                message = {**message, "body": line + chunk}
                events += 1
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            MutableHeaders(scope=start)[HEADER] = seal.of_answer(start["status"], bytes(body))
            await send(start)
            await send({"type": "http.response.body", "body": bytes(body)})

    return sealed


def _is_of_history(path: str) -> bool:
    return path == HISTORY or path.startswith(f"{HISTORY}/")


def _token(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _preflight(headers: Headers, path: str) -> Response:
    method = headers.get("access-control-request-method", "")
    if method not in ("GET", "POST", "PUT", "PATCH", "DELETE") or not path.startswith("/v1/"):
        return _refusal(403, "forbidden", "no such method")
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": method,
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": "600",
        },
    )


async def _body(scope: Scope, receive: Receive, headers: Headers) -> bytes | Response:
    """Returns the body or a refusal: bounded in size and time, so that no route waits for a slow or endless sender."""
    if scope["path"].startswith("/v1/") and headers.get("content-type", "").split(";")[0].strip() != "application/json":
        return _refusal(415, "invalid", "Content-Type must be application/json")
    limit = MAX_LARGE_BODY if scope["path"] in LARGE_BODIES else MAX_BODY
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return _refusal(400, "invalid", "the request ended early")
                body += message.get("body", b"")
                if len(body) > limit:
                    return _refusal(413, "too-large", f"more than {limit} bytes")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return _refusal(408, "too-slow", f"the body took more than {BODY_SECONDS:.0f} seconds")


def _replayed(body: bytes, receive: Receive) -> Receive:
    was_sent = False

    async def replay() -> Message:
        nonlocal was_sent
        if was_sent:
            return await receive()
        was_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _hardened(send: Send, extension: str | None) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HARDENING.items():
                # The page of the history has a policy of its own.
                headers.setdefault(name, value)
            headers["Date"] = formatdate(usegmt=True)
            if extension is not None:
                headers["Access-Control-Allow-Origin"] = extension
                headers["Access-Control-Expose-Headers"] = HEADER
                headers["Vary"] = "Origin"
                # An answer meant for another origin is one that this header lets through.
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        await send(message)

    return hardened


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    await _refusal(503, "busy", "too many requests at once")(scope, receive, send)


def _refusal(status: int, error: Any, detail: str) -> Response:
    headers = {"WWW-Authenticate": "Koban"} if status == 401 else None
    return JSONResponse(Problem(error=error, detail=detail).model_dump(), status, headers)
