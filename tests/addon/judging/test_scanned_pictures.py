"""Pictures and documents among the files that are scanned."""

from pathlib import Path

import pytest

from addon.judging.check import Checker
from addon.judging.scan import Unusable, files_under, scan_file
from addon.judging.scan_rules import ScanRules
from addon.pictures.reading import NotLookedAt, Trouble
from extractors.records import Contents, TextLine

CONTACT = Contents(kind="png", lines=(TextLine(text="LINE ID: mihon_0000", box=(1, 2, 30, 40)),))


def test_a_picture_is_taken_for_one_of_a_client(tmp_path: Path, checker: Checker) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"bytes")
    scanned = scan_file(file, ScanRules(checker), open_file=lambda data: {b"bytes": CONTACT}[data])
    line = scanned.as_json()
    assert (line["path"], line["state"], line["checked"]) == (str(file), "danger", ["message.attachment.text"])
    assert line["findings"][0]["rule"] == "contact-in-picture"
    assert line["findings"][0]["evidence"] == [
        {"field": "message.attachment.text", "quote": "LINE ID: mihon_0000", "box": [1, 2, 30, 40]}
    ]


def test_a_picture_without_anything_is_clear_and_one_read_in_part_is_not(tmp_path: Path, checker: Checker) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"")
    assert scan_file(file, ScanRules(checker), open_file=lambda _: Contents(kind="pdf")).verdict.state == "clear"
    part = scan_file(file, ScanRules(checker), open_file=lambda _: Contents(kind="pdf", whole=False)).verdict
    assert (part.state, part.reason) == ("not-checked", "too-large")
    part = scan_file(file, ScanRules(checker), open_file=lambda _: CONTACT.model_copy(update={"whole": False})).verdict
    assert (part.state, part.reason) == ("danger", "too-large")


@pytest.mark.parametrize("trouble", ["too-large", "failed"])
def test_what_was_not_looked_at_is_not_checked(tmp_path: Path, checker: Checker, trouble: Trouble) -> None:
    def refuse(_: bytes) -> Contents:
        raise NotLookedAt(trouble)

    file = tmp_path / "a.zip"
    file.write_bytes(b"")
    verdict = scan_file(file, ScanRules(checker), open_file=refuse).verdict
    assert (verdict.state, verdict.reason) == ("not-checked", trouble)


@pytest.mark.parametrize(("trouble", "words"), [("absent", "koban[pictures]"), ("damaged", "damaged")])
def test_what_cannot_be_looked_at_is_unusable(tmp_path: Path, checker: Checker, trouble: Trouble, words: str) -> None:
    def refuse(_: bytes) -> Contents:
        raise NotLookedAt(trouble)

    file = tmp_path / "a.png"
    file.write_bytes(b"")
    with pytest.raises(Unusable) as raised:
        scan_file(file, ScanRules(checker), open_file=refuse)
    assert words in str(raised.value)


def test_the_bytes_of_a_file_of_another_name_tell_its_kind(tmp_path: Path, checker: Checker) -> None:
    file = tmp_path / "brief.dat"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    assert scan_file(file, ScanRules(checker), open_file=lambda _: CONTACT).verdict.state == "danger"
    file.write_bytes(b"plain")
    with pytest.raises(Unusable, match=r"unknown type"):
        scan_file(file, ScanRules(checker), open_file=lambda _: CONTACT)


def test_folders_give_their_pictures_and_documents(tmp_path: Path) -> None:
    for name in ("a.png", "b.PDF", "c.docx", "d.mp4"):
        (tmp_path / name).write_bytes(b"")
    inputs = files_under([tmp_path])
    assert [file.name for file in inputs.files] == ["a.png", "b.PDF", "c.docx"]
    assert inputs.others == {".mp4": 1}
