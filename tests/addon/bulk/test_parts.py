"""Parts of tables: whole or not there."""

from pathlib import Path

import pytest

from addon.bulk.parts import PartWriter
from addon.bulk.tables import PartRows
from tests.addon.bulk.made import read_table


def errors(*reasons: str) -> PartRows:
    part = PartRows()
    for number, reason in enumerate(reasons):
        part.add_error("it's.csv", number, reason)
    return part


def test_parts_appear_together_and_replace_those_before(tmp_path: Path) -> None:
    for reasons in (["first"], ["one", "two\0\u2028"]):
        writer = PartWriter(tmp_path, tmp_path / "w'ork", 3)
        writer.add(errors(reasons[0]))
        writer.add(errors(*reasons[1:]))
        assert read_table_or_none(tmp_path) in (None, ["first"])
        writer.finish()
        writer.close()
        assert read_table_or_none(tmp_path) == reasons
    assert not (tmp_path / "w'ork").exists()
    assert read_table(tmp_path, "texts") == [], "an empty part is a file as well"


def read_table_or_none(folder: Path) -> list[str] | None:
    return [row["reason"] for row in read_table(folder, "errors")] if (folder / "errors").exists() else None


def test_what_an_interrupted_one_left_is_not_written(tmp_path: Path) -> None:
    PartWriter(tmp_path, tmp_path / "work", 3).add(errors("lost"))
    writer = PartWriter(tmp_path, tmp_path / "work", 3)
    writer.add(errors("found"))
    writer.finish()
    assert read_table_or_none(tmp_path) == ["found"]


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = PartWriter(tmp_path, tmp_path / "work", 3)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        writer.finish()
    assert not (tmp_path / "texts").exists() or not list((tmp_path / "texts").iterdir())
