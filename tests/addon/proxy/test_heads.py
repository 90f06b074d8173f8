"""Heads of answers that browsers take are taken, and read one way; what browsers refuse stays refused."""

import pytest
from mitmproxy.http import Request
from mitmproxy.net.http.validate import validate_headers

from addon.proxy.heads import read_head

ASKED = Request.make("GET", "https://crowdworks.jp/")
CHUNKED, UNTIL_THE_END = None, -1


def lines(text: str) -> list[bytes]:
    return text.encode("latin-1").split(b"\n")


@pytest.mark.parametrize(
    ("text", "body_size", "fields", "last"),
    [
        ("HTTP/1.1 200 OK\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: Chunked", CHUNKED, {"Transfer-Encoding": "Chunked"}, False),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", CHUNKED, {}, True),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked, chunked", CHUNKED, {}, True),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: identity\nTransfer-Encoding: chunked", CHUNKED, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 9\nTransfer-Encoding: chunked", CHUNKED, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 3", 3, {"Content-Length": "3"}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 3, 3", 3, {"Content-Length": "3"}, True),
        ("HTTP/1.1 200 OK\nContent-Length : 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 200 OK\nX Own: 1\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 200 OK\nX Own: 1\n folded\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 200 OK\nno colon at all\n: no name\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 200 OK\n folded\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 204 No Content\nTransfer-Encoding: chunked", 0, {}, True),
        ("HTTP/1.1 304 Not Modified\nTransfer-Encoding: chunked", 0, {}, True),
        ("HTTP/1.0 200 OK\nTransfer-Encoding: chunked", UNTIL_THE_END, {}, True),
        ("HTTP/1.0 200 OK\nContent-Length: 3", 3, {}, True),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: identity\nContent-Length: 3", 3, {"Content-Length": "3"}, True),
        ("HTTP/1.1 200 OK\nTransfer-Encoding:\nContent-Length: 3", 3, {"Content-Length": "3"}, True),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: identity", UNTIL_THE_END, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 003", 3, {"Content-Length": "3"}, False),
        ("HTTP/1.1 200 OK\nContent-Length: 000", 0, {"Content-Length": "0"}, False),
        ("HTTP/1.1 204 No Content\nContent-Length: 3", 0, {}, True),
        ("HTTP/1.1 200 OK\nX-Own: 1,\n\t2\n 3\nContent-Length: 3", 3, {"X-Own": "1, 2 3"}, False),
        ("HTTP/1.1 200 OK\nX-Own: 1\r2\nContent-Length: 3", 3, {"X-Own": "1 2"}, False),
        ("HTTP/1.1 200 OK\nContent-Length: +3", UNTIL_THE_END, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: -3", UNTIL_THE_END, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 3 bytes", UNTIL_THE_END, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 99999999999999999999", UNTIL_THE_END, {}, True),
        ("HTTP/1.1 200 OK\nContent-Length: 00000000000000000003", 3, {"Content-Length": "3"}, False),
        ("http/1.1 200 OK\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("Http/1.0 200 OK\nContent-Length: 3", 3, {"Content-Length": "3"}, True),
        ("HTTP/1.2 200 OK\nContent-Length: 3", 3, {"Content-Length": "3"}, False),
        ("HTTP/0.9 200 OK\nContent-Length: 3", 3, {"Content-Length": "3"}, True),
        ("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 3", 3, {"Connection": "close"}, True),
    ],
)
def test_field_08_what_browsers_take(text: str, body_size: int | None, fields: dict[str, str], last: bool) -> None:
    head = read_head(lines(text), ASKED)
    assert head.body_size == body_size
    assert head.last is last
    assert {name: head.response.headers[name] for name in fields} == fields
    assert len(head.response.headers.get_all("transfer-encoding") + head.response.headers.get_all("content-length")) < 2
    validate_headers(head.response)


@pytest.mark.parametrize(
    "text",
    [
        "HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 4",
        "HTTP/1.1 200 OK\nContent-Length: 3, 4",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked, gzip",
        "HTTP/1.1 abc OK",
        "SSH-2.0-OpenSSH_9.2",
    ],
)
def test_what_browsers_refuse(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        validate_headers(read_head(lines(text), ASKED).response)


@pytest.mark.parametrize(("status", "informational"), [(100, True), (103, True), (101, False), (200, False)])
def test_heads_before_the_answers_own(status: int, informational: bool) -> None:
    assert read_head(lines(f"HTTP/1.1 {status} X"), ASKED).is_informational is informational
