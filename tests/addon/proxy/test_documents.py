"""A page's encoding as a browser takes it, and whether an element fits at the page's end."""

import re

import pytest
from html5lib._inputstream import HTMLBinaryInputStream
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from addon.proxy.documents import HEAD, content_type_of, encoded_for, family_of, is_html, role_of_answer
from addon.proxy.fitting import fits

UTF8 = "text/html; charset=utf-8"
PAGE = b"<!doctype html><html><head><title>t</title></head><body><p>x"


@pytest.mark.parametrize("escape", [b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b$B\x1b$B"])
@pytest.mark.parametrize("place", ["title", "attribute", "text"])
@pytest.mark.parametrize(
    ("content_type", "start"),
    [
        (UTF8, b""),
        ("text/html", b"\xef\xbb\xbf"),
        ("text/html", b"<meta charset=utf-8>"),
        ("text/html; charset=shift_jis", b""),
    ],
    ids=["by the header", "by a mark", "by the page", "Shift_JIS"],
)
def test_attack_13_an_escape_in_a_page_of_another_encoding_is_two_signs(
    escape: bytes, place: str, content_type: str, start: bytes
) -> None:
    body = (
        start
        + {
            "title": b"<title>" + escape + b"</title><p>x",
            "attribute": b'<title>t</title><img alt="' + escape + b'"><p>x',
            "text": PAGE + escape,
        }[place]
    )
    assert fits(body, content_type)
    assert encoded_for(b"<i>", body[:HEAD], content_type) == b"<i>"


def test_attack_13_where_nothing_names_an_encoding_an_escape_may_be_one() -> None:
    assert not fits(PAGE + b"\x1b$B", "text/html")
    assert not fits(PAGE + b"x" * 2 * HEAD + b"\x1b$B", "text/html")
    assert fits(PAGE, "text/html")


def test_attack_13_both_ask_the_same() -> None:
    body = b"<meta charset=iso-2022-jp><title>\x1b$B<scr\x1b(B</title><p>\x1b$B!!"
    assert fits(body, "text/html")
    assert encoded_for(b"<i>", body[:HEAD], "text/html") == b"\x1b(B<i>"
    # The header overrules the page, and the mark of a byte order overrules the header.
    assert encoded_for(b"<i>", body[:HEAD], UTF8) == b"<i>"
    assert encoded_for(b"<i>", b"\xff\xfe", UTF8) == b"<\0i\0>\0"
    assert encoded_for(b"<i>", b"\xef\xbb\xbf", "text/html; charset=utf-16") == b"<i>"


@pytest.mark.parametrize(
    ("label", "family"),
    [
        *(
            (label, "utf-16-le")
            for label in "utf-16 UTF-16LE ucs-2 unicode csunicode iso-10646-ucs-2 unicodefeff".split()
        ),
        *((label, "utf-16-be") for label in "utf-16be unicodefffe".split()),
        *((label, "iso-2022-jp") for label in "iso-2022-jp csISO2022JP".split()),
        *((label, "ascii") for label in 'utf8 x-sjis "utf-8" ms_kanji euc-jp gb18030 big5 latin1 koi8-r'.split()),
        *((label, None) for label in "iso-2022-kr hz-gb-2312 iso-2022-cn csiso2022kr replacement".split()),
        # Browsers have never heard of them, and read the page as if it named none.
        *((label, "guessed") for label in "utf-7 utf-32 utf8mb4 none".split()),
    ],
)
def test_attack_30_labels_are_those_of_the_encoding_standard(label: str, family: str | None) -> None:
    assert family_of(b"<p>", f"text/html; charset={label}") == family


@pytest.mark.parametrize("label", ["iso-2022-kr", "hz-gb-2312"])
def test_attack_30_nothing_is_appended_to_what_no_browser_shows(label: str) -> None:
    content_type = f"text/html; charset={label}"
    assert encoded_for(b"<i>", PAGE, content_type) is None
    assert not fits(PAGE, content_type)


def test_attack_30_an_odd_byte_at_the_end_of_utf_16_takes_no_element() -> None:
    body = b"\xff\xfe" + PAGE.decode().encode("utf-16-le")
    assert fits(body, "text/html")
    assert not fits(body + b"<", "text/html")


@pytest.mark.parametrize(
    "end",
    [
        "<details><summary>s</summary>",
        "<details><div>",
        "<dialog>",
        "<video>",
        "<audio controls>",
        "<canvas>",
        "<object data=x>",
        "<datalist id=x>",
        "<div hidden>",
        "<div hidden=until-found><p>x",
        "<div popover>",
        "<progress>",
        "<ruby>x<rp>",
    ],
)
def test_attack_30_an_end_that_is_not_drawn_takes_no_element(end: str) -> None:
    assert not fits(PAGE + end.encode(), UTF8)


@pytest.mark.parametrize("end", ["<details open><div>", "<dialog open>", "<video></video>", "<p hidden></p>", "<main>"])
def test_attack_30_an_end_that_is_drawn_takes_it(end: str) -> None:
    assert fits(PAGE + end.encode(), UTF8)


@pytest.mark.parametrize(
    ("head", "family"),
    [
        (b"<meta charset=iso-2022-jp>", "iso-2022-jp"),
        (b"<META CharSet = 'ISO-2022-JP' >", "iso-2022-jp"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=iso-2022-jp">', "iso-2022-jp"),
        (b"<meta content='text/html; charset=\"iso-2022-jp\"' http-equiv=content-type>", "iso-2022-jp"),
        (b"<meta content='text/html; charset=iso-2022-jp'>", "guessed"),
        (b"<!-- <meta charset=iso-2022-jp> --><meta charset=utf-8>", "ascii"),
        (b"<!--><meta charset=iso-2022-jp>", "iso-2022-jp"),
        (b"<a title='<meta charset=iso-2022-jp>'><meta charset=utf-8>", "ascii"),
        (b"<<meta charset=iso-2022-jp>", "iso-2022-jp"),
        (b"<metadata charset=iso-2022-jp>", "guessed"),
        (b"<meta/charset=iso-2022-jp>", "iso-2022-jp"),
        (b"<meta charset=utf-16>", "ascii"),
        (b"<meta charset=nonsense><meta charset=iso-2022-jp>", "iso-2022-jp"),
        (b" " * HEAD + b"<meta charset=iso-2022-jp>", "guessed"),
        (b"<meta charset", "guessed"),
        (b"<meta charset='iso-2022-jp", "guessed"),
        (b"<", "guessed"),
        (b"", "guessed"),
    ],
)
def test_what_a_page_says_of_its_own_encoding(head: bytes, family: str) -> None:
    assert family_of(head, "text/html") == family


# html5lib differs from the standard in three things: `<meta/` and `<<meta`, which the table above holds, and `<` within
# a value without quotes.
TAGS = st.sampled_from(
    b"""<meta |<!--|-->|<a |</a |<!x|<?|>|charset=|charset|=| |'|"|iso-2022-jp|utf-8|utf-16|content=|
    http-equiv=content-type|text/html;charset=|<p>|x|/|;|<""".replace(b"\n    ", b"").split(b"|")
)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None)
@given(st.lists(TAGS, max_size=20))
def test_another_parser_finds_the_same(parts: list[bytes]) -> None:
    head = b"".join(parts)
    assume(re.search(rb"=\s*[^'\"\s>]*<", head) is None and b"<<" not in head)
    found = HTMLBinaryInputStream(head, useChardet=False).detectEncodingMeta()
    expected = {None: "guessed", "iso-2022-jp": "iso-2022-jp"}.get(found and found.name, "ascii")
    assert family_of(head, "text/html") == expected


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("text/html, text/html", "text/html"),
        ("text/plain, text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("text/html; charset=shift_jis, text/html", "text/html;charset=shift_jis"),
        ("text/html; charset=shift_jis, text/plain", "text/plain"),
        ("text/html, */*", "text/html"),
        ("text/html, nonsense,", "text/html"),
        ('text/html; a="x, text/plain"', 'text/html; a="x, text/plain"'),
        ("nonsense, more", "nonsense, more"),
        (",,", ",,"),
        ("", ""),
    ],
)
def test_field_08_of_several_types_the_one_that_browsers_take(header: str, taken: str) -> None:
    assert content_type_of(header) == taken


def test_field_08_an_unclosed_quote_costs_no_time() -> None:
    assert content_type_of('text/html; a="' + '\\"' * 20_000 + ", x") == 'text/html; a="' + '\\"' * 20_000 + ", x"


@pytest.mark.parametrize("kind", ["application/hal+json", "application/problem+json; charset=utf-8"])
def test_attack_04_data_of_any_json_type_is_read(kind: str) -> None:
    assert role_of_answer(200, {"content-type": kind}, document=False) == "data"
    assert role_of_answer(200, {"content-type": kind}, document=True) == "other"


@pytest.mark.parametrize(
    ("headers", "role"),
    [
        ({}, "unnamed"),
        ({"content-type": ""}, "unnamed"),
        ({"content-type": "unknown/unknown"}, "unnamed"),
        ({"content-type": "application/unknown"}, "unnamed"),
        ({"content-type": "*/*"}, "unnamed"),
        ({"content-type": "html"}, "unnamed"),
        ({"x-content-type-options": "nosniff"}, "other"),
        ({"content-type": "text/html", "x-content-type-options": "nosniff"}, "document"),
        ({"content-type": "text/plain"}, "other"),
        ({"content-type": "application/octet-stream"}, "other"),
        ({"content-type": "application/xhtml+xml; charset=utf-8"}, "xhtml"),
    ],
)
def test_field_08_a_page_without_a_type_is_told_by_its_bytes(headers: dict[str, str], role: str) -> None:
    assert role_of_answer(200, headers, document=True) == role
    assert role_of_answer(404, headers, document=True) == "other"
    assert role_of_answer(200, headers, document=False) == "other"


@pytest.mark.parametrize(
    ("head", "html"),
    [
        (b"<!DOCTYPE html><p>", True),
        (b"\n\t <!doctype HTML >", True),
        (b"<html lang=ja>", True),
        (b"<p>", True),
        (b"<!-- -->", True),
        (b"<!--x", True),
        (b"<pre>", False),
        (b"<html", False),
        (b"<?xml version='1.0'?><html>", False),
        (b"\xef\xbb\xbf<html>", False),
        (b"text <p>", False),
        (b"\x89PNG\r\n", False),
        (b"", False),
    ],
)
def test_field_08_what_browsers_take_for_a_page(head: bytes, html: bool) -> None:
    assert is_html(head) is html
