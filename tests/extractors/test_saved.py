"""Pages saved to disk: their content and the address that they tell."""

import pytest

from extractors.page import Unreadable
from extractors.saved import HEAD_BYTES, address_of, page_in_archive

URL = "https://crowdworks.jp/public/jobs/1"


@pytest.mark.parametrize(
    "head",
    [
        f"<!-- saved from url=({len(URL):04}){URL} -->",
        f'<link rel="canonical" href="{URL}">',
        f"<link rel=canonical href='{URL}'>",
        f'<meta property="og:url" content="{URL}">',
    ],
)
def test_a_page_tells_its_address(head: str) -> None:
    assert address_of(f"<html><head>{head}</head></html>".encode()) == URL


def test_the_browsers_own_word_comes_first_and_escapes_are_undone() -> None:
    other = '<link rel="canonical" href="https://example.com/?a=1&amp;b=2">'
    assert address_of(f"{other}<!-- saved from url=(0035){URL} -->".encode()) == URL
    assert address_of(other.encode()) == "https://example.com/?a=1&b=2"


@pytest.mark.parametrize(
    "body",
    [
        b"<p>https://example.com/</p>",
        b'<link rel="canonical" href="javascript:x">',
        '<link rel="canonical" href="https://例え.jp/">'.encode(),
        b" " * HEAD_BYTES + f'<link rel="canonical" href="{URL}">'.encode(),
    ],
)
def test_another_address_is_none_of_the_page(body: bytes) -> None:
    assert address_of(body) is None


def archive(head: str, part: str, body: str = "<p>x</p>") -> bytes:
    return (
        f'MIME-Version: 1.0\r\n{head}Content-Type: multipart/related; boundary="b"\r\n\r\n'
        f"--b\r\n{part}\r\n{body}\r\n--b--\r\n"
    ).encode()


def test_an_archive_has_its_page_and_the_address_of_the_snapshot() -> None:
    part = "Content-Type: text/html; charset=utf-8\r\nContent-Location: https://example.com/\r\n"
    page = page_in_archive(archive(f"Snapshot-Content-Location: {URL}\r\n", part))
    assert (page.url, page.content_type) == (URL, "text/html; charset=utf-8")
    assert page.body.strip() == b"<p>x</p>"
    assert page_in_archive(archive("", part)).url == "https://example.com/"
    assert page_in_archive(archive("", "Content-Type: text/html\r\nContent-Location: cid:1\r\n")).url is None


@pytest.mark.parametrize("data", [b"", b"\0\xff", archive("", "Content-Type: text/plain\r\n")])
def test_no_page_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        page_in_archive(data)
