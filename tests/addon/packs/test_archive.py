"""Zip files that nobody vouches for yet: bounded, whatever they claim."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from addon.packs import archive
from addon.packs.archive import pack_up, read_bounded, unpack
from addon.packs.manifest import PackRefused

FILES = {"pack.json": b"{}", "rules/catalog/contact/new-lure.yaml": b"title: x\n"}


def zipped(*entries: tuple[zipfile.ZipInfo | str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in entries:
            file.writestr(name, data)
    return buffer.getvalue()


def test_the_same_files_give_the_same_bytes_and_come_out_again() -> None:
    assert pack_up(FILES) == pack_up(dict(reversed(FILES.items())))
    assert unpack(pack_up(FILES)) == FILES


def test_hostile_pack_what_swells_is_stopped_whatever_its_directory_claims() -> None:
    bomb = bytearray(zipped(("tests/clean.jsonl", b"a" * (archive.LARGEST[".jsonl"] + 1))))
    with pytest.raises(PackRefused, match=r"^tests/clean\.jsonl: too large$"):
        unpack(bytes(bomb))
    # The size in the central directory, made small.
    at = bomb.rindex(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(PackRefused):
        unpack(bytes(bomb))


def test_hostile_pack_a_file_that_is_too_large_is_not_shown_by_a_name_that_deceives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The files of a channel's zip have names that nobody has checked yet."""
    monkeypatch.setattr(archive, "LARGEST_OTHER", 1)
    with pytest.raises(PackRefused, match=r"^\?: too large$"):
        unpack(zipped(("\u202epiz", b"12")), check=lambda _: None)


def test_hostile_pack_all_files_together_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    with pytest.raises(PackRefused, match="too large, all its files together"):
        unpack(pack_up({"pack.json": b"123456", "rules/renames.json": b"123456"}))


def test_hostile_pack_all_rules_together_have_a_bound_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading YAML takes the longest of all that a pack holds."""
    monkeypatch.setattr(archive, "MOST_RULES", 10)
    unpack(pack_up({"pack.json": b"1" * 100, "rules/terms/a.yaml": b"12345", "rules/terms/b.yaml": b"12345"}))
    with pytest.raises(PackRefused, match="too large, all its files together"):
        unpack(pack_up({"rules/terms/a.yaml": b"12345", "rules/terms/b.yaml": b"123456"}))


@pytest.mark.parametrize("kind", [0o120000, 0o040000, 0o010000, 0o020000, 0o060000, 0o140000])
def test_hostile_pack_a_link_or_whatever_is_no_regular_file_is_refused(kind: int) -> None:
    link = zipfile.ZipInfo("rules/renames.json")
    link.external_attr = (kind | 0o777) << 16
    with pytest.raises(PackRefused, match="link"):
        unpack(zipped((link, b"/etc/passwd")))


@pytest.mark.parametrize(
    "name",
    [
        *("../x.yaml", "/etc/passwd", "C:/x.yaml", "rules\\catalog\\contact\\x.yaml", "./pack.json", "pack.json\n"),
        *("rules/catalog/../../x.yaml", "rules//sources.yaml", "rules/catalog/contact/ｘ.yaml", "\u202ex.yaml"),
        *("rules/catalog/contact/con.yaml", "tests/pages/aux/job/x/page.html", "replies/com1.json", "a" * 60_000),
    ],
)
def test_hostile_pack_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(PackRefused, match="no such file"):
        unpack(zipped((name, b"x")))


def test_hostile_pack_names_that_some_file_systems_take_for_one_are_refused() -> None:
    with pytest.raises(PackRefused, match="two files"):
        unpack(zipped(("pack.json", b"1"), ("Pack.JSON", b"2")), check=lambda _: None)


def test_hostile_pack_what_is_said_of_a_file_in_one_place_alone_is_refused() -> None:
    """Its name, its sum and how it is packed stand in the directory, and once more before its bytes."""
    whole = zipped(("pack.json", b"{}"), ("rules/renames.json", b"{}"))
    at = whole.index(b"PK\1\2")
    for place, value in ((8, b"\1\0"), (10, b"\x63\0"), (16, bytes(4))):
        with pytest.raises(PackRefused):
            unpack(whole[: at + place] + value + whole[at + place + len(value) :])
    with pytest.raises(PackRefused, match="not a readable zip"):
        unpack(whole.replace(b"pack.json", b"rack.json", 1))


def test_hostile_pack_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("pack.json", b"1"), ("pack.json", b"2"))
    with pytest.raises(PackRefused, match="two files"):
        unpack(data)


@pytest.mark.parametrize("data", [b"", b"no zip", pack_up(FILES)[:-30], zipped(("pack.json", b"x"), compression=14)])
def test_hostile_pack_what_is_no_plain_zip_is_refused(data: bytes) -> None:
    with pytest.raises(PackRefused):
        unpack(data)


def test_hostile_pack_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 1)
    with pytest.raises(PackRefused, match="too many"):
        unpack(pack_up(FILES))


@pytest.mark.parametrize("comment", [b"", b"PK\5\6" + bytes(18)])
def test_hostile_pack_a_directory_of_half_a_million_files_is_not_even_read(comment: bytes) -> None:
    """24 MB of it took 280 MB of memory and half a minute before its files could be counted."""
    entry = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, *[0] * 8, 1, *[0] * 6) + b"a"
    directory = entry * 30_000
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 30_000, 30_000, len(directory), 0, len(comment))
    with pytest.raises(PackRefused, match="too many files"):
        unpack(directory + end + comment)


@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_hostile_pack_a_second_end_does_not_bring_such_a_directory_either(comment: bytes) -> None:
    """The end of zip64, which zipfile believes also where the first one says that it is not needed."""
    directory = (b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, *[0] * 8, 1, *[0] * 6) + b"a") * 30_000
    end_64 = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 30_000, 30_000, len(directory), 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, len(directory), 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 47, 0, len(comment))
    data = directory + end_64 + locator + end + comment
    with zipfile.ZipFile(io.BytesIO(data)) as believed:
        assert len(believed.infolist()) == 30_000
    with pytest.raises(PackRefused, match="not a readable zip"):
        unpack(data)


def test_hostile_pack_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "koban-rules-1.zip"
    with path.open("wb") as file:
        file.truncate(200_000_000_000)
    with pytest.raises(PackRefused, match=r"^koban-rules-1\.zip: too large$"):
        read_bounded(path)
