"""Who may talk to the loopback API: the paired extension, and Koban's own page of the history to that alone.

Checked before any route is.

The order matters: an address that was rebound to this machine (`Host`), a web page (`Origin`), a caller
without a token, then the size and the pace of the body. The lessons are those of local services that
other web pages could read or drive (DNS rebinding, echoed CORS, a token-less health route).
"""

import asyncio
from collections.abc import Collection
from email.utils import formatdate
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from addon.api.models import MAX_PAGE_CHARACTERS, Problem
from addon.api.pairing import Pairing, is_extension
from addon.api.visits import Visits

OPEN_PATHS = frozenset({("GET", "/pair"), ("GET", "/pair.css"), ("POST", "/v1/pair"), ("POST", "/v1/pairing/number")})
"""What needs no token: the page that a pairing link opens, the exchange of its code, and the asking for a number."""

HISTORY = "/v1/history"
ENTRANCE = ("POST", f"{HISTORY}/session")
"""Where the page of the history exchanges its code for a session's token."""

LARGE_BODIES = frozenset({"/v1/check"})
MAX_LARGE_BODY = 3 * MAX_PAGE_CHARACTERS
MAX_BODY = 64 * 1024
BODY_SECONDS = 10.0
MOST_REQUESTS = 64
"""At once. An extension makes a handful; event streams count, one a browser."""

_NAMES = ("127.0.0.1", "localhost", "[::1]")
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

    pairing: None where no extension is served. pages: paths that anybody may read, whoever leads them there.
    """

    def __init__(
        self, app: ASGIApp, pairing: Pairing | None, visits: Visits | None = None, pages: Collection[str] = ()
    ) -> None:
        self._app = app
        self._pairing = pairing
        self._visits = visits
        self._pages = frozenset(pages)
        self._open_requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            # No WebSocket is spoken here.
            await send({"type": "websocket.close", "code": 1008})
        elif self._open_requests >= MOST_REQUESTS:
            await _refusal(503, "busy", "too many requests at once")(scope, receive, send)
        else:
            self._open_requests += 1
            try:
                await self._admit(scope, receive, send)
            finally:
                self._open_requests -= 1

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        send = _hardened(send, origin if is_extension(origin) else None)
        refusal = self._refuse(scope, headers, origin)
        if refusal is None and scope["method"] in ("POST", "PATCH", "PUT", "DELETE"):
            body = await _body(scope, receive, headers)
            if isinstance(body, Response):
                refusal = body
            else:
                receive = _replayed(body, receive)
        await (refusal or self._app)(scope, receive, send)

    def _refuse(self, scope: Scope, headers: Headers, origin: str | None) -> Response | None:
        port = scope["server"][1]
        # Exactly as a browser writes it: a duplicate, a trailing dot or another address is somebody else's.
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in {f"{name}:{port}" for name in _NAMES}:
            return _refusal(403, "forbidden", "Host is not this machine's loopback")
        if origin == f"http://127.0.0.1:{port}":
            return self._refuse_own_page(scope, headers)
        method, path = scope["method"], scope["path"]
        if origin is not None and not is_extension(origin):
            return _refusal(403, "forbidden", "Origin is not a browser extension")
        if method == "OPTIONS":
            return _preflight(headers, path) if origin is not None else _refusal(403, "forbidden", "no Origin")
        if method == "GET" and path in self._pages:
            return None
        if origin is None and self._is_visit(scope, headers):
            return None
        if method == "DELETE" and origin is None:
            return _refusal(403, "forbidden", "only a browser extension can be forgotten")
        if (method, path) in OPEN_PATHS:
            if method == "POST" and origin is None:
                return _refusal(403, "forbidden", "only a browser extension can be paired")
            return None
        if self._pairing is None or not self._pairing.admits(_token(headers), origin):
            return _refusal(401, "unauthorized", "pair the extension first")
        return None

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


def _is_of_history(path: str) -> bool:
    return path == HISTORY or path.startswith(f"{HISTORY}/")


def _token(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _preflight(headers: Headers, path: str) -> Response:
    wanted = headers.get("access-control-request-method", "")
    if wanted not in ("GET", "POST", "PATCH", "DELETE") or not path.startswith("/v1/"):
        return _refusal(403, "forbidden", "no such method")
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": wanted,
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": "600",
        },
    )


async def _body(scope: Scope, receive: Receive, headers: Headers) -> bytes | Response:
    """The whole body, bounded in size and time, so that no route waits for a slow or endless sender."""
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
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
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
                headers["Vary"] = "Origin"
                # An answer meant for another origin is one that this header lets through.
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        await send(message)

    return hardened


def _refusal(status: int, error: Any, detail: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(Problem(error=error, detail=detail).model_dump(), status, headers)
