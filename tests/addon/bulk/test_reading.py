"""Rows out of files: the same whatever the form and packing, from any place, and broken ones with their lines."""

import gzip
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from addon.bulk import reading
from addon.bulk.inputs import InputFile, input_file
from addon.bulk.reading import BEGIN, Place, encoding_of, is_sought, records, rows_in_parquet
from addon.judging.scan import Unusable
from tests.addon.bulk.made import FORMS, PACKERS, json_lines, rows, write_table

ROWS = [*rows(20), {**rows(1)[0], "text": 'in "quotes",\nover\n\nlines\t'}, *rows(9)]


def a_file(path: Path) -> InputFile:
    file = input_file(path)
    assert file is not None
    return file


def values_in(file: InputFile, place: Place = BEGIN, number: int | None = None) -> list[Any]:
    return [record.values() for record in records(file, place, rows=number)]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_rows_from_any_place(tmp_path: Path, form: str) -> None:
    file = a_file(write_table(tmp_path, form, ROWS))
    assert is_sought(file)
    assert [{**row, "pay": str(row["pay"]), "at": str(row["at"])[:10]} for row in values_in(file)] == ROWS
    places = [record.place for record in records(file)]
    for at in (0, 1, 20, 21, 29):
        (row,) = values_in(file, places[at], 1)
        assert row["text"] == ROWS[at]["text"]
    assert len(values_in(file, places[21])) == len(ROWS) - 21


@pytest.mark.parametrize("pack", [pack for pack in PACKERS if pack])
def test_packed_files_are_read_from_a_row_on(tmp_path: Path, pack: str) -> None:
    for form in ("jsonl", "csv"):
        file = a_file(write_table(tmp_path, form, ROWS, pack))
        assert not is_sought(file)
        assert [row["id"] for row in values_in(file, Place(28, 28))] == ["7", "8"]


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes('\ufefftext,kind\r\n\r\na,job\r\n"b\nb",job\r\nc,job,more,cells\r\nd,job'.encode())
    found = list(records(a_file(path)))
    assert [record.line for record in found] == [3, 4, 6, 7]
    assert [record.values() for record in found[:2]] == [{"text": "a", "kind": "job"}, {"text": "b\nb", "kind": "job"}]
    with pytest.raises(Unusable, match="4 cells under 2 names"):
        found[2].values()


def test_a_broken_line_is_a_row_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"text": "a"}\n\n{broken\n{"text": "b"}')
    first, broken, last = records(a_file(path))
    assert (first.line, broken.line, last.line) == (1, 3, 4)
    with pytest.raises(Unusable, match="not JSON"):
        broken.values()
    assert last.values() == {"text": "b"}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_line_without_end_takes_no_memory_and_the_next_is_read(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 100)
    path = tmp_path / f"x.{form}"
    row = '{"text": "b"}' if form == "jsonl" else "b"
    path.write_text(f"text\n{'x' * 1_000}\n{row}\n" if form == "csv" else f"{'x' * 1_000}\n{row}\n", "utf-8")
    long, last = records(a_file(path))
    with pytest.raises(Unusable, match="longer than"):
        long.values()
    assert last.values() == {"text": "b"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932", "euc_jp"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_encodings_of_japan_are_read(tmp_path: Path, form: str, encoding: str) -> None:
    path = write_table(tmp_path, form, ROWS)
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    file = a_file(path)
    assert [row["text"] for row in values_in(file)] == [row["text"] for row in ROWS]
    assert is_sought(file) is (encoding != "utf-16")


def test_a_cell_in_another_encoding_is_an_error_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("text\nあいうえお\n".encode() + "直接契約".encode("cp932") + b"\nb\n")
    assert encoding_of(a_file(path)) == "utf-8"
    _, broken, last = records(a_file(path))
    with pytest.raises(Unusable, match="encoding"):
        broken.values()
    assert last.values() == {"text": "b"}


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_file_says_so(tmp_path: Path, form: str) -> None:
    pack = "" if form == "parquet" else ".gz"
    path = write_table(tmp_path, form, ROWS, pack)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(Unusable, match=r"damaged|cannot be read"):
        list(records(a_file(path)))


def test_a_name_with_the_signs_of_patterns_is_a_name(tmp_path: Path) -> None:
    path = write_table(tmp_path / "[a]*", "parquet", ROWS)
    assert rows_in_parquet(a_file(path)) == len(ROWS) == len(values_in(a_file(path)))


def test_of_parquet_only_columns_that_are_asked_for_are_read(tmp_path: Path) -> None:
    file = a_file(write_table(tmp_path, "parquet", ROWS))
    (row,) = islice(records(file, columns=["text", "missing"]), 1)
    assert row.values() == {"text": ROWS[0]["text"]}


def test_a_missing_file_is_named_by_the_system(tmp_path: Path) -> None:
    gone = InputFile(path=str(tmp_path / "gone.jsonl"), form="jsonl")
    with pytest.raises(Unusable, match="No such file"):
        list(records(gone))


def test_nothing_is_a_table_without_rows(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"")
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(json_lines([])))
    assert values_in(a_file(tmp_path / "x.csv")) == values_in(a_file(tmp_path / "x.jsonl.gz")) == []
