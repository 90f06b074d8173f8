"""Old Office files are named, with the programs in them, and nothing in them is taken for read."""

import pytest

from addon.pictures.compound import brings_macros, is_locked, kind_of_compound
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


def test_one_whose_text_is_all_it_has_is_not_looked_into() -> None:
    with pytest.raises(NotLookedAt, match="unknown-kind"):
        read(compound("WordDocument"))


def test_words_of_a_text_are_no_names_of_a_directory() -> None:
    assert not brings_macros(compound("WordDocument", before=b"x" * 6 + "_VBA_PROJECT\0".encode("utf-16-le")))
