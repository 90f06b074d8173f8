"""Reads the head of an HTTP/1 answer as browsers do: what they pass over is passed over here.

mitmproxy refuses an answer that could be taken to end in two ways, and rightly, for it passes on what it reads.
Browsers take the usual of these, so a page that opens without Koban would not with it. Here the head is put in
order before mitmproxy sees it: one way to end is left, the one that browsers take, and the answer is read and sent
on by that one (RFC 9112, 5.1 and 6.3; WHATWG Fetch, "extract a length"). What browsers refuse, stays refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mitmproxy.http import Headers, Request, Response
from mitmproxy.net.http import http1

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_DIGITS = re.compile("0*[0-9]{1,18}")
_VERSION = re.compile(rb"HTTP/(\d)\.(\d)(?!\d)", re.IGNORECASE)
_WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer, in order.

    response: without a body. body_size: how much is to come; None where it is chunked, -1 where the connection's end
    is its end. last: nothing that follows on its connection can be trusted to be another answer.
    """

    response: Response
    body_size: int | None
    last: bool

    @property
    def is_informational(self) -> bool:
        """Whether the answer itself is still to come (RFC 9110, 15.2). 101 is an answer."""
        return 100 <= self.response.status_code < 200 and self.response.status_code != 101


def read_head(lines: Sequence[bytes], request: Request) -> Head:
    """Returns the head parsed from `lines` (without line ends), the answer to `request`. Raises ValueError."""
    response = http1.read_response_head([_VERSION.sub(_known_version, lines[0], count=1), *_fields(lines[1:])])
    was_ordered = _put_in_order(response)
    size = http1.expected_http_body_size(request, response)
    closes = http1.connection_close(response.http_version, response.headers)
    return Head(response, size, last=closes or not was_ordered)


def _known_version(version: re.Match[bytes]) -> bytes:
    """The one of two that browsers take a version for (Chromium's `HttpResponseHeaders::ParseStatusLine`)."""
    if version.start():
        return version[0]
    return b"HTTP/1.1" if (version[1], version[2]) >= (b"1", b"1") else b"HTTP/1.0"


def _fields(lines: Sequence[bytes]) -> list[bytes]:
    """The lines that are fields, without blanks before their colons, folded ones as one line.

    A fold and a bare CR are blanks (RFC 9112, 2.2 and 5.2): over HTTP/2 a browser refuses an answer that has either.
    """
    fields: list[bytes] = []
    is_field = False
    for line in (line.replace(b"\r", b" ") for line in lines):
        if line[:1] in (b" ", b"\t"):
            if is_field:
                fields[-1] += b" " + line.strip(b" \t")
            continue
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        is_field = bool(colon) and _TOKEN.fullmatch(name) is not None
        if is_field:
            fields.append(name + b":" + value)
    return fields


def _put_in_order(response: Response) -> bool:
    """Leave one way to end; whether there was but one before."""
    headers = response.headers
    codings = _values(headers, "transfer-encoding")
    if codings:
        # HTTP/1.0 knows none, and an answer without a body cannot have one.
        if response.http_version == "HTTP/1.0" or response.status_code < 200 or response.status_code in _WITHOUT_BODY:
            del headers["transfer-encoding"]
            return False
        own = [coding for coding in dict.fromkeys(codings) if coding != "identity"]
        if own == ["chunked"]:
            if len(codings) == 1 and "content-length" not in headers:
                return True
            headers.pop("content-length", None)
            headers["transfer-encoding"] = "chunked"
            return False
        if own:
            # Whatever this is, the stricter reader decides.
            return True
    is_ordered = "transfer-encoding" not in headers
    headers.pop("transfer-encoding", None)
    lengths = _values(headers, "content-length")
    if response.status_code == 204 and lengths:
        # It has no body whatever it says (RFC 9112, 6.3), and over HTTP/2 that would be a length that is not kept.
        del headers["content-length"]
        return False
    if lengths and len(set(lengths)) == 1:
        if not _DIGITS.fullmatch(lengths[0]):
            # A length that is none counts for nothing, and the connection's end is the answer's.
            del headers["content-length"]
            return False
        # Zeros before it are what some servers pad it with.
        headers["content-length"] = lengths[0].lstrip("0") or "0"
        return is_ordered and len(lengths) == 1
    return is_ordered


def _values(headers: Headers, name: str) -> list[str]:
    return [value.strip().lower() for line in headers.get_all(name) for value in line.split(",") if value.strip()]
