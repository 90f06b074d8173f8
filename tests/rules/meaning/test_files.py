"""What is wrong with the files of models is told without loading them."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from rules.meaning import files
from rules.meaning.files import problems_of, shipped_problems
from rules.meaning.model import FOLDER, UnusableModel


def test_nothing_is_wrong_with_what_ships() -> None:
    assert shipped_problems() == ()


def test_each_model_that_is_missing_or_damaged_is_told(tmp_path: Path) -> None:
    copy(FOLDER / "english.model", tmp_path)
    assert [*map(str, problems_of(tmp_path))] == ["japanese.model: missing", "romance.model: missing"]
    (tmp_path / "japanese.model").write_bytes(b"no model")
    assert [*map(str, problems_of(tmp_path))] == ["japanese.model: damaged", "romance.model: missing"]


@pytest.fixture
def uncached() -> Iterator[None]:
    shipped_problems.cache_clear()
    yield
    shipped_problems.cache_clear()


@pytest.mark.usefixtures("uncached")
def test_a_second_reader_that_cannot_be_used_is_told_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise UnusableModel("encoder.npz", "damaged")

    monkeypatch.setattr(files, "check_encoder", damaged)
    (problem,) = shipped_problems()
    assert (problem.file, problem.fault) == ("encoder.npz", "damaged")
