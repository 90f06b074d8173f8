"""Old Office files are named, with the programs in them, and nothing in them is taken for read."""

import pytest

from addon.pictures.compound import brings_macros, is_locked, kind_of_compound, words_in
from addon.pictures.reading import NotLookedAt, read
from tests.addon.pictures.drawn import compound


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["WordDocument", "1Table"], "doc"),
        (["Workbook"], "xls"),
        (["Book"], "xls"),
        (["PowerPoint Document"], "ppt"),
        (["__properties_version1.0"], None),
    ],
)
def test_the_main_stream_tells_the_kind(names: list[str], kind: str | None) -> None:
    assert kind_of_compound(compound(*names)) == kind


@pytest.mark.parametrize("name", ["_VBA_PROJECT", "_VBA_PROJECT_CUR"])
def test_a_program_in_an_old_office_file_is_named(name: str) -> None:
    contents = read(compound("WordDocument", "Macros", "VBA", name))
    assert (contents.kind, contents.macros, contents.locked, contents.whole) == ("doc", True, False, False)


def test_a_locked_one_is_named() -> None:
    data = compound("EncryptionInfo", "EncryptedPackage")
    assert is_locked(data)
    assert (read(data).kind, read(data).locked) == ("compound", True)


@pytest.mark.parametrize("shift", [0, 1])
@pytest.mark.parametrize(
    ("text", "coding"),
    [
        ("ご連絡はLINE ID: koban_trap22 まで", "utf-16-le"),
        ("らいんでおともだちになってください", "utf-16-le"),
        ("Please write to Telegram @koban_trap33", "utf-16-le"),
        ("Please write to Telegram @koban_trap33", "cp1252"),
    ],
)
def test_words_are_read_wherever_they_lie(text: str, coding: str, shift: int) -> None:
    data = compound("WordDocument", before=b"\x01" * shift + b"\0\0" + text.encode(coding))
    contents = read(data)
    assert text in [line.text for line in contents.lines]
    assert (contents.kind, contents.whole) == ("doc", False)
    kana = [line.text for line in contents.lines if "0" in line.text and coding == "utf-16-le"]
    assert not any(text.isascii() and text.count("0") > 4 for text in kana), "hiragana taken for bytes"


def test_bytes_that_are_no_words_are_none() -> None:
    noise = bytes(number * 7_919 % 251 for number in range(500))
    assert [text for text in words_in(compound("Workbook", before=noise)) if "Workbook" not in text] == ["Root Entry"]


def test_a_file_of_another_program_is_not_looked_into() -> None:
    with pytest.raises(NotLookedAt, match="unknown-kind"):
        read(compound("__properties_version1.0"))


def test_words_of_a_text_are_no_names_of_a_directory() -> None:
    assert not brings_macros(compound("WordDocument", before=b"x" * 6 + "_VBA_PROJECT\0".encode("utf-16-le")))
