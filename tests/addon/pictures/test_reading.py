"""From bytes to contents."""

import zipfile

import pytest

from addon.pictures.bounds import Bounds
from addon.pictures.reading import NotLookedAt, read
from tests.addon.pictures.drawn import code, letter, packed, pdf, picture, written


def test_a_picture_with_a_code_has_its_contents() -> None:
    contents = read(written(code("https://lin.ee/abc")))
    assert (contents.kind, [code.text for code in contents.codes], contents.whole) == (
        "png",
        ["https://lin.ee/abc"],
        True,
    )


def test_an_archive_names_its_files_and_reads_what_is_in_them() -> None:
    inner = packed({"run.scr": b"MZ"})
    contents = read(packed({"brief.docx": letter("Telegram @abc_1"), "more.zip": inner, "note.txt": b"x"}))
    assert contents.kind == "zip"
    assert set(contents.files) == {"brief.docx", "more.zip", "note.txt", "more.zip/run.scr"}
    assert [line.text for line in contents.lines] == ["Telegram @abc_1"]


def test_a_program_under_the_name_of_a_picture_is_named_as_one() -> None:
    assert "logo.png.exe" in read(packed({"logo.png": b"MZ\x90"})).files
    assert read(b"MZ\x90\0").kind == "program"


def test_nesting_ends_at_its_bound() -> None:
    data = packed({"end.png": picture("deep inside")})
    for _ in range(30):
        data = packed({"a.zip": data}, zipfile.ZIP_STORED)
    contents = read(data, Bounds(nesting=2))
    assert contents.files == ("a.zip", "a.zip/a.zip", "a.zip/a.zip/a.zip")


def test_an_archive_under_a_password_is_said_to_be_locked() -> None:
    data = bytearray(packed({"a.txt": b"x"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = data.index(mark) + (6 if mark[2] == 3 else 8)
        data[place] |= 1
    assert read(bytes(data)).locked


@pytest.mark.slow
def test_a_pdf_that_is_a_picture_is_read_as_one() -> None:
    contents = read(pdf("ID abc_123"))
    assert (contents.kind, contents.whole) == ("pdf", True)
    assert any("abc_123" in line.text for line in contents.lines)


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"words", "unknown-kind"),
        (picture()[:90], "damaged"),
        (b"%PDF-1.4", "damaged"),
        (b"PK\x03\x04junk", "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 2_000, "too-large"),
    ],
)
def test_what_is_not_looked_at_says_why(data: bytes, trouble: str) -> None:
    with pytest.raises(NotLookedAt) as raised:
        read(data, Bounds(file=1_900))
    assert raised.value.trouble == trouble
