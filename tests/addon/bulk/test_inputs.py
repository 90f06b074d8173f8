"""Which files a table is."""

from pathlib import Path

import pytest

from addon.bulk.inputs import input_file, input_files
from addon.judging.scan import Unusable


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_folders_patterns_and_files_are_read_each_file_once(tmp_path: Path) -> None:
    touch(tmp_path, "b/x.jsonl.gz", "a.parquet", "b/y.csv", "b/.hidden/z.csv", "b/_log.csv", "notes.txt")
    files = input_files([str(tmp_path), str(tmp_path / "**/*.csv"), str(tmp_path / "a.parquet")])
    names = [Path(file.path).relative_to(tmp_path).as_posix() for file in files]
    assert names == ["a.parquet", "b/_log.csv", "b/x.jsonl.gz", "b/y.csv"], "a pattern takes what a folder passes over"


@pytest.mark.parametrize(
    ("name", "form", "packing"),
    [
        ("A.JSONL", "jsonl", None),
        ("a.ndjson.zst", "jsonl", "zst"),
        ("a.tsv.xz", "tsv", "xz"),
        ("a.pq", "parquet", None),
    ],
)
def test_the_ends_of_a_name_are_its_form_and_packing(name: str, form: str, packing: str | None) -> None:
    file = input_file(Path(name))
    assert file is not None
    assert (file.form, file.packing) == (form, packing)


@pytest.mark.parametrize("name", ["a.parquet.gz", "a.txt", "a", "a.gz"])
def test_others_are_of_no_form(name: str) -> None:
    assert input_file(Path(name)) is None


@pytest.mark.parametrize("place", ["missing.csv", "*.csv", ".", "notes.txt"])
def test_a_place_without_a_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    touch(tmp_path, "notes.txt")
    with pytest.raises(Unusable, match=r"notes\.txt|file here"):
        input_files([place])
