"""The page shown in place of a site's answer that did not come: what happened, and what to do, in words of Koban's.

It comes under a certificate of Koban's, in the site's place, so it says first who speaks. Over TLS that Koban itself
does not take there is no page at all: the connection is closed, and the next one is the browser's own, with its own
warning.
"""

import base64
import errno
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from mitmproxy import http
from mitmproxy.proxy.layers.http._events import ErrorCode

from addon.page_languages import JAPANESE_FIRST, PageLanguages, page_languages
from addon.proxy.http_layers import IDEMPOTENT, Failure, failure_of, let_connection_end, set_answer
from addon.redact import error_location
from addon.state.bypass import Bypass
from addon.templating import render
from extractors.page import Site
from rules.model import Language, Text

log = logging.getLogger("koban.proxy")

Trouble = Literal["unreachable", "late", "unanswered", "unreadable"]

WHAT: dict[Trouble, Text] = {
    "unreachable": Text(ja="{host} に接続できませんでした。", en="{host} could not be reached."),
    "late": Text(ja="{host} から、時間内に返事がありませんでした。", en="{host} did not answer in time."),
    "unanswered": Text(
        ja="{host} との接続が、返事の前に切れました。",
        en="The connection to {host} ended before it answered.",
    ),
    "unreadable": Text(
        ja="{host} の返事を、Koban は受け取れませんでした。",
        en="Koban could not take the answer of {host}.",
    ),
}
STATUS: dict[Trouble, int] = {"unreachable": 502, "late": 504, "unanswered": 502, "unreadable": 502}
"""502 Bad Gateway and 504 Gateway Timeout (RFC 9110, 15.6.3 and 15.6.5)."""

RETRY = Text(
    ja="少し待ってから、読み込み直してください。続くときは、インターネットにつながっているか確かめてください。",
    en="Wait a moment and load the page again. If it goes on, check whether you are connected to the Internet.",
)
LEFT = Text(
    ja="Kobanは、しばらくこのサイトの通信を調べずに通します。サイトを開き直すと、ブラウザが直接つなぎます。",
    en="Koban leaves this site's traffic alone for now. When you open the site again, the browser connects by itself.",
)
REOPENS = Text(
    ja="Kobanは、しばらくこのサイトの通信を調べずに通します。このページは、まもなくブラウザが直接開き直します。",
    en="Koban leaves this site's traffic alone for now. In a moment the browser opens this page again by itself.",
)
SENT = Text(
    ja="送った内容が届いたかどうかは、わかりません。もう一度送る前に、サイトで確かめてください。",
    en="It is not known whether what you sent has arrived. Before you send it again, look at the site whether it has.",
)
WHO = Text(
    ja="これはサイトのページではなく、Koban（交番）のお知らせです。",
    en="This is not a page of the site but a note from Koban.",
)
TITLE = Text(ja="ページを開けませんでした", en="The page could not be opened")

STYLE = (
    "body{font:16px/1.7 system-ui,sans-serif;color:#1f2328;background:#fff;max-width:40rem;margin:10vh auto;"
    "padding:0 16px}"
    "h1{font-size:1.25em}section+hr~section{color:#57606a;font-size:.9em}"
    "hr{border:0;border-top:1px solid #d0d7de;margin:24px 0}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#161b22}section+hr~section{color:#9ea7b3}}"
)
_POLICY = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"


def failure_page(
    host: str,
    trouble: Trouble,
    *,
    is_left: bool,
    reopens: bool,
    may_have_arrived: bool,
    languages: PageLanguages = JAPANESE_FIRST,
) -> bytes:
    """The page, in two languages. Pure.

    host: the host that did not answer. is_left: whether the browser will connect by itself from now on. reopens: and
    does so without being asked. may_have_arrived: whether something was sent that is not to be sent twice.
    """
    parts = [WHO, WHAT[trouble]]
    if may_have_arrived:
        parts.append(SENT)
    if is_left:
        parts.append(REOPENS if reopens else LEFT)
    elif not may_have_arrived:
        parts.append(RETRY)
    text_pairs = [languages.both(part) for part in (TITLE, *parts)]
    sections = [
        (language, [text.replace("{host}", host) for text in texts])
        for language, texts in zip((languages.first, languages.second), zip(*text_pairs, strict=True), strict=True)
    ]
    return render("failure.html", sections=sections, style=STYLE).encode()


@dataclass(slots=True)
class FailurePages:
    """mitmproxy addon; comes after RefusalDetector.

    is_off: whether the user has switched a host's site off. language: the one that the user chose, if any.
    """

    sites: Mapping[str, Site]
    bypass: Bypass
    is_off: Callable[[str], bool]
    language: Callable[[], Language | None] = lambda: None

    def error(self, flow: http.HTTPFlow) -> None:
        """Say what the browser gets where the site's answer does not come."""
        failure = failure_of(flow)
        if failure is None or failure.side == "browser":
            return
        try:
            set_answer(flow, self._answer(flow, failure))
        except Exception as error:
            log.error("no page for a failure: %s", error_location(error))

    def _answer(self, flow: http.HTTPFlow, failure: Failure) -> http.Response | None:
        request = flow.request
        host = request.host.lower()
        is_ours = request.scheme == "https" and host in self.sites
        bypass = self.bypass.get(host) if is_ours else None
        if bypass is not None and bypass.reason in ("upstream-certificate", "upstream-tls"):
            return None
        is_left = bypass is not None or (is_ours and self.is_off(host))
        if is_left:
            let_connection_end(flow)
        trouble = _trouble(failure, flow.error.msg if flow.error is not None else "")
        headers = {"Connection": "close", "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}
        if not _is_shown(request.headers):
            return http.Response.make(STATUS[trouble], b"", headers)
        may_have_arrived = request.method not in IDEMPOTENT and trouble not in ("unreachable", "late")
        headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": _POLICY}
        reopens = is_left and request.method == "GET"
        if reopens:
            headers["Refresh"] = "1"
        languages = page_languages(self.language(), request.headers.get("accept-language", ""))
        body = failure_page(
            host, trouble, is_left=is_left, reopens=reopens, may_have_arrived=may_have_arrived, languages=languages
        )
        return http.Response.make(STATUS[trouble], body, headers)


def _is_shown(headers: Mapping[str, str]) -> bool:
    """Whether a person will look at the answer (Fetch Metadata, `Sec-Fetch-Dest`; else what is accepted)."""
    destination = headers.get("sec-fetch-dest")
    if destination is not None:
        return destination in ("document", "iframe", "frame")
    return "text/html" in headers.get("accept", "") and "x-requested-with" not in headers


_TIMED_OUT = (f"[Errno {errno.ETIMEDOUT}]", "[Errno 10060]", "[WinError 121]")
"""As the system's own errors begin; the latter two are Windows' (WSAETIMEDOUT, ERROR_SEM_TIMEOUT)."""


def _trouble(failure: Failure, message: str) -> Trouble:
    if failure.code is ErrorCode.RESPONSE_VALIDATION_FAILED:
        return "unreadable"
    if failure.code is not ErrorCode.CONNECT_FAILED:
        return "unanswered"
    return "late" if message.startswith(_TIMED_OUT) else "unreachable"
