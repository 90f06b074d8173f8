"""Bytes to text: as a browser reads them, and never by an encoding that no browser knows."""

from datetime import UTC, datetime

import pytest

from extractors.encoding import MAX_PAGE_BYTES, encoding_label, text_of_file, utf8_of, whole_characters
from extractors.page import Page, Unreadable

TEXT = "直接契約でお願いします。報酬は後払いです。"


def page(body: bytes, content_type: str = "text/html") -> Page:
    return Page("https://crowdworks.jp/", body, content_type, datetime(2026, 11, 26, tzinfo=UTC))


@pytest.mark.parametrize(
    ("codec", "content_type"),
    [
        ("utf-8", "text/html"),
        ("utf-8-sig", "text/html; charset=shift_jis"),
        ("utf-16", "text/html; charset=utf-8"),
        ("cp932", "text/html; charset=Shift_JIS"),
        ("cp932", "text/html; charset=utf-8"),
        ("euc_jp", 'text/html; charset="euc-jp"'),
        ("iso2022_jp", "text/html"),
    ],
)
def test_a_page_is_read_in_its_encoding_whatever_the_header_says(codec: str, content_type: str) -> None:
    assert utf8_of(page(TEXT.encode(codec), content_type)).decode() == TEXT


def test_the_page_names_its_own_encoding() -> None:
    body = f'<meta charset="euc-jp"><p>{TEXT}</p>'.encode("euc_jp")
    assert TEXT in utf8_of(page(body)).decode()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("x-sjis", "shift_jis"),
        (" UTF8\n", "utf-8"),
        ("ucs-2", "utf-16le"),
        ("utf-7", None),
        ("zip", None),
        ("unicode_escape", None),
        ("\u212aoi8-r", None),
    ],
)
def test_labels_are_those_of_browsers(label: str, name: str | None) -> None:
    assert encoding_label(label) == name


def test_a_label_that_no_browser_knows_leads_to_no_codec() -> None:
    assert utf8_of(page(b"+ADw-script", "text/html; charset=utf-7")) == b"+ADw-script"


@pytest.mark.parametrize("body", [b"\x81 " * 400, b"x" * (MAX_PAGE_BYTES + 1)], ids=["noise", "too large"])
def test_no_text_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        utf8_of(page(body, "text/html; charset=utf-8"))


def test_a_text_file_holds_no_nul() -> None:
    assert text_of_file(TEXT.encode("cp932")) == TEXT
    assert text_of_file(TEXT.encode("utf-16")) == TEXT
    with pytest.raises(Unreadable):
        text_of_file(b"a\0b")


@pytest.mark.parametrize(
    ("json_text", "whole"),
    [
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'),
        (r'"\ud83d"', r'"\ufffd"'),
        (r'"\ude00\uD83D"', r'"\ufffd\ufffd"'),
        (r'"\\ud83d"', r'"\\ud83d"'),
        (r'"\u3042"', r'"\u3042"'),
    ],
)
def test_half_a_character_is_replaced_and_a_whole_one_stays(json_text: str, whole: str) -> None:
    assert whole_characters(json_text) == whole
