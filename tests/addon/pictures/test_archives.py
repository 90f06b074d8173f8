"""Archives are listed and streamed, within bounds."""

import pytest

from addon.pictures.archives import NotAnArchive, Usage, open_archive, xml_lines, xml_links
from addon.pictures.bounds import Bounds
from tests.addon.pictures.drawn import letter, packed


def opened(data: bytes, bounds: Bounds | None = None) -> tuple[object, Usage]:
    spent = Usage(bounds or Bounds())
    return open_archive(data, spent, suffixes=(".png",), most_inner=2), spent


def test_the_text_of_a_letter_is_a_line_a_paragraph() -> None:
    spent = Usage(Bounds())
    archive = open_archive(letter("LINE ID: abc_1", "二行目"), spent, suffixes=(), most_inner=0)
    assert (archive.kind, archive.lines, spent.cut) == ("docx", ["LINE ID: abc_1", "二行目"], False)


def test_cells_of_a_table_are_kept_apart() -> None:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>' + (
        b'<c t="inlineStr"><is><t>tel</t></is></c><c t="inlineStr"><is><t>03-1234-5678</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    spent = Usage(Bounds())
    archive = open_archive(
        packed({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": sheet}), spent, suffixes=(), most_inner=0
    )
    assert (archive.kind, archive.lines) == ("xlsx", ["tel", "03-1234-5678"])


def test_outside_addresses_and_macros_are_named() -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship TargetMode="External" Target="https://lin.ee/abc"/>'
        b'<Relationship Target="styles.xml"/></Relationships>'
    )
    data = letter("x", extra={"word/_rels/document.xml.rels": relations, "word/vbaProject.bin": b"\0"})
    archive = open_archive(data, Usage(Bounds()), suffixes=(), most_inner=0)
    assert ([link.url for link in archive.links], archive.macros) == (["https://lin.ee/abc"], True)


def test_a_swollen_entry_is_left_in_the_middle() -> None:
    body = b"<p><t>" + b"a" * 30_000_000 + b"</t></p>"
    data = letter("before", extra={"word/footnotes.xml": body})
    assert len(data) < 200_000
    _, spent = opened(data)
    assert spent.cut
    assert spent.unpacked_bytes < len(data) * 210


def test_all_entries_together_are_bounded() -> None:
    data = packed({f"{number}.png": b"\0" * 900_000 for number in range(4)})
    archive = open_archive(data, spent := Usage(Bounds(unpacked_bytes=1_500_000)), suffixes=(".png",), most_inner=9)
    assert spent.cut
    assert len(archive.names) == 4, "listed all the same"
    _, spent = opened(packed({str(number): b"" for number in range(20)}), Bounds(entries=10))
    assert spent.cut


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    hostile = (
        b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
        b"<w><p><t>safe</t></p><p><t>&c;&f;</t></p></w>"
    )
    assert xml_lines(iter([hostile]), Usage(Bounds())) == ["safe"]


def test_deep_nesting_ends_the_reading() -> None:
    spent = Usage(Bounds())
    xml_lines(iter([b"<p>" * 100_000]), spent)
    assert spent.cut


def test_a_namespace_with_a_brace_in_it_hides_nothing() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><g xmlns="a}b"><text>x</text></g>'
        b"<a href='https://t.me/abc'><text>LINE ID: abc_1</text></a></svg>"
    )
    assert xml_lines(iter([svg]), Usage(Bounds())) == ["LINE ID: abc_1"]
    assert [link.url for link in xml_links(iter([svg]), Usage(Bounds()))] == ["https://t.me/abc"]


def test_drawn_text_of_svg_has_its_parts_in_order() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">'
        b"<text>ID: <tspan>abc</tspan>_1</text><a x:href='https://t.me/abc'><text>chat</text></a></svg>"
    )
    assert xml_lines(iter([svg]), Usage(Bounds())) == ["ID: abc_1", "chat"]
    assert [link.url for link in xml_links(iter([svg]), Usage(Bounds()))] == ["https://t.me/abc"]


def test_a_damaged_archive_is_none() -> None:
    with pytest.raises(NotAnArchive):
        opened(letter("x")[:60])
