"""Whether what is appended to a page becomes one element of it."""

import codecs

import pytest

from addon.proxy.fitting import fits

HTML = "text/html; charset=utf-8"
WHOLE = "<!DOCTYPE html><html><head><title>x</title></head><body><p>本文</p>"


@pytest.mark.parametrize(
    "page",
    [
        WHOLE,
        f"{WHOLE}</body></html>",
        f"{WHOLE}<div><ul><li>open",
        f"{WHOLE}<select></select>",
        f"{WHOLE}<!-- whole -->",
        f"{WHOLE}<details open>",
        f"{WHOLE}<noscript></noscript><select><option></select>",
    ],
)
def test_it_fits_where_the_page_may_end(page: str) -> None:
    assert fits(page.encode(), HTML)


@pytest.mark.parametrize(
    "end",
    [
        "<!-- open",
        "<script>",
        "<style>p{",
        "<textarea>",
        "<title>",
        '<a href="',
        "<b>",
        "<svg>",
        "<noscript>",
        "<select>",
        "<template>",
        "<div hidden>",
        "<details>",
        "<object>",
        "<plaintext>",
    ],
)
def test_it_does_not_where_it_would_be_swallowed_hidden_or_doubled(end: str) -> None:
    assert not fits(f"{WHOLE}{end}".encode(), HTML)


def test_a_frameset_takes_nothing() -> None:
    assert not fits(b"<html><frameset><frame src=x></frameset>", HTML)


def test_encodings_are_read_as_a_browser_reads_them() -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        mark = codecs.BOM_UTF16_LE if codec == "utf-16-le" else codecs.BOM_UTF16_BE
        body = mark + WHOLE.encode(codec)
        assert fits(body, "text/html")
        assert not fits(body + b"\x3c", "text/html"), "half a character is left over"
    assert fits(WHOLE.encode("cp932"), "text/html; charset=Shift_JIS")
