"""What differs between two archives is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bundle.alike import differences, main
from bundle.build import tar, zipped


def archive(folder: Path, pack: Callable[[Path, Path], None], **files: str) -> Path:
    (folder / "koban").mkdir(parents=True)
    for name, text in files.items():
        (folder / "koban" / name).write_text(text, "utf-8")
    path = folder / ("a.zip" if pack is zipped else "a.tar.gz")
    pack(folder / "koban", path)
    return path


@pytest.mark.parametrize("pack", [tar, zipped])
def test_reach_02_what_differs_between_two_archives_is_named(
    tmp_path: Path, pack: Callable[[Path, Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    first = archive(tmp_path / "1", pack, koban="x", notes="of one machine", only="here")
    alike = archive(tmp_path / "2", pack, koban="x", notes="of one machine", only="here")
    other = archive(tmp_path / "3", pack, koban="x", notes="of another", there="only")
    assert differences(first, alike) == []
    assert main([str(first), str(alike)]) == 0
    assert main([str(first), str(other)]) == 1
    assert capsys.readouterr().out.split() == ["koban/notes", "koban/only", "koban/there"]


def test_reach_02_the_same_files_packed_otherwise_are_not_alike(tmp_path: Path) -> None:
    first = archive(tmp_path / "1", tar, koban="x")
    second = archive(tmp_path / "2", tar, koban="x")
    second.write_bytes(second.read_bytes() + b"\0" * 10)
    assert differences(first, second) == ["(the same files, in another order or packed otherwise)"]


def test_reach_02_a_program_that_can_no_longer_be_run_differs(tmp_path: Path) -> None:
    first = archive(tmp_path / "1", tar, koban="x")
    (tmp_path / "1/koban/koban").chmod(0o755)
    tar(tmp_path / "1/koban", tmp_path / "b.tar.gz")
    assert differences(first, tmp_path / "b.tar.gz") == ["koban/koban"]
